"""
Bytes to text, with a record of how.

Detectors guess from bytes. Here every candidate is decoded and the *results* are compared: which
of them is most plausibly text (`plausible.py`). What a header, a meta tag or an XML declaration
says counts as evidence, not as truth. Reading ends with the exact text, or says how much was lost.
"""

from __future__ import annotations

import codecs
import math
import re
from dataclasses import dataclass

import numpy as np

from seimai.pipeline.decode.declared import declared_in, known
from seimai.pipeline.decode.japanese import (
    HANDLERS,
    MENDED_ESCAPES,
    REPLACEMENT,
    SHIFT,
    euc_name,
    incremental,
    read_escapes,
    restore_escapes,
    split_tail,
)
from seimai.pipeline.decode.plausible import codes_of, plausibility

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


SAMPLE = 2048
"""Bytes by which candidates are compared; more does not change the answer."""

GLANCE = 512
"""Bytes that are enough where the answer is plain, as it is for nearly all Japanese files."""

PLAIN_MARGIN = 60.0
"""A reading this many nats ahead of its rival is plain: one chance in e^60."""

KANA = (ord("ぁ"), ord("ヿ"))
ASCII = 0x7F
PLAIN_KANA = 16
PLAIN_SHARE = 0.2
"""Kana in other languages' encodings are at other bytes: so many are found only in Japanese. Half
of running text is kana, a third of a list of company names is."""

DECLARED_BONUS = 10.0
"""What a declaration is worth: it decides between readings e^10 apart, a word or two of text."""

HOME_BONUS = 5.0
"""Japanese encodings before others, utf-8 before all: what such a pipeline is given."""

LOST_COST = 14.0
"""What a character costs that cannot be decoded: more than the rarest kanji."""

TAIL_COST = 6.0
"""What it costs to end inside a character: few files are cut, and there only one in two."""

WORST = -9.0
"""Plausibility a character below which no language is left: text has -3 to -6, noise -11."""

ENOUGH = 16
"""Characters below which nothing is called noise: a name in rare kanji would be."""

CANDIDATES: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("utf-8", ("ja", "zh-hans", "zh-hant", "ko", "latin", "cyrillic"), HOME_BONUS + 2),
    ("cp932", ("ja", "en"), HOME_BONUS),
    ("euc_jp", ("ja", "en"), HOME_BONUS),
    ("gb18030", ("zh-hans", "zh-hant"), 0.0),
    ("big5hkscs", ("zh-hant",), 0.0),
    ("cp949", ("ko",), 0.0),
    ("utf-16-le", ("ja", "zh-hans", "zh-hant", "ko", "latin"), 0.0),
    ("utf-16-be", ("ja", "zh-hans", "zh-hant", "ko", "latin"), 0.0),
    ("cp1252", ("latin",), 0.0),
    ("cp1251", ("cyrillic",), -4.0),
    ("koi8-r", ("cyrillic",), -6.0),
)
"""Codec, the languages it is written in, and how likely it is before anything is seen."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STRAY = re.compile("[\uf8f0-\uf8f3]")
"""What Python's cp932 makes of the bytes FD to FF, which are no characters at all."""

_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
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
            return _finish(data[len(mark) :], name, f"{name}-sig" if name == "utf-8" else name, 1.0)
    zeros = b"\0" in data[:SAMPLE]
    if b"\x1b" in data and SHIFT.search(data):
        found = _escaped(data, claim)
        if found:
            return found
    if not zeros:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return _good_utf8(data, text, claim)
    return _compared(data, claim)


def decode_as(data: bytes, encoding: str) -> str:
    """Bytes in an encoding that `decode` named; U+FFFD for what is none."""
    if encoding == MENDED_ESCAPES:
        return read_escapes(data)[0]
    codec, errors = HANDLERS.get(encoding, (encoding, "replace"))
    return data.decode(codec, errors)


def _good_utf8(data: bytes, text: str, claim: str | None) -> Decoded:
    """What is valid UTF-8 nearly always is; the exceptions are short or in 7 bits."""
    if len(text) == len(data):  # ASCII: it may hide other encodings in 7 bits.
        mended = restore_escapes(data)
        if mended is not None:
            found = _escaped(mended, claim, lost=True)
            if found:
                return found
        if b"+" in data and _is_utf7(data, claim):
            return Decoded(text, "utf-7", claim, newline=newline_of(text), refused="utf-7")
        if _maybe_utf16(data):
            return _compared(data, claim)
    elif len(data) < 64 and max(text) < "\u0800":
        # Pairs like C2 A1 are Latin letters in UTF-8 and half-width kana or a kanji elsewhere.
        return _compared(data, claim)
    return Decoded(text, "utf-8", claim, newline=newline_of(text))


def _maybe_utf16(data: bytes) -> bool:
    """Whether 7-bit bytes could be UTF-16: kana have 0x30 in every other byte, kanji controls."""
    head = data[:512]
    if len(head) < 8 or len(data) % 2:
        return False
    if _CONTROL.search(head):
        return True
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
    codes = codes_of(text)
    wide = int((codes > 0x2FFF).sum())
    if not wide:
        return claim == "utf-7"
    # A chance group of base64 gives Chinese characters from anywhere: about -12 each.
    return max(plausibility(codes, name) for name in ("ja", "zh-hans", "ko")) / len(codes) > -7.5


