"""
ISO-2022-JP in all its forms: with vendor characters, half-width kana, lost escapes, cut anywhere.

The standards' decoders come first, in order; what all of them refuse is read escape by escape.
"""

from __future__ import annotations

import re
from itertools import chain

from seimai.pipeline.decode.japanese import (
    EUC,
    EUC_2004,
    EUC_VENDOR,
    REPLACEMENT,
    SJIS,
    as_windows,
    split_tail,
)

ESCAPE = re.compile(
    rb"\x1b(?:\$[@AB]|\$\([@ABCDOPQ]|\([ABHIJT]|\.[AF]|\$\)C|\([0-9]|N.)|[\x0e\x0f]", re.DOTALL
)
"""The shifts of ISO-2022-JP, -1, -2, -3, -2004 and -EXT, and those of ISO-2022-KR."""

SHIFT = re.compile(rb"\x1b(?:\$[@AB]|\$\([@BCDOPQ]|\(I|\.[AF]|\$\)C)")
"""An escape that begins what is not ASCII: what makes bytes look like ISO-2022 at all."""

TWO_BYTES = re.compile(rb"(\x1b?)\$[@B]((?:(?!\x1b?\([BJ])[\x21-\x7e]{2})++)(?:(\x1b?)\([BJ])?")
"""
Two-byte Japanese, with the escape characters around it or without: some mail gateways took them
away. What is between is read by pairs, and no pair is `(B`: that place of the table is empty.
"""

BEGUN = re.compile(rb"\x1b(?:\$\(?|\(|\.)?\Z")
"""The beginning of an escape that the data ends in."""

MENDED_ESCAPES = "iso2022_jp_ms"
"""Our name for ISO-2022-JP with vendor characters, which no codec of Python reads."""

_TWO_BYTES = re.compile(rb"\x1b\$[@B]([^\x1b]*)(?:\x1b\(B|\Z)")


STANDARD = ("iso2022_jp", "iso2022_jp_1", "iso2022_jp_3", "iso2022_jp_2004", "iso2022_jp_2",
            "iso2022_jp_ext")  # fmt: skip


def read_plain(data: bytes) -> str | None:
    """The usual case, JIS X 0208 in ASCII: read as EUC-JP, which is several times faster."""
    plain = _as_euc(data)
    try:
        return None if plain is None else plain.decode("euc_jp")
    except UnicodeDecodeError:
        return None


def _as_euc(data: bytes) -> bytes | None:
    if not data.isascii() or b"\x0e" in data:
        return None
    plain = _TWO_BYTES.sub(lambda match: match[1].translate(_HIGH), data)
    return None if b"\x1b" in plain else plain


def read_escapes(data: bytes) -> tuple[str, str, bytes]:
    """
    ISO-2022-JP in any of its forms to (text, name, bytes of a character that was cut off).

    The standards' own decoders first, in order; where all refuse, escape by escape, so that
    vendor characters and half-width kana in 7 or 8 bits are read and faults stay small.
    """
    text = read_plain(data)
    if text is not None:
        return text, STANDARD[0], b""
    # Shifts mean Korean after its designation; else half-width kana, which no standard reads.
    shifted = b"\x0e" in data
    for name in ("iso2022_kr",) if b"\x1b$)C" in data else () if shifted else STANDARD:
        try:
            text, tail = split_tail(data, name, "strict")
        except UnicodeError:
            continue
        # State without bytes is not a tail; a lone escape at the end is.
        return text, name, tail if tail and data.endswith(tail) else b""
    plain = _as_euc(data)
    if plain is not None:
        text = plain.decode("euc_jp", EUC_VENDOR)
        if REPLACEMENT not in text:
            return as_windows(text), MENDED_ESCAPES, b""
    return _by_segments(data)


def _by_segments(data: bytes) -> tuple[str, str, bytes]:
    out: list[str] = []
    place = 0
    shift, second, shifted = b"\x1b(B", b"\x1b.A", False
    tail = b""
    for match in chain(ESCAPE.finditer(data), (None,)):
        segment = data[place : match.start() if match else len(data)]
        if match is None:
            segment, tail = _cut(segment, shift)
        out.append(_segment(segment, b"\x1b(I" if shifted else shift))
        if match is None:
            break
        place = match.end()
        if match[0] in {b"\x0e", b"\x0f"}:
            shifted = match[0] == b"\x0e"
        elif match[0].startswith(b"\x1bN"):
            codec = "iso8859_7" if second.endswith(b"F") else "iso8859_1"
            out.append(match[0][2:].translate(_HIGH).decode(codec, "replace"))
        elif match[0].startswith(b"\x1b."):
            second = match[0]
        else:
            shift = match[0]
    return "".join(out), MENDED_ESCAPES, tail


def _cut(segment: bytes, shift: bytes) -> tuple[bytes, bytes]:
    """The last segment without the beginning of an escape or of a character."""
    escape = BEGUN.search(segment)
    if escape:
        return segment[: escape.start()], escape[0]
    if shift.startswith(b"\x1b$") and len(segment.rpartition(b"\n")[2]) % 2:
        return segment[:-1], segment[-1:]
    return segment, b""


def _segment(data: bytes, shift: bytes) -> str:
    if shift == b"\x1b(I":
        return data.translate(_HIGH_KANA).decode("cp932", "replace")
    if shift in {b"\x1b$@", b"\x1b$B", b"\x1b$(B", b"\x1b$(@"}:
        return as_windows(_two_bytes(data, b"", EUC))
    if shift in {b"\x1b$(O", b"\x1b$(Q"}:
        return _two_bytes(data, b"", EUC_2004)
    if shift in {b"\x1b$(D", b"\x1b$(P"}:
        return _two_bytes(data, b"\x8f", EUC_2004)
    if shift in {b"\x1b$A", b"\x1b$(C"}:
        codec = "gb2312" if shift == b"\x1b$A" else "euc_kr"
        return data.translate(_HIGH).decode(codec, "replace")
    # Kana in 8 bits between the escapes is what old mail programs of Windows sent.
    return data.decode("cp932", SJIS)


_HIGH = bytes(k | 0x80 if 0x21 <= k <= 0x7E else k for k in range(256))
_HIGH_KANA = bytes(k | 0x80 if 0x21 <= k <= 0x5F else k for k in range(256))
_PAIRS = re.compile(rb"[\x21-\x7e\xa1-\xfe]{2}|.", re.DOTALL)


def _two_bytes(data: bytes, prefix: bytes, errors: str) -> str:
    high = b"".join(
        prefix + pair.translate(_HIGH) if len(pair) == 2 else pair for pair in _PAIRS.findall(data)
    )
    return high.decode("euc_jp", errors)


def restore_escapes(data: bytes) -> bytes | None:
    """ISO-2022-JP whose escape characters were lost, with them put back; None if it is not so."""
    if b"$B" not in data and b"$@" not in data:
        return None
    lost = 0

    def mend(match: re.Match[bytes]) -> bytes:
        nonlocal lost
        if match[3] is None or (match[1] and match[3]):
            return match[0]
        lost += 1
        return b"\x1b$B" + match[2] + b"\x1b(B"

    mended = TWO_BYTES.sub(mend, data)
    return mended if lost else None
