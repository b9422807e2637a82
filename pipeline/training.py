"""
Training: labelled texts in, a model and what it is worth out.

Three kinds of files. `labels` are what the model is for: texts of the very source that it will
judge, each with a `label` (keep or drop). `good` and `bad` are background: clean texts of many
genres, so that the model does not take a genre that the labels lack for dirt, and plain rubbish.
The figures are of texts that the model which scored them had not seen (five folds, by a hash of
the text), and on labels alone where there are any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import xxhash

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest import Document, ReadOptions, find_inputs, read
from seimai.pipeline.learn.logistic import Settings, calibrate, curve, fit, matrix, ranking
from seimai.pipeline.learn.model import NgramModel, quantised
from seimai.pipeline.text import Texts

FOLDS = 5
"""Parts of the texts, each of which is scored by a model of the others."""

LABEL_WEIGHT = 6.0
"""A label of the source itself counts as much as six texts of the background."""

FEWEST = 20
"""With fewer good or bad texts than this nothing is learned."""

WORDS = {"keep": False, "good": False, "drop": True, "bad": True}
"""What a `label` may say; anything else, such as `borderline`, is left out."""

Kind = Literal["good", "bad", "labels"]


@dataclass(frozen=True)
class Example:
    """A text to learn from, with its label and weight."""

    text: str
    bad: bool
    weight: float = 1.0
    labelled: bool = False
    """Whether it is of the source that the model is for: only these decide calibration and
    figures."""


def examples(files: Sequence[str], kind: Kind) -> Iterator[Example]:
    """
    The texts of files in any format that Seimai reads.

    A record may have a `weight` (1 is usual); records of `labels` have a `label`.
    """
    found = labelled = 0
    for one in find_inputs(files):
        for item in read(one, ReadOptions()):
            if not isinstance(item, Document) or not item.text.strip():
                continue
            found += 1
            columns = item.extra or {}
            weight = _weight(columns.get("weight"), f"{one.key}{item.place}")
            if kind != "labels":
                yield Example(item.text, kind == "bad", weight)
            elif (said := str(columns.get("label", "")).lower()) in WORDS:
                labelled += 1
                yield Example(item.text, WORDS[said], LABEL_WEIGHT * weight, labelled=True)
    if files and not found:
        raise Problem("M003", files=", ".join(files))
    if files and kind == "labels" and not labelled:
        raise Problem("M004", files=", ".join(files), known=", ".join(WORDS))


def _weight(value: Any, place: str) -> float:
    if value is None:
        return 1.0
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
    if not 0 <= number <= 1e6:
        raise Problem("M005", place=place, got=str(value)[:40])
    return float(number)


def train(
    texts: Sequence[Example], settings: Settings | None = None, about: dict[str, Any] | None = None
) -> NgramModel:
    """
    The model of these examples; `about` of the model holds how it was made and its figures.

    The same examples in the same order give the same model.
    """
    settings = settings or Settings()
    texts = [one for one in texts if one.weight > 0]
    bad = np.array([one.bad for one in texts], np.bool_)
    if min(int(bad.sum()), int((~bad).sum())) < FEWEST:
        raise Problem("M006", good=int((~bad).sum()), bad=int(bad.sum()), fewest=FEWEST)
    weight = np.array([one.weight for one in texts])
    rows = matrix(Texts(pa.array([one.text for one in texts], pa.large_string())), settings)
    unseen = unseen_odds(rows, bad, weight, [one.text for one in texts], settings)
    labelled = np.array([one.labelled for one in texts], np.bool_)
    judged = labelled if both(bad[labelled]) else np.ones(bad.size, np.bool_)
    slope, shift = calibrate(unseen[judged], bad[judged])
    score = 1 / (1 + np.exp(-(slope * unseen + shift)))
    weights, bias = fit(rows, bad, weight, settings)
    figures = {
        "auc": round(ranking(bad[judged], score[judged]), 4),
        "curve": curve(bad[judged], score[judged]),
        "background": [
            {"threshold": row["threshold"], "good_kept": row["recall"]}
            for row in curve(bad[~judged], score[~judged])
            if row["recall"] is not None
        ],
    }
    counts = {
        "good": int((~bad).sum()),
        "bad": int(bad.sum()),
        "labelled_good": int((labelled & ~bad).sum()),
        "labelled_bad": int((labelled & bad).sum()),
    }
    told = {**(about or {}), "settings": asdict(settings), "texts": counts, "unseen": figures}
    return quantised(slope * weights, slope * bias + shift, settings.window, settings.order, told)


def unseen_odds(
    rows: Any,
    bad: np.typing.NDArray[np.bool_],
    weight: np.typing.NDArray[np.float64],
    texts: Sequence[str],
    settings: Settings,
) -> np.typing.NDArray[np.float64]:
    """For each text the log-odds of a model that was trained without its fold."""
    fold = np.array([xxhash.xxh3_64_intdigest(text.encode()) % FOLDS for text in texts])
    odds = np.zeros(bad.size)
    for number in range(FOLDS):
        held = fold == number
        if held.any() and both(bad[~held]):
            weights, bias = fit(rows[~held], bad[~held], weight[~held], settings)
            odds[held] = rows[held] @ weights + bias
    return odds


def both(bad: np.typing.NDArray[np.bool_]) -> bool:
    """Whether there are good and bad ones among them."""
    return bool(bad.any() and not bad.all())


def with_figures(model: NgramModel, **told: Any) -> NgramModel:
    """The model with more to tell about it."""
    return replace(model, about={**model.about, **told})
