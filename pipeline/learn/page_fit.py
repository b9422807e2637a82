"""The parts of a model of `pages.py` while it is made: landmarks, their features, the weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline.learn.dual import CONSTANT
from seimai.pipeline.learn.model import quantised
from seimai.pipeline.learn.pages import STEPS, Landmarks, PageModel, nearness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.learn.logistic import Settings

    Floats = NDArray[np.float64]

QUANTILES = 129
"""Numbers of a signal that are kept to tell a rank: a step is less than one percent."""

SAY = 2.0
"""How much the numbers count beside the n-grams; 1, 2 and 4 were tried in cross-validation."""

LEAST_EIGENVALUE = 1e-4
"""Directions in which the landmarks hardly differ are left out: they would be noise."""


def placed(
    numbers: Floats, centres: NDArray[np.intp], signals: dict[str, int]
) -> tuple[Landmarks, Floats]:
    """
    Landmarks at the chosen rows of `numbers` (n × s), without weights yet, and all ranks.

    `signals` are the names of the columns with their versions. The spread is the median distance
    of a text to a landmark: no number is tuned to the texts.
    """
    quantiles = np.stack([_quantiles(column) for column in numbers.T])
    bare = Landmarks(
        tuple(signals), tuple(signals.values()), quantiles,
        np.zeros((centres.size, numbers.shape[1]), np.int8), np.zeros(centres.size), 1.0,
    )  # fmt: skip
    ranks = bare.ranked(numbers)
    stored = np.rint(ranks[centres] * STEPS).astype(np.int8)
    around = -np.log(nearness(ranks, stored / STEPS, 1.0))
    spread = float(np.median(around))
    return (
        Landmarks(bare.signals, bare.versions, quantiles, stored, bare.weights, spread),
        ranks,
    )


def _quantiles(column: Floats) -> NDArray[np.float32]:
    measured = column[~np.isnan(column)].astype(np.float32)
    if not measured.size:
        return np.zeros(QUANTILES, np.float32)
    return np.quantile(measured, np.linspace(0, 1, QUANTILES), method="inverted_cdf").astype(
        np.float32
    )


def whitened(landmarks: Landmarks) -> Floats:
    """
    A matrix that turns nearness to landmarks into features of equal say (m × at most m).

    The inner products of these features are those of the kernel itself between landmarks, so an
    L2 penalty on their weights is the penalty of the kernel (Nyström).
    """
    centres = landmarks.ranks.astype(np.float64) / STEPS
    value, vector = np.linalg.eigh(nearness(centres, centres, landmarks.spread))
    chosen = value > LEAST_EIGENVALUE
    turned: Floats = vector[:, chosen] / np.sqrt(value[chosen])
    return turned


def features(landmarks: Landmarks, ranks: Floats) -> Floats:
    """The features of texts (n × s ranks) that nearness to landmarks makes (n × at most m)."""
    made: Floats = np.sqrt(SAY) * (landmarks.near(ranks) @ whitened(landmarks))
    return made


def weights_of(
    rows: Any, made: Floats, landmarks: Landmarks, part: NDArray[np.float32], fewest: int
) -> tuple[Floats, Floats, float]:
    """
    Weights of n-grams (2^bits) and of landmarks (m), and the bias, of a model in its dual form.

    `part` is what each text adds (`dual.fit` of the inner products of `rows` and of `made`).
    """
    weights = rows.T @ part.astype(np.float64)
    weights[np.bincount(rows.indices, minlength=rows.shape[1]) < fewest] = 0
    says = np.sqrt(SAY) * (whitened(landmarks) @ (made.T @ part.astype(np.float64)))
    return weights, says, CONSTANT * float(part.sum())


def model_of(
    weights: Floats, landmarks: Landmarks, says: Floats, bias: float, settings: Settings,
    calibration: tuple[float, float], about: dict[str, Any],
) -> PageModel:  # fmt: skip
    """The model that scores: calibrated, its n-grams rounded to 16 bits."""
    slope, shift = calibration
    grams = quantised(slope * weights, slope * bias + shift, settings.window, settings.order, about)
    return PageModel(
        grams,
        Landmarks(
            landmarks.signals, landmarks.versions, landmarks.quantiles, landmarks.ranks,
            slope * says, landmarks.spread,
        ),
    )  # fmt: skip
