"""What decoding gives: a text, how it was read, and whether it is text at all."""

from __future__ import annotations

from dataclasses import dataclass

from seimai.pipeline.decode.candidates import SAMPLE, WORST


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding that it was read with, and what was lost on the way."""

    text: str
    encoding: str
    """A Python codec, or one of `eucjp_ms`, `iso2022_jp_ms` (with vendor characters)."""
    declared: str | None = None
    """What the caller or the bytes themselves claim, in our spelling."""
    replaced: int = 0
    """Characters that could not be decoded and became U+FFFD."""
    dropped_tail: bytes = b""
    """The first bytes of a character that the data ends within; empty where it ends after one."""
    confidence: float = 1.0
    """How far this reading is ahead of the next best: 0.5 is a toss-up, 1 is certain."""
    newline: str = ""
    """The line end that the text mostly uses; "" if it has none."""
    refused: str | None = None
    """Why the result must not be used as a text (`utf-7`, `binary`), or None."""
    lost_escapes: bool = False
    """ISO-2022-JP whose escape characters were gone and have been put back."""


CONTROLS = 8
"""With more than one control character in this many, it is not text."""

ENOUGH = 16
"""Characters below which nothing is called noise: a name in rare kanji would be."""

# The shifts SO and SI and the escape are part of encodings.
_NO_CONTROLS = bytes(set(range(0x100)) - {*range(1, 9), *range(0x10, 0x1B), *range(0x1C, 0x20)})


def is_noise(data: bytes, text: str, replaced: int = 0, mean: float = 0.0) -> bool:
    """Whether this is not text at all: the bytes of a program, an image, or nothing."""
    if len(text) >= ENOUGH and (mean < WORST or replaced * 3 > len(text)):
        return True
    head = data[:SAMPLE]
    if b"\0" in head:  # UTF-16, or records filled up, or nothing else.
        return len(text) > 1 and not text.strip("\0")
    # UTF-16 without a zero has such bytes too, but two of them a character.
    controls = len(head.translate(None, _NO_CONTROLS))
    return controls * CONTROLS > len(head) and len(text) * 2 > len(data)


def newline_of(text: str) -> str:
    """The line end that a text uses most."""
    feeds = text.count("\n")
    returns = text.count("\r")
    both = text.count("\r\n") if feeds and returns else 0
    if not feeds and not returns:
        return ""
    if both * 2 >= max(feeds, returns):
        return "\r\n"
    return "\n" if feeds >= returns else "\r"
