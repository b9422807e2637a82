"""
Mail: single messages (EML, MHTML) and mailboxes (MBOX), a document for each message.

The subject and the body come in, senders and receivers do not: they are personal data and no text.
Attachments are counted. Python's older, forgiving policy parses; its newer one raises on headers
that real mail has.
"""

from __future__ import annotations

import email
import email.errors
import email.header
import email.policy
import email.utils
import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

from seimai.pipeline.decode import Decoded, decode
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    MIB,
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
from seimai.pipeline.ingest.pages.html import article_text
from seimai.pipeline.ingest.sources.single_file import read_whole
from seimai.pipeline.ingest.sources.streams import open_stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from typing import BinaryIO

MEDIA_TYPE = "message/rfc822"

_SEPARATOR = re.compile(
    rb"(?:\A|\n)(?=From [^\n]{1,200}? \d\d?:\d\d(?::\d\d)?[^\n]{0,40}? \d{4}[^\n]{0,80}\n)"
)
"""The line between messages. A sentence may begin with "From " too, but not end with a date."""
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_ENDLESS = re.compile(
    rb"^content-(?:type|disposition)[ \t]*+:(?:[^\r\n]|(?:\r\n|\r|\n)[ \t]){20000}",
    re.IGNORECASE | re.MULTILINE,
)
"""The standard library takes the square of the time for parameters of a header this long."""
LONGEST_SEPARATOR = 512
LONGEST_HEADER = 10_000
"""Characters of a subject that are decoded: the parser's patterns are not linear."""

LOCKED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"}
DEEPEST = 50
"""Parts within parts; forwarding a forwarded mail ten times makes twenty."""


def read_eml(source: Input, options: ReadOptions) -> Items:
    """The one document of a message."""
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        yield data
        return
    yield from _message(data, "")


def read_mbox(source: Input, options: ReadOptions) -> Items:
    """A document for each message of a mailbox; `place` is `@OFFSET` of its `From ` line."""
    try:
        with closing(open_stream(source, options.limits)) as stream:
            for offset, data, fault in _messages(stream, options.max_record):
                place = f"@{offset}"
                if fault:
                    yield unreadable(place, fault, data)
                    continue
                _, _, message = data.partition(b"\n")
                yield from _message(_ESCAPED.sub(rb"\1", message), place)
    except Broken as broken:
        yield unreadable("", broken)


def _messages(stream: BinaryIO, largest: int) -> Iterator[tuple[int, bytes, Broken | None]]:
    """Messages with their places; of one with a fault only the first bytes."""
    held = bytearray()
    begin = 0
    """The place in the stream of the first byte held."""
    searched = 0
    too_large: tuple[int, bytes, Broken] | None = None
    ended = False
    broken: Broken | None = None
    while not ended:
        try:
            piece = stream.read(MIB)
        except Broken as found:
            broken, piece = found, b""
        ended = not piece
        held += piece
        while True:
            match = _SEPARATOR.search(held, max(searched, 1))
            if match is None or (not ended and match.end() > len(held) - LONGEST_SEPARATOR):
                break
            yield too_large or (begin, bytes(held[: match.end()]), None)
            too_large = None
            begin += match.end()
            del held[: match.end()]
            searched = 0
        searched = max(len(held) - 2 * LONGEST_SEPARATOR, 0)
        if len(held) > largest:
            fault = Broken("too_large", f"the message has more than {largest} bytes")
            too_large = too_large or (begin, bytes(held[:FIRST_BYTES]), fault)
            begin += searched
            del held[:searched]
            searched = 0
    if too_large:
        yield too_large
    elif held.strip() and not broken:
        yield begin, bytes(held), None
    if broken:
        # What was held of the message that it broke in is not whole.
        detail = f"{broken.detail}; the message at byte {begin} is not whole"
        yield begin, bytes(held[:FIRST_BYTES]), Broken(broken.cause, detail, begin)


