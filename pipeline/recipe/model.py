"""
What a recipe may hold: pydantic models, frozen, nothing unknown allowed.

A recipe is also a parameter of the Prefect flow, so a plain dict validates as well. What is wrong
is named by a code of `messages`, here as the `type` of a `PydanticCustomError`; `at` in its
context is the key to point at. Whether a signal or a cleaner exists is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BeforeValidator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from seimai.pipeline.recipe.admission import (
    Action,
    Benchmark,
    Licenses,
    UrlList,
    implied_limits,
)
from seimai.pipeline.recipe.buckets import Bucket, Splits, check_names
from seimai.pipeline.recipe.limits import (
    Bounds,
    Count,
    Limit,
    Part,
    Share,
    Together,
    wrong,
)

MOST_HASHES = 4096
"""More MinHash values per text than any published recipe uses (Swallow: 800) help nobody."""

LEAST_FOUND = 0.1
"""Rows and bands that find fewer of the pairs wanted are a slip, not a choice."""

_UNITS = {"": 1, "B": 1}
for _power, _letter in enumerate("KMGT", 1):
    _UNITS[f"{_letter}B"] = 1000**_power
    _UNITS[f"{_letter}IB"] = 1024**_power

_SECRET = re.compile(
    r"://[^/@:]*:(?!\$\{\w+\}@)[^/@]+@"
    r"|[?&](?:[\w-]*(?:token|signature|secret|password|credential|api_?key)[\w-]*"
    r"|(?:[\w-]+[_-])?(?:sig|tok|key|auth|pass|passwd|pwd|jwt|sas))=(?!\$\{)",
    re.IGNORECASE,
)
"""A password or a token in an address, where no variable stands for it."""

_SIZE = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)\s*([A-Za-z]*)")


def bytes_of(size: Any) -> int:
    """
    A number of bytes from `500MB` (10^6), `512MiB` (2^20), or a plain number.

    >>> bytes_of("500MB"), bytes_of("1.5 GiB"), bytes_of(4096)
    (500000000, 1610612736, 4096)
    """
    if isinstance(size, int) and not isinstance(size, bool) and size > 0:
        return size
    match = _SIZE.fullmatch(size.strip()) if isinstance(size, str) else None
    unit = _UNITS.get(match[2].upper()) if match else None
    number = int(float(match[1]) * unit) if match and unit else 0
    if number <= 0:
        raise wrong("R017", got=str(size))
    return number


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Size = Annotated[
    int,
    BeforeValidator(bytes_of),
    WithJsonSchema({"anyOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string"}]}),
]
Choice = Literal["keep", "drop"]


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


class Source(Part):
    """One place that texts come from: `files`, a Hugging Face `dataset`, or a `database`."""

    name: Annotated[StrictStr, Field(min_length=1)]
    files: Annotated[tuple[StrictStr, ...], BeforeValidator(_listed)] = ()
    """Paths, globs and URLs, relative to the folder a run starts from."""
    dataset: StrictStr | None = None
    """A folder saved with `save_to_disk`, a dataset folder, or a name on the Hub."""
    database: StrictStr | None = None
    """A SQLAlchemy address. What is secret in it stands in the environment: `${DB_URL}`."""
    query: StrictStr | None = None
    """What to ask the database; the columns are found as those of a table."""
    changed: StrictStr | None = None
    """A quick query whose result changes whenever that of `query` does, such as
    `select count(*), max(updated) from posts`; without it every run reads the database."""
    config: StrictStr | None = None
    split: StrictStr = "train"
    format: Literal[
        "auto", "jsonl", "parquet", "csv", "text", "html",
        "warc", "mediawiki", "aozora", "markdown", "rst", "po", "man", "law", "xml",
        "feed", "json", "arrow", "zip", "tar", "7z", "lzh", "pdf", "docx", "xlsx", "pptx",
        "odt", "ods", "odp", "rtf", "doc", "xls", "ppt", "msg", "eml", "mbox",
    ] = "auto"  # fmt: skip
    text: Annotated[tuple[StrictStr, ...] | None, BeforeValidator(_listed)] = None
    """
    The column that holds the text; detected automatically if not given, like the next three.

    Several columns make one text together, with a line `column: value` for each that is filled.
    """
    text_format: Literal["plain", "html", "markdown", "rst", "auto"] = "plain"
    """What the texts of records (JSON, tables, data sets) are written in; `auto` asks each."""
    id: StrictStr | None = None
    url: StrictStr | None = None
    date: StrictStr | None = None
    license: StrictStr | None = None
    """The licence of all its documents, such as `CC-BY-4.0`."""
    extract: Literal["main", "all"] = "main"
    """What is read of web pages: their main text, or all text with menus, headers and footers."""
    language: Literal["ja"] | None = None
    """`ja`: pages of a crawl without any sign of Japanese are counted and passed over, unparsed."""
    code: Choice = "keep"
    """Blocks of code in Markdown, reStructuredText and manual pages; words in sentences stay."""
    hidden: Choice = "drop"
    """Of office documents: hidden sheets, rows, columns, slides and text."""
    comments: Choice = "drop"
    """Of office documents: comments of reviewers and notes of speakers, after the text. Of web
    pages: comments of readers, where they stand."""
    sheets: Literal["whole", "rows"] = "whole"
    """What of a workbook is a document: a sheet, or each row of the table in it. The columns of
    the text are found as in a CSV file, or named by `text`."""
    main: dict[StrictStr, StrictStr] = Field(default_factory=dict)
    """For sites whose main text is not found: a CSS selector by host, which stands for the hosts
    below it: `{www.example.jp: "#article"}`."""
    max_record: Size = 16 * 1024 * 1024
    """A record of more bytes is put into quarantine, so that memory stays bounded."""
    max_seconds: Count = 60
    """A record that any one step works on for more seconds of processor time, or waits for ten
    times as long, is put into quarantine, so that one text cannot hold up a run."""

    @field_validator("main")
    @classmethod
    def _selectors(cls, main: dict[str, str]) -> dict[str, str]:
        if main:
            from seimai.pipeline.recipe.selectors import selector_fault

            for host, selector in main.items():
                if fault := selector_fault(selector):
                    raise wrong("R061", selector=selector, cause=fault, at=host)
        return main

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if [bool(self.files), bool(self.dataset), bool(self.database)].count(True) != 1:
            at = "dataset" if self.dataset else "database" if self.database else "name"
            raise wrong("R022", name=self.name, at=at)
        if bool(self.database) != bool(self.query) or (self.changed and not self.database):
            raise wrong("R036", name=self.name, at="query" if self.query else "database")
        for address in (*self.files, self.database or ""):
            if "://" in address and _SECRET.search(address):
                at = "database" if self.database else "files"
                raise wrong("R037", name=self.name, at=at)
        return self


KEEPS = ("longest", "earliest", "newest", "native")
"""What decides which text of a group of duplicates stays, beside a signal."""


class Most(Part):
    """A highest share."""

    max: Share


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
    """The folder of an index (`seimai index`): texts whose twin is in an earlier release go."""
    contained: Contained | None = None
    """Look for texts that stand in a longer one."""
    passages: Passages | None = None
    """Look for passages that several texts share, after everything else."""
    loss_share: Most | None = None
    """Duplicates may take no larger share of all texts: a run that would is not published."""
    source_loss_share: Most | None = None
    """Nor of the texts of any single source."""

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


class TokensOptions(Part):
    """Of which texts the word signals are asked, and from how much of a long one."""

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


class Drift(Part):
    """How far a run may move from the one that `--baseline` names; 0.02 is two points."""

    kept_share: Share = 0.05
    """The kept share of the read texts, up or down."""
    characters_share: Share = 0.05
    """The kept share of the characters, up or down."""
    quarantined_share: Share = 0.02
    """The share of records that could not be read, up or down."""
    reason_share: Share = 0.05
    """The share that any single reason rejects, up or down."""
    source_share: Share = 0.10
    """The kept share of any single source with twenty texts or more, up or down."""
    mean_length: Annotated[StrictFloat, Field(ge=0)] = 0.20
    """The mean length of a kept text, as a part of the earlier one."""
    masked: Annotated[StrictFloat, Field(ge=0)] = 0.50
    """Masked items of personal data per text, as a part of the earlier number."""


class Expect(Part):
    """What a good run looks like; a run outside of it ends with exit code 1."""

    kept_share: Bounds | None = None
    """Kept texts as a share of the read ones."""
    any_reason_share: Most | None = None
    """No single reason may reject a larger share of the read texts."""
    source_loss_share: Most | None = None
    """No single source may lose a larger share of its texts."""
    drift: Drift | None = None
    """Held against the run that `seimai run --baseline` or `seimai diff` names."""


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
        """What its signals are measured on: `characters`, `tokens` or both."""
        names = {*self.limited, *self.released}
        if self.dedup and self.dedup.keep_signal:
            names.add(self.dedup.keep_signal)
        return {signals[name].needs for name in names}
