"""Which scripts a text is written in, and how long it is."""

from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Texts, divide

MOST = float("inf")


@signal("text.length_count", between=(0, MOST))
def length_count(texts: Texts) -> Numbers:
    """
    Number of characters, white space and line breaks included.

    A very short text is a caption, a menu or a stub; a very long one is usually a dump. It says
    nothing about quality in between, and a good waka has 31 characters: set it by what the
    training run can use. Every published recipe has it (50 to 400 at the lower end).

    >>> length_count(Texts.of("精米", ""))
    array([2, 0])
    """
    return texts.length


@signal("ja.letter_count", between=(0, MOST))
def letter_count(texts: Texts) -> Numbers:
    """
    Number of Japanese letters: hiragana, katakana (also half-width), kanji.

    Unlike `text.length_count` it is not fooled by tables of figures, code, or blank lines: a page
    with 5,000 characters and 80 Japanese letters is no Japanese page. Swallow v1 asks for 400,
    punctuation included. Chinese has "Japanese letters" too: use it with `ja.hiragana_share`.

    >>> letter_count(Texts.of("精米 rice 100%、ﾌﾞｱｲ"))
    array([6])
    """
    return texts.kinds("hiragana", "katakana", "kanji")


@signal("ja.letter_share", between=(0, 1))
def letter_share(texts: Texts) -> Numbers:
    """
    Share of the characters, white space apart, that are Japanese letters or Japanese punctuation.

    Prose is nearly all Japanese (0.9 to 1); manuals with commands and identifiers 0.4 to 0.9;
    code, logs, number tables and pages in other languages fall below. White space is left out
    so that indented texts and verse are not punished. Chinese text scores high as well: kana
    have to decide there (`ja.kana_share`). After the Japanese fraction of Swallow v1.

    >>> letter_share(Texts.of("米を 研ぐ。", "rice", " ")).round(2)
    array([ 1.,  0., nan])
    """
    japanese = texts.kinds(
        "hiragana",
        "katakana",
        "kanji",
        "kuten",
        "toten",
        "bracket_open",
        "bracket_close",
        "ellipsis",
    )
    return divide(japanese, texts.visible())


@signal("ja.hiragana_share", between=(0, 1))
def hiragana_share(texts: Texts) -> Numbers:
    """
    Share of characters that are hiragana.

    Running Japanese needs particles and endings: literary prose sits between 0.45 and 0.66,
    encyclopedias between 0.25 and 0.5, laws around 0.3 to 0.5. Tables, address lists and keyword
    spam fall far below; text for small children rises above. Manuals full of identifiers can go
    down to 0.15, kanbun and name lists to 0. In Uzushio (0.10, then 0.15) and Swallow v1 (0.20,
    of Japanese letters).

    >>> hiragana_share(Texts.of("ひらがな", "漢字だけ", "")).round(2)
    array([1. , 0.5, nan])
    """
    return texts.share(texts.kinds("hiragana"))


@signal("ja.katakana_share", between=(0, 1))
def katakana_share(texts: Texts) -> Numbers:
    """
    Share of characters that are katakana, half-width ones and ー included.

    Above a half a text is a list of product names, mojibake read as half-width kana, or an old
    telegram; pre-war laws written with katakana particles are the honest exception. ヶ and ヵ
    (一ヶ月) stand for a kanji and count as one. Swallow v1 rejects above 0.5 of the letters.

    >>> katakana_share(Texts.of("ラーメン", "ﾗｰﾒﾝ屋さん", "")).round(2)
    array([1.  , 0.57,  nan])
    """
    return texts.share(texts.kinds("katakana"))


@signal("ja.kanji_share", between=(0, 1))
def kanji_share(texts: Texts) -> Numbers:
    """
    Share of characters that are kanji, with 々 〆 〇 〻 ヶ ヵ and those of supplementary planes.

    Prose has 0.2 to 0.45, laws up to 0.55. Far above stand address lists, name lists, Chinese
    and kanbun; far below, code, English and baby talk. It cannot tell a Chinese text from a
    register of temples: look at kana for that.

    >>> kanji_share(Texts.of("人々", "𠮷野家で", "")).round(2)
    array([1.  , 0.75,  nan])
    """
    return texts.share(texts.kinds("kanji"))


@signal("ja.kana_share", between=(0, 1))
def kana_share(texts: Texts) -> Numbers:
    """
    Share of the kana among kana and kanji.

    Chinese has none, keyword lists few, Japanese prose 0.5 to 0.8, laws 0.35 to 0.6. Unlike
    `ja.hiragana_share` it does not move when a manual quotes commands or figures, so that a
    limit on it finds Chinese without hitting code-heavy Japanese. Family registers, kanbun and
    tables of place names look like Chinese to it; so do headlines.

    >>> kana_share(Texts.of("米を研ぐ", "中文网页", "rice")).round(2)
    array([0.5, 0. , nan])
    """
    kana = texts.kinds("hiragana", "katakana")
    return divide(kana, kana + texts.kinds("kanji"))


@signal("text.latin_share", between=(0, 1))
def latin_share(texts: Texts) -> Numbers:
    """
    Share of characters that are Latin letters, full-width and accented ones included.

    English and code are above 0.6, Japanese prose below 0.05, manuals between 0.1 and 0.5. By
    itself it cannot tell an English page from a Japanese reference of functions; together with
    `ja.hiragana_share` it can.

    >>> latin_share(Texts.of("Ｗｅｂを see", "")).round(2)
    array([0.75,  nan])
    """
    return texts.share(texts.kinds("latin"))


