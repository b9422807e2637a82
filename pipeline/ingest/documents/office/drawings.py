"""
SmartArt and charts, in parts of their own beside a text, a slide or a sheet.

Of SmartArt the texts of its nodes are read, in the order of the tree they form. Of charts what is
text comes in: titles, names of series and of categories; the numbers stay where they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.ingest.documents.office.package import skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.documents.office.package import Event, Package, Relation

MOST_NODES = 10_000
TEXTS = {"doc", "node", "asst"}
"""Kinds of points of a diagram that people wrote: the others are lines and places."""
PARENT = "parOf"


def drawn_lines(package: Package, relations: dict[str, Relation], event: Event) -> list[str]:
    """
    The lines of the diagram or the chart that an element refers to.

    Raises `Broken` where the part is not there, or cannot be read.
    """
    if event.name == "relIds":
        relation = relations.get(event.attributes.get("r:dm", ""))
        return diagram_lines(package.events(relation.target)) if relation else []
    relation = relations.get(event.attributes.get("r:id", ""))
    if relation is None or relation.kind not in {"chart", "chartEx"}:
        return []
    return chart_lines(package.events(relation.target))


def diagram_lines(events: Iterator[Event]) -> list[str]:
    """The texts of a diagram: a line for each paragraph of a node, children after parents."""
    texts: dict[str, list[str]] = {}
    root = node = ""
    children: dict[str, list[tuple[int, str]]] = {}
    in_text = False
    for event in events:
        said = event.attributes
        if event.kind == "text":
            if in_text and node:
                texts[node][-1] += event.name
        elif event.kind == "end":
            in_text = False
            if event.name == "pt":
                node = ""
        elif event.name == "pt":
            kind = said.get("type", "node")
            node = said.get("modelId", "") if kind in TEXTS and len(texts) < MOST_NODES else ""
            if node:
                texts.setdefault(node, [])
                root = node if kind == "doc" else root
        elif event.name == "p" and node:
            texts[node].append("")
        elif event.name == "t":
            in_text = bool(node and texts[node])
        elif event.name == "cxn" and said.get("type", PARENT) == PARENT:
            order = said.get("srcOrd", "0")
            place = int(order) if order.isascii() and order.isdigit() and len(order) < 9 else 0
            child = (place, said.get("destId", ""))
            children.setdefault(said.get("srcId", ""), []).append(child)
    ordered: dict[str, None] = {}
    waiting = [*reversed(texts), root]
    while waiting:
        name = waiting.pop()
        if name in texts and name not in ordered:
            ordered[name] = None
            waiting += [child for _, child in sorted(children.get(name, ()), reverse=True)]
    return [line for name in ordered for one in texts[name] if (line := " ".join(one.split()))]


def chart_lines(events: Iterator[Event]) -> list[str]:
    """The titles of a chart, a line each; its series in one line, its categories in another."""
    titles: list[str] = []
    series: dict[str, None] = {}
    categories: dict[str, None] = {}
    inside: list[str] = []
    pieces: list[str] = []
    for event in events:
        name = event.name
        if event.kind == "text":
            if inside and inside[-1] in {"t", "v"}:
                pieces.append(name)
        elif event.kind == "start":
            if name in {"val", "yVal", "bubbleSize", "extLst", "numCache", "txPr"}:
                skip(events)
                continue
            inside.append(name)
            if name in {"title", "p", "v"}:
                pieces = []
        else:
            if inside:
                inside.pop()
            text = " ".join("".join(pieces).split())
            if name == "p" and "title" in inside:
                titles += [text] if text else []
                pieces = []
            elif name == "v" and text:
                if "tx" in inside and "ser" in inside:
                    series[text] = None
                elif {"cat", "xVal", "title"}.intersection(inside):
                    categories[text] = None
                pieces = []
    return [*titles, *("\t".join(row) for row in (series, categories) if row)]


def open_chart_lines(events: Iterator[Event]) -> list[str]:
    """
    Titles, series and categories of a chart of OpenDocument, as `chart_lines` has them of others.

    Such a chart is an object of its own with a table; of other objects there are none.
    """
    titles: list[str] = []
    names: dict[str, None] = {}
    inside: list[str] = []
    pieces: list[str] = []
    for event in events:
        if event.kind == "text":
            if inside and inside[-1] in {"p", "span"}:
                pieces.append(event.name)
        elif event.kind == "start":
            if event.name == "math":
                return []
            inside.append(event.name)
            if event.name == "p":
                pieces = []
            elif (
                event.name == "table-cell"
                and event.attributes.get("value-type", "string") != "string"
            ):
                skip(events)
                inside.pop()
        else:
            if inside:
                inside.pop()
            text = " ".join("".join(pieces).split())
            if event.name == "p" and text:
                if "table-cell" in inside:
                    names[text] = None
                elif {"title", "subtitle", "footer"}.intersection(inside):
                    titles.append(text)
    return [*titles, *(["\t".join(names)] if names else [])]
