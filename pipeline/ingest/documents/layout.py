"""
Lines of pages to running text: order of vertical writing, wrapped lines, headers and footers.

All measures are in the size of the characters (em), so that they hold for any page. A line of
vertical writing is looked at as a horizontal one: what is said of its start and end is the same.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import sub
from statistics import median
from typing import TYPE_CHECKING

from seimai.pipeline.decode.radicals import unified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the lower left corner."""

FEWEST_PAGES = 4
"""With fewer pages a line that stands at the same place on each means nothing."""
MARGIN = 0.1
"""Headers and footers stand within this share of the height, at the top and at the bottom."""

INDENT = 0.6
"""Em by which a line must start further in to begin a paragraph: 字下げ is 1."""
SHORT = 2.0
"""Em that may be free at the end of a full line: 禁則 moves one or two characters on."""
NARROW = 10.0
"""Em: what is narrower is a list or a cell, where lines of one length mean nothing."""
LEADING = 2.6
"""Distance between lines within a block, in em; more is a gap."""
WIDER = 1.3
"""A gap between paragraphs is wider than one between lines by at least this factor."""
SAME_SIZE = 1.2
"""Sizes within a paragraph may differ by this factor: half-width letters measure smaller."""
CELL = 2.0
"""Em between the cells of a row; a blank of full width within a sentence is 1."""
LATIN = 0.55
"""Mean width of a Latin letter, in em."""
LONGEST_WORD = 16

BULLET = re.compile(
    r"[　・●○■□◆◇※*•▪–①-⑳⑴-⒇⒈-⒛Ⅰ-Ⅻⅰ-ⅻ㈠-㈩㊀-㊉]"
    r"|[(（]?[0-9０-９一二三四五六七八九十ア-ンa-zA-Zａ-ｚＡ-Ｚ]{1,2}[)）.．、]\s?"
    r"|[(（][0-9０-９一二三四五六七八九十あ-んア-ンa-zA-Zａ-ｚＡ-Ｚ]{1,3}[)）]"
    r"|[0-9０-９一二三四五六七八九十]{1,2}　|[ア-ンａ-ｚＡ-Ｚ][　 ]"
    r"|第[0-9０-９一二三四五六七八九十百千〇]{1,4}[条章節項款編部]"
)
"""What a list item begins with: it always begins a line of its own."""
MARK = re.compile(r"[ア-ンａ-ｚＡ-Ｚ](?=[ \u3000぀-ヿ一-鿿])|[0-9０-９]{1,2}(?=[ \u3000])")
"""What begins one after the end of a sentence: one letter in front of a word (ｃ口出し線)."""
STOPS = ("。", "．", "。」", "。）")
ENDS = tuple("。．！？!?」』）)：:")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line and where it stands; `start`, `end` along it, `across` from line to line."""

    text: str
    box: Box
    size: float
    """Size of its characters, in points."""
    vertical: bool = False
    cells: int = 1
    """Pieces with wide gaps between them: a row of a table has several."""

    @property
    def start(self) -> float:
        """Where it begins: grows in the direction of writing."""
        return -self.box[3] if self.vertical else self.box[0]

    @property
    def end(self) -> float:
        """Where it ends, in the direction of writing."""
        return -self.box[1] if self.vertical else self.box[2]

    @property
    def across(self) -> float:
        """Its middle; shrinks from line to line: down the page, or to the left."""
        low, high = (0, 2) if self.vertical else (1, 3)
        return (self.box[low] + self.box[high]) / 2

    def turned(self, degrees: int, width: float, height: float) -> Line:
        """The line on a page that is shown turned clockwise, with coordinates as it is shown."""
        left, bottom, right, top = self.box
        if degrees == 90:
            box = (bottom, height - right, top, height - left)
        elif degrees == 180:
            box = (width - right, height - top, width - left, height - bottom)
        else:
            box = (width - top, left, width - bottom, right)
        return replace(self, box=box, vertical=self.vertical != (degrees != 180))


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its lines, in the order in which the PDF has them."""

    width: float
    height: float
    lines: Sequence[Line]


