"""
JSON lines: one object a line, plain or compressed.

orjson reads what is good UTF-8; a line it refuses gets a second, slower look, because lone
surrogates, NaN and lines in CP932 or EUC-JP are real and can be saved.
"""

from __future__ import annotations

import codecs
import json
import re
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from seimai.pipeline.decode import decode, decode_as
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Broken,
    Input,
    Items,
    ReadOptions,
    Unreadable,
    unreadable,
)
from seimai.pipeline.ingest.one_record import careful, one_record
from seimai.pipeline.ingest.records.fields import kind_of, shaper
from seimai.pipeline.ingest.sources.lines import Line, read_lines
from seimai.pipeline.ingest.sources.parts import PartStream
from seimai.pipeline.ingest.sources.streams import compression, open_at, open_stream

if TYPE_CHECKING:
    from typing import BinaryIO

MEDIA_TYPE = "application/jsonl"
ENCODING_SAMPLE = 256 * 1024
"""Bytes from the beginning of the file that its encoding is judged by."""
LONE = re.compile("[\ud800-\udfff]")
SURE = 0.99
"""Below this `confidence` an encoding is a guess, and a guess must not rewrite a text."""

LINE_ENCODINGS = {
    "cp932", "euc_jp", "eucjp_ms", "euc_jis_2004", "gb18030", "big5hkscs", "cp949",
}  # fmt: skip
"""Encodings besides UTF-8 in which a line feed byte is a line feed and nothing else."""

LARGE = float(1 << 63)
"""From here on a float may stand for a whole number that orjson could not hold."""

UTF16 = ("utf-16-le", "utf-16-be")
"""Encodings whose lines cannot be split by bytes."""


def read_jsonl(source: Input, options: ReadOptions) -> Items:
    """Documents of a file of JSON objects, one a line; see `contract`."""
    try:
        with closing(open_stream(source, options.limits)) as stream:
            head = stream.read(ENCODING_SAMPLE)
    except Broken as broken:
        if source.start == 0:
            yield unreadable("", broken)
        return
    encoding = encoding_of(head)
    if source.start or source.end is not None:
        if encoding in UTF16 and source.start:
            return  # The part at 0 reads it all.
        if encoding not in UTF16 and _is_packed(source):
            yield from _packed_part(source, encoding, options)
            return
        end = None if encoding in UTF16 else source.end
    else:
        end = None
    try:
        stream = (
            open_at(source, source.start - 1)
            if source.start
            else open_stream(source, options.limits)
        )
    except Broken as broken:
        yield unreadable("", broken)
        return
    with closing(stream):
        if encoding in UTF16:
            stream = _Transcoded(stream, encoding)  # type: ignore[assignment]
            encoding = "utf-8"
        yield from _records(stream, source.start, end, encoding, options)


def _packed_part(source: Input, encoding: str, options: ReadOptions) -> Items:
    """The lines that begin in a part of a compressed file."""
    try:
        stream = PartStream(source, options.limits, ahead=True)
    except Broken as broken:
        if source.start == 0:
            yield unreadable("", broken)
        return
    with closing(stream):
        if not stream.is_over:
            yield from _records(stream, stream.start, stream.end, encoding, options, stream)  # type: ignore[arg-type]


def _is_packed(source: Input) -> bool:
    with closing(source.open_raw()) as raw:
        return compression(raw.read(16)) is not None


