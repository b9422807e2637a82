"""
How what was kept is told apart: buckets by a number or a source, and what is held out of training.

Neither changes a verdict. `stages/buckets.py` and `stages/placement.py` do what is said here.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictInt, StrictStr, model_validator

from seimai.pipeline.recipe.limits import Number, Part, Share, wrong

SOURCE = "source"
"""What a bucket can be made by, beside signals."""

UNKNOWN, OTHER = "unknown", "other"
"""The buckets of texts with nothing to measure, and of those that no range or group has."""

MOST_QUANTILES = 100

WAYS = ("quantiles", "ranges", "groups", "highest")
"""The keys that say how a bucket is cut; each bucket has exactly one."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_BUCKET = re.compile(r"\w[\w.-]{0,39}")
"""What a bucket may be called: its name may become that of a folder."""


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[StrictStr, ...], BeforeValidator(_listed), Field(min_length=1)]


Quantiles = Annotated[StrictInt, Field(ge=2, le=MOST_QUANTILES)]


class Range(Part):
    """From a number to another, both included; an end that is left out is open."""

    min: Number | None = None
    max: Number | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min is None and self.max is None:
            raise wrong("R008")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise wrong("R007", min=self.min, max=self.max, at="min")
        return self


class Bucket(Part):
    """A column of the release that says in which part of a signal's numbers a text lies."""

    by: StrictStr | None = None
    """A signal, or `source`; nothing where `highest` names signals itself."""
    quantiles: Quantiles | dict[StrictStr, Share] | None = None
    """How many parts with equally many texts there are, `q01` the lowest; or names, each with the
    share of texts at which it ends: `{low: 0.4, middle: 0.9, high: 1}`."""
    ranges: dict[StrictStr, Range] = Field(default_factory=dict)
    """Names, each with its lowest and highest number; a text goes to the first that has its."""
    groups: dict[StrictStr, Names] = Field(default_factory=dict)
    """With `by: source`: names, each with its sources."""
    highest: dict[StrictStr, StrictStr] = Field(default_factory=dict)
    """Names, each with a signal, such as the score of a model: a text goes to the highest."""
    least: Number = 0.5
    """With `highest`: a text none of whose numbers reaches this is `unknown`."""
    cuts_from: StrictStr | None = None
    """An earlier release: its cut points are used, so that a bucket means the same in both."""

    @property
    def ends(self) -> tuple[tuple[str, float], ...]:
        """The names of quantiles and the share of texts at which each ends."""
        if isinstance(self.quantiles, int):
            digits = len(str(self.quantiles))
            return tuple(
                (f"q{k:0{digits}d}", k / self.quantiles) for k in range(1, self.quantiles + 1)
            )
        return tuple((self.quantiles or {}).items())

    @property
    def names(self) -> tuple[str, ...]:
        """All that the column may hold, the lowest first."""
        if self.groups:
            return (*self.groups, OTHER)
        if self.ranges:
            return (*self.ranges, OTHER, UNKNOWN)
        if self.highest:
            return (*self.highest, UNKNOWN)
        return (*(name for name, _ in self.ends), UNKNOWN)

    @property
    def signals(self) -> tuple[str, ...]:
        """Every signal that it asks; none where it is made by the source."""
        if self.highest:
            return tuple(self.highest.values())
        return () if self.by in (None, SOURCE) else (str(self.by),)

    @property
    def made_by(self) -> str:
        """The signals that decide its word, or `source`, for people."""
        return self.by or " · ".join(self.signals)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        said = [key for key in WAYS if getattr(self, key)]
        if len(said) != 1:
            raise wrong("R190", at=said[1] if said else "by")
        if ("highest" in said) != (self.by is None) or len(self.highest) == 1:
            raise wrong("R198", at=said[0])
        if ("groups" in said) != (self.by == SOURCE):
            raise wrong("R195", at=said[0])
        if self.cuts_from is not None and "quantiles" not in said:
            raise wrong("R196", at="cuts_from")
        ends = [end for _, end in self.ends]
        if ends and (ends != sorted(set(ends)) or ends[0] <= 0 or ends[-1] != 1):
            raise wrong("R192", at="quantiles")
        own = [name for name in self.names if name not in (OTHER, UNKNOWN)]
        for name in own:
            if not _BUCKET.fullmatch(name):
                raise wrong("R191", got=name, at=said[0])
        if len(own) + (2 if self.ranges else 1) != len(self.names):
            raise wrong("R191", got=f"{OTHER}, {UNKNOWN}", at=said[0])
        return self


class Splits(Part):
    """What is held out of training, by a hash: a text stays where it is when others come."""

    validation: Share = 0.0
    """The share of groups, not of texts or tokens."""
    test: Share = 0.0
    seed: StrictInt = 0
    by: Literal["duplicates", "site"] = "duplicates"
    """What never falls on two sides: texts that were found similar, or the pages of a host too."""

    @model_validator(mode="after")
    def _leave_some(self) -> Self:
        held = self.validation + self.test
        if not 0 < held < 1:
            raise wrong("R194", share=f"{held:g}", at="test" if self.test else "validation")
        return self


def check_names(buckets: dict[str, Bucket], folders: tuple[str, ...]) -> None:
    """Buckets are called by words, and folders are made of buckets that there are."""
    for name in buckets:
        if not _NAME.fullmatch(name):
            raise wrong("R193", name=name)
    for name in folders:
        if name not in buckets:
            raise wrong("R197", name=name, known=", ".join(buckets) or "–")
