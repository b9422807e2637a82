"""
What holds of reading any bytes whatsoever, and one input of a target put to the test.

Both the short run in the suite and the long run of `python -m tests.fuzz` come through here.
"""

from __future__ import annotations

import gc
import json
import os
import random
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa

from seimai.pipeline.decode import decode
from seimai.pipeline.engine.shards.shard_tables import QUARANTINE
from seimai.pipeline.errors import Problem
from seimai.pipeline.formats import IN_PARTS
from seimai.pipeline.ingest import (
    Document,
    Input,
    Item,
    ReadOptions,
    Skipped,
    StreamLimits,
    Unreadable,
)
from seimai.pipeline.ingest import read as read_items
from seimai.pipeline.ingest.contract import FIRST_BYTES, Cause
from seimai.pipeline.ingest.one_record import GAVE_UP
from seimai.pipeline.ingest.sources.databases import sql_input, sql_pattern
from seimai.pipeline.stages.user_columns import as_json
from tests.fuzz.mutate import PACKS, mutated, mutated_inside, mutated_packed
from tests.fuzz.seeds import INSIDE, seeds

OPTIONS = ReadOptions(max_record=1 << 20, limits=StreamLimits(always=4 << 20))
"""Small limits, so that what a mutation inflates is soon told."""

NAMES = ("a", "a.txt", "a.jsonl", "a.json", "a.csv", "a.html", "a.xml", "a.md", "a.eml", "a.tar",
         "a.docx", "a.warc.gz", "a.bin")  # fmt: skip
"""What files are called for the target `auto`: rightly or wrongly."""

CODECS = (None, "utf-8", "shift_jis", "iso-2022-jp", "utf-16", "utf-7", "idna", "rot13", "\0", "あ")
"""What a file declares, for the target `decode`."""

OFTEN = 16
"""One of so many inputs is read again, or only to its first item."""

Seeds = Sequence[tuple[str, str, bytes]]


def make(target: str, number: int, collected: Seeds = ()) -> tuple[str, str, bytes]:
    """Input `number` of a target: its reader, its name and its bytes."""
    dice = random.Random(f"{target} {number}")
    # What was collected is large and slow; what was written here has every construct.
    own = seeds(target)
    chosen = collected if collected and dice.random() < 0.3 else own
    reader, name, data = dice.choice(chosen)
    if number < len(own):
        reader, name, data = own[number]  # First of all, every seed as it is.
        return ("auto" if target == "auto" else reader), name, data
    if target in PACKS:
        return reader, f"{name}.{target}", mutated_packed(data, dice, PACKS[target])
    inside = reader in INSIDE and chosen is own and dice.random() < 0.7 and data[:2] == b"PK"
    change = mutated_inside if inside else mutated
    data = change(data, dice, [one for _, _, one in chosen])
    if target == "auto":
        return "auto", dice.choice((name, *NAMES)), data
    return reader, name, data


def put_to_the_test(
    target: str, number: int, folder: Path, collected: Seeds = ()
) -> tuple[Counter[str], bytes]:
    """
    Read input `number` of a target; counts by kind of item, and the input.

    Raises `AssertionError`, or whatever a reader raises, where something does not hold. `folder`
    holds the input and takes the place of the folder for temporary files.
    """
    reader, name, data = make(target, number, collected)
    if target == "decode":
        return check_decoder(data, number), data
    return check_reader(reader, name, data, folder, often=number % OFTEN), data


def check_decoder(data: bytes, number: int) -> Counter[str]:
    """The decoder gives text that can be written, or a reason, and the same each time."""
    declared = CODECS[number % len(CODECS)]
    kind: Any = (None, "html", "xml")[number % 3]
    found = decode(data, declared, kind)
    found.text.encode("utf-8")
    assert 0 <= found.confidence <= 1
    assert 0 <= found.replaced <= found.text.count("\N{REPLACEMENT CHARACTER}") or found.refused
    marks = b"\0\xef\xbb\xbf\xff\xfe\x1b()BJ$@\x0e\x0f"
    # Half a character after a byte order mark is kept apart, as at the end of any file.
    assert found.refused or found.text or found.dropped_tail or not data.strip(marks)
    assert found == decode(data, declared, kind)
    return Counter({"quarantined" if found.refused else "documents": 1})


