"""
Laws in the XML of e-Gov: chapters, articles, paragraphs and items in reading order.

One line each, numbered as in print: 第一条　…, ２　…, 一　…. The readings of ruby, the table of
contents (the headings stand in the text) and figures are left out; the title, the number and the
dates go into the extra columns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import Input, Items, ReadOptions, Unreadable
from seimai.pipeline.ingest.markup.unwrap import unwrap
from seimai.pipeline.ingest.markup.xml_file import document, read_tree
from seimai.pipeline.ingest.markup.xml_trees import Element, each, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT_OUT = {"Rt", "TOC", "Fig", "FigStruct", "LawNum", "ArithFormulaNum"}

NUMBERS = {
    "ArticleTitle", "ParagraphNum", "ItemTitle",
    *(f"Subitem{level}Title" for level in range(1, 11)),
}  # fmt: skip
"""Elements whose text stands on the same line, before the sentence."""

SENTENCES = re.compile(r"(?:Paragraph|Item|Subitem\d+|List|Sublist\d)Sentence")
LINES = re.compile(
    r"(?:LawTitle|EnactStatement|ArticleCaption|SupplNote|Related\w+Num|Remarks?Label|"
    r"(?:Part|Chapter|Section|Subsection|Division|Preamble|SupplProvision)(?:Title|Label)|"
    r"(?:Appdx\w*|TableStruct|Note|Style|Format)(?:Title|Label)|ParagraphCaption|AmendProvisionSentence)"
)
GAP = "　"


def read_law(source: Input, options: ReadOptions) -> Items:
    """The one law of a file, or the one reason why there is none."""
    read = read_tree(source, options)
    if isinstance(read, Unreadable):
        yield read
        return
    found, root = read
    law = next(each(root, "Law"), None)
    body = next(each(law, "LawBody"), None) if law is not None else None
    lines = [line for line in _lines(body) if line] if body is not None else []
    if law is None or not lines:
        yield Unreadable("", "no_text", "there is no law in the XML", found.text.encode()[:200])
        return
    extra = {
        "title": _first(law, "LawTitle"),
        "law_number": _first(law, "LawNum"),
        "law_type": law.get("LawType") or "",
        "era": law.get("Era") or "",
        "year": law.get("Year") or "",
    }
    named = {name: value for name, value in extra.items() if value}
    yield document(found, "\n".join(lines), named)


def _lines(element: Element, number: str = "") -> Iterator[str]:
    """Lines of an element; `number` stands before the first sentence."""
    for child in element:
        name = name_of(child)
        if name in LEFT_OUT or not name:
            continue
        if name in NUMBERS:
            number = GAP.join(filter(None, (number, _words(child))))
        elif SENTENCES.fullmatch(name):
            yield GAP.join(filter(None, (number, _columns(child))))
            number = ""
        elif name == "TableRow":
            yield "\t".join(_words(cell) for cell in child)
        elif LINES.fullmatch(name) or _is_leaf(child):
            yield _words(child)
        elif name == "Paragraph":
            # 第一条 and its first paragraph are one line, as in print.
            yield from _lines(child, number)
            number = ""
        else:
            yield from _lines(child)
    if number:
        yield number


def _columns(sentence: Element) -> str:
    """A sentence; what print sets in columns has a wide blank between them."""
    columns = [_words(child) for child in sentence if name_of(child) == "Column"]
    return GAP.join(columns) if columns else _words(sentence)


def _words(element: Element) -> str:
    return unwrap("".join(_pieces(element)))


def _pieces(element: Element) -> Iterator[str]:
    if name_of(element) in LEFT_OUT - {"LawNum"}:
        return
    yield (element.text or "") if name_of(element) else ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""


def _is_leaf(element: Element) -> bool:
    """Whether an element holds words, not other lines."""
    return bool((element.text or "").strip()) or not any(
        len(child) or (child.text or "").strip() for child in element
    )


def _first(law: Element, name: str) -> str:
    return next((_words(one) for one in each(law, name)), "")
