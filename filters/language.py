"""Is it Japanese, and is it running text? Cheap answers from characters alone."""

from functools import wraps

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from seimai.pipeline import kernels
from seimai.pipeline.characters import TO_HIRAGANA
from seimai.pipeline.signal import Measure, Numbers, signal
from seimai.pipeline.text import BLANK, Texts, character_table, divide
from seimai.pipeline.text.spelling import spelled_the_old_way

MOST = float("inf")

_HIRAGANA = character_table("ぁ-ゟ")

ENOUGH_KANA = 0.15
"""From this share of kana among kana and kanji on, nothing speaks against Japanese."""

PARTICLES = "のはがをにでとも"
"""The eight commonest particles, each one hiragana; the kind `hiragana-particle`."""

_FLAGS = np.zeros(_HIRAGANA.size, np.uint8)
for _bit, _particle in enumerate(PARTICLES):
    _FLAGS[ord(_particle)] = 1 << _bit

PROSE_PARTICLES = 3
"""A line with this many particles is running text; a menu entry has one or two."""

LONG_GAP = 30
"""Characters without hiragana that prose rarely has in a row: about a line of a menu or a table."""


def reading_old_spelling(measure: Measure) -> Measure:
    """
    Measure laws and records from before 1946 as if they were written in hiragana.

    They have their particles and endings in katakana (第一条ノ規定ニ依リ之ヲ定ム) and would
    otherwise look like lists of foreign words.
    """

    @wraps(measure)
    def read(texts: Texts) -> Numbers:
        numbers = np.asarray(measure(texts), np.float64)
        rows = np.flatnonzero(texts.once(spelled_the_old_way))
        if rows.size:
            old = [text.translate(TO_HIRAGANA) for text in texts.column.take(rows).to_pylist()]
            numbers[rows] = measure(Texts(pa.array(old, pa.large_string())))
        return numbers

    return read


@signal("ja.language_score", between=(0, 1))
def language_score(texts: Texts) -> Numbers:
    """
    How Japanese the letters are: share of kana and kanji, lowered where kana are missing.

    The share of Japanese letters among all letters (Latin, hangul, Cyrillic, ...), times the kana
    among kana and kanji against 0.15, at most 1, minus the hanzi that only Chinese uses. Japanese
    prose has 0.97 to 1, manuals with code 0.4 to 1; Chinese 0 to 0.05, Korean and English 0 to
    0.1. kanbun and lists of names look Chinese to it, transliterated Ainu Japanese. No model: for
    mixed pages and short texts it is as good as one, and it costs nothing. nan without letters.

    >>> language_score(Texts.of("米を研ぐ", "这是中文网页", "한국어", "rice", "1")).round(2)
    array([ 1.,  0.,  0.,  0., nan])
    """
    kana = texts.kinds("hiragana", "katakana")
    chinese = texts.kinds("kanji-simplified", "kanji-traditional", "kanji-chinese")
    ours = kana + texts.kinds("kanji") - chinese
    japanese = divide(ours, texts.letters())
    kana_share = np.nan_to_num(divide(kana, ours + chinese))
    return japanese * np.minimum(kana_share / ENOUGH_KANA, 1.0)


@signal("ja.particle_share", between=(0, 1))
@reading_old_spelling
def particle_share(texts: Texts) -> Numbers:
    """
    Share of kana and kanji that are one of the characters の は が を に で と も.

    They are the particles that hold Japanese together, found without a tokenizer: running text
    of any kind has 0.15 to 0.3, lists of nouns, menus and keyword spam less than 0.08. Some stand
    inside words (のり, もの, はなし), so children's books and word salad made of kana score as
    prose does; `word.particle_share` knows better.

    >>> particle_share(Texts.of("米の味は水で変わる", "格安通販", "rice")).round(2)
    array([0.33, 0.  ,  nan])
    """
    letters = texts.kinds("hiragana", "katakana", "kanji")
    return divide(texts.kinds("hiragana-particle"), letters)


@signal("ja.particle_count", between=(0, len(PARTICLES)))
@reading_old_spelling
def particle_count(texts: Texts) -> Numbers:
    """
    How many of the eight characters の は が を に で と も occur.

    A paragraph has six or more; a page of menu entries knows の and に and little else. FineWeb2
    asks for two of sixteen stop words, which one sentence fulfils.

    >>> particle_count(Texts.of("米の味は水で変わる。", "お米の通販", ""))
    array([3., 1., 0.])
    """
    flags: NDArray[np.uint8] = kernels.codes.flags_present(texts.codes, texts.start, _FLAGS)
    return np.bitwise_count(flags)


@signal("line.prose_share", between=(0, 1))
@reading_old_spelling
def prose_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters that stand in lines with three or more of の は が を に で と も.

    Running text, whether or not it has full stops: prose, laws, minutes, letters and longer lines
    of verse have 0.8 to 1, manuals with code 0.4 to 0.9; menus, keyword lists, tables, code and
    mojibake less than 0.2. Slides, haiku and short lines of dialogue do not reach three.
    Lists whose items are sentences count as prose, as they should.

    >>> prose_share(Texts.of("米の味は水で変わる。\nお米の通販", "")).round(2)
    array([0.67,  nan])
    """
    lines = texts.lines
    prose = texts.kinds("hiragana-particle", of="lines") >= PROSE_PARTICLES
    return divide(lines.total(np.where(prose, lines.length, 0)), lines.total(lines.length))


@signal("ja.prose_share", between=(0, 1), version=2)
@reading_old_spelling
def prose_letter_share(texts: Texts) -> Numbers:
    r"""
    Share of the kana and kanji that stand in lines of prose: three particles, or a sentence's end.

    `line.prose_share` without what is not Japanese: a manual may be half code and still have all
    its Japanese in sentences (0.6 to 1), while in a table of contents or a menu the Japanese is
    in headings (0 to 0.3). Verse in short lines has 0.4 and more. nan without Japanese letters.

    >>> prose_letter_share(
    ...     Texts.of("米を研ぐ。\nlet rice = polish(brown)\n米の通販", "rice")
    ... ).round(2)
    array([0.5, nan])
    """
    lines = texts.lines
    letters = texts.kinds("hiragana", "katakana", "kanji", of="lines")
    prose = texts.kinds("hiragana-particle", of="lines") >= PROSE_PARTICLES
    if lines.end.size:
        # 「洗いました。」 ends a sentence as 洗いました。 does.
        inside = np.maximum(lines.end - 2, lines.start)
        last = np.where(texts.at(lines.end - 1, "bracket_close"), inside, lines.end - 1)
        prose |= texts.at(last, "kuten", "exclamation")
    return divide(lines.total(np.where(prose, letters, 0)), lines.total(letters))


@signal("ja.hiragana_gap_share", between=(0, 1))
@reading_old_spelling
def hiragana_gap_share(texts: Texts) -> Numbers:
    """
    Share of the characters, white space apart, in stretches of 30 or more without any hiragana.

    Line breaks do not end a stretch, so that a list of short items is one long stretch: tables,
    link lists, calendars, tag clouds, code and other languages are above 0.7. Prose, dialogue and
    minutes are below 0.03, laws below 0.1 (headings of chapters), encyclopedias below 0.2;
    reference manuals with signatures and code reach 0.7.

    >>> hiragana_gap_share(Texts.of("米" * 40, "米を" * 40, "")).round(2)
    array([ 1.,  0., nan])
    """
    gaps = kernels.markup.count_gaps(texts.codes, texts.start, _HIRAGANA, BLANK, LONG_GAP)
    return divide(gaps, texts.visible())
