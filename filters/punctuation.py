"""How a text is punctuated."""

from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Texts, divide

MOST = float("inf")


@signal("ja.kuten_share", between=(0, 1))
def kuten_share(texts: Texts) -> Numbers:
    """
    Share of characters that end a sentence: 。．｡！？!? and the like.

    Prose and manuals have 0.015 to 0.04 (a sentence of 25 to 65 characters), laws 0.008 to 0.02.
    Menus, tables and tag clouds have none. Verse, lists, minutes in note form and headlines have
    none either: never let it reject alone. HojiChar asks for 0.01, llm-jp v1 for 0.004.

    >>> kuten_share(Texts.of("米を研ぐ。", "ホーム｜会社概要", "")).round(2)
    array([0.2, 0. , nan])
    """
    return texts.share(texts.kinds("kuten", "exclamation"))


@signal("ja.toten_share", between=(0, 1))
def toten_share(texts: Texts) -> Numbers:
    """
    Share of characters that are commas: 、，､ and no ASCII comma.

    Prose has 0.015 to 0.06. Keyword lists joined by 、 rise above 0.1; enumerations in laws stay
    below. Verse and captions have none, which is not a defect.

    >>> toten_share(Texts.of("米、麦、豆", "米と麦", "")).round(2)
    array([0.4, 0. , nan])
    """
    return texts.share(texts.kinds("toten"))


@signal("ja.toten_score", between=(0, MOST))
def toten_score(texts: Texts) -> Numbers:
    """
    Commas per mark that ends a sentence.

    Prose has one or two commas a sentence, laws up to six. Keyword stuffing and name lists have
    dozens; nan where nothing ends a sentence (lists, verse): there is nothing to compare.

    >>> toten_score(Texts.of("米を研ぎ、炊く。", "格安、激安、最安、通販。", "米"))
    array([ 1.,  3., nan])
    """
    return divide(texts.kinds("toten"), texts.kinds("kuten", "exclamation"))


@signal("ja.bracket_share", between=(0, 1))
def bracket_share(texts: Texts) -> Numbers:
    """
    Share of characters that are Japanese brackets and quotes: 「」『』（）【】〈〉 and so on.

    Dialogue reaches 0.06, laws and encyclopedias 0.04. 【送料無料】【激安】 goes beyond 0.1. Legal
    cross references (第一条（…）) are the honest heavy users.

    >>> bracket_share(Texts.of("【新】米", "米", "")).round(2)
    array([0.5, 0. , nan])
    """
    return texts.share(texts.kinds("bracket_open", "bracket_close"))


@signal("ja.ellipsis_share", between=(0, 1))
def ellipsis_share(texts: Texts) -> Numbers:
    """
    Share of characters that are … or ‥.

    Novels write …… in dialogue (up to 0.03); search results and teasers end every line with one.
    Only `line.ellipsis_share` tells the two apart; three dots or ・・・ are seen there, not here.

    >>> ellipsis_share(Texts.of("でも……", "でも", "")).round(2)
    array([0.5, 0. , nan])
    """
    return texts.share(texts.kinds("ellipsis"))


@signal("ja.exclamation_share", between=(0, 1))
def exclamation_share(texts: Texts) -> Numbers:
    """
    Share of characters that are ！ or ？, full width or ASCII.

    Advertisements shout (0.03 and more); plays and comics do too (0.03), so a limit belongs at
    0.06 or above, or beside `text.advert_share`. Code uses ! and ? as signs.

    >>> exclamation_share(Texts.of("安い！！", "安い。", "")).round(2)
    array([0.5, 0. , nan])
    """
    return texts.share(texts.kinds("exclamation"))
