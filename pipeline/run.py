"""
Run: the whole journey, stage after stage, with whatever crew does the work.

`seimai run` and the Prefect flow both come here; they differ in the crew they bring. Fingerprints
on disk say what is done, so calling `run` again after any end goes on where it was.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from seimai.pipeline import shard
from seimai.pipeline.crew import Crew, Task, children, in_process
from seimai.pipeline.errors import Problem
from seimai.pipeline.lock import lock
from seimai.pipeline.plan import (
    Job,
    Unit,
    find_units,
    load_plan,
    processors,
    save_plan,
)
from seimai.pipeline.polish import first_units, ledgers_of, polish, stale_units, work
from seimai.pipeline.progress import Progress, Silent

if TYPE_CHECKING:
    from seimai.pipeline.recipe import Recipe

SMALL_RUN_BYTES = 20_000_000
"""Below this a run works in its own process: starting a child takes longer than the work."""

_COMPRESSED_RATIO = 4
"""What text in gzip or zstd unpacks to, roughly; only used to guess how large a run is."""

BringCrew = Callable[[Job, int], AbstractContextManager[Crew]]


def run(
    recipe: Recipe,
    out: Path,
    *,
    workers: int | None = None,
    limit: int | None = None,
    filters: Sequence[str] = (),
    progress: Progress | None = None,
    bring_crew: BringCrew | None = None,
    screen: bool = True,
) -> dict[str, Any]:
    """
    Curate everything the recipe names into `out / "release"` and give the content of run.json.

    `limit` takes only the first records of each source. `screen=False` tokenizes every text; it
    exists to show that the result does not depend on it. Raises `Problem` or `Problems`; what was
    finished stays and is used by the next run.
    """
    job = Job(recipe, out, tuple(filters), limit)
    show = progress or Silent()
    timings = Timings()
    with lock(out):
        _refuse_strangers(out)
        shard.remove_others(out / "stages")
        known = load_plan(out)
        with timings("plan"):
            units = find_units(job, known)
        save_plan(job, units, known)
        count = workers or processors()
        if bring_crew is None:
            # The user's own filters may take a process with them: not this one.
            bring_crew = in_process_crew if is_small(units) and not filters else children
        with bring_crew(job, count) as crew:
            with timings("polish"):
                if limit is not None:
                    units = first_units(job, units, lambda one: polish(job, [one], crew, show)[1])
                names, ledgers = polish(job, units, crew, show)
            if limit is None:
                shard.remove_others(out / "stages", _wanted(units, ledgers))
            with timings("group"):
                _group(job, names, show)
            with timings("judge"):
                _settle(job, names, crew, show, timings, screen=screen)
        return _release(job, units, ledgers, names, count, timings, show)


def in_process_crew(job: Job, workers: int) -> AbstractContextManager[Crew]:
    """A crew of this process alone, however many workers were asked for."""
    del workers
    return in_process(job)


class Timings(dict[str, float]):
    """Seconds per stage, as a context manager per name; stages inside others are taken off."""

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Add the time that the block takes to `stage`."""
        inside = sum(self.values())
        begin = time.perf_counter()
        yield
        spent = time.perf_counter() - begin - (sum(self.values()) - inside)
        self[stage] = round(self.get(stage, 0.0) + spent, 3)


def _refuse_strangers(out: Path) -> None:
    """Refuse to replace a folder `release` that no run of ours has made."""
    release = out / "release"
    ours = read_run(release) is not None or (out / "stages" / "plan.json").exists()
    if not ours and release.exists() and (not release.is_dir() or any(release.iterdir())):
        raise Problem("O003", path=str(release))


def _wanted(units: Sequence[Unit], ledgers: Sequence[Mapping[str, Any]]) -> set[str]:
    """The names of all units and shards of this run."""
    return {unit.name for unit in units} | {
        name for found in ledgers for name in (*found["shards"], *found["quarantine"])
    }


def is_small(units: Sequence[Unit]) -> bool:
    """Whether a run is so small that starting a child would take longer than the work."""
    size = 0
    for unit in units:
        for one in unit.inputs:
            if one.size < 0 or Path(one.path).is_dir():
                return False
            packed = one.path.endswith((".gz", ".zst", ".bz2", ".xz", ".zip", ".parquet"))
            size += one.size * (_COMPRESSED_RATIO if packed else 1)
    return size < SMALL_RUN_BYTES


# --- duplicates ----------------------------------------------------------------------------


def _group(job: Job, names: Sequence[str], show: Progress) -> None:
    if job.recipe.dedup is None:
        return
    from seimai.pipeline import ledger

    made_by = ledger.group_fingerprint(job, names)
    ledger_path = shard.sidecar_path(job.path("group", "groups"))
    if _group_is_fresh(job, names, made_by):
        return
    from dataclasses import asdict

    from seimai.pipeline.group import group

    show.stage("group", 1, "passes")
    try:
        ledger_path.unlink(missing_ok=True)
        counts = group(
            job.paths("sketch", names),
            job.paths("text", names),
            job.paths("group", names),
            job.recipe.dedup,
        )
    except OSError as error:
        raise Problem("O001", path="stages/group", cause=error.strerror or str(error)) from error
    finally:
        show.done()
    shard.write_json(ledger_path, {"fingerprint": made_by, "counts": asdict(counts)})


