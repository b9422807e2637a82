"""
Ways in which text is read wrongly, and the way back: from characters to bytes to the true text.

A `Reading` is a wrong decoder and the encoding that the bytes really were in. A passage can be
taken back only where the wrong decoder lost nothing: each character is turned into the bytes that
give it, these are decoded strictly, and the result must encode to the very same bytes. Whether
the result is also the better text is decided in `mend.py`.

UTF-8 read as EUC-JP is not here: the second byte of every kana is none there, so it is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NO_BYTES = "\u0100"
"""Stands in a row of bytes for a character that the wrong decoder cannot have given."""

_UTF8 = (
    "(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    "|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    "|\xf4[\x80-\x8f][\x80-\xbf]{2})"
)
_SHIFT_JIS = "[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]"
_PASSAGES = {
    # Nothing but ASCII between the characters, so that a sentence with a word in it is one.
    "utf-8": re.compile(f"{_UTF8}(?:[\t\x20-\x7e]*+{_UTF8})*+"),
    # Single bytes are half-width kana, which only their neighbours tell from Latin letters.
    "cp932": re.compile(
        f"[\xa1-\xdf]*+{_SHIFT_JIS}(?:[\t\x20-\x7e\xa1-\xdf]*+{_SHIFT_JIS})*+[\xa1-\xdf]*+"
    ),
    "euc_jp": re.compile("[\x8e\xa1-\xfe]{2,}+"),
}
"""What bytes of a true encoding look like in a row; each begins and ends with a character."""

_ALSO = {"euc_jp": "euc_jis_2004"}
"""A codec that knows what the first one does not: ①, ㈱ and the other characters of vendors."""

_HIGH = re.compile("[\x80-\xff]")

UTF8_SHARE = 0.9
"""Share of the bytes beyond ASCII that have to look like UTF-8; in EUC-JP and Shift_JIS about half
do so by chance."""

CLEARLY = 3
"""Kana that the right of two ways to begin has more than the wrong one, which has hardly any."""

CHUNK = 512
"""Bytes decoded at a time, so that a long line full of faults is not decoded again for each."""


@dataclass(frozen=True)
class Reading:
    """One way of decoding wrongly: which codec was used, and which would have been right."""

    name: str
    bytes_of: Mapping[str, str]
    """For each character the wrong decoder gives: its bytes, as characters below U+0100."""
    true: str
    """The codec that would have been right."""
    begins: str
    """Characters of which every ruin of running Japanese holds some."""
    sign: re.Pattern[str]
    """One of them and what follows: what other text hardly ever holds."""

    def signed(self, text: str) -> bool:
        """Whether a text may hold such a ruin."""
        # Looking for a character costs next to nothing, looking for a pattern does.
        return any(map(text.__contains__, self.begins)) and bool(self.sign.search(text))


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a line that can be taken back without loss."""

    start: int
    stop: int
    """Index behind the last of the ruined characters."""
    text: str
    """The characters as they were before."""


def _two_bytes(codec: str, one: Mapping[str, str], true: str) -> dict[str, str]:
    """
    All that a double-byte decoder gives for the bytes of a true encoding.

    Windows writes some characters in two or three ways. Where only one of them can stand in the
    true encoding, or what is beside it will tell, it is taken; else which it was is lost.
    """
    ways: dict[str, list[str]] = {}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                character = bytes((lead, trail)).decode(codec)
            except UnicodeDecodeError:
                continue
            if len(character) == 1:
                ways.setdefault(character, []).append(chr(lead) + chr(trail))
    table = {chr(byte): chr(byte) for byte in range(0x80)} | dict(one)
    for character, rows in ways.items():
        shapes = [_shape(row, true) for row in rows]
        likely = [row for row, shape in zip(rows, shapes, strict=True) if shape] or rows
        if len(likely) == len({_shape(row, true) for row in likely}) or len(rows) == 1:
            table[character] = likely[0]
    return table


