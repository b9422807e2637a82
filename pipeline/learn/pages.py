"""
A score of a page from two sides: its n-grams, and the numbers that our signals give it.

The n-grams are those of `model.py`. The numbers become ranks among the texts of the training, so
that one wild value weighs no more than another, and what is like a page is told by its distance to
some hundred *landmarks*, which are the ranks of training texts: many recruiting words mean little
among full sentences and much among bare nouns, which no sum over signals can say. A landmark is a
row of ranks, so no text can be read back from it. (Radial basis functions on chosen centres:
Broomhead and Lowe 1988; the centres are weighed as Nyström's method does, in `page_fit.py`.)
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline import kernels
from seimai.pipeline.errors import Problem
from seimai.pipeline.learn import model as ngrams
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.signal import Signal

    Floats = NDArray[np.float64]

FORMAT = "seimai pages 1"
"""What the file says it is; the number rises when the same weights would score differently."""

STEPS = 254
"""Ranks of landmarks are kept in 255 steps, one byte each."""

MOST_LANDMARKS = 4096
MOST_SIGNALS = 512
"""Most signals of a model; more is a damaged or hostile file."""

LEAST_PART = 0.005
"""Log-odds below which a signal is not named as a reason."""

MOST_NAMED = 6
"""At most this many signals, and as many n-grams, are named in an explanation."""


@dataclass(frozen=True)
class Landmarks:
    """What is learned of the numbers of signals; `m` landmarks, `s` signals."""

    signals: tuple[str, ...]
    versions: tuple[int, ...]
    """Versions of these signals; in another version the numbers mean something else."""
    quantiles: NDArray[np.float32]
    """s × q, ascending: the numbers of each signal among the texts of the training."""
    ranks: NDArray[np.int8]
    """m × s: the landmarks, -127 for the lowest rank, 127 for the highest."""
    weights: NDArray[np.float64]
    """m: what it adds to the log-odds to be where the landmark is."""
    spread: float
    """The squared distance at which a landmark has lost all but 1/e of its say."""

    def ranked(self, numbers: Floats) -> Floats:
        """The ranks of numbers (n × s), -0.5 to 0.5; the middle where nothing was measured."""
        found = np.zeros(numbers.shape)
        for k, known in enumerate(self.quantiles):
            values = numbers[:, k].astype(np.float32)
            below = np.searchsorted(known, values, "left")
            upto = np.searchsorted(known, values, "right")
            found[:, k] = np.where(np.isnan(values), 0, (below + upto) / (2 * known.size) - 0.5)
        return found

    def near(self, ranks: Floats) -> Floats:
        """How near each text (n × s ranks) is to each landmark: n × m, 1 where it is."""
        return nearness(ranks, self.ranks.astype(np.float64) / STEPS, self.spread)

    def odds(self, ranks: Floats) -> Floats:
        """What the numbers of each text add to its log-odds."""
        added: Floats = (self.near(ranks) * self.weights).sum(1)
        return added


def nearness(ranks: Floats, centres: Floats, spread: float) -> Floats:
    """
    exp(-squared distance / spread) of each row of ranks to each centre.

    >>> nearness(np.array([[0.0, 0.5]]), np.array([[0.0, 0.5], [0.0, -0.5]]), 1.0).round(2)
    array([[1.  , 0.37]])
    """
    square: Floats = kernels.distances.squared(
        np.ascontiguousarray(ranks), np.ascontiguousarray(centres.T)
    )
    near: Floats = np.exp(-square / spread)
    return near


@dataclass(frozen=True)
class PageModel:
    """N-grams and landmarks together; the log-odds of both are added."""

    ngrams: ngrams.NgramModel
    landmarks: Landmarks

    def numbers(self, texts: Texts, signals: Mapping[str, Signal], *, words: bool = True) -> Floats:
        """
        The numbers of each text that the landmarks look at.

        Those that an earlier stage measured and carried along are taken as they are. Without
        `words`, nan for the signals that need tokens.
        """
        nothing = np.full(len(texts), np.nan)

        def column(name: str) -> NDArray[Any]:
            if texts.carries(name):
                return texts.carried(name)
            return signals[name](texts) if words or signals[name].needs == "characters" else nothing

        return np.column_stack([column(name) for name in self.landmarks.signals]).astype(np.float64)

    def score(self, texts: Texts, signals: Mapping[str, Signal]) -> Floats:
        """The probability per text; nan where no n-gram could be looked at."""
        if not len(texts):
            return np.zeros(0)
        ranks = self.landmarks.ranked(self.numbers(texts, signals))
        return ngrams.logistic(self.ngrams.odds(texts) + self.landmarks.odds(ranks))

    def contributions(self, text: str, signals: Mapping[str, Signal]) -> list[tuple[str, float]]:
        """
        What moved the score of a text the most: signals with their numbers, then n-grams.

        Of a signal it is told how the log-odds would fall if the text were in its middle rank.
        Signals on words are left out: nobody parses a text for its explanation.
        """
        numbers = self.numbers(Texts.of(text), signals, words=False)
        ranks = self.landmarks.ranked(numbers)
        without = np.repeat(ranks, ranks.shape[1], axis=0)
        np.fill_diagonal(without, 0.0)
        part = self.landmarks.odds(ranks) - self.landmarks.odds(without)
        named = [
            (f"{name} {number:.3g}", share)
            for name, number, share in zip(
                self.landmarks.signals, numbers[0].tolist(), part.tolist(), strict=True
            )
            if abs(share) >= LEAST_PART and not math.isnan(number)
        ]
        named.sort(key=lambda item: (-abs(item[1]), item[0]))
        return named[:MOST_NAMED] + self.ngrams.contributions(text, most=MOST_NAMED)


def packed(model: PageModel) -> bytes:
    """The bytes of a model's file: a numpy archive without pickles, always the same."""
    file = io.BytesIO()
    told = {
        "about": model.ngrams.about,
        "signals": model.landmarks.signals,
        "versions": model.landmarks.versions,
    }
    np.savez_compressed(
        file,
        format=np.array(FORMAT),
        weights=model.ngrams.weights,
        numbers=np.array(
            [model.ngrams.scale, model.ngrams.bias, model.landmarks.spread], np.float64
        ),
        shape=np.array([model.ngrams.window, model.ngrams.order], np.int64),
        quantiles=model.landmarks.quantiles,
        ranks=model.landmarks.ranks,
        landmarks=model.landmarks.weights,
        told=np.array(json.dumps(told, ensure_ascii=False, sort_keys=True)),
    )
    return file.getvalue()


