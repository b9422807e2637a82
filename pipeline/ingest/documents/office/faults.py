"""
What a fault in one part of a document costs: that part, and a record that says so.

The text of what can be read is given; for the rest there is an `Unreadable` with its place. Only
what makes the whole document worthless or dangerous ends it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import Broken, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.contract import Unreadable

WHOLE = {"bomb", "too_large", "encrypted"}
"""Causes for which the whole document goes to quarantine, not only a part."""
MOST = 50
"""At most this many faults of one document are reported; the last says that there are more."""


class Faults:
    """The parts of one document that could not be read."""

    def __init__(self) -> None:
        self._found: list[tuple[str, Broken]] = []

    @contextmanager
    def within(self, place: str) -> Iterator[None]:
        """What is done here costs no more than this when it breaks."""
        try:
            yield
        except Broken as broken:
            if broken.cause in WHOLE:
                raise
            self.add(place, broken)

    def add(self, place: str, broken: Broken) -> None:
        """Note a part that could not be read."""
        if len(self._found) < MOST:
            self._found.append((place, broken))
        elif len(self._found) == MOST:
            self._found.append(("", Broken("damaged", "more parts of the document are damaged")))

    def __bool__(self) -> bool:
        return bool(self._found)

    def told(self, first: bytes = b"") -> Iterator[Unreadable]:
        """One quarantine record for each part."""
        for place, broken in self._found:
            yield unreadable(place, broken, first)
