"""
What pdfium finds on the pages of a PDF, as items; runs in the child process of `pdf_child.py`.

A PDF knows characters and places, no paragraphs. pdfium gives the characters in lines; `layout.py`
puts lines into order and into paragraphs. Pages that are pictures of text are reported, not
guessed at.
"""

from __future__ import annotations

import ctypes
import os
import re
from typing import TYPE_CHECKING, Any

from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Document,
    Item,
    Items,
    Skipped,
    Unreadable,
)
from seimai.pipeline.ingest.documents.layout import Line, Page, line_of, text_of_pages
from seimai.pipeline.ingest.documents.readings import without_readings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEDIA_TYPE = "application/pdf"
MOST_PAGES = 20_000
"""A page may be used again and again: a small file can have a million of them."""

MOST_CHARACTERS = 5_000_000
"""Every character costs two calls; ten thick books have as many."""

UNMAPPED_SHARE = 0.3
"""
Fonts without a table to Unicode give wrong or no characters; with this share of them it is not
text.
"""

PASSWORD = 4
"""The error of pdfium for files that need a password."""
WORDS = {
    2: "it cannot be read",
    3: "it is not a PDF",
    5: "its lock is not known",
    6: "a page is missing",
}
"""What pdfium's other errors mean."""

SOFT_HYPHENS = "\ufffe\x02"
"""What pdfium puts where a word is divided at the end of a line."""

_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")


def items_of(path: Path, most: int) -> list[Item]:
    """What a PDF on this machine gives; for `pdf_child.py`, which bounds what it may cost."""
    import pypdfium2

    return list(_read(pypdfium2, path, most))


def _read(pypdfium2: Any, path: Path, largest: int) -> Items:
    with path.open("rb") as file:
        first = file.read(FIRST_BYTES)
    document = _opened(pypdfium2, path)
    if document is None:
        yield _refused(pypdfium2.raw.FPDF_GetLastError(), first)
        return
    try:
        yield from _pages(pypdfium2, document, largest, first)
    except pypdfium2.PdfiumError as error:
        yield Unreadable("", "damaged", f"the file is damaged: {error}", first)
    finally:
        document.close()


def _opened(pypdfium2: Any, path: Path) -> Any:
    """
    The document, None where pdfium refuses it.

    The wrapper's own opening forgets to close a document without pages: its file stays open, and
    a thousand of them are all that a process may have.
    """
    raw = pypdfium2.raw
    handle = raw.FPDF_LoadDocument(os.fsencode(path.resolve()), None)
    if not handle:
        return None
    document = pypdfium2.PdfDocument(handle)
    if len(document) < 1:
        document.close()
        return None
    return document


def _refused(code: int, first: bytes) -> Unreadable:
    if code == PASSWORD:
        return Unreadable("", "encrypted", "the file is password-protected", first)
    said = WORDS.get(code, "it has no pages")
    return Unreadable("", "damaged", f"the file is damaged: {said}", first)


def _pages(pypdfium2: Any, document: Any, largest: int, first: bytes) -> Items:
    count = len(document)
    if count > MOST_PAGES:
        yield Unreadable("", "too_large", f"the file has {count} pages", first)
        return
    pages: list[Page] = []
    pictures, blank, damaged = [], [], []
    most = min(largest, MOST_CHARACTERS)
    left = most
    for number in range(count):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            damaged.append(number + 1)
            continue
        found, characters = _page(pypdfium2.raw, page, left)
        left -= characters
        if found.lines:
            pages.append(found)
        elif pypdfium2.raw.FPDFPage_CountObjects(page.raw) > 0:
            pictures.append(number + 1)
        else:
            blank.append(number + 1)
        page.close()
        if left < 0:
            detail = f"the file has more than {most} characters, the limit of a record"
            yield Unreadable("", "too_large", detail, first)
            return
    text = text_of_pages(pages)
    if text:
        yield _document(document, text, count)
    if pictures:
        detail = f"without a text layer: {_listed(pictures)} of {count} pages"
        yield Unreadable(_place(pictures, count), "needs_ocr", detail, first)
    if damaged:
        detail = f"damaged: {_listed(damaged)} of {count} pages"
        yield Unreadable(_place(damaged, count), "damaged", detail, first)
    if blank:
        yield Skipped("", "blank_page", len(blank))
    if (attached := pypdfium2.raw.FPDFDoc_GetAttachmentCount(document.raw)) > 0:
        yield Skipped("", "attachment", attached)


def _document(document: Any, text: str, count: int) -> Document:
    facts = document.get_metadata_dict()
    extra: dict[str, Any] = {"pages": count}
    title = " ".join(str(facts.get("Title", "")).replace("\0", "").split())
    if title:
        extra["title"] = title
    match = _DATE.match(facts.get("CreationDate", ""))
    return Document(
        text,
        date="-".join(part for part in match.groups() if part) if match else None,
        replaced=text.count("\N{REPLACEMENT CHARACTER}"),
        media_type=MEDIA_TYPE,
        extra=extra,
    )


def _listed(numbers: list[int]) -> str:
    """Page numbers as part of a sentence: `1-3, 7`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [str(low) if low == high else f"{low}-{high}" for low, high in runs[:20]]
    return ", ".join(shown) + (", …" if len(runs) > len(shown) else "")


def _place(numbers: list[int], count: int) -> str:
    return "" if len(numbers) == count else f"page {numbers[0]}"


def _page(raw: Any, page: Any, most: int) -> tuple[Page, int]:
    """
    The lines of a page, in pdfium's order, and how many characters pdfium counts.

    There are no lines where much of it cannot be text, and where there are more than `most`.
    """
    width, height = page.get_size()
    text_page = page.get_textpage()
    lines = []
    try:
        count = raw.FPDFText_CountChars(text_page.raw)
        for chars, boxes in _runs(raw, text_page.raw, count if count <= most else 0):
            line = line_of(chars, boxes)
            if line:
                lines.append(line)
    finally:
        text_page.close()
    shown = sum(len(line.text) for line in lines)
    unmapped = sum(_unmapped(line) for line in lines)
    if unmapped > shown * UNMAPPED_SHARE:
        lines = []
    turned = page.get_rotation()
    if turned:
        lines = [line.turned(turned, width, height) for line in lines]
    return Page(width, height, without_readings(lines)), max(count, 0)


def _unmapped(line: Line) -> int:
    return sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in line.text)


def _runs(
    raw: Any, text_page: Any, count: int
) -> Iterator[tuple[list[str], list[tuple[float, float, float, float]]]]:
    """Characters and boxes (left, bottom, right, top) of each line as pdfium sees lines."""
    unicode_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    rectangle = raw.FS_RECTF()
    pointer = ctypes.byref(rectangle)
    chars: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    for k in range(count):
        code = unicode_of(text_page, k)
        char = chr(code) if code < 0x110000 else "\ufffd"
        if char in "\r\n":
            if chars:
                yield chars, boxes
                chars, boxes = [], []
            continue
        if char in SOFT_HYPHENS:
            yield [*chars, "\N{SOFT HYPHEN}"], boxes
            chars, boxes = [], []
            continue
        if not box_of(text_page, k, pointer):
            continue
        chars.append("\ufffd" if code == 0 else char)
        boxes.append((rectangle.left, rectangle.bottom, rectangle.right, rectangle.top))
    if chars:
        yield chars, boxes
