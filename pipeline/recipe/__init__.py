"""
Recipes: the limits, and everything else that a run needs to know.

`model` says what a recipe may hold and `limits` what a limit is, `places` remembers where in the
file each of it stands, `read` brings both together and reports every mistake at once, `shipped`
finds our own by name.
"""

from __future__ import annotations

from seimai.pipeline.recipe.limits import Bounds, Limit, PartLimit, Together
from seimai.pipeline.recipe.model import (
    About,
    Dedup,
    Drift,
    Expect,
    Recipe,
    Release,
    ReportOptions,
    Source,
    TokensOptions,
)
from seimai.pipeline.recipe.packaged import headline, locate, shipped, shipped_names, to_copy
from seimai.pipeline.recipe.read import load_recipe, parse_recipe, with_sources

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
