"""The messages of a mailbox (MBOX), one after the other, of a stream of any length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from seimai.pipeline.ingest.contract import FIRST_BYTES, MIB, Broken

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEPARATOR = re.compile(
    rb"(?:\A|\n)(?=From [^\n]{1,200}? \d\d?:\d\d(?::\d\d)?[^\n]{0,40}? \d{4}[^\n]{0,80}\n)"
)
"""The line between messages. A sentence may begin with "From " too, but not end with a date."""
LONGEST_SEPARATOR = 512


def messages(stream: BinaryIO, largest: int) -> Iterator[tuple[int, bytes, Broken | None]]:
    """Messages with their places; of one with a fault only the first bytes."""
    held = bytearray()
    begin = 0
    """The place in the stream of the first byte held."""
    searched = 0
    too_large: tuple[int, bytes, Broken] | None = None
    ended = False
    broken: Broken | None = None
    while not ended:
        try:
            piece = stream.read(MIB)
        except Broken as found:
            broken, piece = found, b""
        ended = not piece
        held += piece
        while True:
            match = _SEPARATOR.search(held, max(searched, 1))
            if match is None or (not ended and match.end() > len(held) - LONGEST_SEPARATOR):
                break
            yield too_large or (begin, bytes(held[: match.end()]), None)
            too_large = None
            begin += match.end()
            del held[: match.end()]
            searched = 0
        searched = max(len(held) - 2 * LONGEST_SEPARATOR, 0)
        if len(held) > largest:
            fault = Broken("too_large", f"the message has more than {largest} bytes")
            too_large = too_large or (begin, bytes(held[:FIRST_BYTES]), fault)
            begin += searched
            del held[:searched]
            searched = 0
    if too_large:
        yield too_large
    elif held.strip() and not broken:
        yield begin, bytes(held), None
    if broken:
        # What was held of the message that it broke in is not whole.
        detail = f"{broken.detail}; the message at byte {begin} is not whole"
        yield begin, bytes(held[:FIRST_BYTES]), Broken(broken.cause, detail, begin)
