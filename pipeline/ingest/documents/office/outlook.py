"""
MSG: one message of Outlook, its properties in streams of their own.

As of other mail, the subject and the body come in; senders and receivers do not: they are personal
data and no text. Attachments are counted.
"""

from __future__ import annotations

import re
import struct
from datetime import timedelta
from typing import TYPE_CHECKING

from seimai.pipeline.decode import decode
from seimai.pipeline.ingest.contract import Broken, Document, Items, ReadOptions, Skipped
from seimai.pipeline.ingest.documents.office.compound import WINDOWS_EPOCH, codec_of
from seimai.pipeline.ingest.pages.html import article_text

if TYPE_CHECKING:
    from seimai.pipeline.ingest.documents.office.compound import Compound

MEDIA_TYPE = "application/vnd.ms-outlook"

SUBJECT, BODY, PAGE_BODY = 0x0037, 0x1000, 0x1013
SENT, DELIVERED, BODY_PAGE, MESSAGE_PAGE = 0x0039, 0x0E06, 0x3FDE, 0x3FFD
"""Numbers of properties."""
WIDE, NARROW, BYTES = 0x001F, 0x001E, 0x0102
"""Types of properties that are streams."""
RICH_BODY = "__substg1.0_10090102"
HEADER = 32
"""Bytes in front of the properties that have no streams."""
ENTRY = struct.Struct("<HHIQ")
_ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9a-f]{8}/")
_LOCKED = re.compile(r"ipm\.note\.(?:secure|smime)(?!\.multipartsigned)", re.IGNORECASE)
CLASS = 0x001A


def items(compound: Compound, stream: str, options: ReadOptions) -> Items:
    """The one document of a message."""
    fixed = _fixed(compound.stream(stream))
    encoding = codec_of(fixed.get(MESSAGE_PAGE, fixed.get(BODY_PAGE, 0)))
    attached = {match[0] for name in compound.names if (match := _ATTACHMENT.match(name))}
    if _LOCKED.match(_string(compound, CLASS, encoding)):
        raise Broken("encrypted", "the message is encrypted")
    title = " ".join(_string(compound, SUBJECT, encoding).split())
    body = _string(compound, BODY, encoding).replace("\r\n", "\n").strip()
    if not body:
        body = _page(compound, encoding, options.max_record).strip()
    if not body and compound.has(RICH_BODY):
        raise Broken("format", "the body of the message is only there as packed rich text")
    text = f"{title}\n\n{body}".strip()
    if 3 * len(text) > options.max_record:
        raise Broken("too_large", f"the message has more than {options.max_record} bytes")
    if attached:
        yield Skipped("", "attachment", len(attached))
    if not text:
        yield Skipped("", "empty")
        return
    extra = {"title": title} if title else None
    yield Document(text, date=_date(fixed), media_type=MEDIA_TYPE, extra=extra)


def _fixed(data: bytes) -> dict[int, int]:
    """Values of the properties that have no streams."""
    body = data[HEADER:]
    body = body[: len(body) // ENTRY.size * ENTRY.size]
    return {number: value for _, number, _, value in ENTRY.iter_unpack(body)}


def _string(compound: Compound, number: int, encoding: str) -> str:
    for kind, codec in ((WIDE, "utf-16-le"), (NARROW, encoding)):
        name = f"__substg1.0_{number:04X}{kind:04X}"
        if compound.has(name):
            return compound.stream(name).decode(codec, "replace").rstrip("\0")
    return ""


def _page(compound: Compound, encoding: str, largest: int) -> str:
    """The text of the body where it is only there as a web page."""
    for kind in (BYTES, WIDE, NARROW):
        name = f"__substg1.0_{PAGE_BODY:04X}{kind:04X}"
        if compound.has(name):
            declared = "utf-16-le" if kind == WIDE else None if kind == BYTES else encoding
            data = compound.stream(name)
            if len(data) > largest:
                raise Broken("too_large", f"the message has more than {largest} bytes")
            return article_text(decode(data, declared, "html").text, ReadOptions())
    return ""


def _date(fixed: dict[int, int]) -> str | None:
    ticks = fixed.get(SENT) or fixed.get(DELIVERED) or 0
    if not 0 < ticks < 1 << 59:  # The year 3427.
        return None
    return (WINDOWS_EPOCH + timedelta(microseconds=ticks // 10)).isoformat(timespec="seconds")
