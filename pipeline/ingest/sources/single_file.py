"""A file that is one record: read at once, never beyond the limit of a record, and decoded."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from seimai.pipeline.decode import Decoded, decode
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    MIB,
    Broken,
    Document,
    Input,
    ReadOptions,
    Unreadable,
    unreadable,
)
from seimai.pipeline.ingest.sources.streams import open_stream


def read_whole(source: Input, options: ReadOptions) -> bytes | Unreadable:
    """All decompressed bytes of a file, or the reason why they cannot be had."""
    parts: list[bytes] = []
    held = 0
    try:
        with closing(open_stream(source, options.limits)) as stream:
            while piece := stream.read(MIB):
                parts.append(piece)
                held += len(piece)
                if held > options.max_record:
                    return Unreadable(
                        "",
                        "too_large",
                        f"the file has more than {options.max_record} bytes, the limit of a record",
                        parts[0][:FIRST_BYTES],
                    )
    except Broken as broken:
        return unreadable("", broken, b"".join(parts[:1]))
    return b"".join(parts)


def read_text(source: Input, options: ReadOptions) -> Decoded | Unreadable:
    """The decoded text of a file, or the reason why it cannot be had."""
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        return data
    found = decode(data)
    if found.refused:
        detail = f"the bytes are not text: {found.refused}"
        return Unreadable("", "encoding", detail, data[:FIRST_BYTES])
    return found


def one_document(found: Decoded, text: str, media_type: str, **columns: Any) -> Document:
    """The document of a one-document file, with the record of how its bytes were read."""
    return Document(
        text,
        declared=found.declared,
        detected=found.encoding,
        encoding=found.encoding,
        replaced=found.replaced,
        media_type=media_type,
        **columns,
    )
