"""Charts: a histogram as SVG, with the limits drawn in. Numbers in, markup out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from seimai.pipeline.report.markup import count, number, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seimai.pipeline.recipe import Limit
    from seimai.pipeline.report.histogram import Scale, View

WIDTH, HEIGHT = 360, 128
"""The drawing, in its own units; the page stretches it to the width of its column."""

TOP, BOTTOM = 18, 20
"""Room for the labels of limits above and of the axis below."""

ZERO_ROOM = 26
"""Width of the bar for zero and its gap on a logarithmic axis."""

SPIKE = 2.5
"""A bar that is this many times as high as the second is cut, so that the rest can be seen."""

_LABEL_ROOM = 60
"""Closer labels than this would touch each other."""


def histogram_svg(view: View, limit: Limit | None) -> str:
    """
    The drawing of a view.

    Numbers also stand in the caption, so that a screen reader loses nothing by skipping it.
    """
    left = ZERO_ROOM if view.zero[0] else 0
    base = HEIGHT - BOTTOM

    def across(place: float) -> float:
        return left + (place - view.low) / (view.high - view.low) * (WIDTH - left)

    top = _top(view)
    parts = list(_outside(view, limit, across))
    bars = [(across(a), across(b)) for a, b in zip(view.edges[:-1], view.edges[1:], strict=True)]
    heights = list(zip(bars, view.all.tolist(), view.kept.tolist(), strict=True))
    if left:
        heights.append(((0.0, left - 8.0), *view.zero))
    parts.append(_bars("bar-all", [(box, whole) for box, whole, _ in heights], top))
    parts.append(_bars("bar-kept", [(box, kept) for box, _, kept in heights], top))
    total = max(int(view.all.sum()) + view.zero[0], 1)
    parts.append(f'<path class="axis" d="M0 {base + 0.5}H{WIDTH}"/>')
    parts += _axis(view, across, zero=bool(left))
    parts += _limit_lines(view, limit, across)
    parts += [_spike(box, whole / total) for box, whole, _ in heights if whole > top]
    return (
        f'<svg class="histogram" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def _top(view: View) -> float:
    """The count that fills the height: the highest bar, or less where it dwarfs all others."""
    counts = sorted([*view.all.tolist(), view.zero[0]])
    highest, second = counts[-1], counts[-2]
    return float(second * SPIKE / 2 if second and highest > second * SPIKE else highest)


def _bars(kind: str, heights: list[tuple[tuple[float, float], int]], top: float) -> str:
    """All bars of one colour as one path: a page holds some thousands of them."""
    base, room = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    steps = []
    for (start, end), texts in heights:
        if not texts:
            continue
        # A single text is still to be seen.
        high = max(min(texts / top, 1.0) * room, 0.8)
        gap = 0.6 if end - start > 3 else 0.0
        steps.append(f"M{start:.1f} {base}v{-high:.1f}h{end - start - gap:.1f}v{high:.1f}z")
    return f'<path class="{kind}" d="{"".join(steps)}"/>'


def _spike(box: tuple[float, float], share: float) -> str:
    """The mark of a bar that was cut, and the share of texts it really holds."""
    start, end = box
    anchor, at = ("end", start - 3) if start > WIDTH / 2 else ("start", end + 3)
    return (
        f'<path class="cut" d="M{start - 1.5:.1f} {TOP + 9}l{end - start + 3:.1f} -4"/>'
        f'<text class="share" x="{at:.1f}" y="{TOP + 8}" text-anchor="{anchor}">'
        f"{percent(share)}</text>"
    )


# --- limits --------------------------------------------------------------------------------


def _outside(view: View, limit: Limit | None, across: Callable[[float], float]) -> Iterator[str]:
    """The zones outside of the limits, behind the bars."""
    if limit is None:
        return
    room = HEIGHT - BOTTOM - TOP
    for bound, at in (("min", limit.min), ("max", limit.max)):
        if at is None:
            continue
        x = _bound_at(view, at, across)
        start, end = (0.0, x) if bound == "min" else (x, float(WIDTH))
        yield (
            f'<rect class="outside" x="{start:.1f}" y="{TOP}" width="{end - start:.1f}" '
            f'height="{room}"/>'
        )


def _limit_lines(
    view: View, limit: Limit | None, across: Callable[[float], float]
) -> Iterator[str]:
    if limit is None:
        return
    for bound, at in (("min", limit.min), ("max", limit.max)):
        if at is None:
            continue
        x = _bound_at(view, at, across)
        sign = "≥" if bound == "min" else "≤"
        near_left, near_right = x < _LABEL_ROOM / 2, x > WIDTH - _LABEL_ROOM / 2
        anchor = "start" if near_left else "end" if near_right else "middle"
        yield f'<path class="limit" d="M{x:.1f} {TOP - 4}V{HEIGHT - BOTTOM}"/>'
        yield (
            f'<text class="limit-label" x="{x:.1f}" y="{TOP - 7}" text-anchor="{anchor}">'
            f"{sign} {number(at)}</text>"
        )


def _bound_at(view: View, at: float, across: Callable[[float], float]) -> float:
    if view.scale.kind == "log" and at <= 0:
        return 0.0
    return min(max(across(_place(view.scale, at)), 0.0), float(WIDTH))


def _place(scale: Scale, value: float) -> float:
    if scale.kind == "log":
        return math.log10(value)
    return math.asinh(value) if scale.kind == "signed" else value


# --- axis ----------------------------------------------------------------------------------


def _axis(view: View, across: Callable[[float], float], *, zero: bool) -> Iterator[str]:
    if zero:
        yield _tick((ZERO_ROOM - 8) / 2, "0")
    last = float(ZERO_ROOM - _LABEL_ROOM / 3) if zero else -math.inf
    for value in _ticks(view):
        x = across(_place(view.scale, value))
        if x - last < _LABEL_ROOM / 1.6:
            continue
        last = x
        yield _tick(x, _short(value))


def _tick(x: float, label: str) -> str:
    anchor = "start" if x < 10 else "end" if x > WIDTH - 10 else "middle"
    base = HEIGHT - BOTTOM
    return (
        f'<path class="axis" d="M{x:.1f} {base}v4"/>'
        f'<text class="tick" x="{x:.1f}" y="{HEIGHT - 4}" text-anchor="{anchor}">{label}</text>'
    )


def _ticks(view: View) -> list[float]:
    """Round numbers along the axis, from left to right."""
    scale = view.scale
    low, high = scale.value(view.low), scale.value(view.high)
    if scale.kind == "linear":
        step = _round_step((high - low) / 6)
        first = math.ceil(low / step - 1e-9)
        return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]
    if scale.kind == "log":
        decades = range(math.floor(view.low), math.ceil(view.high) + 1)
        few = view.high - view.low < 2.2
        found = [m * 10.0**k for k in decades for m in ((1, 2, 5) if few else (1,))]
    else:
        most = max(abs(low), abs(high), 1.0)
        powers = [10.0**k for k in range(math.ceil(math.log10(most)) + 1)]
        found = sorted([*(-power for power in powers), 0.0, *powers])
    slack = 1e-9
    return [value for value in found if low * (1 - slack) <= value <= high * (1 + slack)]


def _round_step(step: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * m for m in (1, 2, 5, 10) if power * m >= step * 0.999)


def _short(value: float) -> str:
    """A number for the axis: `20k` for 20,000."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.999:
            return f"{value / size:.3g}{letter}"
    return f"{value:.6g}" if value < 1000 else count(value)
