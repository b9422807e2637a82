r"""
What a field of Word shows by its code alone: EQ, which writes characters over each other, and
SYMBOL, a letter of a font of signs.

Japanese Word makes ruby (ルビ), enclosed characters (囲い文字) and 組み文字 of EQ, in DOC, RTF and
DOCX alike, and such a field has no result: `EQ \o\ad(\s\up 9(とうきょう),東京)`.
"""

from __future__ import annotations

import re

from seimai.pipeline.ingest.documents.office.sign_fonts import is_sign_font, sign

_SYMBOL = re.compile(r"\s*SYMBOL\s+(?:0x([0-9a-f]{1,4})|(\d{1,5}))(?=\s|$)", re.IGNORECASE)
_FONT = re.compile(r"\\f\s*(?:\"([^\"]{1,40})\"|(\w{1,40}))", re.IGNORECASE)
_EQUATION = re.compile(r"\s*EQ\s", re.IGNORECASE)
_CONTENTS = re.compile(r"\s*(?:TOC|INDEX)\b", re.IGNORECASE)
_TOKEN = re.compile(
    r"\\\*\s*(?:\"[^\"]*\"|\w*)|\\([a-zA-Z]+)\s*-?\d*|\\(.)|([(),;])|([^\\(),;]+)", re.DOTALL
)
r"""Formats (`\* jc2`, `\* "Font:明朝"`), switches with a number, escaped signs, signs, text."""
SHAPES = set("○◯〇□△▽◇◎●■")
"""What a character is enclosed in."""
OVER, RAISED, FRACTION, ROOT = "o", "s", "f", "r"
"""Switches: characters over each other, raised or lowered ones, a fraction, a root."""
DEEPEST = 20


def shown_by_code(code: str) -> str | None:
    r"""
    The text that a field shows by its code, None for fields that show their result.

    >>> shown_by_code(r"EQ \* jc2 \* hps10 \o\ad(\s\up 9(とうきょう),東京)")
    '東京'
    >>> shown_by_code(r"eq \o\ac(○,注)"), shown_by_code(r"EQ \f(1,2)"), shown_by_code("PAGE")
    ('注', '1/2', None)
    >>> shown_by_code(r'SYMBOL 97 \f "Symbol" \s 10')
    'α'
    """
    if symbol := _SYMBOL.match(code):
        font = _FONT.search(code, symbol.end())
        name = (font[1] or font[2]) if font else ""
        number = int(symbol[1], 16) if symbol[1] else int(symbol[2])
        return sign(name, number) if is_sign_font(name) else None
    match = _EQUATION.match(code)
    if not match:
        return None
    return _equation(code[match.end() :]).replace("\n", "").strip()


def is_contents(code: str) -> bool:
    """Whether a field is a table of contents or an index, whose result is left out."""
    return bool(_CONTENTS.match(code))


class _Group:
    """An open bracket: the switch before it, and its elements."""

    def __init__(self, switch: str) -> None:
        self.switch = switch
        self.elements: list[list[str]] = [[]]
        self.raised: list[bool] = [False]

    def text(self) -> str:
        parts = ["".join(element).strip() for element in self.elements]
        if self.switch == OVER:
            # Readings stand above the others; what encloses a character says nothing by itself.
            kept = [part for part, raised in zip(parts, self.raised, strict=True) if not raised]
            kept = [part for part in kept if part not in SHAPES] or kept or parts
            return "".join(kept)
        if not self.switch:
            return f"({','.join(parts)})"
        return {FRACTION: "/", ROOT: "√"}.get(self.switch, "").join(parts)


def _equation(code: str) -> str:
    """The characters of an EQ field, without readings and shapes around them."""
    groups = [_Group("")]
    switch = ""
    at = 0
    while match := _TOKEN.match(code, at):
        at = match.end()
        name, escaped, sign, plain = match.groups()
        if name:
            # `\o\ac`, `\s\up9`: the first of several decides, those after it only place.
            switch = switch or name.lower()
        elif sign == "(" and len(groups) < DEEPEST:
            if switch == RAISED:
                groups[-1].raised[-1] = not "".join(groups[-1].elements[-1]).strip()
            groups.append(_Group(switch))
            switch = ""
        elif sign == ")" and len(groups) > 1:
            closed = groups.pop()
            groups[-1].elements[-1].append(closed.text())
        elif sign in {",", ";"} and len(groups) > 1:
            groups[-1].elements.append([])
            groups[-1].raised.append(False)
        elif (plain or "").strip() or not switch:
            switch = ""
            groups[-1].elements[-1].append(escaped or sign or plain or "")
    while len(groups) > 1:  # Brackets that are never closed.
        closed = groups.pop()
        groups[-1].elements[-1].append(closed.text())
    return "".join(groups[0].elements[0])
