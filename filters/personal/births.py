"""
Dates of birth: a whole date behind 生年月日 or the like, or before 生 and 生まれ.

Years of birth alone are left, for articles are full of them, and so is whoever was born before
1900. What was born may also be a magazine or a town: with 生まれた the sentence has to name a
person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seimai.filters.personal.looks import BIRTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seimai.filters.personal.papers import Found
    from seimai.filters.personal.signs import Signs
    from seimai.filters.personal.tables import Cell

_HINT = re.compile(
    "[生誕出うバBbD](?:(?<=生)(?: ?年 ?月 ?日|(?:まれ)?た日)|(?<=[日0-9 )に]生)|(?<=誕)生日"
    "|(?<=出)生|(?<=バ)-スデ[-イ]"
    "|(?<=[日0-9 )に]う)まれ|(?<=D)OB|(?<=[Bb])(?:irth|orn)|(?<=B)(?:IRTH|ORN))"
)

_ERA = (
    r"(?P<era>明治|大正|昭和|平成|令和|[明大昭平令](?=[0-9]{1,2}[./-])"
    r"|(?<![A-Za-z])[MTSHR](?:\.|(?= ?[0-9])))"
)
_KANJI = "元〇一二三四五六七八九十"
_YEAR = (
    rf"(?:{_ERA} ?(?P<nen>[0-9]{{1,2}}|[{_KANJI}]{{1,4}})"
    r"|(?:西暦 ?)?(?P<year>[12][0-9]{3}|[一二][〇一二三四五六七八九]{3}))"
)
_SMALL = rf"(?:[0-9]{{1,2}}|[{_KANJI}]{{1,3}})"
_DATE = (
    rf"(?:{_YEAR} ?(?:\([^()\n]{{2,8}}\))?(?: ?年 ?(?:\([^()\n]{{2,8}}\) ?)?"
    rf"{_SMALL} ?月 ?{_SMALL} ?日"
    r"|[-./] ?[0-9]{1,2}[-./] ?[0-9]{1,2}(?![0-9])))"
)
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_FOREIGN = (
    rf"{_MONTHS} [0-9]{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)[0-9]{{2}}"
    rf"|[0-9]{{1,2}} {_MONTHS},? (?:19|20)[0-9]{{2}}"
)
_LABEL = (
    r"(?:生 ?年 ?月 ?日|誕生日|バ-スデ[-イ]|生まれた日"
    r"|出生(?:(?:年月)?日|(?= ?:| [明大昭平令MTSHR12]))"
    r"|(?<![A-Za-z])(?:DOB|date of birth"
    r"|birth ?da(?:y|te)"
    r"|born(?: on)?)(?![A-Za-z]))"
)
_BY_LABEL = re.compile(
    rf"{_LABEL}(?P<gap>[^0-9。\n]{{0,20}}?)(?:\n[ |]{{0,3}})?"
    rf"(?P<date>{_DATE}|{_FOREIGN}|(?<![0-9一-鿿])[0-9]{{1,2}}年 ?[0-9]{{1,2}}月 ?[0-9]{{1,2}}日"
    r"|(?<![0-9])[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2}(?![0-9./-])"
    r"|(?:(?<=[:|])|(?<=[:|] ))[0-9]{1,2}月[0-9]{1,2}日"
    r"|(?<![0-9])(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"
    rf"|(?<![0-9])[0-9]{{1,2}}/[0-9]{{1,2}}/(?:19|20)[0-9]{{2}}(?![0-9]))",
    re.IGNORECASE,
)
_BY_BIRTH = re.compile(
    rf"(?<![0-9])(?P<date>{_DATE})"
    r"(?P<birth>[ )]{0,2}(?:生(?:まれ|れ)|うまれ|生(?![一-鿿ぁ-んァ-ヺ])|生(?=の)"
    r"|に?(?:生まれ|生れ|うまれ)た?|に?出生(?![一-鿿])|[がは](?:お|[一-鿿]{1,2}の)?誕生日))"
)
_COLUMN = re.compile("生年月日|誕生日|birth|DOB", re.IGNORECASE)
_CELL = re.compile(rf"{_DATE}|(?:19|20)[0-9]{{6}}")
_PERSON = re.compile(
    r"私|僕|俺|わたし|ぼく|彼|父|母|息子|娘|長男|長女|次男|次女|兄|姉|弟|妹|祖父|祖母"
    r"|本人|さん|氏|君|児|子は|被告|容疑者|原告|患者"
)
_THING = re.compile(
    r"[ )]{0,2}(?:の新しい)?の?(?:作品|"
    r"[^。\n]{0,4}?(?:[犬猫馬牛羊]|パンダ|サ-ビス|制度|駅|橋|アプリ|サイト|ゲ-ム|映画|規格|言語|大会|学校|施設)(?!年)|雑誌|会社(?!員)|企業|町|村|ビル|建物"
    r"|商品|製品|番組|曲|車|団地|ブランド|店)"
)
_PET = re.compile(
    r"[犬猫馬牛羊仔]|パンダ|ペット|うさぎ|ウサギ|ハムスタ-|インコ|ロボット|キャラクタ-"
)
_FIRST_YEAR = 1900
"""Nobody who was born before this year is alive: earlier dates are history."""
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERAS |= {
    name: year
    for names, year in zip(("M明", "T大", "S昭", "H平", "R令"), tuple(_ERAS.values()), strict=True)
    for name in names
}
_FIGURES = {figure: place for place, figure in enumerate("〇一二三四五六七八九")}
_LOOK = 60
"""Characters before a date in which its sentence may name a person."""
_LONGEST_DATE = 30
"""Characters of a date before 生, with both calendars and blanks."""
_LABEL_BEGINS = len("date of ")
"""Characters before the word for birth within which its label may begin."""


def _number(figures: str) -> int:
    """A number up to 99 in Arabic or kanji figures; 元 is the first year of an era."""
    if figures.isascii():
        return int(figures)
    if figures == "元":
        return 1
    tens, ten, ones = figures.rpartition("十")
    if not ten:
        return int("".join(str(_FIGURES.get(figure, 0)) for figure in figures))
    return 10 * (_FIGURES.get(tens[-1:], 1)) + _FIGURES.get(ones, 0)


def _is_modern(match: re.Match[str]) -> bool:
    """Born in 1900 or later, as far as the year is known."""
    if match["era"] and match["nen"]:
        return _ERAS[match["era"].rstrip(".").upper()] + _number(match["nen"]) >= _FIRST_YEAR
    return not match["year"] or _number(match["year"]) >= _FIRST_YEAR


def find_births(signs: Signs, columns: Iterable[Cell]) -> Iterator[Found]:
    """
    Dates of birth in a folded text.

    >>> from seimai.filters.personal.signs import Signs
    >>> list(find_births(Signs.of("生年月日:昭和60年3月5日"), ()))
    [(5, 14, 'BIRTH_DATE', 0.99)]
    """
    folded = signs.folded
    for word in signs.matches(BIRTHS, _HINT):
        label = _BY_LABEL.match(folded, word.start()) or _BY_LABEL.match(
            folded, max(0, word.start() - _LABEL_BEGINS)
        )
        if label and label.end() > word.start():
            if _is_modern(label):
                yield label.start("date"), label.end("date"), "BIRTH_DATE", 0.99
            continue
        match = _BY_BIRTH.search(folded, max(0, word.start() - _LONGEST_DATE), word.end() + 4)
        if match is None or match.end() <= word.start():
            continue
        verb = match["birth"].startswith("に") or match["birth"].endswith("た")
        verb = verb and "出生" not in match["birth"]  # said of nobody but persons
        before = folded[max(0, match.start() - _LOOK) : match.start()]
        sentence = before.rpartition("。")[2].rpartition("\n")[2]
        person = _PERSON.search(sentence)
        if _THING.match(folded, match.end()) or (not person and (verb or _PET.search(sentence))):
            continue
        if _is_modern(match):
            yield match.start("date"), match.end("date"), "BIRTH_DATE", 0.85 if verb else 0.95
    for cell in columns:
        if _COLUMN.search(cell.label):
            whole = _CELL.fullmatch(folded, cell.start, cell.end)
            if whole and _is_modern(whole):
                yield cell.start, cell.end, "BIRTH_DATE", 0.98
