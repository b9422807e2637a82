"""
What speaks for a line as residue and what as text, as numbers that `kernels.runs` weighs.

A line of a text that says by its words or its shape that it belongs to the page gets a score above
0 and warms the lines around it; a sentence gets a low one and cools them; all other lines are
undecided: names and headlines in a list of related articles look like those in any other list, and
only the lines around them tell. The numbers were set by reading pages; a model that was fitted has
a second opinion (`opinion.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seimai.filters.residue.forms import forms_of
from seimai.filters.residue.heads import heads_of
from seimai.filters.residue.opinion import Seen, opinions
from seimai.filters.residue.shapes import (
    Shapes,
    classes,
    is_choices,
    is_crumbs,
    is_prose,
    is_stamp,
    line_ends,
    line_shapes,
    menu_runs,
)
from seimai.filters.residue.words import Found, find_words
from seimai.pipeline import kernels
from seimai.pipeline.text import Pieces, Texts, character_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float32]

BORDER = 2.5
"""Cost of a border between text and residue: two lines that are surely buttons pay for both."""
EDGE = 1.0
"""Cost of a border between text and residue where the text begins or ends."""

# --- weights ---------------------------------------------------------------------------------


class Weight(NamedTuple):
    """What a line of some kind says of itself, and of the lines around it."""

    score: float
    warmth: float


ARCHIVE = Weight(1.5, 1.0)  # 2021年9月 (12)
CRUMBS = Weight(2.5, 1.0)  # ホーム > 記事 > 米
RIGHTS = Weight(2.0, 0.5)  # © 2020 …
TAIL = Weight(1.5, 0.6)  # …はこちら
LABEL = Weight(1.5, 0.8)  # カテゴリー：…
PAGE = Weight(0.6, 0.4)  # one name of a page, which may be a heading
PAGES = Weight(2.5, 1.2)
AMONG_PAGES = Weight(1.5, 0.8)  # among other short lines, a half of them known for a page's
AMOUNT = -2.5
"""A line with one of a recipe's ingredients: 茄子 四本."""
AMONG = 0.6
"""What is added to the score of an undecided short line among such lines."""
LIST = Weight(0.3, 0.0)  # ヘルプ, カート: an index of a book
SECTION = Weight(2.0, 2.0)  # 関連記事
BUTTON = Weight(2.5, 1.0)
BUTTONS = Weight(3.5, 1.5)
BUTTON_OVER_LIST = Weight(3.0, 2.0)
SURE = Weight(1.0, 0.3)  # goes in any case, and need not pay for a border
SURE_OVER_LIST = Weight(2.0, 2.0)
CHOICES = Weight(2.0, 1.0)  # the options of a select
PRICE = Weight(2.0, 1.0)  # 3,300円（税込）, where there are several
CARD = Weight(1.5, 0.5)  # the name above a price
DAY = 0.2
"""Warmth of a line that is a date, in a text with at least `SEVERAL_DAYS` of them."""
SEVERAL_DAYS = 3

SENTENCE = -6.0
PER_SENTENCE = 50
"""A sentence counts more by 1 for so many characters: no run pays for going through it."""
LONGEST_COUNTED = 300
NOTICE = -0.5
"""A sentence about the page: it goes where all around it goes."""

# --- shapes ----------------------------------------------------------------------------------

MADE = 0.7
"""Share of a line's letters that words have to make up; names of pages all of them (`WHOLLY`)."""
WHOLLY = 0.95
LONGEST_BEGGING = 160
"""Characters of the longest line that goes for what it begs of readers; others say more."""
MANY_PLACES, PLACES = 30, 0.4
"""Characters of names of prefectures in a line that is a list to choose from, and their share."""
SHORTEST_TITLE, LONG_ENOUGH = 6, 12
"""Characters of the shortest headline that is looked for right above a text, and anywhere."""
LONGEST_TITLE = 100
"""Characters of the longest title on a card that links to another page."""
LONGEST_PAGE_NAME = 12
"""Characters of the longest line that is a page by its last word alone: 施設のご案内."""
LONGEST_BARE = 14
"""Characters of the longest line without any sign that may be one of a menu."""
LONGEST_MADE = 40
"""Characters of the longest line made of words that may end in ！ or ？."""

