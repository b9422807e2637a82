"""
How `quality.dirt_score` is made, and what it is worth.

`python -m benchmarks.dirt_score --corpus DIR` draws the training set from DIR/labelled and
DIR/*.jsonl* (the share by a hash of the id, so that everybody draws the same), measures it, and
with `--out FILE` writes the model. Figures are of models that had not seen what they judge:

- held out: a third of the labelled pages and of everything else, by a hash of the id;
- across crawls: trained without one of the two crawls and asked about it;
- unknown genre: trained without a genre and asked about it, one after the other.

The model that is written learned from all of it; its figures are those of the model without the
held-out third. `--unseen FILE` writes one for `benchmarks.quality --part held --score FILE`, which
has seen nothing of what is held out there: a third of the pages, and a third of the genres.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from benchmarks.measuring import percent, table
from seimai.pipeline.cleaner import load_cleaners
from seimai.pipeline.ingest import Document, ReadOptions, find_inputs, read
from seimai.pipeline.learn.logistic import Settings, curve, fit, matrix, ranking
from seimai.pipeline.learn.model import NgramModel, save
from seimai.pipeline.recipe import load_recipe
from seimai.pipeline.signal import load
from seimai.pipeline.stages.clean import clean_texts
from seimai.pipeline.text import Texts
from seimai.pipeline.training import LABEL_WEIGHT, WORDS, Example, train, with_figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

GOOD = (
    "blog", "encyclopedic", "encyclopedic_lead", "law", "literary", "manpage", "techdoc",
)  # fmt: skip
"""Clean kinds of the corpora."""

DIRT = (
    "noise_adult_keyword_list", "noise_archive_list", "noise_keyword_stuffing", "noise_link_list",
    "noise_nav_boilerplate", "noise_repeated_lines", "noise_truncated_snippets", "noise_word_salad",
)  # fmt: skip
"""Rubbish made of Japanese. Code dumps, tables, drawings and mojibake are left out: other signals
tell them exactly, and a model that learned them would take manuals for dirt."""

MOST_GOOD, MOST_DIRT = 300, 80
"""Texts of each such kind: so many that no kind outweighs the labelled pages."""

DIRT_WEIGHT = 0.3
"""Rubbish made by programs is told apart too easily to count as much as real pages."""

OWN = Path(__file__).parents[1] / "tests" / "gate" / "texts.jsonl"
"""Texts of many genres and kinds of dirt, written for Seimai; `unseen.jsonl` is not learned."""

HELD = 3
"""One text in so many is held out."""

ENOUGH = 10
"""Genres with fewer texts are not told one by one."""


@dataclass(frozen=True)
class Page:
    """A text, where it is from, and what is known of it."""

    example: Example
    id: str
    origin: str
    """The crawl (oscar, register), `genres`, `own` or `corpora`."""
    genre: str
    removed: int = 0
    """Characters that the cleaners took out."""
    joined: bool = False
    """A labelled page once more, its line breaks turned into spaces: to be asked, not learned."""

    @property
    def held(self) -> bool:
        """Whether it is held out."""
        return _hash(self.id) % HELD == 0

    @property
    def held_with_genre(self) -> bool:
        """Whether `benchmarks.quality` holds it out: genres as a whole, all else by the text."""
        name = f"genre:{self.genre}" if self.origin == "genres" else self.id
        return _hash(name) % HELD == 0


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


def documents(*files: Path) -> Iterator[Document]:
    """The records of files."""
    for one in find_inputs([str(path) for path in files]):
        for item in read(one, ReadOptions()):
            if isinstance(item, Document):
                yield item


def pages(corpus: Path, *, own: bool = False, joined: bool = False) -> list[Page]:
    """
    The training set: labelled pages, good genres, and a share of each kind of the corpora.

    With `own` the seen texts of the gate take part, from which only `quality.page_score` learns:
    the score of n-grams was no better for them. With `joined` each labelled page comes once more
    at the end, all in one line.
    """
    found = []
    for one in documents(corpus / "labelled" / "raw-web.jsonl.zst"):
        known = one.extra or {}
        if known["label"] in WORDS:
            example = Example(one.text, WORDS[known["label"]], LABEL_WEIGHT, labelled=True)
            found.append(Page(example, str(one.id), known["set"], known["genre"]))
    for one in documents(corpus / "labelled" / "genres.jsonl.zst"):
        genre = (one.extra or {})["genre"]
        found.append(Page(Example(one.text, bad=False), str(one.id), "genres", genre))
    for one in documents(OWN) if own else ():
        known = one.extra or {}
        example = Example(one.text, WORDS[known["verdict"]])
        found.append(Page(example, f"own:{one.id}", "own", known["genre"]))
    kinds: dict[str, list[Page]] = {kind: [] for kind in (*GOOD, *DIRT)}
    for one in documents(*sorted(corpus.glob("web-[0-9]*.jsonl*"))):
        kind = (one.extra or {})["kind"]
        if kind in kinds:
            weight = DIRT_WEIGHT if kind in DIRT else 1.0
            example = Example(one.text, kind in DIRT, weight)
            kinds[kind].append(Page(example, str(one.id), "corpora", kind))
    for kind, drawn in kinds.items():
        drawn.sort(key=lambda page: _hash(page.id))
        found += drawn[: MOST_GOOD if kind in GOOD else MOST_DIRT]
    if joined:
        found += [
            replace(
                page,
                example=replace(page.example, text=" ".join(page.example.text.split("\n"))),
                joined=True,
            )
            for page in found
            if page.example.labelled
        ]
    return _cleaned(found)


def _cleaned(found: list[Page]) -> list[Page]:
    """The texts as the signal will see them: cleaned by the recipe for the web, and masked."""
    load()  # filters bring the cleaners
    recipe = load_recipe(Path(__file__).parents[1] / "configs" / "web.yaml")
    column = pa.array([page.example.text for page in found], pa.large_string())
    done = clean_texts(column, load_cleaners(recipe.cleaners), ["-"] * len(found))
    return [
        replace(page, example=replace(page.example, text=text), removed=int(removed))
        for page, text, removed in zip(found, done.column.to_pylist(), done.removed, strict=True)
    ]


def scores(model: NgramModel, asked: Sequence[Page]) -> NDArray[np.float64]:
    """What a model says to each page."""
    return model.score(Texts(pa.array([page.example.text for page in asked], pa.large_string())))


def bad(asked: Sequence[Page]) -> NDArray[np.bool_]:
    """Which pages are dirt."""
    return np.array([page.example.bad for page in asked], np.bool_)


def learned(known: Sequence[Page]) -> NgramModel:
    """The model of these pages."""
    return train([page.example for page in known])


def lost_by_genre(asked: Sequence[Page], score: NDArray[np.float64]) -> list[tuple[str, ...]]:
    """For each genre of good background: texts, and the share above each threshold."""
    rows = []
    good = np.array([not page.example.bad and not page.example.labelled for page in asked])
    genre = np.array([page.genre for page in asked])
    counts = Counter(genre[good].tolist())
    for name, count in sorted(counts.items()):
        if count >= ENOUGH:
            chosen = score[good & (genre == name)]
            shares = (percent(float((chosen > limit).mean())) for limit in (0.5, 0.7, 0.9))
            rows.append((name, str(count), *shares))
    return rows


def across(known: list[Page], crawl: str) -> tuple[float, list[dict[str, float | None]]]:
    """AUC and curve for one crawl, by a model that never saw it."""
    asked = [page for page in known if page.origin == crawl]
    model = learned([page for page in known if page.origin != crawl])
    score = scores(model, asked)
    return ranking(bad(asked), score), curve(bad(asked), score)


def unknown_genres(known: list[Page]) -> NDArray[np.float64]:
    """
    What models that do not know the genre of a page say to it; nan for all but good background.

    The calibration of each is that of the whole: a slope and a shift on labelled pages alone.
    """
    settings = Settings()
    texts = [page.example.text for page in known]
    rows = matrix(Texts(pa.array(texts, pa.large_string())), settings)
    weight = np.array([page.example.weight for page in known])
    dirt = bad(known)
    genre = np.array([page.genre if not page.example.labelled else "" for page in known])
    whole, bias = fit(rows, dirt, weight, settings)
    calibrated = np.log(np.divide(*_odds(scores(learned(known), known))))
    slope, shift = np.polyfit(rows @ whole + bias, calibrated, 1)
    found = np.full(len(known), np.nan)
    for name in sorted(set(genre[~dirt]) - {""}):
        left = genre == name
        weights, bias = fit(rows[~left], dirt[~left], weight[~left], settings)
        found[left] = 1 / (1 + np.exp(-(slope * (rows[left] @ weights + bias) + shift)))
    return found


def _odds(probability: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return probability, 1 - probability


def speed(model: NgramModel, asked: Sequence[Page]) -> float:
    """MB of UTF-8 a second, one core, decoding included."""
    column = pa.array([page.example.text for page in asked], pa.large_string())
    best = 0.0
    for _ in range(5):
        begun = time.process_time()
        model.score(Texts(column))
        best = max(best, column.nbytes / 1e6 / (time.process_time() - begun))
    return best


def main() -> None:
    """Measure, print, and write the model where it is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--unseen", type=Path, help="write a model for the quality benchmark, only")
    parser.add_argument("--quick", action="store_true", help="leave out crawls and genres")
    given = parser.parse_args()
    found = pages(Path(given.corpus))
    if given.unseen:
        save(learned([page for page in found if not page.held_with_genre]), given.unseen)
        return
    known = [page for page in found if not page.held]
    held = [page for page in found if page.held]
    figures: dict[str, Any] = {}
    model = learned(known)
    print(json.dumps(model.about["texts"]), f"{speed(model, found):.0f} MB/s")
    tell("five folds of the known two thirds", model.about["unseen"]["curve"])
    print("AUC", model.about["unseen"]["auc"])
    score = scores(model, held)
    for name, origins in (
        ("held out, oscar", {"oscar"}),
        ("held out, register", {"register"}),
        ("held out, both", {"oscar", "register"}),
    ):
        place = [k for k, page in enumerate(held) if page.origin in origins]
        asked, part = bad([held[k] for k in place]), score[place]
        figures[name] = {"auc": round(ranking(asked, part), 4), "curve": curve(asked, part)}
        tell(f"{name}: {(~asked).sum()} good, {asked.sum()} bad", figures[name]["curve"])
        print("AUC", figures[name]["auc"])
    print("\nknown genres, held-out texts lost")
    head = ("genre", "texts", "> 0.5", "> 0.7", "> 0.9")
    table(head, lost_by_genre(held, score))
    if not given.quick:
        for crawl in ("register", "oscar"):
            auc, rows = across(found, crawl)
            figures[f"trained without {crawl}"] = {"auc": round(auc, 4), "curve": rows}
            tell(f"trained without {crawl}, asked about it", rows)
            print("AUC", round(auc, 4))
        print("\nunknown genre, texts lost")
        table(head, lost_by_genre(found, unknown_genres(found)))
    if given.out:
        told = {key: value for key, value in model.about.items() if key != "unseen"}
        save(with_figures(learned(found), held_out=figures, measured_on=told), given.out)


def tell(title: str, rows: list[dict[str, float | None]]) -> None:
    """A curve as a table."""
    print(f"\n{title}")
    head = ("keep up to", "precision", "recall", "bad caught")
    table(head, [["–" if one is None else f"{one:.3f}" for one in row.values()] for row in rows])


if __name__ == "__main__":
    main()
