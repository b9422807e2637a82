"""
Bytes to text, with a record of how.

Detectors guess from bytes. Here every candidate is decoded (`candidates.py`) and the *results*
are compared: which of them is most plausibly text (`plausible.py`). What a header, a meta tag or
an XML declaration says counts as evidence, not as truth. Reading ends with the exact text, or
says how much was lost.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from seimai.pipeline.decode.candidates import SAMPLE, WORST, choose
from seimai.pipeline.decode.declared import declared_in, known
from seimai.pipeline.decode.escapes import (
    BEGUN,
    MENDED_ESCAPES,
    SHIFT,
    read_escapes,
    read_plain,
    restore_escapes,
)
from seimai.pipeline.decode.japanese import REPLACEMENT, read
from seimai.pipeline.decode.plausible import codes_of, plausibility
from seimai.pipeline.decode.streams import incremental

__all__ = ["Decoded", "decode", "decode_as", "incremental"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was read."""

    text: str
    encoding: str
    """A Python codec, or one of `eucjp_ms`, `iso2022_jp_ms` (with vendor characters)."""
    declared: str | None = None
    """What the caller or the bytes themselves claim, in our spelling."""
    replaced: int = 0
    """Characters that could not be decoded and became U+FFFD."""
    dropped_tail: bytes = b""
    """The beginning of a character that the data ends in."""
    confidence: float = 1.0
    """How far this reading is ahead of the next best: 0.5 is a toss-up, 1 is certain."""
    newline: str = ""
    """The usual line end of the text, "" if it has none."""
    refused: str | None = None
    """Why this must not be used as text: `utf-7`, `binary`."""
    lost_escapes: bool = False
    """ISO-2022-JP whose escape characters were gone and have been put back."""


SURE = 30.0
"""Nats that a text in 7 bits has to gain from a reading other than ASCII; one kanji gains 20."""

GOOD = -7.5
"""Plausibility a character that text has, and that chance has not."""

CONTROLS = 8
"""One control character in so many, and it is no text."""

ENOUGH = 16
"""Characters below which nothing is called noise: a name in rare kanji would be."""

SHORT = 64
"""Bytes below which pairs like C2 A1 may be Latin letters in UTF-8 or something else."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_NO_TEXT = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_UTF7 = re.compile(rb"\+[A-Za-z0-9+/]{5,}-?")


def decode(data: bytes, declared: str | None = None, kind: str | None = None) -> Decoded:
    """
    The text that bytes most plausibly are.

    `declared` is a charset from outside (an HTTP header); `kind` is `html`, `xml` or None and says
    where inside a declaration may stand. Never raises: what cannot be text at all comes back with
    `refused` set.
    """
    claim = known(declared) or declared_in(data, kind)
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], name)
    if b"\x1b" in data and SHIFT.search(data):
        found = None if read_plain(data) is not None else _restored(data, claim)
        found = found or _escaped(data, claim)
        if found:
            return found
    if b"\0" not in data[:SAMPLE]:
        found = _valid_utf8(data, claim)
        if found:
            return found
    return _chosen(data, claim)


def decode_as(data: bytes, encoding: str) -> str:
    """Bytes in an encoding that `decode` named; U+FFFD for what is none."""
    if encoding == MENDED_ESCAPES:
        return read_escapes(data)[0]
    text, _, tail = read(data, encoding)
    return text + REPLACEMENT * bool(tail)


def _marked(data: bytes, name: str) -> Decoded:
    """What follows a byte order mark: it decides, but editors have put UTF-8's before anything."""
    if name != "utf-8":
        return _finish(data, name, name)
    found = _finish(data, name, "utf-8-sig")
    if found.replaced:
        found = replace(_chosen(data, name), declared="utf-8-sig")
    return found


def _valid_utf8(data: bytes, claim: str | None) -> Decoded | None:
    """UTF-8, if the data is valid as that and nothing better; cut at the end is still valid."""
    tail = b""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end < len(data) or error.reason != "unexpected end of data":
            return None
        text, tail = data[: error.start].decode("utf-8"), data[error.start :]
        if len(text) + 2 > error.start:  # Nothing wide before it: any encoding may begin so.
            return None
    if len(text) == len(data):  # ASCII: it may hide other encodings in 7 bits.
        found = _seven_bits(data, text, claim)
        if found:
            return found
    # Pairs like C2 A1 are Latin letters in UTF-8 and half-width kana or a kanji elsewhere.
    if len(text) < len(data) < SHORT and max(text) < "\u0800":
        return None
    if _maybe_utf16(data):
        choice = choose(data, claim)
        if choice.name.startswith("utf-16") and choice.mean > GOOD:
            return _finish(data, choice.name, claim, choice.confidence, choice.mean)
    refused = "binary" if _is_noise(text, 0, 0.0) else None
    return Decoded(text, "utf-8", claim, 0, tail, newline=newline_of(text), refused=refused)


