"""
What a build server shows: annotations, a summary of the job, and JUnit XML.

Annotations are the workflow commands of GitHub (`::error file=…,line=…::…`), one line each on
standard output; the summary goes where `$GITHUB_STEP_SUMMARY` says. JUnit is what GitLab, Jenkins
and the others read.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from seimai.pipeline.cli.output import say
from seimai.pipeline.errors import Place, Problem, cannot_write
from seimai.pipeline.messages import sentence

SUMMARY = "GITHUB_STEP_SUMMARY"

MOST_ANNOTATED = 10
"""GitHub shows ten errors of a step; the summary and JUnit have them all."""

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""


@dataclass(frozen=True)
class Result:
    """One thing that was looked at, as a build server counts it."""

    name: str
    ok: bool
    message: str
    place: Place | None = None
    level: str = "error"
    """`error`, `warning` or `notice`; of a result that is not `ok`."""


def of_problem(problem: Problem) -> Result:
    """A problem as a result: its sentence, with what to do next."""
    near = problem.values.get("near")
    guess = sentence("word.did_you_mean", near=near) if near else ""
    parts = [problem.message, guess, problem.hint]
    return Result(
        problem.code, ok=False, message="\n".join(filter(None, parts)), place=problem.where
    )


def annotate(results: Iterable[Result]) -> None:
    """Print an annotation for each result that is not as it should be."""
    wrong = [one for one in results if not one.ok]
    lines = [_annotation(one) for one in wrong[:MOST_ANNOTATED]]
    if lines:
        say(lines)


def _annotation(one: Result) -> str:
    r"""
    A result as a workflow command.

    >>> _annotation(Result("R003", False, "no signal\nhint", Place("web.yaml", 19, 3)))
    '::error file=web.yaml,line=19,col=3,title=seimai R003::no signal%0Ahint'
    """
    place = one.place
    where = {
        "file": _from_here(place.path) if place else None,
        "line": place.line if place else None,
        "col": place.column if place else None,
        "title": f"seimai {one.name}",
    }
    listed = ",".join(f"{key}={_escaped(str(value))}" for key, value in where.items() if value)
    message = one.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{one.level} {listed}::{message}"


def _escaped(value: str) -> str:
    """A property of a workflow command: a comma would end it."""
    for character in "%\r\n:,":
        value = value.replace(character, f"%{ord(character):02X}")
    return value


def _from_here(path: str) -> str:
    """A path as the repository knows it, where the command was started in it."""
    with contextlib.suppress(ValueError, OSError):
        return str(Path(path).resolve().relative_to(Path.cwd()))
    return path


def summarize(lines: Iterable[str]) -> None:
    """Add Markdown to the summary of the job; nothing where there is none."""
    place = os.environ.get(SUMMARY)
    if not place:
        return
    with Path(place).open("a", encoding="utf-8", errors="replace") as file:
        file.write("\n".join([*lines, "", ""]))


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    r"""
    Rows as a Markdown table; the first column is on the left, the others are numbers.

    >>> markdown_table(["a", "b"], [["x|y", "1"]])
    ['| a | b |', '| --- | --: |', '| x\\|y | 1 |']
    """
    rule = ["---", *["--:"] * (len(head) - 1)]
    return [
        f"| {' | '.join(head)} |",
        f"| {' | '.join(rule)} |",
        *(f"| {' | '.join(map(_cell, row))} |" for row in rows),
    ]


def _cell(text: str) -> str:
    """Ids and names come from the data: what Markdown would obey is shown instead."""
    flat = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
    return flat.replace("<", "&lt;").replace("`", "'")


def results_lines(title: str, results: Sequence[Result]) -> list[str]:
    """A section of the job's summary, in Markdown: one line per result."""
    wrong = [one for one in results if not one.ok]
    lines = [f"## {title}", ""]
    if not wrong:
        return [*lines, f"✅ {sentence('ci.fine', count=len(results))}"]
    rows = [(one.name, f"{one.place or ''}", one.message) for one in wrong]
    return [*lines, *markdown_table([f"❌ {len(wrong)}", "", ""], rows)]


def write_junit(path: Path, suite: str, results: Sequence[Result]) -> None:
    """Write results as JUnit XML, one test case each."""
    wrong = sum(not one.ok for one in results)
    cases = []
    for one in results:
        head = f"  <testcase classname={_attribute(f'seimai.{suite}')} name={_attribute(one.name)}"
        if one.ok:
            cases.append(f"{head}/>")
            continue
        where = f"{one.place}: " if one.place else ""
        first = one.message.split("\n", 1)[0]
        cases += [
            f"{head}>",
            f"    <failure message={_attribute(first)}>{_text(where + one.message)}</failure>",
            "  </testcase>",
        ]
    counts = f'tests="{len(results)}" failures="{wrong}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuite name={_attribute(f'seimai {suite}')} {counts}>",
        *cases,
        "</testsuite>",
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", "utf-8")
    except OSError as error:
        raise cannot_write(path, error) from error


def _attribute(text: str) -> str:
    from xml.sax.saxutils import quoteattr  # it loads half of the web with it

    return quoteattr(_UNWRITABLE.sub("�", text))


def _text(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(_UNWRITABLE.sub("�", text))


def deliver(
    title: str, suite: str, results: Sequence[Result], *, github: bool, junit: Path | None
) -> None:
    """Annotations and summary where they are asked for, and JUnit."""
    if github:
        annotate(results)
        summarize(results_lines(title, results))
    if junit is not None:
        write_junit(junit, suite, results)
