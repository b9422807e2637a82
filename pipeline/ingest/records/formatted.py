r"""
The text of a record that is HTML, Markdown or reStructuredText: as plain text, by the same readers
as files of these formats.

Datasets hold pages as they were fetched and readmes as they were written. The recipe says so with
`text_format`; `auto` asks each text. Nothing is guessed where it says nothing: a text about HTML
is full of tags too. A run counts how many of a source's texts look like markup (`markup_of`), and
says so where they are many.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from seimai.pipeline.ingest.contract import ReadOptions

Markup: TypeAlias = Literal["html", "markdown", "rst"]

LOOK = 4_000
"""Characters from the beginning by which a text is judged: what is markup is so from the start."""

FEWEST_TAGS = 3
TAGS_APART = 500
"""Characters a tag: in pages and fragments there is one in thirty, in texts about HTML hardly any
outside of quotation marks."""
FEWEST_SIGNS = 3
"""Lines and links in Markdown's way, of two kinds: one kind alone is also written by people who
have never heard of it (`# ` before a comment, `- ` before an item)."""

_PAGE = re.compile(
    r"\s*(?:<!--|<!doctype\s+html|<html[\s>]|<\?xml[^>]{0,200}\?>\s*<html)", re.IGNORECASE
)
_TAG = re.compile(
    r"<(/?)(p|div|span|br|hr|a|img|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|td|th|h[1-6]|strong|em|b|i"
    r"|font|center|blockquote|pre|code|section|article|figure|iframe|script|style|ruby|rb|rt)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_QUOTED_TAG = re.compile(r"[`「『\"'“（(]</?[A-Za-z][^<>]{0,200}>")

_SIGNS = (
    re.compile(r"^#{1,6} \S", re.MULTILINE),
    re.compile(r"^(?:```|~~~)", re.MULTILINE),
    re.compile(r"\]\((?:https?://|\.{0,2}/|#)[^()\s]{0,1000}\)"),
    re.compile(r"(?<![*\\])\*\*[^*\s][^*\n]{0,200}\*\*"),
    re.compile(r"^\|?[ \t]*:?-{3,}:?[ \t]*\|[-|: \t]*$", re.MULTILINE),
    re.compile(r"^[-*+] \S", re.MULTILINE),
)
"""Headings, fences, links, bold, the line under the head of a table, items of a list."""

_DIRECTIVE = re.compile(r"^[ ]{0,12}\.\. [A-Za-z][\w:+.-]{0,50}::(?:\s|$)", re.MULTILINE)
_ROLE = re.compile(r":[A-Za-z][\w.+-]{0,40}:`[^`\n]{1,500}`")
_UNDERLINED = re.compile(r"^\S[^\n]{0,200}\n([=\-~^\"*+#])\1{3,}[ \t]*$", re.MULTILINE)
_LINKED = re.compile(r"`[^`\n<>]{1,300} <[^<>`\s]{1,500}>`__?")


def markup_of(text: str) -> Markup | None:
    r"""
    What a text is written in, by its first 4,000 characters; None for plain text.

    >>> markup_of("<p>朝の港に<br>船が<b>戻る</b>。</p>"), markup_of("<p> は段落を表す。")
    ('html', None)
    >>> markup_of("# 米\n\n**玄米**と[白米](https://a.example/)\n")
    'markdown'
    """
    head = text[:LOOK]
    if "<" in head:
        if _PAGE.match(head):
            return "html"
        tags = _TAG.findall(head)
        plain = len(tags) - len(_QUOTED_TAG.findall(head))
        if plain >= FEWEST_TAGS and plain * TAGS_APART >= len(head) and not _fenced(head):
            return "html"
    if "::" in head or ":`" in head or "`_" in head:
        marks = (
            len(_DIRECTIVE.findall(head)) + len(_ROLE.findall(head)) + len(_LINKED.findall(head))
        )
        if marks and marks + len(_UNDERLINED.findall(head)) >= 2:
            return "rst"
    if "#" in head or "](" in head or "**" in head or "```" in head or "|" in head:
        found = [len(sign.findall(head)) for sign in _SIGNS]
        if sum(found) >= FEWEST_SIGNS and sum(map(bool, found)) > 1 and any(found[:5]):
            return "markdown"
    return None


def _fenced(head: str) -> bool:
    """Whether it is Markdown with blocks of HTML as code."""
    return len(_SIGNS[1].findall(head)) > 1


def plain_from(text: str, options: ReadOptions) -> str:
    """The text of a record in the format that the recipe names, or that it is in (`auto`)."""
    wanted = options.text_format
    found = markup_of(text) if wanted == "auto" else wanted
    if found == "html":
        from seimai.pipeline.ingest.pages.html import extract

        return extract(text, options.extract)[0]
    if found == "markdown":
        from seimai.pipeline.ingest.markup.markdown import front_matter, plain_text

        page = text.replace("\r\n", "\n").replace("\r", "\n")
        return plain_text(front_matter(page)[1], code=options.code == "keep")
    if found == "rst":
        from seimai.pipeline.ingest.markup import rst

        return rst.plain_text(text, code=options.code == "keep")
    return text