def read(data: bytes, path: Path) -> PageModel:
    """The model in the bytes of a file; a file that is none is a `Problem` that names `path`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            ngrams.bounded(sum(one.file_size for one in archive.infolist()), path)
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            kind = str(file["format"])
            parts = {name: np.ascontiguousarray(file[name]) for name in file.files}
        scale, bias, spread = map(float, parts["numbers"])
        window, order = map(int, parts["shape"])
        told: dict[str, Any] = json.loads(parts["told"].item())
        model = PageModel(
            ngrams.NgramModel(parts["weights"], scale, bias, window, order, told["about"]),
            Landmarks(
                tuple(told["signals"]),
                tuple(told["versions"]),
                parts["quantiles"],
                parts["ranks"],
                parts["landmarks"],
                spread,
            ),
        )
    except Problem:
        raise
    except Exception as error:
        cause = f"{type(error).__name__}: {error}"[:200]
        raise Problem("M002", path=str(path), cause=cause) from error
    if kind != FORMAT or not ngrams.sound(model.ngrams) or not _sound(model.landmarks):
        raise Problem("M002", path=str(path), cause=f"it is not of the kind {FORMAT!r}, or damaged")
    return model


def _sound(landmarks: Landmarks) -> bool:
    """Whether all parts have the sizes and types that they should have."""
    m, s = landmarks.weights.size, len(landmarks.signals)
    return (
        0 < m <= MOST_LANDMARKS
        and 0 < s <= MOST_SIGNALS
        and len(landmarks.versions) == s
        and landmarks.ranks.shape == (m, s)
        and landmarks.ranks.dtype == np.int8
        and landmarks.weights.shape == (m,)
        and landmarks.quantiles.ndim == 2
        and landmarks.quantiles.shape[0] == s
        and landmarks.quantiles.shape[1] > 0
        and bool(np.isfinite(landmarks.weights).all())
        and math.isfinite(landmarks.spread)
        and landmarks.spread > 0
    )
