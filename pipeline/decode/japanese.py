"""
The Japanese encodings as files really have them: with vendor characters, whole or cut.

Python's codecs know the standards. Files also have NEC row 13 (①㈱), the IBM kanji (髙﨑) and
JIS X 0213, in EUC-JP and in ISO-2022-JP too: error handlers and a decoder of escape sequences
read those without slowing the rest.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

ESCAPE = re.compile(
    rb"\x1b(?:\$[@AB]|\$\([@ABCDOPQ]|\([ABHIJT]|\.[AF]|\$\)C|\([0-9])|[\x0e\x0f]|\x1bN.", re.DOTALL
)
"""The shifts of ISO-2022-JP, -1, -2, -3, -2004 and -EXT, and those of ISO-2022-KR."""

SHIFT = re.compile(rb"\x1b(?:\$[@B]|\$\([@BDOPQ])")
"""An escape that begins two-byte Japanese: what makes bytes look like ISO-2022-JP at all."""

LOST = re.compile(rb"(?<!\x1b)\$[@B]((?:[\x21-\x7e]{2})+?)\([BJ]")
"""Two-byte Japanese whose escape characters some mail gateway took away."""

MENDED_ESCAPES = "iso2022_jp_ms"
"""Our name for ISO-2022-JP with vendor characters, which no codec of Python reads."""

LONGEST_HELD = 1 << 20
"""Bytes of a line that are waited for before it is decoded in pieces."""

_TWO_BYTES = re.compile(rb"\x1b\$[@B]([^\x1b]*)(?:\x1b\(B|\Z)")


STANDARD = ("iso2022_jp", "iso2022_jp_1", "iso2022_jp_3", "iso2022_jp_2004", "iso2022_jp_2",
            "iso2022_jp_ext")  # fmt: skip


@cache
def _vendor(lead: int, trail: int) -> str | None:
    """The character that Windows has at a place of the JIS table (bytes 0x21 to 0x7E)."""
    row, cell = lead - 0x20, trail - 0x20
    first = (row - 1) // 2 + (0x81 if row <= 62 else 0xC1)
    second = cell + (63 if cell <= 63 else 64) if row % 2 else cell + 158
    if not 0x81 <= first <= 0xFC:
        return None
    try:
        return bytes((first, second)).decode("cp932")
    except UnicodeDecodeError:
        return None


@cache
def _ibm(lead: int, trail: int) -> str | None:
    """The IBM kanji that eucJP-ms has in rows 83 and 84 of its third plane, 0x8FF3 and 0x8FF4."""
    # 0x8FF3F3 is the first of them, i of Roman numerals; Windows has them from 0xFA40 on.
    place = (lead - 0xF3) * 94 + (trail - 0xA1) - (0xF3 - 0xA1)
    if place < 0:
        return None
    first, second = divmod(place, 188)
    second += 0x40 + (second >= 0x3F)
    try:
        return bytes((0xFA + first, second)).decode("cp932")
    except UnicodeDecodeError:
        return None


@cache
def _jis2004(codec: str, data: bytes) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _in_euc(error: UnicodeError) -> tuple[str, int]:
    """EUC-JP: a vendor character, then JIS X 0213, then one lost character."""
    return _euc(error, vendor=True)


def _in_euc_vendor(error: UnicodeError) -> tuple[str, int]:
    """EUC-JP with vendor characters only, to see whether they explain everything."""
    return _euc(error, vendor=True, standard=False)


def _in_euc_2004(error: UnicodeError) -> tuple[str, int]:
    """EUC-JP in files that use JIS X 0213: its characters go before those of vendors."""
    return _euc(error, vendor=False)


def _euc(error: UnicodeError, *, vendor: bool, standard: bool = True) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, start = error.object, error.start
    three = data[start] == 0x8F
    piece = data[start : start + 2 + three]
    high = [byte for byte in piece[three:] if 0xA1 <= byte <= 0xFE]
    if len(piece) < 2 + three or len(high) < 2:
        # A cut character loses only the bytes that cannot begin the next one.
        return REPLACEMENT, start + 1
    vendors = _ibm(*high) if three else _vendor(high[0] - 0x80, high[1] - 0x80)
    jis = _jis2004("euc_jis_2004", piece) if standard else None
    found = (vendors or jis) if vendor else (jis or vendors)
    return found or REPLACEMENT, start + len(piece)


def _in_sjis(error: UnicodeError) -> tuple[str, int]:
    """CP932: a character of JIS X 0213, else one lost character."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, start = error.object, error.start
    piece = data[start : start + 2]
    if len(piece) == 2 and 0x40 <= piece[1] <= 0xFC and piece[1] != 0x7F:
        found = _jis2004("shift_jis_2004", piece)
        if found and len(piece) == 2 and piece[0] >= 0x81 and not 0xA0 <= piece[0] <= 0xDF:
            return found, start + 2
        return REPLACEMENT, start + (2 if piece[1] >= 0x80 and piece[0] >= 0x81 else 1)
    return REPLACEMENT, start + 1


EUC = "seimai.euc"
EUC_VENDOR = "seimai.euc_vendor"
EUC_2004 = "seimai.euc_2004"
SJIS = "seimai.sjis"
codecs.register_error(EUC, _in_euc)
codecs.register_error(EUC_VENDOR, _in_euc_vendor)
codecs.register_error(EUC_2004, _in_euc_2004)
codecs.register_error(SJIS, _in_sjis)

