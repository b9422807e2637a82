"""`across:` of a recipe: what a text has in common with other texts of the run, as signals."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from seimai.pipeline.recipe.limits import Part


class Across(Part):
    """Counts sentences over the whole run, for `across.template_share` and its sister."""

    texts: Annotated[StrictInt, Field(ge=1, le=1_000_000)] = 5
    """A sentence counts where at least so many other texts have it."""
