"""
Messages that are not written as the standards say, read as every mail program reads them.

Programs forget the line that separates parts, pack a forwarded message in Base64, and, in the
years before MIME, wrote attachments as lines of letters into the text (uuencode).
"""

from __future__ import annotations

import binascii
import email
import email.policy
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

BOM = b"\xef\xbb\xbf"
"""What editors put before a message that was saved as text."""

_SEPARATOR = re.compile(rb"^--([^\s-][^\r\n]{0,68}[^\s]|[^\s-])[ \t]*\r?$", re.MULTILINE)
"""A line that may begin a part: a boundary has 1 to 70 characters."""
FEWEST = 2
"""Times that a line separates: at the beginning of a part, and at its end."""
_BEGIN = re.compile(r"begin [0-7]{3,4} ([^\r\n]{1,200})")
LONGEST_LINE = 62
"""Characters of a line of uuencode, of which the first is the length: 45 bytes are 60 more."""


def parsed(data: bytes) -> Message:
    """The parts of a message; Python's older, forgiving policy reads it."""
    return email.message_from_bytes(data.removeprefix(BOM), policy=email.policy.compat32)


def unpacked(part: Message, message: Message) -> Message:
    """The message forwarded in a part: RFC 2046 allows no Base64 around it, programs write it."""
    body = message.get_payload()
    how = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if message.keys() or not isinstance(body, str) or how not in {"base64", "quoted-printable"}:
        return message
    raw = body.encode("ascii", "replace")
    try:
        return parsed(binascii.a2b_base64(raw) if how == "base64" else binascii.a2b_qp(raw))
    except ValueError:
        return message


def separated(part: Message) -> Message:
    """
    A part of several parts whose separating line is not named, or is named wrongly.

    The first line that looks like one and comes again, or is closed, is taken for it.
    """
    body = None if part.is_multipart() else part.get_payload(decode=True)
    match = _SEPARATOR.search(body) if isinstance(body, bytes) else None
    if not isinstance(body, bytes) or not match or body.count(b"--" + match[1]) < FEWEST:
        return part
    head = f"Content-Type: {part.get_content_type()}; boundary="
    return parsed(head.encode() + b'"' + match[1] + b'"\n\n' + body[match.start() :])


def without_uuencode(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    r"""
    A text without the files that stand in it as letters, and their names and bytes.

    >>> without_uuencode("前\nbegin 644 a.txt\n#86)C\n`\nend\n後")
    ('前\n後', [('a.txt', b'abc')])
    """
    if "begin " not in text:
        return text, []
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        match = _BEGIN.fullmatch(lines[at].rstrip("\r"))
        end, data = _file(lines, at + 1) if match else (0, b"")
        if match and end:
            files.append((match[1].strip(), data))
            at = end
        else:
            kept.append(lines[at])
            at += 1
    return "\n".join(kept), files


def _file(lines: list[str], at: int) -> tuple[int, bytes]:
    """The bytes of a file whose lines begin here and the line after its end; 0 if it is none."""
    data = bytearray()
    while at < len(lines):
        line = lines[at].rstrip("\r")
        at += 1
        if line == "end":
            return at, bytes(data)
        if not line or len(line) > LONGEST_LINE or not line.isascii():
            return 0, b""
        try:
            data += binascii.a2b_uu(line)
        except ValueError:
            return 0, b""
    return 0, b""
