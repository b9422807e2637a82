"""
OpenDocument: texts (ODT), spreadsheets (ODS) and presentations (ODP), of LibreOffice and others.

All three keep their content in one part. Tracked deletions, readings of ruby and tables of
contents are left out; footnotes follow the text. Annotations, speaker's notes and what is hidden
are read where they are wanted.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import (
    Broken,
    Document,
    Input,
    Items,
    ReadOptions,
    Skipped,
)
from seimai.pipeline.ingest.documents.office.cells import LAST_COLUMN, Hidden
from seimai.pipeline.ingest.documents.office.facts import facts_of
from seimai.pipeline.ingest.documents.office.flow import MOST_COLUMNS, Flow, one_document
from seimai.pipeline.ingest.documents.office.package import Event, Package, opened, refused, skip

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
UNSEEN = {
    "tracked-changes", "annotation-end", "ruby-text", "note-citation", "table-of-content", "forms",
    "script", "binary-data", "footer", "header", "date-time", "title", "desc", "settings",
}  # fmt: skip
"""Elements whose content is not read; `header`, `footer` and `date-time` are fields of slides."""
COMMENTS = {"annotation", "notes"}
HIDDEN = {"hidden-text", "hidden-paragraph"}

ASIDE = {"note-body", "annotation"}
"""Elements whose paragraphs are put after the text."""
CELLS = {"table-cell", "covered-table-cell"}
INVISIBLE = {"collapse", "filter"}

MOST_TIMES = 1_000
"""How often a cell or a row that says it stands for many is written; real ones are empty."""
MOST_BLANKS = 1_000
_BLANKS = re.compile(r"[ \t\r\n]+")


def read_odt(source: Input, options: ReadOptions) -> Items:
    """The one document of a text."""
    return _read(source, options, "application/vnd.oasis.opendocument.text")


def read_odp(source: Input, options: ReadOptions) -> Items:
    """The one document of a presentation."""
    return _read(source, options, "application/vnd.oasis.opendocument.presentation")


def read_ods(source: Input, options: ReadOptions) -> Items:
    """A document for each visible sheet; `place` is `sheet N` from 1."""
    media_type = "application/vnd.oasis.opendocument.spreadsheet"
    number = 0
    try:
        with opened(source, options) as package:
            _check_lock(package)
            _, date = facts_of(package)
            events = package.events(CONTENT)
            styles = _Styles(options)
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
                flow = Flow(options.max_record)
                left_out = Counter[str]()
                try:
                    left_out = _write(flow, events, styles, options, one_table=True)
                except Broken as broken:
                    yield refused(source, broken, place)
                    if broken.cause != "too_large":
                        return
                    _skip_table(events)
                    continue
                text = flow.text()
                if text:
                    extra = {"title": name} if name else None
                    yield Document(text, place, date=date, media_type=media_type, extra=extra)
                else:
                    yield Skipped(place, "empty")
                yield from (Skipped(place, cause, left_out[cause]) for cause in sorted(left_out))
            if not number:
                yield Skipped("", "empty")
    except Broken as broken:
        yield refused(source, broken, f"sheet {number + 1}" if number else "")


def _read(source: Input, options: ReadOptions, media_type: str) -> Items:
    try:
        with opened(source, options) as package:
            _check_lock(package)
            flow = Flow(options.max_record)
            left_out = _write(flow, package.events(CONTENT), _Styles(options), options)
            facts = facts_of(package)
    except Broken as broken:
        yield refused(source, broken)
        return
    yield from one_document(flow, media_type, facts, left_out)


def _check_lock(package: Package) -> None:
    """Encrypted parts look like damaged ones; the manifest knows."""
    locked = False
    if package.has(MANIFEST):
        with contextlib.suppress(Broken):
            for event in package.events(MANIFEST):
                locked |= event.kind == "start" and event.name == "encryption-data"
    if locked:
        raise Broken("encrypted", "the document is locked with a password")


class _Styles:
    """The styles that hide a sheet, a slide or text."""

    def __init__(self, options: ReadOptions) -> None:
        self.hidden: set[str | None] = set()
        self._drop = options.hidden == "drop"
        self._name = ""

    def note(self, event: Event) -> None:
        """Look at an element for what it says of styles."""
        if event.kind != "start":
            return
        if event.name == "style":
            self._name = event.attributes.get("name", "")
        elif (
            (event.name == "table-properties" and event.attributes.get("display") == "false")
            or (
                event.name == "drawing-page-properties"
                and event.attributes.get("visibility") == "hidden"
            )
            or (event.name == "text-properties" and event.attributes.get("display") == "none")
        ):
            self.hidden.add(self._name)

    def hides(self, event: Event) -> bool:
        """Whether an element has such a style, and what is hidden is left out."""
        return self._drop and event.attributes.get("style-name") in self.hidden


def _times(attributes: dict[str, str], name: str, most: int = MOST_TIMES) -> int:
    said = attributes.get(name, "1")
    return min(int(said), most) if said.isascii() and said.isdigit() and len(said) < 10 else 1


def _skip_table(events: Iterator[Event]) -> None:
    depth = 1
    for event in events:
        if event.name == "table" and event.kind != "text":
            depth += 1 if event.kind == "start" else -1
            if not depth:
                return


class _Columns:
    """Where a row stands in the columns of its table, and which of these are hidden."""

    def __init__(self) -> None:
        self.hidden = Hidden()
        self.next = 1

    def take(self, times: int) -> int:
        """How many of the next columns are hidden."""
        first, self.next = self.next, self.next + times
        return self.hidden.before(self.next) - self.hidden.before(first)


def _write(
    flow: Flow,
    events: Iterator[Event],
    styles: _Styles,
    options: ReadOptions,
    *,
    one_table: bool = False,
) -> Counter[str]:
    """Write content, or the rest of a table; counts what was hidden and is left out."""
    drop = options.hidden == "drop"
    unseen = UNSEEN | (HIDDEN if drop else set()) | (COMMENTS - _wanted(options))
    times: list[int] = []
    tables = [_Columns()]
    row_is_hidden: list[bool] = []
    body, aside = flow, Flow(flow.left)
    flows: list[Flow] = []
    left_out = Counter[str]()
    hidden_columns: set[int] = set()
    for event in events:
        name, said = event.name, event.attributes
        if event.kind == "text":
            if flow.in_paragraph:
                flow.write(_BLANKS.sub(" ", name))
        elif event.kind == "start":
            if name in unseen or (name == "span" and styles.hides(event)):
                skip(events)
            elif name in {"p", "h"}:
                flow.open_paragraph()
            elif name == "s":
                flow.write(" " * min(_times(said, "c"), MOST_BLANKS))
            elif name == "tab":
                flow.write("\t")
            elif name == "line-break":
                flow.write("\n")
            elif name in ASIDE:
                flows.append(flow)
                flow = aside
            elif name == "table":
                tables.append(_Columns())
            elif name == "table-column":
                columns = tables[-1]
                first = columns.next
                columns.next += _times(said, "number-columns-repeated", LAST_COLUMN)
                if drop and said.get("visibility") in INVISIBLE:
                    columns.hidden.add(first, columns.next - 1)
            elif name == "table-row":
                flow.open_row()
                tables[-1].next = 1
                row_is_hidden.append(drop and said.get("visibility") in INVISIBLE)
                times.append(_times(said, "number-rows-repeated"))
            elif name in CELLS:
                flow.open_cell()
                times.append(_times(said, "number-columns-repeated", LAST_COLUMN))
            elif name == "page":
                if styles.hides(event):
                    left_out["hidden_slide"] += 1
                    skip(events)
                else:
                    flow.line()
            else:
                styles.note(event)
        elif name in {"p", "h"}:
            flow.close_paragraph()
        elif name in ASIDE:
            flow = flows.pop()
        elif name in CELLS:
            count = times.pop()
            columns = tables[-1]
            begin, out = columns.next, columns.take(count)
            held = flow.close_cell(min(count - out, MOST_TIMES))
            if held and out and not any(row_is_hidden):
                places = range(begin, begin + min(count, MOST_COLUMNS))
                hidden_columns.update(place for place in places if place in columns.hidden)
        elif name == "table-row":
            hidden = row_is_hidden.pop()
            count = times.pop()
            if flow.close_row(count, drop=hidden) and hidden:
                left_out["hidden_row"] += count
        elif name == "table":
            if one_table and len(tables) == 1:
                break
            tables.pop()
    if hidden_columns:
        left_out["hidden_column"] = len(hidden_columns)
    body.lines += aside.lines
    return left_out


def _wanted(options: ReadOptions) -> set[str]:
    return COMMENTS if options.comments == "keep" else set()
