"""
Paragraphs and tables to lines of text: a paragraph is a line, a row is a line with tabs.

Documents nest (a table in a cell, a text box in a paragraph); what is inside a cell becomes part
of its text, so that every row stays one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seimai.pipeline.ingest.contract import Broken, Document, Items, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seimai.pipeline.ingest.documents.office.faults import Faults

MOST_COLUMNS = 256
"""Cells of a row that are kept in their columns; further to the right they follow each other."""


class Flow:
    """Gathers paragraphs, tables and notes of a document into lines of text, within a limit."""

    def __init__(self, largest: int) -> None:
        self.lines: list[str] = []
        self.left = largest
        self._largest = largest
        self._paragraphs: list[list[str]] = []
        self._held: list[str] = []
        """The beginning of a paragraph that goes on in the next element."""
        self._rows: list[list[str]] = []
        self._cells: list[list[str]] = []
        """For each open cell its finished paragraphs."""

    def spend(self, size: int) -> None:
        """Count what is written; too much is `Broken` "too_large"."""
        self.left -= size
        if self.left < 0:
            detail = f"the text has more than {self._largest} bytes, the limit of a record"
            raise Broken("too_large", detail)

    @property
    def in_paragraph(self) -> bool:
        """Whether what is written now becomes text."""
        return bool(self._paragraphs)

    def open_paragraph(self) -> None:
        """Begin a paragraph, or go on with one that was joined to it."""
        self._paragraphs.append(self._held)
        self._held = []

    def join_paragraph(self) -> None:
        """The paragraph at hand goes on in the next one."""
        if self._paragraphs:
            self._held = self._paragraphs.pop()

    def write(self, text: str) -> None:
        """Characters of the paragraph at hand; outside of paragraphs there are none."""
        if self._paragraphs:
            self.spend(3 * len(text))
            self._paragraphs[-1].append(text)

    def pieces(self) -> int:
        """How many pieces the paragraph at hand is written in so far."""
        return len(self._paragraphs[-1]) if self._paragraphs else 0

    def taken(self, before: int) -> str:
        """What was written of the paragraph at hand after so many pieces, out of it again."""
        if not self._paragraphs:
            return ""
        text = "".join(self._paragraphs[-1][before:])
        del self._paragraphs[-1][before:]
        return text

    def put_back(self, text: str) -> None:
        """What was taken out, changed by a few signs; its characters are counted already."""
        if self._paragraphs and text:
            self._paragraphs[-1].append(text)

    def close_paragraph(self) -> None:
        """End the current paragraph."""
        if self._paragraphs:
            self._emit("".join(self._paragraphs.pop()))

    def line(self, text: str = "") -> None:
        """Write a line of its own."""
        self._emit(text)

    def add_lines(self, lines: Iterable[str]) -> None:
        """Lines of something that stands beside the text."""
        for line in lines:
            self.spend(3 * len(line))
            self._emit(line)

    def close_all(self) -> None:
        """What is open is finished: the document breaks off here."""
        if self._held:
            self.open_paragraph()
        while self._paragraphs:
            self.close_paragraph()
        while self._cells or self._rows:
            # A row within a cell is closed before it.
            if len(self._cells) >= len(self._rows):
                self.close_cell()
            else:
                self.close_row()

    def _emit(self, text: str) -> None:
        self.spend(1)
        if not self._cells:
            self.lines.append(text.rstrip())
        elif text.strip():
            self._cells[-1].append(" ".join(text.split()))

    def open_row(self) -> None:
        """Begin a row of a table."""
        self._rows.append([])

    def open_cell(self) -> None:
        """A cell begins; paragraphs are its text until it is closed."""
        self._cells.append([])

    def close_cell(self, times: int = 1) -> bool:
        """
        The cell at hand is finished; it may stand for several equal ones, or for none.

        Whether it held anything.
        """
        if self._held:
            self.open_paragraph()
            self.close_paragraph()
        if not self._cells:
            return False
        text = " ".join(self._cells.pop())
        if self._rows and times:
            row = self._rows[-1]
            times = max(1, min(times, MOST_COLUMNS - len(row)))
            self.spend(times * (3 * len(text) + 1))
            row.extend([text] * times)
        return bool(text)

    def close_row(self, times: int = 1, *, drop: bool = False) -> bool:
        """The row at hand is finished; empty ones leave no line. Whether it held anything."""
        if not self._rows:
            return False
        text = "\t".join(self._rows.pop()).rstrip()
        if text and not drop:
            for _ in range(max(times, 1)):
                self.spend(3 * len(text))
                self._emit(text)
        return bool(text)

    def text(self) -> str:
        """All lines; never more than one empty line in a row, none at the ends."""
        kept: list[str] = []
        for line in self.lines:
            if line or (kept and kept[-1]):
                kept.append(line)
        while kept and not kept[-1]:
            kept.pop()
        return "\n".join(kept)


def one_document(
    flow: Flow,
    media_type: str,
    facts: tuple[dict[str, Any], str | None],
    left_out: Mapping[str, int],
    faults: Faults,
    first: bytes = b"",
) -> Items:
    """The document of a flow with its other columns and its date, what was hidden, and faults."""
    flow.close_all()
    text = flow.text()
    extra, date = facts
    if text:
        yield Document(text, date=date, media_type=media_type, extra=extra or None)
    elif not left_out and not faults:
        yield Skipped("", "empty")
    yield from faults.told(first)
    yield from (Skipped("", cause, left_out[cause]) for cause in sorted(left_out))
