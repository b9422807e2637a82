"""
The text of DOC before Word 97: bytes of a code page, in one run or in pieces.

Where its tables of formatting are differs, and they are not read: what was deleted or hidden but
kept in the file comes along. Such files are thirty years old and few; their text is what counts.
"""

from __future__ import annotations

import struct

from seimai.pipeline.decode import Decoded, decode
from seimai.pipeline.ingest.contract import Broken
from seimai.pipeline.ingest.documents.office.compound import codec_of

LANGUAGE, FLAGS, BEGIN, LENGTH, PIECES = 0x06, 0x0A, 0x18, 0x34, 0x160
"""Where the language stands, flags, the first byte and the length of the text, and its pieces."""
IN_PIECES, ENCRYPTED = 0x0004, 0x0100
PAGES = {0x11: 932, 0x12: 949, 0x04: 936, 0x19: 1251, 0x08: 1253, 0x1F: 1254}
"""Windows' code page of a language; 1252 for others."""


def older_text(data: bytes, largest: int) -> Decoded:
    """The characters of the body."""
    try:
        (language,) = struct.unpack_from("<H", data, LANGUAGE)
        (flags,) = struct.unpack_from("<H", data, FLAGS)
        (begin,) = struct.unpack_from("<I", data, BEGIN)
        (length,) = struct.unpack_from("<I", data, LENGTH)
        if flags & ENCRYPTED:
            raise Broken("encrypted", "the document is password-protected")
        if length > largest:
            raise Broken("too_large", f"the text has more than {largest} bytes")
        raw = _pieces(data, length) if flags & IN_PIECES else data[begin : begin + length]
    except struct.error as error:
        raise Broken("damaged", "the document is cut off") from error
    page = codec_of(PAGES.get(language & 0x3FF, 1252))
    found = decode(raw, page)
    if found.refused:
        raise Broken("damaged", f"the bytes are not text: {found.refused}")
    return found


def _pieces(data: bytes, length: int) -> bytes:
    start, size = struct.unpack_from("<II", data, PIECES)
    plan = data[start : start + size]
    at = 0
    while plan[at : at + 1] == b"\1":  # Formatting of pieces.
        at += 3 + struct.unpack_from("<H", plan, at + 1)[0]
    if plan[at : at + 1] != b"\2":
        raise Broken("damaged", "the document does not say where its text is")
    plan = plan[at + 5 :]
    count = (len(plan) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plan)
    found: list[bytes] = []
    for k in range(count):
        (where,) = struct.unpack_from("<2xI", plan, 4 * (count + 1) + 8 * k)
        wanted = min(places[k + 1], length) - places[k]
        if wanted > 0:
            found.append(data[where : where + wanted])
    return b"".join(found)[:length]
