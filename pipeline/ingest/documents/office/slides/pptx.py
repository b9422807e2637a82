"""
PPTX: the text of all slides in their order, an empty line between slides.

Slide numbers, dates and footers stand on every slide and are left out; hidden slides are counted.
Automatic numbers stand before their paragraphs. Comments and the notes of the speaker follow their
slide where they are wanted. SmartArt and charts are read where they stand. A slide that cannot be
read costs itself.
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
from seimai.pipeline.ingest.documents.office.drawings import drawn_lines
from seimai.pipeline.ingest.documents.office.facts import facts_of
from seimai.pipeline.ingest.documents.office.faults import Faults
from seimai.pipeline.ingest.documents.office.flow import Flow, one_document
from seimai.pipeline.ingest.documents.office.package import Event, Package, opened, refused, skip
from seimai.pipeline.ingest.documents.office.slides.pptx_lists import OTHER, SlideLists
from seimai.pipeline.ingest.documents.office.walk import walk
from seimai.pipeline.ingest.sources.spool import first_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.documents.office.package import Relation
    from seimai.pipeline.ingest.documents.office.walk import Ends, Starts

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

MAIN, SLIDES = "ppt/presentation.xml", "ppt/slides/slide"
UNSEEN = {"Fallback", "rPr", "endParaRPr", "fld", "tcPr", "timing", "transition"}
"""Elements that are not read: `fld` is the number of the slide, or today's date."""
ON_EVERY = {"sldNum", "ftr", "dt", "hdr"}
"""Placeholders whose text is the same on every slide."""
EMBEDDED = {"package", "oleObject"}
"""Kinds of relations to workbooks and documents that stand as pictures on a slide."""


def read_pptx(source: Input, options: ReadOptions) -> Items:
    """The one document of a PPTX file."""
    left_out = Counter[str]()
    faults = Faults()
    flow = Flow(options.max_record)
    try:
        with opened(source, options) as package:
            for number, part in enumerate(_slides(package, faults), 1):
                with faults.within(f"slide {number}"):
                    _read_slide(package, part, f"slide {number}", flow, options, faults, left_out)
                flow.close_all()
                flow.line()
            facts = facts_of(package)
    except Broken as broken:
        yield refused(source, broken)
        return
    first = first_bytes(source) if faults else b""
    yield from one_document(flow, MEDIA_TYPE, facts, left_out, faults, first)


def _slides(package: Package, faults: Faults) -> list[str]:
    """The parts of the slides in the order they are shown."""
    main = package.main_part(MAIN)
    slides: list[str] = []
    with faults.within(main):
        relations = package.relations(main)
        for event in package.events(main):
            if event.kind == "start" and event.name == "sldId":
                relation = relations.get(event.attributes.get("r:id", ""))
                named = f"of the slide {len(slides) + 1}"
                slides.append(relation.target if relation else named)
    if not slides and faults:
        slides = package.numbered(SLIDES)
    # A slide stands in the list once; a list of one slide a million times is not a presentation.
    return list(dict.fromkeys(slides))


def _read_slide(
    package: Package,
    part: str,
    place: str,
    flow: Flow,
    options: ReadOptions,
    faults: Faults,
    left_out: Counter[str],
) -> None:
    relations: dict[str, Relation] = {}
    with faults.within(place):
        relations = package.relations(part)
    writer = _Writer(flow, package, relations, faults, place)
    if not writer.write(package.events(part), keep_hidden=options.hidden == "keep"):
        left_out["hidden_slide"] += 1
        return
    left_out.update("embedded" for one in relations.values() if one.kind in EMBEDDED)
    if options.comments == "keep":
        _write_notes(flow, package, relations, faults, place)


def _write_notes(
    flow: Flow, package: Package, relations: dict[str, Relation], faults: Faults, place: str
) -> None:
    """Write the notes of the speaker and the comments on a slide."""
    for relation in relations.values():
        if not package.has(relation.target):
            continue
        events = package.events(relation.target)
        with faults.within(f"{place}, {relation.kind}"):
            if relation.kind == "notesSlide":
                _Writer(flow, package, {}, faults, place).write(events, keep_hidden=True)
            elif relation.kind == "comments":
                starts = {"text": lambda _: flow.open_paragraph()}
                walk(events, starts, {"text": flow.close_paragraph}, flow.write)
        flow.close_all()


class _Writer:
    """Writes the text of a slide, paragraph by paragraph."""

    def __init__(
        self,
        flow: Flow,
        package: Package,
        relations: dict[str, Relation],
        faults: Faults,
        place: str,
    ) -> None:
        self._flow = flow
        self._package = package
        self._relations = relations
        self._faults = faults
        self._place = place
        self._in_text = 0
        self._lists = SlideLists()
        self._is_labelled = True
        """Whether the number of the current paragraph is written already."""

    def write(self, events: Iterator[Event], *, keep_hidden: bool) -> bool:
        """Write a slide; whether it is one that is read."""
        flow = self._flow

        def placeholder(event: Event) -> None:
            if event.attributes.get("type") in ON_EVERY:
                skip(events)
                _skip_shape(events)

        starts: Starts = {
            "ph": placeholder, "t": self._start_text, "br": lambda _: flow.write("\n"),
            "p": self._start_paragraph, "pPr": self._lists.properties,
            "txBody": self._lists.begin_shape, "tr": lambda _: flow.open_row(),
            "tc": lambda _: flow.open_cell(), "relIds": self._drawing, "chart": self._drawing,
            **dict.fromkeys(("buAutoNum", *OTHER), self._lists.bullet),
            **dict.fromkeys((f"lvl{k}pPr" for k in range(1, 10)), self._lists.style),
        }  # fmt: skip
        ends: Ends = {
            "t": self._end_text, "p": flow.close_paragraph, "tc": flow.close_cell,
            "tr": flow.close_row, "lstStyle": self._lists.end_style,
        }  # fmt: skip
        first = next(events, None)
        if first and first.attributes.get("show", "1") in {"0", "false"} and not keep_hidden:
            return False
        walk(events, starts, ends, self._text, UNSEEN)
        return True

    def _text(self, text: str) -> None:
        if not self._in_text:
            return
        if not self._is_labelled and text.strip():
            self._is_labelled = True
            self._flow.write(self._lists.label())
        self._flow.write(text)

    def _start_paragraph(self, _: Event) -> None:
        self._flow.open_paragraph()
        self._lists.begin_paragraph()
        self._is_labelled = False

    def _start_text(self, _: Event) -> None:
        self._in_text += 1

    def _end_text(self) -> None:
        self._in_text -= 1

    def _drawing(self, event: Event) -> None:
        with self._faults.within(self._place):
            self._flow.add_lines(drawn_lines(self._package, self._relations, event))


def _skip_shape(events: Iterator[Event]) -> None:
    """Pass over the rest of the shape in whose properties the events stand."""
    for event in events:
        if event.kind == "end" and event.name in {"sp", "pic", "graphicFrame"}:
            return
