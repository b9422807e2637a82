"""
`read`: one input into documents, by the reader of its format.

The format is found by content and by name. Readers are imported when they are needed, by the
table in `pipeline/formats.py`, so this module stands below all of them; containers (archives,
mails) come back here for what they hold.
"""

from __future__ import annotations

from contextlib import closing
from importlib import import_module

from seimai.pipeline.errors import Problem, TooSlow
from seimai.pipeline.formats import FORMATS, HOLD_MANY, IN_PARTS, NEEDS
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Broken,
    Input,
    Items,
    ReadOptions,
    Unreadable,
    from_system,
    unreadable,
)
from seimai.pipeline.ingest.one_record import gave_up, too_slow
from seimai.pipeline.ingest.sniff import sniff
from seimai.pipeline.ingest.sources.spool import first_bytes
from seimai.pipeline.ingest.sources.streams import open_stream

MAY_BE_EMPTY = frozenset({"jsonl", "csv", "mbox", "warc", "datasets", "sql"})
"""Formats of many records, of which there may be none; a document has to be something."""


def _is_empty(source: Input) -> bool:
    try:
        with source.open_raw() as raw:
            return not raw.read(1)
    except OSError:
        return False  # It is told when it is read.


def read(source: Input, options: ReadOptions | None = None) -> Items:
    """
    The documents of one input, in its order, with what could not be read in its place.

    Never raises for what is in the file: a fault after some records ends with one `Unreadable`
    that says where. Where a package is missing that the format needs, that is the `Unreadable`; one
    that a setting of the source needs is a `Problem`. Where a reader of many records raised
    between them, the `Unreadable` says that the rest was not read.
    """
    options = options or ReadOptions()
    if source.fault:
        if source.start == 0:
            yield source.fault
        return
    wanted = source.format if source.format != "auto" else options.format
    try:
        name = sniff(source, options.limits) if wanted == "auto" else wanted
    except Broken as broken:
        if source.start == 0:
            yield unreadable("", broken)
        return
    except OSError as error:
        if source.start == 0:
            yield unreadable("", from_system(error))
        return
    if source.start and name not in IN_PARTS:
        return  # The part at 0 gives it all.
    if not source.size and name not in MAY_BE_EMPTY and _is_empty(source):
        yield Unreadable("", "empty", "the file has no bytes", b"", name)
        return
    if name not in FORMATS:
        with closing(open_stream(source, options.limits)) as stream:
            first = stream.read(FIRST_BYTES)
        detail = f"there is no reader for this kind of file: {name}"
        yield Unreadable("", "format", detail, first, name)
        return
    module, function = FORMATS[name]
    reader = getattr(import_module(f"seimai.pipeline.ingest.{module}"), function)
    last = ""
    try:
        for item in reader(source, options):
            # A member of an archive keeps its own.
            item.format = item.format or name
            last = item.place
            yield item
    except (Problem, MemoryError) as problem:
        if not isinstance(problem, Problem) or problem.code != "E001" or name not in NEEDS:
            raise
        package, extra = problem.values["package"], NEEDS[name][1]
        detail = f"needs seimai[{extra}]: the package “{package}” is not installed"
        yield Unreadable("", "package", detail, first_bytes(source), name)
    except (TooSlow, Exception) as error:  # noqa: BLE001 - the last net: it costs this file only
        first, rest = first_bytes(source), name in HOLD_MANY
        if isinstance(error, Exception):
            fault = gave_up(error, "", first, rest=rest)
        else:
            fault = too_slow("", first, rest=rest)
        fault.format = name
        if last:
            fault.detail += f", after {last}"
        yield fault