def check_reader(
    reader: str, name: str, data: bytes, folder: Path, *, often: int = 0
) -> Counter[str]:
    """Reading bytes as a format gives items that hold, and leaves nothing behind."""
    source, options = _laid_out(reader, name, data, folder)
    spool = folder / "spool"
    spool.mkdir(exist_ok=True)
    known, tempfile.tempdir = tempfile.tempdir, str(spool)
    handles = _handles()
    try:
        items = _all(source, options)
        check_items(items, folder)
        check_sums(reader, data, items)
        if often == 1:
            assert items == _all(source, options), "read twice, two results"
        elif often == 2:
            with closing(iter(read_items(source, options))) as left_early:  # type: ignore[type-var]
                next(left_early, None)
        elif often == 3 and source.format in IN_PARTS:
            cut = len(data) // 2
            halves = replace(source, end=cut), replace(source, start=cut, end=len(data))
            parted = [item for half in halves for item in _all(half, options)]
            assert items == parted, "two parts are not the whole"
        if handles != _handles():
            # What is opened once a process (a library, a child) is not opened again.
            handles = _handles()
            _all(source, options)
            gc.collect()
        assert handles == _handles(), "a file is left open"
        assert not list(spool.iterdir()), "a file is left behind"
    finally:
        tempfile.tempdir = known
    return Counter(
        type(item).__name__.replace("Unreadable", "quarantined").lower() for item in items
    )


def _all(source: Input, options: ReadOptions) -> list[Item]:
    try:
        return list(read_items(source, options))
    except Problem as problem:
        if (source.format, problem.code) != ("sql", "I002"):
            raise
        # A query that fails at its first row is a mistake of the recipe's.
        return [Unreadable("", "damaged", f"{problem}")]


def check_items(items: Sequence[Item], folder: Path) -> None:
    """What holds of every item, and of their order."""
    for item in items:
        assert isinstance(item, Document | Unreadable | Skipped)
        for field in fields(item):
            value = getattr(item, field.name)
            if isinstance(value, str):
                value.encode("utf-8")
        if isinstance(item, Document):
            assert 3 * OPTIONS.max_record >= len(item.text)
            assert item.replaced >= 0
            as_json(item.extra or {}).encode("utf-8")
            texts = [item.id, item.url, item.license, item.date, item.source, item.place]
            pa.array(texts, pa.string()).validate(full=True)
        elif isinstance(item, Unreadable):
            assert item.detail
            assert GAVE_UP not in item.detail, item.detail
            assert item.cause in get_args(Cause)
            assert len(item.first_bytes) <= FIRST_BYTES
            assert str(folder) not in item.detail
            pa.Table.from_pylist([{"source": "a", "key": "a", **asdict(item)}], QUARANTINE)
        else:
            assert item.count > 0
    for pattern in (r"@(\d+)", r"row (\d+)"):
        found = [re.fullmatch(pattern, item.place) for item in items if item.place]
        places = [int(match[1]) for match in found if match]
        if len(places) < len(found):
            continue
        assert sorted(places) == places, "places are out of order"
        # One document a place: none is read twice.
        read = [item.place for item in items if isinstance(item, Document)]
        assert len(set(read)) == len(read), "a record is read twice"


def check_sums(reader: str, data: bytes, items: Sequence[Item]) -> None:
    """Nothing is lost silently, as far as a plain look at the bytes can tell."""
    if not items:
        assert _says_nothing(reader, data), "neither a document nor a reason"
    if reader == "jsonl" and data[:4] and not set(data[:2]) & {0, 0xFE, 0xFF} and data[0] != 0x28:
        lines = [line for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]
        assert _is_packed(data) or len(lines) == len(items), "lines are lost"


