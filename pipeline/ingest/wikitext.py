"""
Wikitext to text that reads: links become their words, lists and headings stay on lines.

Templates, tables, files, categories and footnotes go; of the templates that only dress words (ruby,
languages, red links) the words stay. A heading with nothing left below it goes too.
mwparserfromhell parses templates, tables and links. Tags and addresses are taken out before: one
that is not closed costs it quadratic time, and 60 kB of them a minute.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import mwparserfromhell
from mwparserfromhell.nodes import (
    Argument,
    Heading,
    HTMLEntity,
    Tag,
    Template,
    Text,
    Wikilink,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

DROPPED = {
    "ref", "references", "table", "gallery", "timeline", "imagemap", "score", "math", "chem",
    "hiero", "graph", "mapframe", "maplink", "templatestyles", "rt", "rp", "rtc", "style", "script",
    "indicator", "inputbox", "categorytree",
}  # fmt: skip
"""Tags that go with what they hold; of all others the words stay."""
VERBATIM = {"nowiki", "pre", "syntaxhighlight", "source"}
"""What these hold is no wikitext."""
LINES = {"br", "p", "div", "hr", "blockquote", "center", "poem", "li", "dt", "dd", "pre"}

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
_BULLETS = re.compile(rf"^(?:{BULLET} ?)+")

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})\b([^<>]{0,2000}?)(/?)>")
_COMMENT = re.compile(r"<!--(?:(?!-->).)*+-->", re.DOTALL)
_ADDRESS = re.compile(r"\[(?:https?:|ftp:)?//[^\s\[\]<>]{1,2000}[ \t]*([^\[\]\n]*)\]")
_BRACKET = re.compile(r"\[(?=(?:https?:|ftp:|mailto:|news:|irc:)?//|mailto:)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")

_MARKUP = "[]{}'|=*#:;<_&"
_HIDE = str.maketrans(_MARKUP, "".join(map(chr, range(0x0E, 0x0E + len(_MARKUP)))))
_SHOW = {hidden: shown for shown, hidden in _HIDE.items()}
"""Markup that is none stands as control characters, which XML cannot hold, while it is parsed."""

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
    bare = _without_tags(_COMMENT.sub("", _CONTROL.sub("", wikitext)))
    bare = _BRACKET.sub("\x0e", _ADDRESS.sub(r"\1", bare)).replace("<", "<".translate(_HIDE))
    code = mwparserfromhell.parse(bare, skip_style_tags=True)
    text = "".join(_written(code))
    text = _SWITCHES.sub("", _QUOTES.sub("", text)).translate(_SHOW)
    text = _AFTER_BRACKET.sub(r"\1", _EMPTY_BRACKETS.sub("", text))
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    return _BREAKS.sub("\n\n", "\n".join(_with_content(lines))).strip()


def _without_tags(text: str) -> str:
    """The text without its tags, and without what some of them hold; in linear time."""
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
        if closing or empty or name not in DROPPED | VERBATIM or name in endless:
            continue
        end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, at)
        if end is None:
            endless.add(name)
            continue
        if name in VERBATIM:
            parts.append(text[at : end.start()].translate(_HIDE))
        at = end.end()
    parts.append(text[at:])
    return "".join(parts)


def _written(code: Any) -> Iterator[str]:
    for node in code.nodes:
        if isinstance(node, Text):
            yield node.value
        elif isinstance(node, Wikilink):
            yield from _link(node)
        elif isinstance(node, Template):
            yield from _template(node)
        elif isinstance(node, Tag):
            yield _tag(node)
        elif isinstance(node, Heading):
            title = " ".join("".join(_written(node.title)).split())
            yield f"\n{_MARK}{node.level}{title}\n"
        elif isinstance(node, HTMLEntity):
            yield _entity(node)
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


def _tag(node: Tag) -> str:
    """Tables and the marks of lists are all the tags there still are."""
    return BULLET if node.wiki_markup in {"*", "#"} else ""


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
        bare = _BULLETS.sub(BULLET, line)
        if bare == BULLET:
            continue
        if line:
            for _, title in pending:
                yield from ("", title, "")
            pending.clear()
        yield bare
