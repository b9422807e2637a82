"""
Wikitext to text that reads: links become their words, lists and headings stay on lines.

Templates, tables, files, categories and footnotes go; of the templates that only dress words (ruby,
languages, red links) the words stay. A heading with nothing left below it goes too.

This is one pass in linear time. mwparserfromhell, which the tests compare it with, is exact about
all of the markup, but reads 0.1 to 1 MB/s (a large Wikipedia has 15 GB) and needs a minute for
60 kB of tags that are not closed.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

DROPPED = {
    "ref", "references", "table", "gallery", "timeline", "imagemap", "score", "chem",
    "hiero", "graph", "mapframe", "maplink", "templatestyles", "rt", "rp", "rtc", "style", "script",
    "indicator", "inputbox", "categorytree",
}  # fmt: skip
"""Tags that go with what they hold; of all others the words stay."""
VERBATIM = {"nowiki", "pre", "syntaxhighlight", "source"}
"""Elements whose content is no wikitext."""
MATH = "math"
"""Holds TeX, which stands between dollars in the text: a formula is a part of its sentence."""
READ_WHOLE = DROPPED | VERBATIM | {MATH}
LINES = {"br", "p", "div", "hr", "blockquote", "center", "poem", "li", "dt", "dd", "pre"}

SPACES = {
    "file", "image", "category", "media", "template", "special",
    "ファイル", "画像", "カテゴリ", "メディア", "特別",
}  # fmt: skip
"""Namespaces of links that put something beside the words."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,10})?")
"""[[en:Title]] puts a link to another language beside the page."""

FIRST = {
    "ruby", "ルビ", "読み仮名", "読み仮名 ruby不使用", "ふりがな", "振り仮名", "仮リンク",
    "ill", "ill2", "link-interwiki", "nowrap", "nobr", "nobold", "small", "big", "unicode",
    "em", "strong", "kbd", "math", "math2", "jis2004フォント", "jis90フォント", "補助漢字フォント",
    "cp932フォント", "機種依存文字", "縦書き", "visible anchor", "vanc", "mvar",
}  # fmt: skip
"""Templates of which the first value is shown as a word."""
LAST = {"lang", "color", "font color", "colors"}
"""Templates that format their last value."""
SCOPE = "範囲"
"""
Marks of doubt hold the words they doubt: `{{要出典|範囲=…}}`, and `{{要出典範囲|…}}` as their first
value. There are dozens of them, so they go by this word.
"""
CONVERTED = {"convert", "cvt"}
"""`{{convert|2194|km2}}` shows a measure, and after it the same in other units."""
NUMBERS = {"formatnum", "val", "num", "nts"}
"""Templates that write a number."""
UNITS = {"km2": "km²", "m2": "m²", "cm2": "cm²", "mm2": "mm²", "km3": "km³", "m3": "m³",
         "cm3": "cm³", "sqmi": "sq mi", "sqft": "sq ft", "C": "°C", "F": "°F"}  # fmt: skip
_BETWEEN = re.compile(r"(?:to|and|or|x|by|-|–|〜|～|から|\+/-|±)")
"""What stands between two measures."""
_FIGURE = re.compile(r"[-−+]?[\d.,/ ]{1,40}(?:e[-+]?\d{1,4})?")

DEEPEST = 64
"""At most this many templates within each other; MediaWiki gives up at 40."""

BULLET = "・"