def _shape(row: str, true: str) -> str:
    """What two bytes are in a true encoding; "" for what they cannot be."""
    if true == "euc_jp":
        return "pair" if all(byte == "\x8e" or "\xa1" <= byte <= "\xfe" for byte in row) else ""
    kinds = ["next" if byte < "\xc0" else "first" for byte in row]
    return " ".join(kinds) if all(byte not in "\xc0\xc1" and byte < "\xf5" for byte in row) else ""


@cache
def _half_kana() -> dict[str, str]:
    return {chr(0xFF61 + k): chr(0xA1 + k) for k in range(63)}


@cache
def _latin() -> dict[str, str]:
    """Latin-1, and Windows-1252 with the five bytes that it does not define."""
    table = {chr(byte): chr(byte) for byte in range(0x100)}
    for byte in range(0x80, 0xA0):
        try:
            table[bytes((byte,)).decode("cp1252")] = chr(byte)
        except UnicodeDecodeError:
            continue
    return table


@cache
def _cp932(true: str) -> dict[str, str]:
    single = {"\x80": "\x80", "\xa0": "\xa0"}
    single |= {chr(0xF8F0 + place): byte for place, byte in enumerate("\xa0\xfd\xfe\xff")}
    table = _two_bytes("cp932", _half_kana() | single, true)
    # Windows writes ・ where bytes are not a character: taken literally, it would bring up ぁE.
    del table["・"]
    # The same bytes in decoders that follow the standard and not Windows.
    for character, windows in zip("〜−‖—", "～－∥―", strict=True):
        table.setdefault(character, table[windows])
    return table


@cache
def _gb18030() -> dict[str, str]:
    table = _two_bytes("gb18030", {"\x80": "\x80"}, "utf-8")
    # It is A2 E3, and in browsers 80 as well: モ or ミ.
    del table["€"]
    return table


@cache
def readings() -> tuple[Reading, ...]:
    """All ways of reading wrongly that are taken back."""
    latin = "[\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"

    def reading(
        wrong: str, table: Mapping[str, str], true: str, begins: str, then: str = ""
    ) -> Reading:
        return Reading(f"{true} as {wrong}", table, true, begins, re.compile(f"[{begins}]{then}"))

    return (
        reading("cp932", _cp932("utf-8"), "utf-8", "縺繧繝縲邵郢"),
        reading("latin", _latin(), "utf-8", "ãÃçï", f"{latin}{{3}}"),
        reading("gb18030", _gb18030(), "utf-8", "銆銇銈銉"),
        reading("cp932", _cp932("euc_jp"), "euc_jp", "､･", "[^\x00-\x7f､･][､･]"),
        reading("latin", _latin(), "euc_jp", "¤¥", f"{latin}[¤¥]"),
        reading("latin", _latin(), "cp932", "‚ƒ\x82\x83", ".[‚ƒ\x82\x83]"),
        reading("single bytes", _latin() | _half_kana(), "cp932", "‚ƒ\x82\x83", ".[‚ƒ\x82\x83]"),
    )


def passages(line: str, reading: Reading) -> Iterator[Passage]:
    """
    The parts of a line that a reading can be taken back from, in order.

    >>> [one.text for one in passages("縺薙ｌ縺ｯ", readings()[0])]
    ['これは']
    """
    table = reading.bytes_of
    pieces = [table.get(character, NO_BYTES) for character in line]
    row = "".join(pieces)
    if reading.true != "utf-8" and _mostly_utf8(row):
        return
    place_of = _places(row, pieces)
    for found in _PASSAGES[reading.true].finditer(row):
        start, stop = found.span()
        if reading.true != "utf-8" and row[start - 1 : start] > "\x7f":
            # Bytes were lost before it, so that it may begin in the middle of a character.
            ways = [
                list(_whole(row, first, stop, reading.true, place_of, exotic=False))
                for first in (start, start + 1)
            ]
            ways.sort(key=lambda way: sum(kana_in(one.text) for one in way))
            less, more = (sum(kana_in(one.text) for one in way) for way in ways)
            yield from ways[1] if more - less >= CLEARLY else ()
        else:
            yield from _whole(row, start, stop, reading.true, place_of, exotic=True)


