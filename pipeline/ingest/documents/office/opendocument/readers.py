"""
OpenDocument: texts (ODT), spreadsheets (ODS) and presentations (ODP), of LibreOffice and others.

All three keep their content in one part. Tracked deletions, readings of ruby and tables of
contents are left out; footnotes follow the text. Annotations, speaker's notes and what is hidden
are read where they are wanted. Automatic numbers stand before their paragraphs (`odf_lists.py`),
titles and names in charts after the paragraph they stand in.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import (
    Broken,
    Document,
    Input,
    Items,
    ReadOptions,
    Skipped,
)
from seimai.pipeline.ingest.documents.office.facts import facts_of
from seimai.pipeline.ingest.documents.office.faults import Faults
from seimai.pipeline.ingest.documents.office.flow import Flow, one_document
from seimai.pipeline.ingest.documents.office.opendocument.odf_writer import Styles, Writer
from seimai.pipeline.ingest.documents.office.package import Event, Package, opened, refused, skip
from seimai.pipeline.ingest.documents.office.sheets.sheet_rows import by_rows
from seimai.pipeline.ingest.documents.office.walk import walk
from seimai.pipeline.ingest.sources.spool import first_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTENT, STYLES = "content.xml", "styles.xml"
MANIFEST = "META-INF/manifest.xml"


def read_odt(source: Input, options: ReadOptions) -> Items:
    """The one document of a text."""
    return _read(source, options, "application/vnd.oasis.opendocument.text")


def read_odp(source: Input, options: ReadOptions) -> Items:
    """The one document of a presentation."""
    return _read(source, options, "application/vnd.oasis.opendocument.presentation")


def read_ods(source: Input, options: ReadOptions) -> Items:
    """A document for each visible sheet, or each row of it; `place` is `sheet N` from 1."""
    return by_rows(_read_sheets(source, options), options)


def _read_sheets(source: Input, options: ReadOptions) -> Items:
    number = 0
    try:
        with opened(source, options) as package:
            _check_lock(package)
            _, date = facts_of(package)
            events = package.events(CONTENT)
            styles = Styles(options)
            for event in events:
                styles.note(event)
                if event.kind != "start" or event.name != "table":
                    continue
                number += 1
                place, name = f"sheet {number}", event.attributes.get("name", "")
                if styles.hides(event):
                    skip(events)
                    yield Skipped(place, "hidden_sheet")
                    continue
                inside = _inside(events, "table")
                yield from _read_sheet(
                    source, package, inside, styles, options, (place, name, date)
                )
                for _ in inside:  # What is left of a sheet that is too long.
                    pass
            if not number:
                yield Skipped("", "empty")
    except Broken as broken:
        yield refused(source, broken, f"sheet {number + 1}" if number else "")


def _read_sheet(
    source: Input,
    package: Package,
    events: Iterator[Event],
    styles: Styles,
    options: ReadOptions,
    named: tuple[str, str, str | None],
) -> Items:
    """The document of a sheet; what comes before a fault in it stays."""
    place, name, date = named
    writer = Writer(Flow(options.max_record), package, styles, options, Faults())
    fault: Broken | None = None
    try:
        writer.write(events)
    except Broken as broken:
        if broken.cause == "too_large":
            yield refused(source, broken, place)
            return
        if broken.cause == "bomb":
            raise
        fault = broken
    writer.finish()
    text = writer.flow.text()
    if text:
        extra = {"title": name} if name else None
        media_type = "application/vnd.oasis.opendocument.spreadsheet"
        yield Document(text, place, date=date, media_type=media_type, extra=extra)
    elif fault is None:
        yield Skipped(place, "empty")
    if fault:
        yield refused(source, fault, place)
    left_out = writer.left_out
    yield from (Skipped(place, cause, left_out[cause]) for cause in sorted(left_out))


def _read(source: Input, options: ReadOptions, media_type: str) -> Items:
    faults = Faults()
    flow = Flow(options.max_record)
    try:
        with opened(source, options) as package:
            _check_lock(package)
            styles = Styles(options)
            if package.has(STYLES):
                with faults.within(STYLES):
                    walk(package.events(STYLES), *styles.tables(), lambda _: None)
            writer = Writer(flow, package, styles, options, faults)
            with faults.within(CONTENT):
                writer.write(package.events(CONTENT))
            writer.finish()
            facts = facts_of(package)
    except Broken as broken:
        yield refused(source, broken)
        return
    first = first_bytes(source) if faults else b""
    yield from one_document(flow, media_type, facts, writer.left_out, faults, first)


def _inside(events: Iterator[Event], name: str) -> Iterator[Event]:
    """The events up to the end of the element that has just begun."""
    depth = 1
    for event in events:
        if event.name == name and event.kind != "text":
            depth += 1 if event.kind == "start" else -1
            if not depth:
                return
        yield event


def _check_lock(package: Package) -> None:
    """Encrypted parts look like damaged ones; the manifest knows."""
    locked = False
    if package.has(MANIFEST):
        with contextlib.suppress(Broken):
            for event in package.events(MANIFEST):
                locked |= event.kind == "start" and event.name == "encryption-data"
    if locked:
        raise Broken("encrypted", "the document is password-protected")
