"""
CP932, EUC-JP and UTF-8 as files really have them: with vendor characters, whole or cut.

Python's codecs know the standards. Files also have NEC row 13 (①㈱), the IBM kanji (髙﨑) and
JIS X 0213, in EUC-JP too: error handlers read those without slowing the rest. ISO-2022-JP is in
`escapes.py`.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

import numpy as np

from seimai.pipeline.decode.plausible import SELDOM

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

WINDOWS = (("〜", "～"), ("−", "－"), ("‖", "∥"), ("¢", "￠"), ("£", "￡"), ("¬", "￢"))
"""
Characters that the JIS standards and Windows have at the same place but name differently. Files
with vendor characters come from Windows and get its names, as in browsers; others the standard's.
"""

STRAY = "\uf8f0\uf8f1\uf8f2\uf8f3"
"""What Python's cp932 makes of the bytes A0 and FD to FF, which are not characters at all."""

_PRIVATE = (0xE000, 0xF900)
_PAIR = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")


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


def _in_utf8(error: UnicodeError) -> tuple[str, int]:
    """UTF-8: a pair of surrogates, as Java and some databases write emoji, else as a browser."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    six = error.object[error.start : error.start + 6]
    if _PAIR.fullmatch(six):
        units = six.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
        return units.decode("utf-16-le"), error.start + 6
    return REPLACEMENT, error.end


EUC = "seimai.euc"
EUC_VENDOR = "seimai.euc_vendor"
EUC_2004 = "seimai.euc_2004"
SJIS = "seimai.sjis"
UTF8 = "seimai.utf8"
codecs.register_error(EUC, _in_euc)
codecs.register_error(EUC_VENDOR, _in_euc_vendor)
codecs.register_error(EUC_2004, _in_euc_2004)
codecs.register_error(SJIS, _in_sjis)
codecs.register_error(UTF8, _in_utf8)

HANDLERS: dict[str, tuple[str, str]] = {
    "utf-8": ("utf-8", UTF8),
    "cp932": ("cp932", SJIS),
    "shift_jis_2004": ("shift_jis_2004", "replace"),
    "euc_jp": ("euc_jp", EUC),
    "eucjp_ms": ("euc_jp", EUC),
    "euc_jis_2004": ("euc_jp", EUC_2004),
}
"""For each of our names of an encoding the codec and the error handler that read it."""


def split_tail(data: bytes, codec: str, errors: str) -> tuple[str, bytes]:
    """Decode, and give back the beginning of a character that the data ends in."""
    try:
        return data.decode(codec), b""  # Several times faster, and nearly always enough.
    except UnicodeDecodeError as error:
        if errors == "strict" and error.end < len(data):
            raise
    decoder = codecs.getincrementaldecoder(codec)(errors)
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        raise
    except UnicodeError:  # It holds back eight bytes at most, and damaged data can ask for more.
        return data.decode(codec, errors), b""
    return text, decoder.getstate()[0]


def read(data: bytes, name: str) -> tuple[str, str, bytes]:
    """
    All of the data to (text, name, bytes of a character that was cut off).

    `cp932` and `euc_jp` come back under the name of the larger set that explains the data, if
    they do not: `shift_jis_2004`, `eucjp_ms`, `euc_jis_2004`.
    """
    codec, errors = HANDLERS.get(name, (name, "replace"))
    try:
        text, tail = split_tail(data, codec, "strict")
    except UnicodeDecodeError:
        if name == "euc_jp":
            return _read_euc(data)
        if name == "cp932":
            found = _read_sjis_2004(data)
            if found:
                return found
        text, tail = split_tail(data, codec, errors)
    if name == "cp932" and _has_private(text):
        for stray in STRAY:
            text = text.replace(stray, REPLACEMENT)
    return as_windows(text) if name == "eucjp_ms" else text, name, tail


def _read_sjis_2004(data: bytes) -> tuple[str, str, bytes] | None:
    try:
        text, tail = split_tail(data, "shift_jis_2004", "strict")
    except UnicodeDecodeError:
        return None
    return text, "shift_jis_2004", tail


def _has_private(text: str) -> bool:
    """Whether a text has characters of private use; a search takes five times as long."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    return bool(((units >= _PRIVATE[0]) & (units < _PRIVATE[1])).any())


def as_windows(text: str) -> str:
    """A text with the names that Windows has for characters of JIS."""
    for standard, windows in WINDOWS:
        text = text.replace(standard, windows)
    return text


def _read_euc(data: bytes) -> tuple[str, str, bytes]:
    """Which EUC-JP the bytes are that Python's `euc_jp` refuses: vendors' or JIS X 0213's."""
    # Both have row 13 and, for different kanji, rows 89 to 92; the rest tells, or the kanji do.
    vendors, tail = split_tail(data, "euc_jp", EUC_VENDOR)
    newer, _ = split_tail(data, "euc_jp", EUC_2004)
    lost = newer.count(REPLACEMENT) - vendors.count(REPLACEMENT)
    if lost < 0 or (not lost and _seldom(newer) > _seldom(vendors)):
        return newer, "euc_jis_2004", tail
    return as_windows(split_tail(data, "euc_jp", EUC)[0]), "eucjp_ms", tail


def _seldom(text: str) -> int:
    """How many kanji that are met with, of those that Python's `euc_jp` does not have."""
    return sum(map(text.count, SELDOM))
