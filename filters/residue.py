"""
The cleaner of what a page puts into and around a text: menus, related cards, tag lists, counters.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seimai.pipeline import kernels
from seimai.pipeline.characters import CODE_POINTS, ranges
from seimai.pipeline.cleaner import cleaner
from seimai.pipeline.lexicon import Lexicon, lexicon
from seimai.pipeline.text import Pieces, Texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_DATA = Path(__file__).parent / "data"
CLASSES = (
    "alone",
    "button",
    "section",
    "menu",
    "label",
    "tail",
    "notice",
    "image",
    "script",
    "code",
)
_OF_FOOTERS = {
    "phrase": "alone",
    "share": "button",
    "button": "button",
    "service": "menu",
    "row": "button",
    "weak": "menu",
}
"""What the classes of the footers' words are here."""


def _read(path: Path) -> Iterable[tuple[str, str]]:
    heading = ""
    for row in path.read_text("utf-8").splitlines():
        if row.startswith("["):
            heading = row.strip("[]")
        elif row and not row.startswith("#"):
            yield row, heading


def _spellings(word: str) -> set[str]:
    """As it is, and for Latin letters the three ways in which buttons are written."""
    word = unicodedata.normalize("NFKC", word)
    return {word, word.lower(), word.upper(), word.title(), word.capitalize()}


def _words() -> tuple[Lexicon, NDArray[np.uint16]]:
    """The lexicon, and for each of its words the bits of its classes."""
    bits: dict[str, int] = {}
    rows = chain(
        ((word, _OF_FOOTERS[name]) for word, name in _read(_DATA / "footer_words.txt")),
        _read(_DATA / "residue_words.txt"),
    )
    for word, name in rows:
        for spelling in _spellings(word):
            bits[spelling] = bits.get(spelling, 0) | 1 << CLASSES.index(name)
    found = lexicon(bits, guarded=("ァ-ヺー", "A-Za-z0-9"))
    return found, np.array([bits[word] for word in found.words], np.uint16)


_LEXICON, _BITS = _words()
ALONE, BUTTON, SECTION, MENU, LABEL, TAIL, NOTICE, IMAGE, SCRIPT, CODE = (1 << k for k in range(len(CLASSES)))


LONGEST = 300
"""Characters of the longest line that is searched for words; what is longer is a paragraph."""


@lru_cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """For all code points the class and the number of the particle, as the kernel wants them."""
    of = kernels.residue
    kind = np.zeros(CODE_POINTS, np.uint8)
    for number, members in (
        (of.HIRAGANA, "ぁ-ゟ"),
        (of.KATAKANA, "ァ-ヺーｦ-ﾟ"),
        (of.KANJI, "々〆〇㐀-䶿一-鿿豈-﫿"),
        (of.LATIN, "A-Za-zＡ-Ｚａ-ｚÀ-ɏͰ-ӿ가-힣"),
        (of.DIGIT, "0-9０-９"),
        (of.BLANK, " \t\u00a0\u3000"),
        (of.STOP, "。．｡"),
        (of.CALL, "！？!?"),
        (of.COMMA, "、，､,"),
        (of.CODE, "{}=$#_^`*+&@%;<"),
        (of.JOIN, "|｜/／»«›‹>→≫≪＞"),
        (of.OPEN, "([（「『【［〔〈《"),
        (of.CLOSE, ")]）」』】］〕〉》"),
    ):
        for low, high in ranges(members):
            kind[low : high + 1] = number
    particle = np.zeros(CODE_POINTS, np.uint8)
    for number, one in enumerate("はがをにでとものへ"[:8], 1):
        particle[ord(one)] = number
    return kind, particle


_ENDINGS = ("です", "ます", "した", "せん", "った", "ない", "ある", "いる", "よう", "ため", "たい",
            "った", "ます♪", "ね", "よ")


def _ends_with(texts: Texts, lines: Pieces, endings: tuple[str, ...]) -> NDArray[np.bool_]:
    codes = texts.codes
    n = lines.start.size
    result = np.zeros(n, np.bool_)
    last = codes[lines.end - 1]
    before = codes[np.maximum(lines.end - 2, 0)]
    for ending in endings:
        if len(ending) == 2:
            result |= (last == ord(ending[1])) & (before == ord(ending[0]))
    return result & (lines.length >= 6)


