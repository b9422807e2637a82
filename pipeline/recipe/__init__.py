"""
Recipes: the limits, and everything else that a run needs to know.

`model` says what a recipe may hold, with a module for each larger section (`source`, `limits`,
`dedup`, `buckets`, `admission`, `expect`). `places` remembers where in the file each key stands,
`read` brings both together and reports every mistake at once, `packaged` finds the recipes that
come with Seimai by their names.
"""

from __future__ import annotations

from seimai.pipeline.recipe.dedup import Dedup
from seimai.pipeline.recipe.expect import Drift, Expect
from seimai.pipeline.recipe.limits import Bounds, Limit, PartLimit, Together
from seimai.pipeline.recipe.model import About, Recipe, Release, ReportOptions, TokensOptions
from seimai.pipeline.recipe.packaged import headline, locate, shipped, shipped_names, to_copy
from seimai.pipeline.recipe.read import load_recipe, parse_recipe, with_sources
from seimai.pipeline.recipe.source import Source

__all__ = [
    "About",
    "Bounds",
    "Dedup",
    "Drift",
    "Expect",
    "Limit",
    "PartLimit",
    "Recipe",
    "Release",
    "ReportOptions",
    "Source",
    "Together",
    "TokensOptions",
    "headline",
    "load_recipe",
    "locate",
    "parse_recipe",
    "shipped",
    "shipped_names",
    "to_copy",
    "with_sources",
]
