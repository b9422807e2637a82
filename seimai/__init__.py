"""
Seimai from Python: measure, clean and judge Japanese texts in a notebook or another pipeline.

The names are those of `__all__`, explained in README.md beside it with examples; everything else
may change between versions. Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seimai.filters.personal import find as find_personal
    from seimai.pipeline.api import (
        clean,
        judge,
        judging,
        load_recipe,
        measure,
        near_duplicates,
        read,
    )
    from seimai.pipeline.decode import decode
    from seimai.pipeline.errors import Problem, Problems

_HOMES = {
    "Problem": "seimai.pipeline.errors",
    "Problems": "seimai.pipeline.errors",
    "clean": "seimai.pipeline.api",
    "decode": "seimai.pipeline.decode",
    "find_personal": "seimai.filters.personal",
    "judge": "seimai.pipeline.api",
    "judging": "seimai.pipeline.api",
    "load_recipe": "seimai.pipeline.api",
    "measure": "seimai.pipeline.api",
    "near_duplicates": "seimai.pipeline.api",
    "read": "seimai.pipeline.api",
}
"""Where each public name lives; it is imported at its first use."""

_NAMED_THERE = {"find_personal": "find"}

__all__ = [
    "Problem",
    "Problems",
    "clean",
    "decode",
    "find_personal",
    "judge",
    "judging",
    "load_recipe",
    "measure",
    "near_duplicates",
    "read",
]


def __getattr__(name: str) -> Any:
    """The public name, from the module that holds it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'seimai' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), _NAMED_THERE.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """What tab completion offers."""
    return [*__all__, "__version__"]
