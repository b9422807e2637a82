"""
Postal codes, and addresses of places from the prefecture or the city down to the room.

An address is personal data from its house number (番地, 番, 号) on: a city, or a quarter of it,
is where news happen. It begins with a prefecture, with a municipality that exists, or behind a
postal code or a label such as 住所; the name of a quarter and the number of a block follow, in
any width and in Arabic or kanji figures; what is known as a building or a room belongs to it.

The search goes from what every address has, the number, back to where the address may begin:
texts are full of cities.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seimai.filters.personal.kinds import words_of
from seimai.filters.personal.looks import BLOCKS, POSTALS, REACH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seimai.filters.personal.papers import Found
    from seimai.filters.personal.signs import Signs
    from seimai.filters.personal.tables import Cell

MUNICIPALITIES = words_of("municipalities.txt")
PREFECTURES = words_of("prefectures.txt")
_LONGEST_CITY = max(map(len, MUNICIPALITIES))

_N = r"(?:[0-9]{1,5}|[〇一二三四五六七八九十百]{1,5})"
_KANJI_N = "[〇一二三四五六七八九十百]{1,4}"
_KANA = "\u3041-\u3096\u30a1-\u30fa"
_HAN = "一-鿿々〆ヶケノ"
_LETTER = f"[{_HAN}{_KANA}]"
_TOWN = (
    rf"(?P<town>(?:{_LETTER}{{0,16}}? ?[0-9]{{1,2}}(?:条|線|号線|番町|番丁)(?:通|[東西南北])? ?)?"
    rf"{_LETTER}{{0,24}}?)"
)
_END = r"(?:(?<![0-9])|(?![0-9]))"
_NO = r"番(?:地(?![域帯])|(?![町台館丁手組地街人出打線]))"
_NOT_COUNTED = r"(?![かつカヵヶ人個件])"
_BLOCK = (
    r"(?P<block>"
    rf"{_N} ?丁目 ?(?:{_LETTER}{{1,8}}?町 ?|字{_LETTER}{{1,6}}? ?)?(?:{_N} ?{_NO}(?:の ?{_N}"
    rf"{_NOT_COUNTED}|-{_N}| ?{_N})?(?: ?{_N} ?号| ?号)?(?:-[0-9]{{1,4}}){{0,2}}"
    rf"|{_N}番{_N}号?|{_N}(?: ?[-ノ] ?{_N}){{0,3}}(?: ?号)?)"
    rf"|{_N} ?{_NO}(?: ?[のノ-]? ?{_N}{_NOT_COUNTED})?(?: ?[のノ] ?{_N}{_NOT_COUNTED})?(?: ?号)?"
    rf"|(?<![0-9])[0-9]{{1,5}}(?: ?- ?[0-9]{{1,5}}){{1,4}}(?:号)?"
    rf"|(?<![0-9])[0-9]{{1,4}}(?: ?[のノ] ?[0-9]{{1,4}}){{1,3}}{_NOT_COUNTED}"
    rf"|(?<![0-9])[0-9]{{1,4}}(?:・[0-9]{{1,4}}){{2,3}}(?!・|[0-9]){_NOT_COUNTED}"
    rf"|{_KANJI_N}(?:[-のノ・]{_KANJI_N}){{2,3}}(?![-のノ・一二三四五六七八九十]){_NOT_COUNTED}"
    rf"|(?P<single>(?<![0-9])[0-9]{{1,5}}(?! ?(?:丁目|番|-[0-9])))"
    rf"|(?P<chome>{_N} ?丁目)"
    rf"){_END}"
)
# Folding has made “-” of the long-vowel mark.
_BUILT = (
    r"(?:ビル(?:ディング)?|マンション|ハイツ|ハイム|コ-ポ|メゾン|アパ-ト|レジデンス|タワ-"
    r"|パレス|グラン|シティ|ヒルズ|ヒカリエ|プラザ|センタ-"
    r"|ハウス|コ-ト|ガ-デン|テラス|パ-ク|ヴィラ|ビラ|フラット|カ-サ|ドエル|ロイヤル"
    r"|ライオンズ|サンハイツ|キャッスル|スクエア|荘|寮|団地|住宅|会館|棟|館)"
)
_ROOM = (
    r"(?: ?(?:[A-Z]?-?[0-9]{1,4}|[〇一二三四五六七八九十]{1,4}|[A-Z]) ?(?:号棟|号室"
    r"|号館|階|号|棟|室|F(?![a-z]))"
    r"| ?[A-Z]-?[0-9]{2,4}(?![0-9A-Za-z]))"
)
_BUILDING = re.compile(
    rf"(?: {{0,2}}(?:[{_HAN}\u30a1-\u30faA-Za-z・'-]"
    rf"|[東西南北第新]?[0-9]{{1,3}}(?=[{_HAN}\u30a1-\u30fa])){{0,24}}{_BUILT}"
    rf"(?:[\u30a1-\u30faA-Za-z・-]|[{_HAN}](?=[^\n]{{0,3}}?(?:[0-9]|号室|階))"
    rf"|[東西南北]?[0-9]{{1,2}}(?= )){{0,12}}"
    rf"(?:(?:{_LETTER}{{0,8}}?)?{_ROOM}{{1,3}}| ?-?[0-9]{{2,4}}(?![0-9年月日円人mk]))?"
    rf"| (?:{_LETTER}|[A-Za-z0-9・'-]){{1,20}}?{_BUILT}{_ROOM}{{0,3}}"
    rf"|(?: {_LETTER}[{_HAN}\u30a1-\u30fa・-]{{0,15}})?{_ROOM}{{1,3}}"
    rf"| [0-9]{{3,4}}(?![0-9年月日円人件mk]|[-,.][0-9]))"
)
_PREFECTURE = re.compile("|".join(sorted(PREFECTURES)))
_GENERIC_CITY = rf"(?:{_LETTER}{{1,5}}郡 ?)?{_LETTER}{{1,7}}?[市区町村]"
_AFTER_PREFECTURE = re.compile(rf" ?(?:{_GENERIC_CITY}) ?{_TOWN} ?{_BLOCK}")
_AFTER_CITY = re.compile(rf" ?{_TOWN} ?{_BLOCK}")
_CORE = re.compile(
    r"[丁番0-9〇一二三四五六七八九十](?:(?<=丁)目"
    r"|(?<=番)[地0-9〇一二三四五六七八九十]|(?<=[0-9] 番)(?![組号線目])"
    r"|(?<=[〇一二三四五六七八九十])[〇一二三四五六七八九十百]{0,3}"
    r"(?:[-のノ・][〇一二三四五六七八九十百]{1,4}){2}"
    r"|(?<=[0-9])[0-9]{0,3}(?:・[0-9]{1,4}){2}"
    r"|(?<=[0-9])(?: ?[-のノ] ?[0-9]"
    r"|(?<=[町字通るル村][0-9])|(?<=[一-鿿][0-9])(?=[0-9]{0,4}(?:[ \n、。,)|\"]|\Z))))"
)
_BREAK = re.compile(r"[\n。、,|\"<>\0「」『』:;]")
_CITY_ENDS = re.compile("[市区町村]")
_WARD = re.compile(rf"(?:{_LETTER}{{1,5}}区)?")
"""The name of a city's ward is no quarter: 大阪市北区 1-0 is the score of a match."""
_OF_FLOORS = ("階", "泊", "組")
# Particles and verbs make a sentence of it; names of quarters have them now and then.
_PROSE = re.compile(
    r"[をへ]|[でには]は|は(?![るやなぎたし])|で(?!ん)|した|する|から|まで|より|という"
    r"|など|ある|いる|れる|って"
    r"|が(?![丘岡原浜谷崎島関森沢池峰台根野瀬鼻尾])|に(?![しわれ])|も(?![みり])|年"
    r"|[一-九十0-9]月|人口|対|第(?!一|二|三)|条例|\A[のとや]|大会|国道|県道|市道|線\Z"
    r"|[のがはをにでと]\Z|バス|前年|都知事"
)
_UNIT_AFTER = re.compile(
    r" ?(?:年|月|[日時分秒](?!本)|円|人|件|点|度|[%％]|cm|mm|km|kg|メ-トル|キロ|世帯|戸"
    r"|票|勝|敗|回戦|ペ-ジ|平方|\.[0-9]|号線|次|代|歳|巻|話|位|倍)"
)
_LABELLED = re.compile(
    r"(?:(?:現|新|旧|実家の|自宅)?住 ?所|所在地|居所|本籍地?|送付先|送り先|お?届け先|宛先"
    r"|居住地|自宅|勤務地|住まい|address)"
    r"[はが:| (),\"']{0,4}(?=[^\s])",
    re.IGNORECASE,
)
_POSTAL = re.compile(
    r"[〒郵ゆzZpP](?:(?<=〒) ?(?P<a>[0-9]{3} ?-? ?[0-9]{4}"
    r"|[〇一二三四五六七八九]{3} ?-? ?[〇一二三四五六七八九]{4})(?![0-9]|-[0-9])"
    r"|(?:(?<=郵)便番号|(?<=ゆ)うびん番号|(?<=z)ip[ _-]?code|(?<=p)ost(?:al)?[ _-]?code"
    r"|(?<=z)(?<![A-Za-z.].)ip(?=[\"':=]))[はが:=| (),\"'〒]{0,4}"
    r"(?P<b>[0-9]{3} ?-? ?[0-9]{4})(?![0-9]|-[0-9]))",
    re.IGNORECASE,
)
_BARE_POSTAL = re.compile(r"(?<![0-9A-Za-z-])[0-9]{3}-[0-9]{4}(?=[ )|,\t\n\"']{0,4}\Z)")