def _message(data: bytes, place: str) -> Items:
    first = data[:FIRST_BYTES]
    if _ENDLESS.search(data):
        yield Unreadable(place, "damaged", "a header of the message has no end", first)
        return
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        found = _Found()
        _collect(message, found, 0)
        headers = {name.lower(): str(value) for name, value in reversed(list(message.raw_items()))}
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError) as error:
        # The parser of the standard library raises these for headers no mail program would write.
        yield Unreadable(place, "damaged", f"the message cannot be parsed: {error}", first)
        return
    if found.attachments:
        yield Skipped(place, "attachment", found.attachments)
    if found.locked and not found.texts:
        yield Unreadable(place, "encrypted", "the message is encrypted", first)
        return
    yield _document(found, headers, place, first)


def _document(found: _Found, headers: dict[str, str], place: str, first: bytes) -> Item:
    title = _header(headers.get("subject", ""))
    body = "\n\n".join(text for text in (_text(one) for one in found.texts) if text.strip())
    if not body.strip():
        if found.refused:
            return Unreadable(place, "encoding", found.refused, first)
        if not title:
            return Skipped(place, "empty")
    read = found.texts[0].decoded if found.texts else None
    return Document(
        f"{title}\n\n{body}".strip() if title else body,
        place,
        date=_date(headers.get("date", "")),
        declared=read.declared if read else None,
        detected=read.encoding if read else None,
        encoding=read.encoding if read else None,
        replaced=sum(one.decoded.replaced for one in found.texts),
        media_type=MEDIA_TYPE,
        extra={"title": title} if title else None,
    )


class _Text:
    """One part of a body."""

    def __init__(self, decoded: Decoded, kind: str, *, flowed: bool, glued: bool) -> None:
        self.decoded = decoded
        self.kind = kind
        self.flowed = flowed
        self.glued = glued


class _Found:
    """What the parts of a message are."""

    def __init__(self) -> None:
        self.texts: list[_Text] = []
        self.attachments = 0
        self.locked = False
        self.refused = ""


def _collect(part: Message, found: _Found, depth: int) -> None:
    kind = part.get_content_type()
    if kind in LOCKED and depth < DEEPEST:
        found.locked = True
    elif kind.startswith("multipart/") and part.is_multipart():
        if depth >= DEEPEST:
            found.attachments += 1
            return
        parts = [one for one in part.get_payload() if not isinstance(one, str)]
        if kind == "multipart/alternative":
            parts = _best(parts)
        elif kind == "multipart/related":
            parts = parts[:1]
        for one in parts:
            _collect(one, found, depth + 1)
    elif kind in {"text/plain", "text/html"} and not _is_attached(part):
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            return
        decoded = decode(payload, _charset(part), "html" if kind == "text/html" else None)
        if decoded.refused:
            found.refused = f"the bytes are not text: {decoded.refused}"
            return
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        glued = str(part.get_param("delsp", "")).lower() == "yes"
        found.texts.append(_Text(decoded, kind, flowed=flowed, glued=glued))
    else:
        found.attachments += 1


def _best(parts: list[Any]) -> list[Any]:
    """The one of several forms of a text that is nearest to plain text."""
    for kind in ("text/plain", "multipart/", "text/html"):
        for part in parts:
            if part.get_content_type().startswith(kind):
                return [part]
    return parts[:1]


def _is_attached(part: Message) -> bool:
    said = str(part.get("Content-Disposition", "")).strip().lower()
    return said.startswith("attachment") or bool(part.get_filename())


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

    >>> _reflowed("朝の港に \n船が戻る\n-- \n署名", glued=True)
    '朝の港に船が戻る\n-- \n署名'
    """
    parts: list[str] = []
    for line in text.split("\n"):
        if line.endswith(" ") and line != "-- " and not line.startswith(">"):
            parts.append(line[:-1] if glued else line)
        else:
            parts.append(f"{line}\n")
    return "".join(parts)[:-1]


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


def _date(said: str) -> str | None:
    try:
        return email.utils.parsedate_to_datetime(said).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
