"""
Wikitext to text that reads: links become their words, lists and headings stay on lines.

mwparserfromhell parses. Templates, tables, files, categories and footnotes go; of the templates
that only dress words (ruby, languages, red links) the words stay. A heading with nothing left
below it goes too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import mwparserfromhell
from mwparserfromhell.nodes import (
    Argument,
    ExternalLink,
    Heading,
    HTMLEntity,
    Tag,
    Template,
    Text,
    Wikilink,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

DROPPED_TAGS = {
    "ref", "references", "table", "gallery", "timeline", "imagemap", "score", "math", "chem",
    "hiero", "graph", "mapframe", "maplink", "templatestyles", "rt", "rp", "rtc", "style", "script",
    "section", "indicator", "inputbox", "categorytree", "tr", "td", "th", "caption",
}  # fmt: skip
LINE_TAGS = {"br", "p", "div", "hr", "blockquote", "center", "poem", "li", "dt", "dd", "pre"}

DROPPED_LINKS = {
    "file", "image", "category", "media", "ファイル", "画像", "カテゴリ", "メディア", "template",
    "special", "特別",
}  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,10})?")
"""[[en:Title]] puts a link beside the page, not into it."""

FIRST = {
    "ruby", "ルビ", "読み仮名", "読み仮名 ruby不使用", "ふりがな", "振り仮名", "仮リンク", "ill2", "ill",
    "link-interwiki", "nowrap", "nobr", "nobold", "small", "big", "unicode", "jis2004フォント",
    "jis90フォント", "補助漢字フォント", "cp932フォント", "機種依存文字", "ウィキリンク", "color-nolink",
    "em", "strong", "kbd", "mvar", "縦書き", "visible anchor", "vanc", "anchors-text",
}  # fmt: skip
"""Templates whose first value is the word itself."""
LAST = {"lang", "color", "font color", "colors", "abbr-text"}
"""Templates that dress their last value."""

BULLET = "・"

_QUOTES = re.compile("'{2,5}")
_SWITCHES = re.compile(r"__[A-Z]{3,20}__")
_EMPTY_BRACKETS = re.compile(r"[（(][\s、，,;；:：]*[)）]")
_AFTER_BRACKET = re.compile(r"([（(])[\s、，,;；]+")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_BREAKS = re.compile(r"\s*\n\s*\n\s*")
_MARK = "\x00"
"""Stands before headings until it is known which are empty; XML cannot hold it."""
_HEADING = re.compile(rf"{_MARK}([1-6])(.*)")


def plain_text(wikitext: str) -> str:
    """
    The text of an article.

    >>> plain_text("'''[[米|お米]]'''を研ぐ。<ref>出典</ref>\\n== 脚注 ==\\n{{reflist}}")
    'お米を研ぐ。'
    """
    code = mwparserfromhell.parse(wikitext, skip_style_tags=True)
    text = "".join(_written(code))
    text = _SWITCHES.sub("", _QUOTES.sub("", text))
    text = _AFTER_BRACKET.sub(r"\1", _EMPTY_BRACKETS.sub("", text))
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    return _BREAKS.sub("\n\n", "\n".join(_with_content(lines))).strip()


def _written(code: Any) -> Iterator[str]:
    for node in code.nodes:
        if isinstance(node, Text):
            yield node.value.replace(_MARK, "")
        elif isinstance(node, Wikilink):
            yield from _link(node)
        elif isinstance(node, Template):
            yield from _template(node)
        elif isinstance(node, Tag):
            yield from _tag(node)
        elif isinstance(node, Heading):
            title = " ".join("".join(_written(node.title)).split())
            yield f"\n{_MARK}{node.level}{title}\n"
        elif isinstance(node, HTMLEntity):
            yield _entity(node)
        elif isinstance(node, ExternalLink):
            if node.title is not None:
                yield from _written(node.title)
            elif not node.brackets:
                yield str(node.url)
        elif isinstance(node, Argument) and node.default is not None:
            yield from _written(node.default)


def _entity(node: HTMLEntity) -> str:
    try:
        character = str(node.normalize())
    except (ValueError, OverflowError, KeyError):
        return str(node)
    return "" if character == _MARK or "\ud800" <= character[:1] <= "\udfff" else character


def _link(node: Wikilink) -> Iterator[str]:
    target = str(node.title).strip()
    space, colon, _ = target.partition(":")
    space = space.strip().lower()
    if colon and (space in DROPPED_LINKS or (space != "w" and _LANGUAGE.fullmatch(space))):
        return
    yield from _written(node.title if node.text is None else node.text)


def _template(node: Template) -> Iterator[str]:
    name = " ".join(str(node.name).replace("_", " ").split()).lower()
    # Named values (`en=…`, `label=…`) are about the word, not the word.
    values = [one.value for one in node.params if not one.showkey]
    if values and (name in FIRST or name.startswith("lang-")):
        yield from _written(values[0])
    elif values and name in LAST:
        yield from _written(values[-1])


def _tag(node: Tag) -> Iterator[str]:
    tag = str(node.tag).strip().lower()
    if node.wiki_markup in {"*", "#"}:
        yield BULLET
    elif tag in DROPPED_TAGS:
        return
    elif node.wiki_markup not in {":", ";"}:
        line = "\n" if tag in LINE_TAGS else ""
        yield line
        if node.contents is not None:
            yield from _written(node.contents)
        yield line


def _with_content(lines: list[str]) -> Iterator[str]:
    """The lines without headings that have no text below them, nor below their subheadings."""
    pending: list[tuple[int, str]] = []
    for line in lines:
        heading = _HEADING.fullmatch(line)
        if heading:
            level = int(heading[1])
            while pending and pending[-1][0] >= level:
                pending.pop()
            pending.append((level, heading[2]))
            continue
        bare = re.sub(f"^{BULLET}+", BULLET, line)
        if bare == BULLET:
            continue
        if line:
            for _, title in pending:
                yield from ("", title, "")
            pending.clear()
        yield bare
