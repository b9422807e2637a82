"""
Files that have to be on this machine, uncompressed: some formats are read from their end.

A plain local file is used where it is. What is remote, or compressed as a whole (`report.pdf.gz`),
is copied to a temporary file first, and never beyond what `Budget` allows.
"""

from __future__ import annotations

import re
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    MIB,
    Budget,
    Input,
    ReadOptions,
    from_system,
)
from seimai.pipeline.ingest.sources.streams import compression, open_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_KEPT = 256 * MIB
"""Bytes that are read before a library sees them; of more the first may be gone by then."""
_ENDINGS = re.compile(r"(?:\.[A-Za-z0-9]{1,10}){1,2}\Z")


def ending_of(name: str) -> str:
    """The endings of a file name that tell its format, safe to append to another name."""
    match = _ENDINGS.search(name)
    return match[0] if match else ""


def write_down(pieces: IO[bytes], path: Path, budget: Budget) -> int:
    """
    Copy a stream to a file; how many bytes it was.

    `Broken` comes through. A full disk is not the file's fault: it is the problem O001.
    """
    size = 0
    with path.open("wb") as file:
        while piece := pieces.read(MIB):
            budget.spend(len(piece))
            size += len(piece)
            try:
                file.write(piece)
            except OSError as error:
                raise Problem("O001", path="TMPDIR", cause=error.strerror) from error
    return size


def first_bytes(source: Input) -> bytes:
    """The beginning of a file as it is stored, b"" where not even that can be had."""
    try:
        with source.open_raw() as raw:
            return raw.read(FIRST_BYTES)
    except OSError:
        return b""


@contextmanager
def on_disk(source: Input, options: ReadOptions, budget: Budget | None = None) -> Iterator[Path]:
    """
    A local path with the bytes of an input, uncompressed.

    Raises `Broken` for what cannot be copied, or cannot be read to its end: many libraries take an
    error of the disk for damage of what they parse, and damage is never tried again.
    """
    if "://" not in source.path and not _is_packed(source):
        _read_through(source)
        yield Path(source.path)
        return
    with tempfile.TemporaryDirectory(prefix="seimai-") as folder:
        path = Path(folder, f"file{ending_of(source.path.partition('?')[0])}")
        with closing(open_stream(source, options.limits)) as stream:
            write_down(stream, path, budget or Budget(source.size, options))
        yield path


def _read_through(source: Input) -> None:
    """Read all of a file that the system keeps in memory then."""
    left = MOST_KEPT
    try:
        with source.open_raw() as raw:
            while left > 0 and (piece := raw.read(MIB)):
                left -= len(piece)
    except OSError as error:
        raise from_system(error) from error


def _is_packed(source: Input) -> bool:
    try:
        with source.open_raw() as raw:
            return compression(raw.read(64)) is not None
    except OSError as error:
        raise from_system(error) from error
