"""
What may not go in whatever its quality: benchmarks, listed addresses, opt-outs, licences.

Each of these sections defines signals, and `implied_limits` the limits that follow from them: what
they reject is judged, told and counted like anything else that a limit rejects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictStr, field_validator

from seimai.pipeline.recipe.limits import Limit, Part, wrong


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _called(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,60}", name):
        raise wrong("R092", name=name)
    return name


Files = Annotated[tuple[StrictStr, ...], BeforeValidator(_listed), Field(min_length=1)]
Action = Literal["reject", "report"]


class Benchmark(Part):
    """A benchmark that texts must not hold: its files, and how they are read."""

    name: StrictStr
    files: Files
    """JSON lines, JSON, CSV, TSV or Parquet; paths and globs from the folder of the run."""
    layout: Literal["auto", "jglue", "jcommonsenseqa", "jmmlu", "mgsm-ja", "llm-jp-eval"] = "auto"
    """`auto` finds columns by name; `mgsm-ja` and `jmmlu` are tables without a head."""
    question: StrictStr | None = None
    choices: Annotated[tuple[StrictStr, ...], BeforeValidator(_listed)] = ()
    answer: StrictStr | None = None
    passage: StrictStr | None = None
    id: StrictStr | None = None
    action: Action = "reject"
    """What becomes of a text that contains a question of the benchmark."""
    passages: Action = "report"
    """What becomes of one that holds a passage: passages are often articles of an encyclopedia,
    which the benchmark has taken and not made."""

    _named = field_validator("name")(_called)


class UrlList(Part):
    """A list of hosts, addresses and domains, and what becomes of texts that come from them."""

    name: StrictStr
    files: Files
    """Files with a host, an address or a line of a hosts file each, or folders as UT1 has them."""
    action: Literal["block", "allow", "report"] = "block"
    """`block` rejects what is on the list, `allow` what is not; a text without URL is on none."""

    _named = field_validator("name")(_called)


class Licenses(Part):
    """Which licences texts may have."""

    allow: Annotated[tuple[StrictStr, ...], BeforeValidator(_listed), Field(min_length=1)]
    """Names or links, `CC-BY-4.0`; `CC-BY-*` is `CC-BY` of any version, and nothing else."""
    unknown: Literal["reject", "keep"] = "reject"
    """What becomes of texts of which nobody has said a licence."""


def implied_limits(
    contamination: tuple[Benchmark, ...],
    lists: tuple[UrlList, ...],
    optout: Action | None,
    licenses: Licenses | None,
) -> Iterator[tuple[str, Limit]]:
    """The limits that these sections mean, by signal."""
    none = Limit(max=0, empty="keep")
    for one in contamination:
        if one.action == "reject":
            yield f"contamination.{one.name}_count", none
        if one.passages == "reject":
            yield f"contamination.{one.name}_passage_count", none
    for each in lists:
        if each.action == "block":
            yield f"list.{each.name}_count", none
        elif each.action == "allow":
            yield f"list.{each.name}_count", Limit(min=1, empty="reject")
    if optout == "reject":
        yield "optout.any_count", none
    if licenses is not None:
        yield "license.allowed_count", Limit(min=1, empty="keep")
