"""`run` and `check`: read a recipe, run it, and tell what became of the texts."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seimai.pipeline.cli.outcome import changed_lines, expected_lines, outcome, summary
from seimai.pipeline.cli.output import complain, say, say_json
from seimai.pipeline.cli.terminal import columns, listener
from seimai.pipeline.engine.progress import stage_name
from seimai.pipeline.errors import Place, Problem, Problems
from seimai.pipeline.messages import sentence
from seimai.pipeline.recipe import Drift
from seimai.pipeline.report.drift import drift
from seimai.pipeline.report.funnel import expectations
from seimai.pipeline.report.metrics import write_metrics
from seimai.pipeline.report.notices import given_up, packages_missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.engine.publishing.remote_release import Published
    from seimai.pipeline.engine.workers.crews import CrewName
    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.report.funnel import Check
    from seimai.pipeline.run_record import RunRecord
    from seimai.pipeline.storage import Storage


def read_recipe(path: Path, filters: Sequence[str], *, files: bool) -> Recipe:
    """The recipe of a command, all its names checked; mistakes are raised together."""
    from seimai.pipeline.recipe import load_recipe, locate

    if not locate(path).is_file():
        return load_recipe(path)  # says what is wrong without loading any filter
    from seimai.pipeline.cleaner import known_cleaners
    from seimai.pipeline.signal import load

    return load_recipe(path, signals=load(filters), cleaners=known_cleaners(), files=files)


def ready(
    path: Path,
    source: Sequence[str],
    out: Path | None,
    filters: Sequence[str],
) -> tuple[Recipe, Path]:
    """The recipe with the sources of the command line, and where its output goes."""
    from seimai.pipeline.recipe import with_sources
    from seimai.pipeline.recipe.read import missing_source

    missing = [fault for pattern in source if (fault := missing_source(pattern))]
    if missing:
        raise Problems(missing)
    recipe = with_sources(read_recipe(path, filters, files=not source), source)
    if not recipe.source:
        raise Problem("R035", Place(str(path)))
    return recipe, out or Path("out") / recipe.recipe


def check_recipe(path: Path, filters: Sequence[str], junit: Path | None, manner: Manner) -> int:
    """`seimai check`."""
    recipe = read_recipe(path, filters, files=True)
    if manner.github or junit:
        from seimai.pipeline.cli import ci

        fine = ci.Result(recipe.recipe, ok=True, message="")
        ci.deliver(f"seimai check {path}", "check", [fine], github=manner.github, junit=junit)
    if manner.json:
        counts = {"limits": len(recipe.limits), "together": len(recipe.together)}
        say_json({"problems": [], "recipe": recipe.recipe, **counts})
    elif not manner.quiet:
        limits = str(len(recipe.limits))
        if recipe.together:
            both = {"count": limits, "together": len(recipe.together)}
            limits = sentence("check.combined", **both)
        say(sentence("check.fine", path=path, limits=limits, sources=len(recipe.source)))
    return 0


def plan_recipe(
    path: Path,
    *,
    source: Sequence[str],
    out: Path | None,
    limit: int | None,
    filters: Sequence[str],
    manner: Manner,
) -> int:
    """`seimai run --plan`: what would be done, and why."""
    from seimai.pipeline.engine.preview import preview

    recipe, folder = ready(path, source, out, filters)
    rows = preview(recipe, folder, limit=limit, filters=tuple(filters))
    if manner.json:
        say_json({"out": str(folder), "plan": rows})
        return 0
    table = [
        (
            f"  {stage_name(row['stage'])}",
            _shards(row["shards"]),
            sentence(f"plan.{row['state'].replace(' ', '_')}"),
            str(row.get("why") or ""),
        )
        for row in rows
    ]
    fresh = all(row["state"] == "up to date" for row in rows)
    end = sentence("plan.nothing" if fresh else "plan.end")
    say([*_news(rows[0]["news"]), *columns(table, frozenset({1})), end])
    return 0


def _news(news: Mapping[str, Any]) -> list[str]:
    """What came, changed and went since the last run, with the first names of each."""
    counts = {kind: f"{news[kind]:,}" for kind in ("new", "changed", "gone", "same")}
    lines = [f"  {sentence('plan.news', **counts)}"]
    for kind in ("new", "changed", "gone"):
        named = news["first"][kind]
        more = " …" if news[kind] > len(named) else ""
        if named and news["same"] + news["changed"]:
            lines.append(f"    {sentence(f'plan.news_{kind}')}: {', '.join(named)}{more}")
    return lines


def _shards(count: int) -> str:
    if not count:
        return ""
    return sentence("unit.shards.one" if count == 1 else "unit.shards", count=f"{count:,}")


@dataclass(frozen=True)
class Wanted:
    """What `seimai run` is asked for: its options, but for those that every command has."""

    recipe: Path
    source: Sequence[str] = ()
    out: Path | None = None
    address: str | None = None
    """Where the release is published to; a trial never is."""
    workers: int | None = None
    limit: int | None = None
    filters: Sequence[str] = ()
    accept: bool = False
    recheck: bool = False
    previous: int | None = None
    """How many earlier releases are kept; None where the recipe says it."""
    baseline: Path | None = None
    junit: Path | None = None
    metrics: Path | None = None
    crew: CrewName | None = None
    site: Path | None = None

    @property
    def is_usual(self) -> bool:
        """Whether the next call without options would make the same release."""
        return not (self.limit or self.filters or self.address) and self.previous is None


def run_recipe(wanted: Wanted, manner: Manner) -> int:
    """`seimai run`: run a recipe and print the funnel; gives the exit code."""
    from seimai.pipeline import slim_imports

    with slim_imports.long_lived_imports():
        from seimai.pipeline.engine import standing
        from seimai.pipeline.engine.publishing.concerns import needs_you
        from seimai.pipeline.engine.run import folder_of

        recipe, folder = ready(wanted.recipe, wanted.source, wanted.out, wanted.filters)
        slim_imports.load_pyarrow(with_pandas=recipe.reads_datasets)
    # It is read first: the run may take its place.
    earlier = read_baseline(wanted.baseline)
    before = standing.state_of(recipe) if wanted.is_usual else None
    begun = time.monotonic()
    result, published = _carry_out(wanted, recipe, folder, manner)
    checks = expectations(recipe.expect, result)
    checks += drift(recipe.expect.drift or Drift(), earlier, result) if earlier else []
    odd = needs_you(result, accept=wanted.accept)
    found = _Found(result, checks, given_up(result), packages_missing(result), odd)
    _tell(found, folder_of(folder, wanted.limit), published, time.monotonic() - begun, manner)
    if manner.github or wanted.junit:
        from seimai.pipeline.cli.build_server import tell_server

        faults = [one for one in (found.gave_up, found.missing, odd) if one]
        told = (wanted.recipe, recipe, result, checks, faults)
        tell_server(*told, github=manner.github, junit=wanted.junit)
    if wanted.metrics:
        write_metrics(wanted.metrics, recipe.recipe, result, ok=found.ok)
    if wanted.is_usual and not wanted.baseline:
        asked = standing.Asked(wanted.recipe, tuple(wanted.source), folder)
        standing.note(asked, recipe, before, result, checks)
    return 0 if found.ok else 1


def _carry_out(
    wanted: Wanted, recipe: Recipe, folder: Path, manner: Manner
) -> tuple[RunRecord, Published | None]:
    """Run a recipe and publish its release; gives `run.json`, and where the release is now."""
    from seimai.pipeline.engine.publishing.remote_release import publish_release
    from seimai.pipeline.engine.run import run
    from seimai.pipeline.machine import processors
    from seimai.pipeline.storage import open_storage

    storage = None
    if wanted.address and wanted.limit is None:
        storage = open_storage(wanted.address)
        if not manner.quiet:
            _warn_of_empty_work(folder, storage, wanted.address)
    open_executor = None
    if wanted.crew or wanted.site:
        from seimai.pipeline.engine.workers.crews import open_crew

        open_executor = open_crew(wanted.crew, wanted.site)
    try:
        result = run(
            recipe,
            folder,
            workers=wanted.workers or processors(),
            limit=wanted.limit,
            filters=tuple(wanted.filters),
            progress=listener(quiet=manner.quiet or manner.json),
            accept=wanted.accept,
            recheck=wanted.recheck,
            previous=wanted.previous,
            open_executor=open_executor,
        )
        if storage is None:
            return result, None
        keep = recipe.release.previous if wanted.previous is None else wanted.previous
        published, _ = publish_release(folder, storage, keep, accept=wanted.accept)
    except (Problem, Problems):
        if wanted.metrics:
            write_metrics(wanted.metrics, recipe.recipe, None, ok=False)
        raise
    return result, published


def _warn_of_empty_work(folder: Path, storage: Storage, address: str | None) -> None:
    """Say that all is read again, where an output folder is empty and its release is elsewhere."""
    from seimai.pipeline.engine.publishing.remote_release import read_pointer

    if (folder / "release").exists():
        return
    latest, _ = read_pointer(storage)
    if latest:
        values = {"work": folder, "place": address, "release": latest.release}
        complain(sentence("run.empty_work", **values))


@dataclass(frozen=True)
class _Found:
    """What came of a run, and what is wrong with it."""

    result: RunRecord
    checks: list[Check]
    gave_up: Problem | None
    """A warning: some readers did not reach the end of their inputs."""
    missing: Problem | None
    """A warning: some inputs need packages that are not installed."""
    odd: Problem | None
    """What a person has to look at before the next run, if there is anything."""

    @property
    def as_expected(self) -> bool:
        """Whether everything was read, and the checks of the recipe hold."""
        return all(check.ok for check in self.checks) and not self.gave_up and not self.missing

    @property
    def ok(self) -> bool:
        """Whether nobody has to do anything; then the exit code is 0."""
        return self.as_expected and not self.odd


def _tell(
    found: _Found, folder: Path, published: Published | None, seconds: float, manner: Manner
) -> None:
    """Print the funnel, or as JSON all of it; faults go to standard error."""
    from seimai.pipeline.cli.publishing import published_line
    from seimai.pipeline.stages.changes import read as read_changes

    if manner.json:
        problems = [one.as_dict() for one in (found.missing, found.odd) if one]
        told = {**outcome(found.result, found.checks), "changes": read_changes(folder)}
        there = {"published": asdict(published)} if published else {}
        say_json({"out": str(folder), **told, **there, "problems": problems})
    elif not manner.quiet:
        say(summary(found.result, found.checks, folder, seconds))
        if published:
            say(f"  {published_line(published)}")
    elif found.checks and not found.as_expected:
        say(expected_lines(found.checks))
    for fault in (found.gave_up, found.missing, None if manner.json else found.odd):
        if fault:
            complain(str(fault))


def read_baseline(path: Path | None) -> RunRecord | None:
    """The `run.json` that a run is held against."""
    if path is None:
        return None
    from seimai.pipeline.inspect.released import find_released

    return find_released(path).run


def roll_back(out: Path, manner: Manner) -> int:
    """`seimai rollback OUT`."""
    from seimai.pipeline.engine.publishing.rollback import rollback
    from seimai.pipeline.stages import changes, previous

    now, before = rollback(out)
    if manner.json:
        counts = {"kept": now["counts"]["kept"], "was": before["counts"]["kept"]}
        say_json({"out": str(out), **counts, "changes": changes.read(out)})
    elif not manner.quiet:
        kept, was = (f"{run['counts']['kept']:,}" for run in (now, before))
        folders = {"path": out / "release", "previous": previous.folder(out)}
        lines = [sentence("rollback.done", kept=kept, was=was, **folders), *changed_lines(out)]
        say([*(f"  {line.strip()}" for line in lines), sentence("rollback.again", out=out)])
    return 0
