"""
Labels: which texts somebody would keep, from a column of the data or from a file.

`keep` and `drop` (or good and bad, 1 and 0, 採用 and 除外) count; any other label, such as
`borderline`, belongs to neither side.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.stored import column_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Flags
    from seimai.pipeline.inspect.stored import Stored

KEEP = frozenset({"keep", "kept", "good", "ok", "yes", "true", "1", "1.0", "採用", "残す", "良"})
DROP = frozenset(
    {"drop", "reject", "rejected", "bad", "no", "false", "0", "0.0", "除外", "捨てる", "悪"}
)
GROUPED_BY = ("kind", "genre")
"""Columns by which figures are split, where the labelled data has them."""

NO_LABEL = -1


@dataclass(frozen=True)
class Labels:
    """What is known of the texts besides their numbers; one entry per text."""

    keep: NDArray[np.int8]
    """1 for a text to keep, 0 for one to drop, -1 where no label says so."""
    groups: dict[str, list[str | None]]
    """For each of these columns the value of every text."""

    @property
    def good(self) -> Flags:
        """Which texts are labelled to keep, as flags."""
        flags: Flags = self.keep == 1
        return flags

    @property
    def bad(self) -> Flags:
        """Which texts are labelled to drop, as flags."""
        flags: Flags = self.keep == 0
        return flags


def labels_of(
    stored: Stored, file: Path | None = None, column: str = "label", by: Sequence[str] = ()
) -> Labels:
    """
    The labels of a run's texts: `column` of the user's data, or of a file with ids and labels.

    `by` names the columns to split figures by; without it those of `GROUPED_BY` that are there.
    """
    ids = column_of(stored, "id")
    extra = [json.loads(one) if one else {} for one in column_of(stored, "extra")]
    if file is not None:
        rows = _rows(file)
        extra = [{**known, **rows.get(one, {})} for one, known in zip(ids, extra, strict=True)]
        if not any(one in rows and column in rows[one] for one in ids):
            raise Problem("U031", path=str(file), column=column)
    keep = np.array([_side(one.get(column)) for one in extra], np.int8)
    groups = {}
    for name in by or GROUPED_BY:
        values = (
            column_of(stored, "source") if name == "source" else [one.get(name) for one in extra]
        )
        if any(value is not None for value in values):
            groups[name] = [None if value is None else str(value) for value in values]
        elif by:
            raise Problem("U032", column=name)
    return Labels(keep, groups)


def _side(label: Any) -> int:
    said = str(label).strip().lower()
    return 1 if said in KEEP else 0 if said in DROP else NO_LABEL


def _rows(path: Path) -> dict[str, dict[str, Any]]:
    """The rows of a JSONL, CSV or TSV file by their `id`."""
    try:
        text = path.read_text("utf-8-sig")
        if path.suffix in (".csv", ".tsv"):
            delimiter = "\t" if path.suffix == ".tsv" else ","
            found: list[Any] = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
        else:
            found = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (OSError, ValueError, csv.Error) as error:
        raise Problem("U033", path=str(path), cause=str(error)) from error
    if not all(isinstance(row, Mapping) and "id" in row for row in found):
        raise Problem("U033", path=str(path), cause="id")
    return {str(row["id"]): dict(row) for row in found}