SHORTEST_TEASER, LONGEST_TEASER = 12, 200
"""Characters of a line that breaks off … because there was no room; others are an author's."""

HEADLINE = 20
"""Characters in which a headline and the links to it agree."""
SHORTEST_COPY = 120
COPY_SHARE = 0.15
"""A second copy of a part of the text has so many characters, and is such a share of it."""

_POLITE = ("です", "ます", "した", "せん", "った", "ない", "ある", "いる", "よう", "ため", "たい")
"""A line that ends so is a sentence without its full stop, or a headline."""

_MARKUP = character_table("#*+>|.:<\\`$%@~=-")
_TAGS = character_table("<{}`$\\=")
_BULLETS = character_table("・①-⑩※")
_MARKS = character_table("●○◎◆◇■□(（【")
_SPEECH = character_table("「『")
_GOES_ON = character_table("、，」』,;{}")


class Rules(NamedTuple):
    """What the rules say of every line, in the order in which `kernels.runs.gone_runs` asks it."""

    score: Floats
    warmth: Floats
    sure: Flags
    title: Flags
    down: Floats
    up: Floats


def evidence(texts: Texts) -> tuple[Rules, Floats]:
    """What the rules say of every line of a batch, and how sure the model is of it."""
    rules, seen = weighed(texts)
    return rules, opinions(texts, seen)


