"""
Columns of stage files that were read lately, so that no step unpacks again what another has.

Judging, the counts of a release and its report look at the same few numbers of every shard, and
unpacking a column takes longer than all that is done with it. Small columns are kept until others
take their room; texts are too large for that, and a run with many shards goes through more than
there is room for, so memory stays flat. When a run ends they are forgotten: a process that runs
again and again would gather those of files that are gone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from seimai.pipeline.machine import free_in_forks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MOST_BYTES = 64_000_000
"""Bytes of all columns that are kept in memory: those of some hundred shards."""

OF_ITS_OWN = 1_600
"""Bytes that a column takes whatever it holds: its objects here and in Arrow."""

MOST_WHOLE = 1_000
"""Files of which that is known: columns of more find no room anyway."""

MOST_OF_A_FILE = 2_000_000
"""Bytes of the largest file of which all columns are kept when somebody reads it whole."""

MOST_OF_A_COLUMN = 300_000
"""Bytes of the largest column that is kept: numbers of a whole shard, and no texts."""

State = tuple[int, ...]
"""What tells that a file is the one that was read: its inode, size and times."""


class _Column(NamedTuple):
    state: State
    field: pa.Field
    values: pa.ChunkedArray
    metadata: dict[bytes, bytes] | None
    """Metadata of the whole table: a sketch says there how it was made."""


_kept: OrderedDict[tuple[str, str], _Column] = OrderedDict()
"""Columns by path and name, the one that was asked for last at the end."""
_whole: OrderedDict[str, tuple[State, tuple[str, ...]]] = OrderedDict()
"""For the path of a small file that was read whole the names of all its columns, the file that was
asked for last at the end."""
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
    found: dict[str, tuple[pa.Field, pa.ChunkedArray]] = {}
    metadata = None
    with _lock:
        for name in columns:
            column = _kept.get((path, name))
            if column is not None and column.state == state:
                _kept.move_to_end((path, name))
                found[name] = column.field, column.values
                metadata = column.metadata
    missing = [name for name in dict.fromkeys(columns) if name not in found]
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


def names_of(path: str, state: State) -> tuple[str, ...]:
    """The names of all columns of a file that `keep_whole` was told of; none of any other."""
    known, names = _whole.get(path, (None, ()))
    return names if known == state else ()


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