_COMMENT = re.compile(r"<!--|-->")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})\b([^<>]{0,2000}?)(/?)>")
_ADDRESS = re.compile(
    r"\[(?:https?:|ftp:)?//[^\s\[\]<>]{1,2000}+[ \t]*+([^\[\]\n]{0,1000}+)\]", re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TOKEN = re.compile(r"\{\{|\}\}|\[\[|\]\]|^[ :]*\{\||^[ ]*\|\}(?!\})|\|", re.MULTILINE)
_NAMED = re.compile(r"\s*([^\s=|]{1,40})\s*=")
_QUOTES = re.compile("'{2,5}")
_SWITCHES = re.compile(r"__[A-Z]{3,20}__")
_EMPTY_BRACKETS = re.compile(r"[（(][\s、，,;；:：]{0,20}[)）]")
_AFTER_BRACKET = re.compile(r"([（(])[\s、，,;；]{1,20}")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_LIST = re.compile(r"([*#:;]+)[ \t]*")
_HEADING = re.compile(r"(={1,6})([^=].{0,500}?)\1\s*")

_MARKUP = "[]{}'|=*#:;_"
_HIDE = str.maketrans(_MARKUP, "".join(map(chr, range(0x0E, 0x0E + len(_MARKUP)))))
_SHOW = {hidden: shown for shown, hidden in _HIDE.items()}
"""Markup that is none stands as control characters, which XML cannot hold, in the meantime."""


class _Open(NamedTuple):
    """A template, link or table that has not ended."""

    kind: str
    """What opened it: `{{`, `[[` or `{|`; "" for the article itself."""
    opening: str
    parts: list[list[str]]
    """Its parts, which are separated by bars."""


def plain_text(wikitext: str) -> str:
    r"""
    The text of an article.

    >>> plain_text("'''[[米|お米]]'''を研ぐ。<ref>出典</ref>\n== 脚注 ==\n{{reflist}}")
    'お米を研ぐ。'
    """
    text = _without_tags(_without_comments(_CONTROL.sub("", wikitext)))
    text = _resolved(_ADDRESS.sub(r"\1", text))
    text = _SWITCHES.sub("", _QUOTES.sub("", text))
    text = _AFTER_BRACKET.sub(r"\1", _EMPTY_BRACKETS.sub("", text))
    lines = (_BLANKS.sub(" ", line).strip() for line in html.unescape(text).split("\n"))
    return "\n".join(_arranged(lines)).translate(_SHOW)


def _without_comments(text: str) -> str:
    parts = []
    at = 0
    inside = False
    for match in _COMMENT.finditer(text):
        if match[0] == "<!--" and not inside:
            parts.append(text[at : match.start()])
            at = match.start()
            inside = True
        elif match[0] == "-->" and inside:
            at = match.end()
            inside = False
    return "".join([*parts, text[at:]])


def _without_tags(text: str) -> str:
    """The text without its tags, and without what some of them hold."""
    parts = []
    at = 0
    endless: set[str] = set()
    while match := _TAG.search(text, at):
        parts.append(text[at : match.start()])
        at = match.end()
        closing, name, _, empty = match.groups()
        name = name.lower()
        if name in LINES:
            parts.append("\n")
        if closing or empty or name not in READ_WHOLE or name in endless:
            continue
        end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, at)
        if end is None:
            endless.add(name)
            continue
        if name in VERBATIM:
            parts.append(text[at : end.start()].translate(_HIDE))
        elif name == MATH and (formula := " ".join(text[at : end.start()].split())):
            parts.append(f"${formula.translate(_HIDE)}$")
        at = end.end()
    return "".join([*parts, text[at:]])


def _resolved(text: str) -> str:
    """The text with templates, tables and links replaced by what is to be read of them."""
    stack = [_Open("", "", [[]])]
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() < at:
            continue
        stack[-1].parts[-1].append(text[at : match.start()])
        at = match.end()
        token = match[0]
        mark = token.strip(" :")
        if mark in {"{{", "[[", "{|"} and len(stack) < DEEPEST:
            stack.append(_Open(mark, token, [[]]))
        elif mark == "|" and stack[-1].kind in {"{{", "[["}:
            stack[-1].parts.append([])
        elif not _closed(stack, mark):
            stack[-1].parts[-1].append(token)
    stack[-1].parts[-1].append(text[at:])
    while len(stack) > 1:
        _give_up(stack)
    return "".join(stack[0].parts[0])