def _starts(text: str, low: int, core: int) -> Iterator[tuple[int, int, str]]:
    """Where an address may begin before its number: start, place after the name, and which name."""
    for match in _PREFECTURE.finditer(text, low, core):
        yield match.start(), match.end(), "prefecture"
    for suffix in _CITY_ENDS.finditer(text, low, core):
        place = suffix.start()
        for start in range(max(low, place - _LONGEST_CITY + 1), place):
            if text[start : place + 1] in MUNICIPALITIES:
                yield start, place + 1, "city"
                break


def _parsed(
    text: str, start: int, after: int, name: str, core: int
) -> tuple[int, int, float] | None:
    """An address from its name on, if it reaches the number."""
    pattern = _AFTER_PREFECTURE if name == "prefecture" else _AFTER_CITY
    match = pattern.match(text, after)
    if match is None or match.end() <= core:
        return None
    return _judged(text, start, match, name)


def _judged(
    text: str, start: int, match: re.Match[str], name: str
) -> tuple[int, int, float] | None:
    town = match["town"].strip()
    end = match.end("block")
    if _PROSE.search(town) or _UNIT_AFTER.match(text, end) or text[end : end + 1] in _OF_FLOORS:
        return None
    hyphens = match["block"].replace(" ", "")
    if match["chome"] and name != "label" and not re.search("[0-9一二三四五六七八九十]条", town):
        return None
    if match["single"] and not (
        (town.endswith(("町", "字", "通", "る", "ル", "村")) and len(town) > 1)
        or ("字" in town[:-1] and len(match["single"]) > 1)
        or (name == "label" and _CITY_ENDS.search(town))
    ):
        return None
    if match["single"] and name == "city" and len(match["single"]) < 2:
        return None
    if "番" not in hyphens and name != "label" and _WARD.fullmatch(town):
        return None
    building = _BUILDING.match(text, end)
    if building:
        end = building.end()
    return start, end, {"prefecture": 0.98, "city": 0.95, "label": 0.9}[name]


