"""Tidy: remove from an output folder what no run needs any more; the release is not touched."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seimai.pipeline import shard
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.engine.planning.plan import load_plan
from seimai.pipeline.engine.publishing.published import read_run
from seimai.pipeline.engine.run import TRIAL, remove_passing
from seimai.pipeline.errors import Problem
from seimai.pipeline.stages import previous as earlier
from seimai.pipeline.stages import publish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Removed:
    """How much of one kind was removed."""

    files: int
    bytes: int


def tidy(
    out: Path, *, previous: int | None = None, trial: bool = True, stages: bool = False
) -> dict[str, Removed]:
    """
    Remove leftovers of killed runs, and by choice the trial, earlier releases but `previous` of
    them, and all work files; gives what went, by kind.

    A `Problem` where `out` is no folder of ours, or a run is at work in it.
    """
    if read_run(out / "release") is None and not load_plan(out)["splits"]:
        raise Problem("U011", path=str(out))
    found: dict[str, Removed] = {}
    with lock(out):

        def count(kind: str, action: Callable[[], None]) -> None:
            before = dict(_files(out))
            action()
            gone = before.keys() - dict(_files(out)).keys()
            if gone:
                found[kind] = Removed(len(gone), sum(before[path] for path in gone))

        count("leftovers", lambda: _leftovers(out))
        if previous is not None:
            count("previous", lambda: earlier.trim(out, previous))
        if trial and (out / TRIAL / "stages").is_dir():
            with lock(out / TRIAL):
                count("trial", lambda: shutil.rmtree(out / TRIAL, ignore_errors=True))
        if stages:
            count("stages", lambda: shutil.rmtree(out / "stages", ignore_errors=True))
    return found


def _leftovers(out: Path) -> None:
    """What a run that was killed has left, and files of splits that no plan knows."""
    publish.recover(out / "release")
    known = load_plan(out)
    names = {split["name"] for split in known["splits"]}
    there = {
        path.stem for path in (out / "stages").glob("*/*") if path.stem.partition("-")[0] in names
    }
    shard.remove_others(out / "stages", names | there if names else None)
    remove_passing(out)


def _files(out: Path) -> Iterator[tuple[Path, int]]:
    for path in out.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path, path.stat().st_size
