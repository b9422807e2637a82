"""A file that is one record, read at once but never beyond the limit of a record."""

from __future__ import annotations

from contextlib import closing

from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    MIB,
    Broken,
    Input,
    ReadOptions,
    Unreadable,
    unreadable,
)
from seimai.pipeline.ingest.streams import open_stream


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
