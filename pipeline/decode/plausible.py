"""
How plausible a string is as text of a language: what decides between encodings.

A small model a language: how often one class of characters follows another (kana after kanji,
letters after letters), and how often each character comes within its class. Bytes read in a wrong
encoding give rare kanji, half-width kana and changes of script that no writer makes, and each of
them costs. The figures were counted in running text (`learn.py`); they are facts about languages,
not about files. Half-width katakana are a class each: a misread kanji gives two of them, but
hardly ever two that follow each other in a word (no voicing mark after ﾅ, no small ｬ after ｱ).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.decode.alphabets import ALPHABETS, Alphabet

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPACE, LETTER, DIGIT, MARK, HIRAGANA, KATAKANA, HAN, STOP, WIDE, HALF, SIGN = range(11)
HANGUL, ACCENTED, FOREIGN, RARE, WRONG = range(11, 16)
CLASSES = 16
"""
What a character is: white space, an ASCII letter, digit or mark, hiragana, katakana, a Chinese
character, CJK punctuation, a full-width form, half-width katakana, a sign such as ※ or ①, hangul,
a Latin letter with an accent, a letter of another alphabet, something rare, something wrong.
"""

ASCII_END = 0x80
ASCII_BOX = slice(SPACE, MARK + 1), slice(SPACE, MARK + 1)
"""
ASCII is the same in every language, as in English, the last of `LANGUAGES`: a thousand rows of
numbers under a heading say nothing about the encoding of the heading, but a model in which digits
are a little dearer would be out by a hundred nats.
"""

HALF_KANA = tuple(chr(code) for code in range(ord("｡"), ord("ﾟ") + 1))
WAYS = CLASSES + len(HALF_KANA)
"""What `after` tells apart: the classes, and each half-width katakana separately."""

LANGUAGES = ("ja", "zh-hans", "zh-hant", "ko", "en")
STEPS = 4
"""Logarithms are kept as whole numbers of a quarter of a nat: finer than any decision needs."""

UNSEEN = {HIRAGANA: 9.0, KATAKANA: 9.0, HAN: 14.0, STOP: 9.0, WIDE: 7.0, HALF: 5.0, SIGN: 9.0,
          HANGUL: 13.0, ACCENTED: 7.0, FOREIGN: 6.0, RARE: 11.0, WRONG: 16.0}  # fmt: skip
"""Minus the logarithm of how likely a character that was never counted is within its class."""

_RANGES = (
    (0x00, 0x1F, WRONG), (0x00, 0x00, SPACE), (0x09, 0x0D, SPACE), (0x20, 0x20, SPACE),
    (0x21, 0x2F, MARK),
    (0x30, 0x39, DIGIT), (0x3A, 0x40, MARK), (0x41, 0x5A, LETTER), (0x5B, 0x60, MARK),
    (0x61, 0x7A, LETTER), (0x7B, 0x7E, MARK), (0x7F, 0x9F, WRONG), (0xA0, 0xBF, SIGN),
    (0xC0, 0x24F, ACCENTED), (0xD7, 0xD7, SIGN), (0xF7, 0xF7, SIGN), (0x300, 0x323, ACCENTED),
    (0x370, 0x52F, FOREIGN), (0xE01, 0xE5B, FOREIGN), (0xE30, 0xE39, ACCENTED),
    (0xE40, 0xE4E, ACCENTED), (0x1EA0, 0x1EF9, ACCENTED), (0x2010, 0x203B, SIGN),
    (0x20AC, 0x20AC, SIGN), (0x2100, 0x27BF, SIGN),
    (0x3000, 0x3000, SPACE), (0x3001, 0x301F, STOP), (0x3041, 0x309F, HIRAGANA),
    (0x30A0, 0x30FF, KATAKANA), (0x30FB, 0x30FB, STOP), (0x3131, 0x318E, RARE),
    (0x3200, 0x33FF, SIGN), (0x3005, 0x3007, HAN), (0x4E00, 0x9FFF, HAN), (0xAC00, 0xD7A3, HANGUL),
    (0xD800, 0xF8FF, WRONG), (0xF900, 0xFAFF, HAN), (0xFF01, 0xFF5E, WIDE),
    (0xFF0C, 0xFF0C, STOP), (0xFF61, 0xFF9F, HALF), (0xFFE0, 0xFFE6, SIGN),
    (0xFFF0, 0xFFFF, WRONG),
)  # fmt: skip
"""First code point, last code point, class; later rows win; everything else is RARE."""

HALF_BEGINS = (-5, -7, -6, -5, -6, -9, -6, -5.5, -7, 0, -5, -9, -9, -9, -9, -9)
HALF_ENDS = (-2.3, -5, -4, -3, -4.5, -8, -3.5, -3.5, -6, -0.25, -5, -9, -9, -9, -9, -9)
"""
Before and after half-width katakana, a figure a class: modern text has hardly any, so this is set
by hand, after product lists and files of banks.
"""

SELDOM = (
    "俱𠮟塡剝頰繫蟬瘦醬摑麴嚙顚鷗囊簞蠟軀驒禱萊蔣焰姸髙﨑德濵增寬橫黑淸晴閒敎靑緖凞煇珉昮曻彅瀨"
)
"""Kanji of JIS X 0213 (dictionaries' forms) and of IBM (names) that are met with."""

BMP = 0x10000
NOWHERE = BMP + 1
"""Stands for the planes that have no characters, which only GB18030 and UTF-32 reach."""

ZERO = -6.0
"""The character NUL among white space: it fills records and ends strings."""

RARE_KANJI = -11.0
"""Japanese kanji that the texts hardly had, but names and books in vendors' or new rows do."""


@cache
def class_table() -> NDArray[np.uint8]:
    """The class of every character of the basic plane, then of those beyond, then of nonsense."""
    table = np.full(NOWHERE + 1, RARE, np.uint8)
    for first, last, kind in _RANGES:
        table[first : last + 1] = kind
    table[NOWHERE] = WRONG
    return table


@cache
def _ways() -> NDArray[np.int16]:
    """`class_table`, with a number of its own for each half-width katakana."""
    table = class_table().astype(np.int16)
    table[codes_of("".join(HALF_KANA))] = np.arange(CLASSES, WAYS)
    return table


@dataclass(frozen=True)
class Language:
    """What one language looks like; all numbers are logarithms of probabilities."""

    within: NDArray[np.float32]
    """How likely each character of the basic plane is among those of its class."""
    after: NDArray[np.float32]
    """How likely one of `WAYS` (second axis) follows another (first axis), flattened."""


def codes_of(text: str) -> NDArray[np.uint32]:
    """The code points of a text; `BMP` for those beyond the basic plane, `NOWHERE` for nonsense."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    if len(codes) and codes.max() >= BMP:
        return np.where(codes < BMP, codes, np.where(codes < 0x40000, BMP, NOWHERE))
    return codes


def plausibility(codes: NDArray[np.uint32], language: str) -> float:
    """The logarithm of how likely a language is to give this text, up to how it begins."""
    model = languages()[language]
    ways = _ways()[codes]
    pairs = ways[:-1] * np.int16(WAYS) + ways[1:]
    return float(model.within[codes].sum() + model.after[pairs].sum())


@cache
def languages() -> dict[str, Language]:
    """The models of `LANGUAGES`, from `data/languages.txt`, and those of `ALPHABETS`."""
    text = files(__package__).joinpath("data/languages.txt").read_text("utf-8")
    rows = [line.split(" ") for line in text.split("\n") if line and not line.startswith("#")]
    half = {row[1]: [-int(cost) / STEPS for cost in row[2:]] for row in rows if row[0] == "half"}
    kinds = class_table()
    unseen = np.zeros(CLASSES, np.float32)
    for kind, cost in UNSEEN.items():
        unseen[kind] = -cost
    found = {}
    shared: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None
    for name in reversed(LANGUAGES):
        within = unseen[kinds]
        after = np.zeros((CLASSES, CLASSES), np.float32)
        within[0] = ZERO
        if name == "ja":
            within[codes_of(SELDOM)] = RARE_KANJI
        for row in rows:
            if row[0] != name:
                continue
            if row[1] == "after":
                after[int(row[2])] = [-int(cost) / STEPS for cost in row[3:]]
            else:
                within[codes_of(row[2])] = -int(row[1]) / STEPS
        if name == "ja":
            after[:, HALF] = HALF_BEGINS
            after[HALF] = HALF_ENDS
        shared = shared or (within[:ASCII_END].copy(), after[ASCII_BOX].copy())
        within[:ASCII_END], after[ASCII_BOX] = shared
        found[name] = Language(within, _with_half_kana(within, after, half))
    english = found["en"]
    for name, alphabet in ALPHABETS.items():
        found[name] = _with_letters(english, alphabet)
    return found


def _with_half_kana(
    within: NDArray[np.float32], after: NDArray[np.float32], half: dict[str, list[float]]
) -> NDArray[np.float32]:
    """`after`, with each half-width katakana separate; its row `^` is for those that begin."""
    table = np.empty((WAYS, WAYS), np.float32)
    table[:CLASSES, :CLASSES] = after
    table[CLASSES:, :CLASSES] = after[HALF]
    table[:CLASSES, CLASSES:] = after[:, HALF, None]
    first = np.array(half["^"], np.float32)
    within[codes_of("".join(HALF_KANA))] = first
    for place, kana in enumerate(HALF_KANA, CLASSES):
        table[place, CLASSES:] = after[HALF, HALF] + np.array(half[kana]) - first
    return table.reshape(-1)


def _with_letters(english: Language, alphabet: Alphabet) -> Language:
    """A language as English, but for the letters that are its own."""
    within, after = english.within.copy(), english.after.reshape(WAYS, WAYS).copy()
    kind = FOREIGN if alphabet.own else ACCENTED
    after[[SPACE, MARK], kind], after[LETTER, kind] = alphabet.begins, alphabet.mixed
    after[kind] = after[kind].min()
    stays = -0.2 if alphabet.own else -5.0
    after[kind, [kind, SPACE, MARK, LETTER]] = stays, -2.0, -3.0, -9.0 if alphabet.own else -0.3
    if alphabet.joined:
        after[kind, kind] = -0.9
        after[kind, ACCENTED], after[ACCENTED, kind] = -0.7, -0.6
        after[ACCENTED, [ACCENTED, SPACE, MARK]] = -1.2, -2.5, -3.0
        after[SPACE, ACCENTED] = -1.5
    within[0xA1:0x24F] = -8
    if alphabet.own:
        within[0x370:0xE5B] = -9
    for cost, letters in alphabet.letters:
        within[codes_of(letters)] = -cost
    # Quotation marks belong to words, degree signs to digits.
    within[codes_of(alphabet.marks)] = -2.5
    within[codes_of("\xa0°§·’–“”…€©®")] = -4.5
    after[[LETTER, MARK, SPACE, DIGIT, kind], SIGN] = -6.0, -5.5, -5.0, -6.0, -6.0
    after[SIGN, [LETTER, MARK, SPACE, DIGIT, kind]] = -2.0, -2.0, -1.5, -3.0, -3.0
    return Language(within, after.reshape(-1))
