"""
Names of persons, where something around them says that they are names.

A surname and a given name, each one that UniDic knows, are not enough: 本田技研 and 林道 are made
of them too. It takes a label (氏名, 担当者), a title behind (様, さん, 容疑者), a reading in
kana, a greeting (と申します) or the column of a table. A surname alone counts before a title.

Whom the text itself is about (「名（よみ、1867年 - 1916年）は、日本の作家」) is a public figure:
neither this name nor its surname counts in that text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seimai.filters.personal.bare_names import names_apart, names_joined
from seimai.filters.personal.full_names import (
    PLACES,
    SHORT_SURNAMES,
    is_full_name,
    is_surname,
    longest_name,
)
from seimai.filters.personal.looks import LONGEST_NAME, Sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seimai.filters.personal.papers import Found
    from seimai.filters.personal.signs import Signs
    from seimai.filters.personal.tables import Cell

_HAN = "一-鿿々ヶ"
_KANA = "\u3041-\u3096\u30a1-\u30fa"
_TITLE_LED = (
    r"(?:(?<=さ)[んま](?!家)|(?<=様)(?![々式子相])|(?<=氏)(?![一-鿿])|(?<=君)(?![が臨主])"
    r"|(?<=く)ん|(?<=ち)ゃん"
    r"|(?<=殿)(?![下堂様])|(?<=先)生|(?<=容)疑者|(?<=被)告(?!人?(?:企業|側|会社))"
    r"|(?<=[副元前])(?:部長|課長|係長|社長|会長|室長|店長|院長|校長|教授|町長|村長)"
    r"|(?<=[部課係社会室店院校町村])長|(?<=主)任|(?<=教)授|(?<=准)教授|(?<=弁)護士"
    r"|(?<=医)師|(?<=委)員(?!会)|(?<=博)士)"
)
_LABEL = (
    r"(?:氏 ?名|(?<![件題品書地社会店校本別署商曲県都市町村]) ?お?名前|芳名|名義人?"
    r"|担当者?(?:名|氏名)?|(?:申込|申請|受取|差出|届出|請求|依頼|記入|作成|報告|責任|代表"
    r"|編集|発行|投稿|契約|保護|所有|保証|被保険|相続|配偶|参加|出席|連絡"
    r"|利用)[者人](?:名|氏名)?"
    r"|患者(?:名|氏名)?|(?:主治|担当|執刀)医|弁護士|税理士|司法書士|行政書士|会計士|医師|看護師|教諭"
    r"|記者|文責|撮影|講師|司会|監修|著者|執筆|翻訳|挿絵|(?<![祖岳神])父|(?<![祖岳])母|夫"
    r"|妻|長男|長女|次男|次女|世帯主|代表取締役(?:社長|会長)?|取締役|緊急連絡先|宛名"
    r"|(?:副|元)?(?:議長|委員長|会長|理事長?|校長|園長|院長|店長|部長|課長|係長|支店長"
    r"|主任|社長|所長|館長|組合長|隊長|班長|監事|幹事|書記|会計)"
    r"|原告|代表|監督|宛先|発信|差出|メンバ-|(?<![a-zA-Z])(?:FROM|TO|NAME)"
    r"|(?<![A-Za-z])(?:From|To|Name|Attn))"
)
_AFTER_LABEL = re.compile(
    rf"(?:\([^()\n]{{1,8}}\))?(?: ?[:|=] ?|\) ?:? ?|[ ,(]{{1,3}}|は ?|\n)[ ]?[\"' ]{{0,2}}"
    rf"(?P<name>[{_HAN}{_KANA}]{{1,6}}(?: [{_HAN}{_KANA}]{{1,5}})?)"
)
_NEXT_NAME = re.compile(rf"[、,・] ?(?P<name>[{_HAN}{_KANA}]{{2,6}}(?: [{_HAN}{_KANA}]{{1,5}})?)")
_FOREIGN_NAME = re.compile(
    r" ?[:|=] ?(?P<name>[A-Z][A-Za-z]{1,12} [A-Z][A-Za-z]{1,12})(?![A-Za-z])"
)
_WHO_BEFORE = re.compile(rf"[{_HAN}](?:[者人主員師士長役親](?:名|氏名)?|告)\Z")
"""Any other word for somebody: it asks for a whole name and a colon, a bar or a blank."""
_AFTER_WHO = re.compile(
    rf"(?: ?[:|=] ?|\) ?:? ?| )(?P<name>[{_HAN}]{{1,4}}[{_HAN}{_KANA}]{{0,4}}"
    rf"(?: [{_HAN}{_KANA}]{{1,5}})?)"
)
_SPELT = re.compile(rf"[{_HAN}](?: {{1,3}}[{_HAN}]){{1,5}}(?![{_HAN}{_KANA}])")
_SPELT_LABEL = re.compile(rf"{_LABEL}[ :|=]{{1,4}}\Z")
_ASKED = re.compile(r"(?:担当者?|連絡先|窓口|受付)[ :|=は]{1,3}\Z")
"""Who is asked for is told by a surname alone: 担当 斎藤まで."""
_ASKED_NAME = re.compile(rf"(?P<name>[{_HAN}]{{2,4}})(?=\(|まで|宛)")
_GOES_ON = re.compile(rf"(?![様氏殿君先行宛他外方印記と])[{_HAN}]")
_LABEL_BEFORE = re.compile(rf"{_LABEL}\Z")
_KANA_NAME = re.compile(
    r"(?:フリガナ|ふりがな|(?<![一-鿿])カナ|よみがな|読み仮名|名義人?|氏名\(?(?:カナ"
    r"|かな)\)?)[ :|=,]{1,3}"
    r"(?P<name>[\u3041-\u3096]{2,6} [\u3041-\u3096]{2,6}"
    r"|[\u30a1-\u30fa-]{2,8} [\u30a1-\u30fa-]{2,8})"
)
_BEFORE = re.compile(
    rf"(?<![{_HAN}\u30a1-\u30fa])(?P<name>[{_HAN}]{{1,4}} [{_HAN}{_KANA}]{{1,5}}"
    rf"|[{_HAN}]{{1,8}}[{_KANA}]{{0,5}})"
    rf"(?P<after>\)?[ \n]?(?:\((?:[0-9]{{1,3}}|[{_KANA} ]{{2,14}})\))?)\Z"
)
_TITLE = re.compile(
    rf"[さ様氏君くち殿先容被副元前部課係社会室主店院校教准弁医委町村博]{_TITLE_LED}"
)
_BRACKET = re.compile(
    r"\((?:[\u3041-\u3096]{2,14}(?: [\u3041-\u3096]{2,7})?[)、,]"
    r"|[\u30a1-\u30fa]{2,14}(?: [\u30a1-\u30fa]{2,7})?[)、,]"
    r"|[1-9]?[0-9](?:歳)?\)|(?:昭和|平成|(?:19|20)[0-9]{2})[^()\n]{1,12}生)"
)
_GREETING = re.compile("[とで](?:(?<=と)(?:申し|いい|言い)ます|(?<=で)す[。!、])")
_PRESENTED = re.compile(
    r"(?:\A|[\n。!?「] ?|(?:幹事|担当|受付|事務局|店長|部長|代表|会長|司会"
    r"|係|院長|店主|管理人|講師|先生)の"
    r"|(?:電話|連絡|予約|注文|伺い|投稿|質問|お送り)(?:を)?(?:いた)?した)\Z"
)
"""What stands before a surname by which somebody presents himself: 「幹事の今村です」."""
_PRESENTING = 16
"""Characters looked at before the name; no such phrase is longer."""
_BY_SECTION = re.compile(
    rf"(?:[部課係室科院局店所]|(?<![\u30a1-\u30fa])-) "
    rf"(?P<name>[{_HAN}]{{1,4}} ?[{_HAN}{_KANA}]{{1,4}})(?=[ \n)0-9]|\Z)"
)
_COLUMN = re.compile("氏名|名前|担当|名義")
"""A column of names has one of these words in its label."""
_KANA_COLUMN = re.compile("フリガナ|ふりがな|カナ|名義")
_KANA_CELL = re.compile(
    "[\u3041-\u3096]{2,6} [\u3041-\u3096]{2,6}|[\u30a1-\u30fa-]{2,8} [\u30a1-\u30fa-]{2,8}"
)
_SUBJECT = re.compile(
    rf"[ #■●]{{0,3}}(?P<name>[{_HAN}{_KANA}・ ]{{2,14}})\((?P<kana>[^()\n]{{2,80}})"
    rf"\)は(?:、|[^。\n]{{0,30}}(?:である|した|であった))"
)
_BEFORE_SURNAME = re.compile(
    "(?:昨|今|明|先|本|同|当|毎)日|昨年|今年|今朝|昨夜|先週|今週|以前|当時|現在|一方"
    "|結局|今回|今度|先程|後日|隣席|同僚|上司|部下|友人|親友|同期|社員|会員"
)
"""Words in kanji that stand right before a name, with nothing between."""


_SHORT_CALL = re.compile("(?:さん|くん|ちゃん|様|氏)(?:[のがはをにでともへやかっだち]|(?![ぁ-ん]))")


def _is_called(name: str, folded: str, title: int) -> bool:
    """Whether a surname stands before a title; of one character only before what persons have."""
    return is_surname(name) or (
        name in SHORT_SURNAMES and _SHORT_CALL.match(folded, title) is not None
    )


_CLAN = re.compile(
    "滅亡|臣従|侵攻|滅ぼ|内紛|国造|豪族|俗姓|安土桃山|江戸時代|源氏|平氏|藤原|庶流|支流|被官|国人|公卿"
    "|正室|側室|嫡男|征伐|落城|武将|幕府|戦い|争い|和睦|[城藩]|天皇|朝廷|戦国|守護|豪族|一族|家臣|荘園|大名|嫡流|合戦|系図|末裔|室町|鎌倉"
)


def _is_clan(folded: str, match: re.Match[str]) -> bool:
    """Whether 氏 is of a house of old: 北条氏 among lords and castles."""
    return folded[match.end() - 1] == "氏" and bool(
        _CLAN.search(folded, max(0, match.start() - 80), match.end() + 80)
    )


def _public(folded: str) -> frozenset[str]:
    """Names, and surnames, of those whom the text is about."""
    found: set[str] = set()
    after = -1
    while (after := folded.find(")は", after + 1)) >= 0:
        begin = folded.rfind("\n", 0, after) + 1
        match = _SUBJECT.match(folded, begin) if after - begin <= _LONGEST_SUBJECT else None
        if match and re.search("[0-9年ぁ-ん]", match["kana"]):
            name = match["name"].strip().replace(" ", "")
            found.add(name)
            found.update(name[:cut] for cut in range(2, len(name)) if is_surname(name[:cut]))
    return frozenset(found)


def find_names(signs: Signs, columns: Iterable[Cell]) -> Iterator[Found]:
    """
    Names of persons in a folded text.

    >>> from seimai.filters.personal.signs import Signs
    >>> list(find_names(Signs.of("担当:山田太郎"), ()))
    [(3, 7, 'PERSON_NAME', 0.95)]
    """
    folded = signs.folded
    candidates = list(_candidates(folded, signs, columns))
    public = _public(folded) if candidates else frozenset()
    for start, end, certainty in candidates:
        if folded[start:end].replace(" ", "") not in public:
            yield start, end, "PERSON_NAME", certainty


# Put together once: this is asked of every text.
_KANA_SIGNS = Sign.KANA | Sign.KANA_SHORT
_TITLE_SIGNS = Sign.TITLE | Sign.BARE_TITLE
_LABEL_SIGNS = Sign.LABEL | Sign.KIN


def _candidates(
    folded: str, signs: Signs, columns: Iterable[Cell]
) -> Iterator[tuple[int, int, float]]:
    # The longest find of a place comes first: it stays.
    yield from _spelt(folded, signs)
    for match in signs.matches(_KANA_SIGNS, _KANA_NAME):
        yield *match.span("name"), 0.95
    yield from _behind_labels(folded, signs)
    yield from _behind_words_for_somebody(folded, signs)
    yield from names_apart(folded, signs)
    yield from names_joined(folded, signs)
    for match in signs.matches(Sign.SECTION, _BY_SECTION):
        if is_full_name(match["name"]):
            yield *match.span("name"), 0.9
    for sign, pattern, certainty in (
        (Sign.GREETING, _GREETING, 0.85),
        (Sign.BRACKET, _BRACKET, 0.93),
    ):
        for found in signs.matches(sign, pattern):
            yield from _full_name_before(folded, found.start(), certainty)
    for title in signs.matches(_TITLE_SIGNS, _TITLE):
        yield from _before_title(folded, title)
    for cell in columns:
        value = folded[cell.start : cell.end]
        if (_COLUMN.search(cell.label) and is_full_name(value)) or (
            _KANA_COLUMN.search(cell.label) and _KANA_CELL.fullmatch(value)
        ):
            yield cell.start, cell.end, 0.95


def _behind_labels(folded: str, signs: Signs) -> Iterator[tuple[int, int, float]]:
    """Behind one name and a blank there may be the next label; commas part the names of a list."""
    for place in signs.at(_LABEL_SIGNS):
        end = place + 1
        # What follows is asked first: it is the quicker question.
        match = _AFTER_LABEL.match(folded, end)
        foreign = _FOREIGN_NAME.match(folded, end)
        if not match and not foreign:
            continue
        if not _LABEL_BEFORE.search(folded, max(0, end - _LONGEST_LABEL), end):
            continue
        if foreign:
            yield *foreign.span("name"), 0.85
        while match:
            name = longest_name(match["name"])
            start = match.start("name")
            if name and _GOES_ON.match(folded, start + len(name)):
                name = ""  # 母は平直常の女
            elif name:
                yield start, start + len(name), 0.95
            elif is_surname(match["name"]) and re.match(
                r"[ )、,\n]|\Z", folded[match.end() : match.end() + 1]
            ):
                name = match["name"]
                yield start, match.end(), 0.85
            elif (
                (asked := _ASKED_NAME.match(folded, start))
                and is_surname(asked["name"])
                and _ASKED.search(folded, max(0, start - _LONGEST_LABEL), start)
            ):
                name = asked["name"]
                yield start, asked.end(), 0.85
            match = _NEXT_NAME.match(folded, start + len(name)) if name else None


def _behind_words_for_somebody(folded: str, signs: Signs) -> Iterator[tuple[int, int, float]]:
    """Whole names behind 貸主：, 応募者： and what else is a word for somebody."""
    for place in signs.at(Sign.WHO):
        match = _AFTER_WHO.match(folded, place + 1)
        if match and _WHO_BEFORE.search(folded, max(0, place - _LONGEST_LABEL), place + 1):
            name = match["name"]
            for end in range(len(name), 1, -1):
                if is_full_name(name[:end]) and name[end : end + 1] < "\u3097":
                    yield match.start("name"), match.start("name") + end, 0.9
                    break


def _spelt(folded: str, signs: Signs) -> Iterator[tuple[int, int, float]]:
    """A name with blanks between all its characters, as the boxes of forms have it."""
    for place in signs.at(Sign.SPELT):
        match = _SPELT.match(folded, place)
        if match is None or not _SPELT_LABEL.search(
            folded, max(0, place - _LONGEST_LABEL - 4), place
        ):
            continue
        ends = [k for k in range(match.start(), match.end()) if folded[k] != " "]
        for last in reversed(ends[1:]):
            if is_full_name(folded[place : last + 1].replace(" ", "")):
                yield place, last + 1, 0.9
                break


def _full_name_before(
    folded: str, place: int, certainty: float
) -> Iterator[tuple[int, int, float]]:
    place -= folded[place - 1 : place] == " "
    match = _BEFORE.search(folded, max(0, place - LONGEST_NAME), place)
    if match is None or match["after"]:
        return
    if folded[place] in "とで" and is_surname(match["name"]):
        # A surname alone: who says it speaks of himself, or it is the beginning of a letter.
        if match["name"] not in PLACES and (
            folded[place] == "と"
            or _PRESENTED.search(folded, max(0, match.start() - _PRESENTING), match.start())
        ):
            yield *match.span("name"), 0.8
        return
    for cut in range(len(match["name"]) - 1):
        # 「会社の山田太郎です」: kana before it are none of it.
        if cut and not "\u3041" <= match["name"][cut - 1] <= "\u3096":
            continue
        if is_full_name(match["name"][cut:]):
            yield match.start("name") + cut, match.end("name"), certainty
            return


def _before_title(folded: str, title: re.Match[str]) -> Iterator[tuple[int, int, float]]:
    """A full name before a title, or right before it a surname."""
    apart = folded[title.start() - 1 : title.start()] in _APART
    reach = LONGEST_NAME if apart else _LONGEST_ALONE
    match = _BEFORE.search(folded, max(0, title.start() - reach), title.start())
    if match is None:
        return
    name, first = match["name"], match.start("name")
    if title[0][0] == "氏" and name[-1] in "源平藤橘":  # 清和源氏
        return
    if is_full_name(name):
        yield first, first + len(name), 0.95
    elif not match["after"].strip():
        before = _BEFORE_SURNAME.match(name)
        cut = before.end() if before and not is_surname(name) else 0
        if is_full_name(name[cut:]):
            yield first + cut, first + len(name), 0.95
        elif _is_called(name[cut:], folded, title.start()) and not _is_clan(folded, title):
            yield first + cut, first + len(name), 0.85
        elif " " in name and is_surname(name.rpartition(" ")[2]):
            yield first + name.rindex(" ") + 1, first + len(name), 0.8


_APART = (")", " ", "\n")
"""How something ends that stands between a name and its title."""
_LONGEST_ALONE = 8 + 5
"""Characters of a name with nothing between it and its title: kanji, then kana."""
_LONGEST_LABEL = 12
_LONGEST_SUBJECT = 3 + 14 + 1 + 80
"""Characters from the beginning of a line to the bracket behind a name: marks, name, reading."""
