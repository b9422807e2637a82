"""
Publish: a finished folder takes the place of the release, and its digests go with it.

A reader sees the old release or the new one, at every moment one of them. The old one becomes the
previous release, as long as the recipe wants to keep one. What a run that was killed has left
beside them is put in its place or cleared away by the next: texts that are gone may be in it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.errors import cannot_write
from seimai.pipeline.stages import changes, previous

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.run_record import RunRecord

PREPARED = ".release-new"
"""The folder beside the release in which the next one is written."""

OLD = ".release-old"
"""The release before it, for the moment of the exchange, where folders cannot be exchanged."""


def publish(prepared: Path, release: Path, keep: int = 0) -> None:
    """
    Put a finished folder in the place of the release.

    The old one becomes the previous release, of which so many are kept; one with the same data
    is not kept, so that a new report does not push out what was different.
    """
    try:
        shutil.rmtree(release.with_name(OLD), ignore_errors=True)
        left = replace(prepared, release)
        crash_point("release-exchanged")
        if left.exists():
            if keep and not previous.same_data(left, release):
                previous.push(left, keep)
                crash_point("previous-pushed")
            else:
                previous.remove(left)
        previous.trim(release.parent, keep)
        crash_point("previous-trimmed")
        shard.sync_folder(release.parent)
    except OSError as error:
        raise cannot_write(release.name, error) from error


def clear(prepared: Path, release: Path) -> None:
    """
    Remove what was prepared and not published.

    Where it was, and something failed after that, the folder is the old release: it stays, and
    the next run makes it the previous one.
    """
    if not changes.is_old(prepared, release):
        shutil.rmtree(prepared, ignore_errors=True)


def replace(folder: Path, release: Path) -> Path:
    """Put a folder in the place of the release; gives where that one is now, if there was one."""
    old = release.with_name(OLD)
    if not release.exists():
        folder.rename(release)
        return folder
    if exchange(folder, release):
        return folder  # Where they were exchanged, the old release is called as the new one was.
    release.rename(old)
    crash_point("release-moved-away")
    folder.rename(release)
    return old


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders, with no moment at which one is missing; false where that cannot be."""
    import ctypes

    swap = 2  # RENAME_EXCHANGE of Linux
    here = -100  # AT_FDCWD
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), swap) == 0)


def recover(release: Path) -> None:
    """
    Put in its place, or clear away, what a run that was killed while it published has left.

    A whole release that readers have seen becomes the previous one; what was still being written
    goes, texts and all.
    """
    out = release.parent
    old, prepared = release.with_name(OLD), release.with_name(PREPARED)
    try:
        if old.is_dir() and not release.exists():
            old.rename(release)
            crash_point("recovery-moved-back")
        for left, seen in ((old, old.is_dir()), (prepared, changes.is_old(prepared, release))):
            whole = seen and previous.outputs(left) is not None
            if whole and not previous.same_data(left, release):
                previous.push(left, len(previous.folders(out)) + 1)
                crash_point("recovery-pushed")
        previous.close_gaps(out)
        if out.is_dir():
            shard.sync_folder(out)
    except OSError as error:
        raise cannot_write(release.name, error) from error
    for left in (old, prepared, out / changes.PREPARED, out / previous.REMOVED):
        shutil.rmtree(left, ignore_errors=True)


PAGES = ("README.md", "croissant.json", "report.html")
"""Files that a release holds besides its data and `run.json`."""

SUMS = "SHA256SUMS"
"""Digests of all other files of a release, as `sha256sum --check` reads them."""


def write_sums(folder: Path, run: RunRecord) -> None:
    """Write the digests of all files of a release; those of the data stand in `run` already."""
    digests = {file["path"]: file["sha256"] for file in run["outputs"]}
    for page in (*PAGES, "run.json"):
        digests[page] = hashlib.sha256((folder / page).read_bytes()).hexdigest()
    lines = [f"{digest}  {path}\n" for path, digest in sorted(digests.items())]
    shard.write_bytes(folder / SUMS, "".join(lines).encode())


def is_complete(release: Path, run: RunRecord) -> bool:
    """Whether all files that `run.json` names are there with their sizes, and its pages too."""
    return all((release / page).is_file() for page in (*PAGES, SUMS)) and all(
        (release / file["path"]).is_file()
        and (release / file["path"]).stat().st_size == file["bytes"]
        for file in run["outputs"]
    )
