"""
DOC (Word 97 to 2003): the body of a document, its text boxes, then its footnotes and endnotes.

Word 6 and 95 are read by `word6.py`, lists by `doc_lists.py`.

The text lies in pieces, in the order of a table; formatting lies in pages of 512 bytes, by place
in the file. Of it only what decides the text is looked at: rows of tables, deletions, hidden text,
lists. Left out is what is left out of DOCX: field codes, tables of contents, headers, readings of
ruby. Where a table of formatting cannot be read, the text is given without it, and that is told.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.ingest.contract import (
    Broken,
    Document,
    Item,
    Items,
    ReadOptions,
    Skipped,
)
from seimai.pipeline.ingest.documents.office.faults import Faults
from seimai.pipeline.ingest.documents.office.fields import is_contents, shown_by_code
from seimai.pipeline.ingest.documents.office.flow import Flow, one_document
from seimai.pipeline.ingest.documents.office.word.doc_formats import (
    BREAK,
    CELL,
    ENDS,
    LINE,
    PARAGRAPH,
    PART,
    ROW,
    Formats,
    formats_of,
    marked,
    slice_of,
)
from seimai.pipeline.ingest.documents.office.word.doc_lists import LISTS, STYLES, USES, Lists, Place
from seimai.pipeline.ingest.documents.office.word.word6 import older_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seimai.pipeline.ingest.documents.office.compound import Compound

MEDIA_TYPE = "application/msword"

MAGIC, OLD_MAGIC = 0xA5EC, b"\xdc\xa5"
WORD_97 = 193
"""The first version of Word with this layout."""
ENCRYPTED, SECOND_TABLE = 0x0100, 0x0200
"""Flags in the word at byte 10 of the file."""
LENGTHS = 76
"""Offset at which the lengths of the parts of the text stand."""
PIECES = 0x1A2
"""Offset at which the place of the table of pieces stands."""

FIELD, RESULT, FIELD_ENDS = "\x13", "\x14", "\x15"
WRITTEN = str.maketrans({LINE: "\n", "\x1e": "-", "\x1f": "", "\xa0": " "})
_UNWRITTEN = re.compile("[\x00-\x08\x0e-\x12\x16-\x1b]")
"""Pictures, references to notes, and other signs for what is not text."""
_FIELDS = re.compile(f"[{FIELD}{RESULT}{FIELD_ENDS}]")
_OBJECT = re.compile(r"\s*(?:EMBED|LINK)\b")
STOPS = {PARAGRAPH, CELL, BREAK, PART, ROW}
BLANK = {"\0", " ", "\u3000", "\t", LINE}
"""Characters that paragraphs may consist of and still show nothing."""


def items(compound: Compound, stream: str, options: ReadOptions) -> Items:
    """The one document of a file."""
    data = compound.stream(stream)
    if data[:2] == OLD_MAGIC:
        yield _older(compound, data, options)
        return
    flow = Flow(options.max_record)
    faults = Faults()
    try:
        table = compound.stream(_table_of(data))
        lengths = struct.unpack_from("<8I", data, LENGTHS)
        with faults.within("formatting"):
            formats = formats_of(data, table, options)
        if faults:
            formats = Formats()
        text, places = _text(data, table, formats, options.max_record, faults)
    except struct.error as error:
        raise Broken("damaged", "a table of the document is cut off") from error
    if sum(lengths) > len(text) and not faults:
        faults.add("", Broken("truncated", "the document claims to be longer than its text"))
    with faults.within("lists"):
        text = _numbered(text, places, _lists(data, table), lengths)
    left_out = Counter[str]()
    for part in _parts(text, lengths, comments=options.comments == "keep"):
        units = part.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        _write(flow, _without_fields(units, left_out))
    yield from one_document(flow, MEDIA_TYPE, compound.facts(), left_out, faults)


def _older(compound: Compound, data: bytes, options: ReadOptions) -> Item:
    """The document of a file from before Word 97."""
    decoded = older_text(data, options.max_record, hidden=options.hidden == "keep")
    flow = Flow(options.max_record)
    # Of a row all that is known is that its last cell is followed by one more mark.
    text = decoded.text.replace(CELL + CELL, CELL + ROW)
    _write(flow, _without_fields(text, Counter()))
    if not (shown := flow.text()):
        return Skipped("", "empty")
    extra, date = compound.facts()
    return Document(
        shown,
        date=date,
        declared=decoded.declared,
        detected=decoded.encoding,
        encoding=decoded.encoding,
        replaced=decoded.replaced,
        media_type=MEDIA_TYPE,
        extra=extra or None,
    )


def _parts(text: list[str], lengths: Sequence[int], *, comments: bool) -> Iterator[str]:
    """The body, text boxes, footnotes and endnotes, and comments, as far as they are wanted."""
    body, notes, headings, _, remarks, endnotes, boxes, _ = lengths
    found: dict[str, str] = {}
    at = 0
    for name, length in (
        ("body", body), ("notes", notes), ("headings", headings), ("comments", remarks),
        ("endnotes", endnotes), ("boxes", boxes),
    ):  # fmt: skip
        found[name] = "".join(text[at : at + length])
        at += length
    wanted = ["body", "boxes", "notes", "endnotes"]
    return (found[name] for name in [*wanted, *(["comments"] if comments else [])])


def _lists(data: bytes, table: bytes) -> Lists:
    """The lists of the document; `Broken` where they cannot be read."""
    lists = Lists()
    try:
        for at, read in ((LISTS, lists.read_lists), (USES, lists.read_uses)):
            start, size = struct.unpack_from("<II", data, at)
            if size:
                read(table, start)
        if lists:
            lists.read_styles(slice_of(data, table, STYLES))
    except (struct.error, IndexError) as error:
        raise Broken("damaged", "the lists of the document are cut off") from error
    return lists


def _numbered(
    text: list[str], places: dict[int, Place], lists: Lists, lengths: Sequence[int]
) -> list[str]:
    """The characters with automatic numbers before the first ones of their paragraphs."""
    if not lists or not places:
        return text
    result = list(text)
    begin = 0
    edges = set(accumulate(lengths))
    for at, char in enumerate(text):
        if at in edges:
            begin = at
        if char not in STOPS:
            continue
        place = places.get(at)
        if place:
            label = lists.label(place)
            if label and any(one not in BLANK for one in text[begin:at]):
                result[begin] = label + result[begin]
        begin = at + 1
    return result


def _table_of(data: bytes) -> str:
    """The name of the stream with the tables of a document."""
    magic, version = struct.unpack_from("<HH", data)
    (flags,) = struct.unpack_from("<H", data, 10)
    if magic != MAGIC:
        raise Broken("damaged", "the file does not start like a document")
    if version < WORD_97:
        raise Broken("format", "a document of a test version of Word 97; save it as .docx")
    if flags & ENCRYPTED:
        raise Broken("encrypted", "the document is password-protected")
    return "1Table" if flags & SECOND_TABLE else "0Table"


def _text(
    data: bytes, table: bytes, formats: Formats, largest: int, faults: Faults
) -> tuple[list[str], dict[int, Place]]:
    """
    All characters of the document, put together; what is not seen is NUL.

    With them what paragraphs say of lists, by the places of their last characters.
    """
    pieces = slice_of(data, table, PIECES)
    at = 0
    while pieces[at : at + 1] == b"\1":  # Formatting of pieces.
        at += 3 + struct.unpack_from("<H", pieces, at + 1)[0]
    if pieces[at : at + 1] != b"\2":
        raise Broken("damaged", "the document does not say where its text is")
    (size,) = struct.unpack_from("<I", pieces, at + 1)
    plan = pieces[at + 5 : at + 5 + size]
    count = (len(plan) - 4) // 12
    starts = struct.unpack_from(f"<{count + 1}I", plan)
    found: list[str] = []
    places: dict[int, Place] = {}
    left = largest
    for k in range(count):
        (where,) = struct.unpack_from("<2xI", plan, 4 * (count + 1) + 8 * k)
        length = starts[k + 1] - starts[k]
        left -= length
        if length < 0:
            faults.add("", Broken("damaged", "a piece of the text ends before it begins"))
            break
        if left < 0:
            raise Broken("too_large", f"the text has more than {largest} bytes")
        if where & 0x40000000:
            width, start = 1, (where & 0x3FFFFFFF) // 2
            raw = data[start : start + length]
            text = raw.decode("cp1252", "replace")
        else:
            width, start = 2, where & 0x3FFFFFFF
            raw = data[start : start + 2 * length]
            text = _units(raw)
        if len(raw) < width * length:
            # Places count on: what follows is where it is.
            faults.add("", Broken("truncated", "the file ends inside its text"))
            text = text.ljust(length, "\0")
        _note_places(places, text, len(found), (start, width), formats)
        found += marked(text, start, width, formats)
    return found, places


def _note_places(
    places: dict[int, Place],
    text: str,
    at: int,
    where: tuple[int, int],
    formats: Formats,
) -> None:
    """Note what the paragraphs that end in a piece say of lists."""
    start, width = where
    if formats.lists:
        for match in ENDS.finditer(text):
            place = formats.lists.get(start + width * match.end())
            if place:
                places[at + match.start()] = place


def _units(data: bytes) -> str:
    """UTF-16 with a character for each unit: places in the text count these."""
    units = np.frombuffer(data[: len(data) // 2 * 2], "<u2")
    return units.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _without_fields(text: str, left_out: Counter[str]) -> str:
    """Text with the results of its fields and without their codes; counts embedded objects."""
    if FIELD not in text:
        return text
    shown: list[str] = []
    target = shown
    stack: list[tuple[list[str], list[str], list[str]]] = []
    """For each open field its code, its result, and the list that both go to at its end."""
    at = 0
    for match in _FIELDS.finditer(text):
        target.append(text[at : match.start()])
        at = match.end()
        if match[0] == FIELD:
            stack.append(([], [], target))
            target = stack[-1][0]
        elif stack and match[0] == RESULT:
            target = stack[-1][1]
        elif stack:
            code_parts, result, target = stack.pop()
            code = "".join(code_parts)
            if _OBJECT.match(code):
                left_out["embedded"] += 1
            shown_alone = shown_by_code(code)
            if shown_alone is not None:
                target.append(shown_alone)
            elif not is_contents(code):
                target += result
    target.append(text[at:])
    for _, result, _ in stack:  # What a field without an end shows is text.
        shown += result
    return "".join(shown)


def _write(flow: Flow, text: str) -> None:
    """Write paragraphs and rows."""
    cells: list[str] = []
    parts: list[str] = []
    at = 0
    for match in ENDS.finditer(text):
        line = _UNWRITTEN.sub("", text[at : match.start()]).translate(WRITTEN)
        at = match.end()
        if match[0] in {PARAGRAPH, BREAK}:
            flow.spend(3 * len(line))
            flow.line(line)
            continue
        parts.append(" ".join(line.split()))
        if match[0] == CELL:
            cells.append(" ".join(filter(None, parts)))
            parts = []
        elif match[0] == ROW:
            row = "\t".join(cells).rstrip()
            flow.spend(3 * len(row))
            if row:
                flow.line(row)
            cells, parts = [], []
    rest = _UNWRITTEN.sub("", "\t".join([*cells, *parts, text[at:]])).strip()
    if rest:
        flow.line(rest.translate(WRITTEN))