def _escaped(data: bytes, claim: str | None, *, lost: bool = False) -> Decoded | None:
    """ISO-2022-JP, if what its escapes shift to is text at all."""
    text, name, tail = read_escapes(data)
    replaced = text.count(REPLACEMENT)
    sample = codes_of(text[:SAMPLE])
    wide = int((sample > 0x2FFF).sum())
    if not wide and (lost or len(text) > SAMPLE):
        return None
    if replaced * 4 > len(text) or (
        lost and plausibility(sample[sample > 0x2FFF], "ja") / wide < -7
    ):
        return None
    sure = 1.0 if not replaced else 0.9
    return Decoded(text, name, claim, replaced, tail, sure, newline_of(text), lost_escapes=lost)


def _sample(data: bytes) -> bytes:
    """A part of the data with as much as can be of what is not ASCII, from the start of a line."""
    if len(data) <= SAMPLE:
        return data
    match = _HIGH_BYTE.search(data)
    first = match.start() if match else 0
    first -= first % 2  # UTF-16 must not be read askew.
    return data[first : first + SAMPLE]


def _compared(data: bytes, claim: str | None) -> Decoded:
    """Every candidate decoded and scored on a sample; the best one read in full."""
    sample = _sample(data)
    plain = _plainly_japanese(sample[:GLANCE]) or _plainly_japanese(sample)
    if plain:
        return _finish(data, plain, claim, 1.0)
    scored: list[tuple[float, str, float]] = []
    for name, languages, bonus in CANDIDATES:
        score, mean = _score(sample, name, languages)
        scored.append((score + bonus + DECLARED_BONUS * (claim == name), name, mean))
    scored.sort(reverse=True)
    best, name, mean = scored[0]
    confidence = 1 / (1 + math.exp(scored[1][0] - best)) if best > -math.inf else 0.0
    return _finish(data, name, claim, confidence, mean)


def _score(sample: bytes, name: str, languages: tuple[str, ...]) -> tuple[float, float]:
    """How plausible the sample is in an encoding, and that a character; -inf where it is none."""
    codec, errors = HANDLERS.get(name, (name, "replace"))
    text, tail = split_tail(sample, codec, "replace")
    lost = text.count(REPLACEMENT)
    if not text or lost * 4 > len(text) + 4 or (name.startswith("utf-16") and len(text) < 2):
        return -math.inf, -math.inf
    if lost and errors != "replace":
        # Vendor characters are read in Python, so only where the rest is good.
        text, tail = split_tail(sample, codec, errors)
        lost = text.count(REPLACEMENT)
    codes = codes_of(text)
    score = max(plausibility(codes, language) for language in languages)
    score -= lost * LOST_COST + bool(tail) * TAIL_COST
    return score, score / len(text)


def _plainly_japanese(sample: bytes) -> str | None:
    """The encoding of what is running Japanese beyond doubt; None where all must be asked."""
    if len(sample) < GLANCE // 4:
        return None
    readings = []
    for name in ("utf-16-le", "utf-16-be") if sample.count(0) else ("euc_jp", "cp932"):
        try:
            text, _ = split_tail(sample, name, "strict")
        except UnicodeDecodeError:
            continue
        readings.append((name, codes_of(text)))
    kana = [
        np.count_nonzero((codes >= KANA[0]) & (codes <= KANA[1]))
        >= max(PLAIN_KANA, PLAIN_SHARE * np.count_nonzero(codes > ASCII))
        for _, codes in readings
    ]
    if not any(kana):
        return None
    if len(readings) == 1:
        return readings[0][0]
    scores = [plausibility(codes, "ja") for _, codes in readings]
    best = int(scores[1] > scores[0])
    plain = kana[best] and scores[best] - scores[1 - best] > PLAIN_MARGIN
    return readings[best][0] if plain else None


def _finish(
    data: bytes, name: str, claim: str | None, confidence: float, mean: float = 0.0
) -> Decoded:
    """All of the data in the encoding that was chosen."""
    codec, errors = HANDLERS.get(name, (name, "replace"))
    if name == "euc_jp":
        try:
            text, tail = split_tail(data, "euc_jp", "strict")
        except UnicodeDecodeError:
            name = euc_name(data)
            codec, errors = HANDLERS[name]
            text, tail = split_tail(data, codec, errors)
    else:
        text, tail = split_tail(data, codec, errors)
    if name == "cp932" and _STRAY.search(text):
        text = _STRAY.sub(REPLACEMENT, text)
    replaced = text.count(REPLACEMENT)
    if replaced and name == "utf-8":
        replaced -= data.count(REPLACEMENT.encode())
    noise = len(text) >= ENOUGH and (mean < WORST or replaced * 3 > len(text))
    refused = "binary" if noise else None
    return Decoded(text, name, claim, replaced, tail, confidence, newline_of(text), refused)


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