def _closed(stack: list[_Open], mark: str) -> bool:
    """End what the mark ends, if there is something; what did not end inside it is given up."""
    kind = {"}}": "{{", "]]": "[[", "|}": "{|"}.get(mark)
    if kind is None:
        return False
    # A link ends only itself: templates and tables are read before links.
    reach = 1 if kind == "[[" else len(stack)
    depth = next((k for k in range(1, reach + 1) if stack[-k].kind == kind), 0)
    if not depth:
        return False
    for _ in range(depth - 1):
        _give_up(stack)
    ended = stack.pop()
    parts = ["".join(part) for part in ended.parts]
    shown = _template(parts) if kind == "{{" else _link(parts) if kind == "[[" else ""
    stack[-1].parts[-1].append(shown)
    return True


def _give_up(stack: list[_Open]) -> None:
    """What did not end is text as it stands."""
    ended = stack.pop()
    stack[-1].parts[-1].append(ended.opening + "|".join("".join(part) for part in ended.parts))


def _link(parts: list[str]) -> str:
    target = parts[0].strip()
    space, colon, _ = target.partition(":")
    space = space.strip().lower()
    if colon and space and (space in SPACES or _LANGUAGE.fullmatch(space)):
        return ""
    return parts[-1] if len(parts) > 1 and parts[-1] else target.lstrip(":#")


def _template(parts: list[str]) -> str:
    name = " ".join(parts[0].replace("_", " ").split()).lower()
    if name in CONVERTED:
        return _measure(parts[1:])
    if name.partition(":")[0] in NUMBERS:
        number = parts[0].partition(":")[2].strip() or "".join(parts[1:2]).strip()
        return number if _FIGURE.fullmatch(number) else ""
    for part in parts[1:]:
        named = _NAMED.match(part)
        if named and named[1] == SCOPE:
            return part[named.end() :].strip()
    if name.endswith(SCOPE):
        return _value(parts[1:], 0)
    if name not in FIRST and name not in LAST and not name.startswith("lang-"):
        return ""
    return _value(parts[1:], -1 if name in LAST else 0)


def _value(parts: list[str], which: int) -> str:
    """The first or the last value of a template, "" where it has none."""
    values = []
    for part in parts:
        # Named values (`en=…`, `label=…`) are about the word; numbered ones are the word.
        named = _NAMED.match(part)
        if not named:
            values.append(part)
        elif named[1].isdecimal():
            values.append(part[named.end() :])
    return values[which].strip() if values else ""


def _measure(parts: list[str]) -> str:
    """
    The measure that is converted, with its unit: `2194 km²`, `5 to 10 km`.

    >>> _measure(["60", "x", "40", "mm", "in", "abbr=on"])
    '60 x 40 mm'
    """
    shown: list[str] = []
    for part in map(str.strip, parts):
        if _FIGURE.fullmatch(part) or (shown and _BETWEEN.fullmatch(part)):
            shown.append(part)
        else:
            named = "=" in part or not shown
            return " ".join(shown if named else [*shown, UNITS.get(part, part)])
    return " ".join(shown)


def _arranged(lines: Iterator[str]) -> Iterator[str]:
    """Lists and headings as lines, without headings that have no text below them."""
    pending: list[tuple[int, str]] = []
    written = False
    gap = False
    for line in lines:
        heading = _HEADING.fullmatch(line)
        if heading:
            level = len(heading[1])
            while pending and pending[-1][0] >= level:
                pending.pop()
            pending.append((level, heading[2].strip()))
            continue
        mark = _LIST.match(line)
        rest = line[mark.end() :] if mark else line
        if not rest:
            gap = gap or not mark
            continue
        for _, title in pending:
            if written:
                yield ""
            yield title
            written = gap = True
        pending.clear()
        if gap and written:
            yield ""
        yield (BULLET if mark and mark[1][-1] in "*#" else "") + rest
        written, gap = True, False