def encoding_of(head: bytes) -> str:
    """The encoding of a file of lines by its beginning: `utf-8` unless another is certain."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return UTF16[head.startswith(b"\xfe\xff")]
    if head[:2] in (b"{\0", b"[\0"):
        return UTF16[0]
    if head[:2] in (b"\0{", b"\0["):
        return UTF16[1]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        cut = head.rfind(b"\n") + 1
        found = decode(head[:cut] if cut else head)
        if found.encoding in LINE_ENCODINGS and found.confidence >= SURE and not found.replaced:
            return found.encoding
    return "utf-8"


def _records(
    stream: BinaryIO,
    start: int,
    end: int | None,
    encoding: str,
    options: ReadOptions,
    part: PartStream | None = None,
) -> Items:
    """The documents of a stream of lines."""
    loads = orjson.loads
    shape = careful(shaper(options, MEDIA_TYPE, encoding))
    plain = encoding == "utf-8"
    for found in read_lines(stream, options.max_record, start, end, part):
        if isinstance(found, Unreadable):
            yield found
            continue
        for offset, data, cut in found:
            if plain:
                try:
                    record = loads(data)
                except ValueError:
                    yield from one_record(
                        documents_of,
                        Line(offset, data, cut),
                        options,
                        place=f"@{offset}",
                        first=data,
                    )
                    continue
                if type(record) is dict and not _has_large(record):
                    item = shape(record, f"@{offset}")
                    if type(item) is Unreadable:
                        item = replace(item, first_bytes=data[:FIRST_BYTES])
                    yield item
                    continue
            yield from one_record(
                documents_of,
                Line(offset, data, cut),
                options,
                encoding,
                place=f"@{offset}",
                first=data,
            )


def _has_large(value: Any) -> bool:
    """
    Whether a number may have been a whole one of more than 64 bits: orjson makes floats of them.

    >>> [_has_large(value) for value in ({"n": 1e19}, {"n": [0.5, 1e3]})]
    [True, False]
    """
    kind = type(value)
    if kind is float:
        return not -LARGE < value < LARGE
    if kind is dict:
        value = value.values()
    elif kind is not list:
        return False
    for each in value:
        kind = type(each)
        if kind is not str and kind is not int and _has_large(each):
            return True
    return False


def documents_of(
    line: Line, options: ReadOptions, encoding: str = "utf-8", media_type: str = MEDIA_TYPE
) -> Items:
    """
    The document of one JSON text, with all that can be saved: the slow, careful way.

    Nothing for blanks. A byte order mark, another encoding, lone surrogates and NaN are let in;
    of a line that the stream broke in only what is whole.
    """
    place, data = f"@{line.offset}", line.data
    if line.offset == 0 and data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
        declared = "utf-8-sig"
    else:
        declared = None
    if not data.strip():
        return
    first = line.data[:FIRST_BYTES]
    lost = 0
    if encoding == "utf-8":
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            found = decode(data)
            if found.encoding not in LINE_ENCODINGS or found.confidence < SURE or found.replaced:
                if not line.cut:
                    detail = f"the line is not UTF-8: {error.reason} at its byte {error.start}"
                    yield Unreadable(place, "encoding", detail, first)
                return
            text, encoding = found.text, found.encoding
    else:
        text = decode_as(data, encoding)
        lost = text.count("\N{REPLACEMENT CHARACTER}")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        if not line.cut:
            yield Unreadable(place, "json", f"the line is not JSON: {_reason(error)}", first)
        return
    if not isinstance(record, dict):
        yield Unreadable(place, "json", f"the line holds {kind_of(record)}, not an object", first)
        return
    lone = [0]
    record = _without_surrogates(record, lone)
    document = shaper(options, media_type, encoding)(record, place)
    if isinstance(document, Unreadable):
        yield Unreadable(place, document.cause, document.detail, first)
    elif lost or lone[0] or declared:
        yield replace(document, replaced=lost + lone[0], declared=declared)
    else:
        yield document


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return f"{getattr(error, 'msg', None) or error}"[:FIRST_BYTES]


def _without_surrogates(value: Any, count: list[int]) -> Any:
    """The value with U+FFFD for every lone surrogate in its strings, and how many there were."""
    if isinstance(value, str):
        text, number = LONE.subn("\N{REPLACEMENT CHARACTER}", value)
        count[0] += number
        return text
    if isinstance(value, list):
        return [_without_surrogates(each, count) for each in value]
    if isinstance(value, dict):
        return {
            _without_surrogates(key, count): _without_surrogates(each, count)
            for key, each in value.items()
        }
    return value


class _Transcoded:
    """A stream in UTF-16 read as UTF-8, so that lines can be split by bytes."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int) -> bytes:
        """Some bytes, b"" at the end."""
        while data := self._stream.read(size):
            if text := self._decoder.decode(data):
                return text.encode("utf-8", "replace")
        return self._decoder.decode(b"", final=True).encode("utf-8", "replace")
