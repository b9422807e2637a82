"""
How `quality.page_score` is made, and what it and a recipe are worth on pages of unseen groups.

`python -m benchmarks.page_score --corpus DIR` draws the training set of `benchmarks.dirt_score`
and the seen texts of the gate, measures the signals, and gives figures by cross-validation:
labelled pages are cut into groups (near duplicates, and runs of eight neighbours in the slice of
a crawl, where one kind of page comes in a row), no group is in two folds, and a text of a genre
is asked of the model that lacks its eighth of the genre. `--recipe FILE` puts the scores of these
models, `dirt_score` among them, in place of the shipped ones and says what the recipe makes of
the labelled pages, as they are and with their lines joined. `--out FILE` writes the model of
everything. Nothing here is random.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections import Counter
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from benchmarks.dirt_score import Page, bad, pages
from benchmarks.measuring import percent, table
from seimai.pipeline.cleaner import known_cleaners
from seimai.pipeline.learn import dual
from seimai.pipeline.learn.logistic import Settings, calibrate, curve, matrix, ranking
from seimai.pipeline.learn.page_fit import features, model_of, placed, weights_of
from seimai.pipeline.learn.pages import Landmarks, packed
from seimai.pipeline.recipe import load_recipe
from seimai.pipeline.shard import write_bytes
from seimai.pipeline.signal import load
from seimai.pipeline.stages.judge import Limits, asked_words, hold, limits_by_need
from seimai.pipeline.stages.tokenize import tokenize, tokens_of
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SIGNALS = (
    "ja.bare_piece_share", "ja.bracket_share", "ja.exclamation_share", "ja.hiragana_gap_share",
    "ja.hiragana_share", "ja.inflection_share", "ja.kanji_share", "ja.katakana_share",
    "ja.kuten_share", "ja.particle_share", "ja.toten_share", "ja.window_share", "text.adult_max",
    "text.advert_max", "text.closed_sentence_share", "text.counterfeit_max",
    "text.cut_sentence_share", "text.dating_max", "text.digit_share", "text.download_max",
    "text.duplicate_10gram_share", "text.duplicate_5gram_share", "text.entropy_score",
    "text.form_max", "text.gambling_max", "text.latin_share", "text.length_count",
    "text.prefecture_max", "text.recruiting_max", "text.repeated_piece_share",
    "text.sentence_share", "text.separator_share", "text.shop_max", "text.symbol_share",
    "text.top_2gram_share", "text.translated_max", "text.variety_share", "web.url_share",
    "word.length_mean", "word.noun_run_share", "word.noun_share", "word.particle_share",
    "word.proper_share", "word.top_share", "word.unknown_share", "word.verb_share",
)  # fmt: skip
"""Those that keep their rank when lines are joined and say something of many genres."""

TOKEN_CHARS = 900
"""As `tokens.max_chars` of the recipes that ask this score."""

FOLDS = 8
RUN = 8
"""Neighbours in the slice of a crawl that are one group."""
SHARED = 0.05
"""Share of the 8-grams of the shorter of two pages, from which on they are one group."""
LEAST_SHARED = 10
BACKGROUND_LANDMARKS = 150
"""Landmarks that are no labelled pages."""


def groups(found: Sequence[Page]) -> list[str]:
    """A name for the group of each page; a page that is not labelled is its own."""
    labelled = [k for k, page in enumerate(found) if page.example.labelled and not page.joined]
    parent = {k: k for k in labelled}

    def root(k: int) -> int:
        while parent[k] != k:
            k = parent[k]
        return k

    sets = {k: _shingles(found[k].example.text) for k in labelled}
    for place, k in enumerate(labelled):
        for other in labelled[:place]:
            shared = len(sets[k] & sets[other])
            least = min(len(sets[k]), len(sets[other]))
            if shared >= max(LEAST_SHARED, SHARED * least):
                parent[root(k)] = root(other)
    runs: dict[str, int] = {}
    for k in labelled:
        number = int(re.sub(r"\D", "", found[k].id) or 0)
        name = f"{found[k].origin} {number // RUN}" if found[k].origin == "oscar" else found[k].id
        parent[root(k)] = root(runs.setdefault(name, k))
    of_page = {found[k].id: found[root(k)].id for k in labelled}
    return [of_page.get(page.id, page.id) for page in found]


def _shingles(text: str) -> set[str]:
    bare = "".join(text.split())
    return {bare[k : k + 8] for k in range(len(bare) - 7)}


def folds(found: Sequence[Page]) -> NDArray[np.int64]:
    """The fold of each page: groups of labelled pages in turn to the smallest, others by hash."""
    names = groups(found)
    sizes = Counter(
        name
        for name, page in zip(names, found, strict=True)
        if page.example.labelled and not page.joined
    )
    fold: dict[str, int] = {}
    filled = [0] * FOLDS
    for name, size in sorted(sizes.items(), key=lambda one: (-one[1], _hash(one[0]))):
        fold[name] = filled.index(min(filled))
        filled[fold[name]] += size
    return np.array([fold.get(name, _hash(name) % FOLDS) for name in names])


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


def measured(found: Sequence[Page], names: Sequence[str]) -> Floats:
    """The numbers of the texts as a recipe for the web sees them: texts × signals."""
    known = load()
    nothing = np.zeros(len(found))
    carried: dict[str, Any] = {name: np.ones(len(found)) for name in known_cleaners()}
    carried |= {
        "removed": np.array([page.removed for page in found]), "mended": nothing,
        "replaced": nothing,
    }  # fmt: skip
    column = pa.array([page.example.text for page in found], pa.large_string())
    texts = Texts(column, carried=carried)
    texts = texts.with_tokens(tokens_of(texts, tokenize(texts, TOKEN_CHARS)))
    return np.column_stack([known[name](texts) for name in names])


class Material:
    """The training set in numbers, and models of any part of it."""

    def __init__(self, found: list[Page]) -> None:
        self.found = found
        self.bad = bad(found)
        self.weight = np.array([page.example.weight for page in found])
        self.joined = np.array([page.joined for page in found])
        self.labelled = np.array([page.example.labelled for page in found]) & ~self.joined
        self.origin = np.array([page.origin for page in found])
        self.settings = Settings()
        texts = [page.example.text for page in found]
        self.rows = matrix(Texts(pa.array(texts, pa.large_string())), self.settings)
        self.inner = dual.products(self.rows, self.settings.fewest)
        self.numbers = measured(found, SIGNALS)

    def centres(self, known: NDArray[np.intp]) -> NDArray[np.intp]:
        """The rows that become landmarks: labelled pages, and some of the background."""
        rest = known[~self.labelled[known]]
        drawn = sorted(rest.tolist(), key=lambda k: _hash(self.found[k].id))
        chosen = [*known[self.labelled[known]].tolist(), *drawn[:BACKGROUND_LANDMARKS]]
        return np.array(chosen, np.intp)

    def placed(self, known: NDArray[np.intp]) -> tuple[Landmarks, Floats]:
        """Landmarks of some rows, and the features of all."""
        versions = {name: load()[name].version for name in SIGNALS}
        where = np.searchsorted(known, self.centres(known))
        landmarks, _ = placed(self.numbers[known], where, versions)
        return landmarks, features(landmarks, landmarks.ranked(self.numbers))

    def fit(self, inner: Any, known: NDArray[np.intp]) -> Any:
        """The model of some rows in its dual form, by inner products of all."""
        return dual.fit(
            inner[np.ix_(known, known)], self.bad[known], self.weight[known],
            self.settings.strength,
        )  # fmt: skip

    def odds(self, known: NDArray[np.intp], asked: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """What a model of `known` says to `asked`, and what n-grams alone say."""
        _, made = self.placed(known)
        small = made.astype(np.float32)
        bare = known[self.origin[known] != "own"]  # as quality.dirt_score learns
        said = []
        for inner, learned in ((self.inner + small @ small.T, known), (self.inner, bare)):
            part = self.fit(inner, learned)
            said.append((inner[np.ix_(asked, learned)] + np.float32(dual.CONSTANT)) @ part)
        return said[0].astype(np.float64), said[1].astype(np.float64)

    def unseen(self, part: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Of each text, by models without its fold."""
        both = np.zeros((2, self.bad.size))
        for number in np.unique(part):
            asked = np.flatnonzero(part == number)
            known = np.flatnonzero((part != number) & ~self.joined)
            both[:, asked] = self.odds(known, asked)
        return both[0], both[1]

    def probability(self, odds: Floats, part: NDArray[np.int64]) -> Floats:
        """Probabilities, the scale of each fold set on the labelled pages of the others."""
        found = np.zeros(odds.size)
        for number in np.unique(part):
            others = self.labelled & (part != number)
            slope, shift = calibrate(odds[others], self.bad[others])
            here = part == number
            found[here] = 1 / (1 + np.exp(-(slope * odds[here] + shift)))
        return found


