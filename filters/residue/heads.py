"""
Lines that a page prints in a form of its own above, below and between its paragraphs.

Dates of publication with their labels, the title a second time, the caption of a picture that says
the heading again, lists of years, the words with which a site says that it lives on advertising.
Each is known by its form and by the lines beside it, and goes in any case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seimai.filters.residue.matching import matches
from seimai.filters.residue.shapes import line_ends
from seimai.pipeline.text import character_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.filters.residue.shapes import Shapes
    from seimai.pipeline.text import Texts

    Flags = NDArray[np.bool_]

LONGEST_DATED = 48
LONGEST_YEAR = 16
LONGEST_DISCLOSURE = 120
LONGEST_PICTURE = 80
FEWEST_YEARS = 5
"""A list of so many years one below the other is an archive; a chronicle says what happened."""
HEAD_LINES = 7
"""The title stands again within so many lines from the start of a text."""
SHORTEST_AGAIN, LONGEST_AGAIN = 8, 100
FEWEST_PARAGRAPHS, LEAST_PARAGRAPH = 2, 30
"""A text whose headings may stand twice has so many lines of sentences with so many characters:
songs have refrains, and their lines are short."""

_DATE = (
    r"(?:\d{4}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}日?(?:\s?[(（][月火水木金土日][)）])?"
    r"(?:\s?\d{1,2}[:：時]\d{1,2}分?(?:[:：]\d{1,2})?)?)"
)
_BULLET = r"[-‐・●■◆※*|｜\s]*"
_UPDATED = re.compile(
    rf"{_BULLET}(?:最終)?更新(?:日時?|時刻)\s?[:：]?\s?(?:{_DATE})?"
    rf"|{_BULLET}(?:最終)?更新\s?[:：]\s?{_DATE}"
    rf"|{_BULLET}(?i:(?:last )?(?:updated?|modified)(?: on)?|posted on)\s?[:：]?\s?{_DATE}"
    rf"|{_BULLET}(?i:date)\s?[:：]?\s?{_DATE}"
)
"""What nobody but a page says of itself; 公開日 may be that of a film."""
_PUBLISHED = re.compile(
    rf"{_BULLET}(?:公開|投稿|掲載|作成|登録|記事公開|初回公開)(?:日時?|時刻)\s?[:：]?\s?(?:{_DATE})?"
)
_DAY = re.compile(rf"{_BULLET}{_DATE}")
_YEAR = re.compile(
    r"[-・●■|｜\s]*(?:(?:19|20)\d\d年(?:度|\s?\d{1,2}月)?|平成\d{1,2}年度?|令和\d{1,2}年度?)"
    r"\s?(?:[(（]\d{1,4}[)）])?"
)
_PICTURE = re.compile(r"\[?f:id:[\w-]+:\d{8,14}[a-z]?(?::[\w=%]+)*\]?")
"""How a service for blogs writes pictures whose markup was lost."""
_DISCLOSURE = re.compile(
    r"[※＊*\[(（【「\s]*(?:(?:PR|広告)[\]）)】」\s:：]*)?"
    r"(?:当|本|この)(?:サイト|ページ|記事|ブログ|メディア|コンテンツ)(?:に|で|内|の|は|が|も)[^。]{0,40}?"
    r"(?:アフィリエイト|プロモーション|成果報酬|(?:商品|企業)?PR|広告)[^。]{0,30}?"
    # As a site speaks to its readers: an article on advertising says the same in plain form.
    r"(?:含みます|含んで(?:い|おり)ます|含まれ(?:て(?:い|おり))?ます"
    r"|(?:(?:利用|参加|掲載|使用)し|得)て(?:い|おり)ます|得る(?:こと|場合)[^。]{0,12}(?:ます|です))"
    r"[^。、]{0,6}。?[)）】\]]*"
)
_BULLET_ALONE = character_table("|｜•-")
_YEAR_FIRST = character_table("12平令|｜・●■-")
_LABELLED_FIRST = character_table("最更公投掲作登記初dDuUlLpP|｜・●■◆※*‐-")
_DISCLOSED_FIRST = character_table("※＊*[(（【「PR広当本こ")


class Heads(NamedTuple):
    """What is known of lines in this way; one entry per line, and all of them go."""

    dates: Flags
    """Labels with dates of publication: the lines around them may be a page's too."""
    years: Flags
    """Lists of years; the heading and the first entry of a diary stand beside them."""
    picture: Flags
    disclosed: Flags
    """Sentences about the advertising that a site lives on."""
    bullets: Flags
    """A bullet or a bar that has lost its item."""
    again: Flags
    """Titles and headings that stand there a second time."""


