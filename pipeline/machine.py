"""What the machine offers to this process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")


def processors() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_threads(
    work: Callable[[Item], Result], items: Sequence[Item], most: int
) -> Iterator[Result]:
    """
    What `work` gives for each item, in order, by at most `most` threads.

    For reading and unpacking files, which let other threads run. No more results wait than there
    are threads, so memory does not grow with the items.
    """
    from concurrent.futures import ThreadPoolExecutor

    threads = min(processors(), most)
    with ThreadPoolExecutor(threads) as pool:
        for begin in range(0, len(items), threads):
            yield from pool.map(work, items[begin : begin + threads])


_CGROUP = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def memory() -> int:
    """Bytes of memory that this process may count on: the machine's, or its container's."""
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 1 << 33  # a system that does not say: eight gigabytes are usual
    for path in _CGROUP:
        try:
            with open(path, encoding="ascii") as file:  # noqa: PTH123 - pathlib would be imported for it
                limit = file.read().strip()
        except OSError:
            continue
        if limit.isdigit():
            whole = min(whole, int(limit))
    return whole