def weighed(texts: Texts) -> tuple[Rules, Seen]:
    """What the rules say of the lines of a batch, and what they have seen in them."""
    lines = texts.lines
    length = lines.length
    owner = lines.owner
    kind = classes()[0]
    of = kernels.shapes
    shape = line_shapes(texts)
    ends = texts.once(line_ends)
    first, last = ends.first, ends.last
    dense = (shape.signs * 16 >= length) & (shape.kana * 20 <= length)
    found = find_words(texts, dense, shape.stops)
    teaser = ends.broken & (length >= SHORTEST_TEASER) & (length <= LONGEST_TEASER)
    markup = _MARKUP[first] | (shape.tabs > 0)
    latin = shape.latins + shape.figures == shape.letters
    code = markup | ((shape.signs > 0) & latin)
    echoed = _echoed(texts) & ~markup
    crumbs = is_crumbs(shape, length) & ~markup
    named = np.maximum(shape.letters - shape.figures, 1)
    made = (found.covered >= MADE * named) & (shape.ended != of.FULLY)
    made &= ~_TAGS[first] & (last != ord("."))
    pages = np.where(found.covered >= WHOLLY * named, found.menu, 0)
    prose = is_prose(shape, length, teaser) & ~(made & (length <= LONGEST_MADE))
    echoed &= (shape.ended != of.FULLY) | ~prose
    prose &= ~(found.rights | crumbs | echoed)
    spoken = (shape.kana * 2 >= shape.letters) & (shape.kana >= 5) & ~teaser
    rest = length - shape.stamped
    named_page = found.ending & (length <= LONGEST_PAGE_NAME) & (shape.particles <= 1)
    named_page &= shape.stops + shape.commas + shape.calls + shape.colons == 0
    stamp = is_stamp(shape, rest) & ~prose & ~markup

    score = _undecided(shape, length, rest, spoken)
    score -= (
        0.6 * _BULLETS[first]
        + 0.3 * _MARKS[first]
        + 0.4 * _SPEECH[first]
        + 1.5 * _GOES_ON[last]
        + 2.5 * code
    )
    score -= 0.5 * ((kind[first] == of.DIGIT) & (shape.dates + shape.times == 0))
    # A fact: 日時：, 場所：, 料金：.
    score -= 1.0 * ((shape.colons > 0) & ~found.label & (shape.times == 0))
    score += 0.4 * teaser - 1.0 * (teaser & (lines.total(teaser) < 2)[owner])
    warmth = np.zeros(length.size, np.float32)

    def weigh(which: Flags, weight: Weight) -> None:
        score[which] = weight.score
        warmth[which] = weight.warmth

    # The later of two that fit a line counts.
    dated = (shape.dates > 0) & (rest <= 20)
    weigh(dated & (shape.counters > 0) & (length <= 30) & (rest <= 8), ARCHIVE)
    weigh(crumbs, CRUMBS)
    weigh(found.rights & (length <= 120), RIGHTS)
    weigh(found.tail & ~prose & (length <= 60), TAIL)
    weigh(found.label & ~prose & (length <= 80) & ~_TAGS[first], LABEL)
    page = (made & (pages == 1) & (length > 1)) | (named_page & ~prose & ~markup)
    weigh(page, PAGE)
    weigh(made & (pages > 1), PAGES)
    listed = made & (shape.commas > 0)
    weigh(listed, LIST)
    weigh(made & ~listed & (found.section > 0), SECTION)
    weigh(made & ~listed & (found.button > 0), BUTTON)
    weigh(made & ~listed & (found.button > 1), BUTTONS)
    weigh(made & (found.button > 0) & (found.section > 0), BUTTON_OVER_LIST)
    weigh(made & found.alone, SURE)
    weigh(made & found.alone & (found.section > 0), SURE_OVER_LIST)
    undecided = (warmth == 0) & ~prose
    bare = (length <= LONGEST_BARE) & (shape.particles <= 1) & ~prose & ~markup & ~_BULLETS[first]
    bare &= shape.stops + shape.commas + shape.colons + shape.calls + shape.figures == 0
    menu = menu_runs(bare, (warmth > 0) | (made & found.alone), owner)
    weigh(menu & page, AMONG_PAGES)
    score[menu & undecided] += AMONG
    polite = _polite(texts)
    score[polite & undecided & ~echoed] -= 2.5
    score[echoed & undecided] = 0.2
    score[prose] = SENTENCE - np.minimum(length[prose], LONGEST_COUNTED) / PER_SENTENCE
    warmth[prose] = -1.0
    score[prose & found.notice & (length <= 250)] = NOTICE

    choices = is_choices(shape, length) & (kind[first] != of.OPEN)
    weigh(choices, CHOICES)
    forms = forms_of(texts, shape, found, prose)
    heads = heads_of(texts, shape, prose)
    score[forms.amount & (warmth == 0)] = AMOUNT
    weigh(forms.name & (warmth == 0), CARD)
    weigh(forms.price, PRICE)
    plain = _apart(texts, found, shape, prose, dense) | forms.sure | heads.dates
    plain |= found.beg & (length <= LONGEST_BEGGING)
    listed = (shape.stops == 0) & (shape.commas <= 3)
    plain |= listed & (found.places >= np.maximum(MANY_PLACES, PLACES * named))
    plain |= _linked(texts, shape)
    stamps = stamp & (lines.total(stamp) >= 4)[owner]
    copied = _copied(texts, (shape.kana > 0) & ~markup)
    weigh(plain, SURE)
    alone = heads.years | heads.picture | heads.disclosed | heads.bullets | heads.again
    weigh(stamps | copied | alone, Weight(SURE.score, 0.0))
    days = dated & (rest <= 3) & (warmth == 0)
    warmth[days & (lines.total(days) >= SEVERAL_DAYS)[owner]] = DAY
    sure = (made & found.alone) | choices | plain | stamps | copied | alone | forms.price
    undecided = warmth == 0
    down = np.full(length.size, 0.95, np.float32)
    down[(length <= 20) & (shape.particles == 0)] = 0.985
    down[spoken & undecided] = 0.7
    down[prose] = 0.2
    up = np.where(prose, 0.1, 0.8).astype(np.float32)
    # A short line above a button is more often the last link of a list than a headline.
    above_text = np.append(warmth[1:], np.float32(0.0))[: length.size] <= 0.0
    title = (length >= LONG_ENOUGH) | ((length >= SHORTEST_TITLE) & above_text)
    title &= ~latin & undecided & (score <= 0.3) & ~stamp & (shape.dates == 0)
    seen = Seen(shape, found, score, warmth, sure, teaser, polite, echoed, markup)
    return Rules(score, warmth, sure, title, down, up), seen


