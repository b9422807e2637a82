"""
Lines that are known for a page's by their form: prices, heads of comments, wiki markup, calendars.

A form is told by a pattern, and a pattern is slow, so only lines whose first or last character and
counts fit are asked. What a page prints beside an article in such a form no author writes as a line
of its own; a sentence that quotes it has more around it and does not match.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seimai.filters.residue.matching import matches, strings
from seimai.filters.residue.shapes import line_ends
from seimai.pipeline.text import character_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.filters.residue.shapes import Shapes
    from seimai.filters.residue.words import Found
    from seimai.pipeline.text import Texts

    Flags = NDArray[np.bool_]

LONGEST_PRICE = 24
LONGEST_HEAD = 80
LONGEST_MARKUP = 120
LONGEST_PLACE = 30
DAYS_OF_WEEK = 7
FEWEST_PRICES = 3
"""One price or two may be facts that a text is about; three are a shop's."""
FEWEST_AMOUNTS = 3
NAME_LETTERS = 60
"""Characters of the longest name of a product on a card."""

_PRICE = re.compile(
    r"[¥￥]\s?\d[\d,]*\s?[~〜～\-]?(?:\s?[(（]?(?:税込み?|税抜き?|税別|送料無料|送料別)[)）]?)?"
    r"|\d[\d,]*\s?円\s?(?:[~〜～]|[(（]?(?:税込み?|税抜き?|税別|送料無料|送料別)[)）]?)"
)
"""A bare 300円 is no such price: tables of fees and of taxes have them."""
_WIKI = re.compile(
    r"\{\{[^{}.]{0,60}[ぁ-んァ-ヶ一-龥][^{}]{0,60}\}\}"
    r"|\[\[(?:[Cc]ategory|カテゴリ|[Ff]ile|ファイル|[Ii]mage|画像):[^\[\]]{1,100}\]\]"
)
"""A template of a wiki is named in Japanese; {{ text }} is a program's."""
_COMMENT_HEAD = re.compile(
    r"(?:[Pp]osted|POSTED|[Ww]ritten) by .{1,40}|"
    r"(?:投稿者|投稿日時?|投稿時間|回答者|質問者|回答日時|質問日時|お礼日時|レビュアー|トピ主)\s?[:：].{1,40}"
)
_WEEK = re.compile(
    r"[(（|｜\s]*(?:日[|｜\s]*月[|｜\s]*火[|｜\s]*水[|｜\s]*木[|｜\s]*金[|｜\s]*土"
    r"|月[|｜\s]*火[|｜\s]*水[|｜\s]*木[|｜\s]*金[|｜\s]*土[|｜\s]*日"
    r"|(?i:s[|\s]*m[|\s]*t[|\s]*w[|\s]*t[|\s]*f[|\s]*s))[)）|｜\s]*"
)
_DAYS = re.compile(r"(?:[|｜\s-]*(?:[1-9]|[12]\d|3[01])(?=[|｜\s-]|$)){1,7}[|｜\s-]*")
_COUNTER = re.compile(
    r"(?:本日|今日|昨日|総数|累計|合計|合計閲覧数|総アクセス数|アクセス数)\s?[:：]\s?\d[\d,]*"
    r"|\d[\d,]*\s?件中\s?.{0,20}(?:件目|表示)|(?:いいね|イイね|参考になった)!?\s?[:：]?\s?\d{1,5}人?"
    r"|(?:\d{1,3}\s?[|｜]\s?){2,}\d{1,3}|Since \d{4}[./-]\d{1,2}(?:[./-]\d{1,2})?"
    r"|あなたは.{0,3}\d{1,9}.{0,3}(?:人目|番目)の.{2,8}"
)
_FIGURE = r"[\d一二三四五六七八九十半/./〜~½¼¾]{1,6}"
_AMOUNT = re.compile(
    r"\S.{0,20}[\s…・:：]\s?(?:各|約)?(?:(?:大さじ|小さじ|カップ)\s?" + _FIGURE + r"(?:杯|と1/2)?"
    r"|" + _FIGURE + r"\s?(?:g|kg|ml|cc|L|グラム|本|枚|個|片|かけ|玉|株|束|袋|缶|合|尾|匹|切れ|丁"
    r"|カップ|杯|房|粒|パック)"
    r"(?:分|弱|強|程度|ほど)?|少々|適量|適宜|少し|お好みで|ひとつまみ)(?:\s?[(（].{1,15}[)）])?"
)
_AMOUNT_LAST = character_table(
    "gl本枚個片け玉株束袋缶合尾匹れ丁プ杯房粒クムc分弱強度ど々量宜しでみL)）0-9一二三四五六七八九十半½¼¾"
)
_PRICE_FIRST = character_table("0-9¥￥")
_PRICE_LAST = character_table(")）~〜～\\-0-9みき込抜別料")
_MARKUP_FIRST = character_table("{\\[")
_WEEK_FIRST = character_table("日月sSmM(（|｜")
_COUNTER_FIRST = character_table("本今昨総累合アいイ参Sあ0-9")
_SIGNS = ~character_table("ぁ-ゟァ-ヺー一-鿿A-Za-z0-9。")
"""Characters in which lines of text rarely end, and lines of some forms always do."""
_COUNTER_LAST = _SIGNS | character_table("0-9目示人")
_VISITOR = ord("あ")
"""With あなたは begins the one counter that ends in anything."""


