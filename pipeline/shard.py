"""
Shard files: read, write, and the sidecar that makes a shard exist.

A shard is a Parquet file of at most `SHARD_BYTES` of text (or one huge text), so a stage may hold
one in memory. It is written to a temporary name, synced, renamed and only then given its
sidecar: a shard without a valid sidecar does not exist. Before a shard is used its bytes are held
against the digest in the sidecar, once per process, and a sidecar against its seal: disks flip
bits. What one stage leaves for another in `OUT/stages` is written here; what only passes between
the tasks of a stage is not.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from seimai.pipeline import read_columns
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.errors import Problem, cannot_write

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

_NUMBERED = re.compile(r"\d{5,}(-\d{3,})?\.(parquet|json)")

SHARD_BYTES = 8_000_000
"""UTF-8 text per shard: small enough that two workers end together and memory stays flat."""

SHARD_ROWS = 50_000
"""Most rows of a shard: a million empty records must not share one."""


TEMPORARY = ".tmp"
"""The ending of files that are not finished yet."""


@dataclass(frozen=True)
class Sidecar:
    """What is known of a finished shard: how it was made, and what is in it."""

    fingerprint: str
    """Digest of everything that decides the content: input, code versions, settings."""
    digest: str
    """xxh3 of the bytes of the file."""
    rows: int
    counts: dict[str, Any] = field(default_factory=dict)


def fingerprint(**parts: Any) -> str:
    """A digest of the named parts; equal parts give equal fingerprints on every machine."""
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return xxhash.xxh3_128_hexdigest(canonical.encode())


def read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """
    The columns of a shard, all of them by default.

    A missing file is a `Problem`: an intermediate that is not there is never an empty one. So is
    one whose bytes are not those that were written (S005); see `discard`.
    """
    try:
        state = _state(path)
    except OSError:
        return _read(path, columns)  # which says what is wrong
    name = str(path)
    wanted = columns or read_columns.names_of(name, state)
    if wanted:
        return read_columns.through(name, state, wanted, lambda some: _read(path, some))
    table = _read(path, None)
    read_columns.keep_whole(name, state, table)
    return table


def read_rows(path: Path, columns: Sequence[str], rows: Sequence[int]) -> pa.Table:
    """
    A few rows (in rising order) of a shard whose columns are too large to be kept.

    They are kept themselves, for the next run that asks for the same ones.
    """
    try:
        state = _state(path)
    except OSError:
        return _read(path, columns).take(pa.array(rows, pa.int64()))  # which says what is wrong
    found = read_columns.rows_kept(str(path), state, columns, rows)
    if found is None:
        found = read_table(path, columns).take(pa.array(rows, pa.int64()))
        read_columns.keep_rows(str(path), state, rows, found)
    return found


def _read(path: Path, columns: Sequence[str] | None) -> pa.Table:
    try:
        with pa.memory_map(str(path)) as file:
            _compare(path, file)
            return pq.ParquetFile(file).read(
                columns=list(columns) if columns is not None else None, use_threads=False
            )
    except FileNotFoundError as error:
        raise Problem("S001", path=f"{path.parent.name}/{path.name}") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise Problem("S005", path=f"{path.parent.name}/{path.name}", cause=str(error)) from error


def count_rows(path: Path) -> int:
    """The rows of a shard, from its footer alone; whoever reads it holds it against its digest."""
    try:
        return int(pq.read_metadata(path).num_rows)
    except FileNotFoundError as error:
        raise Problem("S001", path=f"{path.parent.name}/{path.name}") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise Problem("S005", path=f"{path.parent.name}/{path.name}", cause=str(error)) from error


_compared: dict[str, tuple[int, ...]] = {}
"""Files whose bytes were held against their digest in this process, as they were by then."""


def _compare(path: Path, file: Any) -> None:
    """
    Raise `pa.ArrowInvalid` where the bytes of a shard are not those that its sidecar speaks of.

    A file without a sidecar is nobody's shard yet and passes: whoever needs one asks for it.
    """
    now = _state(path)
    if _compared.get(str(path)) == now or not sidecar_path(path).exists():
        return
    hold_against(read_sidecar(path), file)
    _compared[str(path)] = now


def _state(path: Path) -> read_columns.State:
    """What tells that a file has not been written since."""
    return read_columns.state_of(str(path))


def hold_against(sidecar: Sidecar | None, file: Any) -> None:
    """Raise `pa.ArrowInvalid` where the bytes of an open file are not those of its sidecar."""
    if sidecar is None or xxhash.xxh3_128_hexdigest(file.read_buffer()) != sidecar.digest:
        raise pa.ArrowInvalid("its bytes are not those that were written")


def discard(path: Path) -> None:
    """Make a shard that is damaged or half there one that does not exist: it is made again."""
    try:
        sidecar_path(path).unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path.name, error) from error


def to_parquet(table: pa.Table) -> pa.Buffer:
    """
    The bytes of `table` as a stage file: LZ4, no statistics, one row group.

    Beside zstd at its fastest text takes a third more room, is written in two thirds of the time
    and read in less than a half; and what is read in every step is most of what a changed limit
    costs.
    """
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="lz4",
        use_dictionary=False,
        write_statistics=False,
        store_schema=True,
        row_group_size=max(table.num_rows, 1),
    )
    return sink.getvalue()


def write_table(path: Path, table: pa.Table) -> str:
    """Write a shard safely and give the digest of its bytes."""
    data = to_parquet(table)
    write_bytes(path, data)
    return xxhash.xxh3_128_hexdigest(data)


def write_bytes(path: Path, data: bytes | pa.Buffer) -> None:
    """Write a file so that a crash leaves the old one or the new one: temporary, sync, rename."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            crash_point("file-begun", path)
            file.write(data)
            file.flush()
            crash_point("file-written", path)
            os.fsync(file.fileno())
        crash_point("file-synced", path)
        temporary.replace(path)
        crash_point("file-renamed", path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise cannot_write(path.name, error) from error


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_shard(
    path: Path,
    table: pa.Table,
    fingerprint: str,
    counts: Mapping[str, Any] | None = None,
    data: pa.Buffer | None = None,
) -> Sidecar:
    """Write a shard and its sidecar; `data` are the bytes of the table, if known."""
    crash_point("before-discard", path)
    discard(path)
    crash_point("after-discard", path)
    data = data or to_parquet(table)
    write_bytes(path, data)
    crash_point("before-sidecar", path)
    digest = xxhash.xxh3_128_hexdigest(data)
    sidecar = Sidecar(fingerprint, digest, table.num_rows, dict(counts or {}))
    write_sealed(sidecar_path(path), asdict(sidecar))
    crash_point("after-sidecar", path)
    return sidecar


def read_sidecar(path: Path, fingerprint: str | None = None) -> Sidecar | None:
    """The sidecar of a shard, or None where the shard does not exist or was made otherwise."""
    content = read_sealed(sidecar_path(path))
    try:
        sidecar = Sidecar(**content) if content else None
    except TypeError:
        return None
    if sidecar is None:
        return None
    if (fingerprint is not None and sidecar.fingerprint != fingerprint) or not path.exists():
        return None
    return sidecar


def required_sidecar(path: Path) -> Sidecar:
    """The sidecar of a shard that an earlier stage has finished; a `Problem` where it is not."""
    sidecar = read_sidecar(path)
    if sidecar is None:
        raise Problem("S001", path=f"{path.parent.name}/{path.name}")
    return sidecar


def sidecar_path(path: Path) -> Path:
    """The path of the sidecar that belongs to a shard."""
    return path.with_suffix(".json")


def write_json(path: Path, content: Any) -> None:
    """Write JSON safely, keys in the order given."""
    write_bytes(path, _json(content) + b"\n")


_SEAL = b',\n "seal": "'
_END = b"\n}"


def write_sealed(path: Path, content: Mapping[str, Any]) -> None:
    """Write what a later run relies on: JSON whose last entry is a digest of what is before it."""
    body = _json(content)
    seal = xxhash.xxh3_128_hexdigest(body).encode()
    write_bytes(path, body.removesuffix(_END) + _SEAL + seal + b'"' + _END + b"\n")


def read_sealed(path: Path) -> dict[str, Any] | None:
    """What `write_sealed` wrote; None where it is missing, damaged or without its seal."""
    try:
        head, _, seal = path.read_bytes().rpartition(_SEAL)
    except OSError:
        return None
    body = head + _END
    if seal != xxhash.xxh3_128_hexdigest(body).encode() + b'"' + _END + b"\n":
        return None
    content: dict[str, Any] = orjson.loads(body)
    return content


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def remove_others(folder: Path, wanted: Collection[str] | None = None) -> None:
    """
    Remove from the stage folders below `folder` what a killed run left unfinished.

    With `wanted`, also what belongs to no shard or split of these names: the texts of an input
    that is gone must not stay behind in stage files.
    """
    for path in (*folder.glob(f".*{TEMPORARY}"), *folder.glob("*/*")):
        unfinished = path.name.startswith(".") and path.name.endswith(TEMPORARY)
        stranger = wanted is not None and _NUMBERED.fullmatch(path.name) and path.stem not in wanted
        if unfinished or stranger:
            with contextlib.suppress(OSError):
                # A folder was of a search for shared text, and holds texts.
                (shutil.rmtree if path.is_dir() else os.unlink)(path)
            crash_point("leftover-removed", path)


def conserve(where: str, read: int, kept: int, rejected: int, quarantined: int) -> None:
    """Refuse to go on where records are missing or counted twice."""
    if read != kept + rejected + quarantined:
        raise Problem(
            "S021", shard=where, read=read, kept=kept, rejected=rejected, quarantined=quarantined
        )


@dataclass(frozen=True)
class RowRange:
    """Consecutive rows of a shard."""

    name: str
    """Name of the shard."""
    first: int
    rows: int
