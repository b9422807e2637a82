"""
The content of OpenDocument to lines: paragraphs, lists, tables, slides, and what is beside them.

What an element does is one short method, found by its name in a table (`walk.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.documents.office.drawings import open_chart_lines
from seimai.pipeline.ingest.documents.office.flow import MOST_COLUMNS, Flow
from seimai.pipeline.ingest.documents.office.opendocument.odf_lists import Lists
from seimai.pipeline.ingest.documents.office.sheets.cells import LAST_COLUMN, Hidden
from seimai.pipeline.ingest.documents.office.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.contract import ReadOptions
    from seimai.pipeline.ingest.documents.office.faults import Faults
    from seimai.pipeline.ingest.documents.office.package import Event, Package
    from seimai.pipeline.ingest.documents.office.walk import Ends, Starts

UNSEEN = {
    "tracked-changes", "annotation-end", "ruby-text", "note-citation", "table-of-content", "forms",
    "script", "binary-data", "footer", "header", "date-time", "title", "desc", "settings",
    "meta", "master-styles", "alphabetical-index", "illustration-index", "table-index",
    "object-index", "user-index",
}  # fmt: skip
"""Elements whose content is not read; `header`, `footer` and `date-time` are fields of slides."""
COMMENTS = {"annotation", "notes"}
HIDDEN = {"hidden-text", "hidden-paragraph"}

ASIDE = ("note-body", "annotation")
"""Elements whose paragraphs are written after the text."""
CELLS = ("table-cell", "covered-table-cell")
VALUES = ("string-value", "date-value", "time-value", "boolean-value", "value")
"""Where a cell has its value; programs that write no paragraph into it leave nothing else."""
PARAGRAPHS = ("p", "h")
LISTS = ("list-style", "outline-style", "list-level-style-number", "outline-level-style",
         "list-level-style-bullet", "list-level-label-alignment")  # fmt: skip
STYLED = ("style", "table-properties", "drawing-page-properties", "text-properties")
INVISIBLE = {"collapse", "filter"}

MOST_TIMES = 1_000
"""How often a cell or a row that says it stands for many is written; real ones are empty."""
MOST_BLANKS = 1_000
_BLANKS = re.compile(r"[ \t\r\n]+")


class Styles:
    """The styles that hide a sheet, a slide or text, and those of lists."""

    def __init__(self, options: ReadOptions) -> None:
        self.hidden: set[str | None] = set()
        self.lists = Lists()
        self._drop = options.hidden == "drop"
        self._name = ""

    def tables(self) -> tuple[Starts, Ends]:
        """What is done at the elements that say something of styles."""
        starts = {**dict.fromkeys(STYLED, self.note), **dict.fromkeys(LISTS, self.lists.note)}
        return starts, {"list-style": self.lists.end_style, "outline-style": self.lists.end_style}

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


class _Table:
    """Where a table is: its columns, and the row at hand."""

    def __init__(self) -> None:
        self.hidden = Hidden()
        """The hidden columns."""
        self.next = 1
        """The number of the column that the next cell stands in."""
        self.row_is_hidden = False
        self.row_times = 1
        self.cell_times: list[int] = []

    def take(self, times: int) -> int:
        """How many of the next columns are hidden."""
        first, self.next = self.next, self.next + times
        return self.hidden.before(self.next) - self.hidden.before(first)


class Writer:
    """Writes content and counts what is hidden and left out."""

    def __init__(
        self,
        flow: Flow,
        package: Package,
        styles: Styles,
        options: ReadOptions,
        faults: Faults,
    ) -> None:
        self.flow = flow
        self.left_out = Counter[str]()
        self._package = package
        self._styles = styles
        self._lists = styles.lists
        self._faults = faults
        self._drop = options.hidden == "drop"
        self._unseen = UNSEEN | (HIDDEN if self._drop else set())
        self._unseen |= COMMENTS if options.comments == "drop" else set()
        self._aside = Flow(flow.left)
        self._flows: list[Flow] = []
        self._tables = [_Table()]
        self._values: list[str] = []
        """For each open cell its stored value, until a paragraph says what is shown."""
        self._hidden_columns: set[int] = set()
        self._labels: list[str] = []
        """Numbers of the paragraphs that are open, until there is text."""
        self._beside: list[str] = []
        starts, ends = styles.tables()
        self._starts = {
            **starts, "span": self._span, "s": self._blanks, "tab": lambda _: self._write("\t"),
            "line-break": lambda _: self._write("\n"), "table": self._start_table,
            "table-column": self._column, "table-row": self._start_row, "page": self._page,
            "section": self._section, "list": self._lists.start_list,
            "list-item": self._lists.start_item, "list-header": self._lists.start_header,
            "object": self._object,
            **dict.fromkeys(PARAGRAPHS, self._start_paragraph),
            **dict.fromkeys(ASIDE, self._start_aside), **dict.fromkeys(CELLS, self._start_cell),
        }  # fmt: skip
        self._ends = {
            **ends, "table": self._end_table, "table-row": self._end_row,
            "list": self._lists.end_list, "list-item": self._lists.end_item,
            "list-header": self._lists.end_item,
            **dict.fromkeys(PARAGRAPHS, self._end_paragraph),
            **dict.fromkeys(ASIDE, self._end_aside), **dict.fromkeys(CELLS, self._end_cell),
        }  # fmt: skip
        self._body = flow

    def write(self, events: Iterator[Event]) -> None:
        """Write content, or the rest of a table."""
        try:
            walk(events, self._starts, self._ends, self._text, self._unseen)
        finally:
            self.flow = self._body
            if self._hidden_columns:
                self.left_out["hidden_column"] = len(self._hidden_columns)

    def finish(self) -> None:
        """What stands beside the text comes after it."""
        self._body.close_all()
        self._aside.close_all()
        self._body.lines += self._aside.lines

    # --- paragraphs ---

    def _text(self, text: str) -> None:
        if self.flow.in_paragraph:
            self._write(_BLANKS.sub(" ", text))

    def _write(self, text: str) -> None:
        if text.strip() and self._labels and self._labels[-1]:
            self.flow.write(self._labels[-1])
            self._labels[-1] = ""
        self.flow.write(text)

    def _span(self, event: Event) -> bool:
        return self._styles.hides(event)

    def _section(self, event: Event) -> bool:
        return self._drop and event.attributes.get("display") == "none"

    def _blanks(self, event: Event) -> None:
        self._write(" " * min(_times(event.attributes, "c"), MOST_BLANKS))

    def _start_paragraph(self, event: Event) -> None:
        self.flow.open_paragraph()
        if self._values:
            self._values[-1] = ""
        self._labels.append(self._lists.label(event))

    def _end_paragraph(self) -> None:
        del self._labels[-1:]
        self.flow.close_paragraph()
        if self._beside and not self.flow.in_paragraph:
            self.flow.add_lines(self._beside)
            self._beside = []

    def _start_aside(self, _: Event) -> None:
        self._flows.append(self.flow)
        self.flow = self._aside

    def _end_aside(self) -> None:
        if self._flows:
            self.flow = self._flows.pop()

    def _page(self, event: Event) -> bool:
        if self._styles.hides(event):
            self.left_out["hidden_slide"] += 1
            return True
        self.flow.line()
        return False

    def _object(self, event: Event) -> None:
        part = event.attributes.get("href", "").removeprefix("./").rstrip("/") + "/content.xml"
        if not self._package.has(part):
            return
        with self._faults.within(part):
            lines = open_chart_lines(self._package.events(part))
            if not lines:  # A workbook, or a formula.
                self.left_out["embedded"] += 1
            if self.flow.in_paragraph:
                self._beside += lines
            else:
                self.flow.add_lines(lines)

    # --- tables ---

    def _start_table(self, _: Event) -> None:
        self._tables.append(_Table())

    def _end_table(self) -> None:
        if len(self._tables) > 1:
            self._tables.pop()

    def _column(self, event: Event) -> None:
        table = self._tables[-1]
        first = table.next
        table.next += _times(event.attributes, "number-columns-repeated", LAST_COLUMN)
        if self._drop and event.attributes.get("visibility") in INVISIBLE:
            table.hidden.add(first, table.next - 1)

    def _start_row(self, event: Event) -> None:
        table = self._tables[-1]
        self.flow.open_row()
        table.next = 1
        table.row_is_hidden = self._drop and event.attributes.get("visibility") in INVISIBLE
        table.row_times = _times(event.attributes, "number-rows-repeated")

    def _end_row(self) -> None:
        table = self._tables[-1]
        if self.flow.close_row(table.row_times, drop=table.row_is_hidden) and table.row_is_hidden:
            self.left_out["hidden_row"] += table.row_times
        table.row_is_hidden = False

    def _start_cell(self, event: Event) -> None:
        self.flow.open_cell()
        times = _times(event.attributes, "number-columns-repeated", LAST_COLUMN)
        self._tables[-1].cell_times.append(times)
        said = (event.attributes.get(name, "") for name in VALUES)
        self._values.append(next(filter(None, said), ""))

    def _end_cell(self) -> None:
        if self._values and (value := self._values.pop()):
            self.flow.line(value)
        table = self._tables[-1]
        count = table.cell_times.pop() if table.cell_times else 1
        begin, out = table.next, table.take(count)
        held = self.flow.close_cell(min(count - out, MOST_TIMES))
        if held and out and not any(one.row_is_hidden for one in self._tables[-MOST_COLUMNS:]):
            places = range(begin, begin + min(count, MOST_COLUMNS))
            self._hidden_columns.update(place for place in places if place in table.hidden)
