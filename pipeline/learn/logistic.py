"""Logistic regression on hashed n-grams: the matrix, the fit, calibration, and figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline import kernels
from seimai.pipeline.learn.views import VIEWS, symbols_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.text import Texts

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

MOST_STEPS = 200
"""Most steps of the optimiser; ours stops after about fifty."""

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Thresholds for which precision and recall are reported."""


@dataclass(frozen=True)
class Settings:
    """What the training may choose; the defaults are those of `quality.dirt_score`."""

    bits: int = 18
    """2^18 buckets: half a million n-grams share them with little harm."""
    window: int = 500
    order: int = 3
    """Longest n-grams, 1 to 4 characters. Three ranked unseen pages best; see
    filters/data/dirt_score.md."""
    strength: float = 2.0
    """How far the data may pull the weights from zero (1 / L2); less makes scores more cautious."""
    fewest: int = 5
    """A bucket that fewer texts fall into keeps weight zero: it could only learn these texts."""


def matrix(texts: Texts, settings: Settings) -> Any:
    """
    One row per text: √(occurrences) of each bucket, every view of Euclidean length 1.

    A `scipy.sparse.csr_array` of 2^bits columns. √ makes the length of a row the root of its
    number of n-grams, which is why the kernel that scores needs no second pass.
    """
    from scipy.sparse import csr_array

    size = 1 << settings.bits
    total = csr_array((len(texts), size), dtype=np.float64)
    for view in VIEWS:
        symbols, first = symbols_of(texts, view)
        bucket, _, _, start = kernels.ngrams.list_ngrams(
            symbols, first, settings.window, settings.order, np.uint64(view.salt), settings.bits
        )
        number = np.maximum(np.diff(start), 1)  # before scipy writes into `start`
        counts = csr_array((np.ones(bucket.size), bucket, start), shape=(len(texts), size))
        counts.sum_duplicates()
        counts.data = np.sqrt(counts.data / np.repeat(number, np.diff(counts.indptr)))
        total = total + counts
    return total


def fit(rows: Any, bad: Flags, weight: Floats, settings: Settings) -> tuple[Floats, float]:
    """
    Weights per column and a bias that minimise the L2-regularised logistic loss.

    `weight` per row is relative: only ratios matter. L-BFGS from zero, without any randomness.
    """
    from scipy.optimize import minimize

    common = np.bincount(rows.indices, minlength=rows.shape[1]) >= settings.fewest
    columns = np.flatnonzero(common)
    used = rows[:, columns]
    turned = used.T.tocsr()
    sign = np.where(bad, 1.0, -1.0)
    relative = settings.strength * weight / weight.mean()

    def loss(values: Floats) -> tuple[float, Floats]:
        weights, bias = values[:-1], values[-1]
        margin = -sign * (used @ weights + bias)
        pull = -relative * sign / (1 + np.exp(-np.clip(margin, -40, 40)))
        value = (relative * np.logaddexp(0, margin)).sum() + weights @ weights / 2
        return float(value), np.append(turned @ pull + weights, pull.sum())

    found = minimize(
        loss,
        np.zeros(columns.size + 1),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MOST_STEPS, "ftol": 1e-6, "gtol": 1e-3},
    ).x
    weights = np.zeros(rows.shape[1])
    weights[columns] = found[:-1]
    return weights, float(found[-1])


def calibrate(odds: Floats, bad: Flags) -> tuple[float, float]:
    """
    Slope and shift that make scores of unseen texts log-odds (Platt's method, with his targets).

    The targets are a little inside 0 and 1, so that a perfect ranking does not give certainty.
    """
    from scipy.optimize import minimize

    good = ~bad
    target = np.where(bad, (bad.sum() + 1) / (bad.sum() + 2), 1 / (good.sum() + 2))

    def loss(values: Floats) -> tuple[float, Floats]:
        z = values[0] * odds + values[1]
        off = 1 / (1 + np.exp(-np.clip(z, -40, 40))) - target
        return float((np.logaddexp(0, z) - target * z).sum()), np.array([off @ odds, off.sum()])

    slope, shift = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B").x
    return float(max(slope, 0.0)), float(shift)


def ranking(bad: Flags, score: Floats) -> float:
    """
    AUC: how often a bad text scores above a good one, ties counting half; nan without both.

    >>> ranking(np.array([True, True, False, False]), np.array([0.9, 0.4, 0.4, 0.1]))
    0.875
    """
    order = np.sort(score[~bad])
    wins = np.searchsorted(order, score[bad], "left") + np.searchsorted(order, score[bad], "right")
    pairs = int(bad.sum()) * int((~bad).sum())
    return float(wins.sum() / (2 * pairs)) if pairs else float("nan")


def curve(bad: Flags, score: Floats) -> list[dict[str, float | None]]:
    """
    Precision, recall and the share of bad texts caught, for each threshold.

    The figures are those of keeping every text with at most that score; None where there is nothing
    to divide by.
    """
    rows: list[dict[str, float | None]] = []
    for threshold in THRESHOLDS:
        kept = score <= threshold
        good_kept = int((kept & ~bad).sum())
        rows.append(
            {
                "threshold": threshold,
                "precision": _ratio(good_kept, int(kept.sum())),
                "recall": _ratio(good_kept, int((~bad).sum())),
                "caught": _ratio(int((~kept & bad).sum()), int(bad.sum())),
            }
        )
    return rows


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
