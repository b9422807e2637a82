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

from seimai.pipeline.ingest.documents.office.fields import is_contents, shown_by_code
from seimai.pipeline.ingest.documents.office.rich_text.rtf_fonts import Fonts
from seimai.pipeline.ingest.documents.office.rich_text.rtf_tables import (
    AROUND,
    CHARACTERS,
    DEEPEST,
    ENDS_IN_CELL,
    KNOWN,
    NUMBERS,
    RESTORED,
    SYMBOLS,
    UNSEEN,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seimai.pipeline.ingest.contract import ReadOptions

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})?[ ]?|((?:\\'[0-9a-fA-F]{2})+)|\\([^a-zA-Z])|([{}])"
    rb"|[\r\n\0]+|([^\\{}\r\n\0]+)|\\",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _State:
    """The settings of the current group, which end with it."""

    sink: list[str]
    """The list that its text is written to."""
    seen: bool = True
    """Whether its text is read."""
    outside: bool = True
    """Whether the text of a group of `RESTORED` within this group is read."""
    font: int = -1
    substitutes: int = 1
    """Characters after `\\u` that are there for programs without Unicode."""
    hidden: bool = False
    in_fonts: bool = False
    in_cell: bool = False
    """Whether its paragraphs stand in a table."""
    mute: bool = False
    """Whether the result of the current field is left out."""
    begins: str = ""
    """What the group is whose end has something to do: `fldinst` or a number."""


@dataclass
class Reader:
    """One pass over an RTF file."""

    data: bytes
    options: ReadOptions
    fonts: Fonts = field(default_factory=Fonts)
    fault: str = ""
    open_groups: int = 0
    embedded: int = 0
    """How many objects of other programs the file holds."""
    _text: list[str] = field(default_factory=list)
    _notes: list[list[str]] = field(default_factory=list)
    _comments: list[list[str]] = field(default_factory=list)
    _lead: bytes = b""
    """The first byte of a character whose second one has not come yet."""
    _lead_sink: list[str] | None = None
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
            "plain": self._set_plain, "ansicpg": self.fonts.set_page, "mac": self.fonts.set_mac,
            "deleted": self._set_deleted, "v": self._set_hidden, "uc": self._set_substitutes,
            "u": self._unicode, "field": self._field, "fldrslt": self._field_result,
            "footnote": self._footnote, "annotation": self._annotation,
            "fldinst": lambda _: self._begin("fldinst"),
            "intbl": lambda _: self._set_cell(inside=True),
            "trowd": lambda _: self._set_cell(inside=True),
            "pard": lambda _: self._set_cell(inside=False),
        }  # fmt: skip
        """What a word does, beside writing a character or opening a group that is no text."""

    def texts(self) -> Iterator[list[str]]:
        """The pieces of the text, of the footnotes, and of the comments."""
        yield self._text
        yield from self._notes
        yield from self._comments

    def read(self) -> None:
        """Go through the file once."""
        while match := _TOKEN.match(self.data, self._at):
            self._at = match.end()
            word, number, escaped, symbol, brace, plain = match.groups()
            if symbol in {b"{", b"}", b"\\"}:
                plain = symbol  # It may be the second byte of a character.
            if plain is not None:
                self._add(plain + self._second_byte(plain))
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
        self._lose_lead()
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

    def _second_byte(self, plain: bytes) -> bytes:
        r"""A brace or a backslash after bytes that are not escaped, where it ends a character."""
        after = self.data[self._at : self._at + 2]
        if plain.isascii() or after[:1] not in {b"{", b"}", b"\\"} or after == b"\\'":
            return b""
        if not self.fonts.half(plain, self._state.font):
            return b""
        self._at += 1
        return after[:1]

    def _add(self, raw: bytes) -> None:
        """Take in bytes of the text."""
        self._star = False
        if self._substitutes_left:
            gone = min(self._substitutes_left, len(raw))
            raw, self._substitutes_left = raw[gone:], self._substitutes_left - gone
        state = self._state
        if state.in_fonts:
            self.fonts.name(raw)
        if not raw or not state.seen or state.hidden:
            return
        if self._bytes_state is not state:
            self._flush()
            self._bytes_state = state
        if self._lead and self._lead_sink is state.sink:
            raw, self._lead = self._lead + raw, b""
        self._bytes += raw

    def _flush(self) -> None:
        """Bytes that belong together become characters; half of one waits for its second byte."""
        if not self._bytes or not self._bytes_state:
            return
        data = bytes(self._bytes)
        self._bytes.clear()
        state = self._bytes_state
        if half := self.fonts.half(data, state.font):
            self._lose_lead()
            data, self._lead, self._lead_sink = data[: -len(half)], half, state.sink
        state.sink.append(self.fonts.text(data, state.font))

    def _lose_lead(self) -> None:
        """Half a character that nothing followed."""
        if self._lead and self._lead_sink is not None:
            self._lead_sink.append("\N{REPLACEMENT CHARACTER}")
        self._lead = b""

    def _write(self, text: str) -> None:
        if text and self._state.seen and not self._state.hidden:
            if self._lead_sink is self._state.sink:
                self._lose_lead()
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
        star, self._star = self._star, False
        if name not in _MEANT and name not in self._actions and not star:
            return  # Formatting; the second byte of a character may follow it.
        self._flush()
        if star and name not in KNOWN and name != "bin":
            self._hide()
        elif name in CHARACTERS:
            self._character(name)
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

    def _character(self, name: str) -> None:
        if name not in ENDS_IN_CELL or not self._state.in_cell:
            self._write(CHARACTERS[name])
        elif self._state.sink and not self._state.sink[-1].endswith((" ", "\t", "\n")):
            self._write(" ")

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
            self.fonts.defined = value or 0
        else:
            self._state = replace(self._state, font=value if value is not None else -1)

    def _set_charset(self, value: int | None) -> None:
        if self._state.in_fonts:
            self.fonts.set_charset(value)

    def _set_cell(self, *, inside: bool) -> None:
        self._state = replace(self._state, in_cell=inside)

    def _set_default_font(self, value: int | None) -> None:
        self._default_font = value if value is not None else -1

    def _set_plain(self, _: int | None) -> None:
        self._state = replace(self._state, font=self._default_font, hidden=False)

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
        if not -0x8000 <= value <= 0xFFFF:
            return
        self._write(self.fonts.character(value % 0x10000, self._state.font))

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


_MEANT = {*CHARACTERS, *NUMBERS, *AROUND, *RESTORED, *UNSEEN}
"""Words that do something to the text, beside those with an action of their own."""
