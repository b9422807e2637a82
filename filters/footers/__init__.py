"""
The cleaner of lines that surround a text: copyright, share buttons, rows of links.

A line goes only for what it says itself. Published recipes cut a text from the first line on that
has some footer words in it, which takes the end of every text that speaks of links or articles;
here a line has to consist of footer words, or to be a copyright notice, and the lines below it are
judged on their own. Whether a whole text is a menu is a signal's question, not this cleaner's.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.filters.footers.ends import Edges, edges, hold_footers
from seimai.pipeline.cleaner import cleaner
from seimai.pipeline.text import Texts, character_table
from seimai.pipeline.text.lexicon import lexicon

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TAIL = 5
"""Lines that stay at the end after which the search for footers ends."""
HEAD = 5
"""Lines at the start among which share buttons are looked for, as at the end."""
NEAR_END = 16
"""Lines at the end of a text that are cut off and looked at first."""
LONGEST = 160
"""Characters of the longest line that can be a row of links or a notice."""
MOST_REMEMBERED = 4096
"""Lines whose kind is remembered: the pages of a site end alike."""
NEARLY_ALL = 0.7
"""Share of a line's letters and figures that footer words have to make up."""


def _read_words(path: Path) -> dict[str, str]:
    """The class of each footer word (the heading that it stands under), by the folded word."""
    words: dict[str, str] = {}
    heading = ""
    for row in path.read_text("utf-8").splitlines():
        if row.startswith("["):
            heading = row.strip("[]")
        elif row and not row.startswith("#"):
            words[_fold(row)] = heading
    return words


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace(" ", "")


_WORDS = _read_words(Path(__file__).parents[1] / "data" / "footer_words.txt")

_STARTS = frozenset(word[:end] for word in _WORDS for end in range(1, len(word)))
"""Beginnings of footer words: what a footer word of several words may begin with."""
_BEGINNINGS = frozenset(word[:2] for word in _WORDS)
_ENDINGS = frozenset(word.rstrip("!")[-2:] for word in _WORDS)

_CUT = re.compile(r"[\s|/\\・,>»«<›‹≪≫⇒⇐→←↑▲△▼▽►▶◀◄■□◆◇●○•★☆※\[\]【】()_~=:;–—\-]+")
"""What stands between the links of a row. 、 is not among them: it joins words of a sentence."""
_COUNTER = re.compile(
    r"(?:コメント|トラックバック|comments?|trackbacks?|いいね!?|ブックマーク|シェア|ツイート|閲覧数?|拍手)"
    r"\s*[(:\[]?\s*[0-9]{1,6}\s*(?:件|人|users?)?[)\]]?"
)
_COPYRIGHT = re.compile(
    r"^\W{0,4}(?:"
    r"copyrights?\W{0,4}(?:(?:©|\(c\)|&copy;)\W{0,4})?(?:since )?[0-9]{4}"
    r"|(?:copyright\W{0,4})?(?:©|&copy;)[^。]{0,80}$"
    r"|(?:copyright\W{0,4})?\(c\)\W{0,3}(?:[0-9]{4}\b|[^。]{0,60}\b[0-9]{4}$)"
    r"|copyright\W{1,4}[^。]{0,100}all rights? reserved"
    r")[^。]*$"
    # In the middle of a line a notice is part of something, such as what a program prints.
    r"|^[^。0-9]{0,60}(?:copyright|©|\(c\))[^。]{0,80}all rights? reserved\W*$"
    r"|^(?:\W{0,4}[0-9]{4}(?:-[0-9]{4})?)?[^。0-9]{0,60}all rights? reserved\W*$"
)
_RIGHTS = re.compile(
    r"^[^。]{0,60}無断(?:での|で|による)?(?:転載|複製|複写|使用|利用|転用|掲載|引用|コピー)"
    r"[・、,/等などや及びおよの転載複製複写使用利用転用掲載引用改変配布]{0,24}"
    r"(?:を|は|を固く|は固く)?(?:禁じます|禁止|禁ず|禁止します|禁止いたします|禁止しています"
    r"|禁止されています|禁じられています|お断りします|お断りいたします|お断り致します|ご遠慮ください"
    r"|ご遠慮下さい|ご遠慮願います)[。.!]?$"
)
_NEIGHBOUR = re.compile(
    r"^\W{0,4}(?:前|次|過去)の(?:記事|ページ|投稿|エントリー?)\s*[:»>«<→←][^。]{0,80}$"
)
_MASK = re.compile("<[A-Z]+>")
_SENTENCE_ENDS = ("。", "、", "」", "？", "?", ":", "：", ";", "{")
_DECORATION = " \t*#>|/:·・«»<>‹›≪≫←→↑▲△▼▽►▶◀◄■□◆◇●○•★☆※[]()【】_~=-–—0123456789!人件"
_ALWAYS = frozenset({"notice", "shares", "phrase", "row"})
_LAST = frozenset({"share", "link"})
"""Lines that may be headings: footers only where no text stays below them."""
_SHARES = frozenset({"shares", "phrase", "share"})
_NAMES = {"notice": "rights", "row": "menu", "link": "menu"}
"""The names under which `explain` shows these kinds; all other kinds are buttons."""
_SHARE_HINTS = ("ツイート", "シェア", "はてな", "はてブ", "LINEで", "Tweet")
"""Some of these stand in every line of buttons; without them only the end is looked at."""

