"""
reStructuredText: titles, paragraphs and code as lines; directives, roles and targets taken out.

docutils reads a directive only where it is registered, and the files that there are were written
for Sphinx with hundreds of them: here every directive is treated by its shape. What it holds is
text or code and stays; its options go. Comments go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import (
    Input,
    Items,
    ReadOptions,
    Unreadable,
)
from seimai.pipeline.ingest.markup.unwrap import unwrap
from seimai.pipeline.ingest.sources.single_file import one_document, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

BULLET = "・"

DEEPEST = 30
"""At most this many directives within each other; three are many."""

CODE = {"code-block", "code", "sourcecode", "parsed-literal", "prompt", "highlight", "literal"}
WITHOUT_TEXT = {
    "contents", "toctree", "image", "include", "literalinclude", "index", "raw", "math", "figure",
    "meta", "module", "currentmodule", "default-role", "role", "highlight", "todo", "only",
    "automodule", "autoclass", "autofunction", "tabularcolumns", "sectionauthor", "moduleauthor",
    "codeauthor", "comment", "graphviz", "uml", "plot", "youtube", "rubric-only", "csv-table",
}  # fmt: skip
"""Directives that hold nothing to read."""

_ADORNED = re.compile(r"([^\w\s])\1{2,}\s*")
_GRID = re.compile(r"[+=|-][+=| -]{2,}\s*")
_EXPLICIT = re.compile(r"\.\.(?:\s|$)")
_DIRECTIVE = re.compile(r"\.\. (?:\|[^|]+\| )?([A-Za-z][\w:+.-]{0,50})::(?:\s+(.*))?$")
_OPTION = re.compile(r":[\w -]{1,40}:(?:\s|$)")
_FIELD = re.compile(r":([^:`\n]{1,60}):\s+(.*)")
_ITEM = re.compile(r"([*+\-•]|(?:#|\d{1,3}|[a-z])[.)]|\((?:#|\d{1,3}|[a-z])\))\s+")
_CELL = re.compile(r"\s*(\*\s+)?-(?:\s+(.*))?$")
_ROLE = re.compile(r"(?::[\w.+-]{1,40}){1,3}:`([^`\n]{1,500})`")
_TARGET = re.compile(r"^[!~]?(.*?)\s*<[^<>]*>$", re.DOTALL)
_LINK = re.compile(r"`([^`]{1,500}?)\s*<[^<>`]{1,500}>`__?")
_LITERAL = re.compile(r"``([^\n]{1,500}?)``")
_QUOTED = re.compile(r"`([^`]{1,500})`_{0,2}")
_STRONG = re.compile(r"(\*{1,2})(?=\S)([^*\n]{1,500})(?<=\S)\1")
_NOTE = re.compile(r"\[(?:#[\w-]*|\*|\d{1,3})\]_")
_NAMED = re.compile(r"(?<![\w`])([A-Za-z][\w.-]{0,60})_(?!\w)")


def read_rst(source: Input, options: ReadOptions) -> Items:
    """The one page of a reStructuredText file, or the one reason why it cannot be read."""
    found = read_text(source, options)
    if isinstance(found, Unreadable):
        yield found
        return
    titles: list[str] = []
    text = plain_text(found.text, titles, code=options.code == "keep")
    yield one_document(
        found,
        text,
        "text/x-rst",
        extra={"title": titles[0]} if titles else None,
    )


def plain_text(
    page: str, titles: list[str] | None = None, depth: int = 0, *, code: bool = True
) -> str:
    r"""
    The text of a page, with or without its blocks of code; its titles are added to `titles`.

    >>> plain_text("米\n===\n\n:ref:`玄米 <rice>` を\n研ぐ。\n\n.. 註\n\n.. note::\n\n   水")
    '米\n\n玄米 を研ぐ。\n\n水'
    """
    lines = [line.rstrip() for line in page.expandtabs(8).splitlines()]
    text = ""
    before = False
    for block in _blocks(lines, [] if titles is None else titles, depth, code=code):
        item = bool(_ITEM.match(block)) or block.startswith(BULLET)
        gap = ("\n" if item and before else "\n\n") if text else ""
        if block:
            text += gap + block
            before = item
    return text


def _blocks(lines: list[str], titles: list[str], depth: int, *, code: bool) -> Iterator[str]:
    """Titles, paragraphs, list items and code, each a block."""
    at = 0
    literal = False
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
            continue
        indent = _indent(line)
        if literal and indent:
            stop = _end_of(lines, at, indent)
            if code:
                yield _dedented(lines[at:stop])
            at, literal = stop, False
            continue
        literal = False
        bare = line.strip()
        if _EXPLICIT.match(bare):
            block, at = _explicit(lines, at, depth, code=code)
            yield block
            continue
        if _ADORNED.fullmatch(bare) or _GRID.fullmatch(bare):
            at += 1
            continue
        stop = _end_of_paragraph(lines, at)
        paragraph = [one.strip() for one in lines[at:stop]]
        if len(paragraph) == 1 and stop < len(lines) and _ADORNED.fullmatch(lines[stop].strip()):
            titles.append(inline(bare))
        at = stop
        if not code and bare.startswith(">>> "):
            continue
        if paragraph[-1].endswith("::"):
            literal = True
            paragraph[-1] = paragraph[-1][:-1] if len(paragraph[-1]) > 2 else ""
        if paragraph[0].startswith(("|", "+")) and paragraph[0].endswith("|"):
            yield "\t".join(inline(cell.strip()) for cell in paragraph[0].strip("|").split("|"))
            continue
        text = unwrap("\n".join(paragraph))
        field = _FIELD.fullmatch(text)
        item = _ITEM.match(text)
        if field:
            text = f"{field[1]}: {field[2]}"
        elif item:
            mark = BULLET if item[1] in "*+-•" else f"{item[1]} "
            text = mark + text[item.end() :].removeprefix("- ")
        yield inline(text).removeprefix("| ")


def inline(text: str) -> str:
    """A line without the marks of roles, links and emphasis."""
    text = _ROLE.sub(lambda match: _shown(match[1]), text)
    text = _LINK.sub(r"\1", _NOTE.sub("", text))
    text = _QUOTED.sub(r"\1", _LITERAL.sub(r"\1", text))
    return _NAMED.sub(r"\1", _STRONG.sub(r"\2", text)).replace("\\ ", "").strip()


def _shown(role: str) -> str:
    match = _TARGET.match(role)
    return match[1] if match and match[1] else role.lstrip("!~")


def _explicit(lines: list[str], at: int, depth: int, *, code: bool) -> tuple[str, int]:
    """What is to be read of a directive or a comment, and the line after it."""
    first = lines[at]
    stop = _end_of(lines, at + 1, _indent(first) + 1)
    match = _DIRECTIVE.fullmatch(first.strip())
    if not match or match[1] in WITHOUT_TEXT:
        return "", stop
    inside = lines[at + 1 : stop]
    while inside and (not inside[0].strip() or _OPTION.match(inside[0].strip())):
        inside.pop(0)
    if match[1] == "list-table":
        return _rows(inside, match[2] or ""), stop
    if match[1] in CODE:
        return (_dedented(inside) if code else ""), stop
    if match[2]:
        inside.insert(0, "")
        inside.insert(0, match[2])
    deeper = _dedented(inside)
    # What a directive holds is a page of its own.
    if depth >= DEEPEST:
        return deeper, stop
    return plain_text(deeper, None, depth + 1, code=code), stop


def _rows(lines: list[str], title: str) -> str:
    """The rows of a table that is written as a list of lists."""
    rows: list[list[str]] = []
    for line in lines:
        match = _CELL.match(line)
        if match and (match[1] or not rows):
            rows.append([match[2] or ""])
        elif match:
            rows[-1].append(match[2] or "")
        elif line.strip() and rows:
            rows[-1][-1] = unwrap(f"{rows[-1][-1]}\n{line}")
    cells = ["\t".join(inline(cell) for cell in row) for row in rows]
    return "\n".join(filter(None, (inline(title), *cells)))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _end_of(lines: list[str], at: int, indent: int) -> int:
    """The first line from `at` on that is indented less."""
    stop = at
    while at < len(lines):
        if lines[at]:
            if _indent(lines[at]) < indent:
                break
            stop = at + 1
        at += 1
    return stop


def _end_of_paragraph(lines: list[str], at: int) -> int:
    stop = at + 1
    item = _ITEM.match(lines[at].strip())
    while stop < len(lines):
        line = lines[stop].strip()
        if not line or _ADORNED.fullmatch(line) or _GRID.fullmatch(line) or _EXPLICIT.match(line):
            break
        if line.startswith("|") or _FIELD.match(line):
            break
        if item and (_ITEM.match(line) or _indent(lines[stop]) < _indent(lines[at])):
            break
        stop += 1
    return stop


def _dedented(lines: list[str]) -> str:
    indent = min((_indent(line) for line in lines if line), default=0)
    return "\n".join(line[indent:] for line in lines).strip("\n")