def line_of(chars: Sequence[str], boxes: Sequence[Box]) -> Line | None:
    """One line of characters; None where there is nothing to see."""
    # Blanks have odd boxes, in vertical writing above all.
    inked = [box for char, box in zip(chars, boxes, strict=False) if not char.isspace()]
    if not inked:
        return None
    lefts, bottoms, rights, tops = zip(*inked, strict=True)
    box = (min(lefts), min(bottoms), max(rights), max(tops))
    first, last = inked[0], inked[-1]
    wide = abs(last[0] + last[2] - first[0] - first[2])
    high = abs(last[1] + last[3] - first[1] - first[3])
    vertical = high > wide
    text = _without_gaps(chars, boxes, vertical=vertical).strip("\0 \t")
    # pdfium counts in UTF-16: the halves of a pair come one after the other, or one is missing.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = unified(text)  # Fonts of Japanese PDFs give radicals in place of kanji: ⼈ for 人.
    # The height, in vertical writing too: how wide a glyph is there depends on which font stands in
    # for one that the machine has not.
    size = median(map(sub, tops, bottoms))
    spaces = (
        before[1] - after[3] if vertical else after[0] - before[2]
        for before, after in pairwise(inked)
    )
    cells = 1 + sum(space > CELL * size for space in spaces)
    return Line(text, box, size or 1.0, vertical, cells)


def _without_gaps(chars: Sequence[str], boxes: Sequence[Box], *, vertical: bool) -> str:
    """The text without the blanks that stand for letter spacing between Japanese characters."""
    if " " not in chars:
        return "".join(chars)
    result = list(chars)
    # The one blank of a line after the mark of an item is not letter spacing: ｃ 口出し線.
    first = 2 if chars.count(" ") == 1 and MARK.match("".join(chars[:3])) else 1
    for k in range(first, min(len(chars), len(boxes)) - 1):
        if chars[k] != " " or not (is_wide(chars[k - 1]) and is_wide(chars[k + 1])):
            continue
        before, after = boxes[k - 1], boxes[k + 1]
        gap = before[1] - after[3] if vertical else after[0] - before[2]
        size = before[2] - before[0]
        if gap < size * INDENT:
            result[k] = ""
    return "".join(result)


def is_wide(char: str) -> bool:
    """Whether a character stands without blanks around it: kana, kanji, full-width marks."""
    return bool(char) and unicodedata.east_asian_width(char[-1]) in "WF"


def text_of_pages(pages: Sequence[Page]) -> str:
    """The running text of pages, without what repeats at their edges."""
    parts: list[list[str]] = []
    last: Line | None = None
    full = False
    for page in without_repeats(pages):
        blocks = list(_blocks(_ordered(page.lines)))
        for place, block in enumerate(blocks):
            edge = max(line.end for line in block)
            begin = min(line.start for line in block)
            gaps = [line.across - after.across for line, after in pairwise(block)]
            widest = WIDER * median(gaps) if len(gaps) > 1 else math.inf
            for k, line in enumerate(block):
                if k:
                    joined = gaps[k - 1] <= widest and _goes_on(block[k - 1], line, begin, edge)
                else:
                    joined = not place and full and last is not None and _over(last, line, begin)
                if joined:
                    put_on(parts[-1], line.text)
                else:
                    parts.append([line.text])
            last = block[-1]
            wide = edge - begin > NARROW * last.size
            full = wide and last.end > edge - SHORT * last.size and not last.text.endswith(ENDS)
    return "\n".join("".join(part).rstrip("\N{SOFT HYPHEN}").rstrip() for part in parts)


def put_on(paragraph: list[str], after: str) -> None:
    """
    Put the next line to the lines of a paragraph, so that joining them gives its text.

    >>> japanese, english, divided = ["朝の港に"], ["at the"], ["ship\N{SOFT HYPHEN}"]
    >>> put_on(japanese, "船が戻る"), put_on(english, "quay"), put_on(divided, "yard")
    (None, None, None)
    >>> japanese, english, divided
    (['朝の港に', '船が戻る'], ['at the', ' quay'], ['ship', 'yard'])
    """
    before = paragraph[-1]
    if before.endswith("\N{SOFT HYPHEN}"):
        paragraph[-1] = before[:-1]
    else:
        paragraph[-1] = before = before.rstrip(" ")
        if before and not is_wide(before[-1]) and not is_wide(after[0]):
            after = f" {after}"
    paragraph.append(after)


