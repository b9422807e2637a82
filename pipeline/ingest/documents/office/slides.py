"""
PPTX: the text of all slides in their order, an empty line between slides.

Slide numbers, dates and footers stand on every slide and are left out; hidden slides are counted.
Comments and the notes of the speaker follow their slide where they are wanted.
"""

from __future__ import annotations

from collections import Counter
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

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

UNSEEN = {"Fallback", "pPr", "rPr", "endParaRPr", "fld", "tcPr", "timing", "transition"}
"""`fld` is the number of the slide, or today's date."""
ON_EVERY = {"sldNum", "ftr", "dt", "hdr"}
"""Placeholders whose text is the same on every slide."""


def read_pptx(source: Input, options: ReadOptions) -> Items:
    """The one document of a PPTX file."""
    left_out = Counter[str]()
    try:
        with opened(source, options) as package:
            flow = Flow(options.max_record)
            for part in _slides(package):
                shown = _write(flow, package.events(part), keep_hidden=options.hidden == "keep")
                if not shown:
                    left_out["hidden_slide"] += 1
                elif options.comments == "keep":
                    _write_notes(flow, package, part)
                flow.line()
            facts = facts_of(package)
    except Broken as broken:
        yield refused(source, broken)
        return
    yield from one_document(flow, MEDIA_TYPE, facts, left_out)


def _slides(package: Package) -> list[str]:
    """The parts of the slides in the order they are shown."""
    main = package.main_part()
    relations = package.relations(main)
    ids = [
        event.attributes.get("r:id", "")
        for event in package.events(main)
        if event.kind == "start" and event.name == "sldId"
    ]
    slides = [
        relations[one].target if one in relations else f"of the slide {number}"
        for number, one in enumerate(ids, 1)
    ]
    # A slide stands in the list once; a list of one slide a million times is not a presentation.
    return list(dict.fromkeys(slides))


def _write_notes(flow: Flow, package: Package, slide: str) -> None:
    """Write the notes of the speaker and the comments on a slide."""
    for relation in package.relations(slide).values():
        if not package.has(relation.target):
            continue
        if relation.kind == "notesSlide":
            _write(flow, package.events(relation.target), keep_hidden=True)
        elif relation.kind == "comments":
            for event in package.events(relation.target):
                if event.name == "text" and event.kind == "start":
                    flow.open_paragraph()
                elif event.name == "text" and event.kind == "end":
                    flow.close_paragraph()
                elif event.kind == "text":
                    flow.write(event.name)


def _write(flow: Flow, events: Iterator[Event], *, keep_hidden: bool) -> bool:
    """Write a slide; whether it is one that is read."""
    in_text = 0
    for event in events:
        name = event.name
        if event.kind == "text":
            if in_text:
                flow.write(name)
        elif event.kind == "start":
            if name == "sld" and event.attributes.get("show", "1") in {"0", "false"}:
                if not keep_hidden:
                    return False
                continue
            if name in UNSEEN:
                skip(events)
            elif name == "ph" and event.attributes.get("type") in ON_EVERY:
                skip(events)
                _skip_shape(events)
            elif name == "t":
                in_text += 1
            elif name == "br":
                flow.write("\n")
            elif name == "p":
                flow.open_paragraph()
            elif name == "tr":
                flow.open_row()
            elif name == "tc":
                flow.open_cell()
        elif name == "t":
            in_text -= 1
        elif name == "p":
            flow.close_paragraph()
        elif name == "tc":
            flow.close_cell()
        elif name == "tr":
            flow.close_row()
    return True


def _skip_shape(events: Iterator[Event]) -> None:
    """Pass over the rest of the shape in whose properties the events stand."""
    for event in events:
        if event.kind == "end" and event.name in {"sp", "pic", "graphicFrame"}:
            return