def line_scores(texts: Texts):
    of = kernels.residue
    lines = texts.lines
    kind, particle = _tables()
    codes = texts.codes
    shape = of.line_shapes(codes, lines.start, lines.end, kind, particle)
    length = lines.length
    n = length.size
    searched = Pieces(lines.start, np.where(length <= LONGEST, lines.end, lines.start), lines.first)
    found, word = texts.find(_LEXICON, searched)
    bits = _BITS[word] if word.size else np.zeros(0, np.uint16)
    size = np.minimum(found.length, 40)
    owner = found.owner
    cover = (bits & (ALONE | BUTTON | SECTION | MENU)) > 0

    def count(mask):
        return np.bincount(owner, weights=mask, minlength=n).astype(np.int64)

    alone = count((bits & ALONE) > 0)
    button = count((bits & (BUTTON | ALONE)) > 0)
    section = count((bits & SECTION) > 0)
    menu = count((bits & MENU) > 0)
    covered = count(np.where(cover, size, 0))
    behind = np.where(found.end < lines.end[owner], codes[np.minimum(found.end, codes.size - 1)], 0)
    opens = (bits & LABEL > 0) & (found.start <= lines.start[owner] + 2) & np.isin(
        behind, [0, 0x20, 0x3A, 0xFF1A, 0x28, 0xFF08, 0x3000, 0x09, 0xFF1A]
    )
    label = count(opens) > 0
    tail = count((bits & TAIL > 0) & (found.end >= lines.end[owner] - 2)) > 0
    notice = count(bits & NOTICE > 0) > 0
    image = count(bits & IMAGE > 0) > 0
    script = count(bits & SCRIPT > 0)
    code = count(bits & CODE > 0) > 0

    letters = shape[of.LETTERS]
    words = np.maximum(letters - shape[of.FIGURES], 1)
    stops, commas, kana = shape[of.STOPS], shape[of.COMMAS], shape[of.KANA]
    calls = shape[of.CALLS]
    particles = shape[of.PARTICLES]
    gaps = shape[of.GAPS]
    signs = shape[of.SIGNS]
    ended = shape[of.ENDED]
    made = (covered >= 0.7 * words) & (ended != 1)
    menu[covered < 0.95 * words] = 0
    listed = made & (shape[of.COMMAS] > 0)
    short = length <= 20
    polite = _ends_with(texts, lines, _ENDINGS)
    teaser = kernels.lines.end_in_ellipsis(codes, lines.start, lines.end, 3, _marks())
    teaser &= length >= 12
    japanese = kana * 4 >= letters
    final = codes[lines.end - 1]
    prose = (
        ((ended == 1) & (letters >= 3))
        | ((ended == 2) & (letters >= 3) & ((stops > 0) | (calls > 1) | (length > 60)))
        | ((stops + calls > 0) & (length >= 30) & japanese & (ended == 0))
        | ((commas > 0) & (particles >= 2) & (length >= 50))
        | ((length > 100) & (particles >= 4) & japanese)
        | ((gaps >= 5) & (gaps * 9 >= letters) & (kana == 0) & (length >= 40))  # English, Korean
    )
    prose &= ~teaser | (stops > 0) & (ended == 1)
    prose &= ~(made & (length <= 40))
    score = np.zeros(n, np.float32)
    gives = np.zeros(n, np.float32)
    first = codes[lines.start]
    score -= 0.1 * ((length > 15) | (particles > 0))
    score -= 0.2 * (length > 40) + 0.3 * (commas > 0) + 0.2 * (particles >= 2) + 0.2 * (calls > 0)
    joined = (length > 30) & (kana * 7 <= letters) & (particles <= 1) & (stops + commas + calls == 0)
    score += 0.4 * (joined & (signs == 0))
    score -= 0.5 * ((kana * 2 >= letters) & (kana >= 5))
    bullet = np.isin(first, [ord(c) for c in "・●○◆◇■□①②③④⑤⑥⑦⑧⑨⑩◎※(（【"])
    score -= 0.3 * bullet
    score -= 1.5 * np.isin(first, [ord(c) for c in "「『"])
    score -= 1.5 * np.isin(final, [ord(c) for c in "、，」』,;{}"])
    marked = np.isin(first, [ord(c) for c in "#-*+>|.:<\\`$%@~="]) | (_tabs(texts, lines) > 0)
    score -= 1.5 * (marked | ((signs > 0) & (shape[of.LATINS] + shape[of.FIGURES] == letters)))
    numbered = (kind[first] == of.DIGIT) & (shape[of.DATES] == 0)
    score -= 0.5 * numbered
    fact = _has_colon(texts, lines) & ~label & (shape[of.TIMES] == 0)
    score -= 1.0 * fact
    # stamps
    stamped = shape[of.STAMPED]
    rest = np.maximum(length - stamped, 0)
    dated = (shape[of.DATES] > 0) & (rest <= 20)
    score += 0.4 * dated + 0.3 * (dated & (shape[of.TIMES] > 0))
    counted = (shape[of.COUNTERS] > 0) & (length <= 30)
    score += 0.4 * counted
    # anchors
    def anchor(which, value, warmth):
        score[which] = value
        gives[which] = warmth

    few = lines.total(teaser) < 2
    sure = np.zeros(n, np.bool_)
    score[teaser] += 0.4
    score[teaser & few[lines.owner]] -= 1.0
    anchor(dated & counted & (rest <= 8), 1.5, 1.0)
    anchor(tail & ~prose & (length <= 60), 1.5, 0.6)
    anchor(label & ~prose & (length <= 80), 1.5, 0.8)
    anchor(made & (menu == 1), 0.6, 0.4)
    anchor(made & (menu > 1), 2.5, 1.2)
    anchor(listed, 0.3, 0)
    anchor(made & ~listed & (section > 0), 2.0, 2.0)
    anchor(made & ~listed & (button > 0), 2.5, 1.0)
    anchor(made & ~listed & (button > 1), 3.5, 1.5)
    anchor(made & (button > 0) & (section > 0), 3.0, 2.0)
    sure |= made & (alone > 0)
    anchor(made & (alone > 0), 1.0, 0.3)
    anchor(made & (alone > 0) & (section > 0), 2.0, 2.0)
    score[polite & (gives == 0)] -= 2.5
    score[prose] = -6.0 - np.minimum(length[prose], 300) / 50
    gives[prose] = -1
    said = prose & notice & (length <= 250)
    score[said] = -1.0
    choices = (shape[of.COUNTERS] >= 5) & (shape[of.COUNTERS] * 25 >= length) & (stops <= 1)
    choices &= kind[first] != of.OPEN
    months = (shape[of.DATES] >= 5) & (stamped >= 0.6 * length)
    sure |= choices | months
    anchor(choices | months, 2.0, 1.0)
    pictured = image & ~prose & (kana <= 3) & (gaps <= 4) & _addressed(texts, lines)
    sure |= pictured
    anchor(pictured, 1.0, 0.3)
    explains = lines.total(code) > 0
    scripted = (script > 0) & (signs * 12 >= length) & (kana * 20 <= length) & ~explains[lines.owner]
    sure |= scripted
    anchor(scripted, 1.0, 0.3)
    stamps = (shape[of.DATES] == 1) & (shape[of.TIMES] == 1) & (rest <= 32) & ~prose & (stops == 0)
    stamps &= ~marked & (signs == 0)
    many = lines.total(stamps) >= 4
    sure |= stamps & many[lines.owner]
    anchor(stamps & many[lines.owner], 1.0, 0)
    fades = np.full(n, 0.95, np.float32)
    fades[short & (particles == 0)] = 0.985
    fades[prose] = 0.2
    back = np.full(n, 0.8, np.float32)
    back[prose] = 0.1
    return score, gives, sure, fades, back


def _tabs(texts, lines):
    table = np.zeros(CODE_POINTS, np.bool_)
    table[9] = True
    return texts.members(table, lines)


def _addressed(texts, lines):
    codes = texts.codes
    at = np.minimum(lines.start + 1, codes.size - 1)
    first = codes[lines.start]
    return ((first == ord("h")) & (codes[at] == ord("t"))) | (
        (first == ord("[")) & (codes[at] == ord("画"))
    )


@lru_cache
def _marks():
    return kernels.lines.ellipsis_marks()


def _has_colon(texts, lines):
    table = np.zeros(CODE_POINTS, np.bool_)
    table[[ord(c) for c in ":："]] = True
    return texts.members(table, lines) > 0


BORDER = 2.5
EDGE = 1.0


def gone_lines(texts: Texts):
    score, gives, sure, fades, back = line_scores(texts)
    lines = texts.lines
    return kernels.residue.gone_runs(lines.first, score, gives, sure, fades, back, BORDER, EDGE)
