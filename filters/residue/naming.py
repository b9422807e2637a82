"""
What the lines are that the cleaner takes out, in a word: for people, who ask of single texts.

The weighing needs no names, only numbers; a name says which part of the evidence spoke loudest.
A line of which nothing speaks for itself went because of the lines around it, by the rules or,
where they would have left it, by the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seimai.filters.residue.forms import forms_of
from seimai.filters.residue.heads import heads_of
from seimai.filters.residue.opinion import opinions
from seimai.filters.residue.shapes import is_choices, is_crumbs, is_stamp, line_ends
from seimai.filters.residue.weighing import (
    BORDER,
    EDGE,
    HEADLINE,
    MADE,
    SHORTEST_TEASER,
    Rules,
    weighed,
)
from seimai.pipeline import kernels
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Singles

AROUND = "around"
"""The kind of all lines that have no name of their own."""


def kinds_of(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """For each of the spans, which are lines of the text, the key of a word for it."""
    if not spans:
        return []
    texts = Texts.of(text)
    lines = texts.lines
    length = lines.length
    rules, seen = weighed(texts)
    shape, found = seen.shape, seen.found
    dense = (shape.signs * 16 >= length) & (shape.kana * 20 <= length)
    made = found.covered >= MADE * np.maximum(shape.letters - shape.figures, 1)
    echoed = (rules.score == np.float32(0.2)) & (rules.warmth == 0) & (length >= HEADLINE)
    card = echoed | (texts.once(line_ends).broken & (length >= SHORTEST_TEASER))
    rest = length - shape.stamped
    forms = forms_of(texts, shape, found, rules.warmth < 0)
    heads = heads_of(texts, shape, rules.warmth < 0)
    # The later of two that fit a line counts, as in the weighing.
    named = np.full(length.size, AROUND, dtype=object)
    for kind, which in (
        ("learned", _by_model(texts, rules, opinions(texts, seen))),
        ("card", card),
        ("date", heads.dates | heads.years | ((shape.dates > 0) & (rest <= 20) & (length <= 40))),
        ("notice", found.notice | found.beg | heads.disclosed),
        ("link", found.tail),
        ("tags", found.label),
        ("rights", found.rights),
        ("menu", made & (found.menu > 0)),
        ("button", made & (found.button > 0)),
        ("related", made & (found.section > 0) & (found.button <= 1)),
        ("crumbs", is_crumbs(shape, length)),
        ("choices", is_choices(shape, length)),
        ("form", forms.sure | forms.price | heads.bullets),
        ("comment", is_stamp(shape, rest)),
        ("script", found.script & dense),
        ("picture", (found.image & (shape.kana <= 3)) | heads.picture),
        ("copy", _copies(texts) | heads.again),
    ):
        named[which] = kind
    begins = np.array([begin for begin, _ in spans])
    at = np.minimum(np.searchsorted(lines.end, begins, side="right"), length.size - 1)
    return list(_listed(at.tolist(), named[at].tolist()))


def _listed(at: list[int], kinds: list[str]) -> Iterator[str]:
    """Lines without a name that follow the heading of a list, one upon the other, are items."""
    before, under = -2, False
    for place, kind in zip(at, kinds, strict=True):
        under = kind == "related" or (under and place == before + 1)
        before = place
        yield "item" if under and kind == AROUND else kind


def _by_model(texts: Texts, rules: Rules, opinion: Singles) -> NDArray[np.bool_]:
    """Lines that go only because the model is sure of them."""
    none = np.zeros_like(opinion)
    stays = ~kernels.runs.gone_runs(texts.lines.first, *rules, none, BORDER, EDGE)
    by_model: NDArray[np.bool_] = stays & (opinion > kernels.runs.INSISTS)
    return by_model


def _copies(texts: Texts) -> NDArray[np.bool_]:
    """Lines of some length that stand in the text before."""
    lines = texts.lines
    hashes = texts.keys(lines)
    _, first = np.unique(hashes, return_index=True)
    later = np.ones(hashes.size, np.bool_)
    later[first] = False
    return later & (lines.length >= HEADLINE)
