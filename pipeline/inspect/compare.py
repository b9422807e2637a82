"""
Compare: several recipes over the numbers of one run, and how they differ.

Only limits are compared: cleaning and duplicates are those of the run. Each recipe says what it
keeps, what nobody else keeps or rejects, and which limits do the work alone; where texts carry
labels, how well it tells those to keep from those to drop.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline.inspect.stored import (
    LENGTH,
    Judged,
    Sample,
    Stored,
    hold_stored,
    load_stored,
    measure_words,
    outdated,
    read_samples,
    spread,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from seimai.pipeline.arrays import Flags
    from seimai.pipeline.inspect.labels import Labels
    from seimai.pipeline.recipe import Recipe


@dataclass(frozen=True)
class Score:
    """How well a recipe tells labelled texts apart; "positive" is a text that is kept."""

    good_kept: int
    good_lost: int
    bad_kept: int
    bad_lost: int

    @property
    def precision(self) -> float:
        """The share of the kept labelled texts that are labelled to keep."""
        return _share(self.good_kept, self.good_kept + self.bad_kept)

    @property
    def recall(self) -> float:
        """The share of the texts labelled to keep that is kept."""
        return _share(self.good_kept, self.good_kept + self.good_lost)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.good_kept, 2 * self.good_kept + self.bad_kept + self.good_lost)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


@dataclass(frozen=True)
class Alone:
    """A reason of one recipe: the texts it rejects, and those that nothing else rejects."""

    reason: str
    texts: int
    alone: int


@dataclass(frozen=True)
class Shown:
    """A text in a list of differences, with the reasons of a recipe that rejects it."""

    id: str
    begins: str
    reasons: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Difference:
    """Texts on which one recipe stands against all others."""

    texts: int
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class Group:
    """Texts of one genre, kind or source: what each recipe keeps of them."""

    column: str
    name: str
    texts: int
    kept: tuple[int, ...]
    scores: tuple[Score, ...] | None
    """One score per recipe; None where no text of the group has a label."""


@dataclass(frozen=True)
class Side:
    """What one recipe of the comparison does."""

    name: str
    kept: int
    characters: int
    """How many characters the kept texts have."""
    undecided: int
    """Kept texts whose word limits could not be asked."""
    reasons: tuple[Alone, ...]
    only_keeps: Difference
    only_rejects: Difference
    score: Score | None


@dataclass(frozen=True)
class Comparison:
    """Recipes side by side over the same texts."""

    out: str
    texts: int
    characters: int
    labelled: int
    sides: tuple[Side, ...]
    agree: tuple[tuple[int, ...], ...]
    """For each pair of recipes, the texts on which they say the same."""
    groups: tuple[Group, ...]
    outdated: tuple[str, ...] = ()
    """Signals whose stored numbers are of another version than today's."""


def compare(
    recipes: Mapping[str, Recipe],
    out: Path,
    labels: Labels | None = None,
    *,
    samples: int = 3,
    words: bool = False,
    stored: Stored | None = None,
) -> Comparison:
    """
    Hold the stored numbers of the run in `out` against each of the recipes.

    `words` measures the word signals that a recipe wants to know and the run did not.
    """
    from seimai.pipeline.signal import load

    stored = stored or load_for(recipes, out)
    judged = {name: hold_stored(recipe, stored) for name, recipe in recipes.items()}
    if words:
        wanted = np.any([one.undecided for one in judged.values()], axis=0)
        stored = measure_words(stored, wanted)
        judged = {name: hold_stored(recipe, stored) for name, recipe in recipes.items()}
    passed = np.array([one.passed for one in judged.values()]).reshape(len(recipes), -1)
    lengths = np.nan_to_num(stored.numbers[LENGTH].astype(np.float64))
    differences = _differences(passed)
    rows = [row for flags in differences for row in spread(np.flatnonzero(flags), samples)]
    texts = read_samples(stored, rows)

    def difference(flags: Flags) -> Difference:
        found = np.flatnonzero(flags)
        chosen = spread(found, samples)
        return Difference(found.size, tuple(_shown(judged, row, texts[row]) for row in chosen))

    labelled = labels is not None and bool((labels.keep >= 0).any())
    sides = tuple(
        Side(
            name,
            int(one.passed.sum()),
            int(lengths[one.passed].sum()),
            int(one.undecided.sum()),
            _alone(one),
            difference(differences[2 * k]),
            difference(differences[2 * k + 1]),
            score(one.passed, labels.good, labels.bad) if labels and labelled else None,
        )
        for k, (name, one) in enumerate(judged.items())
    )
    return Comparison(
        str(out),
        stored.texts,
        int(lengths.sum()),
        int((labels.keep >= 0).sum()) if labels else 0,
        sides,
        tuple(tuple(int((a == b).sum()) for b in passed) for a in passed),
        _groups(labels, passed) if labels else (),
        tuple(outdated(stored, {name: one.version for name, one in load().items()})),
    )