def _places(row: str, pieces: Sequence[str]) -> Mapping[int, int] | range:
    """For each place between two characters of a line, by the bytes before it."""
    if len(row) == len(pieces):
        return range(len(row) + 1)
    return {offset: place for place, offset in enumerate(accumulate(map(len, pieces), initial=0))}


def mostly_utf8(line: str, reading: Reading) -> bool:
    """Whether the bytes of a line, but for a few lost ones, are UTF-8, be it text or not."""
    return _mostly_utf8("".join(reading.bytes_of.get(character, "") for character in line))


def _mostly_utf8(row: str) -> bool:
    high = len(_HIGH.findall(row))
    good = sum(len(_HIGH.findall(part)) for part in _PASSAGES["utf-8"].findall(row))
    return good > UTF8_SHARE * high


def kana_in(text: str) -> int:
    """How many hiragana and katakana a text has."""
    return sum("ぁ" <= character <= "ヿ" for character in text)


def _whole(
    row: str,
    start: int,
    stop: int,
    codec: str,
    place_of: Mapping[int, int] | range,
    *,
    exotic: bool,
) -> Iterator[Passage]:
    """The parts of a row of bytes that decode strictly and lie between characters of the line."""
    while start < stop:
        data = row[start : min(stop, start + CHUNK)].encode("latin-1")
        name = codec
        text, used, skip = _decoded(data, name)
        if exotic and used < len(data) and codec in _ALSO:
            more, longer, after = _decoded(data, _ALSO[codec])
            # A few characters of JIS X 0213 are two in Unicode: those are left alone.
            if longer > used and longer == sum(len(one.encode(_ALSO[codec])) for one in more):
                name, text, used, skip = _ALSO[codec], more, longer, after
        if used and start in place_of and start + used in place_of:
            yield Passage(place_of[start], place_of[start + used], text)
        elif found := _aligned(row, start, text, name, place_of):
            yield found
        # A character that only the end of the chunk cuts in two is read again with the next.
        cut = used and start + len(data) < stop and used + skip == len(data)
        start += used if cut else used + max(skip, 1 - used)


def _decoded(data: bytes, codec: str) -> tuple[str, int, int]:
    """The text that data begins with, its bytes, and how many after them are not text."""
    try:
        text, skip = data.decode(codec), 0
    except UnicodeDecodeError as error:
        text, skip = data[: error.start].decode(codec), error.end - error.start
    again = text.encode(codec)
    if not data.startswith(again):
        # Two ways to write a character: which of them was meant cannot be proved.
        same = next(k for k, (a, b) in enumerate(zip(again, data, strict=False)) if a != b)
        text, skip = data[:same].decode(codec, "ignore"), 2
        again = text.encode(codec)
    return text, len(again), skip


def _aligned(
    row: str, start: int, text: str, codec: str, place_of: Mapping[int, int] | range
) -> Passage | None:
    """The part of the text whose bytes are whole characters of the line."""
    offsets = list(accumulate((len(one.encode(codec)) for one in text), initial=start))
    first, last = 0, len(text)
    while first < last and offsets[first] not in place_of:
        first += 1
    end = offsets[last]
    if first < last and end not in place_of and row[end : end + 1] < "\x80" and end + 1 in place_of:
        # The wrong decoder took an ASCII character for the second byte.
        return Passage(place_of[offsets[first]], place_of[end + 1], text[first:] + row[end])
    while last > first and offsets[last] not in place_of:
        last -= 1
    if first == last:
        return None
    return Passage(place_of[offsets[first]], place_of[offsets[last]], text[first:last])
