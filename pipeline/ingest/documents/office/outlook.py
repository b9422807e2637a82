"""
MSG: one message of Outlook, its properties in streams of their own.

As of other mail, the subject and the body come in; senders and receivers do not: they are personal
data and no text. Attachments are read as those of other mail, forwarded messages too. Old messages
have bytes instead of UTF-16: the message says their code page, or the language of its writer does,
and what is plausible decides, as for every other text.
"""

from __future__ import annotations

import io
import re
import struct
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from seimai.pipeline.decode import decode
from seimai.pipeline.ingest.archive.member import Member
from seimai.pipeline.ingest.archive.names import rooted, tidy
from seimai.pipeline.ingest.archive.nested import Attachments
from seimai.pipeline.ingest.contract import (
    Broken,
    Document,
    Items,
    ReadOptions,
    Skipped,
    unreadable,
)
from seimai.pipeline.ingest.documents.office.compound import WINDOWS_EPOCH, codec_of
from seimai.pipeline.ingest.documents.office.rich_text.packed_text import unpacked
from seimai.pipeline.ingest.documents.office.rich_text.rtf import lines_of, read_rich
from seimai.pipeline.ingest.pages.html import article_text

if TYPE_CHECKING:
    from seimai.pipeline.ingest.documents.office.compound import Compound

MEDIA_TYPE = "application/vnd.ms-outlook"

SUBJECT, BODY, PAGE_BODY, CLASS = 0x0037, 0x1000, 0x1013, 0x001A
SENT, DELIVERED, MESSAGE_PAGE, LOCALE = 0x0039, 0x0E06, 0x3FFD, 0x3FF1
CONTENT, LONG_NAME, SHORT_NAME, SHOWN_NAME = 0x3701, 0x3707, 0x3704, 0x3001
MEDIA = 0x370E
"""Numbers of properties. PR_INTERNET_CPID (0x3FDE) is of the message as it was sent, not as it is
kept here, and says nothing of these bytes."""
WIDE, NARROW, BYTES = 0x001F, 0x001E, 0x0102
"""Types of properties that are streams."""
RICH_BODY = "__substg1.0_10090102"
PROPERTIES = "__properties_version1.0"
HEADER, HEADER_INSIDE = 32, 24
"""Bytes in front of the properties that have no streams, of a message and of one within it."""
ENTRY = struct.Struct("<HHIQ")
_ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9a-f]{8}/")
_LOCKED = re.compile(r"ipm\.note\.(?:secure|smime)(?!\.multipartsigned)", re.IGNORECASE)
EMBEDDED = "__substg1.0_3701000d/"
"""The storage of a message within a message."""
DEEPEST = 8
"""Messages in messages: the storages of a file are nested as deep."""
SINGLE = ("cp12", "cp8", "cp4", "latin")
JAPANESE = {"cp932", "euc_jp", "iso2022_jp", "utf-8"}
"""Encodings that are recognised by the bytes alone."""
BETWEEN = b"\n\x1f\n"
"""Separates strings that are decoded together."""
NO_DOCUMENTS = ("image/", "audio/", "video/", "text/calendar", "text/vcard", "text/x-vcard")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".ics", ".vcf")
"""Attachments that are counted without a look, by their media type and by their name."""

PAGES = {
    0x11: 932, 0x12: 949, 0x04: 936, 0x1E: 874, 0x2A: 1258, 0x08: 1253, 0x1F: 1254, 0x0D: 1255,
    0x01: 1256, 0x29: 1256, 0x20: 1256,
    **dict.fromkeys((0x25, 0x26, 0x27), 1257),
    **dict.fromkeys((0x02, 0x19, 0x22, 0x23, 0x2F), 1251),
    **dict.fromkeys((0x05, 0x0E, 0x15, 0x18, 0x1A, 0x1B, 0x1C, 0x24), 1250),
}  # fmt: skip
"""Windows' code page of a language, by the lower ten bits of its number; 1252 for others."""
TRADITIONAL = {0x0404, 0x0C04, 0x1404}
"""Numbers of the languages Chinese (Taiwan), (Hong Kong) and (Macau)."""


