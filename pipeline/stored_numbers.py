"""Stored numbers: the signals of a shard that every text has, from the stage files they are in."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from seimai.pipeline import across, shard

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.signal import Signal


def read_numbers(job: Job, name: str, columns: Sequence[str]) -> pa.Table:
    """
    Some columns of the numbers of a shard, in this order; words have a file of their own.

    What was counted over the whole run lies in `stages/across`, all else in `stages/signals`.
    """
    elsewhere = [one for one in columns if is_of_run(job, one)]
    own = [one for one in columns if one not in elsewhere]
    if not elsewhere:
        return shard.read_table(job.path("signals", name), own)
    table = shard.read_table(job.path(across.STAGE, name), elsewhere)
    if own:
        beside = shard.read_table(job.path("signals", name), own)
        for one in own:
            table = table.append_column(one, beside.column(one))
    return table.select(list(columns))


def is_of_run(job: Job, name: str) -> bool:
    """Whether a signal is counted over the whole run; other columns are none."""
    return name in job.signals and job.signals[name].needs == "run"


def read_shared(job: Job) -> across.Shared:
    """The sentences and skeletons that several texts of a run have."""
    table = shard.read_table(job.path(across.STAGE, across.SHARED))
    blanked = table["blanked"].to_numpy(zero_copy_only=False).astype(bool)
    hashes, texts = table["hash"].to_numpy(), table["texts"].to_numpy()
    return across.Shared(hashes[~blanked], texts[~blanked], hashes[blanked], texts[blanked])


def without_run(recipe: Recipe) -> Recipe:
    """
    The recipe without the limits that need the other texts of a run, for one text alone.

    Its words are asked as if it had nothing in common with others.
    """
    if recipe.across is None:
        return recipe
    of_run = {k for k, one in across.signals_of(recipe.across).items() if one.needs == "run"}
    words = {k: one for k, one in recipe.tokens.where.items() if k not in of_run}
    return recipe.model_copy(
        update={
            "limits": {k: one for k, one in recipe.limits.items() if k not in of_run},
            "together": tuple(
                one for one in recipe.together if not of_run.intersection(one.signals)
            ),
            "tokens": recipe.tokens.model_copy(update={"where": words}),
        }
    )


def with_places(job: Job) -> dict[str, Signal]:
    """The signals of a job; those of the whole run say where a text has what others have."""
    if job.recipe.across is None:
        return job.signals
    shared: list[across.Shared] = []

    def spans(name: str, text: str) -> list[tuple[int, int]]:
        shared.extend([] if shared else [read_shared(job)])
        return across.places(name, text, shared[0])

    found = {
        name: replace(signal, where=partial(spans, name))
        for name, signal in job.signals.items()
        if signal.needs == "run"
    }
    return {**job.signals, **found}
