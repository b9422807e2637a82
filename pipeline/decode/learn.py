"""
Counting the figures of `data/languages.txt` again: a tool for those who change the model.

Nothing here is used while decoding.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.decode.plausible import (
    BMP,
    CLASSES,
    HALF,
    HALF_KANA,
    RARE,
    SPACE,
    STEPS,
    UNSEEN,
    WIDE,
    WRONG,
    class_table,
    codes_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def learn(name: str, texts: Iterable[str]) -> str:
    """
    The rows of `data/languages.txt` for a language, counted in texts of it.

    Classes that modern text hardly has but files do (half-width katakana, full-width letters) are
    given a floor: seldom begun, usually kept to.
    """
    characters: Counter[str] = Counter()
    pairs = np.zeros((CLASSES, CLASSES))
    kinds = class_table()
    for text in texts:
        characters.update(text)
        own = kinds[codes_of(text)].astype(np.int64)
        pairs += np.bincount(own[:-1] * CLASSES + own[1:], minlength=CLASSES**2).reshape(
            CLASSES, CLASSES
        )
    pairs[:, WRONG] = 0
    pairs[WRONG] = 0
    pairs[:, RARE] *= 0.1
    shares = (pairs + pairs.sum(1, keepdims=True) * 2e-4 + 0.5) / (
        pairs + pairs.sum(1, keepdims=True) * 2e-4 + 0.5
    ).sum(1, keepdims=True)
    for kind, stay in ((HALF, 0.93), (WIDE, 0.6)):
        shares[kind] *= (1 - stay) / (shares[kind].sum() - shares[kind, kind])
        shares[kind, kind] = stay
    shares[:, WRONG] = 1e-5
    rows = []
    for kind in range(CLASSES):
        costs = np.round(-np.log(shares[kind]) * STEPS).astype(int)
        rows.append(f"{name} after {kind} " + " ".join(map(str, costs)))
    totals: Counter[int] = Counter()
    for character, count in characters.items():
        totals[int(kinds[min(ord(character), BMP)])] += count
    levels: dict[int, list[str]] = {}
    for character, count in characters.items():
        kind = int(kinds[min(ord(character), BMP)])
        if kind in {SPACE, RARE, WRONG, HALF} or ord(character) >= BMP or count < 3:
            continue
        if not character.isprintable():
            continue
        cost = -np.log(count / totals[kind])
        if kind not in UNSEEN or cost < UNSEEN[kind]:
            levels.setdefault(round(cost * STEPS), []).append(character)
    rows += [f"{name} {level} {''.join(sorted(levels[level]))}" for level in sorted(levels)]
    return "\n".join(rows) + "\n"


def learn_half_kana(words: Iterable[str]) -> str:
    """
    The rows `half` of `data/languages.txt`, counted in words written in katakana.

    The readings that a dictionary gives for running text will do, together with the katakana
    words of that text. `^` stands for the beginning of a word. Punctuation gets one figure: it is
    every other byte of misread EUC-JP, and seldom in such lists.
    """
    narrow = {unicodedata.normalize("NFKC", kana): kana for kana in HALF_KANA}
    narrow |= {"\u3099": "ﾞ", "\u309a": "ﾟ"}
    counts: Counter[tuple[str, str]] = Counter()
    for word in words:
        halves = [narrow.get(part, "") for part in unicodedata.normalize("NFD", word)]
        counts.update(pairwise("^" + "".join(halves)))
    rows = []
    for first in (*HALF_KANA, "^"):
        source = "^" if first in PUNCTUATION else first
        found = np.array([counts[source, kana] for kana in HALF_KANA], np.float64)
        floor = found.sum() * 0.002 / len(HALF_KANA) + 0.3
        costs = np.round(-np.log((found + floor) / (found + floor).sum()) * STEPS).astype(int)
        costs[[kana in PUNCTUATION for kana in HALF_KANA]] = 7 * STEPS
        rows.append(f"half {first} " + " ".join(map(str, np.minimum(costs, 60))))
    return "\n".join(rows) + "\n"


PUNCTUATION = "｡｢｣､･"