class _Message(NamedTuple):
    """A message of the file: the folder of its streams, and its properties without streams."""

    compound: Compound
    folder: str
    """In front of the names of its streams: "" for the message of the file."""
    fixed: dict[int, int]
    """Values of the properties that have no stream, by their numbers."""

    def has(self, name: str) -> bool:
        return self.compound.has(self.folder + name)

    def stream(self, name: str) -> bytes:
        return self.compound.stream(self.folder + name)


def items(compound: Compound, stream: str, options: ReadOptions) -> Items:
    """The message of a file, what is attached to it, and the messages forwarded in it."""
    del stream
    yield from _items(compound, "", options, Attachments(compound.source, options), "", 0)


def _items(
    compound: Compound,
    folder: str,
    options: ReadOptions,
    attachments: Attachments,
    place: str,
    depth: int,
) -> Items:
    """A message in a storage of the file; places begin with `place`."""
    try:
        for item in _message(compound, folder, options):
            item.place = place
            yield item
    except Broken as broken:
        yield unreadable(place, broken)
    members: list[Member] = []
    inner: list[str] = []
    passed_over = 0
    for name in sorted({
        match[0]
        for one in compound.names
        if one.startswith(folder) and (match := _ATTACHMENT.match(one, len(folder)))
    }):  # fmt: skip
        at = folder + name
        if any(one.startswith(at + EMBEDDED) for one in compound.names):
            inner.append(at + EMBEDDED)
        elif member := _member(compound, at, len(members) + 1):
            members.append(member)
        else:
            passed_over += 1
    if depth >= DEEPEST:
        passed_over, inner = passed_over + len(inner), []
    if passed_over:
        yield Skipped(place, "attachment", passed_over)
    if members:
        yield from attachments.items(members, place)
    for number, storage in enumerate(inner, 1):
        below = f"{place}!/message-{number}.msg"
        yield from _items(compound, storage, options, attachments, below, depth + 1)


def _member(compound: Compound, folder: str, number: int) -> Member | None:
    """An attachment; None where it is a picture, or lies elsewhere."""
    content = f"{folder}__substg1.0_{CONTENT:04X}{BYTES:04X}"
    if not compound.has(content):
        return None
    strings = _Strings(_Message(compound, folder, {}), (LONG_NAME, SHORT_NAME, SHOWN_NAME, MEDIA))
    if strings.get(MEDIA).lower().startswith(NO_DOCUMENTS):
        return None
    said = next(filter(None, map(strings.get, (LONG_NAME, SHORT_NAME, SHOWN_NAME))), "")
    # The name comes from the sender: it is a place, never a path.
    name = rooted(tidy(said)).rpartition("/")[2].strip()
    if name in {"", ".", ".."}:
        name = f"attachment-{number}"
    if name.lower().endswith(PICTURES):
        return None
    return Member(name, lambda: io.BytesIO(compound.stream(content)))


def _message(compound: Compound, folder: str, options: ReadOptions) -> Items:
    """The one document of a message."""
    header = HEADER_INSIDE if folder else HEADER
    message = _Message(compound, folder, _fixed(compound.stream(folder + PROPERTIES), header))
    strings = _Strings(message, (SUBJECT, BODY, CLASS))
    if _LOCKED.match(strings.get(CLASS)):
        raise Broken("encrypted", "the message is encrypted")
    title = " ".join(strings.get(SUBJECT).split())
    body = strings.get(BODY).replace("\r\n", "\n").strip()
    replaced = strings.replaced
    if not body:
        body, lost = _page(message, strings.declared, options.max_record)
        replaced += lost
    if not body and message.has(RICH_BODY):
        body = _rich(message.stream(RICH_BODY), options)
    text = f"{title}\n\n{body}".strip()
    if 3 * len(text) > options.max_record:
        raise Broken("too_large", f"the message has more than {options.max_record} bytes")
    if not text:
        yield Skipped("", "empty")
        return
    yield Document(
        text,
        date=_date(message.fixed),
        declared=strings.declared,
        detected=strings.encoding,
        encoding=strings.encoding,
        replaced=replaced,
        media_type=MEDIA_TYPE,
        extra={"title": title} if title else None,
    )


