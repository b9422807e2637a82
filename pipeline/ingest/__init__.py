"""
Reading: `find_inputs` lists what there is, `read` turns one input into documents.

One file per format, one contract (`contract.py`), in a folder per family of formats.
"""

from __future__ import annotations

from seimai.pipeline.formats import FORMATS
from seimai.pipeline.ingest.contract import (
    Document,
    Input,
    Item,
    Items,
    ReadOptions,
    Skipped,
    StreamLimits,
    Unreadable,
)
from seimai.pipeline.ingest.dispatch import read
from seimai.pipeline.ingest.sources.find import find_inputs
from seimai.pipeline.ingest.sources.streams import open_stream

__all__ = [
    "FORMATS",
    "Document",
    "Input",
    "Item",
    "Items",
    "ReadOptions",
    "Skipped",
    "StreamLimits",
    "Unreadable",
    "find_inputs",
    "open_stream",
    "read",
]