@signal("text.digit_share", between=(0, 1))
def digit_share(texts: Texts) -> Numbers:
    """
    Share of characters that are Arabic digits, full-width ones included.

    Prices, results, timetables and archive calendars stand above 0.2; prose, laws and minutes
    below 0.05 (their numbers are often kanji). Chronologies and cooking recipes reach 0.12.

    >>> digit_share(Texts.of("１２月25日", "三月", "")).round(2)
    array([0.67, 0.  ,  nan])
    """
    return texts.share(texts.kinds("digit"))


@signal("text.hangul_share", between=(0, 1))
def hangul_share(texts: Texts) -> Numbers:
    """
    Share of characters that are hangul.

    A Japanese text holds hangul as a quotation or in a language course, rarely above 0.2; a
    Korean page is above 0.4, a bilingual menu in between.

    >>> hangul_share(Texts.of("쌀밥", "쌀は米", "")).round(2)
    array([1.  , 0.33,  nan])
    """
    return texts.share(texts.kinds("hangul"))


@signal("text.simplified_share", between=(0, 1))
def simplified_share(texts: Texts) -> Numbers:
    """
    Share of the kanji that only mainland Chinese uses (们, 这, 说), or Chinese everywhere (你).

    They are what GB 2312 has and the Japanese character sets have not. A simplified Chinese
    text has 0.25 to 0.4 of them, Japanese nearly 0: a text about Chinese spelling, or a Chinese
    name, gives a few hundredths. nan for texts without kanji.

    >>> simplified_share(Texts.of("这是我们的网页", "これは我々の頁", "かな")).round(2)
    array([0.43, 0.  ,  nan])
    """
    chinese = texts.kinds("kanji-simplified", "kanji-chinese")
    return divide(chinese, texts.kinds("kanji"))


@signal("text.traditional_share", between=(0, 1))
def traditional_share(texts: Texts) -> Numbers:
    """
    Share of the kanji that only traditional Chinese uses (說, 內, 嗎), or Chinese everywhere (你).

    Small by nature (0.02 to 0.08 for a page from Taiwan), because old Japanese books share most
    traditional forms (國, 學, 會): those are no sign of Chinese and are not counted. So it is a
    hint; the absence of kana (`ja.kana_share`) is the proof. nan for texts without kanji.

    >>> traditional_share(Texts.of("你說什麼", "國語學會ノ會則", "")).round(2)
    array([0.5, 0. , nan])
    """
    chinese = texts.kinds("kanji-traditional", "kanji-chinese")
    return divide(chinese, texts.kinds("kanji"))


@signal("text.foreign_share", between=(0, 1))
def foreign_share(texts: Texts) -> Numbers:
    """
    Share of characters that are letters of neither Japanese, Latin, Greek nor hangul.

    Cyrillic, Arabic, Thai, Hebrew, Devanagari, bopomofo and so on. Greek is left out: formulas
    and medicine use it. Spam pages and language lists of site footers rise above 0.05.

    >>> foreign_share(Texts.of("рис", "α線とβ線", "")).round(2)
    array([ 1.,  0., nan])
    """
    return texts.share(texts.kinds("foreign", "bopomofo"))


@signal("text.symbol_share", between=(0, 1))
def symbol_share(texts: Texts) -> Numbers:
    """
    Share of the characters, white space apart, that are signs: no letter, digit or punctuation.

    Boxes, stars, arrows, dashes, mathematical and code signs. ASCII art has more than 0.5, prose
    less than 0.02, manuals up to 0.2. Sentences decorated with ★ and ♪ stay below 0.1.

    >>> symbol_share(Texts.of("★送料無料★", "┌─┐", " ")).round(2)
    array([0.33, 1.  ,  nan])
    """
    signs = texts.kinds(
        "symbol",
        "middle_dot",
        "dash",
        "slash",
        "pipe",
        "arrow",
        "code_sign",
        "box",
        "emoji",
        "geta",
        "quote",
    )
    return divide(signs, texts.visible())


@signal("text.emoji_share", between=(0, 1))
def emoji_share(texts: Texts) -> Numbers:
    """
    Share of characters that are emoji.

    Chat and blogs use one a sentence (below 0.05); a wall of them is decoration. ★ and ♪ are
    symbols, not emoji. A family of several joined emoji counts as the characters it is made of.

    >>> emoji_share(Texts.of("おいしい🍚🍙", "★", "")).round(2)
    array([0.33, 0.  ,  nan])
    """
    return texts.share(texts.kinds("emoji"))


@signal("text.private_share", between=(0, 1))
def private_share(texts: Texts) -> Numbers:
    r"""
    Share of characters that mean nothing to others: private-use, control and non-characters.

    Old mobile emoji, user-defined characters (外字) and remains of binary files. Any clean text
    has 0; a handful of lost 外字 in an old catalogue gives thousandths. U+FFFD and 〓 are measured
    by `text.lost_share`.

    >>> private_share(Texts.of("\ue000です", "です", "")).round(2)
    array([0.33, 0.  ,  nan])
    """
    return texts.share(texts.kinds("private", "control"))


@signal("text.blank_share", between=(0, 1))
def blank_share(texts: Texts) -> Numbers:
    """
    Share of characters that are white space or line breaks.

    Prose has less than 0.05 (Japanese puts no space between words), dialogue and verse 0.1; a
    table, ASCII art, code or a keyword list separated by spaces 0.15 and more, English 0.17.

    >>> blank_share(Texts.of("米　味噌　醤油", "米を研ぐ", "")).round(2)
    array([0.29, 0.  ,  nan])
    """
    return texts.share(texts.kinds("blank", "newline"))
