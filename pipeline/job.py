"""
A job: one run as every stage needs to know it.

It says which recipe, which filters, and where in the output folder the file of a shard is; what
is done, and by whom, is for `engine/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.cleaner import Cleaner, load_cleaners
from seimai.pipeline.signal import Signal, load_only

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seimai.pipeline.recipe import Recipe


@dataclass(frozen=True)
class Job:
    """One run: a recipe, where its output goes, and the user's own filters."""

    recipe: Recipe
    out: Path
    filters: tuple[str, ...] = ()
    max_records: int | None = None
    """At most this many texts are read from each source."""

    @cached_property
    def signals(self) -> dict[str, Signal]:
        """All signals: ours, plugins', and those that the recipe defines."""
        known = load_only(self.filters)
        recipe = self.recipe
        if recipe.models:
            from seimai.pipeline.learn.columns import with_models

            known = with_models(known, recipe.models)
        if recipe.contamination:
            from seimai.pipeline import contamination

            known = {**known, **contamination.signals_of(recipe.contamination)}
        if recipe.lists or recipe.optout or recipe.licenses:
            from seimai.pipeline import provenance

            known = {**known, **provenance.signals_of(recipe)}
        if recipe.across is not None:
            from seimai.pipeline import across

            known = {**known, **across.signals_of(recipe.across)}
        return dict(sorted(known.items()))

    @cached_property
    def cleaners(self) -> tuple[Cleaner, ...]:
        """The cleaners of the recipe, in its order."""
        self.signals  # noqa: B018 - loading the filters registers the cleaners as well
        return load_cleaners(self.recipe.cleaners)

    def path(self, stage: str, name: str) -> Path:
        """Where the file of a shard in a stage is."""
        return Path(f"{self._stages}/{stage}/{name}.parquet")

    @cached_property
    def _stages(self) -> str:
        # Asked for thousands of times: joining paths part by part takes four times as long.
        return str(self.out / "stages")

    def paths(self, stage: str, names: Iterable[str]) -> list[Path]:
        """The files of several shards in a stage."""
        return [self.path(stage, name) for name in names]
