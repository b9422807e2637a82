"""
Crash points: every place where a process that ends at once leaves something behind, by name.

`POINTS` is the list of them, with what a crash leaves there; the campaign in `tests/faults` ends a
run at each. A point costs one comparison, and does nothing unless `SEIMAI_CRASH` was set when the
process began: `SEIMAI_CRASH="group-written"` ends the first process that comes there, as SIGKILL
does, and `SEIMAI_CRASH="file-synced signals 2 MARK"` the one that comes there for the second time
with a file of `signals/`, if no file `MARK` is there, which it makes, so that it happens once.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SWITCH: Final = "SEIMAI_CRASH"
"""The environment variable that names the point at which the process ends."""

POINTS: Final = {
    # One file, however it is called: `shard.write_bytes`.
    "file-begun": "an empty temporary file",
    "file-written": "a temporary file whose bytes may not be on the disk",
    "file-synced": "a whole temporary file, and the old file or none",
    "file-renamed": "the new file, by a name that may not be on the disk",
    # One shard: `shard.write_shard`, `shard.discard`.
    "before-discard": "a shard that is to be made again, as it was",
    "after-discard": "a stage file without its sidecar: a shard that does not exist",
    "before-sidecar": "a new stage file without its sidecar",
    "after-sidecar": "a shard that exists, and that no ledger speaks of",
    "leftover-removed": "some of what an earlier crash has left",
    # One task: `engine/worker.py`, `engine/shards/text_shards.py`, `engine/shards/shard_tasks.py`.
    "job-opened": "a worker that has no task yet",
    "attempt-marked": "the mark that a worker is at this task",
    "split-begun": "a split without its ledger, and its old shards",
    "before-ledger": "all shards of a split without its ledger",
    "after-ledger": "a finished split whose signals may be missing",
    "tokens-written": "tokens of a shard without their numbers",
    "task-done": "a finished task whose answer nobody has read",
    # One run: `engine/lock.py`, `engine/run.py`, `engine/judging/duplicates.py`.
    "lock-taken": "a lock file that names its last owner",
    "lock-named": "a lock file that names a process that is gone",
    "recovered": "an output folder in which what was left is put right",
    "plan-saved": "a plan of which nothing is done",
    "prepared": "all texts, signals and sketches",
    "group-forgotten": "groups without their ledger, which are made again",
    "group-written": "new groups without their ledger",
    "grouped": "groups, and no new verdict",
    "settled": "verdicts, and no new release",
    # Passages that several texts share: `stages/passages.py`, `engine/judging/passages.py`.
    "passages-begun": "an empty folder by a temporary name",
    "passages-chosen": "the same with some runs of every text",
    "passages-met": "the same with those that several texts have",
    "passages-spread": "the same with all runs around them, and the texts",
    "passages-settled": "the same with who keeps each; no stage file says so yet",
    "passages-found": "what goes of every text, and not how much that is",
    # The release, beside the one that is there: `engine/publishing/`, `stages/release_file.py`.
    "files-asked": "word of the files that workers are to write, and none of them",
    "release-file-opened": "a file of a new release without rows",
    "release-file-written": "a file of a new release that may not be on the disk",
    "release-written": "the data of a new release without its pages",
    "card-written": "a new release without report and run.json",
    "report-written": "a new release without run.json",
    "run-recorded": "a new release without its sums",
    "sums-written": "a whole new release beside the old one",
    # What came and went: `stages/changes.py`.
    "changes-begun": "a folder for lists of changes without lists",
    "changes-listed": "lists of changes beside the old ones",
    "changes-removed": "new lists of changes by their temporary name, and no old ones",
    "changes-in-place": "lists that speak of a release that is not in its place yet",
    # The exchange: `stages/publish.py`, `stages/previous.py`.
    "release-moved-away": "no release; the old one and the new one beside its place",
    "release-exchanged": "the new release in its place, the old one in the place of the new",
    "release-hidden": "a release that nobody wants, by a name that no reader looks for",
    "previous-dropped": "a gap where the oldest of the previous releases was",
    "previous-moved": "a gap among the previous releases",
    "previous-pushed": "the old release as the previous one",
    "previous-trimmed": "fewer previous releases",
    "published": "everything; only the end of the process is missing",
    "recovery-moved-back": "the old release in its place again, the new one beside it",
    "recovery-pushed": "the old release as the previous one, leftovers not cleared",
    # Columns for the next run: `kept_columns.py`.
    "columns-begun": "a finished run, and an empty temporary file",
    "columns-written": "a finished run, and a temporary file with columns for the next",
    # Rollback: `engine/publishing/rollback.py`.
    "rollback-exchanged": "the previous release in the place of the release",
    "rollback-done": "both in their places, the lists of changes not made again",
}
"""
Every crash point by name, with what a process that ends there leaves.

Points of files are passed with the file: its stage, or the name of a file that there is one of,
tells them apart.
"""


def crash_point(name: str, path: Path | None = None) -> None:
    """Say that a process that ends here leaves what `POINTS` says, in or beside `path`."""
    if _armed is not None:
        _armed(name, path)


def kind_of(path: Path | None) -> str:
    """
    What kind of file it is: the stage of a shard, the name of a page; "" without a file.

    >>> from pathlib import Path
    >>> stages = Path("out/stages")
    >>> kind_of(stages / "text/00000-000.parquet"), kind_of(stages / "text/00000.json")
    ('text', 'text.json')
    >>> kind_of(stages / "plan.json")
    'plan.json'
    """
    if path is None:
        return ""
    folder = path.parent
    if folder.parent.name != "stages":
        return path.name
    return folder.name if path.suffix == ".parquet" else f"{folder.name}{path.suffix}"


def _parsed(asked: str) -> Callable[[str, Path | None], None]:
    """What ends this process at the point that `SEIMAI_CRASH` names."""
    wanted, kind, count, mark = (*asked.split(), *[""] * 4)[:4]
    passes = [0]

    def act(name: str, path: Path | None) -> None:
        if name != wanted or kind not in ("", "*", kind_of(path)):
            return
        passes[0] += 1
        if passes[0] != int(count or 1):
            return
        if mark:
            try:
                os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                return
        os.kill(os.getpid(), signal.SIGKILL)

    return act


_armed: Callable[[str, Path | None], None] | None = (
    _parsed(os.environ[SWITCH]) if os.environ.get(SWITCH) else None
)
"""What is done at each point; nothing in a process of anybody but a tester."""
