"""What stands over the cells of XLSX and XLSB: text boxes, SmartArt, charts, and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.ingest.documents.office.drawings import drawn_lines
from seimai.pipeline.ingest.documents.office.package import skip
from seimai.pipeline.ingest.documents.office.sheets.cells import unescaped
from seimai.pipeline.ingest.documents.office.sheets.xlsb import binary_comments
from seimai.pipeline.ingest.documents.office.walk import Ends, Starts, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.documents.office.faults import Faults
    from seimai.pipeline.ingest.documents.office.flow import Flow
    from seimai.pipeline.ingest.documents.office.package import Event, Package, Relation

EMBEDDED = {"package", "oleObject"}
"""Kinds of relations to workbooks and documents that stand as pictures in a sheet."""
COMMENTS = {"comments", "threadedComment"}
THREAD = "tc="
"""The author of a comment that only says that newer programs show a thread of comments here."""


def write_over_cells(
    flow: Flow, package: Package, sheet: str, faults: Faults, place: str, *, comments: bool
) -> int:
    """
    Write what stands over the cells of a sheet: drawings, and comments if they are wanted.

    How many embedded objects there are.
    """
    relations: dict[str, Relation] = {}
    with faults.within(place):
        relations = package.relations(sheet)
    for relation in relations.values():
        if not package.has(relation.target):
            continue
        with faults.within(f"{place}, {relation.kind}"):
            if relation.kind == "drawing":
                _write_drawings(flow, package, relation.target)
            elif comments and relation.kind in COMMENTS:
                if relation.target.endswith(".bin"):
                    _write_binary_comments(flow, package.pieces(relation.target))
                else:
                    _write_comments(flow, package.events(relation.target))
    return sum(relation.kind in EMBEDDED for relation in relations.values())


def _write_drawings(flow: Flow, package: Package, part: str) -> None:
    """Write the text boxes, the diagrams and the charts of a sheet."""
    relations = package.relations(part)
    shown = False

    def text(event: Event) -> None:
        nonlocal shown
        shown = event.name == "t"

    def hide() -> None:
        nonlocal shown
        shown = False

    def drawing(event: Event) -> None:
        flow.add_lines(drawn_lines(package, relations, event))

    starts: Starts = {
        "p": lambda _: flow.open_paragraph(), "t": text,
        **dict.fromkeys(("relIds", "chart"), drawing),
    }  # fmt: skip
    ends: Ends = {"p": flow.close_paragraph, "t": hide}
    walk(
        package.events(part), starts, ends, lambda said: flow.write(said) if shown else None,
        ("Fallback", "pPr", "rPr", "endParaRPr"),
    )  # fmt: skip


def _write_binary_comments(flow: Flow, pieces: Iterator[bytes]) -> None:
    """Write the comments on the cells of a sheet of XLSB."""
    for author, text in binary_comments(pieces):
        if not author.startswith(THREAD):
            flow.spend(3 * len(text))
            flow.line(" ".join(text.split()))


def _write_comments(flow: Flow, events: Iterator[Event]) -> None:
    """Write the comments on the cells of a sheet."""
    authors: list[str] = []
    pieces: list[str] = []
    inside = ""
    for event in events:
        if event.kind == "text":
            if inside in {"t", "text", "author"}:
                pieces.append(event.name)
        elif event.kind == "start":
            inside = event.name
            number = number_in(event.attributes.get("authorId"), -1)
            if inside in {"rPh", "phoneticPr"} or (
                inside == "comment"
                and 0 <= number < len(authors)
                and authors[number].startswith(THREAD)
            ):
                skip(events)
            elif inside in {"author", "comment", "threadedComment"}:
                pieces = []
        else:
            inside = ""
            if event.name == "author":
                authors.append("".join(pieces))
            elif event.name in {"comment", "threadedComment"}:
                flow.spend(3 * sum(map(len, pieces)))
                flow.line(" ".join(unescaped("".join(pieces)).split()))


def number_in(said: str | None, otherwise: int) -> int:
    """The whole number that an attribute says."""
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 10 else otherwise