HANDLERS: dict[str, tuple[str, str]] = {
    "cp932": ("cp932", SJIS),
    "shift_jis_2004": ("shift_jis_2004", "replace"),
    "euc_jp": ("euc_jp", EUC),
    "eucjp_ms": ("euc_jp", EUC),
    "euc_jis_2004": ("euc_jp", EUC_2004),
}
"""For each of our names of an encoding the codec and the error handler that read it."""


def incremental(encoding: str) -> codecs.IncrementalDecoder:
    """A decoder for pieces of a stream in one of the encodings that `decode` names."""
    if encoding == MENDED_ESCAPES:
        return _Escapes()
    codec, errors = HANDLERS.get(encoding, (encoding, "replace"))
    return codecs.getincrementaldecoder("utf-8-sig" if codec == "utf-8" else codec)(errors)


class _Escapes(codecs.IncrementalDecoder):
    """ISO-2022-JP with vendor characters, by whole lines: no character holds a line feed."""

    def __init__(self) -> None:
        super().__init__("replace")
        self._held = self._shift = b""

    def decode(self, data: bytes, final: bool = False) -> str:  # type: ignore[override]  # noqa: FBT001, FBT002 - as the standard library has it
        """The text of the lines that are whole."""
        held = self._held + data
        cut = len(held) if final or len(held) > LONGEST_HELD else held.rfind(b"\n") + 1
        whole, self._held = self._shift + held[:cut], held[cut:]
        self._shift = next((one[0] for one in reversed(list(ESCAPE.finditer(whole)))), b"")
        return read_escapes(whole)[0]


def split_tail(data: bytes, codec: str, errors: str) -> tuple[str, bytes]:
    """Decode, and give back the beginning of a character that the data ends in."""
    try:
        return data.decode(codec), b""  # Several times faster, and nearly always enough.
    except UnicodeDecodeError as error:
        if errors == "strict" and error.end < len(data):
            raise
    decoder = codecs.getincrementaldecoder(codec)(errors)
    text = decoder.decode(data)
    tail = decoder.getstate()[0]
    return text, tail


def euc_name(data: bytes) -> str:
    """Which EUC-JP the bytes are that Python's `euc_jp` refuses: vendors' or JIS X 0213's."""
    # Both have row 13 and, for different kanji, rows 89 to 92; only the rest tells.
    lost = split_tail(data, "euc_jp", EUC_VENDOR)[0].count(REPLACEMENT)
    if not lost:
        return "eucjp_ms"
    less = split_tail(data, "euc_jp", EUC_2004)[0].count(REPLACEMENT)
    return "euc_jis_2004" if less < lost else "eucjp_ms"


def read_escapes(data: bytes) -> tuple[str, str, bytes]:
    """
    ISO-2022-JP in any of its forms to (text, name, bytes of a character that was cut off).

    The standards' own decoders first, in order; where all refuse, escape by escape, so that
    vendor characters and half-width kana in 7 or 8 bits are read and faults stay small.
    """
    if data.isascii() and not (b"\x0e" in data or b"\x0f" in data):
        try:
            # The usual case: as EUC-JP, which decodes several times faster.
            plain = _TWO_BYTES.sub(lambda match: match[1].translate(_HIGH), data)
            if b"\x1b" not in plain:
                return plain.decode("euc_jp"), STANDARD[0], b""
        except UnicodeError:
            pass
    for name in STANDARD:
        try:
            text, tail = split_tail(data, name, "strict")
        except UnicodeError:
            continue
        # State without bytes is no tail; a lone escape at the end is one.
        return text, name, tail if tail and data.endswith(tail) else b""
    return _by_segments(data)


def _by_segments(data: bytes) -> tuple[str, str, bytes]:
    out: list[str] = []
    place = 0
    shift = b"\x1b(B"
    tail = b""
    for match in [*ESCAPE.finditer(data), None]:
        end = match.start() if match else len(data)
        segment = data[place:end]
        if match is None and segment.endswith(b"\x1b"):
            segment, tail = segment[:-1], b"\x1b"
        two = shift.startswith(b"\x1b$")
        if match is None and two and len(segment.rpartition(b"\n")[2]) % 2:
            segment, tail = segment[:-1], segment[-1:]
        out.append(_segment(segment, shift))
        if match is None:
            break
        place = match.end()
        if not match[0].startswith((b"\x1bN", b"\x1b.", b"\x0e", b"\x0f")):
            shift = match[0]
    return "".join(out), MENDED_ESCAPES, tail


def _segment(data: bytes, shift: bytes) -> str:
    if shift == b"\x1b(I":
        high = data.translate(_HIGH_KANA)
        return high.decode("cp932", "replace")
    if shift in {b"\x1b$@", b"\x1b$B", b"\x1b$(B", b"\x1b$(@"}:
        return _two_bytes(data, b"", EUC)
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

    def mend(match: re.Match[bytes]) -> bytes:
        return b"\x1b$B" + match[1] + b"\x1b(B"

    mended, count = LOST.subn(mend, data)
    return mended if count else None