def _goes_on(line: Line, after: Line, begin: float, edge: float) -> bool:
    """Whether the next line of a block from `begin` to `edge` belongs to the same paragraph."""
    if line.text.endswith("\N{SOFT HYPHEN}"):
        return True
    size = line.size
    if line.cells > 1 and line.cells == after.cells:
        return False  # Rows of a table.
    if edge - begin < NARROW * size or _begins(line, after):
        return False
    free = SHORT
    if not is_wide(after.text[0]):
        word = after.text.split(" ", 1)[0]
        free = max(free, LATIN * min(len(word), LONGEST_WORD) + 1)
    if line.end < edge - free * size:
        return False
    step = after.start - line.start
    return step <= INDENT * size or (bool(BULLET.match(line.text)) and step < 4 * size)


def _over(last: Line, line: Line, begin: float) -> bool:
    """Whether a paragraph goes on from the end of one page to the beginning of the next."""
    same = last.vertical == line.vertical and _alike(last.size, line.size)
    return same and line.start <= begin + INDENT * line.size and not _begins(last, line)


def _begins(line: Line, after: Line) -> bool:
    """Whether a line begins an item of a list, or an article of a law."""
    if BULLET.match(after.text):
        return True
    return line.text.endswith(STOPS) and bool(MARK.match(after.text))


def _alike(one: float, other: float) -> bool:
    return max(one, other) <= SAME_SIZE * min(one, other)


def _blocks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines under each other, of one size and direction."""
    block: list[Line] = []
    for line in lines:
        if block and not _under(block[-1], line):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _under(line: Line, after: Line) -> bool:
    if line.vertical != after.vertical or not _alike(line.size, after.size):
        return False
    step = line.across - after.across
    overlaps = after.start < line.end and line.start < after.end
    return overlaps and 0 < step < LEADING * line.size


def _ordered(lines: Sequence[Line]) -> list[Line]:
    """
    Lines in reading order.

    Horizontal ones stay as they came. Columns of vertical writing go from right to left, and in
    tiers from top to bottom; pdfium gives them by their place from the left.
    """
    columns = sorted((line for line in lines if line.vertical), key=lambda line: line.start)
    if len(columns) <= len(lines) / 2:
        return list(lines)
    tiers: list[list[Line]] = []
    for line in columns:
        middle = (line.start + line.end) / 2
        tier = tiers[-1] if tiers else None
        if (
            tier
            and line.start < max(other.end for other in tier[:1])
            and (middle < tier[0].end or line.start - tier[0].start < 4 * line.size)
        ):
            tier.append(line)
        else:
            tiers.append([line])
    result = [line for line in lines if not line.vertical]
    for tier in tiers:
        result += sorted(tier, key=lambda line: -line.across)
    return result


def without_repeats(pages: Sequence[Page]) -> list[Page]:
    """
    Pages without headers and footers: the same line at the same place on most of them.

    Digits do not count, so that page numbers are found; left and right pages of a book are looked
    at apart as well.
    """
    if len(pages) < FEWEST_PAGES:
        return list(pages)
    seen: Counter[tuple[int | None, int, str]] = Counter()
    for number, page in enumerate(pages):
        keys = {key for line in page.lines if (key := _mark(line, page))}
        seen.update((None, *key) for key in keys)
        seen.update((number % 2, *key) for key in keys)
    sides = {None: len(pages), 0: (len(pages) + 1) // 2, 1: len(pages) // 2}
    repeated = {
        key
        for key, count in seen.items()
        if sides[key[0]] >= FEWEST_PAGES and count > sides[key[0]] / 2
    }
    return [
        replace(page, lines=[
            line
            for line in page.lines
            if not (key := _mark(line, page))
            or not repeated.intersection({(None, *key), (number % 2, *key)})
        ])
        for number, page in enumerate(pages)
    ]  # fmt: skip


def _mark(line: Line, page: Page) -> tuple[int, str] | None:
    """What makes a line the same on two pages; None for lines that are not at an edge."""
    if not page.height:
        return None
    middle = (line.box[1] + line.box[3]) / 2 / page.height
    if MARGIN < middle < 1 - MARGIN:
        return None
    return round(middle * 100), _DIGITS.sub("", line.text).strip()
