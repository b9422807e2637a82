r"""
The words of RTF: what a control word, a group or a byte does to the text.

A group holds formatting and where its text goes: into the text, a footnote, a comment, the code of
a field, or nowhere. Groups that a program may ignore (`\*`) go nowhere unless they are known here.
A word is one short function in a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from seimai.pipeline.decode import decode_as
from seimai.pipeline.ingest.documents.office.fields import is_contents, shown_by_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seimai.pipeline.ingest.contract import ReadOptions

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})?[ ]?|((?:\\'[0-9a-fA-F]{2})+)|\\([^a-zA-Z])|([{}])"
    rb"|[\r\n\0]+|([^\\{}\r\n\0]+)|\\",
    re.DOTALL,
)
UNSEEN = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr",
    "headerf", "footer", "footerl", "footerr", "footerf", "annotation", "listtable",
    "listoverridetable", "revtbl", "rsidtbl", "themedata", "colorschememapping", "datastore",
    "latentstyles", "xmlnstbl", "generator", "atnid", "atnauthor", "atnref", "atntime", "atndate",
    "bkmkstart", "bkmkend", "nonshppict", "shppict", "filetbl", "ftnsep", "ftnsepc", "ftncn",
    "aftnsep", "aftnsepc", "aftncn", "private", "mmathPr", "pnseclvl", "sn", "sv", "shprslt",
    "xe", "rxe", "txe", "tc", "tcn", "objdata", "objclass", "objname", "datafield", "formfield",
}  # fmt: skip
"""Groups that are not text: tables, headers, drawing properties, entries of an index."""
RESTORED = {"ud", "shptxt", "dptxbxtext", "result"}
"""Groups that are text within one that is not: `upr` has its text twice, the second time in
Unicode; a shape has its text among its properties, an object its result among its data."""
AROUND = {"upr", "shpinst", "do", "object"}
"""The groups that these stand in."""
KNOWN = RESTORED | AROUND | {"fldinst", "fldrslt", "annotation"}
"""Of groups that programs may ignore, those that are looked at."""
NUMBERS = {"listtext", "pntext"}
"""The automatic number of a paragraph, or its bullet, as the writing program made it."""

CHARACTERS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "nestrow": "\n",
    "column": "\n", "softline": "\n", "tab": "\t", "cell": "\t", "nestcell": "\t",
    "emdash": "\N{EM DASH}", "endash": "\N{EN DASH}", "bullet": "\N{BULLET}",
    "lquote": "\N{LEFT SINGLE QUOTATION MARK}", "rquote": "\N{RIGHT SINGLE QUOTATION MARK}",
    "ldblquote": "\N{LEFT DOUBLE QUOTATION MARK}", "rdblquote": "\N{RIGHT DOUBLE QUOTATION MARK}",
    "emspace": "\N{EM SPACE}", "enspace": "\N{EN SPACE}",
}  # fmt: skip
SYMBOLS = {
    b"~": " ", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n", b"\t": "\t",
}  # fmt: skip
CHARSETS = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 77: "mac_roman", 78: "cp932",
}  # fmt: skip
"""Windows' numbers of character sets, and Python's names."""
SYMBOL = 2
"""The character set of fonts of signs: a bullet is a letter of one, and no letter."""
LONGEST_SIGN = 2
"""Bytes in a font of signs that are one; more is a text whose font is wrong."""
PAGES = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "big5hkscs", 65001: "utf-8"}
DEEPEST = 10_000
"""Groups in groups; real files stay below 50."""


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group."""

    sink: list[str]
    """Where its text goes."""
    seen: bool = True
    """Whether its text is read."""
    outside: bool = True
    """Whether text is read where a group of `RESTORED` comes."""
    font: int = -1
    substitutes: int = 1
    """Characters after `\\u` that are there for programs without Unicode."""
    hidden: bool = False
    in_fonts: bool = False
    mute: bool = False
    """Whether the result of the field at hand is left out."""
    begins: str = ""
    """What the group is whose end has something to do: `fldinst` or a number."""


