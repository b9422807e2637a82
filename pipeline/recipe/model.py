"""
What a recipe may hold: pydantic models, frozen, nothing unknown allowed.

The larger sections have modules of their own (`source`, `limits`, `dedup`, `buckets`, `admission`,
`expect`); here they become one `Recipe`, and what one section says of another is checked.

A recipe is also a parameter of the Prefect flow, so a plain dict validates as well. A mistake is a
`PydanticCustomError` whose `type` is a code of `messages`; `at` in its context is the key to point
at. Whether a signal or a cleaner exists is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, StrictBool, StrictInt, StrictStr, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from seimai.pipeline.recipe.across import Across
from seimai.pipeline.recipe.admission import Action, Benchmark, Licenses, UrlList, implied_limits
from seimai.pipeline.recipe.buckets import Bucket, Splits, check_names
from seimai.pipeline.recipe.dedup import Dedup
from seimai.pipeline.recipe.expect import Expect
from seimai.pipeline.recipe.limits import Limit, Part, Together, wrong
from seimai.pipeline.recipe.sizes import Size
from seimai.pipeline.recipe.source import Source

Personal = Literal[
    "EMAIL", "PHONE", "POSTAL_CODE", "ADDRESS", "MY_NUMBER", "CREDIT_CARD", "BANK_ACCOUNT",
    "DRIVER_LICENSE", "PASSPORT", "HEALTH_INSURANCE", "PENSION_NUMBER", "RESIDENCE_CARD",
    "BIRTH_DATE", "IP_ADDRESS", "PERSON_NAME",
]  # fmt: skip
"""Kinds of personal data; those of `filters/personal`, which a test compares."""


class About(Part):
    """What the dataset card says about the data; nothing here changes a verdict."""

    title: StrictStr | None = None
    description: StrictStr | None = None
    license: StrictStr | None = None
    license_link: StrictStr | None = None
    contact: StrictStr | None = None
    collected: StrictStr | dict[str, StrictStr | StrictInt] | None = None
    """Who collected it, from when to when: `{by: acme-bot/1.2, from: 2025-04, to: 2025-09}`."""
    personal_information: StrictStr | None = None


class TokensOptions(Part):
    """Which texts are asked for word signals, and how much of a long one is split into words."""

    max_chars: Annotated[StrictInt, Field(ge=100)] | None = None
    where: dict[StrictStr, Limit] = Field(default_factory=dict)
    """
    Words are asked of texts that keep to all of these; of every text where there are none. Limits
    that look at words let the others pass.
    """


class Release(Part):
    """How the result is written."""

    shard: Size = 500_000_000
    rejects: StrictBool = True
    previous: Annotated[StrictInt, Field(ge=0, le=9)] = 1
    """How many releases before this one are kept beside it, for `seimai rollback`; 0 where a text
    that the source has lost must be nowhere after the next run."""
    signals: tuple[StrictStr, ...] = ()
    """Signals whose numbers become columns of the release."""
    folders: tuple[StrictStr, ...] = ()
    """Buckets that become folders as well: `data/quality=q01/`."""
    tokenizer: StrictStr | None = None
    """A tokenizer by path, from the folder a run starts in: its tokens are counted."""


class ReportOptions(Part):
    """What the report shows; `samples: 0` for corpora that may not be shown."""

    samples: Annotated[StrictInt, Field(ge=0, le=1000)] = 8
    removed_lines: bool = False
    """
    Store the lines that cleaners take out, for the report and `explain` to show them struck
    through. They stay in the stages and are never released.
    """


class Recipe(Part):
    """A recipe, checked. Limits keep the order of the file: the first reason follows it."""

    recipe: StrictStr
    version: Annotated[StrictInt, Field(ge=1)] = 1
    about: About = About()
    source: tuple[Source, ...] = ()
    clean: tuple[StrictStr, ...] = ()
    personal: tuple[Personal, ...] = ()
    """Kinds that the cleaner `personal` masks; none named: all but PERSON_NAME."""
    models: dict[StrictStr, StrictStr] = Field(default_factory=dict)
    """Learned scores by path, from the folder a run starts in: `NAME: PATH` is `model.NAME`."""
    limits: dict[StrictStr, Limit] = Field(default_factory=dict)
    together: tuple[Together, ...] = ()
    """Combined limits, judged after the single ones."""
    contamination: tuple[Benchmark, ...] = ()
    """Benchmarks that are looked for in the texts."""
    lists: tuple[UrlList, ...] = ()
    """Lists of addresses, to block or to allow."""
    optout: Action | None = None
    """What becomes of texts whose site has refused training on them."""
    licenses: Licenses | None = None
    """Which licences texts may have."""
    dedup: Dedup | None = None
    across: Across | None = None
    """Signals of what a text has in common with others of the run."""
    tokens: TokensOptions = TokensOptions()
    buckets: dict[StrictStr, Bucket] = Field(default_factory=dict)
    """Columns of the release that say in which part of a signal's numbers a text lies."""
    splits: Splits | None = None
    """What is held out of training; without it everything is `train`."""
    release: Release = Release()
    report: ReportOptions = ReportOptions()
    expect: Expect = Expect()
    text: SkipJsonSchema[str] = Field(default="", repr=False)
    """The file as it was written, comments and all; empty where there was no file."""

    @field_validator("recipe")
    @classmethod
    def _usable_name(cls, name: str) -> str:
        # It names the folder out/NAME.
        if not re.fullmatch(r"[\w-][\w.-]{0,99}", name):
            raise wrong("R030", got=name)
        return name

    @field_validator("models")
    @classmethod
    def _usable_names(cls, models: dict[str, str]) -> dict[str, str]:
        for name in models:
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,60}", name):
                raise wrong("R070", name=name, at=name)
        return models

    @field_validator("source", "clean", "together", "contamination", "lists")
    @classmethod
    def _no_twins(cls, items: tuple[Any, ...]) -> tuple[Any, ...]:
        seen: set[str] = set()
        for place, item in enumerate(items):
            name = item if isinstance(item, str) else item.name
            if name in seen:
                raise wrong("R023", name=name, at=place)
            seen.add(name)
        return items

    @model_validator(mode="after")
    def _limits_of_admission(self) -> Self:
        # What these sections reject is a limit like any other; one that is written out stands.
        sections = (self.contamination, self.lists, self.optout, self.licenses)
        for name, limit in implied_limits(*sections):
            self.limits.setdefault(name, limit)
        return self

    @model_validator(mode="after")
    def _buckets_named(self) -> Self:
        check_names(self.buckets, self.release.folders)
        return self

    @model_validator(mode="after")
    def _masks_something(self) -> Self:
        if self.personal and "personal" not in self.clean:
            raise wrong("R081", at="personal")
        return self

    @property
    def cleaners(self) -> tuple[str, ...]:
        """The names under `clean`; `personal` with the kinds that the recipe names for it."""
        usual = {kind for kind in get_args(Personal) if kind != "PERSON_NAME"}
        if set(self.personal) in (set(), usual):
            return self.clean
        kinds = ", ".join(dict.fromkeys(self.personal))
        return tuple(f"{name}({kinds})" if name == "personal" else name for name in self.clean)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason its limits can give, in the order in which they are named."""
        return (*self.limits, *(one.reason for one in self.together))

    @property
    def reads_datasets(self) -> bool:
        """Whether a source is a data set of Hugging Face, which needs pandas beside pyarrow."""
        return any(
            source.dataset or any("hf://" in file for file in source.files)
            for source in self.source
        )

    @property
    def limited(self) -> tuple[str, ...]:
        """Every signal that a limit or `tokens.where` looks at, single or combined, each once."""
        combined = (name for one in self.together for name in one.signals)
        return tuple(dict.fromkeys([*self.limits, *combined, *self.tokens.where]))

    @property
    def released(self) -> tuple[str, ...]:
        """Every signal that a release tells something of: as a column, or as a bucket."""
        cut = (name for one in self.buckets.values() for name in one.signals)
        return tuple(dict.fromkeys([*self.release.signals, *cut]))

    def needs(self, signals: Mapping[str, Any]) -> set[str]:
        """What its signals are measured on: `characters`, `tokens`, `run` or several."""
        names = {*self.limited, *self.released}
        if self.dedup and self.dedup.keep_signal:
            names.add(self.dedup.keep_signal)
        return {signals[name].needs for name in names}
