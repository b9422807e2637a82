"""
Mail: single messages (EML, MHTML) and mailboxes (MBOX), a document for each message.

The subject and the body come in, senders and receivers do not: they are personal data and no text.
Attachments are read as members of an archive are, `!/NAME`; pictures and sounds are counted, and
a forwarded mail is a document of its own. Python's older, forgiving policy parses; its newer one
raises on headers that real mail has. What programs write wrongly is mended in `mail_repairs.py`.
"""

from __future__ import annotations

import email
import email.errors
import email.header
import email.utils
import io
import re
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seimai.pipeline.decode import Decoded, decode
from seimai.pipeline.ingest.archive.member import Member
from seimai.pipeline.ingest.archive.names import rooted, tidy
from seimai.pipeline.ingest.archive.nested import Attachments
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Broken,
    Document,
    Input,
    Item,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
    unreadable,
)
from seimai.pipeline.ingest.documents.mail_repairs import (
    parsed,
    separated,
    unpacked,
    without_uuencode,
)
from seimai.pipeline.ingest.documents.mailbox import messages
from seimai.pipeline.ingest.one_record import one_record
from seimai.pipeline.ingest.pages.html import article_text
from seimai.pipeline.ingest.sources.single_file import read_whole
from seimai.pipeline.ingest.sources.streams import open_stream

if TYPE_CHECKING:
    from email.message import Message

MEDIA_TYPE = "message/rfc822"

_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_ENDLESS = re.compile(
    rb"^content-(?:type|disposition)[ \t]*+:(?:[^\r\n]|(?:\r\n|\r|\n)[ \t]){20000}",
    re.IGNORECASE | re.MULTILINE,
)
"""The standard library takes the square of the time for parameters of a header this long."""
LONGEST_HEADER = 10_000
"""Characters of a subject that are decoded: the parser's patterns are not linear."""

LOCKED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"}
DEEPEST = 50
"""Parts within parts; forwarding a forwarded mail ten times makes twenty."""
NO_DOCUMENTS = {"image", "audio", "video", "font", "model"}
"""Media types of attachments that are counted without a look: logos stand below every mail."""
NO_TEXTS = {
    "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "application/pgp-signature",
    "application/pkcs7-signature", "application/x-pkcs7-signature", "message/delivery-status",
    "message/external-body", "text/css", "text/javascript", "application/javascript",
    "message/disposition-notification", "text/rfc822-headers",
}  # fmt: skip
"""Attachments of other programs: appointments, addresses, signatures, reports of delivery."""
NAMES = {
    "application/pdf": "pdf", "application/msword": "doc", "application/rtf": "rtf",
    "application/zip": "zip", "text/html": "html", "text/plain": "txt", "text/csv": "csv",
}  # fmt: skip
"""Endings that are given to attachments without a name, by their media type."""


def read_eml(source: Input, options: ReadOptions) -> Items:
    """The one document of a message."""
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        yield data
        return
    yield from _message(Attachments(source, options), data, "")


def read_mbox(source: Input, options: ReadOptions) -> Items:
    """A document for each message of a mailbox; `place` is `@OFFSET` of its `From ` line."""
    attachments = Attachments(source, options)
    try:
        with closing(open_stream(source, options.limits)) as stream:
            for offset, data, fault in messages(stream, options.max_record):
                place = f"@{offset}"
                if fault:
                    yield unreadable(place, fault, data)
                    continue
                _, _, message = data.partition(b"\n")
                message = _ESCAPED.sub(rb"\1", message)
                yield from one_record(
                    _message, attachments, message, place, place=place, first=message
                )
    except Broken as broken:
        yield unreadable("", broken)


def _message(attachments: Attachments, data: bytes, place: str) -> Items:
    first = data[:FIRST_BYTES]
    if _ENDLESS.search(data):
        yield Unreadable(place, "damaged", "a header of the message does not end", first)
        return
    try:
        parts = _collected(parsed(data), 0)
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError) as error:
        # The parser of the standard library raises these for headers no mail program would write.
        yield Unreadable(place, "damaged", f"the message cannot be parsed: {error}", first)
        return
    yield from _items(attachments, parts, place, first)


