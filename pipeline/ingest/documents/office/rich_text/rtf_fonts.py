"""The fonts of an RTF file, which say what its bytes are: encodings, and fonts of signs."""

from __future__ import annotations

from codecs import getincrementaldecoder
from dataclasses import dataclass, field

from seimai.pipeline.decode import decode_as
from seimai.pipeline.ingest.documents.office.rich_text.rtf_tables import (
    CHARSETS,
    DOUBLE,
    KNOWN_PAGES,
    LONGEST_SIGN,
    PAGES,
    SYMBOL,
)
from seimai.pipeline.ingest.documents.office.sign_fonts import PRIVATE, sign

BYTES_OF_PRIVATE = 0x100
"""A font of symbols has this many letters in Unicode's private area."""


@dataclass
class Fonts:
    """What the fonts of a file are, by number."""

    page: str = "cp1252"
    """The encoding that the file declares, by Python's name."""
    page_is_known: bool = False
    """Whether the words of the file about its encoding are not believed."""
    defined: int = -1
    """The number of the font that the font table is defining."""
    foreign: list[bytes] = field(default_factory=list)
    """Bytes beyond ASCII of which nothing but the file as a whole says what they are."""
    _codecs: dict[int, str] = field(default_factory=dict)
    _signs: dict[int, str] = field(default_factory=dict)
    """Names of the fonts of symbols, by number."""

    def set_charset(self, value: int | None) -> None:
        """The font at hand has this character set."""
        self._codecs[self.defined] = CHARSETS.get(value or 0, "")
        if value == SYMBOL:
            self._signs.setdefault(self.defined, "")

    def set_page(self, value: int | None) -> None:
        """Note the code page that the file declares."""
        if not self.page_is_known:
            known = f"cp{value}" if value in KNOWN_PAGES else "cp1252"
            self.page = PAGES.get(value or 0, known)

    def set_mac(self, _: int | None) -> None:
        """The file says that it is from a Macintosh."""
        if not self.page_is_known:
            self.page = "mac_roman"

    def name(self, raw: bytes) -> None:
        """A piece of the name of the font at hand; it matters of fonts of signs."""
        if self.defined in self._signs:
            self._signs[self.defined] += raw.decode("ascii", "replace")

    def codec(self, font: int) -> str:
        """The encoding of a font, or else that of the file."""
        return self._codecs.get(font, "") or self.page

    def half(self, data: bytes, font: int) -> bytes:
        """The first byte of a character whose second one is not there, or b""."""
        codec = self.codec(font)
        if data.isascii() or codec not in DOUBLE:
            return b""
        decoder = getincrementaldecoder(codec)("replace")
        decoder.decode(data)
        return decoder.getstate()[0]

    def text(self, data: bytes, font: int) -> str:
        """What these bytes show in this font, as text."""
        if (name := self._signs.get(font)) is not None:
            text = "".join(sign(name.strip(" ;"), code) for code in data)
            if text or len(data) <= LONGEST_SIGN:
                return text
        return data.decode("ascii") if data.isascii() else self._decoded(data, font)

    def character(self, code: int, font: int) -> str:
        """What a character of Unicode shows in a font."""
        name = self._signs.get(font)
        if name is not None and PRIVATE <= code < PRIVATE + BYTES_OF_PRIVATE:
            return sign(name.strip(" ;"), code)
        return chr(code)

    def _decoded(self, data: bytes, font: int) -> str:
        own = self._codecs.get(font, "")
        if not own and self.page not in DOUBLE:
            self.foreign.append(data)
        # Word marks Japanese text with `\dbch` and leaves the Latin font: both are tried.
        for codec in dict.fromkeys((own, self.page, *self._codecs.values())):
            if not codec:
                continue
            text = decode_as(data, codec)
            if "\N{REPLACEMENT CHARACTER}" not in text:
                return text
        return decode_as(data, own or self.page)
