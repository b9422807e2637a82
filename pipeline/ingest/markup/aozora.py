"""
Aozora Bunko texts: ruby and notes taken out, characters beyond Shift_JIS put in.

Their notation is plain: 漢字《かんじ》 with ｜ before the base where it is needed, notes in
［＃…］, characters without a code as ※［＃description, code］, a head with title and author, a
legend between two lines of dashes, a colophon that begins with 底本：. What is split off goes into
the extra columns.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from seimai.pipeline.ingest.contract import (
    Input,
    Items,
    ReadOptions,
    Unreadable,
)
from seimai.pipeline.ingest.sources.single_file import one_document, read_text

GETA = "〓"
"""What printers put where they have no type: a character that is described but has no code."""

LONGEST_LINE_OF_HEAD = 80
MOST_LINES_OF_HEAD = 8
DEEPEST = 6
"""Notes within notes: a missing character in a quotation within a note makes three."""

_MARKS = "《》｜［］〔〕※＃"
_HIDE = str.maketrans(_MARKS, "".join(map(chr, range(1, 1 + len(_MARKS)))))
_SHOW = {hidden: shown for shown, hidden in _HIDE.items()}
"""A 《 given by its code is a bracket, no ruby: it is hidden until ruby is gone."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_RULE = re.compile(r"^-{20,}[ \t]*$", re.MULTILINE)
_COLOPHON = re.compile(r"^(?:底本：|青空文庫作成ファイル：)", re.MULTILINE)
_MISSING = re.compile(r"※［＃([^［］\n]{0,200})］")
_UNICODE = re.compile(r"U\+([0-9A-Fa-f]{4,6})")
_SMALL = re.compile(r"小書き(?:片仮名|平仮名)([ヰヱヲンゐゑを])")
SMALL = dict(
    zip(
        "ゐゑをヰヱヲン",
        map(chr, (*range(0x1B150, 0x1B153), *range(0x1B164, 0x1B168))),
        strict=True,
    )
)
"""Small kana that JIS does not have and Unicode does, since version 12."""
_PLANE = re.compile(r"(?<![0-9-])([12])-([0-9]{1,2})-([0-9]{1,2})(?![0-9-])")
_NOTE = re.compile(r"［＃[^［］]*］")
_BASE = re.compile(r"｜([^｜《》\n]*)《[^《》\n]*》")
_RUBY = re.compile(r"《[^《》\n]*》")
_ACCENTED = re.compile(r"〔([^〔〕\n]{1,1000})〕")
_ACCENT = re.compile(
    r"(AE|ae|OE|oe|s)&|([AEIOUYaeiouyNnCcÅå])(['`^~_]|:(?=[A-Za-z])|,(?=[A-Za-z]))|([Aa])&|([Oo])/|([!?])@"
)
_COMBINING = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", ":": "\u0308", ",": "\u0327",
    "_": "\u0304",
}  # fmt: skip
_LIGATURES = {"AE": "Æ", "ae": "æ", "OE": "Œ", "oe": "œ", "s": "ß"}
_ROLE = re.compile(r"((?:訳|譯)[註注]?|編|校[訂注註]|閲)$")
_DOUBLE = (("／″＼", "〴〵"), ("／＼", "〳〵"))
"""The marks that repeat two characters, written with slashes."""
_GAP = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


def read_aozora(source: Input, options: ReadOptions) -> Items:
    """The one work of an Aozora Bunko file, or the one reason why it cannot be read."""
    found = read_text(source, options)
    if isinstance(found, Unreadable):
        yield found
        return
    text, extra = split(found.text)
    yield one_document(
        found,
        text,
        "text/x-aozora",
        extra=extra or None,
    )


