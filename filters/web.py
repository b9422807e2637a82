"""What the web leaves in a text: addresses, tags, code, dates, drawings."""

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline import kernels
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import BLANK, Texts, divide

DATE_KINDS = (
    "digit",
    "kanji-date",
    "dash",
    "slash",
    "colon",
    "comma",
    "full_stop",
    "ascii_bracket",
    "bracket_open",
    "bracket_close",
    "arrow",
    "blank",
)
"""Kinds of characters of which calendars, archives and time stamps are made."""

CODE_SHARE = 0.08
"""From this share of code signs on a line without kana looks like code, not like English."""

MOST_LETTERS = 0.4
"""With fewer letters and digits than this a line is a drawing or a ruled line, not a phrase."""


def addresses(texts: Texts) -> NDArray[np.int64]:
    """Characters of each line that stand in URLs."""
    lines = texts.lines
    found: NDArray[np.int64] = kernels.markup.count_addresses(texts.codes, lines.start, lines.end)
    return found


@signal("web.url_share", between=(0, 1))
def url_share(texts: Texts) -> Numbers:
    """
    Share of the characters of all lines that stand in URLs (`https://...`, `www....`).

    Link lists are above 0.4, pages with sources below 0.1, prose at 0. Anchor texts without
    addresses are invisible to it.

    >>> url_share(Texts.of("見る https://example.jp/", "見る", "")).round(2)
    array([0.86, 0.  ,  nan])
    """
    return divide(texts.lines.total(texts.once(addresses)), texts.lines.total(texts.lines.length))


@signal("line.url_share", between=(0, 1))
def url_line_share(texts: Texts) -> Numbers:
    r"""
    Share of lines that are at least half URL.

    Link collections and reference lists. An article with ten sources under forty paragraphs has
    0.2; above 0.5 there is little to read.

    >>> url_line_share(Texts.of("米の本\nhttps://example.jp/rice", "")).round(2)
    array([0.5, nan])
    """
    return texts.lines.share(2 * texts.once(addresses) >= texts.lines.length)


@signal("web.tag_share", between=(0, 1), version=3)
def tag_share(texts: Texts) -> Numbers:
    """
    Share of the characters, white space apart, in tags: < letter ... >, Japanese in quotes.

    Extracted text should have none; a page whose markup was escaped or not removed has 0.1 and
    more. Manuals of HTML, XML and PHP have up to 0.15 by right, generics (`List<Text>`) and
    placeholders (`<file>`) look like tags. Neither line breaks nor indentation count, so that
    source keeps its value when its lines are joined.

    >>> tag_share(Texts.of("<b>米</b>", "1 < 2 > 1", "")).round(2)
    array([0.88, 0.  ,  nan])
    """
    tags = kernels.markup.count_tags(texts.codes, texts.start, BLANK)
    return divide(tags, texts.visible())


def signs(texts: Texts) -> NDArray[np.int64]:
    """Signs of each text, a row per text; see `kernels.signs.count_signs`."""
    found: NDArray[np.int64] = kernels.signs.count_signs(
        texts.codes, texts.start, kernels.signs.ROLES
    )
    return found


@signal("web.code_share", between=(0, 1), version=2)
def code_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters, white space apart, that are signs of code: {}=$#_^`*+&@%()[]"'.

    Scripts, styles and logs have 0.1 to 0.3, manuals 0.02 to 0.12, prose less than 0.005.
    Emoticons such as (^_^) and prices with % add a little. What stands in a formula of TeX ($…$,
    \(…\)) and rows of one sign (====) are not counted.

    >>> code_share(Texts.of("a={b[0]}", "米を研ぐ。", "面積は $x^2$ です。", "")).round(2)
    array([0.62, 0.  , 0.  ,  nan])
    """
    return divide(texts.once(signs)[:, 0], texts.visible())


@signal("text.code_share", between=(0, 1))
def code_stretch_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters, white space apart, in stretches of code.

    A stretch is what stands between two Japanese letters, line breaks or not; it is code if it has
    thirty characters and more, and one in twelve is a sign of code. Dumps of scripts and styles
    are above 0.7, tutorials with examples 0.1 to 0.5, other texts at 0. What `line.code_share` says
    of lines, for texts that have lost theirs.

    >>> code_stretch_share(
    ...     Texts.of("次の通り。for (i = 0; i < n; i++) { total += price[i]; }", "米を研ぐ。", "")
    ... ).round(2)
    array([0.9, 0. , nan])
    """
    return divide(texts.once(signs)[:, 2], texts.visible())


