"""
Publish: a finished folder takes the place of the release, and its digests go with it.

A reader sees the old release or the new one, at every moment one of them. What a run that was
killed has left beside it is cleared away by the next: texts that are gone may be in it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.run_record import RunRecord

PREPARED = ".release-new"
"""Beside the release, while it is written."""

OLD = ".release-old"
"""The release before it, for the moment of the exchange."""


def publish(prepared: Path, release: Path) -> None:
    """Put a finished folder in the place of the release; the old one is gone afterwards."""
    old = release.with_name(OLD)
    try:
        shutil.rmtree(old, ignore_errors=True)
        if release.exists() and not exchange(prepared, release):
            release.rename(old)
        if prepared.exists() and not release.exists():
            prepared.rename(release)
        shard.sync_folder(release.parent)
    except OSError as error:
        raise Problem("O001", path=release.name, cause=error.strerror or str(error)) from error
    # Where they were exchanged, the old release is called as the new one was.
    for left in (old, prepared):
        shutil.rmtree(left, ignore_errors=True)


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
    """Clear away what a run that was killed while it published has left: texts may be in it."""
    old = release.with_name(OLD)
    try:
        if old.is_dir() and not release.exists():
            old.rename(release)
            shard.sync_folder(release.parent)
    except OSError as error:
        raise Problem("O001", path=release.name, cause=error.strerror or str(error)) from error
    for left in (old, release.with_name(PREPARED)):
        shutil.rmtree(left, ignore_errors=True)


PAGES = ("README.md", "croissant.json", "report.html")
"""What a release holds besides data and `run.json`."""

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
