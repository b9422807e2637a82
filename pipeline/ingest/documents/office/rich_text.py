r"""
RTF: control words, groups and bytes of many encodings to text.

Japanese comes as `\'93\'fa` in the encoding of the font at hand, as `\u26085` with a substitute
after it, or as plain bytes; the second byte of a character may stand as a letter of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seimai.pipeline.decode import decode_as
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Document,
    Input,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
)
from seimai.pipeline.ingest.sources.single_file import read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDIA_TYPE = "application/rtf"

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})?[ ]?|((?:\\'[0-9a-fA-F]{2})+)|\\([^a-zA-Z])|([{}])"
    rb"|[\r\n\0]+|([^\\{}\r\n\0]+)|\\",
    re.DOTALL,
)
UNSEEN = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr",
    "headerf", "footer", "footerl", "footerr", "footerf", "annotation", "fldinst", "listtable",
    "listoverridetable", "revtbl", "rsidtbl", "themedata", "colorschememapping", "datastore",
    "latentstyles", "xmlnstbl", "generator", "atnid", "atnauthor", "atnref", "bkmkstart",
    "bkmkend", "nonshppict", "shppict", "filetbl", "ftnsep", "ftnsepc", "aftnsep", "private",
    "upr", "mmathPr", "pnseclvl", "listtext", "do",
}  # fmt: skip
"""Groups that are not text. `upr` holds its text twice, the second time as Unicode."""
KEPT = {b"ud", b"shptxt", b"shpinst"}
"""Of groups that programs may ignore (`\\*`), those that hold text."""

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
PAGES = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "big5hkscs", 65001: "utf-8"}
DEEPEST = 10_000
"""Groups in groups; real files stay below 50."""


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group."""

    seen: bool = True
    """Whether its text is read."""
    font: int = -1
    substitutes: int = 1
    """Characters after `\\u` that are there for programs without Unicode."""
    hidden: bool = False


COMMENT, END_OF_COMMENT = "\ufdd0", "\ufdd1"
"""Noncharacters around comments, until these are put after the text."""
_COMMENT = re.compile(f"{COMMENT}([^{END_OF_COMMENT}]*){END_OF_COMMENT}")


def read_rtf(source: Input, options: ReadOptions) -> Items:
    """The one document of an RTF file."""
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        yield data
        return
    if not data.startswith(b"{\\rtf"):
        yield Unreadable("", "damaged", "the file does not begin as RTF", data[:FIRST_BYTES])
        return
    reader = _Reader(data, options)
    text = "".join(reader.parts())
    text = "\n".join([_COMMENT.sub("", text).rstrip(), *_COMMENT.findall(text)])
    text = "\n".join(_lines(text.replace(COMMENT, "").replace(END_OF_COMMENT, "")))
    if reader.fault:
        yield Unreadable("", "damaged", reader.fault, data[:FIRST_BYTES])
        return
    if reader.open_groups and not data.rstrip(b"\0 \r\n").endswith(b"}"):
        yield Unreadable("", "truncated", "the file ends inside a group", data[:FIRST_BYTES])
        return
    if not text.strip():
        yield Skipped("", "empty")
        return
    encoding = reader.page
    yield Document(
        text,
        declared=encoding,
        encoding=encoding,
        replaced=text.count("\N{REPLACEMENT CHARACTER}"),
        media_type=MEDIA_TYPE,
    )


