"""
XML from anywhere: parsed without entities, without the network, to a bounded depth.

An XML file may define entities that grow without end, or that name files of ours. Nothing of that
is ever expanded: what a document type declares is cut off before parsing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

from seimai.pipeline.ingest.contract import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml gives its class no other name

_DOCTYPE = re.compile(
    r"<!DOCTYPE(?:[^\[\]<>\"']++|\"[^\"]*+\"|'[^']*+')*+"
    r"(?:\[(?:[^\]\"'<]++|\"[^\"]*+\"|'[^']*+'|<!--(?>.*?-->)|<(?!!--))*+\]\s*+)?>",
    re.DOTALL,
)
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]{0,400}\?>")
_PROLOG = re.compile(r"(?:\s++|<!--(?>.*?-->)|<\?(?>.*?\?>))*+", re.DOTALL)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_SURROGATE = re.compile(
    r"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}(?![0-9a-fA-F])"
    r"|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3])(?!\d));?"
)
"""References to halves of UTF-16 pairs (D800 to DFFF, 55296 to 57343): recovering, the parser makes
bytes of them that are not UTF-8, and raises when they are asked for."""


def parse_tree(text: str, *, recover: bool = False) -> Element:
    """
    The root element of an XML text; comments and instructions are left out.

    Raises `Broken` for what is not XML. With `recover`, what can be read of bad XML is given, as
    browsers do it. Entities that a document type defines stay as `etree.Entity` nodes.
    """
    text = _DECLARATION.sub("", text.removeprefix("\ufeff"), count=1)
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    doctype = _DOCTYPE.match(text, start)
    text = _NOT_XML.sub("", text[doctype.end() if doctype else start :])
    if recover:
        text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        recover=recover,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise Broken("damaged", f"not well-formed XML: {error}") from error
    if root is None:
        raise Broken("damaged", "there is no element in the XML")
    return root


def name_of(element: Element) -> str:
    """The name of an element without its namespace; "" for what is not an element (an entity)."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child_text(element: Element, *path: str) -> str:
    """The text of the first descendant by names, "" where there is none."""
    for name in path:
        found = next((child for child in element if name_of(child) == name), None)
        if found is None:
            return ""
        element = found
    return element.text or ""


def each(element: Element, name: str) -> Iterator[Element]:
    """The descendants of a name, in reading order."""
    return (child for child in element.iter() if name_of(child) == name)
