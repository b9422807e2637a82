r"""
Texts whose line breaks have become blanks, as some extractors write them, cut up where they were.

Of such a text every blank or bar beside a Japanese letter or behind `...` may have been a break,
and so may a hyphen between blanks, which stood before an item of a list. The pieces between them
are weighed as lines are. There are more of them than there were lines, so only a text in which much
speaks of a page is taken for one: others have their English words, formulas and tables torn into
pieces that look like links.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from seimai.filters.residue.weighing import weighed
from seimai.filters.residue.words import count_words
from seimai.pipeline.text import Texts, character_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

LONG_LINE = 300
"""Characters of the mean line from which on a text has lost its breaks; a paragraph has half."""

BETWEEN_BLANKS, FEWEST_WORDS = 150, 3
"""With fewer blanks, or words of pages, a text is not cut up: clean text must cost nothing."""

LEAST_HEAT, PER_PIECE = 2.5, 0.05
"""Warmth of its pieces, together and on the mean, that makes a text a page with its breaks lost."""
MUCH_HEAT = 20.0
"""This much of it together is enough: a page with a long list of names in it."""

BLANKS_INSIDE, FEWEST_INSIDE = 0.02, 2
"""This share of the pieces, and no fewer of them, begins with a particle behind a Latin word where
people put blanks around Latin words (Promise を使う). Manuals have 0.02 to 0.4 and pages of a crawl
up to 0.01, as menus have no such items. A blank says little there."""
LONGEST_SENTENCE = 100
"""Characters before the last piece of a sentence that are taken for its own in such a text."""

_BLANKS = character_table(" \u3000|")
_LETTER = r"[^\x00-\x7f가-힣]"
_UNENDED = re.compile(
    r"(?:[、，]|[ぁ-ん一-龠ァ-ヶー](?:の|が|を|は|に|へ|と|や|も)"
    r"|第[〇一二三四五六七八九十百千\d]+[条項号](?:の[一二三四五六七八九十\d]+)*)$"
)
"""How a piece ends whose sentence goes on behind a blank, the number of an article among them."""
_PARTICLE = (
    r"(?:[はがをにでとものへ]|から|まで|より|など|という|として|による|では|には|とは)(?![ぁ-ん])"
)
_GOING_ON = re.compile(_PARTICLE)
"""How a piece begins that goes on with a sentence; はじめに does not."""
_SENTENCE_END = re.compile(r"[。！？]")
_BEGUN = re.compile(r"[。！？][」』）)]*[^。！？」』）)]+$")
_INSIDE = re.compile(rf"[!-~] *\n+{_PARTICLE}")
"""A blank inside a sentence, as `cut_up` leaves it: behind a Latin word and before a particle."""
_OPENING = "「『（([【"
_BRACKET = re.compile(r"[「『（(\[【」』）)\]】]")
_BETWEEN = ">/»›"
"""What stands between the items of breadcrumbs, a piece of its own between blanks."""
LONGEST_BRACKET = 6
"""Pieces that a bracket may go over; one that is never closed holds nothing."""
_BREAK = re.compile(rf"(?:(?<={_LETTER})|(?<=\.\.\.))[ \u3000|]|[ \u3000|](?={_LETTER})")


def joined_rows(texts: Texts) -> list[int]:
    """Texts of a batch in whose lines, long as they are, breaks may be missing."""
    rows = np.flatnonzero(texts.length >= LONG_LINE * np.maximum(texts.lines.count, 1))
    blanks = [_BLANKS[texts.codes[texts.start[row] : texts.start[row + 1]]].sum() for row in rows]
    rows = rows[np.array(blanks, np.int64) * BETWEEN_BLANKS >= texts.length[rows]]
    return rows[count_words(texts, rows) >= FEWEST_WORDS].tolist() if rows.size else []


def cut_up(text: str) -> str:
    r"""
    A text with line feeds in the place of blanks and bars that may have been breaks.

    It is as long as before.

    >>> cut_up("ホーム 会社概要 - 採用 この店はNHK FMで紹介された。")
    'ホーム\n会社概要\n\n\n採用\nこの店はNHK FMで紹介された。'
    """
    return _BREAK.sub("\n", text.replace(" - ", "\n\n\n"))


def are_pages(texts: Texts) -> NDArray[np.bool_]:
    """Which of these texts, cut up, have so many words and shapes of a page."""
    heat = texts.lines.total(np.maximum(weighed(texts)[0].warmth, 0))
    pages: NDArray[np.bool_] = heat >= np.maximum(LEAST_HEAT, PER_PIECE * texts.lines.count)
    return pages | (heat >= MUCH_HEAT)


def pages_among(texts: list[str]) -> dict[int, str]:
    """The texts that are pages whose breaks were lost, cut up, by their places in the list."""
    rows = joined_rows(Texts.of(*texts)) if texts else []
    pages = pages_of([texts[row] for row in rows])
    return {rows[place]: page for place, page in pages.items()}


def pages_of(texts: list[str]) -> dict[int, str]:
    """The same of texts that `joined_rows` has given."""
    cut = [cut_up(text) for text in texts]
    if not cut:
        return {}
    pages = are_pages(Texts.of(*cut)).tolist()
    return {row: page for row, (page, is_one) in enumerate(zip(cut, pages, strict=True)) if is_one}


def has_blanks_inside(cut: str) -> bool:
    r"""
    Whether a text that was cut up writes blanks inside of its sentences.

    >>> has_blanks_inside(cut_up("まず Node.js を入れ、 npm で足す。"))
    True
    >>> has_blanks_inside(cut_up("ホーム Node.js 入門 npm 一覧"))
    False
    """
    inside = len(_INSIDE.findall(cut))
    return inside >= max(FEWEST_INSIDE, BLANKS_INSIDE * (cut.count("\n") + 1))


def without_torn(cut: str, gone: set[int]) -> set[int]:
    r"""
    The pieces that go, without those whose sentence or bracket would be torn.

    A blank inside a sentence parts it as well (…するための IP アドレス), and so does one inside of
    brackets (「米を研ぐ 水を切る」). Such pieces stay together, if one of them stays.

    >>> without_torn("人気\n届けるための\nIP\nアドレスです。\n（新潟\n魚沼）", {0, 2, 4, 5})
    {0, 4, 5}
    """
    pieces = cut.split("\n")
    bound = [_UNENDED.search(piece) is not None for piece in pieces]
    for place, after in enumerate(pieces[1:]):
        # Within a sentence a foreign word is bound to what follows as well (…クラスは Zend 拡張…).
        inside = place > 0 and bound[place - 1] and pieces[place].isascii()
        bound[place] |= inside or _GOING_ON.match(after) is not None
    for first, last in _brackets(pieces):
        bound[first:last] = [True] * (last - first)
    stays = set(range(len(pieces))) - gone
    if has_blanks_inside(cut):
        for first, last in _sentences(pieces):
            bound[first:last] = [True] * (last - first)
    # What stays holds the piece behind it, and that the next; then the same the other way.
    for place in range(len(pieces) - 1):
        if bound[place] and place in stays:
            stays.add(place + 1)
    for place in reversed(range(len(pieces) - 1)):
        if bound[place] and place + 1 in stays:
            stays.add(place)
    return gone - stays


def _sentences(pieces: list[str]) -> Iterator[tuple[int, int]]:
    """The first and the last piece of each sentence, as far back as one may go."""
    first = length = 0
    for last, piece in enumerate(pieces):
        length += len(piece)
        if not _SENTENCE_END.search(piece):
            continue
        while length - len(pieces[first]) - len(piece) >= LONGEST_SENTENCE:
            length -= len(pieces[first])
            first += 1
        yield first, last
        # What stands behind the full stop in its piece begins the next sentence.
        first, length = (last, len(piece)) if _BEGUN.search(piece) else (last + 1, 0)


def _brackets(pieces: list[str]) -> Iterator[tuple[int, int]]:
    """The first and the last piece of each bracket that opens in one and closes in a later one."""
    depth = first = over = 0
    for place, piece in enumerate(pieces):
        over = over + (piece != "") if depth else 0
        if over > LONGEST_BRACKET:
            depth = 0
        before = depth
        for bracket in _BRACKET.findall(piece):
            depth = depth + 1 if bracket in _OPENING else max(depth - 1, 0)
        if before and not depth:
            yield first, place
        elif depth and not before:
            first = place


def without_pieces(text: str, cut: str, gone: set[int]) -> str:
    r"""
    A text without pieces, given by their numbers as lines of `cut`.

    What stood behind a piece that goes goes with it, an arrow to the next item included. Where
    pieces meet that would now be one, a line feed parts them.

    >>> without_pieces("人気 Apple 店 iPhone", "人気\nApple\n店\niPhone", {0, 2})
    'Apple\niPhone'
    """
    parts: list[str] = []
    begin = 0
    last_gone = False
    for number, piece in enumerate(cut.split("\n")):
        end = begin + len(piece)
        if number in gone or (last_gone and not piece.strip(_BETWEEN)):
            last_gone = True
        else:
            if last_gone and parts and piece[:1].isascii() and parts[-1][-2:-1].isascii():
                parts[-1] = parts[-1][:-1] + "\n"
            part = text[begin : end + 1]
            parts.append(part.lstrip(" \u3000|") if last_gone else part)
            last_gone = False
        begin = end + 1
    stays = "".join(parts)
    return stays.rstrip(" \u3000|-\n") if last_gone else stays
