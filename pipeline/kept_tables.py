"""
Kept tables: arrays that take longer to make than to read, made once on a machine.

A table of all folds or the trie of a word list takes a tenth of a second and more to make, in
every process of a run. As Python keeps the bytecode of a module, such arrays are kept in a folder
beside the code (or in the one of the kernels, where `NUMBA_CACHE_DIR` names it). The name of a
file holds a digest of everything that its arrays were made of, so what has changed is made anew.
Where the folder cannot be written nothing is kept, and arrays are made each time.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import orjson
import xxhash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

_LAYOUT = "1"
"""Part of every digest: raised when files are laid out otherwise."""

_LINE = 64
"""Arrays begin at multiples of this many bytes: a line of the cache, and what vectors like."""

_ENDING = ".tables"


def kept(
    name: str, made_of: Iterable[str | Path], make: Callable[[], Sequence[NDArray[Any]]]
) -> list[NDArray[Any]]:
    """
    The arrays that `make` gives: those that are kept, or new ones, which are kept from then on.

    `made_of` is all that decides them: words, and the files of the source code that makes them.
    The version of Python and its Unicode tables count in any case. The arrays may be written to;
    that changes nothing for others.

    >>> [table.tolist() for table in kept("example", ["1 2"], lambda: [np.array([1, 2])])]
    [[1, 2]]
    """
    try:
        path = _folder() / f"{name}-{_digest(made_of)}{_ENDING}"
    except OSError:  # the source code is not in files
        return list(make())
    found = _read(path)
    if found is None:
        found = [np.ascontiguousarray(table) for table in make()]
        with contextlib.suppress(OSError):
            _write(path, found)
            _remove_older(path, name)
    return found


def _folder() -> Path:
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    return Path(chosen) if chosen else Path(__file__).parent / "__pycache__"


def _digest(made_of: Iterable[str | Path]) -> str:
    digest = xxhash.xxh3_128()
    for part in (_LAYOUT, sys.version, unicodedata.unidata_version, *made_of):
        data = (
            part.read_bytes() if isinstance(part, Path) else part.encode("utf-8", "surrogatepass")
        )
        # With its length, so that no two lists of parts look the same.
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


def _head(tables: Sequence[NDArray[Any]]) -> bytes:
    """The first line of a file: kind, shape and place of each array, and blanks up to the first."""
    listed, at = [], 0
    for table in tables:
        listed.append([table.dtype.str, list(table.shape), at])
        at += -(-table.nbytes // _LINE) * _LINE
    head = orjson.dumps({"arrays": listed, "bytes": at})
    return head + b" " * (-(len(head) + 1) % _LINE) + b"\n"


def _write(path: Path, tables: Sequence[NDArray[Any]]) -> None:
    """Write a file that others see only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            at = file.write(_head(tables))
            for table in tables:
                _write_sparsely(file, at, table.tobytes())
                at += -(-table.nbytes // _LINE) * _LINE
            file.truncate(at)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _write_sparsely(file: BinaryIO, at: int, data: bytes) -> None:
    """Write at a place, and leave out pages of zeros: a trie is mostly these, and takes no room."""
    for begin in range(0, len(data), mmap.PAGESIZE):
        page = data[begin : begin + mmap.PAGESIZE]
        if any(page):
            file.seek(at + begin)
            file.write(page)


def _read(path: Path) -> list[NDArray[Any]] | None:
    """The arrays of a file, not copied into memory; None where it is missing or not whole."""
    try:
        with path.open("rb") as file:
            head = file.readline()
            content = orjson.loads(head)
            whole = len(head) + content["bytes"]
            if os.fstat(file.fileno()).st_size != whole:
                return None
            data = mmap.mmap(file.fileno(), whole, access=mmap.ACCESS_COPY)
    except (OSError, ValueError):
        return None
    return [
        np.frombuffer(data, kind, int(np.prod(shape)), len(head) + at).reshape(shape)
        for kind, shape, at in content["arrays"]
    ]


def _remove_older(path: Path, name: str) -> None:
    """Remove what is kept under the same name and was made of something else."""
    for other in path.parent.glob(f"{name}-*{_ENDING}"):
        if other != path:
            other.unlink(missing_ok=True)
