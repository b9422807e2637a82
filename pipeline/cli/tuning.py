"""`tune`: where a limit could be, and what limits somebody's texts ask for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seimai.pipeline.cli.comparing import score_cells
from seimai.pipeline.cli.output import percent, say, say_json
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import sentence
from seimai.pipeline.report.funnel import bound_text

if TYPE_CHECKING:
    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.inspect.compare import Score
    from seimai.pipeline.inspect.propose import Proposal
    from seimai.pipeline.inspect.tune import Curve, Near

SIGNS = {"min": "≥", "max": "≤"}

LOSS = 0.005
"""Share of the texts to keep that proposed limits may lose, where nobody says another."""


def show_curve(
    out: Path,
    signal: str,
    *,
    labels: Path | None,
    at: float | None,
    samples: int,
    words: bool,
    manner: Manner,
) -> int:
    """`seimai tune OUT SIGNAL`."""
    from seimai.pipeline import slim_imports

    slim_imports.load_pyarrow()
    from seimai.pipeline.inspect.labels import labels_of
    from seimai.pipeline.inspect.tune import as_dict, load_for, tune

    stored = load_for(out, signal)
    known = labels_of(stored, labels)
    curves = tune(
        out,
        signal,
        known if (known.keep >= 0).any() else None,
        at=at,
        samples=samples,
        words=words,
        stored=stored,
    )
    if manner.json:
        say_json(as_dict(curves))
    elif not manner.quiet:
        say([line for curve in curves for line in curve_lines(curve)])
    return 0


def curve_lines(curve: Curve) -> Iterator[str]:
    """The curve, and the texts around the limit (or around every place, where it has none)."""
    heads = [f"{curve.signal} {SIGNS[curve.bound]}", "", "tune.kept", "tune.alone"]
    if curve.labelled:
        heads += ["tune.good", "tune.bad"]
    head = tuple(sentence(one) if one.startswith("tune.") else one for one in heads)
    rows = []
    for point in curve.points:
        row = [
            bound_text(point.at),
            "◄" if point.now else "",
            percent(point.kept, curve.texts),
            f"{point.alone:,}",
        ]
        if curve.labelled:
            row += [f"{point.good_alone:,}", f"{point.bad_alone:,}"]
        edge = point.outside[0].begins if point.outside else ""
        rows.append((*row, edge))
    right = frozenset({0, 2, 3, 4, 5} if curve.labelled else {0, 2, 3})
    yield from _indented(columns([(*head, sentence("tune.outside")), *rows], right))
    for point in curve.points:
        if point.now or not any(one.now for one in curve.points):
            yield ""
            yield from _around(curve, point.at, point.outside, point.inside)
    if curve.empty:
        yield f"  {sentence('tune.empty', count=f'{curve.empty:,}')}"
    if curve.undecided:
        yield f"  {sentence('tune.undecided', count=f'{curve.undecided:,}')}"
    yield ""


def _around(
    curve: Curve, at: float, outside: Sequence[Near], inside: Sequence[Near]
) -> Iterator[str]:
    """The texts nearest to a bound, those that it rejects first."""
    for title, texts in (("tune.just_outside", outside), ("tune.just_inside", inside)):
        yield f"  {sentence(title, limit=f'{SIGNS[curve.bound]} {bound_text(at)}')}"
        rows = [(f"{one.value:.4g}", one.id, one.begins) for one in texts] or [("–", "", "")]
        yield from (f"    {line}".rstrip() for line in columns(rows, frozenset({0})))


def _indented(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"  {line}".rstrip() for line in lines)


# --- proposals -----------------------------------------------------------------------------


def propose(
    out: Path,
    *,
    labels: Path | None,
    like: Sequence[str],
    loss: float | None,
    precision: float | None,
    every: bool,
    together: bool,
    words: bool,
    write: Path | None,
    filters: Sequence[str],
    manner: Manner,
) -> int:
    """`seimai tune OUT --labels FILE` and `seimai tune OUT --like FILES`."""
    from seimai.pipeline.inspect.finished import finished
    from seimai.pipeline.inspect.labels import labels_of
    from seimai.pipeline.inspect.propose import propose_labelled, propose_like
    from seimai.pipeline.inspect.stored import load_stored, measure_words, measured_in
    from seimai.pipeline.recipe.edit import with_bounds, with_together

    for name, share in (("--loss", loss), ("--precision", precision)):
        if share is not None and not 0 <= share <= 1:
            raise Problem("U036", name=name, got=f"{share:g}")
    if loss is None:
        loss = LOSS if precision is None else 1.0
    recipe = finished(out)[1]
    signals = measured_in(out) if every else ()
    stored = load_stored(out, [*recipe.limited, *signals])
    if like:
        from seimai.pipeline.inspect.trusted import trusted_texts

        with trusted_texts(recipe, like, filters) as trusted:
            found = propose_like(stored, trusted, loss)
    else:
        known = labels_of(stored, labels)
        if not known.good.any() or not known.bad.any():
            raise Problem("U035", path=str(labels or out))
        if words:
            stored = measure_words(stored, known.keep >= 0)
        found = propose_labelled(
            stored, known, loss=loss, precision=precision, signals=signals, together=together
        )
    text = recipe.text or _dumped(recipe)
    edited = with_together(with_bounds(text, found.changes), found.together)
    if write is not None:
        write.write_text(edited, "utf-8")
    if manner.json:
        say_json(_as_dict(found, edited))
    elif not manner.quiet:
        say(proposal_lines(found, text, edited, labelled=not like, loss=loss, precision=precision))
    return 0


def _dumped(recipe: Any) -> str:
    import yaml

    content = recipe.model_dump(mode="json", exclude={"text"}, exclude_defaults=True)
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def proposal_lines(
    found: Proposal,
    old: str,
    new: str,
    *,
    labelled: bool,
    loss: float = LOSS,
    precision: float | None = None,
) -> Iterator[str]:
    """The change as a difference to the recipe, and what it is worth."""
    if not found.changes and not found.together:
        yield sentence("tune.nothing")
    difference = difflib.unified_diff(
        old.splitlines(), new.splitlines(), "recipe", sentence("tune.proposed"), lineterm="", n=0
    )
    yield from (line for line in difference if not line.startswith("@@"))
    yield ""
    names = ("tune.as_it_is", "tune.seen", "tune.unseen")
    scores = (found.old, found.new, found.unseen)
    if labelled:
        head: tuple[str, ...] = (
            "",
            *(
                sentence(f"compare.{one}")
                for one in ("precision", "recall", "f1", "good_lost", "bad_kept")
            ),
        )
        rows = [
            (sentence(name), *score_cells(one)) for name, one in zip(names, scores, strict=True)
        ]
        yield from _indented(columns([head, *rows], frozenset(range(1, 6))))
    else:
        rows = [
            (sentence(name), percent(one.good_lost, one.good_lost + one.good_kept))
            for name, one in zip(names, scores, strict=True)
        ]
        head = (
            sentence("tune.trusted", count=f"{found.new.good_lost + found.new.good_kept:,}"),
            sentence("tune.lost"),
        )
        yield from _indented(columns([head, *rows], frozenset({1})))
    wanted, lost = found.unseen.good_lost + found.unseen.good_kept, found.unseen.good_lost
    if precision is not None:
        if found.unseen.precision < precision:
            yield f"  {sentence('tune.not_reached', wanted=f'{precision:g}')}"
    elif lost > 2 * loss * wanted:
        yield f"  {sentence('tune.too_few', loss=percent(loss, 1), got=percent(lost, wanted))}"
    kept = {
        "old": percent(found.old_kept, found.texts),
        "new": percent(found.new_kept, found.texts),
    }
    yield f"  {sentence('tune.run_keeps', **kept)}"


def _as_dict(found: Proposal, recipe: str) -> dict[str, Any]:
    def scored(one: Score) -> dict[str, float]:
        return {**vars(one), "precision": one.precision, "recall": one.recall, "f1": one.f1}

    return {
        "changes": found.changes,
        "together": [one.model_dump(exclude_none=True) for one in found.together],
        "before": found.old_changes,
        "kept": {"texts": found.texts, "before": found.old_kept, "after": found.new_kept},
        "before_score": scored(found.old),
        "seen_score": scored(found.new),
        "unseen_score": scored(found.unseen),
        "recipe": recipe,
    }
