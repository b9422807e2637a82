"""
Text in 7 bits that is not ASCII: ISO-2022-JP, with its escapes or without, HZ, and UTF-7.

A reading other than ASCII has to be the far better text, because programs and base64 are full of
what looks like shifts.
"""

from __future__ import annotations

import re

from seimai.pipeline.decode.candidates import SAMPLE, WORST
from seimai.pipeline.decode.decoded import Decoded, is_noise, newline_of
from seimai.pipeline.decode.escapes import (
    BEGUN,
    STANDARD,
    read_escapes,
    read_plain,
    restore_escapes,
)
from seimai.pipeline.decode.japanese import REPLACEMENT
from seimai.pipeline.decode.plausible import codes_of, plausibility

SURE = 30.0
"""Nats that a text in 7 bits has to gain from a reading other than ASCII; one kanji gains 20."""

GOOD = -7.5
"""Plausibility a character that text has, and that chance has not."""

_UTF7 = re.compile(rb"\+[A-Za-z0-9+/]{5,}-?")


def from_escapes(data: bytes, claim: str | None) -> Decoded | None:
    """ISO-2022-JP as it is, with all its escapes or only some; None if that is not text."""
    text = read_plain(data)
    if text is not None:
        return _if_text(data, (text, STANDARD[0], b""), claim)
    return _restored(data, claim) or _if_text(data, read_escapes(data), claim)


def from_ascii(data: bytes, text: str, claim: str | None) -> Decoded | None:
    """What else ASCII is: Japanese without escapes, kana between shifts, HZ, UTF-7, or nothing."""
    found = _restored(data, claim)
    if found:
        return found
    if b"\x0e" in data and b"\x0f" in data and not is_noise(data, text):
        part = read_escapes(data[: 4 * SAMPLE])[0]
        found = (
            _if_text(data, read_escapes(data), claim) if _gain(part, "ja", text) > SURE else None
        )
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


def _restored(data: bytes, claim: str | None) -> Decoded | None:
    """ISO-2022-JP with the escapes that it lost, if that is the better text."""
    mended = restore_escapes(data)
    if mended is None:
        return None
    # Where the first escape was put back the text is measured; before it, nothing has changed.
    start = next(place for place, (a, b) in enumerate(zip(data, mended, strict=False)) if a != b)
    part = data[start : start + 4 * SAMPLE]
    text, _, _ = read_escapes(restore_escapes(part) or part)
    if _gain(text, "ja", part.decode("ascii", "replace")) < SURE:
        return None
    return _if_text(mended, read_escapes(mended), claim, lost=True)


def _if_text(
    data: bytes, reading: tuple[str, str, bytes], claim: str | None, *, lost: bool = False
) -> Decoded | None:
    """A reading of ISO-2022-JP, if what its escapes shift to is text at all."""
    text, name, tail = reading
    replaced = text.count(REPLACEMENT)
    codes = codes_of(text[:SAMPLE])
    wide = (codes > ord("⿿")).any()
    if replaced * 4 > len(text) or (not wide and (lost or len(text) > SAMPLE)):
        return None
    if not data.isascii() and plausibility(codes, "ja") < WORST * len(codes):
        return None
    sure = 1.0 if not replaced else 0.9
    return Decoded(text, name, claim, replaced, tail, sure, newline_of(text), lost_escapes=lost)


def _gain(text: str, language: str, plain: str) -> float:
    """How much more plausible a reading is in its language than the ASCII that it stands in."""
    codes, ascii_codes = codes_of(text[: 2 * SAMPLE]), codes_of(plain[: 4 * SAMPLE])
    before = max(plausibility(ascii_codes, name) for name in ("en", language))
    return plausibility(codes, language) - before


def _is_utf7(data: bytes, claim: str | None) -> bool:
    """Whether `+…-` groups decode to running text; base64 and C++ do not."""
    groups = b" ".join(match[0] for match in _UTF7.finditer(data[: 16 * SAMPLE]))
    if not groups:
        return False
    if claim == "utf-7":
        return True
    try:
        codes = codes_of(groups.decode("utf-7")[:SAMPLE])
    except UnicodeDecodeError:
        return False
    wide = codes[codes > ord("⿿")]
    # A chance group of base64 gives Chinese characters from anywhere: about -12 each.
    means = [plausibility(wide, name) / max(len(wide), 1) for name in ("ja", "zh-hans", "ko")]
    return len(wide) > 0 and max(means) > GOOD
