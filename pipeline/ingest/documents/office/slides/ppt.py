"""
PPT (PowerPoint 97 to 2003): the text of all slides in their order, an empty line between slides.

Saving appends to a file, so that older states of slides stay in it: what counts is found from the
last edit, through a directory of places. Text stands in the shapes of a slide, or in an outline
that the shapes refer to. What is left out is what is left out of PPTX.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from seimai.pipeline.ingest.contract import Broken, Items, ReadOptions
from seimai.pipeline.ingest.documents.office.faults import Faults
from seimai.pipeline.ingest.documents.office.flow import Flow, one_document

if TYPE_CHECKING:
    from seimai.pipeline.ingest.documents.office.compound import Compound

MEDIA_TYPE = "application/vnd.ms-powerpoint"

CURRENT = "Current User"
LOCKED = 0xF3D1C4DF
EDIT, DIRECTORY, DOCUMENT = 0x0FF5, 0x1772, 0x03E8
EDIT_OF_LOCKED = 32
"""The size of an edit that says how the file is encrypted."""
LIST, PERSIST, SLIDE, SLIDE_ATOM, NOTES, SHOW = 0x0FF0, 0x03F3, 0x03EE, 0x03EF, 0x03F0, 0x03F9
OF_SLIDES, OF_NOTES = 0, 2
"""Which list a record is: that of slides, or that of notes."""
GROUP, SHAPE, PROPERTIES, ANCHOR = 0xF003, 0xF004, 0xF122, 0xF00F
PLACEHOLDER, TEXT_BOX, OUTLINE = 0x0BC3, 0xF00D, 0x0F9E
WIDE, NARROW = 0x0FA0, 0x0FA8
COMMENT, STRING = 0x2EE0, 0x0FBA
OBJECTS, EMBEDDED = 0x0409, 0x0FCC
"""Numbers of records."""
FIELDS = {0x0FD8, 0x0FF7, 0x0FF8, 0x0FF9, 0x0FFA, 0x1015}
"""Records that say where a date or the number of the slide stands in the text before."""
ON_EVERY = {7, 8, 9, 10}
"""Placeholders whose text is the same on every slide."""
HOLDS_RECORDS = 0x0F
BINARY_TAG = 0x138B
"""A record that holds other records although its header does not say so."""
ROW_HEIGHTS = 0x03A0
"""The property that only tables have."""
HIDDEN = 0x04
AGAIN = 2
"""Slides and notes may take this many times the bytes of their file: they do not overlap."""
MOST_EDITS = 10_000
DEEPEST = 64
"""At most this many records within each other; real files have about ten."""


class Record(NamedTuple):
    """One record: what stands in front of it, and its content."""

    kind: int
    instance: int
    nests: bool
    data: memoryview
    """Not a copy: records lie in each other, and hold most of a file each."""


def items(compound: Compound, stream: str, options: ReadOptions) -> Items:
    """The one document of a file; a slide that cannot be read costs itself."""
    data = memoryview(compound.stream(stream))
    current = compound.stream(CURRENT)
    flow = Flow(options.max_record)
    left_out = Counter[str]()
    faults = Faults()
    try:
        places, document = _places(data, current)
        listed = _lists(data, places, document, faults)
    except (struct.error, IndexError) as error:
        raise Broken("damaged", "a record of the presentation is too short") from error
    left_out["embedded"] += _embedded(_record(data, places[document]))
    for number, (place, texts) in enumerate(listed[OF_SLIDES].values(), 1):
        with faults.within(f"slide {number}"):
            try:
                slide = _record(data, place)
                if slide.kind != SLIDE:
                    raise Broken("damaged", "there is no slide where the presentation says")
                if options.hidden == "drop" and _is_hidden(slide):
                    left_out["hidden_slide"] += 1
                    continue
                _write(flow, slide, texts)
                if options.comments == "keep":
                    _write_notes(flow, slide, data, listed[OF_NOTES])
            except (struct.error, IndexError) as error:
                raise Broken("damaged", "a record of the slide is too short") from error
        flow.line()
    yield from one_document(flow, MEDIA_TYPE, compound.facts(), +left_out, faults)


def _embedded(document: Record) -> int:
    """How many objects of other programs there are: charts, tables, equations."""
    return sum(
        one.kind == EMBEDDED
        for listed in _inside(document)
        if listed.kind == OBJECTS
        for one in _inside(listed)
    )


def _record(data: memoryview, at: int) -> Record:
    """Read the record that begins at a place."""
    head, kind, size = struct.unpack_from("<HHI", data, at)
    nests = head & 0x0F == HOLDS_RECORDS or kind == BINARY_TAG
    return Record(kind, head >> 4, nests, data[at + 8 : at + 8 + size])


def _inside(record: Record) -> Iterator[Record]:
    """The records in a record."""
    at = 0
    while at + 8 <= len(record.data):
        found = _record(record.data, at)
        yield found
        at += 8 + max(len(found.data), int.from_bytes(record.data[at + 4 : at + 8], "little"))


def _all_inside(record: Record, depth: int = 0) -> Iterator[Record]:
    """The records in a record, and those in them, in their order."""
    for found in _inside(record):
        yield found
        if found.nests and depth < DEEPEST:
            yield from _all_inside(found, depth + 1)


def _places(data: memoryview, current: bytes) -> tuple[dict[int, int], int]:
    """Where each numbered record stands after the last edit, and the number of the document."""
    token, at = struct.unpack_from("<II", current, 12)
    if token == LOCKED:
        raise Broken("encrypted", "the presentation is password-protected")
    found: dict[int, int] = {}
    document: int | None = None
    seen: set[int] = set()
    while at and len(seen) < MOST_EDITS:
        edit = _record(data, at)
        if edit.kind != EDIT:
            raise Broken("damaged", "there is no edit where the presentation says")
        if len(edit.data) >= EDIT_OF_LOCKED:
            raise Broken("encrypted", "the presentation is password-protected")
        before, directory, number = struct.unpack_from("<8xIII", edit.data)
        document = number if document is None else document
        if directory not in seen:
            seen.add(directory)
            _add_places(found, _record(data, directory))
        if before >= at:
            break  # Edits stand one after the other.
        at = before
    if document not in found:
        raise Broken("damaged", "the presentation does not say where its slides are")
    return found, document


def _add_places(found: dict[int, int], directory: Record) -> None:
    """Add the places of an edit for what no later edit has placed."""
    if directory.kind != DIRECTORY:
        raise Broken("damaged", "there is no directory where the presentation says")
    numbers = struct.unpack_from(f"<{len(directory.data) // 4}I", directory.data)
    k = 0
    while k < len(numbers):
        first, count = numbers[k] & 0xFFFFF, numbers[k] >> 20
        for number, place in enumerate(numbers[k + 1 : k + 1 + count], first):
            found.setdefault(number, place)
        k += 1 + count


class _Listed(NamedTuple):
    """A slide, or the notes of one, as the list of the presentation has it."""

    place: int
    texts: list[str]
    """The texts that its shapes refer to by number."""


def _lists(
    data: memoryview, places: dict[int, int], number: int, faults: Faults
) -> dict[int, dict[int, _Listed]]:
    """Slides and notes by their ids, in their order."""
    document = _record(data, places[number])
    if document.kind != DOCUMENT:
        raise Broken("damaged", "there is no document where the presentation says")
    found: dict[int, dict[int, _Listed]] = {OF_SLIDES: {}, OF_NOTES: {}}
    seen: set[int] = set()
    left = AGAIN * len(data)
    for one in _inside(document):
        if one.kind != LIST or one.instance not in found:
            continue
        atoms: list[Record] = []
        for record in [*_inside(one), None]:
            if record is not None and record.kind != PERSIST:
                atoms.append(record)
                continue
            if atoms and atoms[0].kind == PERSIST:
                persist, slide = struct.unpack_from("<I8xI", atoms[0].data)
                place = places.get(persist)
                if place is None:
                    lost = Broken("damaged", "a slide is missing from the presentation")
                    faults.add(f"slide {len(found[OF_SLIDES]) + 1}", lost)
                elif place not in seen:  # A slide stands in the list once.
                    seen.add(place)
                    left -= len(_record(data, place).data)
                    if left < 0:
                        raise Broken("damaged", "the slides of the presentation overlap")
                    found[one.instance][slide] = _Listed(place, _texts(iter(atoms)))
            atoms = [] if record is None else [record]
    return found


def _texts(records: Iterator[Record]) -> list[str]:
    """Texts, without what stands for a date or the number of the slide in them."""
    found: list[str] = []
    fields: list[set[int]] = []
    for record in records:
        if record.kind == WIDE:
            found.append(str(record.data, "utf-16-le", "replace"))
            fields.append(set())
        elif record.kind == NARROW:
            found.append(str(record.data, "latin-1"))
            fields.append(set())
        elif record.kind in FIELDS and fields:
            fields[-1].add(int.from_bytes(record.data[:4], "little"))
    return [
        "".join(one for k, one in enumerate(text) if k not in gone) if gone else text
        for text, gone in zip(found, fields, strict=True)
    ]


def _is_hidden(slide: Record) -> bool:
    return any(
        record.kind == SHOW and struct.unpack_from("<10xH", record.data)[0] & HIDDEN
        for record in _inside(slide)
    )


def _write(flow: Flow, slide: Record, texts: list[str]) -> None:
    """Write the texts of the shapes of a slide, a line for each row of its tables."""
    used: set[int] = set()
    for shape in _shapes(slide):
        if shape.kind == GROUP:
            _write_table(flow, shape)
        else:
            for text in _texts_of(shape, texts, used):
                _write_text(flow, text)
    for number, text in enumerate(texts):
        if number not in used:
            _write_text(flow, text)


def _shapes(record: Record, depth: int = 0) -> Iterator[Record]:
    """The shapes in a record, and the groups that are tables."""
    for found in _inside(record):
        if found.kind == SHAPE or (found.kind == GROUP and _is_table(found)):
            yield found
        elif found.nests and depth < DEEPEST:
            yield from _shapes(found, depth + 1)


def _is_table(group: Record) -> bool:
    first = next(_inside(group), None)
    if first is None or first.kind != SHAPE:
        return False
    return any(
        name & 0x3FFF == ROW_HEIGHTS
        for one in _inside(first)
        if one.kind == PROPERTIES
        for name, _ in struct.iter_unpack(
            "<HI", one.data[: min(one.instance, len(one.data) // 6) * 6]
        )
    )


def _write_table(flow: Flow, group: Record) -> None:
    """Write a table, whose cells are shapes: those at one height are a row."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for shape in _inside(group):
        anchor = next((one for one in _inside(shape) if one.kind == ANCHOR), None)
        if shape.kind == SHAPE and anchor:
            left, top = struct.unpack_from("<ii", anchor.data)
            text = " ".join(" ".join(_texts_of(shape, [], set())).split())
            rows.setdefault(top, []).append((left, text))
    for _, row in sorted(rows.items()):
        _write_text(flow, "\t".join(text for _, text in sorted(row)).rstrip())


