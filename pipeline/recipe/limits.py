"""
Limits, as a recipe has them: single ones, combined ones, and what both are made of.

What every part of a recipe shares (frozen, nothing unknown allowed, our codes) is here as well,
below `model`.
"""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    StrictStr,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from seimai.pipeline.messages import MESSAGES
from seimai.pipeline.run_record import COMBINED

_Bounded = TypeVar("_Bounded")


def wrong(code: str, **values: Any) -> PydanticCustomError:
    """An error of pydantic that carries one of our codes and the values of its sentence."""
    # Pydantic fills placeholders itself, but knows no format specs: fill them here.
    text = MESSAGES[code].en.format(**values).replace("{", "(").replace("}", ")")
    return PydanticCustomError(code, text, values)


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise wrong("R031", got=str(number))
    return number


Number = Annotated[StrictFloat, AfterValidator(_finite)]
Share = Annotated[StrictFloat, Field(ge=0, le=1)]
Count = Annotated[StrictInt, Field(ge=1)]


class Part(BaseModel):
    """Part of a recipe: it cannot be changed, and holds only the keys that it names."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class Most(Part):
    """A largest share that is allowed."""

    max: Share


class Bounds(Part):
    """A lowest and a highest number, both allowed themselves."""

    min: Share | None = None
    max: Share | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        return _ordered(self, self.min, self.max)


class Limit(Part):
    """What a signal has to keep to. `empty` says what it means that there is nothing to measure."""

    min: Number | None = None
    max: Number | None = None
    empty: Literal["reject", "keep"] = "reject"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        return _ordered(self, self.min, self.max)


class PartLimit(Limit):
    """A limit inside of a combined one: nothing to measure is no failure unless it says so."""

    empty: Literal["reject", "keep"] = "keep"


class Together(Part):
    """
    A combined limit: rejects where `fail` of its limits fail, asked only where `where` holds.

    It says what no single limit can: two weak hints together, or a limit for some texts only.
    """

    name: StrictStr
    fail: Count | None = None
    """How many of its limits have to fail to reject a text; all where it is left out."""
    where: dict[StrictStr, Limit] = Field(default_factory=dict)
    """It is asked of texts that keep to all of these; nothing to measure does not keep to one."""
    limits: dict[StrictStr, PartLimit]

    @property
    def reason(self) -> str:
        """The name of its reason in a release: `together.NAME`."""
        return f"{COMBINED}.{self.name}"

    @property
    def least(self) -> int:
        """How many of its limits have to fail."""
        return len(self.limits) if self.fail is None else self.fail

    @property
    def signals(self) -> tuple[str, ...]:
        """All signals it looks at, each once."""
        return tuple(dict.fromkeys([*self.where, *self.limits]))

    @field_validator("name")
    @classmethod
    def _word(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,59}", name):
            raise wrong("R042", got=name)
        return name

    @model_validator(mode="after")
    def _can_fail(self) -> Self:
        if not self.limits:
            raise wrong("R040", name=self.name, at="limits")
        if self.least > len(self.limits):
            raise wrong("R041", name=self.name, fail=self.least, count=len(self.limits), at="fail")
        return self


def _ordered(part: _Bounded, low: float | None, high: float | None) -> _Bounded:
    if low is None and high is None:
        raise wrong("R008")
    if low is not None and high is not None and low > high:
        raise wrong("R007", min=low, max=high, at="min")
    return part