def _items(attachments: Attachments, parts: _Parts, place: str, first: bytes) -> Items:
    """A message, what is attached to it, and the messages that are forwarded in it."""
    if parts.passed_over:
        yield Skipped(place, "attachment", parts.passed_over)
    if parts.locked and not parts.texts:
        yield Unreadable(place, "encrypted", "the message is encrypted", first)
    else:
        yield _document(parts, parts.headers, place, first)
    members = [_member(name, payload) for name, payload in parts.attached]
    if members:
        yield from attachments.items(members, place)
    for number, forwarded in enumerate(parts.forwarded, 1):
        yield from _items(attachments, forwarded, f"{place}!/message-{number}.eml", first)


def _member(name: str, payload: bytes) -> Member:
    return Member(name, lambda: io.BytesIO(payload), size=len(payload))


def _document(parts: _Parts, headers: dict[str, str], place: str, first: bytes) -> Item:
    title = _header(headers.get("subject", ""))
    body = "\n\n".join(text for text in (_text(body) for body in parts.texts) if text.strip())
    if not body.strip():
        if parts.refused:
            return Unreadable(place, "encoding", parts.refused, first)
        if not title:
            return Skipped(place, "empty")
    read = parts.texts[0].decoded if parts.texts else None
    return Document(
        f"{title}\n\n{body}".strip() if title else body,
        place,
        date=_date(headers.get("date", "")),
        declared=read.declared if read else None,
        detected=read.encoding if read else None,
        encoding=read.encoding if read else None,
        replaced=sum(body.decoded.replaced for body in parts.texts),
        media_type=MEDIA_TYPE,
        extra={"title": title} if title else None,
    )


class _Text:
    """One part of a body: its text, and how it was decoded."""

    def __init__(self, decoded: Decoded, kind: str, *, flowed: bool, glued: bool) -> None:
        self.decoded = decoded
        self.kind = kind
        self.flowed = flowed
        self.glued = glued