def split(written: str) -> tuple[str, dict[str, Any]]:
    """The text of a work, and its title, author, translator, teihon and colophon."""
    written = _CONTROL.sub("", written.replace("\r\n", "\n").replace("\r", "\n"))
    extra: dict[str, Any] = {}
    cuts = [match.start() for match in _COLOPHON.finditer(written)]
    body, colophon = written, ""
    if cuts:
        # 底本： begins it; the line about the file stands inside or, without 底本：, alone.
        books = [cut for cut in cuts if written.startswith("底本", cut)]
        cut = books[-1] if books else cuts[-1]
        body, colophon = written[:cut], written[cut:].strip()
    rules = [match.span() for match in _RULE.finditer(body[:20_000])]
    legend = ""
    if len(rules) >= 2 and body.count("\n", 0, rules[0][0]) <= MOST_LINES_OF_HEAD:
        head, legend = body[: rules[0][0]], body[rules[0][1] : rules[1][0]]
        body = body[rules[1][1] :]
        extra.update(_named(head))
    elif colophon:
        head, gap, rest = body.lstrip("\n").partition("\n\n")
        lines = head.split("\n")
        if (
            gap
            and 2 <= len(lines) <= MOST_LINES_OF_HEAD
            and max(map(len, lines)) <= LONGEST_LINE_OF_HEAD
        ):
            body = rest
            extra.update(_named(head))
    text = plain_text(body, accents="アクセント分解" in legend)
    if colophon:
        book = colophon.split("\n", 1)[0].removeprefix("底本：").strip()
        if colophon.startswith("底本：") and book:
            extra["teihon"] = book
        extra["colophon"] = colophon
    return text, extra


def plain_text(body: str, *, accents: bool = False) -> str:
    """
    The text without its notation.

    >>> plain_text(
    ...     "｜山崎《やまざき》は追※［＃「口＋它」、第3水準1-14-88］つた［＃「追」に傍点］。"
    ... )
    '山崎は追咜つた。'
    """
    text = _MISSING.sub(lambda match: _character(match[1]).translate(_HIDE), body)
    for _ in range(DEEPEST):
        text, changed = _NOTE.subn("", text)
        if not changed:
            break
    text = _RUBY.sub("", _BASE.sub(r"\1", text))
    if accents:
        text = _ACCENTED.sub(lambda match: _joined(match[1]) or match[0], text)
    for marks, repeat in _DOUBLE:
        text = text.replace(marks, repeat)
    return _GAP.sub("\n\n", text).translate(_SHOW).strip("\n")


def _character(note: str) -> str:
    """The character that a note describes, by its code; 〓 where it names none."""
    match = _UNICODE.search(note)
    if match:
        code = int(match[1], 16)
        if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000:
            return chr(code)
    match = _PLANE.search(note)
    if match:
        plane, row, cell = map(int, match.groups())
        if 1 <= row <= 94 and 1 <= cell <= 94:
            # EUC is row and cell with the high bit set; 0x8F leads to plane 2.
            lead = b"\x8f" if plane == 2 else b""
            data = lead + bytes((0xA0 + row, 0xA0 + cell))
            return data.decode("euc_jis_2004", "replace").replace("\ufffd", GETA)[:2]
    match = _SMALL.search(note)
    return SMALL[match[1]] if match else GETA


def _joined(text: str) -> str:
    """Accents written after their letters put on them; "" where there are none."""

    def accent(match: re.Match[str]) -> str:
        ligature, letter, mark, ring, stroke, turned = match.groups()
        if ligature:
            return _LIGATURES[ligature]
        if letter:
            joined = unicodedata.normalize("NFC", letter + _COMBINING[mark])
            known = len(joined) == 1 and (ord(joined) < 0x100 or mark == "_")
            return joined if known else match[0]
        if ring:
            return "Å" if ring == "A" else "å"
        if stroke:
            return "Ø" if stroke == "O" else "ø"
        return "¡" if turned == "!" else "¿"

    text, changed = _ACCENT.subn(accent, text)
    return text if changed else ""


def _named(head: str) -> dict[str, str]:
    """Title, author and translator out of the lines of the head."""
    lines = [plain_text(line).strip() for line in head.split("\n")]
    lines = [line for line in lines if line]
    if not lines:
        return {}
    named = {"title": lines.pop(0)}
    while lines and _ROLE.search(lines[-1]):
        person, role, _ = _ROLE.split(lines.pop())
        if role[0] in "訳譯":
            named["translator"] = person.strip()
    if lines:
        named["author"] = lines.pop()
    if lines:
        named["subtitle"] = " ".join(lines)
    return named