def find_addresses(signs: Signs) -> Iterator[Found]:
    """
    Addresses in a folded text.

    >>> from seimai.filters.personal.signs import Signs
    >>> list(find_addresses(Signs.of("住所は渋谷区神南1-19-11です")))
    [(3, 15, 'ADDRESS', 0.95)]
    """
    done = 0
    folded = signs.folded
    for core in signs.matches(BLOCKS, _CORE):
        place = core.start()
        if place < done:
            continue
        low = max(done, place - REACH)
        for match in _BREAK.finditer(folded, low, place):
            low = match.end()
        found = None
        for start, after, name in _starts(folded, low, place):
            found = _parsed(folded, start, after, name, place)
            if found:
                break
        if not found:
            found = _behind_label(folded, max(done, place - REACH), place)
        if found:
            start, done, certainty = found
            yield start, done, "ADDRESS", certainty


def _behind_label(text: str, low: int, core: int) -> tuple[int, int, float] | None:
    """What stands as an address behind 住所 or a postal code, whatever place it names."""
    labels = [
        match.end()
        for pattern in (_LABELLED, _POSTAL_END)
        for match in pattern.finditer(text, low, core)
    ]
    if not labels:
        return None
    match = _AFTER_CITY.match(text, max(labels))
    if match is None or match.end() <= core or len(match["town"].strip()) < 2:
        return None
    return _judged(text, match.start("town"), match, "label")


_POSTAL_END = re.compile(r"〒 ?[0-9]{3} ?-? ?[0-9]{4}[) \n]{0,3}|〒\0{7,10}[) \n]{0,3}")


def find_postal_codes(
    signs: Signs, addresses: Iterable[Found], columns: Iterable[Cell]
) -> Iterator[Found]:
    """
    Postal codes in a folded text: behind 〒 or their name, or right before an address.

    >>> from seimai.filters.personal.signs import Signs
    >>> list(find_postal_codes(Signs.of("〒150-0002"), (), ()))
    [(1, 9, 'POSTAL_CODE', 0.99)]
    """
    folded = signs.folded
    for match in signs.matches(POSTALS, _POSTAL):
        group = match.lastgroup or "a"
        yield match.start(group), match.end(group), "POSTAL_CODE", 0.99
    for start, *_ in addresses:
        bare = _BARE_POSTAL.search(folded[max(0, start - 14) : start])
        if bare:
            first = max(0, start - 14) + bare.start()
            yield first, first + len(bare[0]), "POSTAL_CODE", 0.97
    for cell in columns:
        if "郵便番号" in cell.label or "〒" in cell.label:
            value = folded[cell.start : cell.end]
            if re.fullmatch("[0-9]{3}-?[0-9]{4}", value):
                yield cell.start, cell.end, "POSTAL_CODE", 0.98