_HINTS = lexicon(_SHARE_HINTS)
_SAID = character_table("".join(_SENTENCE_ENDS))


@cache
def _edges() -> Edges:
    return edges(_BEGINNINGS, _ENDINGS, _DECORATION)


def _due(texts: Texts) -> NDArray[np.bool_]:
    """Texts with a footer among their last lines, or anywhere beside buttons."""
    hinted = texts.find(_HINTS)[0].count > 0
    return hold_footers(texts, _edges(), hinted, _SAID, tail=TAIL, longest=LONGEST, kind=_kind)


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the lines stand that this cleaner takes out, as (begin, end) in characters."""
    return [(begin, end) for begin, end, _ in _gone(text)]


def _kinds(text: str) -> list[str]:
    """The kind of each of these lines, in the same order."""
    return [kind for _, _, kind in _gone(text)]


def _gone(text: str) -> list[tuple[int, int, str]]:
    lines = text.split("\n")
    stay = footers(text).split("\n")
    gone, begin, at = [], 0, 0
    for line in lines:
        if at < len(stay) and line == stay[at]:
            at += 1
        elif line.strip():
            gone.append((begin, begin + len(line), _NAMES.get(_kind(line), "button")))
        begin += len(line) + 1
    return gone


@cleaner("footers", due=_due, where=_spans, kinds=_kinds)
def footers(text: str) -> str:
    r"""
    No copyright notices, share buttons and rows of links at the end; no share buttons elsewhere.

    From the end upwards footer lines go, until five lines have stayed. A single link such as
    お問い合わせ goes only below all text, since above some it is a heading; names of services
    alone never go. Lines of several share buttons go wherever they are.

    >>> footers("米を研ぐ。\n\nツイート シェア はてブ\nサイトマップ | お問い合わせ\n© 2020 精米所")
    '米を研ぐ。'
    """
    # With the footers gone a line may have come to an edge; most texts need one round.
    while (stripped := _strip_footer(text)) != text:
        text = stripped
    return text


def _strip_footer(text: str) -> str:
    gone: set[int] = set()
    hinted = any(hint in text for hint in _SHARE_HINTS)
    # The last lines are nearly always enough; what is before them is then left in one piece.
    lines = text.split("\n") if hinted else text.rsplit("\n", NEAR_END)
    ended = _mark_tail(lines, gone)
    if not ended and not hinted and len(lines) > NEAR_END:
        lines = text.split("\n")
        _mark_tail(lines, gone)
    if hinted:
        _mark_head(lines, gone)
        gone.update(
            place
            for place, line in enumerate(lines)
            if 0 < len(line) <= LONGEST and _kind(line) == "shares"
        )
    return "\n".join(_without(lines, gone)) if gone else text


def _mark_tail(lines: list[str], gone: set[int]) -> bool:
    """Whether enough lines stayed to end the search before the first line."""
    gone.clear()
    stayed = 0
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if not line or line.isspace():
            continue
        kind = _kind(line)
        if kind in _ALWAYS or (kind in _LAST and not stayed):
            gone.add(place)
        else:
            stayed += 1
            if stayed == TAIL:
                return place > 0
    return False


def _mark_head(lines: list[str], gone: set[int]) -> None:
    """A single ツイート near the start may be a heading; two in a row are buttons."""
    stayed = 0
    run: list[int] = []
    kinds: set[str] = set()
    for place, line in enumerate(lines):
        if not line or line.isspace() or place in gone:
            continue
        kind = _kind(line)
        if kind in _SHARES:
            run.append(place)
            kinds.add(kind)
            continue
        if len(run) > 1 or "phrase" in kinds:
            gone.update(run)
        else:
            stayed += len(run)
        stayed += 1
        run.clear()
        kinds.clear()
        if stayed >= HEAD:
            return


def _without(lines: list[str], gone: set[int]) -> list[str]:
    """The lines that stay; blank ones that would now follow a blank one, or nothing, go too."""
    stay: list[str] = []
    last_gone = False
    for place, line in enumerate(lines):
        if place in gone:
            last_gone = True
            continue
        if last_gone and not line.strip() and (not stay or not stay[-1].strip()):
            continue
        last_gone = False
        stay.append(line)
    while last_gone and stay and not stay[-1].strip():
        stay.pop()
    return stay


def _kind(line: str) -> str:
    """
    What a line is: a word for the reason to drop it, or "" for text.

    "notice"; "shares", several buttons; "phrase", one that can be nothing else; "share", one that
    could be a heading; "row", links; "link", a single one.

    >>> (
    ...     _kind("サイトマップ｜お問い合わせ"),
    ...     _kind("お問い合わせ"),
    ...     _kind("リンク集の記事を検索する"),
    ... )
    ('row', 'link', '')
    """
    if len(line) > LONGEST or (line.endswith(_SENTENCE_ENDS) and "無断" not in line):
        return ""
    return _kind_of_short(line)


@lru_cache(maxsize=MOST_REMEMBERED)
def _kind_of_short(line: str) -> str:
    """The kind of a line that is short enough and does not end as a sentence."""
    # A line with a mask stays: it said something about somebody, and is shorter than it was.
    if "<" in line and _MASK.search(line):
        return ""
    folded = unicodedata.normalize("NFKC", line).strip().lower()
    if _is_notice(folded):
        return "notice"
    bare = folded.strip(_DECORATION)
    # Of the lines of a text nearly all end here, for the price of two look-ups.
    if bare[:2] not in _BEGINNINGS and bare[-2:] not in _ENDINGS:
        return ""
    rest, counters = _COUNTER.subn(" ", folded)
    total = covered = len(folded) - len(rest)
    found = Counter({"row": counters})
    for word, heading in _links(rest):
        letters = sum(map(str.isalnum, word))
        total += letters
        found[heading] += 1
        covered += letters if heading else 0
    if not total or covered < NEARLY_ALL * total:
        return ""
    shares = found["phrase"] + found["share"]
    if found["row"]:
        alone = found["row"] + shares + found["button"] + found["weak"] == 1
        return "link" if alone else "row"
    if not shares or found["weak"]:
        return ""
    if shares + found["button"] + found["service"] > 1:
        return "shares"
    return "phrase" if found["phrase"] else "share"


def _is_notice(folded: str) -> bool:
    """Copyright and the like; words that must be there are asked for before the patterns."""
    return bool(
        (
            ("©" in folded or "(c)" in folded or "copy" in folded or "reserved" in folded)
            and _COPYRIGHT.match(folded)
        )
        or ("無断" in folded and _RIGHTS.match(folded))
        or ("の" in folded[:6] and _NEIGHBOUR.match(folded))
    )


def _links(row: str) -> list[tuple[str, str]]:
    """The links of a row with their classes; links of several words are joined where known."""
    words = [word for word in _CUT.split(row) if word]
    links: list[tuple[str, str]] = []
    k = 0
    while k < len(words):
        for size in (4, 3, 2, 1) if words[k] in _STARTS else (1,):
            joined = "".join(words[k : k + size])
            if joined in _WORDS and k + size <= len(words):
                links.append((joined, _WORDS[joined]))
                k += size
                break
        else:
            links.append((words[k], ""))
            k += 1
    return links