def _is_packed(data: bytes) -> bool:
    from seimai.pipeline.ingest.sources.streams import compression

    return compression(data) is not None


def _says_nothing(reader: str, data: bytes) -> bool:
    """Whether a file may give no item at all: blanks, a header without rows, no members."""
    if _is_packed(data):
        unpacked = _unpacked(data)
        return unpacked is not None and _says_nothing(reader, unpacked)
    blank = b" \t\r\n\f\v\0\xef\xbb\xbf\xff\xfe"
    if not data.strip(blank):
        return True
    if reader in {"parquet", "arrow", "datasets"}:
        return _rows(reader, data) == 0
    if reader == "json":
        return not data.strip(blank + b"[],")
    if reader == "zip":
        return data.startswith(b"PK\5\6") or b"/PK\1\2" in data
    return reader == "auto" and any(
        _says_nothing(one, data) for one in ("parquet", "arrow", "json", "zip")
    )


def _unpacked(data: bytes) -> bytes | None:
    """A compressed stream as other tools see it; None where it is damaged."""
    import bz2
    import gzip
    import lzma

    import zstandard

    for undo in (gzip.decompress, bz2.decompress, lzma.decompress):
        try:
            return undo(data)
        except (OSError, EOFError, ValueError, lzma.LZMAError):
            continue
    try:
        reader = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True)
        return reader.read()
    except zstandard.ZstdError:
        return None


def _rows(reader: str, data: bytes) -> int:
    import pyarrow.parquet as pq

    source = pa.BufferReader(data)
    try:
        if reader == "parquet":
            return int(pq.ParquetFile(source).metadata.num_rows)
        opened = pa.ipc.open_file if data.startswith(b"ARROW1") else pa.ipc.open_stream
        return int(opened(source).read_all().num_rows)
    except (pa.ArrowException, OSError):
        return -1


def _laid_out(reader: str, name: str, data: bytes, folder: Path) -> tuple[Input, ReadOptions]:
    """The bytes where and as the reader looks for them."""
    if reader == "sql":
        path = folder / name
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("CREATE TABLE a (id, text, n)")
            for row in _values(data):
                database.execute("INSERT INTO a VALUES (?, CAST(? AS TEXT), ?)", row)
        source = sql_input(sql_pattern(f"sqlite:///{path}", "SELECT * FROM a"))
        return source, OPTIONS
    if reader == "datasets":
        saved = folder / "saved"
        saved.mkdir(exist_ok=True)
        (saved / name).write_bytes(data)
        (saved / "dataset_info.json").write_text("{}", "utf-8")
        state = {"_data_files": [{"filename": name}], "_fingerprint": "a", "_split": None}
        more = dict.fromkeys(("_format_columns", "_format_type", "_indices_data_files"))
        content = {**state, **more, "_format_kwargs": {}, "_output_all_columns": False}
        (saved / "state.json").write_text(json.dumps(content), "utf-8")
        return Input(str(saved), "saved", len(data), format="datasets"), OPTIONS
    path = folder / name
    path.write_bytes(data)
    # Half of the inputs have their texts read as what they seem to be.
    options = replace(OPTIONS, text_format="auto") if len(data) % 2 else OPTIONS
    return Input(str(path), name, len(data), format=reader), options


def _values(data: bytes) -> Iterator[tuple[object, bytes, object]]:
    """Rows of a table: a text from the bytes, and beside it values of every kind."""
    others = (None, 7, -(2**63), 1.5, float("inf"), "", "文", b"\xff\0", "a" * 300)
    for number, line in enumerate(data.split(b"\n")[:200]):
        yield others[number % 9], line, others[number * 5 % 7]


def _handles() -> int:
    """How many files this process has open; 0 where that cannot be told."""
    try:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count is all that is wanted
    except OSError:
        return 0
