"""
Hugging Face `datasets`: folders that `save_to_disk` wrote, and names on the hub, streamed.

The only home of that library here. Code that comes with a data set is never run:
`trust_remote_code` is not passed, and versions of the library from 4.0 on cannot do it at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Input,
    Items,
    ReadOptions,
    Unreadable,
    from_system,
    unreadable,
)
from seimai.pipeline.ingest.fields import find_text_column, listed, shaper
from seimai.pipeline.ingest.find import HUB

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDIA_TYPE = "application/vnd.apache.arrow.stream"


def read_datasets(source: Input, options: ReadOptions) -> Items:
    """
    Documents of a saved data set or of `hf://datasets/NAME?config=…&split=…`.

    Without `split` every split is read, in order of their names; `place` is `row N` within
    `SPLIT/`. A faulty download ends with one `Unreadable`; the rows before it are given.
    """
    try:
        import datasets
    except ImportError as error:
        raise Problem(
            "E001", what="Hugging Face datasets", package="datasets", install="datasets"
        ) from error
    place = ""
    try:
        for split, rows in _splits(datasets, source.path):
            before = f"{split}/" if split else ""
            place = before
            columns = list(rows.features) if rows.features else list(next(iter(rows), {}))
            if find_text_column(columns, options) is None:
                wanted = f"“{options.text}”" if options.text else "of the usual names"
                detail = f"no text column {wanted}; there are {listed(columns)}"
                yield Unreadable(before, "no_text_column", detail)
                continue
            shape = shaper(options, MEDIA_TYPE)
            for row, record in enumerate(rows):
                place = f"{before}row {row}"
                yield shape(dict(record), place)
    except OSError as error:
        yield unreadable(place, from_system(error))
    except Exception as error:  # noqa: BLE001 - the library raises what its many loaders raise
        detail = f"{type(error).__name__}: {error}".splitlines()[0][:FIRST_BYTES]
        yield Unreadable(place, "damaged", f"the data set cannot be read on: {detail}")


def _splits(datasets: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Pairs of a split's name ("" for a saved single data set) and its rows."""
    if path.startswith(HUB):
        name, _, query = path.removeprefix(HUB).partition("?")
        asked = {key: values[-1] for key, values in parse_qs(query).items()}
        loaded = datasets.load_dataset(
            name.strip("/"),
            asked.get("config"),
            split=asked.get("split"),
            revision=asked.get("revision"),
            streaming=True,
        )
    else:
        loaded = datasets.load_from_disk(path)
    if isinstance(loaded, dict):
        for split in sorted(loaded):
            yield split, loaded[split]
    else:
        yield "", loaded
