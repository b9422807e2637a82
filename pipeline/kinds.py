"""
Kinds: topics, or kinds of page, from labelled texts: a linear score for each, and how they err.

Each kind has a model against all others, of the sort that `training.py` makes. A text is of the
kind that scores highest, and of none where no score reaches `LEAST`: most of the web is of no kind
that anybody has labelled. The confusion is of texts that the models which judged them had not
seen (five folds, by a hash of the text). No model comes along: what texts are about is not ours
to say, and honest labels of many sources are not to be had.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest import Document, ReadOptions, find_inputs, read
from seimai.pipeline.learn.logistic import Settings, calibrate, fit, matrix
from seimai.pipeline.learn.model import NgramModel, quantised
from seimai.pipeline.text import Texts
from seimai.pipeline.training import FEWEST, unseen_odds

LEAST = 0.5
"""A kind is believed when its own model thinks it likelier than not."""

COLUMN = "kind"

UNKNOWN = "unknown"
"""No kind; records that say so, or nothing, are texts of none of the kinds."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Labelled(NamedTuple):
    """A text with the kind that somebody has given it."""

    text: str
    kind: str


class Kinds(NamedTuple):
    """A learned model of kinds of texts."""

    models: dict[str, NgramModel]
    """One model per kind, in the order of their names."""
    confusion: dict[str, dict[str, int]]
    """For each kind that texts have, how many were taken for which; `unknown` among both."""


def labelled(files: Sequence[str]) -> list[Labelled]:
    """The texts of files in any format that Seimai reads, by their column `kind`."""
    found = []
    for one in find_inputs(files):
        for item in read(one, ReadOptions()):
            if not isinstance(item, Document) or not item.text.strip():
                continue
            kind = str((item.extra or {}).get(COLUMN) or UNKNOWN)
            if not _NAME.fullmatch(kind):
                raise Problem("M010", place=f"{one.key}{item.place}", got=kind[:40])
            found.append(Labelled(item.text, kind))
    if not found:
        raise Problem("M003", files=", ".join(files))
    return found


def train_kinds(texts: Sequence[Labelled], settings: Settings | None = None) -> Kinds:
    """
    A model for each kind of these texts, and the confusion of them all.

    Raises `Problem` M011 where there are fewer than two kinds of `FEWEST` texts each. The same
    texts in the same order give the same models.
    """
    settings = settings or Settings()
    kinds = sorted({one.kind for one in texts} - {UNKNOWN})
    counts = {kind: sum(one.kind == kind for one in texts) for kind in kinds}
    if len(kinds) < 2 or min(counts.values()) < FEWEST:
        told = ", ".join(f"{kind} {count}" for kind, count in counts.items()) or "–"
        raise Problem("M011", counts=told, fewest=FEWEST)
    words = [one.text for one in texts]
    rows = matrix(Texts(pa.array(words, pa.large_string())), settings)
    said = np.array([one.kind for one in texts])
    weight = np.ones(said.size)
    scores = np.zeros((len(kinds), said.size))
    fitted = {}
    for k, kind in enumerate(kinds):
        own = said == kind
        unseen = unseen_odds(rows, own, weight, words, settings)
        slope, shift = calibrate(unseen, own)
        scores[k] = 1 / (1 + np.exp(-np.clip(slope * unseen + shift, -40, 40)))
        weights, bias = fit(rows, own, weight, settings)
        fitted[kind] = (slope * weights, slope * bias + shift)
    best = scores.argmax(axis=0)
    taken = np.where(scores.max(axis=0) >= LEAST, np.array(kinds)[best], UNKNOWN)
    confusion = {
        kind: {other: int(((said == kind) & (taken == other)).sum()) for other in [*kinds, UNKNOWN]}
        for kind in [*kinds, *([UNKNOWN] if (said == UNKNOWN).any() else [])]
    }
    about: dict[str, Any] = {"texts": counts, "confusion": confusion, "least": LEAST}
    models = {
        kind: quantised(*fitted[kind], settings.window, settings.order, {"kind": kind, **about})
        for kind in kinds
    }
    return Kinds(models, confusion)
