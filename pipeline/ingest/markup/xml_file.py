"""
XML without a reader of its own: DocBook, manuals, feeds. What stands between the tags, by lines.

The markup itself says what a paragraph is: an element with words of its own is one line with all
that is inside it; an element that holds only elements is a frame around lines.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from lxml import etree

from seimai.pipeline.decode import decode
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Broken,
    Document,
    Input,
    Items,
    ReadOptions,
    Unreadable,
    unreadable,
)
from seimai.pipeline.ingest.markup.unwrap import unwrap
from seimai.pipeline.ingest.markup.xml_trees import Element, each, name_of, parse_tree
from seimai.pipeline.ingest.sources.single_file import read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.decode import Decoded

VERBATIM = {"programlisting", "screen", "literallayout", "synopsis", "pre", "highlight", "source"}
"""Elements whose line ends are their own; DocBook's names, and those of manuals."""
BLOCKS = VERBATIM | {
    "para", "simpara", "formalpara", "p", "itemizedlist", "orderedlist", "variablelist",
    "simplelist", "segmentedlist", "ul", "ol", "dl", "li", "listitem", "member", "table",
    "informaltable", "row", "tr", "example", "informalexample", "note", "warning", "caution", "tip",
    "important", "blockquote", "div", "mediaobject", "term", "seg", "br",
}  # fmt: skip
"""Elements that stand on lines of their own even among words."""
LEFT_OUT = {"rt", "rp", "script", "style", "indexterm", "remark"}


def read_xml(source: Input, options: ReadOptions) -> Items:
    """The text of an XML file, or the one reason why it has none."""
    read = read_tree(source, options)
    if isinstance(read, Unreadable):
        yield read
        return
    found, root = read
    paragraphs = [line for line in lines_of(root) if line]
    if not paragraphs:
        yield Unreadable("", "no_text", "there is no text in the XML", found.text.encode()[:200])
        return
    title = next((unwrap("".join(words(one))) for one in each(root, "title")), "")
    yield document(found, "\n".join(paragraphs), {"title": title} if title else None)


def read_tree(source: Input, options: ReadOptions) -> tuple[Decoded, Element] | Unreadable:
    """A file decoded and parsed as XML, or why it cannot be."""
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        return data
    found = decode(data, kind="xml")
    if found.refused:
        detail = f"the bytes are not text: {found.refused}"
        return Unreadable("", "encoding", detail, data[:FIRST_BYTES])
    try:
        return found, parse_tree(found.text, recover=True)
    except Broken as broken:
        return unreadable("", broken, data)


def document(found: Decoded, text: str, extra: dict[str, str] | None) -> Document:
    """The document of an XML file that was decoded."""
    return Document(
        text,
        declared=found.declared,
        detected=found.encoding,
        encoding=found.encoding,
        replaced=found.replaced,
        media_type="application/xml",
        extra=dict(extra) if extra else None,
    )


def lines_of(element: Element) -> Iterator[str]:
    """The lines of an element and of all that is in it."""
    name = name_of(element)
    if name in LEFT_OUT:
        return
    if name in VERBATIM:
        yield "\n".join(line for line in "".join(words(element)).split("\n") if line.strip())
    elif not name:
        yield "".join(words(element))
    elif not len(element) or _has_words(element):
        yield from _among_words(element)
    else:
        for child in element:
            yield from lines_of(child)


def _among_words(element: Element) -> Iterator[str]:
    held = [element.text or ""]
    for child in element:
        if name_of(child) in BLOCKS:
            yield unwrap("".join(held))
            held.clear()
            yield from lines_of(child)
        else:
            held.extend(words(child))
        held.append(child.tail or "")
    yield unwrap("".join(held))


def words(element: Element) -> Iterator[str]:
    """All text of an element in reading order; entities that HTML knows as their characters."""
    if name_of(element) in LEFT_OUT:
        return
    if isinstance(element, etree._Entity):  # noqa: SLF001 - lxml gives the class no other name
        known = html.unescape(element.text or "")
        yield "" if known.startswith("&") and known.endswith(";") else known
        return
    yield element.text or ""
    for child in element:
        yield from words(child)
        yield child.tail or ""


def _has_words(element: Element) -> bool:
    return bool((element.text or "").strip()) or any((one.tail or "").strip() for one in element)
