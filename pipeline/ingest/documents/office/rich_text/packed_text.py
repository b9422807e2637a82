r"""
The packed rich text of Outlook (LZFu, [MS-OXRTFCP]), the body of messages without a plain one.

Runs of bytes are places in the last 4,096 bytes, which begin as a piece of RTF that every body
shares. The result is RTF as any other.
"""

from __future__ import annotations

import struct

from seimai.pipeline.ingest.contract import Broken

PACKED, PLAIN = b"LZFu", b"MELA"
HEADER = 16
WINDOW = 4096
SHARED = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""The bytes that the window of the decompressor begins with."""
LEAST = 2
"""This is added to the stored length of a run."""


def unpacked(data: bytes, largest: int) -> bytes:
    """The RTF of a body; `Broken` where it is none, or longer than `largest`."""
    try:
        _, size, magic = struct.unpack_from("<II4s", data)
    except struct.error as error:
        raise Broken("truncated", "the rich text of the message ends in its header") from error
    if size > largest:
        raise Broken("too_large", f"the rich text of the message has more than {largest} bytes")
    if magic == PLAIN:
        return data[HEADER : HEADER + size]
    if magic != PACKED:
        raise Broken("damaged", "the rich text of the message does not begin as one")
    window = bytearray(SHARED).ljust(WINDOW, b" ")
    place = len(SHARED)
    out = bytearray()
    at = HEADER
    while at < len(data) and len(out) < size:
        flags = data[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                piece = data[at : at + 1]
                at += 1
            else:
                said = int.from_bytes(data[at : at + 2], "big")
                at += 2
                start, length = said >> 4, (said & 15) + LEAST
                if start == place or at > len(data):  # The end.
                    return bytes(out[:size])
                piece = bytes(_run(window, start, length, place))
            for byte in piece:
                window[place] = byte
                place = (place + 1) % WINDOW
            out += piece
    return bytes(out[:size])


def _run(window: bytearray, start: int, length: int, place: int) -> bytearray:
    """Bytes of the window from a place on; a run may go on into itself."""
    found = bytearray()
    for k in range(length):
        at = (start + k) % WINDOW
        ahead = (at - place) % WINDOW
        found.append(found[ahead] if ahead < k else window[at])
    return found
