"""
DOCX: the body of a document, then its footnotes and endnotes.

Left out is what a reader does not see: tracked deletions, field codes and the table of contents,
and hidden text and comments unless they are wanted; headers and footers are parts of their own and
not read. Of ruby only the base is kept, formulas are written in a line. Automatic numbers stand
before their paragraphs, SmartArt and charts after the paragraph they stand in. Embedded pages and
documents (`altChunk`) are read where they stand, embedded objects counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from string import hexdigits as digits
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.archive.nested import Attachments
from seimai.pipeline.ingest.contract import (
    Broken,
    Input,
    Item,
    Items,
    ReadOptions,
)
from seimai.pipeline.ingest.documents.office.drawings import drawn_lines
from seimai.pipeline.ingest.documents.office.facts import facts_of
from seimai.pipeline.ingest.documents.office.faults import Faults
from seimai.pipeline.ingest.documents.office.fields import is_contents, shown_by_code
from seimai.pipeline.ingest.documents.office.flow import Flow, one_document
from seimai.pipeline.ingest.documents.office.package import Event, opened, refused
from seimai.pipeline.ingest.documents.office.sign_fonts import is_sign_font, sign, signs
from seimai.pipeline.ingest.documents.office.walk import walk
from seimai.pipeline.ingest.documents.office.word.docx_lists import Lists, read_numbering
from seimai.pipeline.ingest.documents.office.word.docx_parts import Part
from seimai.pipeline.ingest.documents.office.word.docx_styles import is_on, read_styles
from seimai.pipeline.ingest.documents.office.word.formulas import Formulas
from seimai.pipeline.ingest.sources.spool import first_bytes

if TYPE_CHECKING:
    from seimai.pipeline.ingest.documents.office.package import Relation
    from seimai.pipeline.ingest.documents.office.walk import Ends, Starts

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

MAIN = "word/document.xml"
UNSEEN = {
    "moveFrom", "delText", "delInstrText", "tblPr", "tcPr", "sectPr", "rt", "Fallback", "pPrChange",
}  # fmt: skip
"""Elements whose content is not read. `Fallback` repeats what `Choice` says for older programs."""

WRITTEN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
NOTES = ("footnotes", "endnotes")
CONTENTS = "Table of Contents"
EMBEDDED = {"package", "oleObject"}
"""Kinds of relations to workbooks and documents that stand as pictures in the text."""
LONGEST_CODE = 4
"""Digits of a character in a font of signs."""
MOST_FIELDS = 100
"""At most this many fields within each other; a table of contents with links has three."""


def read_docx(source: Input, options: ReadOptions) -> Items:
    """The one document of a DOCX file."""
    faults, beside = Faults(), list[Item]()
    flow = Flow(options.max_record)
    try:
        with opened(source, options) as package:
            main = package.main_part(MAIN)
            relations: dict[str, Relation] = {}
            with faults.within(main):
                relations = package.relations(main)
            writer = _Writer(flow, options, faults)
            with faults.within("styles"):
                read_styles(package, relations, writer.lists, writer.hidden)
            with faults.within("numbering"):
                read_numbering(package, relations, writer.lists)
            attachments = Attachments(source, replace(options, extract="all"))
            writer.write(Part(package, main, relations, attachments, beside))
            comments = ("comments",) if options.comments == "keep" else ()
            for kind in (*NOTES, *comments):
                for relation in relations.values():
                    if relation.kind == kind and package.has(relation.target):
                        own: dict[str, Relation] = {}
                        with faults.within(relation.target):
                            own = package.relations(relation.target)
                        part = Part(package, relation.target, own, attachments, beside)
                        writer.write(part)
            facts = facts_of(package)
    except Broken as broken:
        yield refused(source, broken)
        return
    left_out = Counter("embedded" for relation in relations.values() if relation.kind in EMBEDDED)
    first = first_bytes(source) if faults else b""
    yield from one_document(flow, MEDIA_TYPE, facts, left_out, faults, first)
    yield from beside


class _Run:
    """Characters of one formatting; whether they are seen is known at its end."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.seen = True
        self.font = ""
        """The name of its font of symbols; "" where letters are letters."""


