"""
What a mix may hold: how much, drawn from what, and within which limits.

A file of its own beside recipes, read as they are: nothing unknown allowed, every mistake with
its line. `where` speaks as the limits of a recipe do.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from seimai.pipeline.errors import Place, Problem, Problems
from seimai.pipeline.recipe.faults import problem_of
from seimai.pipeline.recipe.limits import Limit, Number, Part, Share, wrong
from seimai.pipeline.recipe.places import MOST_BYTES, read_places
from seimai.pipeline.stages.buckets import PREFIX

ALL = 0
"""The budget of a mix that takes everything its draws ask for."""

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_AMOUNT = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)\s*([KMBT]?)", re.IGNORECASE)
_POINT = re.compile(r"p(100|[0-9]{1,2}(?:\.[0-9]{1,4})?)")


def tokens_of(amount: Any) -> int:
    """
    A number of tokens from `300B`, `1.5M` or a plain number; `all` is 0.

    >>> tokens_of("300B"), tokens_of("1.5M"), tokens_of(4096), tokens_of("all")
    (300000000000, 1500000, 4096, 0)
    """
    if amount == "all":
        return ALL
    if isinstance(amount, int) and not isinstance(amount, bool) and amount > 0:
        return amount
    match = _AMOUNT.fullmatch(amount.strip()) if isinstance(amount, str) else None
    number = round(float(match[1].replace("_", "")) * _UNITS[match[2].upper()]) if match else 0
    if number <= 0:
        raise wrong("R180", got=str(amount))
    return number


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Positive = Annotated[Number, Field(gt=0)]
Names = Annotated[tuple[StrictStr, ...], BeforeValidator(_listed)]


class Whole(Part):
    """The section `mix` of a mix file: what is asked of the mix as a whole."""

    tokens: Annotated[int, BeforeValidator(tokens_of)]
    seed: StrictInt = 0
    tokenizer: StrictStr | None = None
    """For draws from a `release`; draws from `tokens` were made with one already."""
    eod: StrictStr | None = None
    window: Annotated[StrictInt, Field(ge=1)] = 8192
    """Tokens that a model sees at once: copies of a text have to be farther apart."""


class Curve(Part):
    """
    How often a text is drawn: by where it stands among the tokens, sorted by a column of numbers.

    By a bucket, or another column of words, each word says how often its texts are drawn; texts
    of a word that is not named are not.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    by: StrictStr

    @property
    def is_of_parts(self) -> bool:
        """Whether it names the parts of a bucket, or sources, and not percentiles."""
        return self.by == "source" or self.by.startswith(PREFIX)

    @property
    def times(self) -> dict[str, float]:
        """For each word of the column how often its texts are drawn."""
        return {name: float(value) for name, value in (self.model_extra or {}).items()}

    @property
    def points(self) -> list[tuple[float, float]]:
        """Percentiles (0 to 1) and how often, rising."""
        found = self.model_extra or {}
        return sorted((float(name[1:]) / 100, float(value)) for name, value in found.items())

    @model_validator(mode="after")
    def _points(self) -> Self:
        found = self.model_extra or {}
        for name, value in found.items():
            number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
            if not number or not (self.is_of_parts or _POINT.fullmatch(name)):
                raise wrong("R181", name=name, got=str(value), at=name)
        if not found:
            raise wrong("R181", name="p50", got="–")
        return self


class Draw(Part):
    """What is drawn from one release, or from the tokens of one."""

    release: StrictStr | None = None
    tokens: StrictStr | None = None
    name: StrictStr | None = None
    sources: Names = ()
    where: dict[StrictStr, Limit] = Field(default_factory=dict)
    parts: dict[StrictStr, Names] = Field(default_factory=dict)
    """Parts of buckets, or words of another column: only texts of these."""
    repeats: Positive | None = None
    weight: Annotated[Share, Field(gt=0)] | None = None
    take: Annotated[int, BeforeValidator(tokens_of), Field(ge=1)] | None = None
    """How many tokens are drawn."""
    weight_by: StrictStr | None = None
    curve: Curve | None = None

    @property
    def label(self) -> str:
        """The name in the mix file, else that of its folder."""
        return self.name or Path(self.release or self.tokens or "").name

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.release is None) == (self.tokens is None):
            raise wrong("R182")
        said = [key for key in ("repeats", "weight", "take") if getattr(self, key) is not None]
        if len(said) > 1:
            raise wrong("R183", one=said[0], other=said[1], at=said[1])
        return self


class Most(Part):
    """A highest number."""

    max: Positive


class MixLimits(Part):
    """The section `limits` of a mix file: what the whole mix has to keep to."""

    epochs: Most | None = None
    """How often one text may come at most."""
    source_share: Most | None = None
    """The largest share of the tokens that one source may have."""


class Mix(Part):
    """A mix file, checked."""

    mix: Whole
    draw: Annotated[tuple[Draw, ...], Field(min_length=1)]
    limits: MixLimits = MixLimits()
    write: Literal["blend", "single", "texts", "plan"] = "blend"

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        labels = [one.label for one in self.draw]
        for k, label in enumerate(labels):
            if label in labels[:k] or not re.fullmatch(r"[\w.-]+", label):
                raise wrong("R184", name=label)
        if sum(one.weight or 0 for one in self.draw) > 1 + 1e-9:
            raise wrong("R185", share=f"{sum(one.weight or 0 for one in self.draw):g}")
        return self


def load_mix(path: Path) -> Mix:
    """The mix in a YAML file; all mistakes are raised as `Problems`."""
    try:
        data = path.read_bytes()[: MOST_BYTES + 1]
        text = data.decode("utf-8-sig")
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise Problems([Problem("R006", Place(str(path)), path=str(path), cause=cause)]) from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Problems([Problem("R019", Place(str(path), line))]) from error
    written = read_places(text, str(path))
    if written.problems:
        raise Problems(written.problems)
    if not isinstance(written.data, dict):
        raise Problems([Problem("R027", written.value(()))])
    try:
        return Mix.model_validate(written.data)
    except ValidationError as error:
        raise Problems(
            [problem_of(fault, written, Mix) for fault in error.errors(include_url=False)]
        ) from None
