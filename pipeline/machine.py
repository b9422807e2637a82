"""What the machine offers to this process."""

from __future__ import annotations

import os


def processors() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
