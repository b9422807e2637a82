"""`diff`: what is different between two runs, as lines, data or a summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.cli.outcome import check_text
from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.inspect.diff import Change, Difference

REASONS_SHOWN = 3
"""Reasons named of one kind of difference; JSON has them all."""

ROWS_SHOWN = 12
"""At most this many rows of a table are shown."""


def diff_runs(old: Path, new: Path, *, samples: int, junit: Path | None, manner: Manner) -> int:
    """`seimai diff OLD NEW`: 1 where the newer run moved further than its recipe allows."""
    from seimai.pipeline import slim_imports

    slim_imports.load_pyarrow()
    from seimai.pipeline.inspect.diff import as_dict, compare
    from seimai.pipeline.inspect.released import find_released

    found = compare(find_released(old), find_released(new), samples=samples)
    if manner.json:
        say_json(as_dict(found))
    elif not manner.quiet:
        say(diff_lines(found))
    if manner.github or junit:
        _tell_server(found, github=manner.github, junit=junit)
    return 0 if found.fine else 1


def diff_lines(found: Difference) -> Iterator[str]:
    """Counts, the texts that moved, reasons, recipe, versions, drift."""
    old, new = found.old.run["counts"], found.new.run["counts"]
    change = _signed(new["kept"] - old["kept"])
    yield sentence("diff.kept", old=f"{old['kept']:,}", new=f"{new['kept']:,}", change=change)
    if old["read"] != new["read"]:
        yield sentence("diff.read", old=f"{old['read']:,}", new=f"{new['read']:,}")
    if found.same:
        yield f"  {sentence('diff.same')}"
    elif not found.changes:
        yield f"  {sentence('diff.unknown')}"
    yield from _changes(found)
    yield from _table(
        "diff.reasons",
        [
            (name, f"{before:,}", "→", f"{after:,}", _signed(after - before))
            for name, before, after in found.reasons
        ],
    )
    yield ""
    for code, rows in (
        ("recipe", found.recipe),
        ("signals", found.signals),
        ("packages", found.packages),
    ):
        if rows:
            yield f"  {sentence(f'diff.{code}')}"
            shown = [(f"    {name}", before, "→", after) for name, before, after in rows]
            yield from columns(shown[:ROWS_SHOWN])
            yield from _rest(len(shown) - ROWS_SHOWN)
        elif code != "packages":
            yield f"  {sentence(f'diff.no_{code}')}"
    if not found.same:
        yield ""
        yield f"  {sentence('diff.drift' if found.expected else 'diff.drift_usual')}"
        yield from columns(
            [
                (
                    f"    {sentence(f'expect.{check.name}')}",
                    check_text(check),
                    sentence("expect.ok" if check.ok else "expect.off"),
                    check.about,
                )
                for check in found.checks
            ]
        )


def _changes(found: Difference) -> Iterator[str]:
    rows = [
        (f"    {sentence(f'diff.{kind}')}", f"{change.texts:,}", _why(change))
        for kind, change in found.changes.items()
        if change.texts
    ]
    if rows:
        yield from columns(rows, frozenset({1}))
        if not (found.old.has_rejects and found.new.has_rejects):
            yield f"    {sentence('diff.no_rejects')}"
    for kind, change in found.changes.items():
        if change.shown:
            yield ""
            yield f"  {sentence(f'diff.{kind}')}"
            yield from columns(
                [
                    (f"    {one.id}", " · ".join(one.reasons[:2]), f"「{one.begins}」")
                    for one in change.shown
                ]
            )


def _why(change: Change) -> str:
    """The reasons of texts that moved, the most frequent first."""
    said = [f"{name} {count:,}" for name, count in change.reasons[:REASONS_SHOWN]]
    rest = len(change.reasons) - REASONS_SHOWN
    if rest > 0:
        said.append(sentence("diff.others", count=rest))
    return " · ".join(said)


def _table(title: str, rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield f"  {sentence(title)}"
    shown = [(f"    {row[0]}", *row[1:]) for row in rows[:ROWS_SHOWN]]
    yield from columns(shown, frozenset({1, 3, 4}))
    yield from _rest(len(rows) - ROWS_SHOWN)


def _rest(count: int) -> Iterator[str]:
    if count > 0:
        yield f"    {sentence('diff.others', count=count)}"


def _signed(number: int) -> str:
    return f"{number:+,}".replace("-", "−") if number else "±0"


def _tell_server(found: Difference, *, github: bool, junit: Path | None) -> None:
    from seimai.pipeline.cli import ci

    # Usual limits decide nothing, so they are told and counted as no failure.
    level = "error" if found.expected else "notice"
    results = []
    for check in found.checks:
        message = f"{sentence(f'expect.{check.name}')} {check_text(check)} {check.about}".rstrip()
        results.append(ci.Result(f"expect.{check.name}", check.ok, message, None, level))
    if github:
        ci.annotate(results)
        ci.summarize(diff_markdown(found))
    if junit:
        decided = [replace(one, ok=one.ok or not found.expected) for one in results]
        ci.write_junit(junit, "diff", decided)


def diff_markdown(found: Difference) -> list[str]:
    """What is different between two runs, as a section of Markdown."""
    from seimai.pipeline.cli.ci import markdown_table

    old, new = found.old.run["counts"], found.new.run["counts"]
    lines = [f"## seimai diff {found.old.name} {found.new.name}", ""]
    if found.same:
        return [*lines, f"✅ {sentence('diff.same')}"]
    counted = {
        "read": (old["read"], new["read"]),
        "kept": (old["kept"], new["kept"]),
        "quarantined": (old["quarantined"], new["quarantined"]),
    }
    rows = [
        (sentence(f"funnel.{name}"), f"{before:,}", f"{after:,}", _signed(after - before))
        for name, (before, after) in counted.items()
    ]
    rows += [
        (name, f"{before:,}", f"{after:,}", _signed(after - before))
        for name, before, after in found.reasons[:ROWS_SHOWN]
    ]
    lines += markdown_table(["", found.old.name, found.new.name, "±"], rows)
    moved = [
        (sentence(f"diff.{kind}"), f"{change.texts:,}", _why(change))
        for kind, change in found.changes.items()
        if change.texts
    ]
    if moved:
        lines += ["", *markdown_table(["", sentence("flow.texts"), ""], moved)]
    if found.recipe:
        lines += ["", *markdown_table([sentence("diff.recipe"), "", ""], found.recipe)]
    checks = [
        (
            sentence(f"expect.{check.name}") + (f" {check.about}" if check.about else ""),
            check_text(check),
            "✅" if check.ok else "❌",
        )
        for check in found.checks
    ]
    return [*lines, "", *markdown_table([sentence("diff.drift"), "", ""], checks)]