def heads_of(texts: Texts, shape: Shapes, prose: Flags) -> Heads:
    """Look at the lines of a batch."""
    lines = texts.lines
    first = texts.once(line_ends).first
    length = lines.length
    dated = _dated(texts, shape, first)
    years = (shape.figures > 0) & (length <= LONGEST_YEAR) & _YEAR_FIRST[first]
    years = _in_runs(matches(texts, _YEAR, years), lines.owner)
    picture = (shape.figures >= 8) & (shape.colons >= 2) & (length <= LONGEST_PICTURE)
    picture = matches(texts, _PICTURE, picture & (shape.kana == 0))
    disclosed = _DISCLOSED_FIRST[first] & (length <= LONGEST_DISCLOSURE) & (shape.kana >= 5)
    disclosed = matches(texts, _DISCLOSURE, disclosed & (shape.stops <= 1))
    bullets = (length == 1) & _BULLET_ALONE[first]
    return Heads(dated, years, picture, disclosed, bullets, _again(texts, shape, prose))


def _dated(texts: Texts, shape: Shapes, first: NDArray[np.uint32]) -> Flags:
    """When the page was made and changed, by its labels, and the dates below these."""
    lines = texts.lines
    asked = _LABELLED_FIRST[first] & (lines.length <= LONGEST_DATED) & (shape.stops <= 2)
    updated = matches(texts, _UPDATED, asked)
    if not updated.any():
        return updated
    same = lines.owner[1:] == lines.owner[:-1]
    # A date may stand between the two labels.
    over = same[1:] & same[:-1] & (shape.dates[1:-1] > 0)
    beside = updated.copy()
    for apart, near in ((1, same), (2, over)):
        beside[apart:] |= updated[:-apart] & near
        beside[:-apart] |= updated[apart:] & near
    label = updated | matches(texts, _PUBLISHED, asked & beside)
    below = np.zeros(label.size, np.bool_)
    below[1:] = label[:-1] & same & (shape.dates[1:] > 0)
    day = matches(texts, _DAY, below & (lines.length <= LONGEST_DATED))
    # A label without its date is a column of a table, or something that is spoken of.
    with_date = shape.dates > 0
    with_date[:-1] |= day[1:] & same
    return (label & with_date) | day


def _in_runs(found: Flags, owner: NDArray[np.int64]) -> Flags:
    """Those of the lines found that are among `FEWEST_YEARS` such lines in a row."""
    if not found.any():
        return found
    begins = np.concatenate([[True], (found[1:] != found[:-1]) | (owner[1:] != owner[:-1])])
    run = np.cumsum(begins) - 1
    many: Flags = found & (np.bincount(run)[run] >= FEWEST_YEARS)
    return many


def _again(texts: Texts, shape: Shapes, prose: Flags) -> Flags:
    """
    Titles and headings that stand again.

    The title of a page, within its first lines and word for word, and a heading right below itself
    with sentences below: what a picture is called that has lost its markup.
    """
    lines = texts.lines
    keys = texts.keys(lines)
    again = np.zeros(keys.size, np.bool_)
    if keys.size < 2:
        return again
    paragraphs = lines.total(prose & (lines.length >= LEAST_PARAGRAPH))
    told = (paragraphs >= FEWEST_PARAGRAPHS)[lines.owner] & ~prose & (shape.kana > 0)
    told &= (lines.length >= SHORTEST_AGAIN) & (lines.length <= LONGEST_AGAIN)
    place = np.arange(keys.size) - lines.first[lines.owner]
    for apart in range(1, HEAD_LINES):
        same = told[apart:] & (keys[apart:] == keys[:-apart]) & (place[apart:] >= apart)
        again[apart:] |= same & (place[apart:] < HEAD_LINES)
    heading = told[1:] & (keys[1:] == keys[:-1]) & (place[1:] >= 1)
    heading[:-1] &= prose[2:] & (place[2:] >= 2)
    heading[-1] = False
    again[1:] |= heading
    return again
