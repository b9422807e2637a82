"""
Lists of hosts and addresses, millions of entries long, as sorted hashes in a mapped file.

Plain lists (a host, domain, top-level domain or address a line), hosts files, the domain rules of
ad blockers, and the folders of UT1 (`domains`, `urls`) are read. An entry is eight bytes: of ten
million entries and a hundred million lookups, one is wrong with a chance of 0.00005.
"""

from __future__ import annotations

import bz2
import glob
import gzip
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from seimai.pipeline.errors import Problem
from seimai.pipeline.provenance.addresses import host_and_path, listed_under

VERSION = 1
"""Raised when the same list would have other entries than before."""

UT1 = ("domains", "urls")
"""The files of a category of UT1, in its folder."""

NO_HOSTS = frozenset(
    ("localhost", "localhost.localdomain", "broadcasthost", "local", "ip6-localhost")
)
"""What hosts files name besides the hosts that they are about."""

_BLOCK = 1 << 20


def files_of(patterns: Sequence[str]) -> list[Path]:
    """The files of a list in order; of a folder those that UT1 has, else all."""
    found: list[Path] = []
    for pattern in patterns:
        paths = sorted(map(Path, glob.glob(pattern, recursive=True)))  # noqa: PTH207 - absolute
        if not paths:
            raise Problem("C004", path=pattern)
        for path in paths:
            if path.is_dir():
                inside = [path / name for name in UT1 if (path / name).is_file()]
                found += inside or sorted(one for one in path.rglob("*") if one.is_file())
            else:
                found.append(path)
    return found


def digest_of(patterns: Sequence[str]) -> str:
    """The digest of the bytes of a list."""
    state = xxhash.xxh3_128(str(VERSION).encode())
    for path in files_of(patterns):
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                state.update(block)
        state.update(b"\0")
    return state.hexdigest()


def entries(lines: Iterable[str]) -> Iterator[str]:
    """
    The entries of a list in one spelling, from whatever kinds of lines it has.

    >>> list(entries(["# a list", "0.0.0.0 ads.example.jp", "||例え.jp^", "*.example.com", ".cn"]))
    ['ads.example.jp', 'xn--r8jz45g.jp', 'example.com', 'cn']
    """
    for line in lines:
        words = line.partition("#")[0].split()
        if not words or words[0].startswith(("!", "[")):
            continue
        if len(words) > 1 and (words[0][0].isdigit() or ":" in words[0]):
            words = [word for word in words[1:] if word not in NO_HOSTS]
        else:
            words = words[:1]
        for word in words:
            bare = word.removeprefix("||").partition("^")[0].removeprefix("*").removeprefix(".")
            host, path = host_and_path(bare)
            if host:
                yield f"{host}/{path}" if path else host


def _lines(path: Path) -> Iterator[bytes]:
    opens: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open}
    with opens.get(path.suffix, open)(path, "rb") as file:
        yield from file


def hash_of(entry: str) -> int:
    """The eight bytes by which an entry is known."""
    return xxhash.xxh3_64_intdigest(entry.encode())


_PLAIN = re.compile(rb"(?:(?:0\.0\.0\.0|127\.0\.0\.1)[ \t]+)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)\s*")
"""A line that is a host in its one spelling already, as nearly all lines of long lists are."""


def hashes_of(lines: Iterable[bytes]) -> Iterator[int]:
    """
    The hash of every entry of some lines; what `entries` gives, and quicker where it can be.

    >>> hash_of("example.jp") in hashes_of([b"0.0.0.0 localhost", b"127.0.0.1 example.jp"])
    True
    """
    for line in lines:
        plain = _PLAIN.fullmatch(line)
        if plain and (plain.start(1) == 0 or plain[1].decode() not in NO_HOSTS):
            yield xxhash.xxh3_64_intdigest(plain[1])
        else:
            yield from map(hash_of, entries([line.decode("utf-8", "replace")]))


def build(patterns: Sequence[str]) -> NDArray[np.uint64]:
    """The hashes of all entries of a list, sorted."""
    found = (hash_ for path in files_of(patterns) for hash_ in hashes_of(_lines(path)))
    return np.unique(np.fromiter(found, np.uint64))


@lru_cache(maxsize=16)
def mapped(patterns: tuple[str, ...], digest: str, folder: Path) -> NDArray[np.uint64]:
    """The sorted hashes, mapped from a file in `folder` that is made where it is not there."""
    path = folder / f"{digest}.npy"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        # Several workers may come here at once; the last one to rename wins, with the same bytes.
        temporary = folder / f".{digest}-{os.getpid()}.npy"
        np.save(temporary, build(patterns))
        temporary.replace(path)
    hashes: NDArray[np.uint64] = np.load(path, mmap_mode="r")
    return hashes


def on_list(hashes: NDArray[np.uint64], urls: Sequence[str | None]) -> NDArray[np.float64]:
    """1 for each address that is on the list or under an entry of it, 0 for others, else nan."""
    numbers = np.full(len(urls), np.nan)
    rows: list[int] = []
    asked: list[int] = []
    for row, url in enumerate(urls):
        wanted = [hash_of(entry) for entry in listed_under(url)] if url else []
        if wanted:
            numbers[row] = 0
            rows += [row] * len(wanted)
            asked += wanted
    if asked and hashes.size:
        looked = np.array(asked, np.uint64)
        at = np.minimum(np.searchsorted(hashes, looked), hashes.size - 1)
        numbers[np.array(rows)[hashes[at] == looked]] = 1
    return numbers
