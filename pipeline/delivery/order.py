"""The order of a mix: which text comes when, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from seimai.pipeline.delivery.draw import Counts
from seimai.pipeline.delivery.stock import Stock


@dataclass(frozen=True)
class Order:
    """Which text comes when: arrays of one entry for each, in the order of training."""

    stocks: list[Stock]
    which: Counts
    """The index of the stock that each text is of."""
    row: Counts
    """The row of each text in its stock."""
    sequence: Counts
    """The row of each text in `train.idx` of its stock."""
    tokens: Counts


def names_of(order: Order, part: slice) -> pa.Array:
    """The ids of some texts of a mix."""
    which, row = order.which[part], order.row[part]
    place = np.zeros(which.size, np.int64)
    found = []
    count = 0
    for k, stock in enumerate(order.stocks):
        mine = np.flatnonzero(which == k)
        found.append(stock.ids.take(pa.array(row[mine])))
        place[mine] = count + np.arange(mine.size)
        count += mine.size
    return pa.concat_arrays(found).take(pa.array(place))
