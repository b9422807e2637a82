"""
Sensitive personal data (要配慮個人情報): what the law wants consent for, about somebody with a
name.

The words are those of the Act on the Protection of Personal Information, Article 2 (3), and of
its order: race, creed, social status, medical history, criminal record, having been a victim of a
crime, disabilities, findings of examinations, juvenile procedures. They are in the forms that
tell of a person; the name of an illness alone counts only where somebody has it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seimai.filters.personal.looks import HEADS, NAMES
from seimai.filters.personal.signs import walk_strings
from seimai.filters.personal.spans import MASK_OF, NAME
from seimai.filters.personal.tables import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seimai.filters.personal.papers import Found
    from seimai.filters.personal.signs import Signs

_ILLNESS = (
    r"(?:癌|がん|ガン|腫瘍|白血病|糖尿病|うつ病|鬱病|適応障害|統合失調症|双極性障害"
    r"|認知症|てんかん|ＨＩＶ|HIV|エイズ|肝炎|結核|梅毒|性病"
    r"|脳梗塞|心筋梗塞|狭心症|パ-キンソン病|難病|依存症|アルコ-ル中毒|感染症|精神疾患"
    r"|持病|潰瘍|腎不全|膠原病|リウマチ)"
)
_TOLD = re.compile(
    rf"{_ILLNESS}(?=[^。\n]{{0,12}}(?:診断|患|かか|罹|発症|闘病|治療|通院|入院|手術|を抱え"
    rf"|で死|で亡|の疑い|にな|だっ|です|である|あり|と告))"
    r"|診断された|診断を受け|(?:既往|病)歴|通院(?:中|して)|入院(?:中|して|した)|服薬中"
    r"|要介護[0-9一二三四五]|人工透析|中絶|流産|検査結果|陽性"
    r"|障害者手帳|療育手帳|障害(?:者|等級)[0-9一二三四五]?級?|(?:身体|知的|精神|発達|視覚"
    r"|聴覚)障害(?=[^。\n]{0,6}(?:が|を|の(?:ある|あっ)|者))|(?<![一-鿿ァ-ヺ-])障害(?=[がを](?:あ[りるっ]|持[ちつっ]|抱え))|失明|全盲|難聴"
    r"|信者|入信|信仰(?:して|する)|改宗|洗礼を受け|党員|(?:宗教|教団)[^。\n]{0,6}に(?:入|属)"
    r"|前科|前歴|逮捕(?:され|し|歴)|起訴(?:され|し)|有罪|懲役|禁錮|執行猶予|服役|少年院"
    r"|保護観察|容疑者|書類送検|補導"
    r"|被害(?:者|に遭|にあ)|暴行を受け|強姦|性被害|虐待を受け"
    r"|被差別部落|部落出身|同和地区|非嫡出子|在日(?:韓国|朝鮮|コリアン)|アイヌ(?:の"
    r"|民族)?出身|帰化(?:した|して)"
)
_BEGINNINGS = re.compile(
    "癌|がん|ガン|腫瘍|白血|糖尿|うつ|鬱病|適応|統合|双極|認知|てん|HI|エイ|肝炎|結核|梅毒|性病|脳梗|心筋|狭心"
    "|パ-|難病|依存|アル|感染|精神|持病|潰瘍|腎不|膠原|リウ|診断|既往|病歴|通院|入[院信]|服[薬役]|要介|人工|中絶"
    "|流産|検査|陽性|障害|療育|身体|知的|発達|視覚|聴覚|失明|全盲|難聴|信[者仰]|改宗|洗礼|党員|宗教|教団|前[科歴]"
    "|逮捕|起訴|有罪|懲役|禁錮|執行|少年|保護|容疑|書類|補導|被[害差]|暴行|強姦|性被|虐待|部落|同和|非嫡|在日"
    "|アイ|帰化"
)
"""How these words begin: an alternation of letters is searched ten times as fast."""
_MASK = MASK_OF[NAME]
_MASKED = re.compile(re.escape(_MASK))
_STOPS = "。\n!?"
_SENTENCE = re.compile(f"[^{_STOPS}]+")
_LONGEST = 400
"""Characters of a sentence that are looked at; longer ones are lists."""


def sensitive_places(text: str) -> list[tuple[int, int]]:
    """
    Where the words stand that may be sensitive data of a named person.

    >>> sensitive_places("山田太郎さんは信者である。")
    [(7, 9)]
    """
    signs = walk_strings((text,)).signs(0)
    return told_places(signs.folded, names_of(signs))


def names_of(signs: Signs) -> list[Found]:
    """The names in the text of these signs, whatever else is found in it."""
    if not signs.may_hold(NAMES | HEADS):
        return []
    columns = cells(signs.tabbed) if signs.may_hold(HEADS) else ()
    from seimai.filters.personal.names import find_names

    return list(find_names(signs, columns))


def told_places(folded: str, named: Iterable[Found]) -> list[tuple[int, int]]:
    """`sensitive_places` for a text that is folded and whose names are known already."""
    names = {start for start, *_ in named}
    if _MASK in folded:
        # A name that was masked is still somebody's: “妹の<PERSON_NAME>さんは…”.
        names.update(match.start() for match in _MASKED.finditer(folded))
    if not names:
        return []
    found: list[tuple[int, int]] = []
    end = 0
    for name in sorted(names):
        if name < end:
            continue  # in the sentence of the one before
        begin = end
        for stop in _STOPS:  # the nearest of them
            begin = 1 + folded.rfind(stop, begin, name) or begin
        sentence = _SENTENCE.match(folded, begin)
        if sentence is None or sentence.end() <= name:
            continue
        begin, end = sentence.span()
        found += _told(folded, begin, min(end, begin + _LONGEST))
    return found


def _told(folded: str, at: int, last: int) -> Iterator[tuple[int, int]]:
    """The words of `_TOLD` between two places."""
    while beginning := _BEGINNINGS.search(folded, at, last):
        match = _TOLD.match(folded, beginning.start(), last)
        if match:
            yield match.span()
        at = match.end() if match else beginning.start() + 1