def _seven_bits(data: bytes, text: str, claim: str | None) -> Decoded | None:
    """ISO-2022-JP without its escapes, kana between shifts, Chinese in HZ, and UTF-7."""
    found = _restored(data, claim)
    if found:
        return found
    if b"\x0e" in data and b"\x0f" in data:
        part = data[: 4 * SAMPLE]
        if _gain(read_escapes(part)[0], "ja", text) > SURE:
            found = _escaped(data, claim)
            if found:
                return found
    if b"~{" in data and b"~}" in data:
        chinese = data.decode("hz", "replace")
        if _gain(chinese, "zh-hans", text) > SURE:
            lost = chinese.count(REPLACEMENT)
            return Decoded(chinese, "hz", claim, lost, newline=newline_of(chinese))
    cut = BEGUN.search(data, max(len(data) - 3, 0))
    if cut:  # Cut in the escape before the first character.
        text = text[: cut.start()]
        return Decoded(text, "utf-8", claim, 0, cut[0], newline=newline_of(text))
    if b"+" in data and _is_utf7(data, claim):
        return Decoded(text, "utf-7", claim, newline=newline_of(text), refused="utf-7")
    return None


def _gain(text: str, language: str, plain: str) -> float:
    """How much more plausible a reading is in its language than the ASCII that it stands in."""
    codes, ascii_codes = codes_of(text[: 2 * SAMPLE]), codes_of(plain[: 4 * SAMPLE])
    before = max(plausibility(ascii_codes, name) for name in ("en", language))
    return plausibility(codes, language) - before


def _maybe_utf16(data: bytes) -> bool:
    """Whether valid UTF-8 could be UTF-16: kana have 0x30 in every other byte, kanji controls."""
    head = data[:512]
    if _CONTROL.search(head):
        return True
    if len(head) < 8:
        return False
    return max(head[::2].count(0x30), head[1::2].count(0x30)) > len(head) // 6


def _is_utf7(data: bytes, claim: str | None) -> bool:
    """Whether `+…-` groups decode to running text; base64 and C++ do not."""
    groups = b" ".join(match[0] for match in _UTF7.finditer(data[: 16 * SAMPLE]))
    if not groups:
        return False
    try:
        text = groups.decode("utf-7")
    except UnicodeDecodeError:
        return claim == "utf-7"
    return claim == "utf-7" or any(_is_wide_text(text, name) for name in ("ja", "zh-hans", "ko"))


def _is_wide_text(text: str, language: str) -> bool:
    """Whether what is not ASCII in a text is a language and no chance; that has -12 each."""
    codes = codes_of(text[:SAMPLE])
    wide = codes[codes > ord("⿿")]
    return len(wide) > 0 and plausibility(wide, language) / len(wide) > GOOD


def _restored(data: bytes, claim: str | None) -> Decoded | None:
    """ISO-2022-JP with the escapes that it lost, if that is the better text."""
    mended = restore_escapes(data)
    if mended is None:
        return None
    # Whatever is between two escapes that were put back is measured; all else is the same.
    start = next(place for place, (a, b) in enumerate(zip(data, mended, strict=False)) if a != b)
    part = data[start : start + 4 * SAMPLE]
    text, _, _ = read_escapes(restore_escapes(part) or part)
    if _gain(text, "ja", part.decode("ascii", "replace")) < SURE:
        return None
    return _escaped(mended, claim, lost=True)


def _escaped(data: bytes, claim: str | None, *, lost: bool = False) -> Decoded | None:
    """ISO-2022-JP, if what its escapes shift to is text at all."""
    text, name, tail = read_escapes(data)
    replaced = text.count(REPLACEMENT)
    codes = codes_of(text[:SAMPLE])
    wide = (codes > ord("⿿")).any()
    if replaced * 4 > len(text) or (not wide and (lost or len(text) > SAMPLE)):
        return None
    if not data.isascii() and plausibility(codes, "ja") < WORST * len(codes):
        return None
    sure = 1.0 if not replaced else 0.9
    return Decoded(text, name, claim, replaced, tail, sure, newline_of(text), lost_escapes=lost)


def _chosen(data: bytes, claim: str | None) -> Decoded:
    """The best of all candidates, read in full."""
    choice = choose(data, claim)
    return _finish(data, choice.name, claim, choice.confidence, choice.mean)


def _finish(
    data: bytes, name: str, claim: str | None, confidence: float = 1.0, mean: float = 0.0
) -> Decoded:
    """All of the data in the encoding that was chosen."""
    text, name, tail = read(data, name)
    replaced = text.count(REPLACEMENT)
    if replaced and name == "utf-8":
        replaced -= data.count(REPLACEMENT.encode())
    refused = "binary" if _is_noise(text, replaced, mean) else None
    return Decoded(text, name, claim, replaced, tail, confidence, newline_of(text), refused)


def _is_noise(text: str, replaced: int, mean: float) -> bool:
    """Whether this is no text at all: bytes of a program, of an image, of nothing."""
    head = text[:SAMPLE]
    if len(text) >= ENOUGH and (mean < WORST or replaced * 3 > len(text)):
        return True
    if len(_NO_TEXT.findall(head)) * CONTROLS > len(head):
        return True
    return len(text) > 1 and "\0" in head and not text.strip("\0")


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
