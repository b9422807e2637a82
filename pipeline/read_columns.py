"""
Columns of stage files that were read lately, so that no step unpacks again what another has.

Judging, the counts of a release and its report look at the same few numbers of every shard, and
unpacking a column takes longer than all that is done with it. Small columns are kept until others
take their room; texts are too large for that, and a run with many shards goes through more than
there is room for, so memory stays flat. When a run ends they are forgotten: a process that runs
again and again would gather those of files that are gone. What an earlier run has left of them in
a file (`kept_columns.py`) is looked into before a stage file is.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from seimai.pipeline.machine import free_in_forks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

MOST_BYTES = 128_000_000
"""Bytes of all columns that are kept in memory: all numbers of a hundred shards."""

OF_ITS_OWN = 1_600
"""Bytes that a column takes whatever it holds: its objects here and in Arrow."""

MOST_WHOLE = 1_000
"""Files of which that is known: columns of more find no room anyway."""

MOST_OF_A_FILE = 2_000_000
"""Bytes of the largest file of which all columns are kept when somebody reads it whole."""

MOST_OF_A_COLUMN = 300_000
"""Bytes of the largest column that is kept: numbers of a whole shard, and no texts."""

ROWS = "#rows"
"""What stands behind the path of a file where some of its rows are meant, and the name of the
column with their numbers."""

State = tuple[int, ...]
"""What tells that a file is the one that was read: its inode, size and times."""


class _Column(NamedTuple):
    state: State
    field: pa.Field
    values: pa.ChunkedArray
    metadata: dict[bytes, bytes] | None
    """Metadata of the whole table: a sketch says there how it was made."""


class Held(NamedTuple):
    """The columns of a file that are held, as one table."""

    state: State
    table: pa.Table
    whole: bool
    """Whether they are all that the file has."""


class Stored:
    """Columns of a file as an earlier run left them: a stream of Arrow, read when it is needed."""

    def __init__(
        self, state: State, stream: pa.Buffer, columns: tuple[str, ...], *, whole: bool
    ) -> None:
        self.state, self.columns, self.whole = state, columns, whole
        self.names = frozenset(columns)
        self._stream = stream

    @cached_property
    def table(self) -> pa.Table:
        """The columns, which lie where the stream does."""
        return pa.ipc.open_stream(self._stream).read_all()

    def has(self, held: Held) -> bool:
        """Whether all that is held stands here too."""
        names = held.table.column_names
        if (
            self.state != held.state
            or held.whole > self.whole
            or not set(names) <= set(self.columns)
        ):
            return False
        return ROWS not in names or bool(self.table[ROWS].equals(held.table[ROWS]))

    def joined(self, held: Held | None) -> Held:
        """These columns and those that are held of the same file."""
        table = self.table
        if held is None:
            return Held(self.state, table, self.whole)
        for field, values in zip(held.table.schema, held.table.columns, strict=True):
            if field.name not in self.names:
                table = table.append_column(field, values)
        return Held(self.state, table, self.whole or held.whole)


_kept: OrderedDict[tuple[str, str], _Column] = OrderedDict()
"""Columns by path and name, the one that was asked for last at the end."""
_whole: OrderedDict[str, tuple[State, tuple[str, ...]]] = OrderedDict()
"""For the path of a small file that was read whole the names of all its columns, the file that was
asked for last at the end."""
_stored: dict[str, Stored] = {}
"""What an earlier run has left, by the path of the stage file, or by path and `ROWS`."""
_rows: dict[str, Held] = {}
"""The rows of texts that the report shows, with their numbers, by path and `ROWS`."""
_lock = threading.Lock()
free_in_forks(_lock)
_bytes = 0


def through(
    path: str, state: State, columns: Sequence[str], read: Callable[[Sequence[str]], pa.Table]
) -> pa.Table:
    """
    Columns of a file as `read` gives them, which is asked only for those that are not kept.

    `read` gives a table of the columns that it is asked for, in that order, and leaves out those
    that the file does not have. Of a nested column that is asked for in part (`origin.key`) it
    gives the column with this part alone, which must not be taken for the whole one: such a table
    is read as it is.
    """
    # What was left lies in a mapped file and is left again as it is: it need not be kept as well.
    left = _stored_of(path, state, columns)
    if left is not None and left.num_columns == len(columns):
        return left
    found, metadata = _held_of(path, state, columns)
    missing = [name for name in dict.fromkeys(columns) if name not in found]
    if missing and (some := _stored_of(path, state, missing)) is not None:
        metadata = some.schema.metadata
        found |= zip(some.column_names, zip(some.schema, some.columns, strict=True), strict=True)
        missing = [name for name in missing if name not in found]
    if not found:
        table = read(columns)
        if set(table.column_names) <= set(columns):
            _keep(path, state, table)
        return table
    if missing:
        table = read(missing)
        if not set(table.column_names) <= set(missing):
            return read(columns)
        _keep(path, state, table)
        found |= zip(table.column_names, zip(table.schema, table.columns, strict=True), strict=True)
    chosen = [found[name] for name in columns if name in found]
    return pa.table(
        [values for _, values in chosen], pa.schema([field for field, _ in chosen], metadata)
    )


def _held_of(
    path: str, state: State, columns: Sequence[str]
) -> tuple[dict[str, tuple[pa.Field, pa.ChunkedArray]], dict[bytes, bytes] | None]:
    """Those of some columns that are kept, and the metadata of their table."""
    found: dict[str, tuple[pa.Field, pa.ChunkedArray]] = {}
    metadata = None
    with _lock:
        for name in columns:
            column = _kept.get((path, name))
            if column is not None and column.state == state:
                _kept.move_to_end((path, name))
                found[name] = column.field, column.values
                metadata = column.metadata
    return found, metadata


def _stored_of(path: str, state: State, columns: Sequence[str]) -> pa.Table | None:
    """Those of some columns that an earlier run has left; None where it has left none of them."""
    stored = _stored.get(path)
    if stored is None or stored.state != state:
        return None
    there = [name for name in columns if name in stored.names]
    return stored.table.select(there) if there else None


def names_of(path: str, state: State) -> tuple[str, ...]:
    """The names of all columns of a file that `keep_whole` was told of; none of any other."""
    known, names = _whole.get(path, (None, ()))
    if known == state:
        return names
    stored = _stored.get(path)
    return stored.columns if stored and stored.whole and stored.state == state else ()


def state_of(path: str) -> State:
    """What tells that a file has not been written since; `OSError` where there is none."""
    status = os.stat(path)  # noqa: PTH116 - of thousands of files, as plain names
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def held() -> dict[str, Held]:
    """All columns that are kept, by path; of files without rows none."""
    tables: dict[str, dict[str, _Column]] = {}
    with _lock:
        for (path, name), column in _kept.items():
            tables.setdefault(path, {})[name] = column
        whole = dict(_whole)
    found = {}
    for path, columns in tables.items():
        state = next(iter(columns.values())).state
        some = {name: one for name, one in columns.items() if one.state == state}
        if not len(next(iter(some.values())).values):
            continue
        known, names = whole.get(path, (None, ()))
        every = known == state and some.keys() >= set(names)
        order = names if every else some
        schema = pa.schema([some[name].field for name in order], next(iter(some.values())).metadata)
        table = pa.table([some[name].values for name in order], schema)
        found[path] = Held(state, table, every)
    return found


def rows_kept(
    path: str, state: State, columns: Sequence[str], rows: Sequence[int]
) -> pa.Table | None:
    """Some rows of a file, where an earlier run has left all of them."""
    stored = _stored.get(path + ROWS)
    if stored is None or stored.state != state or not set(columns) <= set(stored.columns):
        return None
    there = stored.table[ROWS].to_numpy()
    places = np.searchsorted(there, rows)
    if (places == there.size).any() or (there[places] != rows).any():
        return None
    found = stored.table.select(columns).take(pa.array(places))
    keep_rows(path, state, rows, found)
    return found


def keep_rows(path: str, state: State, rows: Sequence[int], table: pa.Table) -> None:
    """Keep some rows of a file, for the next run alone: nobody asks for them twice."""
    if len(rows) and table.nbytes <= MOST_OF_A_FILE:
        table = table.append_column(ROWS, pa.array(rows, pa.int64()))
        with _lock:
            _rows[path + ROWS] = Held(state, table, whole=False)


def held_rows() -> dict[str, Held]:
    """The rows that are kept, by the path of their file with `ROWS` behind it."""
    with _lock:
        return dict(_rows)


def take_from(stored: Mapping[str, Stored]) -> None:
    """Look into these before a file is read, until the run ends."""
    with _lock:
        _stored.update(stored)


def keep_whole(path: str, state: State, table: pa.Table) -> None:
    """Keep all columns of a small file: verdicts, which every step reads and some read whole."""
    if table.nbytes <= MOST_OF_A_FILE:
        _keep(path, state, table)
        with _lock:
            _whole[path] = state, tuple(table.column_names)
            if len(_whole) > MOST_WHOLE:
                _whole.popitem(last=False)


@contextmanager
def as_long_as_a_run() -> Iterator[None]:
    """Keep columns while the block lasts, and none of them afterwards."""
    global _bytes  # noqa: PLW0603 - one store for a process
    try:
        yield
    finally:
        with _lock:
            _kept.clear()
            _whole.clear()
            _stored.clear()
            _rows.clear()
            _bytes = 0
        # Arrow holds what it was given back for the next array; the next run may be tomorrow's.
        pa.default_memory_pool().release_unused()


def _keep(path: str, state: State, table: pa.Table) -> None:
    global _bytes  # noqa: PLW0603 - one store for a process
    with _lock:
        for field, values in zip(table.schema, table.columns, strict=True):
            old = _kept.pop((path, field.name), None)
            _bytes -= _size(old) if old is not None else 0
            if values.nbytes <= MOST_OF_A_COLUMN:
                column = _Column(state, field, values, table.schema.metadata)
                _kept[path, field.name] = column
                _bytes += _size(column)
        while _bytes > MOST_BYTES:
            _, oldest = _kept.popitem(last=False)
            _bytes -= _size(oldest)


def _size(column: _Column) -> int:
    return OF_ITS_OWN + int(column.values.nbytes)
