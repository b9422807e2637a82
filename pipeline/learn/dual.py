"""
Logistic regression by inner products: for thousands of texts and many models of the same texts.

`logistic.fit` walks through all n-grams at every step. Here the inner products of all pairs of
texts are taken once, and each model after that, of any part of the texts, takes a second: cross-
validation and one genre left out at a time. Both find the same minimum, but for the bias, which is
a feature of its own here. (Newton's method with conjugate gradients in the space of the kernel;
Keerthi et al. 2005.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Matrix = NDArray[np.float32]
    Flags = NDArray[np.bool_]

CONSTANT = 20.0
"""Square of the feature that is the bias: so large that it is hardly held to zero."""

COMMON = 250
"""A bucket that more texts fall into is multiplied as part of a full matrix, which is faster."""

MOST_STEPS, MOST_INNER = 12, 25
"""Steps of Newton's method, and of conjugate gradients in each; ours stop after eight."""

ENOUGH = 1e-4
"""A step that lowers the loss by a smaller share is the last one."""


def products(rows: Any, fewest: int) -> Matrix:
    """
    Inner products of all pairs of rows of a sparse matrix (n × n).

    Columns that fewer than `fewest` rows have are left out.
    """
    from scipy.sparse import csr_array

    having = np.bincount(rows.indices, minlength=rows.shape[1])
    full = rows[:, np.flatnonzero(having > COMMON)].toarray().astype(np.float32)
    found: Matrix = full @ full.T
    rare = csr_array(rows[:, np.flatnonzero((having >= fewest) & (having <= COMMON))])
    found += (rare @ rare.T).toarray().astype(np.float32)
    return found


def fit(inner: Matrix, bad: Flags, weight: Floats, strength: float) -> NDArray[np.float32]:
    """
    What each text adds to the model: the weights are their sum over texts of these times rows.

    Minimises Σ strength · weight/mean · log(1 + exp(∓f)) + |w|²/2 with f = (inner + CONSTANT) · a.
    """
    kernel = inner + np.float32(CONSTANT)
    sign = np.where(bad, 1, -1).astype(np.float32)
    relative = (strength * weight / weight.mean()).astype(np.float32)
    part = np.zeros(bad.size, np.float32)
    odds = np.zeros(bad.size, np.float32)

    def loss(part: Any, odds: Any) -> float:
        return float((relative * np.logaddexp(0, -sign * odds)).sum() + 0.5 * (part @ odds))

    before = loss(part, odds)
    for _ in range(MOST_STEPS):
        doubt = 1 / (1 + np.exp(np.clip(sign * odds, -40, 40)))
        step, moved = _newton(
            kernel, relative * doubt * (1 - doubt), -(part - relative * sign * doubt)
        )
        length = 1.0
        while length > 1e-3 and loss(part + length * step, odds + length * moved) > before:
            length /= 2
        part = part + np.float32(length) * step
        odds = odds + np.float32(length) * moved
        after = loss(part, odds)
        if before - after < ENOUGH * abs(before):
            break
        before = after
    return part


def _newton(kernel: Matrix, curve: Any, downhill: Any) -> tuple[Any, Any]:
    """Solve (1 + curve · kernel) step = downhill; the step, and kernel @ step."""
    step, moved = np.zeros_like(downhill), np.zeros_like(downhill)
    left = downhill.copy()
    reach = kernel @ left
    way, along = left.copy(), reach.copy()
    size = first = float(left @ reach)
    for _ in range(MOST_INNER):
        if size <= ENOUGH * first:
            break
        turned = way + curve * along
        length = np.float32(size / max(float(turned @ along), 1e-12))
        step += length * way
        moved += length * along
        left -= length * turned
        reach = kernel @ left
        now = float(left @ reach)
        ratio = np.float32(now / size)
        way, along, size = left + ratio * way, reach + ratio * along, now
    return step, moved
