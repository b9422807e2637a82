"""
What a person has to know of a run besides its numbers: inputs not read to their end, packages that
are missing, texts that are markup.

Both look harmless in a funnel. Of an input that a reader gave up on, the rest was never counted;
pages read as plain text are kept with their tags, or rejected for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.errors import Problem
from seimai.pipeline.formats import NEEDS
from seimai.pipeline.run_record import MOST_EMPTY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seimai.pipeline.run_record import RunRecord

MOST_NAMED = 10
"""Inputs named in a sentence; `run.json` has them all."""


def given_up(run: RunRecord) -> Problem | None:
    """That readers gave up on the rest of inputs, and of which; None for every other run."""
    keys = run.get("gave_up", [])
    if not keys:
        return None
    more = ["…"] if len(keys) > MOST_NAMED else []
    return Problem("S039", inputs=", ".join([*keys[:MOST_NAMED], *more]))


def packages_missing(run: RunRecord) -> Problem | None:
    """That files were not read because packages are missing, and what installs all of them."""
    return packages_for({name: found["quarantined"] for name, found in run["formats"].items()})


def packages_for(formats: Mapping[str, Mapping[str, int]]) -> Problem | None:
    """What `packages_missing` says; `formats` has the records in quarantine by format and cause."""
    lost = {
        name: causes["package"]
        for name, causes in sorted(formats.items())
        if causes.get("package") and name in NEEDS
    }
    if not lost:
        return None
    extras = ",".join(sorted({NEEDS[name][1] for name in lost}))
    told = " · ".join(f"{name} {count:,}" for name, count in lost.items())
    return Problem("S060", formats=told, install=f"seimai[{extras}]")


def named_otherwise(run: RunRecord) -> dict[str, str] | None:
    """Inputs that are not what their names say, as the values of `run.named_otherwise`."""
    keys = run.get("named_otherwise", [])
    if not keys:
        return None
    more = ["…"] if len(keys) > MOST_NAMED else []
    count = f"{len(keys):,}" + ("+" if len(keys) >= MOST_EMPTY else "")
    return {"count": count, "inputs": ", ".join([*keys[:MOST_NAMED], *more])}


def markup_met(run: RunRecord) -> list[dict[str, str]]:
    """The sources whose texts are markup, as the values of the sentence `run.markup`."""
    return [
        {"source": source, "share": f"{found['share']:.0%}", "format": found["format"]}
        for source, found in run.get("markup", {}).items()
    ]