def judged(found: Sequence[Page], recipe: str, scores: dict[str, Floats]) -> Flags:
    """What a recipe keeps of texts that are clean already, with scores in place of the shipped."""
    loaded = load_recipe(recipe)
    limits = Limits(loaded.limits, loaded.together)
    names = [name for name in (*limits.signals, *loaded.tokens.where) if name not in scores]
    columns = dict(zip(names, measured(found, names).T, strict=True)) | scores
    numbers = pa.table({name: column.astype(np.float32) for name, column in columns.items()})
    asked = asked_words(loaded.tokens.where, numbers)
    failed, _ = hold(limits, numbers)
    words = np.array([reason in limits_by_need(loaded, load()).words.reasons
                      for reason in limits.reasons])  # fmt: skip
    return ~(failed & (asked[:, None] | ~words)).any(axis=1)


def main() -> None:
    """Measure, print, and write the model where it is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--recipe", help="what a recipe keeps with scores of unseen groups")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    found = pages(Path(given.corpus), own=True, joined=True)
    made = Material(found)
    part = folds(found)
    odds, alone = made.unseen(part)
    score, old = made.probability(odds, part), made.probability(alone, part)
    labelled, figures = made.labelled, {}
    rows = []
    for name, said in (("page_score", score), ("dirt_score", old)):
        figures[name] = round(ranking(made.bad[labelled], said[labelled]), 4)
        rows.append([name, f"{figures[name]:.4f}", *_across(made, name)])
    table(["unseen groups", "AUC", "without oscar", "without register"], rows)
    print()
    told = curve(made.bad[labelled], score[labelled])
    table(list(told[0]), [["–" if one is None else f"{one:.3f}" for one in row.values()]
                          for row in told])  # fmt: skip
    print()
    _genres(made, score)
    if given.recipe:
        kept = judged(found, given.recipe, {"quality.page_score": score, "quality.dirt_score": old})
        print()
        _verdicts(made, kept)
    if given.out:
        everything = np.flatnonzero(~made.joined)
        landmarks, near = made.placed(everything)
        small = near.astype(np.float32)
        part_of = made.fit(made.inner + small @ small.T, everything)
        weights, says, bias = weights_of(
            made.rows[everything], near[everything], landmarks, part_of, made.settings.fewest
        )
        scale = calibrate(odds[labelled], made.bad[labelled])
        about = {
            "texts": {
                "good": int((~made.bad)[everything].sum()),
                "bad": int(made.bad[everything].sum()),
                "labelled": int(labelled.sum()),
            },
            "unseen": {"auc": figures["page_score"], "curve": told},
        }  # fmt: skip
        model = model_of(weights, landmarks, says, bias, made.settings, scale, about)
        write_bytes(given.out, packed(model))


def _across(made: Material, name: str) -> list[str]:
    """AUC on one crawl of a model that has not seen it."""
    told = []
    for crawl in ("oscar", "register"):
        asked = np.flatnonzero((made.origin == crawl) & ~made.joined)
        known = np.flatnonzero((made.origin != crawl) & ~made.joined)
        said = made.odds(known, asked)[name == "dirt_score"]
        told.append(f"{ranking(made.bad[asked], said):.4f}")
    return told


def _genres(made: Material, score: Floats) -> None:
    """Of good texts of each genre that were not in the training, the share above limits."""
    genre = np.array([page.genre for page in made.found])
    good = ~made.bad & ~made.labelled & ~made.joined
    rows = [
        [name, int(some.sum()), *(percent(float((score[some] > limit).mean()))
                                  for limit in (0.5, 0.7, 0.9))]
        for name in sorted(set(genre[good]))
        if (some := good & (genre == name)).sum() >= 10
    ]  # fmt: skip
    table(["genre", "texts", "> 0.5", "> 0.7", "> 0.9"], rows)


def _verdicts(made: Material, kept: Flags) -> None:
    """Precision and recall of a recipe on labelled pages, and what it keeps of good genres."""
    rows = []
    for joined, name in product((False, True), ("oscar", "register", "both")):
        asked = made.joined if joined else made.labelled
        some = asked & ((made.origin == name) | (name == "both"))
        good = (kept & some & ~made.bad).sum()
        title = f"{name}, lines joined" if joined else name
        rows.append([
            title, int(some.sum()), f"{good / max((kept & some).sum(), 1):.3f}",
            f"{good / (some & ~made.bad).sum():.3f}",
        ])  # fmt: skip
    table(["raw pages", "texts", "precision", "recall"], rows)
    rest = ~made.labelled & ~made.bad & ~made.joined
    print(f"good background kept: {percent(float(kept[rest].mean()))} of {int(rest.sum())}")


if __name__ == "__main__":
    main()
