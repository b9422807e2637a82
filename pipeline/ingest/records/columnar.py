"""
Parquet and Arrow IPC: columns of texts, read a row group or a batch at a time.

Columns keep their values; those Arrow types that JSON cannot hold come as strings or lists.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    MIB,
    Broken,
    Cause,
    Input,
    Items,
    ReadOptions,
    Unreadable,
    from_system,
    unreadable,
)
from seimai.pipeline.ingest.one_record import careful
from seimai.pipeline.ingest.records.column_choice import chosen, no_texts
from seimai.pipeline.ingest.records.fields import (
    find_text_columns,
    kind_of,
    named_columns,
    shaper,
)
from seimai.pipeline.ingest.sources.spool import first_bytes
from seimai.pipeline.ingest.sources.streams import open_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HELD = 64 * MIB
"""Bytes of rows that are read at a time where rows are large."""

ARROW_END = b"ARROW1"
"""What an Arrow file ends in, after the length of its footer; a stream just ends."""

ROWS = 512
"""Rows turned into Python at a time: about 3 MB of usual documents, 16 GB never."""


def read_parquet(source: Input, options: ReadOptions) -> Items:
    """
    Documents of a Parquet file; `place` is `row N`, counted through the whole file.

    A part of a file (`start`, `end`) gives the row groups that begin in it. A damaged row group
    costs itself.
    """
    import pyarrow.parquet as pq

    try:
        with closing(source.open_raw()) as raw:
            if source.start and not named_columns(options):
                options = _as_first_part(pq, raw, source, options)
            batches = _parquet_batches(pq, raw, source, options.max_record)
            items = _rows(batches, options, "application/vnd.apache.parquet")
            for item in _with_beginning(items, source):
                # What is wrong with the whole file is told once.
                if item.place or not source.start:
                    yield item
    except OSError as error:
        if not source.start:
            yield unreadable("", from_system(error))


def _as_first_part(pq: Any, raw: Any, source: Input, options: ReadOptions) -> ReadOptions:
    """Options with the columns that the first rows of a file speak for: all parts choose alike."""
    whole = replace(source, start=0, end=None)
    try:
        return chosen(_parquet_batches(pq, raw, whole, options.max_record), options)[0]
    except (pa.ArrowException, Broken, OSError, ValueError, EOFError, StopIteration):
        return options  # The first part tells what is wrong with the file.


def _parquet_batches(
    pq: Any, raw: Any, source: Input, largest: int
) -> Iterator[pa.RecordBatch | pa.Schema | _Passed]:
    with pq.ParquetFile(raw, pre_buffer=False) as file:
        yield file.schema_arrow
        groups = [file.metadata.row_group(group) for group in range(file.num_row_groups)]
        first = 0
        for group, begin in enumerate(_begins(groups, source.size)):
            said = groups[group]
            number = max(said.num_rows, 0)
            last, first = first, first + number
            if begin < source.start or (source.end is not None and begin >= source.end):
                continue
            # Of all columns together: asking for one of a damaged file can end the process.
            average = said.total_byte_size // max(number, 1)
            yield _Passed(0, last)
            if average > largest:
                # Arrow would hold a value three times over before its length could be asked for.
                detail = f"are larger than {largest} bytes each"
                yield _Passed(number, last, "too_large", detail)
                continue
            rows = max(min(ROWS, HELD // max(average, 1)), 1)
            given = 0
            fault = "are missing"
            try:
                for batch in file.iter_batches(
                    batch_size=rows, row_groups=[group], use_threads=False
                ):
                    given += batch.num_rows
                    yield batch
            except (pa.ArrowException, OSError, ValueError, EOFError) as error:
                if isinstance(error, OSError) and error.errno:
                    raise  # The disk or the network, not the file: the whole input is tried again.
                fault = f"cannot be read: the file is damaged: {_said(error)}"
            if given < number:
                yield _Passed(number - given, last + given, "damaged", fault)


def _begins(groups: list[Any], size: int) -> Iterator[int]:
    """
    The byte at which each row group begins, as far as the sizes of all say.

    Where it does begin stands with its columns, and asking for those of a damaged file can end the
    process. A part needs no more than that all parts agree.
    """
    sizes = [max(group.total_byte_size, 0) for group in groups]
    whole = max(sum(sizes), 1)
    before = 0
    for one in sizes:
        yield min(size * before // whole, max(size - 1, 0))
        before += one


@dataclass(frozen=True, slots=True)
class _Passed:
    """Rows from `first` on that are passed over unread, and why; none where it only says where."""

    rows: int
    first: int
    cause: Cause = "damaged"
    why: str = ""


def _said(error: Exception) -> str:
    return str(error).splitlines()[0][:FIRST_BYTES] if str(error) else type(error).__name__


def read_arrow(source: Input, options: ReadOptions) -> Items:
    """Documents of an Arrow IPC file or stream (`.arrow`, `.feather`), compressed or not."""
    try:
        with closing(open_stream(source, options.limits)) as stream:
            items = _rows(_arrow_batches(stream), options, "application/vnd.apache.arrow.stream")
            yield from _with_beginning(items, source)
    except Broken as broken:
        yield unreadable("", broken)


def _arrow_batches(stream: Any) -> Iterator[pa.RecordBatch | pa.Schema]:
    # The file format is the stream format between two magics: reading it as a stream needs no
    # seeking, so it works out of compressed files too.
    head = _exactly(stream, 8)
    source = _After(b"" if head == b"ARROW1\0\0" else head, stream)
    reader = pa.ipc.open_stream(pa.PythonFile(source, mode="r"))
    yield reader.schema
    for batch in reader:
        for start in range(0, batch.num_rows, ROWS):
            yield batch.slice(start, ROWS)
    _check_end(source, is_file=head == b"ARROW1\0\0")


def _check_end(source: _After, *, is_file: bool) -> None:
    """
    Raise `Broken` where more follows the batches than should.

    A size that was overwritten with zeros looks like the end; the rows after it would be lost.
    """
    size, last = 0, b""
    while piece := source.read(MIB):
        size += len(piece)
        last = (last + piece)[-len(ARROW_END) - 4 :]
    footer = int.from_bytes(last[:4], "little") + len(last) if last.endswith(ARROW_END) else 0
    if size != footer and (is_file or size):
        detail = f"the batches end {size} bytes before the file does, and its footer has {footer}"
        raise Broken("damaged", detail)


def _exactly(stream: Any, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return data


class _After:
    """A file-like object that gives some bytes before those of a stream."""

    closed = False

    def __init__(self, head: bytes, stream: Any) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        head, self._head = self._head[:size], self._head[size:]
        return head + _exactly(self._stream, size - len(head))

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        """The stream belongs to the caller."""


def _rows(
    batches: Iterator[pa.RecordBatch | pa.Schema | _Passed], options: ReadOptions, media_type: str
) -> Items:
    """The documents of batches; the first item is the schema."""
    row = 0
    try:
        options, schema, batches = chosen(batches, options)
        names = find_text_columns(schema.names, options)
        fault = no_texts(schema, names, options)
        if fault:
            yield fault
            return
        shape = careful(_reshaper(names, options, media_type))
        for batch in batches:
            if isinstance(batch, _Passed):
                if batch.rows:
                    detail = f"the {batch.rows} rows from here on {batch.why}"
                    yield Unreadable(f"row {batch.first}", batch.cause, detail)
                row = batch.first + batch.rows
                continue
            for record in _as_python(batch):
                yield shape(record, f"row {row}")
                row += 1
    except Broken as broken:
        yield unreadable(f"row {row}" if row else "", broken)
    except (pa.ArrowException, OSError, ValueError, EOFError) as error:
        if isinstance(error, OSError) and error.errno:
            yield unreadable(f"row {row}" if row else "", from_system(error))
            return
        detail = f"the file is damaged: {_said(error)}"
        yield Unreadable(f"row {row}" if row else "", "damaged", detail)


def _with_beginning(items: Items, source: Input) -> Items:
    """Faults of the file with its first bytes; a row has none of its own."""
    for item in items:
        if isinstance(item, Unreadable) and not item.first_bytes and item.cause != "no_text":
            item.first_bytes = first_bytes(source)
        yield item


def _as_python(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | pa.ArrowInvalid]:
    """
    Rows as dicts, and what is wrong with those that cannot be.

    Nothing of a batch is touched before Arrow has checked it in full: offsets that point outside
    their buffers would end the process, not raise.
    """
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        for k in range(batch.num_rows):
            row = batch.slice(k, 1)
            try:
                row.validate(full=True)
            except pa.ArrowInvalid as error:
                yield error
            else:
                yield from _as_python(row)
        return
    if batch.nbytes > HELD and batch.num_rows > 1:
        half = batch.num_rows // 2
        yield from _as_python(batch.slice(0, half))
        yield from _as_python(batch.slice(half))
        return
    try:
        yield from batch.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException):
        # A date, say, beyond what Python's can hold.
        for k in range(batch.num_rows):
            yield {
                name: _value(column[k])
                for name, column in zip(batch.schema.names, batch.columns, strict=True)
            }


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return str(scalar.cast(pa.string()))


def _reshaper(
    names: tuple[str, ...], options: ReadOptions, media_type: str
) -> Callable[[dict[str, Any], str], Any]:
    """`fields.shaper` for rows, or for what Arrow says of one: limits of size, bytes as text."""
    shape = shaper(options, media_type)
    largest = options.max_record

    def reshape(record: dict[str, Any] | pa.ArrowInvalid, place: str) -> Any:
        if not isinstance(record, dict):
            detail = f"{record}".splitlines()[0][:FIRST_BYTES]
            return Unreadable(place, "encoding" if "UTF8" in detail else "damaged", detail)
        for name in names:
            if isinstance(text := record[name], bytes):
                try:
                    record[name] = text.decode()
                except UnicodeDecodeError as error:
                    said = f"the column “{name}” is not UTF-8: {error.reason} at its byte"
                    first = text[:FIRST_BYTES]
                    return Unreadable(place, "encoding", f"{said} {error.start}", first)
        if len(names) > 1:
            return shape(record, place)
        text = record[name]
        if text is None:
            return Unreadable(place, "no_text", f"the text column “{name}” holds {kind_of(text)}")
        if len(text) * 3 > largest and len(text.encode("utf-8", "replace")) > largest:
            first = text[:FIRST_BYTES].encode("utf-8", "replace")[:FIRST_BYTES]
            return Unreadable(place, "too_large", f"the text has more than {largest} bytes", first)
        return shape(record, place)

    return reshape