def _undecided(
    shape: Shapes, length: NDArray[np.int64], rest: NDArray[np.int64], spoken: Flags
) -> Floats:
    """How much an undecided line looks like text (below 0) or like a link (above 0)."""
    marks = shape.stops + shape.commas + shape.calls
    score = -0.1 * ((length > 15) | (shape.particles > 0))
    score -= 0.2 * (length > 40) + 0.2 * (shape.particles >= 2)
    score -= 0.3 * (shape.commas > 0) + 0.2 * (shape.calls > 0) + 0.9 * spoken
    joined = (length > 30) & (shape.kana * 7 <= shape.letters) & (shape.particles <= 1)
    score += 0.4 * (joined & (marks == 0) & (shape.signs == 0))
    dated = (shape.dates > 0) & (rest <= 20)
    score += 0.4 * dated + 0.3 * (dated & (shape.times > 0))
    score += 0.4 * ((shape.counters > 0) & (length <= 30))
    return score.astype(np.float32)


def _apart(texts: Texts, found: Found, shape: Shapes, prose: Flags, dense: Flags) -> Flags:
    """Addresses of pictures, and scripts in texts that do not speak of scripts."""
    lines = texts.lines
    ends = texts.once(line_ends)
    address = (ends.first == ord("h")) & (ends.second == ord("t"))
    address |= (ends.first == ord("[")) & (ends.second == ord("画"))
    picture = found.image & ~prose & address & (shape.kana <= 3) & (shape.gaps <= 4)
    explained = (lines.total(found.code & ~dense) > 0)[lines.owner]
    apart: Flags = picture | (found.script & dense & ~explained)
    return apart


def _linked(texts: Texts, shape: Shapes) -> Flags:
    """
    Cards that link to a page: a broken-off title beside an address, and the broken-off text below.

    An address alone may belong to the text, and so may words that trail off, which have more
    hiragana than a title.
    """
    lines = texts.lines
    ends = texts.once(line_ends)
    address = (ends.first == ord("h")) & (ends.second == ord("t"))
    address &= (shape.gaps == 0) & (shape.kana <= 3)
    cut = ends.broken & (lines.length >= SHORTEST_TEASER) & ~address
    title = cut & (lines.length <= LONGEST_TITLE) & (shape.kana * 2 <= shape.letters)
    above = address[1:] & title[:-1] & (lines.owner[1:] == lines.owner[:-1])
    below = title[1:] & address[:-1] & (lines.owner[1:] == lines.owner[:-1])
    card = np.zeros(cut.size, np.bool_)
    card[1:] |= above | below
    card[:-1] |= above | below
    # What is quoted of the page stands below both.
    card[1:] |= cut[1:] & card[:-1] & (lines.owner[1:] == lines.owner[:-1])
    return card


def _polite(texts: Texts) -> Flags:
    """Lines that end in a polite or plain verb, without a full stop."""
    ends = texts.once(line_ends)
    polite = np.zeros(ends.last.size, np.bool_)
    for ending in _POLITE:
        polite |= (ends.last_but_one == ord(ending[0])) & (ends.last == ord(ending[1]))
    polite &= texts.lines.length >= 6
    return polite


def _copied(texts: Texts, counts: Flags) -> Flags:
    """Lines of the second copy of a large part of the text."""
    lines = texts.lines
    least = np.maximum(lines.total(lines.length) * COPY_SHARE, SHORTEST_COPY)
    # Code that stands there twice is shown twice: it counts against its block.
    size = np.where(counts, lines.length, -lines.length)
    copied: Flags = kernels.runs.copied_blocks(texts.keys(lines), lines.first, size, least)
    return copied


def _echoed(texts: Texts) -> Flags:
    """Lines that begin as another line of the text does: headlines and the links to them."""
    lines = texts.lines
    heads = Pieces(lines.start, np.minimum(lines.start + HEADLINE, lines.end), lines.first)
    counts = lines.length >= HEADLINE
    echoed: Flags = kernels.runs.copied_heads(texts.keys(heads), lines.first, counts)
    return echoed
