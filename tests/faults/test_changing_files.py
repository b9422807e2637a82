"""Files that change, vanish or refuse while they are read: records or a reason, always."""

from __future__ import annotations

import builtins
import errno
import io
from pathlib import Path
from typing import IO

import pytest

from seimai.pipeline.ingest import Document, Input, Unreadable, read
from tests.fuzz.seeds import MADE, seeds
from tests.fuzz.target import OPTIONS, check_items

READERS = sorted(MADE.keys() - {"sql", "datasets"})
PACKAGES = {"warc": "fastwarc", "7z": "py7zr", "pdf": "pypdfium2", "markdown": "markdown_it",
            **dict.fromkeys(("doc", "xls", "ppt", "msg", "ole"), "olefile")}  # fmt: skip

LONG = 1_500_000
"""Bytes of a file of records: more than is read at a time."""

CHANGES = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 3]),
    "emptied": lambda path: path.write_bytes(b""),
    "grown": lambda path: path.write_bytes(path.read_bytes() * 3),
    "replaced": lambda path: path.write_bytes(b"\xff" * path.stat().st_size),
    "gone": lambda path: path.unlink(),
}


def written(reader: str, folder: Path) -> Input:
    """A whole file of a format, long enough not to be read in one piece where that can be."""
    pytest.importorskip(PACKAGES.get(reader, "seimai"))
    _, name, data = seeds(reader)[0]
    if reader in {"jsonl", "mbox", "csv"}:
        data *= LONG // len(data)
    path = folder / name
    path.write_bytes(data)
    return Input(str(path), name, len(data), format=reader)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("reader", READERS)
def test_a_file_may_change_while_it_is_read(reader: str, change: str, tmp_path: Path):
    """What had been read holds, and the rest is read, or told, as it is by then."""
    source = written(reader, tmp_path)
    items = read(source, OPTIONS)
    found = [next(items)]
    CHANGES[change](Path(source.path))
    found += items
    check_items(found, tmp_path)


@pytest.mark.parametrize("reader", READERS)
def test_a_file_may_change_after_it_was_found(reader: str, tmp_path: Path):
    """A file that is shorter than it was, or gone, gives an item, and no other file suffers."""
    source = written(reader, tmp_path)
    for change in ("cut", "gone"):
        CHANGES[change](Path(source.path))
        found = list(read(source, OPTIONS))
        check_items(found, tmp_path)

        assert found
    assert {"missing"} == {one.cause for one in found if isinstance(one, Unreadable)}


@pytest.mark.parametrize("wanted", [PermissionError, OSError])
@pytest.mark.parametrize("reader", READERS)
def test_what_the_system_refuses_is_one_record(
    reader: str, wanted: type[OSError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A file that may not be opened is told with the reason, whoever runs the tests."""
    source = written(reader, tmp_path)
    usual = open

    def refuse(file: object, *rest: object, **more: object) -> object:
        if str(file) == source.path:
            raise wanted(errno.EACCES if wanted is PermissionError else errno.EIO, "no")
        return usual(file, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr(io, "open", refuse)
    [item] = read(source, OPTIONS)

    assert isinstance(item, Unreadable)
    assert ("permission" if wanted is PermissionError else "io") == item.cause


@pytest.mark.parametrize("reader", ["jsonl", "csv", "mbox", "json", "text", "html", "mediawiki"])
def test_a_disk_that_fails_in_the_middle_costs_the_rest(
    reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """An error of the system after some bytes is told once, after what came before it."""
    source = written(reader, tmp_path)
    stored = Path(source.path).read_bytes()

    class Failing(io.BytesIO):
        """A file with a bad block in its second half."""

        def read(self, size: int | None = -1, /) -> bytes:
            """The bytes of the first half, then an error."""
            if self.tell() >= len(stored) // 2:
                raise OSError(errno.EIO, "Input/output error")
            return super().read(min(size or -1, len(stored) // 2 - self.tell()))

    usual = Input.open_raw

    def open_raw(one: Input) -> IO[bytes]:
        # Attachments are inputs too, and lie elsewhere.
        return Failing(stored) if one.path == source.path else usual(one)

    monkeypatch.setattr(Input, "open_raw", open_raw)
    *found, last = read(source, OPTIONS)
    check_items([*found, last], tmp_path)

    assert isinstance(last, Unreadable)
    assert "io" == last.cause
    assert reader not in {"jsonl", "csv", "mbox"} or any(isinstance(one, Document) for one in found)