class Forms(NamedTuple):
    """What is known of lines by their form; one entry per line."""

    sure: Flags
    """A line of nothing else: it goes, and warms what is around it."""
    price: Flags
    """A price of a card, where a text has `FEWEST_PRICES`; it goes."""
    amount: Flags
    """What goes into a dish and how much of it, where a text has `FEWEST_AMOUNTS` such lines."""
    name: Flags
    """An undecided line right above such a price: the name on its card."""


def forms_of(texts: Texts, shape: Shapes, found: Found, prose: Flags) -> Forms:
    """Look at the lines of a batch."""
    lines = texts.lines
    ends = texts.once(line_ends)
    first, last = ends.first, ends.last
    length = lines.length
    short = ~prose & (length <= LONGEST_MARKUP)
    figured = short & (shape.figures > 0)
    sure = np.zeros(length.size, np.bool_)
    price = figured & _PRICE_FIRST[first] & _PRICE_LAST[last] & (length <= LONGEST_PRICE)
    price = _several(texts, _PRICE, price, FEWEST_PRICES)
    sure |= matches(texts, _WIKI, short & _MARKUP_FIRST[first] & _SIGNS[last] & (shape.letters > 0))
    sure |= matches(texts, _COMMENT_HEAD, short & found.label & (length <= LONGEST_HEAD))
    counter = figured & _COUNTER_FIRST[first] & (_COUNTER_LAST[last] | (first == _VISITOR))
    sure |= matches(texts, _COUNTER, counter & (length <= LONGEST_PLACE))
    week = short & _WEEK_FIRST[first] & (shape.letters == DAYS_OF_WEEK)
    week = matches(texts, _WEEK, week & (length <= LONGEST_PLACE))
    sure |= week
    if week.any():
        sure |= _below(texts, week)
    beside = np.zeros(length.size, np.bool_)
    beside[:-1] |= price[1:]
    plain = beside & ~price & ~prose & (length <= NAME_LETTERS) & (shape.stops == 0)
    kitchen = short & (shape.gaps > 0) & (length <= LONGEST_PLACE) & (shape.stops == 0)
    amount = _several(texts, _AMOUNT, kitchen & _AMOUNT_LAST[last], FEWEST_AMOUNTS)
    return Forms(sure, price, amount, plain & ~_is_first(lines.first, length.size))


def _is_first(first: NDArray[np.int64], count: int) -> Flags:
    """The first line of each text: the name of what the page is about."""
    flags = np.zeros(count, np.bool_)
    flags[first[:-1][first[:-1] < first[1:]]] = True
    return flags


def _below(texts: Texts, week: Flags) -> Flags:
    """The rows of days below the names of the days of a week."""
    lines = texts.lines
    found = np.zeros(week.size, np.bool_)
    for line in np.flatnonzero(week).tolist():
        k = line + 1
        while k < week.size and lines.owner[k] == lines.owner[line] and k - line <= 31:
            if not _DAYS.fullmatch(strings(texts, np.array([k]))[0]):
                break
            found[k] = True
            k += 1
    return found


def _several(texts: Texts, pattern: re.Pattern[str], asked: Flags, fewest: int) -> Flags:
    """Lines of a form in texts that have so many; where fewer are asked no pattern is."""
    lines = texts.lines
    found = matches(texts, pattern, asked & (lines.total(asked) >= fewest)[lines.owner])
    several: Flags = found & (lines.total(found) >= fewest)[lines.owner]
    return several
