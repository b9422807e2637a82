"""What a card says in both languages, as figures: limits with what they took, duplicates, dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from seimai.pipeline.report.funnel import DEDUP, combined_limits, combined_text, limit_text

if TYPE_CHECKING:
    from seimai.pipeline.run_record import ReasonCounts, RunRecord


def limited(content: RunRecord, language: Literal["en", "ja"]) -> list[tuple[ReasonCounts, str]]:
    """The reasons that are limits, combined ones too, each with what it allows, in words."""
    resolved = content["recipe_resolved"]
    allowed = {
        name: limit_text(limit.get("min"), limit.get("max"))
        for name, limit in resolved.get("limits", {}).items()
    }
    for reason, one in combined_limits(resolved).items():
        allowed[reason] = getattr(combined_text(one), language)
    return [(row, allowed[row["reason"]]) for row in content["reasons"] if row["reason"] in allowed]


def only_duplicates(content: RunRecord) -> int:
    """Texts that were left out for nothing else."""
    return next((row["first"] for row in content["reasons"] if row["reason"] == DEDUP), 0)


def collected(content: RunRecord) -> str:
    """When the texts were collected, as the recipe says it; empty where it does not."""
    said = content["about"].get("collected")
    if isinstance(said, Mapping):
        said = ", ".join(f"{key} {value}" for key, value in said.items())
    return str(said) if said else ""
