"""HTML (first version)."""

from __future__ import annotations

from seimai.pipeline.decode import decode
from seimai.pipeline.ingest.contract import Document, Input, Items, ReadOptions, Unreadable
from seimai.pipeline.ingest.whole import read_whole


def read_html(source: Input, options: ReadOptions) -> Items:
    """The one document of an HTML page."""
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        yield data
        return
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415

    found = decode(data, kind="html")
    yield Document(
        extract_plain_text(found.text, main_content=True),
        declared=found.declared,
        detected=found.encoding,
        encoding=found.encoding,
        replaced=found.replaced,
        media_type="text/html",
    )
