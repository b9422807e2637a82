"""
A JSON file that is not lines: a list of objects, or one object laid out over lines.

A list is cut into its elements by a scan over quotes and brackets, one element in memory at a
time, so that a list of gigabytes is read like lines.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

from seimai.pipeline.decode import decode
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    MIB,
    Broken,
    Input,
    Items,
    ReadOptions,
    Unreadable,
    unreadable,
)
from seimai.pipeline.ingest.one_record import one_record
from seimai.pipeline.ingest.records.jsonl import UTF16, documents_of, encoding_of
from seimai.pipeline.ingest.sources.lines import Line, too_large
from seimai.pipeline.ingest.sources.single_file import read_whole
from seimai.pipeline.ingest.sources.streams import open_stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

INSIDE = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
"""The rest of a string up to its closing quote, as far as it is there; possessive, so linear."""

OUTSIDE = re.compile(rb'["\[\]{},]')
"""The characters between strings that structure JSON."""

MEDIA_TYPE = "application/json"


def read_json(source: Input, options: ReadOptions) -> Items:
    """Documents of a JSON list of objects, or the one document of a JSON object."""
    try:
        with closing(open_stream(source, options.limits)) as stream:
            head = stream.read(MIB)
            encoding = encoding_of(head)
            start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
            if encoding not in UTF16 and start[:1] == b"[":
                begin = len(head) - len(start) + 1
                for found in _elements(stream, start[1:], begin, options):
                    if isinstance(found, Unreadable):
                        yield found
                    else:
                        yield from _element(found, options, encoding)
                return
    except Broken as broken:
        yield unreadable("", broken)
        return
    yield from _one(source, options)


def _one(source: Input, options: ReadOptions) -> Items:
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        yield data
        return
    if not data.strip():
        return
    text = decode(data).text
    whole = text.encode("utf-8", "replace")
    if text.lstrip()[:1] == "[":
        # Only UTF-16 comes here; as UTF-8 it is a list like others.
        cut = whole.index(b"[") + 1
        for found in _elements(None, whole[cut:], cut, options):
            if isinstance(found, Unreadable):
                yield found
            else:
                yield from _element(found, options, "utf-8")
        return
    yield from documents_of(Line(0, whole), options, "utf-8", MEDIA_TYPE)


def _element(line: Line, options: ReadOptions, encoding: str) -> Items:
    place = f"@{line.offset}"
    given = line, options, encoding, MEDIA_TYPE
    return one_record(documents_of, *given, place=place, first=line.data)


def _elements(
    stream: BinaryIO | None, data: bytes, begin: int, options: ReadOptions
) -> Iterator[Line | Unreadable]:
    """
    The elements of a list, each with its place; `data` follows the opening bracket at `begin - 1`.

    An element over the limit is one `Unreadable` and is scanned without being held. When the
    bytes end inside an element, that is one more.
    """
    largest = options.max_record
    buffer, left, place = data, 0, 0  # the element began at `left`, the scan is at `place`
    depth, quoted = 0, False
    dropped, first = 0, b""  # bytes of the element already discarded, and its first bytes
    while True:
        while True:
            if quoted:
                string = INSIDE.match(buffer, place)
                place = string.end() if string else place
                if buffer[place : place + 1] != b'"':
                    break  # The rest of the string is yet to come.
                place += 1
                quoted = False
            match = OUTSIDE.search(buffer, place)
            if match is None:
                place = len(buffer)
                break
            mark, place = match[0], match.end()
            if mark == b'"':
                quoted = True
            elif mark in b"[{":
                depth += 1
            elif depth and mark != b",":
                depth -= 1
            elif not depth:
                size = dropped + match.start() - left
                if size > largest:
                    yield too_large(begin, size, largest, first or buffer[left:])
                else:
                    element = buffer[left : match.start()]
                    bare = element.lstrip()
                    if bare:
                        yield Line(begin + len(element) - len(bare), bare.rstrip())
                begin += size + 1
                if mark != b",":
                    yield from _after(stream, buffer[place:], begin)
                    return
                left, dropped, first = place, 0, b""
        if dropped + place - left > largest:
            first = first or buffer[left : left + FIRST_BYTES]
            dropped += place - left
            left = place
        buffer, place, left = buffer[left:], place - left, 0
        try:
            more = stream.read(MIB) if stream else b""
        except Broken as broken:
            yield unreadable(f"@{begin}", broken, first or buffer)
            return
        if not more:
            detail = "the list ends inside an element"
            yield Unreadable(f"@{begin}", "truncated", detail, (first or buffer)[:FIRST_BYTES])
            return
        buffer += more


def _after(stream: BinaryIO | None, rest: bytes, begin: int) -> Iterator[Unreadable]:
    """The one fault of a list that something follows: what that is would be lost silently."""
    try:
        while not rest.strip() and stream and (more := stream.read(MIB)):
            begin += len(rest)
            rest = more
    except Broken as broken:
        yield unreadable(f"@{begin}", broken, rest)
        return
    begin += len(rest) - len(rest.lstrip())
    if first := rest.strip()[:FIRST_BYTES]:
        yield Unreadable(f"@{begin}", "damaged", "bytes follow the end of the list", first)
