"""`dedup:` of a recipe: what a near duplicate is, and which text of a group of them stays."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, StrictFloat, StrictInt, StrictStr, field_validator, model_validator

from seimai.pipeline.recipe.limits import Count, Most, Part, Share, wrong

MOST_HASHES = 4096
"""More MinHash values per text than any published recipe uses (Swallow: 800) help nobody."""

LEAST_FOUND = 0.1
"""Rows and bands that find fewer of the pairs wanted are a slip, not a choice."""

KEEPS = ("longest", "earliest", "newest", "native")
"""What decides which text of a group of duplicates stays, beside a signal."""


class Contained(Part):
    """Texts that stand word for word in a longer one, however far apart their shingles are."""

    length: Annotated[StrictInt, Field(ge=40, le=10_000)] = 100
    """Passages of fewer characters, blanks left out, do not count."""
    share: Share = 0.95
    """How much of a text stands in one longer text."""
    then: Literal["report", "reject"] = "report"
    """Only say so, or reject it like a duplicate of the longer one."""


class Passages(Part):
    """Runs of characters that several texts share, however different the texts are otherwise."""

    length: Annotated[StrictInt, Field(ge=40, le=10_000)] = 100
    """Passages of fewer characters, blanks included, do not count."""
    then: Literal["report", "cut"] = "report"
    """Only say how many there are, or release each in one text only."""


class Dedup(Part):
    """How near duplicates are found and which text of a group stays."""

    unit: Literal["char", "word"] = "char"
    n: Annotated[StrictInt, Field(ge=1, le=100)] = 5
    rows: Count = 8
    bands: Count = 16
    similarity: Annotated[StrictFloat, Field(gt=0, le=1)] = 0.8
    keep: StrictStr | list[StrictStr] = "longest"
    """`longest`, `earliest`, `newest`, `native` (office documents before their PDFs), or `best
    SIGNAL`: the largest number of that signal. Of a list each one settles what those before it
    leave open."""
    seed: Annotated[StrictInt, Field(ge=0, lt=2**32)] = 1
    numbers: Literal["ignore", "distinct"] = "ignore"
    """`distinct`: two texts of which each names a number that the other has not are no duplicates,
    however much else they share."""
    against: StrictStr | None = None
    """The folder or address of an index (`seimai index`): texts whose twin is in an earlier release
    go."""
    contained: Contained | None = None
    """Look for texts that stand in a longer one."""
    passages: Passages | None = None
    """Look for passages that several texts share, after everything else."""
    loss_share: Most | None = None
    """Duplicates may take no larger share of all texts: a run that would is not published."""
    source_loss_share: Most | None = None
    """Duplicates may take no larger share of the texts of any single source either."""

    @property
    def keeps(self) -> tuple[str, ...]:
        """What decides which text stays, the first one first."""
        return (self.keep,) if isinstance(self.keep, str) else tuple(self.keep)

    @property
    def keep_signal(self) -> str | None:
        """The signal whose best text stays, where `keep` names one."""
        named = [name.partition(" ")[2].strip() for name in self.keeps if name.startswith("best ")]
        return named[0] if named else None

    @property
    def found_share(self) -> float:
        """The share of the pairs exactly as similar as `similarity` that become candidates."""
        return float(1 - (1 - self.similarity**self.rows) ** self.bands)

    @field_validator("keep")
    @classmethod
    def _known_keep(cls, keep: str | list[str]) -> str | list[str]:
        names = [keep] if isinstance(keep, str) else keep
        for name in names:
            if name not in KEEPS and not re.fullmatch(r"best +\S+", name):
                raise wrong("R026", got=name)
        if not names or sum(name.startswith("best ") for name in names) > 1:
            raise wrong("R026", got=", ".join(names))
        return keep

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        hashes = self.rows * self.bands
        if hashes > MOST_HASHES:
            raise wrong("R029", hashes=hashes, most=MOST_HASHES, at="rows")
        if self.found_share < LEAST_FOUND:
            share = round(100 * self.found_share, 1)
            raise wrong(
                "R025",
                rows=self.rows,
                bands=self.bands,
                share=share,
                similarity=self.similarity,
                at="rows",
            )
        return self
