"""
How plausible a string is as text of a language: what decides between encodings.

A small model a language: how often one class of characters follows another (kana after kanji,
letters after letters), and how often each character comes within its class. Bytes read in a wrong
encoding give rare kanji, half-width kana and changes of script that no writer makes, and each of
them costs. The figures were counted in running text (`learn`); they are facts about languages,
not about files.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

SPACE, LETTER, DIGIT, MARK, HIRAGANA, KATAKANA, HAN, STOP, WIDE, HALF, SIGN = range(11)
HANGUL, ACCENTED, FOREIGN, RARE, WRONG = range(11, 16)
CLASSES = 16
"""
What a character is: white space, an ASCII letter, digit or mark, hiragana, katakana, a Chinese
character, CJK punctuation, a full-width form, half-width katakana, a sign such as ※ or ①, hangul,
a Latin letter with an accent, a Greek or Cyrillic letter, something rare, something wrong.
"""

LANGUAGES = ("ja", "zh-hans", "zh-hant", "ko", "en")
STEPS = 4
"""Logarithms are kept as whole numbers of a quarter of a nat: finer than any decision needs."""

UNSEEN = {HIRAGANA: 9.0, KATAKANA: 9.0, HAN: 14.0, STOP: 9.0, WIDE: 7.0, HALF: 5.0, SIGN: 9.0,
          HANGUL: 13.0, ACCENTED: 7.0, FOREIGN: 6.0, RARE: 11.0, WRONG: 16.0}  # fmt: skip
"""Minus the logarithm of how likely a character that was never counted is within its class."""

_RANGES = (
    (0x00, 0x1F, WRONG), (0x09, 0x0D, SPACE), (0x20, 0x20, SPACE), (0x21, 0x2F, MARK),
    (0x30, 0x39, DIGIT), (0x3A, 0x40, MARK), (0x41, 0x5A, LETTER), (0x5B, 0x60, MARK),
    (0x61, 0x7A, LETTER), (0x7B, 0x7E, MARK), (0x7F, 0x9F, WRONG), (0xA0, 0xBF, SIGN),
    (0xC0, 0x24F, ACCENTED), (0xD7, 0xD7, SIGN), (0xF7, 0xF7, SIGN), (0x370, 0x52F, FOREIGN),
    (0x2010, 0x203B, SIGN), (0x20AC, 0x20AC, SIGN), (0x2100, 0x27BF, SIGN),
    (0x3000, 0x3000, SPACE), (0x3001, 0x301F, STOP), (0x3041, 0x309F, HIRAGANA),
    (0x30A0, 0x30FF, KATAKANA), (0x30FB, 0x30FB, STOP), (0x3131, 0x318E, RARE),
    (0x3200, 0x33FF, SIGN), (0x3005, 0x3007, HAN), (0x4E00, 0x9FFF, HAN), (0xAC00, 0xD7A3, HANGUL),
    (0xD800, 0xF8FF, WRONG), (0xF900, 0xFAFF, HAN), (0xFF01, 0xFF5E, WIDE),
    (0xFF0C, 0xFF0C, STOP), (0xFF61, 0xFF9F, HALF), (0xFFE0, 0xFFE6, SIGN),
    (0xFFF0, 0xFFFF, WRONG),
)  # fmt: skip
"""First code point, last code point, class; later rows win; everything else is RARE."""

BMP = 0x10000


@cache
def class_table() -> NDArray[np.uint8]:
    """The class of every character of the basic plane, and of one beyond it at the end."""
    table = np.full(BMP + 1, RARE, np.uint8)
    for first, last, kind in _RANGES:
        table[first : last + 1] = kind
    return table


@dataclass(frozen=True)
class Language:
    """What one language looks like; all numbers are logarithms of probabilities."""

    within: NDArray[np.float32]
    """How likely each character of the basic plane is among those of its class."""
    after: NDArray[np.float32]
    """How likely a class (second axis) follows another (first axis), flattened."""


def codes_of(text: str) -> NDArray[np.uint32]:
    """The code points of a text, those beyond the basic plane as one past it."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.minimum(codes, BMP)


def plausibility(codes: NDArray[np.uint32], language: str) -> float:
    """The logarithm of how likely a language is to give this text, up to how it begins."""
    model = languages()[language]
    kinds = class_table()[codes].astype(np.int16)
    pairs = kinds[:-1] * CLASSES + kinds[1:]
    return float(model.within[codes].sum() + model.after[pairs].sum())


@cache
def languages() -> dict[str, Language]:
    """The models of `LANGUAGES`, from `data/languages.txt`."""
    text = files(__package__).joinpath("data/languages.txt").read_text("utf-8")
    rows = [line.split(" ") for line in text.split("\n") if line and not line.startswith("#")]
    kinds = class_table()
    unseen = np.zeros(CLASSES, np.float32)
    for kind, cost in UNSEEN.items():
        unseen[kind] = -cost
    found = {}
    for name in LANGUAGES:
        within = unseen[kinds]
        after = np.zeros((CLASSES, CLASSES), np.float32)
        for row in rows:
            if row[0] != name:
                continue
            if row[1] == "after":
                after[int(row[2])] = [-int(cost) / STEPS for cost in row[3:]]
            else:
                codes = codes_of(row[2])
                within[codes] = -int(row[1]) / STEPS
        within[codes_of("ﾝｰﾞｲﾙｽﾄﾗｯﾘｸｼｱﾌｶﾀ")] = -3.1
        within[codes_of("ﾚﾛﾏﾟﾐﾅﾃｺﾒｳｻｷｵﾊｴｬｭﾁｮﾋ")] = -4.2
        within[codes_of("､｡･｢｣")] = -7  # Every other byte of misread EUC-JP, seldom in texts.
        found[name] = Language(within, after.reshape(-1))
    found["latin"] = _with_accents(found["en"])
    found["cyrillic"] = _cyrillic(found["en"])
    return found


def _with_accents(english: Language) -> Language:
    """French, German, Spanish: as English, with one accented letter in about thirty."""
    within, after = english.within.copy(), english.after.reshape(CLASSES, CLASSES).copy()
    after[LETTER, ACCENTED] = after[SPACE, ACCENTED] = after[MARK, ACCENTED] = -3.5
    after[ACCENTED] = -8
    after[ACCENTED, [LETTER, SPACE, MARK, ACCENTED]] = -0.3, -2.0, -3.5, -5.0
    within[ord("À") : ord("ÿ") + 1] = -5.5
    within[codes_of("éèàäöüßçñáíóêúâôãåøæ")] = -3
    within[codes_of("×÷ÐÞðþýÝ")] = -8
    return Language(within, after.reshape(-1))


def _cyrillic(english: Language) -> Language:
    """Russian, Ukrainian, Bulgarian: words of Cyrillic letters, mostly small ones."""
    within, after = english.within.copy(), english.after.reshape(CLASSES, CLASSES).copy()
    after[[SPACE, MARK], FOREIGN] = -1.0
    after[FOREIGN] = -9
    after[FOREIGN, [FOREIGN, SPACE, MARK]] = -0.2, -2.0, -3.0
    within[0x370:0x530] = -9
    within[ord("А") : ord("Я") + 1] = -6
    within[ord("а") : ord("я") + 1] = -4
    within[codes_of("оеаинтсрвл")] = -2.6
    return Language(within, after.reshape(-1))


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
