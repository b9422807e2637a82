"""
Recipes: the limits, and everything else that a run needs to know.

`model` says what a recipe may hold, `places` remembers where in the file each of it stands,
`read` brings both together and reports every mistake at once.
"""

from __future__ import annotations

from seimai.pipeline.recipe.model import (
    About,
    Bounds,
    Dedup,
    Expect,
    Limit,
    PartLimit,
    Recipe,
    Release,
    ReportOptions,
    Source,
    Together,
    TokensOptions,
)
from seimai.pipeline.recipe.read import load_recipe, parse_recipe, with_sources

__all__ = [
    "About",
    "Bounds",
    "Dedup",
    "Expect",
    "Limit",
    "PartLimit",
    "Recipe",
    "Release",
    "ReportOptions",
    "Source",
    "Together",
    "TokensOptions",
    "load_recipe",
    "parse_recipe",
    "with_sources",
]