class _Field:
    """A field that is open: its code, and whether its result has begun."""

    def __init__(self) -> None:
        self.code: list[str] = []
        self.in_result = False
        self.is_contents = False


class _Writer:
    """Writes what a reader sees of the parts of a document."""

    def __init__(self, flow: Flow, options: ReadOptions, faults: Faults) -> None:
        self.hidden: set[str] = set()
        """Names of the styles whose text is hidden."""
        self.lists = Lists()
        self._flow = flow
        self._faults = faults
        self._keep_hidden = options.hidden == "keep"
        starts, ends = Formulas(flow).tables()
        self._starts: Starts = {
            **starts,
            "r": self._start_run, "t": self._start_text, "instrText": self._start_code,
            "vanish": self._vanish, "rStyle": self._style, "p": self._start_paragraph,
            "tr": self._start_row, "tc": lambda _: flow.open_cell(), "del": self._deleted,
            "footnote": self._note, "endnote": self._note, "docPartGallery": self._gallery,
            "sdtContent": self._content, "fldChar": self._field, "fldSimple": self._simple_field,
            "relIds": self._drawing, "chart": self._drawing, "altChunk": self._chunk,
            "pPr": self._start_properties, "pStyle": self._list_style, "ilvl": self._list_level,
            "numId": self._list, "sym": self._symbol, "rFonts": self._fonts,
            **dict.fromkeys(WRITTEN, self._sign),
        }  # fmt: skip
        self._ends: Ends = {
            **ends,
            "r": self._end_run, "t": self._end_text, "instrText": self._end_text,
            "pPr": self._end_properties, "p": self._end_paragraph, "tc": flow.close_cell,
            "tr": self._end_row,
        }  # fmt: skip
        self._begin()

    def _begin(self) -> None:
        """A part begins: nothing of another one is open."""
        self._runs: list[_Run] = []
        self._fields: list[_Field] = []
        self._row_is_deleted: list[bool] = []
        self._contents = False
        self._goes_on = False
        self._in_properties = False
        self._in_text = ""
        self._beside: list[str] = []
        """Lines of drawings that stand beside the current paragraph."""
        self._labels: list[str] = []
        """The automatic numbers of the paragraphs that are open, until there is text."""

    def write(self, part: Part) -> None:
        """Write a part; what comes before a fault in it stays."""
        self._begin()
        self._part = part
        with self._faults.within(part.name):
            walk(part.package.events(part.name), self._starts, self._ends, self._text, UNSEEN)
        self._flow.close_all()

    # --- runs ---

    def _text(self, text: str) -> None:
        if not self._in_text or not self._runs:
            return
        if self._in_text == "instrText":
            if self._fields and not self._fields[-1].in_result:
                self._flow.spend(len(text))
                self._fields[-1].code.append(text)
        elif not self._in_code():
            self._flow.spend(len(text))
            run = self._runs[-1]
            run.parts.append(signs(run.font, text) if run.font else text)

    def _in_code(self) -> bool:
        return bool(self._fields) and any(
            one.is_contents or not one.in_result for one in self._fields
        )

    def _start_run(self, _: Event) -> None:
        self._runs.append(_Run())

    def _end_run(self) -> None:
        run = self._runs.pop() if self._runs else None
        if run and run.seen:
            self._write("".join(run.parts))

    def _write(self, text: str) -> None:
        if text and self._labels and self._labels[-1]:
            self._flow.write(self._labels[-1])
            self._labels[-1] = ""
        self._flow.write(text)

    def _start_text(self, _: Event) -> None:
        self._in_text = "t"

    def _start_code(self, _: Event) -> None:
        self._in_text = "instrText"

    def _end_text(self) -> None:
        self._in_text = ""

    def _sign(self, event: Event) -> None:
        if self._runs and not self._in_properties and not self._in_code():
            self._runs[-1].parts.append(WRITTEN[event.name])

    def _symbol(self, event: Event) -> None:
        if self._runs and not self._in_properties and not self._in_code():
            code = event.attributes.get("char", "")
            if len(code) <= LONGEST_CODE and code and not code.strip(digits):
                shows = sign(event.attributes.get("font", ""), int(code, 16))
                self._runs[-1].parts.append(shows)

    def _fonts(self, event: Event) -> None:
        font = event.attributes.get("ascii", "")
        if self._runs and not self._in_properties and is_sign_font(font):
            self._runs[-1].font = font

    def _vanish(self, event: Event) -> None:
        if self._sees_runs() and is_on(event.attributes):
            self._runs[-1].seen = False

    def _style(self, event: Event) -> None:
        if self._sees_runs() and event.attributes.get("val") in self.hidden:
            self._runs[-1].seen = False

    def _sees_runs(self) -> bool:
        return bool(self._runs) and not self._keep_hidden and not self._in_properties

    # --- fields ---

    def _field(self, event: Event) -> None:
        kind = event.attributes.get("fldCharType")
        if kind == "begin" and len(self._fields) < MOST_FIELDS:
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            field = self._fields[-1]
            field.in_result = True
            field.is_contents = is_contents("".join(field.code))
        elif kind == "end" and self._fields:
            field = self._fields.pop()
            shown = shown_by_code("".join(field.code))
            if shown and not field.in_result and self._runs and not self._in_code():
                self._runs[-1].parts.append(shown)

    def _simple_field(self, event: Event) -> bool:
        code = event.attributes.get("instr", "")
        shown = shown_by_code(code)
        if shown and not self._in_code():
            self._write(shown)
        return bool(shown) or is_contents(code)

    # --- paragraphs ---

    def _start_paragraph(self, _: Event) -> None:
        self._labels.append("")
        self._flow.open_paragraph()
        self.lists.begin()

    def _start_properties(self, _: Event) -> None:
        self._in_properties = True

    def _list_style(self, event: Event) -> None:
        if self._in_properties:
            self.lists.style = event.attributes.get("val", "")

    def _list_level(self, event: Event) -> None:
        if self._in_properties:
            self.lists.level = event.attributes.get("val", "")

    def _list(self, event: Event) -> None:
        if self._in_properties:
            self.lists.name = event.attributes.get("val", "")

    def _end_properties(self) -> None:
        self._in_properties = False
        if self._labels:
            self._labels[-1] = self.lists.label()

    def _end_paragraph(self) -> None:
        if self._goes_on:  # The mark at its end is deleted: the next one is its second half.
            self._goes_on = False
            self._flow.join_paragraph()
        else:
            self._flow.close_paragraph()
        del self._labels[-1:]
        if not self._labels and self._beside:
            self._flow.add_lines(self._beside)
            self._beside = []

    # --- tables, notes, contents ---

    def _start_row(self, _: Event) -> None:
        self._flow.open_row()
        self._row_is_deleted.append(False)

    def _end_row(self) -> None:
        deleted = bool(self._row_is_deleted) and self._row_is_deleted.pop()
        self._flow.close_row(drop=deleted)

    def _deleted(self, _: Event) -> bool:
        """In the properties of a row or a paragraph it marks these, else it has deleted text."""
        if self._in_properties:
            self._goes_on = True
            return True
        if self._row_is_deleted and not self._runs and not self._flow.in_paragraph:
            self._row_is_deleted[-1] = True
        return True

    def _note(self, event: Event) -> bool:
        return "type" in event.attributes  # The line between text and notes.

    def _gallery(self, event: Event) -> None:
        self._contents = event.attributes.get("val", "").startswith(CONTENTS)

    def _content(self, _: Event) -> bool:
        found, self._contents = self._contents, False
        return found

    # --- what stands in parts of its own ---

    def _drawing(self, event: Event) -> None:
        part = self._part
        relation = part.relations.get(
            event.attributes.get("r:dm" if event.name == "relIds" else "r:id", "")
        )
        with self._faults.within(relation.target if relation else part.name):
            self._beside += drawn_lines(part.package, part.relations, event)

    def _chunk(self, event: Event) -> None:
        relation = self._part.relations.get(event.attributes.get("r:id", ""))
        if relation is None:
            self._faults.add(self._part.name, Broken("damaged", "an embedded page is not there"))
            return
        with self._faults.within(relation.target):
            for text in self._part.embedded(relation.target):
                self._flow.add_lines(text.split("\n"))