@signal("web.stray_path_count", between=(0, float("inf")))
def stray_path_count(texts: Texts) -> Numbers:
    """
    Number of paths such as /word123456.html that stand alone, in no address.

    Sites that were broken into get thousands of shop pages; the generator writes their made-up
    paths between the keywords. Nobody else writes a path of a word and a number without a site;
    manuals that name files of a server (/index.html, docs/a1.html) have none of this form.

    >>> stray_path_count(
    ...     Texts.of("ブーツ,/marigold104882.html,999円", "https://example.jp/a12.html")
    ... )
    array([1, 0])
    """
    counts: NDArray[np.int64] = kernels.signs.count_stray_paths(
        texts.codes, texts.start, kernels.signs.ROLES
    )
    return counts


@signal("text.drawing_share", between=(0, 1))
def drawn_share(texts: Texts) -> Numbers:
    r"""
    Share of windows of forty visible characters in which letters and digits are fewer than 2 in 5.

    Pictures made of characters, frames, rows of stars, emoticons. Rows of one sign (headings
    underlined with ====, leaders) and formulas are left out, so that manuals and mathematics have
    0. What `line.drawing_share` says of lines, for texts that have lost theirs.

    >>> drawn_share(Texts.of("（　´∀｀）／＼（｀∀´　）" * 4, "題\n========\n米を研ぐ。", "")).round(
    ...     2
    ... )
    array([ 1.,  0., nan])
    """
    found = texts.once(signs)
    return divide(found[:, 4], found[:, 3])


@signal("text.separator_share", between=(0, 1), version=2)
def separator_share(texts: Texts) -> Numbers:
    """
    Share of characters that keep list items apart: ｜ | / ＞ » → • ・ ■ ★ and so on.

    Navigation (ホーム > 記事 > 米), tag clouds and product lists are held together by them (0.05
    and more). Counted is a single sign beside something that is not ASCII: a name that was blacked
    out (■■■), `||` and the bars of formulas, paths (/etc/fstab), dates (1/5) and foreign names
    (ジャン・ポール) are left out. Bulleted lists stay below 0.03; tables rise above it.

    >>> separator_share(Texts.of("米｜麦｜豆", "米と麦", "被告■■■は", "")).round(2)
    array([0.4, 0. , 0. , nan])
    """
    return texts.share(texts.once(signs)[:, 1])


@signal("line.code_share", between=(0, 1), version=2)
def code_line_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters that stand in lines of code: no kana, and many signs of code.

    Dumps of scripts and styles are above 0.7; tutorials with examples 0.1 to 0.5; other texts 0.
    Comments in Japanese are not code to it, nor is prose-like code (SQL, COBOL). A line with more
    kanji than Latin letters is a label (会場：公民館) or a date (2024年5月 (12)), not code.

    >>> code_line_share(Texts.of("if (a) { b(); }\n米を研ぐ。", "")).round(2)
    array([0.75,  nan])
    """
    lines = texts.lines
    kana = texts.kinds("hiragana", "katakana", of="lines")
    signs = texts.kinds("code_sign", "ascii_bracket", "quote", "colon", of="lines")
    labels = texts.kinds("kanji", of="lines") > texts.kinds("latin", of="lines")
    many = signs >= np.maximum(CODE_SHARE * texts.visible("lines"), 1)
    code = (kana == 0) & ~labels & many
    return divide(lines.total(np.where(code, lines.length, 0)), lines.total(lines.length))


@signal("line.date_share", between=(0, 1))
def date_share(texts: Texts) -> Numbers:
    r"""
    Share of lines that are only a date, a time, or figures: 2024年5月 (12), 1 2 3 4 5 6 7.

    Archive lists, calendars, time stamps of boards, columns of numbers. Diaries and chronologies
    that put dates on lines of their own have up to 0.5; prose has none.

    >>> date_share(Texts.of("2024年5月 (12)\n5月の米は高い。", "")).round(2)
    array([0.5, nan])
    """
    lines = texts.lines
    dated = texts.kinds(*DATE_KINDS, of="lines") == lines.length
    digits = texts.kinds("digit", of="lines")
    return lines.share(dated & (digits > 0))


@signal("line.drawing_share", between=(0, 1))
def drawing_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters in lines where letters and digits are fewer than two in five.

    ASCII art, emoticons, ruled lines, rows of stars. Blanks do not count. Prose has 0; tables in
    plain text and regular expressions in manuals up to 0.1.

    >>> drawing_share(Texts.of("（　´∀｀）\n米を研ぐ。", "")).round(2)
    array([0.5, nan])
    """
    lines = texts.lines
    visible = texts.visible("lines")
    letters = texts.letters("lines") + texts.kinds("digit", of="lines")
    drawn = np.where(letters < MOST_LETTERS * visible, visible, 0)
    return divide(lines.total(drawn), lines.total(visible))
