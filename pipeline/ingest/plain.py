"""Plain text: one document a file, in whatever encoding it is in."""

from __future__ import annotations

from seimai.pipeline.decode import decode
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Document,
    Input,
    Items,
    ReadOptions,
    Unreadable,
)
from seimai.pipeline.ingest.whole import read_whole


def read_plain(source: Input, options: ReadOptions) -> Items:
    """The one document of a text file, or the one reason why it is none."""
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        yield data
        return
    found = decode(data)
    if found.refused:
        detail = f"the bytes are not text: {found.refused}"
        yield Unreadable("", "encoding", detail, data[:FIRST_BYTES])
        return
    yield Document(
        found.text,
        declared=found.declared,
        detected=found.encoding,
        encoding=found.encoding,
        replaced=found.replaced,
        media_type="text/plain",
    )