def _fixed(data: bytes, header: int) -> dict[int, int]:
    """Values of the properties that have no streams."""
    body = data[header:]
    body = body[: len(body) // ENTRY.size * ENTRY.size]
    return {number: value for _, number, _, value in ENTRY.iter_unpack(body)}


class _Strings:
    """Strings of a message, in UTF-16 or all in one code page."""

    def __init__(self, message: _Message, numbers: tuple[int, ...]) -> None:
        self.declared = next(iter(_pages(message.fixed)), None)
        """What the message says its bytes are in; None where it does not."""
        self.encoding: str | None = None
        """The encoding that the strings were decoded with."""
        self.replaced = 0
        self._found: dict[int, str] = {}
        narrow: dict[int, bytes] = {}
        for number in numbers:
            wide = f"__substg1.0_{number:04X}{WIDE:04X}"
            if message.has(wide):
                text = message.stream(wide).decode("utf-16-le", "replace")
                self._found[number] = text.rstrip("\0")
                self.replaced += text.count("\N{REPLACEMENT CHARACTER}")
            elif message.has(name := f"__substg1.0_{number:04X}{NARROW:04X}"):
                narrow[number] = message.stream(name).rstrip(b"\0")
        # A short subject alone says little of its encoding: all are looked at together.
        joined = BETWEEN.join(narrow.values())
        text, self.encoding, lost = _decoded(joined, _pages(message.fixed))
        parts = text.split(BETWEEN.decode())
        self.replaced += lost
        if not narrow or len(parts) != len(narrow):
            parts = [_decoded(data, _pages(message.fixed))[0] for data in narrow.values()]
        if not narrow:
            self.encoding = None
        self._found |= dict(zip(narrow, parts, strict=True))

    def get(self, number: int) -> str:
        """The string of a property, "" where there is none."""
        return self._found.get(number, "")


def _pages(fixed: dict[int, int]) -> list[str]:
    """What the bytes of a message may be in: what it says, and what its writer's language says."""
    found = [codec_of(page)] if (page := fixed.get(MESSAGE_PAGE)) else []
    if locale := fixed.get(LOCALE, 0) & 0xFFFF:
        page = 950 if locale in TRADITIONAL else PAGES.get(locale & 0x3FF, 1252)
        found.append(codec_of(page))
    # A message whose other strings are in UTF-16 says so of itself; these are not.
    return [codec for codec in found if codec != "utf-16-le"]


def _decoded(data: bytes, pages: list[str]) -> tuple[str, str | None, int]:
    """Bytes as text, what they were in, and how many characters are lost."""
    found = decode(data, pages[0] if pages else None)
    for codec in pages:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        # Every byte is a letter in a code page of single bytes: they prove nothing.
        if not codec.startswith(SINGLE) or found.encoding not in JAPANESE:
            return text, codec, 0
    if found.refused:
        text = data.decode(pages[0] if pages else "cp932", "replace")
        return text, None, text.count("\N{REPLACEMENT CHARACTER}")
    return found.text, found.encoding, found.replaced


def _page(message: _Message, codec: str | None, largest: int) -> tuple[str, int]:
    """The text of the body where it is only there as a web page, and how much of it is lost."""
    for kind in (BYTES, WIDE, NARROW):
        name = f"__substg1.0_{PAGE_BODY:04X}{kind:04X}"
        if message.has(name):
            declared = "utf-16-le" if kind == WIDE else None if kind == BYTES else codec
            data = message.stream(name)
            if len(data) > largest:
                raise Broken("too_large", f"the message has more than {largest} bytes")
            decoded = decode(data, declared, "html")
            return article_text(decoded.text, ReadOptions()).strip(), decoded.replaced
    return "", 0


def _rich(data: bytes, options: ReadOptions) -> str:
    """The text of the body where it is only there as packed rich text."""
    return "\n".join(lines_of(read_rich(unpacked(data, options.max_record), options)))


def _date(fixed: dict[int, int]) -> str | None:
    ticks = fixed.get(SENT) or fixed.get(DELIVERED) or 0
    if not 0 < ticks < 1 << 59:  # The year 3427.
        return None
    return (WINDOWS_EPOCH + timedelta(microseconds=ticks // 10)).isoformat(timespec="seconds")