def _group_is_fresh(job: Job, names: Sequence[str], made_by: str) -> bool:
    path = shard.sidecar_path(job.path("group", "groups"))
    try:
        known = orjson.loads(path.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return False
    return known.get("fingerprint") == made_by and all(
        path.exists() for path in job.paths("group", names)
    )


# --- verdicts ------------------------------------------------------------------------------


def _settle(
    job: Job, names: Sequence[str], crew: Crew, show: Progress, timings: Timings, *, screen: bool
) -> None:
    from seimai.pipeline.settle import settle

    def tokenize(rows: dict[str, list[int]]) -> None:
        tasks: list[Task] = [
            {"kind": "tokenize", "shard": name, "rows": rows[name]}
            for name in sorted(rows, key=lambda name: (-len(rows[name]), name))
        ]
        with timings("tokenize"):
            work(show, "tokenize", tasks, crew)

    settle(job, names, tokenize, screen=screen)


# --- release -------------------------------------------------------------------------------


def _release(
    job: Job,
    units: Sequence[Unit],
    ledgers: Sequence[dict[str, Any]],
    names: Sequence[str],
    threads: int,
    timings: Timings,
    show: Progress,
) -> dict[str, Any]:
    from seimai.pipeline import ledger, manifest, release
    from seimai.pipeline.card import write_card
    from seimai.pipeline.report import write_report

    made_by = ledger.release_fingerprint(job, units, names)
    target = job.out / "release"
    done = read_run(target)
    if done and done.get("fingerprint") == made_by and release.is_complete(target, done):
        return done
    show.stage("release", 1, "releases")
    prepared = job.out / ".release-new"
    shutil.rmtree(prepared, ignore_errors=True)
    try:
        with timings("release"):
            written = release.write_release(job, units, prepared, threads)
            content = manifest.build(job, units, ledgers, names, written, timings)
        content["fingerprint"] = made_by
        content["groups"] = ledger.group_counts(job)
        with timings("report"):
            write_card(content, prepared)
            write_report(job, names, content, prepared / "report.html")
        content["timings"] = dict(timings)
        shard.write_json(prepared / "run.json", content)
        release.publish(prepared, target)
    except OSError as error:
        raise Problem("O001", path="release", cause=error.strerror or str(error)) from error
    finally:
        # What was not published takes room that the next run may need.
        shutil.rmtree(prepared, ignore_errors=True)
        show.done()
    return content


def read_run(release: Path) -> dict[str, Any] | None:
    """The `run.json` of a release folder, or None where there is none that can be read."""
    try:
        content: dict[str, Any] = orjson.loads((release / "run.json").read_bytes())
    except (FileNotFoundError, NotADirectoryError, orjson.JSONDecodeError):
        return None
    return content


# --- plan ----------------------------------------------------------------------------------


def plan(
    recipe: Recipe,
    out: Path,
    *,
    limit: int | None = None,
    filters: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """
    What `run` would do, per stage: how many shards or units, their `state` and `why`.

    Nothing is written. `state` is "up to date", "stale" or "new".
    """
    from seimai.pipeline import ledger

    job = Job(recipe, out, tuple(filters), limit)
    known = load_plan(out)
    units = find_units(job, known)
    if limit is not None:
        units = first_units(job, units, lambda one: ledgers_of(job, [one]))
    missing = stale_units(job, units)
    rows = [
        {
            "stage": "polish",
            "shards": len(units),
            "state": "up to date"
            if not missing
            else "new"
            if len(missing) == len(units)
            else "stale",
            "why": ", ".join(f"{unit.name} ({unit.inputs[0].key})" for unit in missing[:5]),
        }
    ]
    if missing:
        after = "follows polish"
        later = ["group"] * (recipe.dedup is not None) + ["tokenize", "judge", "release"]
        return rows + [
            {"stage": stage, "shards": 0, "state": "stale", "why": after} for stage in later
        ]
    names = [
        name for unit in units for name in (ledger.read(job, unit) or {"shards": []})["shards"]
    ]
    if recipe.dedup is not None:
        fresh = _group_is_fresh(job, names, ledger.group_fingerprint(job, names))
        rows.append(
            {
                "stage": "group",
                "shards": len(names),
                "state": "up to date" if fresh else "stale",
                "why": "",
            }
        )
    done = read_run(out / "release")
    changes = _changes(recipe, done)
    fresh = (
        done is not None
        and not changes
        and done.get("fingerprint") == ledger.release_fingerprint(job, units, names)
    )
    state = "up to date" if fresh else "new" if done is None else "stale"
    why = "; ".join(changes)
    return rows + [
        {"stage": stage, "shards": len(names), "state": state, "why": why}
        for stage in ("judge", "release")
    ]


def _changes(recipe: Recipe, done: dict[str, Any] | None) -> list[str]:
    """Which limits differ from those of the release that is there."""
    if done is None:
        return []
    old = done["recipe_resolved"].get("limits", {})
    new = recipe.model_dump(mode="json", exclude_none=True)["limits"]
    return [
        f"limit {name} {_short(old.get(name))} → {_short(new.get(name))}"
        for name in dict.fromkeys([*new, *old])
        if old.get(name) != new.get(name)
    ]


def _short(limit: dict[str, Any] | None) -> str:
    return "–" if limit is None else " ".join(f"{key} {value}" for key, value in limit.items())
