"""
Lines: how long they are, how they begin and end, and which of them say nothing.

A line is what stands between line breaks, trimmed; blank lines do not count. In Japanese pages a
line is a paragraph, a list item, a table cell or a menu entry, which is why lines tell more than
sentences do. What stands *in* a sentence is measured in `sentences.py`.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline import kernels
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Texts, character_table, divide

MOST = float("inf")

SHORT_LINE = 10
"""HojiChar's measure of a short line, in characters: a menu entry, a heading, a table cell."""

TEASER_TAIL = 10
"""How far from the end of a line an ellipsis still makes it a teaser: …[続きを読む] has eight."""

FEWEST_LINES = 3
"""With fewer lines a share of them says nothing."""

_SPEECH_ENDS = character_table("」』”’")
"""Brackets of speech, in which a sentence may trail off. ［…］ and （…） are not speech."""


_OPENERS = character_table("<＜‹«≪←")
"""Arrows that point left: at the start of a line they open a tag or a quotation, not an item."""


@cache
def _marks() -> NDArray[np.uint8]:
    return kernels.lines.ellipsis_marks()  # type: ignore[no-any-return]


def repeats(texts: Texts) -> NDArray[np.bool_]:
    """Lines that stood earlier in the same text."""
    lines = texts.lines
    seen: NDArray[np.bool_] = kernels.repetition.seen_before(texts.keys(lines), lines.first)
    return seen


def ends_closed(texts: Texts) -> NDArray[np.bool_]:
    """Lines that end like a sentence: 。．！？ or a Japanese closing bracket."""
    return texts.at(texts.lines.end - 1, "kuten", "exclamation", "bracket_close")


@signal("text.line_count", between=(0, MOST))
def line_count(texts: Texts) -> Numbers:
    r"""
    Number of lines that are not blank.

    Useful beside others: one line of 5,000 characters is a page that lost its line breaks.

    >>> line_count(Texts.of("一\n\n二", ""))
    array([2, 0])
    """
    return texts.lines.count


@signal("line.length_mean", between=(1, MOST))
def length_mean(texts: Texts) -> Numbers:
    r"""
    Mean length of the lines in characters.

    Menus, tables and tag clouds have 3 to 12; dialogue and verse 15 to 30, manuals 20 to 60,
    encyclopedias and essays 60 to 250. Text wrapped at a fixed width (mail, old files) has about
    35 whatever its quality.

    >>> length_mean(Texts.of("精米\n精米歩合", ""))
    array([ 3., nan])
    """
    return texts.lines.share(texts.lines.length)


@signal("line.length_max", between=(1, MOST))
def length_max(texts: Texts) -> Numbers:
    r"""
    Length of the longest line in characters.

    Below 30 the text has no paragraph, only items (or verse). Far above 5,000 it is
    usually a file that lost its line breaks, or minified code.

    >>> length_max(Texts.of("精米\n精米歩合", ""))
    array([ 4., nan])
    """
    return texts.lines.largest(texts.lines.length)


@signal("line.short_share", between=(0, 1))
def short_share(texts: Texts) -> Numbers:
    r"""
    Share of lines with ten characters or fewer.

    Navigation and calendars are above 0.7; prose below 0.1, dialogue and verse up to 0.3, manuals
    with lists of options up to 0.5. HojiChar rejects above 0.5, which costs reference manuals and
    plays: `line.short_char_share` is milder.

    >>> short_share(Texts.of("ホーム\n会社概要\n米は品種と水で味が変わる。", "")).round(2)
    array([0.67,  nan])
    """
    lines = texts.lines
    return lines.share(lines.length <= SHORT_LINE)


@signal("line.short_char_share", between=(0, 1))
def short_char_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters that stand in lines with ten characters or fewer.

    The reader's view of `line.short_share`: twenty menu entries around a long article hardly
    count here, a page that is all menu has more than 0.5. Prose is below 0.02, manuals below 0.2.

    >>> short_char_share(Texts.of("ホーム\n会社概要\n米は品種と水で味が変わる。", "")).round(2)
    array([0.35,  nan])
    """
    lines = texts.lines
    short = np.where(lines.length <= SHORT_LINE, lines.length, 0)
    return divide(lines.total(short), lines.total(lines.length))


@signal("line.repeated_share", between=(0, 1))
def repeated_share(texts: Texts) -> Numbers:
    r"""
    Share of lines that are a copy of an earlier line of the text.

    Shop pages (カートに入れる fourteen times), forums and broken crawls. The first copy is not
    counted. Prose has less than 0.02; refrains in songs, 「はい」 in plays and 戻り値 in manuals
    go up to 0.2. Swallow v1 rejects above 0.30, FineWeb2 above 0.328.

    >>> repeated_share(Texts.of("在庫あり\n米\n在庫あり\n麦", "")).round(2)
    array([0.25,  nan])
    """
    return texts.lines.share(texts.once(repeats))


@signal("line.repeated_char_share", between=(0, 1))
def repeated_char_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters that stand in copies of earlier lines.

    Long repeated lines weigh more than 「はい」, so dialogue stays near 0 here. Swallow v1 rejects
    above 0.20.

    >>> repeated_char_share(Texts.of("在庫あり\n米\n在庫あり\n麦", "")).round(2)
    array([0.4, nan])
    """
    lines = texts.lines
    copies = np.where(texts.once(repeats), lines.length, 0)
    return divide(lines.total(copies), lines.total(lines.length))


