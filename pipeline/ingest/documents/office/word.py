"""
DOCX: the body of a document, then its footnotes and endnotes.

Left out is what a reader does not see: tracked deletions, field codes and the table of contents,
and hidden text and comments unless they are wanted; headers and footers are parts of their own and
not read. Of ruby only the base is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import (
    Broken,
    Input,
    Items,
    ReadOptions,
)
from seimai.pipeline.ingest.documents.office.facts import facts_of
from seimai.pipeline.ingest.documents.office.flow import Flow, one_document
from seimai.pipeline.ingest.documents.office.package import Event, Package, opened, refused, skip

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

UNSEEN = {
    "del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "tblPr", "tcPr", "sectPr",
    "rt", "Fallback",
}  # fmt: skip
"""Elements whose content is not read. `Fallback` repeats what `Choice` says for older programs."""

WRITTEN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
NO = {"0", "false", "off"}
NOTES = ("footnotes", "endnotes")
CONTENTS = "Table of Contents"


def read_docx(source: Input, options: ReadOptions) -> Items:
    """The one document of a DOCX file."""
    try:
        with opened(source, options) as package:
            main = package.main_part()
            relations = package.relations(main).values()
            hidden = _hidden_styles(package, main) if options.hidden == "drop" else None
            flow = Flow(options.max_record)
            _write(flow, package.events(main), hidden)
            comments = ("comments",) if options.comments == "keep" else ()
            for kind in (*NOTES, *comments):
                for relation in relations:
                    if relation.kind == kind and package.has(relation.target):
                        _write(flow, package.events(relation.target), hidden)
            facts = facts_of(package)
    except Broken as broken:
        yield refused(source, broken)
        return
    yield from one_document(flow, MEDIA_TYPE, facts, {})


def _hidden_styles(package: Package, main: str) -> set[str]:
    """Ids of the styles whose text is hidden."""
    found: set[str] = set()
    for relation in package.relations(main).values():
        if relation.kind != "styles" or not package.has(relation.target):
            continue
        name = ""
        for event in package.events(relation.target):
            if event.kind != "start":
                continue
            if event.name == "style":
                name = event.attributes.get("styleId", "")
            elif event.name == "vanish" and _is_on(event.attributes):
                found.add(name)
    return found - {""}


def _is_on(attributes: dict[str, str]) -> bool:
    return attributes.get("val", "1") not in NO


class _Run:
    """Characters of one formatting; whether they are seen is known at its end."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.seen = True


def _write(flow: Flow, events: Iterator[Event], hidden: set[str] | None) -> None:
    """Write what a reader sees of a part; with None instead of styles also what is hidden."""
    runs: list[_Run] = []
    row_is_deleted: list[bool] = []
    contents = False
    in_text = 0
    for event in events:
        name = event.name
        if event.kind == "text":
            if in_text and runs:
                flow.spend(len(name))
                runs[-1].parts.append(name)
        elif event.kind == "start":
            if name in UNSEEN:
                if name == "del" and row_is_deleted:
                    row_is_deleted[-1] |= _in_row(runs, flow)
                skip(events)
            elif name == "r":
                runs.append(_Run())
            elif name == "t":
                in_text += 1
            elif name in WRITTEN:
                if runs:
                    runs[-1].parts.append(WRITTEN[name])
            elif name in {"vanish", "rStyle"}:
                if hidden is not None and (
                    _is_on(event.attributes)
                    if name == "vanish"
                    else event.attributes.get("val") in hidden
                ):
                    _hide(runs)
            elif name == "p":
                flow.open_paragraph()
            elif name == "tr":
                flow.open_row()
                row_is_deleted.append(False)
            elif name == "tc":
                flow.open_cell()
            elif name in {"footnote", "endnote"} and "type" in event.attributes:
                skip(events)  # The line between text and notes.
            elif name == "docPartGallery":
                contents = event.attributes.get("val", "").startswith(CONTENTS)
            elif name == "sdtContent" and contents:
                contents = False
                skip(events)
        elif name == "r":
            run = runs.pop() if runs else None
            if run and run.seen:
                flow.write("".join(run.parts))
        elif name == "t":
            in_text -= 1
        elif name == "p":
            flow.close_paragraph()
        elif name == "tc":
            flow.close_cell()
        elif name == "tr":
            flow.close_row(drop=bool(row_is_deleted) and row_is_deleted.pop())


def _hide(runs: list[_Run]) -> None:
    if runs:
        runs[-1].seen = False


def _in_row(runs: list[_Run], flow: Flow) -> bool:
    """Whether a mark of deletion stands in the properties of a row, not around text."""
    return not runs and not flow.in_paragraph
