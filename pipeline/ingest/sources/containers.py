"""
Which container a file is: archives, office documents, PDF and mail, by what is in them.

Names lie here more than anywhere: web pages are called `.xls`, rich text is called `.doc`, and
every office document is a ZIP archive.
"""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from seimai.pipeline.ingest.contract import MIB
from seimai.pipeline.ingest.sources.streams import compression

if TYPE_CHECKING:
    from seimai.pipeline.ingest.contract import Input

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04", b"PK00PK\x03\x04")
"""A member, the end of an empty archive, and the two beginnings of what was to be split."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

BY_START = (
    (b"%PDF-", "pdf"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (OLE, "ole"),
    (b"{\\rtf", "rtf"),
)
LZH = re.compile(rb"-l[hz][0-9a-z]-")
"""The compression method that the header of the first member names."""
PARTS = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
"""Where Microsoft's formats keep their main part; the file itself may be called anything."""
MOST_DIRECTORY = 64 * MIB
"""The standard library holds the directory as objects, ten times its size; this is about 600,000
members."""
LAST = 66_000
"""The end record and its comment of at most 65,535 bytes."""

TYPES = "[Content_Types].xml"
OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/vnd.oasis.opendocument.graphics": "odp",
    b"application/vnd.sun.xml.writer": "odt",
    b"application/vnd.sun.xml.calc": "ods",
    b"application/vnd.sun.xml.impress": "odp",
    b"application/vnd.sun.xml.draw": "odp",
}
"""OpenDocument, and what it was in OpenOffice 1 and StarOffice."""
_MIMETYPE = re.compile(rb"mimetype(application/vnd\.(?:oasis\.opendocument|sun\.xml)\.[a-z]+)")
OFFICE_NAMES = {
    ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".xlsb": "xlsx", ".xltx": "xlsx", ".pptx": "pptx", ".pptm": "pptx", ".ppsx": "pptx",
    ".potx": "pptx",
    ".odt": "odt", ".ott": "odt", ".ods": "ods", ".ots": "ods", ".odp": "odp", ".otp": "odp",
    ".odg": "odp", ".sxw": "odt", ".sxc": "ods", ".sxi": "odp", ".sxd": "odp",
}  # fmt: skip
TAPES = {".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tzst"}

_MBOX = re.compile(rb"From [^\r\n]{1,200}? \d\d?:\d\d(?::\d\d)?[^\r\n]{0,40} \d{4}\b")
_HEADER = re.compile(rb"([!-9;-~]{1,76}):[ \t][^\n]*\n(?:[ \t][^\n]*\n)*")
MAIL_HEADERS = {
    b"received", b"return-path", b"delivered-to", b"from", b"to", b"subject", b"date",
    b"message-id", b"mime-version", b"x-mailer", b"reply-to", b"cc", b"references",
}  # fmt: skip
_SAVED_PAGE = re.compile(
    rb"(?:[!-9;-~]{1,76}:[ \t][^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n){0,9}){0,20}"
    rb"content-type:\s{0,9}multipart/related[;\s]",
    re.IGNORECASE,
)
"""A page with its pictures as one mail: Word saves so, and wikis export so under the name .doc."""
MAIL_NAMES = {".eml", ".mht", ".mhtml"}
ENOUGH = 3
"""A file without a telling name is a mail if this many different mail headers start it."""


def container(source: Input, head: bytes) -> str | None:
    """The container that an input is, from its first (decompressed) bytes; None for others."""
    name = PurePosixPath(source.path.partition("?")[0]).name.lower()
    endings = [f".{part}" for part in name.split(".")[1:]]
    last = endings[-1] if endings else ""
    for start, kind in BY_START:
        if head.startswith(start):
            return kind
    if head.startswith(ZIP):
        return _kind_of_zip(source, head, endings)
    if LZH.match(head, 2):
        return "lzh"
    if head[257:262] == b"ustar" or (TAPES.intersection(endings) and _is_tape(head)):
        return "tar"
    if last == ".pdf" and b"%PDF-" in head[:1024]:  # After a line or two of a broken download.
        return "pdf"
    if _MBOX.match(head):
        return "mbox"
    if last in MAIL_NAMES or _SAVED_PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "eml"
    if last in {"", ".msg"} and _is_mail(head.removeprefix(b"\xef\xbb\xbf")):
        return "eml"
    return None


def _is_tape(head: bytes) -> bool:
    """Whether a tape archive from before POSIX starts here."""
    try:
        tarfile.TarInfo.frombuf(head[:512], "latin-1", "strict")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


def _kind_of_zip(source: Input, head: bytes, endings: list[str]) -> str:
    match = _MIMETYPE.match(head[30:200])
    if match and match[1] in OPEN_DOCUMENT:
        return OPEN_DOCUMENT[match[1]]
    by_name = next((OFFICE_NAMES[one] for one in reversed(endings) if one in OFFICE_NAMES), None)
    if TYPES.encode() not in head and b"_rels" not in head and by_name is None:
        return "zip"
    names = _names(source)
    if names is None:
        # The directory at its end is lost: an office document has no use without it.
        return by_name or "zip"
    for part, kind in PARTS:
        if (TYPES in names or by_name == kind) and any(name.startswith(part) for name in names):
            return kind
    return by_name if by_name and "content.xml" in names else "zip"


def _names(source: Input) -> set[str] | None:
    """The members of an archive that is not compressed itself; None where they cannot be had."""
    try:
        with source.open_raw() as raw:
            if compression(raw.read(16)) or not raw.seekable():
                return None
            if directory_size(raw) > MOST_DIRECTORY:
                return None
            with zipfile.ZipFile(raw) as archive:
                return {name.replace("\\", "/") for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - its reader says what is wrong with it
        return None


def directory_size(file: IO[bytes]) -> int:
    """How long the directory of a ZIP archive says to be; 0 where there is none."""
    tail, size = _tail(file)
    at = tail.rfind(b"PK\x05\x06")
    said = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if said == 0xFFFFFFFF:  # ZIP64: the true number stands before.
        at = tail.rfind(b"PK\x06\x06")
        said = int.from_bytes(tail[at + 40 : at + 48], "little") if at >= 0 else 0
    return min(said, size)


def members_said(file: IO[bytes]) -> int | None:
    """How many members the end of a ZIP archive tells of, modulo 65,536; None without an end."""
    tail, _ = _tail(file)
    at = tail.rfind(b"PK\x05\x06")
    said = int.from_bytes(tail[at + 10 : at + 12], "little") if at >= 0 else None
    # In archives of the larger kind this only says "see there".
    return None if said == 0xFFFF else said


def _tail(file: IO[bytes]) -> tuple[bytes, int]:
    size = file.seek(0, io.SEEK_END)
    file.seek(max(size - LAST, 0))
    return file.read(LAST), size


def _is_mail(head: bytes) -> bool:
    found = set()
    at = 0
    while match := _HEADER.match(head, at):
        at = match.end()
        if match[1].lower() in MAIL_HEADERS:
            found.add(match[1].lower())
    return len(found) >= ENOUGH