@dataclass
class Reader:
    """One pass over a file."""

    data: bytes
    options: ReadOptions
    page: str = "cp1252"
    """Python's name of the encoding that the file says."""
    fault: str = ""
    open_groups: int = 0
    embedded: int = 0
    """Objects of other programs."""
    _text: list[str] = field(default_factory=list)
    _notes: list[list[str]] = field(default_factory=list)
    _comments: list[list[str]] = field(default_factory=list)
    _fonts: dict[int, str] = field(default_factory=dict)
    _symbols: set[int] = field(default_factory=set)
    _font: int = -1
    """The font that the table of fonts is about to define."""
    _default_font: int = -1
    _bytes: bytearray = field(default_factory=bytearray)
    _bytes_state: _State | None = None
    _stack: list[_State] = field(default_factory=list)
    _substitutes_left: int = 0
    _star: bool = False
    _at: int = 0

    def __post_init__(self) -> None:
        self._state = _State(self._text)
        self._actions: dict[str, Callable[[int | None], None]] = {
            "bin": self._binary, "fonttbl": self._font_table, "f": self._set_font,
            "fcharset": self._set_charset, "deff": self._set_default_font,
            "plain": self._set_plain, "ansicpg": self._set_page, "mac": self._set_mac,
            "deleted": self._set_deleted, "v": self._set_hidden, "uc": self._set_substitutes,
            "u": self._unicode, "field": self._field, "fldrslt": self._field_result,
            "footnote": self._footnote, "annotation": self._annotation,
            "fldinst": lambda _: self._begin("fldinst"),
        }  # fmt: skip
        """What a word does, beside writing a character or opening a group that is no text."""

    def texts(self) -> Iterator[list[str]]:
        """The pieces of the text, of the footnotes, and of the comments."""
        yield self._text
        yield from self._notes
        yield from self._comments

    def read(self) -> None:
        """Read the file."""
        while match := _TOKEN.match(self.data, self._at):
            self._at = match.end()
            word, number, escaped, symbol, brace, plain = match.groups()
            if symbol in {b"{", b"}", b"\\"}:
                plain = symbol  # It may be the second byte of a character.
            if plain is not None:
                self._add(plain)
            elif escaped is not None:
                self._add(bytes.fromhex(escaped.replace(b"\\'", b"").decode()))
            elif brace is not None:
                if not (self._open() if brace == b"{" else self._close()):
                    break
            elif symbol == b"*":
                self._star = True
            elif symbol is not None:
                self._sign(symbol)
            elif word is not None:
                self._word(word.decode("ascii"), int(number) if number else None)
        self._flush()
        self.open_groups = len(self._stack)

    # --- groups ---

    def _open(self) -> bool:
        self._flush()
        if len(self._stack) >= DEEPEST:
            self.fault = f"groups are nested more than {DEEPEST} deep"
            return False
        self._stack.append(self._state)
        self._state = replace(self._state, begins="")
        self._star = False
        self._substitutes_left = 0
        return True

    def _close(self) -> bool:
        self._flush()
        if not self._stack:
            return False
        closed, self._state = self._state, self._stack.pop()
        self._substitutes_left = 0
        self._star = False
        if closed.begins == "fldinst":
            self._end_code("".join(closed.sink))
        elif closed.begins:
            self._end_number("".join(closed.sink))
        return True

    def _end_code(self, code: str) -> None:
        shown = shown_by_code(code)
        if shown is not None or is_contents(code):
            self._state = replace(self._state, mute=True)
            self._write(shown or "")

    def _end_number(self, text: str) -> None:
        label = " ".join(text.split())
        if any(char.isalnum() for char in label):
            self._write(f"{label} ")

    # --- text ---

    def _add(self, raw: bytes) -> None:
        """Bytes of the text."""
        self._star = False
        if self._substitutes_left:
            gone = min(self._substitutes_left, len(raw))
            raw, self._substitutes_left = raw[gone:], self._substitutes_left - gone
        state = self._state
        if not raw or not state.seen or state.hidden:
            return
        if self._bytes_state is not state:
            self._flush()
            self._bytes_state = state
        self._bytes += raw

    def _flush(self) -> None:
        """Bytes that belong together become characters."""
        if self._bytes and self._bytes_state:
            data = bytes(self._bytes)
            self._bytes.clear()
            if self._bytes_state.font in self._symbols and len(data) <= LONGEST_SIGN:
                return
            text = data.decode("ascii") if data.isascii() else self._decoded(data)
            self._bytes_state.sink.append(text)

    def _decoded(self, data: bytes) -> str:
        own = self._fonts.get(self._bytes_state.font, "") if self._bytes_state else ""
        # Word marks Japanese text with `\\dbch` and leaves the Latin font: both are tried.
        for codec in dict.fromkeys((own, self.page, *self._fonts.values())):
            if not codec:
                continue
            text = decode_as(data, codec)
            if "\N{REPLACEMENT CHARACTER}" not in text:
                return text
        return decode_as(data, own or self.page)

    def _write(self, text: str) -> None:
        if text and self._state.seen and not self._state.hidden:
            self._state.sink.append(text)

    def _sign(self, symbol: bytes) -> None:
        self._flush()
        self._star = False
        if self._substitutes_left:
            self._substitutes_left -= 1
        else:
            self._write(SYMBOLS.get(symbol, ""))

    # --- words ---

    def _word(self, name: str, value: int | None) -> None:
        self._flush()
        star, self._star = self._star, False
        if star and name not in KNOWN and name != "bin":
            self._hide()
        elif name in CHARACTERS:
            self._write(CHARACTERS[name])
        elif action := self._actions.get(name):
            action(value)
        elif name in NUMBERS:
            self._begin(name)
        elif name in AROUND:
            self.embedded += name == "object" and self._state.seen
            self._state = replace(self._state, seen=False, outside=self._state.seen)
        elif name in RESTORED:
            self._state = replace(self._state, seen=self._state.outside)
        elif name in UNSEEN:
            self._hide()

    def _hide(self) -> None:
        self._state = replace(self._state, seen=False, outside=False)

    def _begin(self, name: str) -> None:
        self._state = replace(self._state, sink=[], begins=name)

    def _binary(self, value: int | None) -> None:
        self._at += max(value or 0, 0)

    def _font_table(self, _: int | None) -> None:
        self._state = replace(self._state, seen=False, outside=False, in_fonts=True)

    def _set_font(self, value: int | None) -> None:
        if self._state.in_fonts:
            self._font = value or 0
        else:
            self._state = replace(self._state, font=value if value is not None else -1)

    def _set_charset(self, value: int | None) -> None:
        if self._state.in_fonts:
            self._fonts[self._font] = CHARSETS.get(value or 0, "")
            if value == SYMBOL:
                self._symbols.add(self._font)

    def _set_default_font(self, value: int | None) -> None:
        self._default_font = value if value is not None else -1

    def _set_plain(self, _: int | None) -> None:
        self._state = replace(self._state, font=self._default_font, hidden=False)

    def _set_page(self, value: int | None) -> None:
        self.page = PAGES.get(value or 0, f"cp{value}" if value in _KNOWN_PAGES else "cp1252")

    def _set_mac(self, _: int | None) -> None:
        self.page = "mac_roman"

    def _set_deleted(self, value: int | None) -> None:
        self._state = replace(self._state, hidden=value != 0)

    def _set_hidden(self, value: int | None) -> None:
        if self.options.hidden == "drop":
            self._state = replace(self._state, hidden=value != 0)

    def _set_substitutes(self, value: int | None) -> None:
        self._state = replace(self._state, substitutes=min(max(value or 0, 0), 16))

    def _unicode(self, value: int | None) -> None:
        if value is None:
            return
        self._substitutes_left = self._state.substitutes
        if -0x8000 <= value <= 0xFFFF:
            self._write(chr(value % 0x10000))

    def _field(self, _: int | None) -> None:
        self._state = replace(self._state, mute=False)

    def _field_result(self, _: int | None) -> None:
        if self._state.mute:
            self._hide()

    def _footnote(self, _: int | None) -> None:
        if self._state.seen:
            self._notes.append([])
            self._state = replace(self._state, sink=self._notes[-1])

    def _annotation(self, _: int | None) -> None:
        if self.options.comments == "keep" and self._stack and self._state.sink is self._text:
            self._comments.append([])
            sink = self._comments[-1]
            self._state = replace(self._state, sink=sink, seen=True, outside=True, hidden=False)
        elif self.options.comments == "drop":
            self._hide()


_KNOWN_PAGES = {437, 850, 852, 866, 874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258}