@signal("line.bullet_share", between=(0, 1), version=2)
def bullet_share(texts: Texts) -> Numbers:
    r"""
    Share of lines that begin with a bullet: ・ ● ◆ ■ ★ →, or - * + before a blank.

    Above 0.9 a text is a list of links or of goods; a recipe or a manual has up to 0.5. Minutes
    of assemblies begin speeches with ○. Gopher and FineWeb2 reject above 0.9 but know only the
    Western bullets.

    >>> bullet_share(Texts.of("・米\n- 麦\n豆", "")).round(2)
    array([0.67,  nan])
    """
    lines = texts.lines
    marked = texts.at(lines.start, "middle_dot", "arrow") & ~_OPENERS[texts.codes[lines.start]]
    hyphen = texts.at(lines.start, "dash", "code_sign")
    second = np.minimum(lines.start + 1, lines.end - 1)
    return lines.share(marked | (hyphen & texts.at(second, "blank")))


@signal("line.terminal_share", between=(0, 1))
def terminal_share(texts: Texts) -> Numbers:
    r"""
    Share of lines that end like a sentence: 。．！？!? or a closing bracket such as 」 and ）.

    Menus, tag clouds and tables are near 0; prose above 0.85, laws and minutes above 0.6, manuals
    with headings and code 0.3 to 0.7. Verse and wrapped mails are low without being bad. FineWeb2
    asks for 0.096 but does not know 」, so dialogue fails there.

    >>> terminal_share(Texts.of("「行こう」\nと言った。\n会社概要", "")).round(2)
    array([0.67,  nan])
    """
    return texts.lines.share(texts.once(ends_closed))


@signal("line.terminal_char_share", between=(0, 1))
def terminal_char_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters that stand in lines which end like a sentence.

    As `line.terminal_share`, weighed by length: headings and menu entries around real paragraphs
    hardly matter. Prose is above 0.95, manuals above 0.5, lists, tables and keyword spam near 0.

    >>> terminal_char_share(Texts.of("会社概要\n米は品種と水で味が変わる。", "")).round(2)
    array([0.76,  nan])
    """
    lines = texts.lines
    closed = np.where(texts.once(ends_closed), lines.length, 0)
    return divide(lines.total(closed), lines.total(lines.length))


@signal("line.ellipsis_share", between=(0, 1), version=2)
def ellipsis_share(texts: Texts) -> Numbers:
    r"""
    Share of lines that are cut off: they end in … or ... or ・・・, or in a teaser such as …続き.

    Search results and blog indexes are above 0.3. A line of speech that trails off inside its
    bracket (「でも……」) is not counted, nor is one that goes on to a full stop. nan below three
    lines: of one line it would be 0 or 1. `text.cut_sentence_share` needs no lines. HojiChar
    rejects above 0.7, FineWeb2 above 0.3.

    >>> ellipsis_share(Texts.of("米は…\n水は... 続きを読む\n「でも……」\n完。", "")).round(2)
    array([0.5, nan])
    """
    lines = texts.lines
    codes = texts.codes
    cut = kernels.lines.end_in_ellipsis(codes, lines.start, lines.end, TEASER_TAIL, _marks())
    last = codes[lines.end - 1]
    spoken = _SPEECH_ENDS[last]
    stopped = texts.at(lines.end - 1, "kuten", "exclamation") & (_marks()[last] == 0)
    share = lines.share(cut & ~spoken & ~stopped)
    return np.where(lines.count >= FEWEST_LINES, share, np.nan)


@signal("line.kana_free_share", between=(0, 1))
def kana_free_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters that stand in lines without any kana.

    Code, tables of figures, English, Chinese, address lists and link lists. Prose, minutes and
    verse are below 0.03; laws below 0.1 (headings of articles); manuals that show code up to 0.6.
    llm-jp v1 drops such lines.

    >>> kana_free_share(Texts.of("2024-01-01\n米を研ぐ。", "")).round(2)
    array([0.67,  nan])
    """
    return _share_without(texts, "hiragana", "katakana")


@signal("line.hiragana_free_share", between=(0, 1))
def hiragana_free_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters that stand in lines without any hiragana.

    As `line.kana_free_share`, but lists of katakana words (product names, tag clouds, menus)
    count too. Prose is below 0.05, encyclopedias below 0.15, laws below 0.15; a page of items or
    keywords is above 0.6, a reference manual with signatures between 0.2 and 0.6.

    >>> hiragana_free_share(Texts.of("ランキング\n米を研ぐ。", "")).round(2)
    array([0.5, nan])
    """
    return _share_without(texts, "hiragana")


def _share_without(texts: Texts, *kinds: str) -> Numbers:
    lines = texts.lines
    without = np.where(texts.kinds(*kinds, of="lines") == 0, lines.length, 0)
    return divide(lines.total(without), lines.total(lines.length))


@signal("line.number_share", between=(0, 1))
def number_share(texts: Texts) -> Numbers:
    r"""
    Share of lines in which digits outnumber letters.

    Number tables, score lists, calendars and price lists. Prose has none; chronologies begin
    lines with a year but go on in words. nan for texts without lines.

    >>> number_share(Texts.of("1,200 3,400 円\n1868年 明治に改元", "")).round(2)
    array([0.5, nan])
    """
    digits = texts.kinds("digit", of="lines")
    return texts.lines.share(digits > texts.letters("lines"))