def _lines(text: str) -> Iterator[str]:
    """Lines without blanks at their ends; never two empty ones in a row, none at the ends."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    empty = False
    for line in text.strip().split("\n"):
        kept = line.rstrip()
        if kept or not empty:
            yield kept
        empty = not kept


class _Reader:
    """One pass over a file."""

    def __init__(self, data: bytes, options: ReadOptions) -> None:
        self.data = data
        self.keep_hidden = options.hidden == "keep"
        self.keep_comments = options.comments == "keep"
        self.page = "cp1252"
        self.open_groups = 0
        self.fault = ""
        self._fonts: dict[int, str] = {}
        self._default_font = -1
        self._bytes = bytearray()
        self._bytes_font = -1

    def parts(self) -> Iterator[str]:
        """Pieces of text."""
        state = _State()
        stack: list[_State] = []
        in_fonts = 0
        in_comment = 0
        font = -1
        left_out = 0
        at = 0
        star = False
        while match := _TOKEN.match(self.data, at):
            at = match.end()
            word, number, escaped, symbol, brace, plain = match.groups()
            if symbol in {b"{", b"}", b"\\"}:
                plain = symbol  # It may be the second byte of a character.
            if plain is not None or escaped is not None:
                raw = (
                    plain
                    if plain is not None
                    else bytes.fromhex(escaped.replace(b"\\'", b"").decode())
                )
                if left_out:
                    gone = min(left_out, len(raw))
                    raw, left_out = raw[gone:], left_out - gone
                if raw and state.seen and not state.hidden:
                    yield from self._add(raw, state.font)
                continue
            if brace is None and word is None and symbol is None:
                continue
            yield from self._flush()
            if brace == b"{":
                if len(stack) >= DEEPEST:
                    self.fault = f"groups are nested more than {DEEPEST} deep"
                    return
                stack.append(state)
                star = False
                left_out = 0
            elif brace == b"}":
                if not stack:
                    return
                state = stack.pop()
                left_out = 0
                if in_fonts > len(stack):
                    in_fonts = 0
                if in_comment > len(stack):
                    in_comment = 0
                    yield END_OF_COMMENT
            elif symbol == b"*":
                star = True
                continue
            elif symbol is not None:
                if left_out:
                    left_out -= 1
                elif state.seen and not state.hidden:
                    yield SYMBOLS.get(symbol, "")
            elif word is not None:
                value = int(number) if number else None
                name = word.decode("ascii")
                if name == "bin":
                    at += max(value or 0, 0)
                elif name == "fonttbl":
                    in_fonts = len(stack) or 1
                    state = replace(state, seen=False)
                elif in_fonts and name == "f":
                    font = value or 0
                elif in_fonts and name == "fcharset":
                    self._fonts[font] = CHARSETS.get(value or 0, "")
                elif name == "annotation" and self.keep_comments and not in_comment and stack:
                    in_comment = len(stack)
                    state = replace(state, seen=True, hidden=False)
                    yield COMMENT
                elif name in UNSEEN or (star and word not in KEPT):
                    state = replace(state, seen=False)
                elif star:
                    state = replace(state, seen=True)
                elif name == "u" and value is not None:
                    left_out = state.substitutes
                    if state.seen and not state.hidden and -0x8000 <= value <= 0xFFFF:
                        yield chr(value % 0x10000)
                else:
                    written, state = self._word(name, value, state)
                    yield written
            star = False
        yield from self._flush()
        self.open_groups = len(stack)

    def _word(self, name: str, value: int | None, state: _State) -> tuple[str, _State]:
        if name in CHARACTERS:
            return (CHARACTERS[name] if state.seen and not state.hidden else ""), state
        if name == "f":
            return "", replace(state, font=value if value is not None else -1)
        if name == "plain":
            return "", replace(state, font=self._default_font, hidden=False)
        if name == "deleted" or (name == "v" and not self.keep_hidden):
            return "", replace(state, hidden=value != 0)
        if name == "uc":
            return "", replace(state, substitutes=min(max(value or 0, 0), 16))
        if name == "ansicpg":
            self.page = PAGES.get(value or 0, f"cp{value}" if value in _KNOWN else "cp1252")
        elif name == "mac":
            self.page = "mac_roman"
        elif name == "deff":
            self._default_font = value if value is not None else -1
        return "", state

    def _add(self, raw: bytes, font: int) -> Iterator[str]:
        if self._bytes and font != self._bytes_font:
            yield from self._flush()
        self._bytes_font = font
        self._bytes += raw

    def _flush(self) -> Iterator[str]:
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            yield data.decode("ascii") if data.isascii() else self._decoded(data)

    def _decoded(self, data: bytes) -> str:
        own = self._fonts.get(self._bytes_font, "")
        # Word marks Japanese text with `\dbch` and leaves the Latin font: both are tried.
        for codec in dict.fromkeys((own, self.page, *self._fonts.values())):
            if not codec:
                continue
            text = decode_as(data, codec)
            if "\N{REPLACEMENT CHARACTER}" not in text:
                return text
        return decode_as(data, own or self.page)


_KNOWN = {437, 850, 852, 866, 874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258}
