"""
Bytes to text, with a record of how.

Detectors guess from bytes. Here every candidate is decoded (`candidates.py`) and the *results*
are compared: which of them is most plausibly text (`plausible.py`). What a header, a meta tag or
an XML declaration says counts as evidence, not as truth. Reading ends with the exact text, or
says how much was lost.
"""

from __future__ import annotations

import codecs
from dataclasses import replace

from seimai.pipeline.decode.candidates import CONTROL, SAMPLE, WORST, Choice, choose
from seimai.pipeline.decode.declared import declared_in, known
from seimai.pipeline.decode.decoded import Decoded, is_noise, newline_of
from seimai.pipeline.decode.escapes import MENDED_ESCAPES, SHIFT, read_escapes
from seimai.pipeline.decode.japanese import REPLACEMENT, read
from seimai.pipeline.decode.seven_bits import from_ascii, from_escapes
from seimai.pipeline.decode.streams import incremental

__all__ = ["Decoded", "decode", "decode_as", "incremental"]

FEW_PAIRS = 24
"""Up to this many pairs like C3 AA may be Latin letters in UTF-8 or something else: ê, or 棚 in
EUC-JP."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


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
        found = from_escapes(data, claim)
        if found:
            return found
    if b"\0" not in data[:SAMPLE]:
        found = _valid_utf8(data, claim)
        if found:
            return found
    return _finish(data, choose(data, claim), claim)


def decode_as(data: bytes, encoding: str) -> str:
    """Bytes in an encoding that `decode` named; U+FFFD for what is none."""
    if encoding == MENDED_ESCAPES:
        return read_escapes(data)[0]
    text, _, tail = read(data, encoding)
    return text + REPLACEMENT * bool(tail)


def _marked(data: bytes, name: str) -> Decoded:
    """What follows a byte order mark: it decides, but editors have put UTF-8's before anything."""
    if name != "utf-8":
        return _finish(data, Choice(name, 1.0, 0.0), name)
    found = _finish(data, Choice(name, 1.0, 0.0), "utf-8-sig")
    if found.replaced:
        found = replace(_finish(data, choose(data, name), name), declared="utf-8-sig")
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
    if len(text) == len(data):
        found = from_ascii(data, text, claim)
        if found:
            return found
    elif len(data) - len(text) < FEW_PAIRS and max(text) < "\u0800":
        # Pairs like C2 A1 are Latin letters in UTF-8 and half-width kana or a kanji elsewhere.
        return None
    if _maybe_utf16(data):
        choice = choose(data, claim)
        if choice.name.startswith("utf-16") and choice.mean > WORST:
            return _finish(data, choice, claim)
    refused = "binary" if is_noise(data, text) else None
    return Decoded(text, "utf-8", claim, 0, tail, newline=newline_of(text), refused=refused)


def _maybe_utf16(data: bytes) -> bool:
    """Whether valid UTF-8 could be UTF-16: kana have 0x30 in every other byte, kanji controls."""
    head = data[:512]
    if CONTROL.search(head):
        return True
    if len(head) < 8:
        return False
    return max(head[::2].count(0x30), head[1::2].count(0x30)) > len(head) // 6


def _finish(data: bytes, choice: Choice, claim: str | None) -> Decoded:
    """All of the data in the encoding that was chosen."""
    text, name, tail = read(data, choice.name)
    replaced = text.count(REPLACEMENT)
    if replaced and name == "utf-8":
        replaced -= data.count(REPLACEMENT.encode())  # These are in the file.
    refused = "binary" if is_noise(data, text, replaced, choice.mean) else None
    newline = newline_of(text)
    return Decoded(text, name, claim, replaced, tail, choice.confidence, newline, refused)