def _texts_of(shape: Record, texts: list[str], used: set[int]) -> list[str]:
    """The texts of a shape; those of the outline that it refers to are noted as used."""
    inside = list(_all_inside(shape))
    if any(one.kind == PLACEHOLDER and one.data[4] in ON_EVERY for one in inside):
        return []
    shown: list[str] = []
    for box in inside:
        if box.kind != TEXT_BOX:
            continue
        shown += _texts(_inside(box))
        for one in _inside(box):
            if one.kind == OUTLINE:
                number = int.from_bytes(one.data[:4], "little")
                if number < len(texts) and number not in used:
                    used.add(number)
                    shown.append(texts[number])
    return shown


def _write_text(flow: Flow, text: str) -> None:
    for line in text.split("\r"):
        flow.spend(3 * len(line))
        flow.line(line.replace("\x0b", "\n"))


def _write_notes(flow: Flow, slide: Record, data: memoryview, listed: dict[int, _Listed]) -> None:
    """Write the notes of the speaker and the comments on a slide."""
    for record in _inside(slide):
        if record.kind == SLIDE_ATOM:
            notes = listed.pop(struct.unpack_from("<16xI", record.data)[0], None)
            if notes:
                _write(flow, _record(data, notes.place), notes.texts)
    for record in _all_inside(slide):
        if record.kind == COMMENT:
            for string in _inside(record):
                if string.kind == STRING and string.instance == 1:
                    _write_text(flow, str(string.data, "utf-16-le", "replace"))
