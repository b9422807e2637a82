"""What the machine offers to this process."""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

Item = TypeVar("Item")
Result = TypeVar("Result")


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def free_in_forks(lock: threading.Lock) -> None:
    """
    Let a process fork only while nobody holds this lock.

    A fork has no other thread than the one that made it, and would wait for ever for a lock that
    another one held at that moment.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release
        )


def in_threads(
    work: Callable[[Item], Result], items: Sequence[Item], most: int
) -> Iterator[Result]:
    """
    What `work` gives for each item, in order, by at most `most` threads and processors.

    For what lets other threads run: reading and unpacking files, kernels, NumPy and Arrow. The
    threads are a few items ahead of whoever takes the results, so memory does not grow with them.
    """
    threads = min(processors(), most)
    if threads <= 1 or len(items) <= 1:
        yield from map(work, items)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Result]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


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