def load_for(recipes: Mapping[str, Recipe], out: Path) -> Stored:
    """The numbers that any of the recipes looks at."""
    return load_stored(out, [name for one in recipes.values() for name in one.limited])


def _differences(passed: Flags) -> list[Flags]:
    """Two for each recipe: the texts that only it keeps, and those that only it rejects."""
    votes = passed.sum(axis=0)
    found: list[Flags] = []
    for mine in passed:
        found += [mine & (votes == 1), ~mine & (votes == len(passed) - 1)]
    return found


def _shown(judged: Mapping[str, Judged], row: int, sample: Sample) -> Shown:
    reasons = {
        name: tuple(
            reason for reason, bad in zip(one.reasons, one.failed[row].tolist(), strict=True) if bad
        )
        for name, one in judged.items()
    }
    return Shown(sample.id, sample.begins, {name: why for name, why in reasons.items() if why})


def _alone(judged: Judged) -> tuple[Alone, ...]:
    """The reasons that rejected anything, those first that do the most alone."""
    texts = judged.failed.sum(axis=0)
    sole = judged.failed[judged.failed.sum(axis=1) == 1].sum(axis=0)
    found = [
        Alone(reason, many, one)
        for reason, many, one in zip(judged.reasons, texts.tolist(), sole.tolist(), strict=True)
        if many
    ]
    return tuple(sorted(found, key=lambda one: (-one.alone, -one.texts, one.reason)))


def score(passed: Flags, good: Flags, bad: Flags) -> Score:
    """How well the texts that pass agree with the labels."""
    return Score(
        int((passed & good).sum()),
        int((~passed & good).sum()),
        int((passed & bad).sum()),
        int((~passed & bad).sum()),
    )


def _groups(labels: Labels, passed: Flags) -> tuple[Group, ...]:
    found = []
    for column, values in labels.groups.items():
        names = np.array(["" if one is None else one for one in values], object)
        for name in sorted({one for one in values if one is not None}):
            inside = names == name
            good, bad = labels.good & inside, labels.bad & inside
            scores = tuple(score(one, good, bad) for one in passed)
            found.append(
                Group(
                    column,
                    name,
                    int(inside.sum()),
                    tuple(int((one & inside).sum()) for one in passed),
                    scores if (good | bad).any() else None,
                )
            )
    return tuple(found)


def as_dict(found: Comparison) -> dict[str, Any]:
    """The comparison as data, precision, recall and F1 included."""
    data = asdict(found)
    for side, one in zip(data["sides"], found.sides, strict=True):
        side["score"] = _scored(one.score)
    for row, group in zip(data["groups"], found.groups, strict=True):
        row["scores"] = group.scores and [_scored(one) for one in group.scores]
    return data


def _scored(one: Score | None) -> dict[str, float] | None:
    if one is None:
        return None
    return {**asdict(one), "precision": one.precision, "recall": one.recall, "f1": one.f1}


def sides_named(paths: Sequence[Path]) -> list[str]:
    """Short names for recipes: the file's, or its whole path where two share one."""
    stems = [path.stem for path in paths]
    return [
        stem if stems.count(stem) == 1 else str(path)
        for stem, path in zip(stems, paths, strict=True)
    ]
