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
    r"\s*(?:<!--(?:(?!-->).){0,2000}-->\s*)?(?:<\?xml[^>]{0,200}\?>\s*)?<(?:!doctype\s+html|html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_FRONT = re.compile(r"(?:---|\+\+\+)[ \t]*\n[\w-]{1,40}[ \t]*[:=]")
"""The front matter of a page for a generator of sites."""
_TAG = re.compile(
    r"<(/?)(p|div|span|br|hr|a|img|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|td|th|h[1-6]|strong|em|b|i"
    r"|font|center|blockquote|pre|code|section|article|figure|iframe|script|style|ruby|rb|rt)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
SINGLE = {"br", "hr", "img", "li", "dt", "dd", "p", "td", "tr", "th"}
"""Tags that need no end; `p` and the rest were seldom given one in the nineties."""
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

_MARKS = re.compile(r"[#*|]|```|~~~|\]\(")
"""Without any of these a text has no sign."""

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
    if "<" in head and _PAGE.match(head):
        return "html"
    found = [len(sign.findall(head)) for sign in _SIGNS] if _MARKS.search(head) else [0]
    marked = sum(found) >= FEWEST_SIGNS and sum(map(bool, found)) > 1 and any(found[:5])
    if _FRONT.match(head) or (marked and (found[0] or found[1] > 1 or found[2])):
        return "markdown"  # With HTML in it, as readmes are.
    if "<" in head and _is_fragment(head):
        return "html"
    if "::" in head or ":`" in head or "`_" in head:
        marks = sum(len(sign.findall(head)) for sign in (_DIRECTIVE, _ROLE, _LINKED))
        if marks and marks + len(_UNDERLINED.findall(head)) >= 2:
            return "rst"
    return "markdown" if marked else None


def _is_fragment(head: str) -> bool:
    """
    Whether a text has the tags of HTML, and not their names as words.

    What is opened is closed, or ends lines. A text about HTML speaks of `<p>` and hardly ever of
    `</p>`, or between quotation marks.
    """
    tags = [(end, name.lower()) for end, name in _TAG.findall(head)]
    plain = len(tags) - len(_QUOTED_TAG.findall(head))
    if plain < FEWEST_TAGS or plain * TAGS_APART < len(head):
        return False
    single = sum(name in SINGLE for _, name in tags)
    closed = sum(bool(end) for end, _ in tags)
    return closed * 3 >= len(tags) - single and (closed > 0 or single >= FEWEST_TAGS)


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
