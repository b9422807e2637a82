"""
Can a run work in this folder? What `doctor` says of `--work`, or of `--out` on a disk.

Everything that a run asks of a file system is tried, in a folder of its own that is removed
again: files that are synced and renamed, locks that a second process is refused, and folders that
change places.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from seimai.pipeline.engine.progress import size
from seimai.pipeline.engine.run import refuse_strangers
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.finding import Finding
from seimai.pipeline.messages import sentence
from seimai.pipeline.shard import sync_folder
from seimai.pipeline.stages.publish import exchange

MOUNTS = Path("/proc/self/mountinfo")

OBJECT_STORAGE = re.compile(
    r"^fuse\.(s3fs|goofys|geesefs|mountpoint-s3|gcsfuse|blobfuse2?|rclone|ossfs)$"
)
"""File systems that show object storage as folders: a rename copies every file."""

NETWORK = re.compile(
    r"^(nfs4?|cifs|smb3|smbfs|9p|afs|davfs|fuse\.(sshfs|davfs2?|glusterfs|juicefs))$"
)
"""Shares, on which a file that is synced has been to a server and back."""

IN_MEMORY = frozenset({"tmpfs", "ramfs"})
"""What is gone when the machine starts again."""

LOCAL_LOCKS = frozenset({"nolock", "local_lock=all", "local_lock=flock", "localflock", "nobrl"})
"""Mount options by which other machines do not see a lock."""

SYNCS = 5
"""Files that are written and synced to learn how long that takes."""

SLOW_SYNC = 0.1
"""Seconds; a shard is some fifteen files, and sketching one takes a processor ten seconds."""


@dataclass(frozen=True)
class Need:
    """What a run is estimated to put into a folder."""

    disk: int
    """Bytes of stages and releases."""
    files: int


@dataclass(frozen=True)
class Mount:
    """The file system that a folder lies on."""

    kind: str
    options: frozenset[str]


def examine_folder(folder: Path, need: Need | None = None) -> list[Finding]:
    """
    Look at a folder that a run is to work in; with `need`, also at the room that it has.

    What is tried needs a folder that exists: where there is none yet, the one that it would be
    made in is tried instead.
    """
    there = next(path for path in (folder, *folder.absolute().parents) if _is_there(path))
    shown = {"path": str(folder), "parent": str(there)}
    if not there.is_dir():
        return [Finding("fail", sentence("doctor.work_no_folder", **shown), {"work": None})]
    made = sentence("doctor.work" if there == folder else "doctor.work_new", **shown)
    findings = [Finding("ok", made, {"work": "there" if there == folder else "new"})]
    with contextlib.suppress(OSError):
        try:
            refuse_strangers(folder)
        except Problem as problem:
            findings.append(Finding("fail", problem.message, {"work": "other"}))
    return [*findings, *_abilities(there), *_file_system(there), *_room(folder, there, need)]


def _is_there(path: Path) -> bool:
    """Whether a path exists, as far as this user may know."""
    try:
        return path.exists()
    except OSError:
        return False


def _abilities(folder: Path) -> Iterator[Finding]:
    """What a run does to files, done once."""
    try:
        with TemporaryDirectory(prefix=".seimai-doctor-", dir=folder) as name:
            seconds = _synced(Path(name))
            locks = _locks(Path(name))
            exchanges = _exchanges(Path(name))
    except OSError as error:
        cause = error.strerror or type(error).__name__
        message = sentence("doctor.work_locked", path=str(folder), cause=cause)
        yield Finding("fail", message, {"work_writable": False})
        return
    data = {
        "work_writable": True,
        "work_locks": locks,
        "work_exchanges": exchanges,
        "work_sync_seconds": round(seconds, 4),
    }
    shown = {"path": str(folder), "time": f"{1000 * seconds:,.1f} ms"}
    if not locks:
        yield Finding("fail", sentence("doctor.work_no_locks", **shown), data)
        return
    if not exchanges:
        yield Finding("warn", sentence("doctor.work_no_exchange", **shown), data)
        return
    key = "doctor.work_slow" if seconds > SLOW_SYNC else "doctor.work_able"
    yield Finding("warn" if seconds > SLOW_SYNC else "ok", sentence(key, **shown), data)


def _synced(folder: Path) -> float:
    """Write, sync and rename files over one another; the median of the seconds of one."""
    spent = []
    for number in range(SYNCS):
        begun = time.perf_counter()
        temporary = folder / f"{number}.tmp"
        with temporary.open("wb") as file:
            file.write(b"0" * 4096)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / "file")
        sync_folder(folder)
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def _locks(folder: Path) -> bool:
    """Whether a lock that one holds is refused to another."""
    with (folder / "lock").open("wb") as one, (folder / "lock").open("wb") as other:
        try:
            fcntl.flock(one, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _exchanges(folder: Path) -> bool:
    """Whether two folders with something in them change places in one step."""
    one, other = folder / "one", folder / "other"
    for path in (one, other):
        path.mkdir()
    (one / "file").touch()
    return exchange(one, other) and (other / "file").exists()


def _file_system(folder: Path) -> Iterator[Finding]:
    """What kind of file system it is, and what that means for a run."""
    mount = mount_of(folder)
    if mount is None:
        return
    data = {"work_file_system": mount.kind}
    shown = {"kind": mount.kind, "path": str(folder)}
    if OBJECT_STORAGE.match(mount.kind):
        yield Finding("fail", sentence("doctor.work_object_storage", **shown), data)
    elif mount.kind in IN_MEMORY:
        yield Finding("warn", sentence("doctor.work_in_memory", **shown), data)
    elif NETWORK.match(mount.kind):
        yield Finding("warn", sentence("doctor.work_network", **shown), data)
    else:
        yield Finding("ok", sentence("doctor.work_file_system", **shown), data)
    local = sorted(mount.options & LOCAL_LOCKS)
    if local:
        message = sentence("doctor.work_local_locks", option=", ".join(local), **shown)
        yield Finding("warn", message, {"work_local_locks": local})


def mount_of(folder: Path, mounts: Path = MOUNTS) -> Mount | None:
    r"""
    The file system of a folder, from Linux's list of mounts; None where there is no such list.

    A line is `id parent device root POINT options … - KIND source options`, blanks written `\040`.
    """
    try:
        # Only \n ends a line: the system leaves a \r or U+2028 in a name as it is.
        lines = mounts.read_bytes().decode("utf-8", "surrogateescape").split("\n")
    except OSError:
        return None
    wanted = folder.resolve()
    found: tuple[int, Mount] | None = None
    for line in lines:
        before, parted, after = line.partition(" - ")
        if not parted:
            continue
        here, there = before.split(" "), after.split(" ")
        point = Path(re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), here[4]))
        depth = len(point.parts)
        # Of two at one place the later hides the earlier.
        if wanted.is_relative_to(point) and (found is None or depth >= found[0]):
            options = frozenset((*here[5].split(","), *there[-1].split(",")))
            found = depth, Mount(there[0], options)
    return found[1] if found else None


def _room(folder: Path, there: Path, need: Need | None) -> Iterator[Finding]:
    """Whether what a run writes fits beside what lies there; its own earlier files are reused."""
    try:
        status = os.statvfs(there)
    except OSError:
        return
    free = status.f_bavail * status.f_frsize
    if need is None:
        yield Finding("ok", sentence("doctor.work_free", free=size(free)), {"work_free": free})
        return
    own = _bytes_in(folder)
    data = {"work_free": free, "work_has": own, "work_needs": need.disk}
    shown = {"free": size(free), "own": size(own), "needs": size(need.disk)}
    short = need.disk > free + own
    key = "doctor.work_short" if short else "doctor.work_room"
    yield Finding("fail" if short else "ok", sentence(key, **shown), data)
    # 0 where a file system makes them as they are wanted.
    if status.f_files and need.files > status.f_favail:
        shown = {"free": f"{status.f_favail:,}", "needs": f"{need.files:,}"}
        message = sentence("doctor.work_few_files", **shown)
        yield Finding("fail", message, {"work_free_files": status.f_favail})


def _bytes_in(folder: Path) -> int:
    """Bytes of the files below a folder, as far as they can be looked at, links counted once."""
    found: dict[tuple[int, int], int] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                status = (Path(place) / name).lstat()
                found[status.st_dev, status.st_ino] = status.st_size
    return sum(found.values())