class _Parts:
    """The parts of a message: texts of the body, and attachments."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.texts: list[_Text] = []
        self.attached: list[tuple[str, bytes]] = []
        """Name and content of each attachment that may be a document."""
        self.forwarded: list[_Parts] = []
        self.passed_over = 0
        """How many attachments cannot be documents."""
        self.locked = False
        self.refused = ""


def _collected(message: Message, depth: int) -> _Parts:
    parts = _Parts()
    parts.headers = {
        name.lower(): str(value) for name, value in reversed(list(message.raw_items()))
    }
    _collect(message, parts, depth)
    return parts


def _collect(part: Message, parts: _Parts, depth: int) -> None:
    kind = part.get_content_type()
    if kind.startswith("multipart/") and depth < DEEPEST:
        part = separated(part)
    if kind in LOCKED and depth < DEEPEST:
        parts.locked = True
    elif depth >= DEEPEST and part.is_multipart():
        parts.passed_over += 1
    elif kind.startswith("multipart/") and part.is_multipart():
        children = [child for child in part.get_payload() if not isinstance(child, str)]
        if kind == "multipart/alternative":
            children = _best(children)
        elif kind == "multipart/related":
            children, beside = children[:1], children[1:]
            for child in beside:  # Of a page its pictures, styles and frames.
                _collect_attached(child, child.get_content_type(), parts)
        for child in children:
            _collect(child, parts, depth + 1)
    elif kind in {"message/rfc822", "message/global"} and part.is_multipart():
        for message in part.get_payload():
            if not isinstance(message, str):
                parts.forwarded.append(_collected(unpacked(part, message), depth + 1))
    elif kind in {"text/plain", "text/html"} and not _is_attached(part):
        _collect_text(part, kind, parts)
    else:
        _collect_attached(part, kind, parts)


def _collect_text(part: Message, kind: str, parts: _Parts) -> None:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return
    decoded = decode(payload, _charset(part), "html" if kind == "text/html" else None)
    if decoded.refused:
        parts.refused = f"the bytes are not text: {decoded.refused}"
        return
    if kind == "text/plain":
        kept, files = without_uuencode(decoded.text)
        decoded = replace(decoded, text=kept)
        for name, data in files:
            _attach(name, data, kind, parts)
    flowed = str(part.get_param("format", "")).lower() == "flowed"
    glued = str(part.get_param("delsp", "")).lower() == "yes"
    parts.texts.append(_Text(decoded, kind, flowed=flowed, glued=glued))


def _collect_attached(part: Message, kind: str, parts: _Parts) -> None:
    payload = part.get_payload(decode=True) if not part.is_multipart() else None
    if (
        kind.partition("/")[0] in NO_DOCUMENTS
        or kind in NO_TEXTS
        or not isinstance(payload, bytes)
        or not payload
    ):
        parts.passed_over += 1
        return
    _attach(_header(str(part.get_filename("") or "")), payload, kind, parts)


def _attach(said: str, payload: bytes, kind: str, parts: _Parts) -> None:
    """Note a file that may be a document. Its name comes from the sender: a place, never a path."""
    name = rooted(tidy(said)).rpartition("/")[2].strip()
    if name in {"", ".", ".."}:
        number = len(parts.attached) + 1
        name = f"attachment-{number}" + (f".{NAMES[kind]}" if kind in NAMES else "")
    parts.attached.append((name, payload))


def _best(parts: list[Any]) -> list[Any]:
    """
    The one of several forms of a text that is nearest to plain text.

    Newsletters leave the plain form empty, and programs demand one of them: such a form is none.
    """
    for kind in ("text/plain", "multipart/", "text/html"):
        for part in parts:
            if part.get_content_type().startswith(kind) and not _is_blank(part):
                return [part]
    return parts[:1]


def _is_blank(part: Message) -> bool:
    """Whether a part of one text has nothing but white space in it."""
    payload = None if part.is_multipart() else part.get_payload(decode=True)
    return isinstance(payload, bytes) and not payload.strip()


def _is_attached(part: Message) -> bool:
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    return disposition.startswith("attachment") or bool(part.get_filename())


def _charset(part: Message) -> str | None:
    charset = part.get_content_charset()
    return charset if charset and charset != "us-ascii" else None


def _text(text: _Text) -> str:
    plain = text.decoded.text.replace("\r\n", "\n")
    if text.kind == "text/html":
        return article_text(plain, ReadOptions())
    return _reflowed(plain, glued=text.glued) if text.flowed else plain


def _reflowed(text: str, *, glued: bool) -> str:
    r"""
    Lines that end in a blank go on in the next (RFC 3676); `-- ` is the line before a signature.

    A quoted line goes on in one that is quoted as often.

    >>> _reflowed("朝の港に \n船が戻る\n-- \n署名", glued=True)
    '朝の港に船が戻る\n-- \n署名'
    >>> _reflowed("> 会議は \n> 延期です。\n>> 承知 \n返事", glued=True)
    '> 会議は延期です。\n>> 承知 \n返事'
    """
    lines: list[str] = []
    depth, goes_on = 0, False
    for line in text.split("\n"):
        own = len(line) - len(line.lstrip(">"))
        rest = line[own:].removeprefix(" ")
        if goes_on and own == depth and rest != "-- ":
            before = lines[-1]
            lines[-1] = (before[:-1] if glued else before) + rest
        else:
            lines.append(line if own else rest)
        depth = own
        goes_on = rest.endswith(" ") and rest != "-- "
    return "\n".join(lines)


def _header(value: str) -> str:
    """A header as people read it: encoded words and raw bytes of any encoding decoded."""
    value = value[:LONGEST_HEADER]
    try:
        parts = email.header.decode_header(value)
    except (ValueError, email.errors.HeaderParseError):
        parts = [(value, None)]
    words = []
    for part, charset in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        words.append(decode(data, charset).text)
    return " ".join("".join(words).split())


def _date(header: str) -> str | None:
    try:
        return email.utils.parsedate_to_datetime(header).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
