"""Plain text: one document a file, in whatever encoding it is in."""

from __future__ import annotations

from seimai.pipeline.ingest.contract import (
    Input,
    Items,
    ReadOptions,
    Unreadable,
)
from seimai.pipeline.ingest.sources.single_file import one_document, read_text


def read_plain(source: Input, options: ReadOptions) -> Items:
    """The one document of a text file, or the one reason why it is none."""
    found = read_text(source, options)
    if isinstance(found, Unreadable):
        yield found
        return
    yield one_document(
        found,
        found.text,
        "text/plain",
    )
