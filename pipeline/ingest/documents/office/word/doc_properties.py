"""The formatting of a DOC: properties, which are numbers with values, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERANDS = (1, 1, 2, 4, 2, 2, 0, 3)
"""Bytes of a value by the upper three bits of its property; 0 says so itself."""
LONG_TABLE = 0xD608
"""The one property whose size takes two bytes."""


def places(data: bytes) -> Iterator[tuple[int, int]]:
    """Numbers of properties, and where their values begin."""
    at = 0
    while at + 3 <= len(data):
        name = int.from_bytes(data[at : at + 2], "little")
        yield name, at + 2
        size = OPERANDS[name >> 13]
        if name == LONG_TABLE:
            size = 1 + int.from_bytes(data[at + 2 : at + 4], "little")
        elif size == 0:
            size = 1 + data[at + 2]
        at += 2 + size


def values(data: bytes) -> Iterator[tuple[int, int]]:
    """Numbers of properties, and the first bytes of their values."""
    return ((name, data[at]) for name, at in places(data))
