"""`compare`: recipes side by side, as lines, data or a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.cli.output import percent, say, say_json
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.inspect.compare import Comparison, Difference, Score, Side

GROUPS_SHOWN = 60
"""Groups that are shown, the largest first; a column may have thousands of values."""

REASONS_SHOWN = 6
"""Reasons that are named of each recipe; JSON and the page have them all."""


def compare_recipes(
    paths: Sequence[Path],
    out: Path,
    *,
    labels: Path | None,
    by: Sequence[str],
    samples: int,
    words: bool,
    html: Path | None,
    filters: Sequence[str],
    manner: Manner,
) -> int:
    """`seimai compare RECIPE... --on OUT`."""
    from seimai.pipeline import slim_imports

    slim_imports.load_pyarrow()
    from seimai.pipeline.cli.run import read_recipe
    from seimai.pipeline.inspect import compare
    from seimai.pipeline.inspect.labels import labels_of

    recipes = {
        name: read_recipe(path, filters, files=False)
        for name, path in zip(compare.sides_named(paths), paths, strict=True)
    }
    if len(recipes) < len(paths):
        raise Problem("U034")
    stored = compare.load_for(recipes, out)
    found = compare.compare(
        recipes,
        out,
        labels_of(stored, labels, by=by),
        samples=samples,
        words=words,
        stored=stored,
    )
    if html is not None:
        from seimai.pipeline.report.comparison import write_comparison

        write_comparison(compare.as_dict(found), html)
    if manner.json:
        say_json(compare.as_dict(found))
    elif not manner.quiet:
        say([*comparison_lines(found), *([f"  {html}"] if html else [])])
    return 0


def comparison_lines(found: Comparison) -> Iterator[str]:
    """What each recipe keeps, where they differ, and how they fare against labels."""
    yield sentence("compare.title", out=found.out, count=f"{found.texts:,}")
    yield ""
    yield from _table(
        ["recipe", "kept", "share", "characters", "undecided"],
        [
            (
                side.name,
                f"{side.kept:,}",
                percent(side.kept, found.texts),
                percent(side.characters, found.characters),
                f"{side.undecided:,}" if side.undecided else "",
            )
            for side in found.sides
        ],
    )
    if any(side.undecided for side in found.sides):
        yield f"  {sentence('compare.undecided_note')}"
    if found.outdated:
        yield f"  {sentence('compare.outdated', signals=' · '.join(found.outdated))}"
    if len(found.sides) > 1:
        yield ""
        names = [side.name for side in found.sides]
        rows = [
            (name, *(percent(many, found.texts) for many in agree))
            for name, agree in zip(names, found.agree, strict=True)
        ]
        head = (sentence("compare.agree"), *names)
        yield from _indented(columns([head, *rows], frozenset(range(1, len(names) + 1))))
        for side in found.sides:
            yield from _difference("only_keeps", side, side.only_keeps)
            if len(found.sides) > 2:
                yield from _difference("only_rejects", side, side.only_rejects)
    for side in found.sides:
        yield from _reasons(side)
    if found.labelled:
        yield ""
        yield from _table(
            ["labelled", "precision", "recall", "f1", "good_lost", "bad_kept"],
            [(side.name, *score_cells(side.score)) for side in found.sides if side.score],
            about=f"{found.labelled:,}",
        )
    yield from _groups(found)


def _table(heads: Sequence[str], rows: list[tuple[str, ...]], about: str = "") -> Iterator[str]:
    head = tuple(sentence(f"compare.{name}", count=about) for name in heads)
    yield from _indented(columns([head, *rows], frozenset(range(1, len(heads)))))


def _indented(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"  {line}".rstrip() for line in lines)


def _difference(kind: str, side: Side, found: Difference) -> Iterator[str]:
    if not found.texts:
        return
    yield ""
    yield f"  {sentence(f'compare.{kind}', name=side.name, count=f'{found.texts:,}')}"
    rows = []
    for one in found.shown:
        why = one.reasons.get(side.name) or next(iter(one.reasons.values()), ())
        rows.append((one.id, " · ".join(why[:2]), one.begins))
    yield from (f"    {line}".rstrip() for line in columns(rows))


def _reasons(side: Side) -> Iterator[str]:
    """The limits that do the most alone, and those that never do anything alone, as a number."""
    if not side.reasons:
        return
    yield ""
    yield f"  {sentence('compare.alone', name=side.name)}"
    shown = [one for one in side.reasons if one.alone][:REASONS_SHOWN]
    rows = [(one.reason, f"{one.alone:,}", f"{one.texts:,}") for one in shown]
    yield from (f"    {line}".rstrip() for line in columns(rows, frozenset({1, 2})))
    rest = len(side.reasons) - len(shown)
    if rest:
        yield f"    {sentence('compare.rest', count=rest)}"


def _groups(found: Comparison) -> Iterator[str]:
    """What is kept of each genre; where it has labels, of the texts to keep and to drop."""
    for column in dict.fromkeys(group.column for group in found.groups):
        yield ""
        rows = []
        groups = [group for group in found.groups if group.column == column]
        for group in sorted(groups, key=lambda one: -one.texts)[:GROUPS_SHOWN]:
            cells = [group.name, f"{group.texts:,}"]
            for k, kept in enumerate(group.kept):
                cells.append(percent(kept, group.texts))
                cells.append(_labelled(group.scores[k]) if group.scores else "")
            rows.append(tuple(cells))
        names = [cell for side in found.sides for cell in (side.name, "")]
        head = (column, sentence("compare.texts"), *names)
        yield from _indented(columns([head, *rows], frozenset(range(1, len(head)))))
        if len(groups) > GROUPS_SHOWN:
            yield f"  {sentence('compare.groups_rest', count=len(groups) - GROUPS_SHOWN)}"
    if any(group.scores for group in found.groups):
        yield f"  {sentence('compare.groups_note')}"


def score_cells(score: Score) -> tuple[str, ...]:
    """A score as the cells of a table: precision, recall, F1, good texts lost, bad ones kept."""
    return (
        f"{score.precision:.3f}",
        f"{score.recall:.3f}",
        f"{score.f1:.3f}",
        f"{score.good_lost:,}",
        f"{score.bad_kept:,}",
    )


def _labelled(score: Score) -> str:
    """Kept of those to keep, and kept of those to drop."""
    good, bad = score.good_kept + score.good_lost, score.bad_kept + score.bad_lost
    parts = [f"+{score.good_kept}/{good}"] if good else []
    parts += [f"−{score.bad_kept}/{bad}"] if bad else []
    return " ".join(parts)
