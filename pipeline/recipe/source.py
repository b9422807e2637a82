"""
`source:` of a recipe: where texts come from, and how they are read.

The passwords and tokens that an address may hold belong into variables of the environment, for a
recipe is copied into every release.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictStr, field_validator, model_validator

from seimai.pipeline.recipe.limits import Count, Part, wrong
from seimai.pipeline.recipe.sizes import Size

Choice = Literal["keep", "drop"]

_SECRET = re.compile(
    r"://[^/@:]*:(?!\$\{\w+\}@)[^/@]+@"
    r"|[?&](?:[\w-]*(?:token|signature|secret|password|credential|api_?key)[\w-]*"
    r"|(?:[\w-]+[_-])?(?:sig|tok|key|auth|pass|passwd|pwd|jwt|sas))=(?!\$\{)",
    re.IGNORECASE,
)
"""A password or a token in an address, where no variable stands for it."""


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


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
    """Hidden sheets, rows, columns, slides and text of office documents."""
    comments: Choice = "drop"
    """Comments of reviewers and notes of speakers in office documents, kept after the text;
    comments of readers on web pages, kept where they stand."""
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
