"""
Previous releases: `OUT/previous`, and where more are wanted `OUT/previous-2` and so on.

The first is the release that readers had before this one, each further one that before it. They
are releases like any other: `verify` and `datasets` open them.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import orjson

from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.errors import Problem
from seimai.pipeline.stages import released_hashes

if TYPE_CHECKING:
    from pathlib import Path

PREVIOUS = "previous"

REMOVED = ".release-removed"
"""Beside the release, while a release that nobody wants any more is removed file by file."""

_NAME = re.compile(rf"{PREVIOUS}(?:-([2-9]|[1-9]\d+))?")


def folder(out: Path, place: int = 1) -> Path:
    """Where the release before this one is; `place` 2 is the one before it."""
    return out / (PREVIOUS if place == 1 else f"{PREVIOUS}-{place}")


def folders(out: Path) -> list[Path]:
    """All previous releases that are there, the latest first."""
    return [folder(out, place) for place in _places(out)]


def _places(out: Path) -> list[int]:
    if not out.is_dir():
        return []
    names = (_NAME.fullmatch(path.name) for path in out.iterdir() if path.is_dir())
    return sorted(int(name[1] or 1) for name in names if name)


def push(release: Path, keep: int) -> None:
    """Make a release the latest of the previous ones, of which `keep` may be there then."""
    refuse_strangers(release.parent)
    out = release.parent
    free = next((k for k in range(1, keep + 1) if not folder(out, k).exists()), 0)
    if not free:
        remove(folder(out, keep))
        crash_point("previous-dropped")
        free = keep
    for place in range(free, 1, -1):
        folder(out, place - 1).rename(folder(out, place))
        crash_point("previous-moved")
    release.rename(folder(out))


def trim(out: Path, keep: int) -> None:
    """Remove previous releases until no more than `keep` are left, and what is known of others."""
    refuse_strangers(out)
    for place in _places(out):
        if place > keep:
            remove(folder(out, place))
    there = (out / "release", *folders(out))
    released_hashes.prune(out, {one["sha256"] for each in there for one in outputs(each) or ()})


def remove(release: Path) -> None:
    """
    Remove a release, so that a process that ends in the middle leaves none that is half there.

    What stays, of a process that ended or a disk that refused, has another name, by which the
    next run knows that it may go.
    """
    removed = release.with_name(REMOVED)
    shutil.rmtree(removed, ignore_errors=True)
    release.rename(removed)
    crash_point("release-hidden")
    shutil.rmtree(removed, ignore_errors=True)


def close_gaps(out: Path) -> None:
    """Number them without gaps, where a run was killed while it moved them."""
    for wanted, place in enumerate(_places(out), 1):
        if wanted != place:
            folder(out, place).rename(folder(out, wanted))


def refuse_strangers(out: Path) -> None:
    """Raise a `Problem` where a folder has the name of a previous release and is none of ours."""
    for path in folders(out):
        if any(path.iterdir()) and outputs(path) is None:
            raise Problem("O003", path=str(path))


def outputs(release: Path) -> list[dict[str, Any]] | None:
    """The data files of a release as its `run.json` lists them; None where there is none."""
    try:
        listed: list[dict[str, Any]] = orjson.loads((release / "run.json").read_bytes())["outputs"]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return listed


def same_data(one: Path, other: Path) -> bool:
    """Whether two releases hold the same bytes of data; false where one cannot be read."""
    first, second = (_data(release) for release in (one, other))
    return first is not None and first == second


def _data(release: Path) -> list[dict[str, Any]] | None:
    """The data files of a release less the list of its inputs, which is about them."""
    listed = outputs(release)
    return (
        None
        if listed is None
        else [file for file in listed if not file["path"].startswith("inputs/")]
    )
