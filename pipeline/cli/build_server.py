"""What a build server is told of a run: each expectation at its line of the recipe, a funnel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.cli import ci
from seimai.pipeline.cli.outcome import check_text
from seimai.pipeline.messages import sentence
from seimai.pipeline.recipe import locate
from seimai.pipeline.recipe.places import read_places
from seimai.pipeline.report.drift import PREFIX
from seimai.pipeline.report.funnel import Check, funnel, reasons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.errors import Problem
    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.run_record import RunRecord

REASONS_SHOWN = 8
"""At most this many reasons stand in the summary of a job; the report has them all."""


def tell_server(
    path: Path,
    recipe: Recipe,
    run: RunRecord,
    checks: Sequence[Check],
    faults: Sequence[Problem],
    *,
    github: bool,
    junit: Path | None,
) -> None:
    """What came of a run, for a build server: each expectation at its line of the recipe."""
    written = read_places(recipe.text, str(locate(path)))
    results = [ci.of_problem(fault) for fault in faults]
    for check in checks:
        _, below, key = check.name.rpartition(PREFIX)
        place = written.key(("expect", "drift", key) if below else ("expect", key))
        name = sentence(f"expect.{check.name}")
        message = f"{name} {check_text(check)} {check.about}".rstrip()
        results.append(ci.Result(f"expect.{check.name}", check.ok, message, place))
    if github:
        ci.annotate(results)
        ci.summarize(run_markdown(recipe, run, checks, faults))
    if junit:
        ci.write_junit(junit, "run", results)


def run_markdown(
    recipe: Recipe, run: RunRecord, checks: Sequence[Check], faults: Sequence[Problem]
) -> list[str]:
    """What came of a run, as a section of Markdown."""
    steps = [
        (sentence(f"funnel.{step.name}"), f"{step.count:,}", f"{100 * step.share:.1f}%")
        for step in funnel(run)
    ]
    lines = [f"## seimai run {recipe.recipe}", ""]
    lines += [f"❌ {fault.message}\n" for fault in faults]
    lines += ci.markdown_table([sentence("flow.step"), sentence("flow.texts"), ""], steps)
    found = reasons(run)[:REASONS_SHOWN]
    if found:
        rows = [(one.name, f"{one.count:,}", f"{100 * one.share:.1f}%") for one in found]
        head = [sentence("flow.reason"), sentence("flow.texts"), sentence("flow.share")]
        lines += ["", *ci.markdown_table(head, rows)]
    if checks:
        rows = [
            (
                sentence(f"expect.{check.name}") + (f" {check.about}" if check.about else ""),
                check_text(check),
                "✅" if check.ok else "❌",
            )
            for check in checks
        ]
        lines += ["", *ci.markdown_table([sentence("expect.title"), "", ""], rows)]
    return lines
