"""
Hugging Face `datasets`: folders that `save_to_disk` wrote, and names on the hub, streamed.

The only home of that library here, and only for what is streamed: of a saved folder it maps the
Arrow files into memory unchecked, and a damaged one ends the process. Those are read by
`columnar.py`. Code that comes with a data set is never run: `trust_remote_code` is not passed, and
versions of the library from 4.0 on cannot do it at all.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

import orjson

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Document,
    Input,
    Items,
    ReadOptions,
    Unreadable,
    from_system,
    unreadable,
)
from seimai.pipeline.ingest.one_record import careful
from seimai.pipeline.ingest.records.columnar import read_arrow
from seimai.pipeline.ingest.records.fields import (
    find_text_columns,
    longest_column,
    shaper,
    without_columns,
)
from seimai.pipeline.ingest.sources.find import HUB

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDIA_TYPE = "application/vnd.apache.arrow.stream"
ROW = "row "


def read_datasets(source: Input, options: ReadOptions) -> Items:
    """
    Documents of a saved data set or of `hf://datasets/NAME?config=…&split=…`.

    Without `split` every split is read, in order of their names; `place` is `row N` within
    `SPLIT/`. A faulty download ends with one `Unreadable`; the rows before it are given. A faulty
    file of a saved data set costs its own rows.
    """
    if source.path.startswith(HUB):
        return _streamed(source, options)
    return _saved(Path(source.path), options)


def at_revision(source: Input) -> Input:
    """
    A name on the hub with the revision that it stands for now, as its `version` and in its path.

    Without a `version` where the hub does not say; reading will tell why.
    """
    name, _, query = source.path.removeprefix(HUB).partition("?")
    asked = {key: values[-1] for key, values in parse_qs(query).items()}
    try:
        from huggingface_hub import HfApi

        found = HfApi().dataset_info(name.strip("/"), revision=asked.get("revision"), timeout=60)
    except Exception:  # noqa: BLE001 - without a net, with a copy in the cache: it is read from there
        return source
    if not found.sha:
        return source
    path = f"{HUB}{name}?{urlencode({**asked, 'revision': found.sha})}"
    return replace(source, path=path, version=found.sha)


def _saved(folder: Path, options: ReadOptions) -> Items:
    """The rows of a folder that `save_to_disk` wrote: one data set, or a folder for each split."""
    try:
        if not (folder / "dataset_dict.json").is_file():
            yield from _saved_split(folder, "", options)
            return
        for split in sorted(_said(folder / "dataset_dict.json", "splits")):
            yield from _saved_split(folder / split, f"{split}/", options)
    except OSError as error:
        yield unreadable("", from_system(error))
    except ValueError as error:
        yield Unreadable("", "damaged", f"the data set does not list its files: {error}")


def _saved_split(folder: Path, before: str, options: ReadOptions) -> Items:
    row = 0
    for name in _said(folder / "state.json", "_data_files", "filename"):
        path, last = folder / name, row
        for item in read_arrow(Input(str(path), name), options):
            here = row
            if item.place.startswith(ROW):
                here += int(item.place.removeprefix(ROW))
            whole = isinstance(item, Unreadable) and item.cause == "no_text_column"
            yield replace(item, place=before if whole else f"{before}{ROW}{here}")
            if whole:
                return
            last = here + isinstance(item, Document)
        row = last


def _said(path: Path, name: str, inner: str = "") -> list[str]:
    """The names in a JSON file of a saved data set; `ValueError` where they are none of its own."""
    content = orjson.loads(path.read_bytes())
    found = content.get(name) if isinstance(content, dict) else None
    names = [one.get(inner) if inner and isinstance(one, dict) else one for one in found or []]
    own = [one for one in names if isinstance(one, str) and Path(one).name == one]
    if not own or len(own) < len(names):
        raise ValueError(f"no names in “{name}” of {path.name}")
    return own


def _streamed(source: Input, options: ReadOptions) -> Items:
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
            if not find_text_columns(columns, options):
                detail = without_columns(columns, options, longest_column(next(iter(rows), {})))
                yield Unreadable(before, "no_text_column", detail)
                continue
            shape = careful(shaper(options, MEDIA_TYPE))
            for row, record in enumerate(rows):
                place = f"{before}{ROW}{row}"
                yield shape(dict(record), place)
    except OSError as error:
        yield replace(unreadable(place, from_system(error)), rest=True)
    except Problem:
        raise
    except Exception as error:  # noqa: BLE001 - the library raises what its many loaders raise
        said = f"{type(error).__name__}: {error}".splitlines()[0][:FIRST_BYTES]
        detail = f"the data set cannot be read further: {said}"
        yield Unreadable(place, "damaged", detail, rest=True)


def _splits(datasets: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Pairs of a split's name ("" for a single one) and its rows."""
    name, _, query = path.removeprefix(HUB).partition("?")
    asked = {key: values[-1] for key, values in parse_qs(query).items()}
    loaded = datasets.load_dataset(
        name.strip("/"),
        asked.get("config"),
        split=asked.get("split"),
        revision=asked.get("revision"),
        streaming=True,
    )
    if isinstance(loaded, dict):
        for split in sorted(loaded):
            yield split, loaded[split]
    else:
        yield "", loaded
