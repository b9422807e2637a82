"""
Markdown: the words of a page, its front matter as columns, its code as it stands or left out.

markdown-it-py parses. Paragraphs become lines, lists and tables stay readable, links and emphasis
become their words; images, comments and HTML tags go.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import tomllib
from typing import TYPE_CHECKING, Any

import yaml

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import (
    Input,
    Items,
    ReadOptions,
    Unreadable,
)
from seimai.pipeline.ingest.markup.unwrap import unwrap
from seimai.pipeline.ingest.sources.single_file import one_document, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BULLET = "・"
CODE = {"fence", "code_block"}

MOST_FRONT_MATTER = 64 * 1024

MOST_BRACKETS = 2_000
"""Brackets of one paragraph that are looked at as links: the parser takes time by their square."""
HIDDEN = "\x01"
"""Stands in for a bracket while brackets are looked for."""
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?![ \t]*\n)[^\n]+)*+")

_FRONT = re.compile(r"(---|\+\+\+)[ \t]*\n(.*?\n)(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--|-->")
_GONE = re.compile(
    r"<(script|style|svg)\b[^>]*>(?:(?!</\1).)*+(?:</\1\s*>)?", re.IGNORECASE | re.DOTALL
)
_BREAK = re.compile(
    r"<(?:br|/?p|/?div|/?li|/?tr|/?h[1-6]|/?table|/?ul|/?ol)\b[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ANCHOR = re.compile(r"[ \t]*\{[#.:][^{}\n]{0,200}\}[ \t]*$")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:?")
_FOOTNOTE_TEXT = re.compile(r"^\[\^[^\]\s]{1,40}\]:[ \t]*", re.MULTILINE)
_FENCE_OF_BOX = re.compile(r"^(?::{3,}[ \t]*[\w-]*[ \t]*|\[![A-Z]{2,20}\][ \t]*)", re.MULTILINE)
"""`:::tip` and `[!NOTE]` open a box; what they hold is text."""


def read_markdown(source: Input, options: ReadOptions) -> Items:
    """The one page of a Markdown file, or the one reason why it cannot be read."""
    found = read_text(source, options)
    if isinstance(found, Unreadable):
        yield found
        return
    facts, body = front_matter(found.text.replace("\r\n", "\n").replace("\r", "\n"))
    date, licence = facts.get("date"), facts.get("license")
    yield one_document(
        found,
        plain_text(body, code=options.code == "keep"),
        "text/markdown",
        date=date if isinstance(date, str) else None,
        license=licence if isinstance(licence, str) else None,
        extra=facts or None,
    )


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """
    What YAML or TOML between `---` or `+++` at the beginning says, and the text after it.

    Aliases are refused: a few lines of them can stand for more than a disk holds. What is not a
    mapping is left in the text.
    """
    match = _FRONT.match(text, 0, MOST_FRONT_MATTER)
    if not match:
        return {}, text
    try:
        if match[1] == "+++":
            facts = tomllib.loads(match[2])
        else:
            if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(match[2])):
                return {}, text
            facts = yaml.safe_load(match[2])
    except (ValueError, TypeError, AttributeError, RecursionError, yaml.YAMLError):
        return {}, text
    if facts is None:
        return {}, text[match.end() :]
    if not isinstance(facts, dict):
        return {}, text
    return {str(name): _plain(value) for name, value in facts.items()}, text[match.end() :]


def plain_text(page: str, *, code: bool = True) -> str:
    r"""
    The text of a page, with or without its blocks of code.

    >>> plain_text("# 米 {#rice}\n\n[玄米](a.html)を\n**研ぐ**。\n\n- 一合")
    '米\n\n玄米を研ぐ。\n\n・一合'
    """
    try:
        from markdown_it import MarkdownIt
    except ImportError as error:
        raise Problem(
            "E001", what="Markdown", package="markdown-it-py", install="seimai[markup]"
        ) from error
    parser = MarkdownIt("commonmark", {"maxNesting": 40}).enable(["table", "strikethrough"])
    lines: list[str] = []
    # To CommonMark a footnote looks like the address of a link, and would vanish.
    bare = _FOOTNOTE_TEXT.sub("", _without_comments(page.replace(HIDDEN, "")))
    tokens = parser.parse(_PARAGRAPH.sub(_calmed, bare))
    for line in _lines(token for token in tokens if code or token.type not in CODE):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n").replace(HIDDEN, "[")


def _calmed(match: re.Match[str]) -> str:
    paragraph = match[0]
    return paragraph.replace("[", HIDDEN) if paragraph.count("[") > MOST_BRACKETS else paragraph


def _lines(tokens: Iterable[Any]) -> Iterator[str]:
    marks: list[str] = []
    prefix = ""
    row: list[str] | None = None
    for token in tokens:
        kind = token.type
        if kind in {"bullet_list_open", "ordered_list_open"}:
            marks.append(BULLET if kind == "bullet_list_open" else "")
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            marks.pop()
            if not marks:
                yield ""
        elif kind == "list_item_open":
            prefix = (marks and marks[-1]) or f"{token.info}{token.markup} "
        elif kind == "tr_open":
            row = []
        elif kind == "tr_close":
            yield "\t".join(row or [])
            row = None
        elif kind == "inline":
            text = _inline(token.children or [])
            if row is not None:
                row.append(text.replace("\n", " "))
            elif text:
                yield prefix + text
                prefix = ""
        elif kind in CODE:
            yield token.content.rstrip("\n")
            yield ""
        elif kind == "html_block":
            text = _without_tags(token.content)
            if text:
                yield text
                yield ""
        elif (kind == "paragraph_close" and not marks) or kind in {"heading_close", "table_close"}:
            yield ""


def _inline(children: Sequence[Any]) -> str:
    parts = []
    for child in children:
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append("\n")
        elif child.type == "hardbreak" or (
            child.type == "html_inline" and _BREAK.match(child.content)
        ):
            parts.append("\v")
    text = _FOOTNOTE.sub("", _FENCE_OF_BOX.sub("", "".join(parts)))
    lines = (unwrap(_ANCHOR.sub("", line)) for line in text.split("\v"))
    return "\n".join(line for line in lines if line)


def _without_tags(block: str) -> str:
    text = html.unescape(_TAG.sub("", _BREAK.sub("\v", _GONE.sub("", block))))
    return "\n".join(line for line in map(unwrap, text.split("\v")) if line)


def _without_comments(page: str) -> str:
    """The page without comments; in code they are rare enough to go too."""
    parts = []
    at = 0
    inside = False
    for match in _COMMENT.finditer(page):
        if match[0] == "<!--" and not inside:
            parts.append(page[at : match.start()])
            at = match.start()
            inside = True
        elif match[0] == "-->" and inside:
            at = match.end()
            inside = False
    return "".join([*parts, page[at:]])


def _plain(value: Any) -> Any:
    """A value that every format of ours can hold."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | set | tuple):
        return [_plain(one) for one in value]
    return value
