"""Preview: what a run would do, and why, without doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seimai.pipeline.engine.judging.duplicates import group_is_fresh
from seimai.pipeline.engine.planning import fingerprints
from seimai.pipeline.engine.planning.content import REREAD
from seimai.pipeline.engine.planning.news import NAMED, compare
from seimai.pipeline.engine.planning.plan import find_plan, load_plan
from seimai.pipeline.engine.prepare import first_splits, ledgers_of, stale_splits
from seimai.pipeline.engine.publishing.counting import check_tokenizer
from seimai.pipeline.engine.publishing.published import read_run
from seimai.pipeline.engine.run import folder_of
from seimai.pipeline.job import Job
from seimai.pipeline.report.funnel import combined_limits, combined_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from seimai.pipeline.engine.planning.news import News
    from seimai.pipeline.engine.planning.plan import Split
    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.run_record import RunRecord


def preview(
    recipe: Recipe,
    out: Path,
    *,
    limit: int | None = None,
    filters: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """
    What `run` would do, per stage: how many shards or splits, their `state` and `why`.

    Nothing is written. `state` is "up to date", "stale" or "new". The first row has `news` as well:
    how many inputs are new, changed, gone and the same since the last run, and the first of them.
    """
    out = folder_of(out, limit)
    job = Job(recipe, out, tuple(filters), limit)
    check_tokenizer(job)
    known = load_plan(out)
    plan = find_plan(job, known)
    splits = plan.splits
    news = compare(plan, known, [source.name for source in recipe.source])
    if limit is not None:
        splits = first_splits(job, splits, lambda one: ledgers_of(job, [one]))
    missing = [
        split for split in splits if REREAD in split.digests or split in stale_splits(job, [split])
    ]
    first = {**_prepare_row(splits, missing), "news": _news_row(news)}
    if missing:
        later = ["group"] * (recipe.dedup is not None) + ["tokenize", "judge", "release"]
        return [first, *(_row(stage, 0, "stale", "follows prepare") for stage in later)]
    ledgers = ledgers_of(job, splits)
    names = [name for one in ledgers for name in one["shards"]]
    quarantine = [name for one in ledgers for name in one["quarantine"]]
    rows = [first]
    if recipe.dedup is not None:
        fresh = group_is_fresh(job, names, fingerprints.group_fingerprint(job, names))
        rows.append(_row("group", len(names), "up to date" if fresh else "stale"))
    done = read_run(out / "release")
    changes = _changes(recipe, done)
    fresh = (
        done is not None
        and not changes
        and done.get("fingerprint")
        == fingerprints.release_fingerprint(job, splits, names, quarantine)
    )
    state = "up to date" if fresh else "new" if done is None else "stale"
    why = "; ".join(changes)
    return [*rows, *(_row(stage, len(names), state, why) for stage in ("judge", "release"))]


def _row(stage: str, shards: int, state: str, why: str = "") -> dict[str, Any]:
    """One row of the plan: what is to be done in a stage, and why."""
    return {"stage": stage, "shards": shards, "state": state, "why": why}


def _prepare_row(splits: Sequence[Split], missing: Sequence[Split]) -> dict[str, Any]:
    """The first stage: how many splits there are, and the first of those that are missing."""
    state = "up to date" if not missing else "new" if len(missing) == len(splits) else "stale"
    why = ", ".join(f"{split.name} ({split.inputs[0].key})" for split in missing[:5])
    return _row("prepare", len(splits), state, why)


def _news_row(news: News) -> dict[str, Any]:
    """What came, changed and went since the last run: counts, and the first names of each."""
    return {
        "new": len(news.new),
        "changed": len(news.changed),
        "gone": len(news.gone),
        "same": news.same,
        "first": {
            "new": news.new[:NAMED],
            "changed": news.changed[:NAMED],
            "gone": news.gone[:NAMED],
        },
    }


def _changes(recipe: Recipe, done: RunRecord | None) -> list[str]:
    """Which limits differ from those of the release that is there."""
    if done is None:
        return []
    old = _by_reason(done["recipe_resolved"])
    new = _by_reason(recipe.model_dump(mode="json", exclude_none=True))
    return [
        f"limit {name} {_short(old.get(name))} → {_short(new.get(name))}"
        for name in dict.fromkeys([*new, *old])
        if old.get(name) != new.get(name)
    ]


def _by_reason(recipe: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """All limits of a recipe by the reason they give."""
    return {**recipe.get("limits", {}), **combined_limits(recipe)}


def _short(limit: dict[str, Any] | None) -> str:
    if limit is None:
        return "–"
    if "limits" in limit:
        return combined_text(limit).en
    return " ".join(f"{key} {value}" for key, value in limit.items())
