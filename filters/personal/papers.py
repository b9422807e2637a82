"""
Numbers of papers and accounts: licences, passports, residence cards, insurance, pension, banks.

None of them has a check digit that a reader could ask, so each stands only behind its own label,
in its own shape, with nothing between them that could be the label of something else. Forms
follow the offices that issue them: twelve digits of a driving licence, two letters and seven
digits of a passport, two letters around eight digits of a residence card, four and six digits of
the basic pension number, seven digits of a bank account, five and up to eight of a postal one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from seimai.filters.personal.looks import LABELS, Sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from seimai.filters.personal.signs import Signs
    from seimai.filters.personal.tables import Cell

Found = tuple[int, int, str, float]
"""A find: start, end, kind, and how certain it is."""

_BEFORE = r"(?<![0-9A-Za-z])(?<![0-9]\.)"
_AFTER = r"(?![0-9A-Za-z]|[-.,/][0-9]| ?(?:[円件人個点万億桁年月枚本台回番]|名(?!義)|トン|ドル|%))"
# What a form or a sentence puts between a label and its number.
_LINK = (
    r"(?:番号|普通|当座|[普当](?=\))|No\.?|NO\.?|№"
    r"|[のはがを第:()「」|,=・\"'# \t/]|\n|です|- ){0,10}"
)
# Anything short, where the shape of the number is rare enough; “(12桁)” may stand in it.
_ANY = r"[^0-9\n。]{0,14}?(?:[0-9]{1,2}(?:桁|ケタ)[^0-9\n。]{0,6})?(?:\n[ |]{0,3})?"
# The same beyond the end of a sentence, where nothing else has the shape of the number.
_FAR = r"[^0-9\n]{0,24}?(?:[0-9]{1,2}(?:桁|ケタ)[^0-9\n。]{0,6})?(?:\n[ |]{0,3})?"
_STRANGER = re.compile(
    r"注文|受付|受験|会員|顧客|お客|整理|管理|申請|法人|登録|製造|商品|伝票|追跡|社員"
    r"|学籍|契約|予約|許可|電話"
    r"|携帯|品番|型番|便|価格|円|ISBN|JAN|〒|TEL|FAX",
    re.IGNORECASE,
)
_BANK = re.compile(
    r"銀行|信金|信用金庫|信用組合|農協|漁協|労働金庫|労金|金庫|支店|支所|出張所|営業部"
    r"|店番|本店|[0-9〇一二三四五六七八九]店"
    r"|振込|振り込み|振替|送金|入金|返金|引落|口座|名義|預金|貯金|ゆうちょ|bank",
    re.IGNORECASE,
)
_BANK_BEHIND = re.compile(r"[ ,|/]{0,2}\([^0-9\n。()]{1,12}(?:銀行|信用金庫|信金|農協|支店)")
"""The bank in brackets behind a number."""
_POST = re.compile(r"ゆうちょ|郵便|貯金|口座|振込|振替|送金|通帳")
_INSURANCE_CARD = re.compile("保険者?証(?!券)|保険者|資格確認書|組合員証")
_INSURED = re.compile(r"保険(?!証券|会社|金)|国保|健保|社保|資格確認|組合員証|共済")
_LOOK = 60
"""How far before a number the word may stand that tells whose it is."""


def _near(word: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    return word.search(text, max(0, match.start() - _LOOK), match.end("n")) is not None


def _for_bank(match: re.Match[str], text: str) -> bool:
    if match["n"].endswith("00000"):
        return False  # an amount
    if _BANK_BEHIND.match(text, match.end()):
        return True
    return _near(_BANK, text, match) or bool(
        re.match(r"[ ,|)/]{0,3}(?:口座)?名義", text[match.end() : match.end() + 12])
    )


def _for_post(match: re.Match[str], text: str) -> bool:
    after = _POST.search(text, match.end(), match.end() + _LOOK // 4) is not None
    return (after or _near(_POST, text, match)) and not _INSURED.search(match[0])


def _for_insured(match: re.Match[str], text: str) -> bool:
    # One number alone asks for the card, two are what stands on it.
    both = match["m"] or match[0][2:5].endswith("番号") or match[0][2:4] == "番号"
    return _near(_INSURED if both else _INSURANCE_CARD, text, match)


def _always(_match: re.Match[str], _text: str) -> bool:
    return True


class Rule(NamedTuple):
    """One look of one kind: a pattern whose groups n and m are what is hidden."""

    kind: str
    begins: str
    """Characters that its label may begin with."""
    written: str
    """The pattern as it is written."""
    certainty: float
    holds: Callable[[re.Match[str], str], bool] = _always

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern; they take a twentieth of a second, and many processes need none."""
        return _compiled(self.written)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _rule(
    kind: str,
    begins: str,
    label: str,
    number: str,
    certainty: float,
    holds: Callable[[re.Match[str], str], bool] = _always,
    gap: str = _ANY,
) -> Rule:
    whole = rf"(?i)(?:{label}){gap}{_BEFORE}(?P<n>{number}){_AFTER}"
    return Rule(kind, begins, whole, certainty, holds)


_TWELVE = r"[0-9](?:[- ]?[0-9]){11}"
# Forms have a box for each figure: what was in them comes with blanks between.
_ACCOUNT = (
    r"[0-9]{7}|[0-9]{3}-[0-9]{7}|[0-9]{3}-[0-9]{4}|[0-9]{4}-[0-9]{3}-[0-9]{7}"
    r"|[0-9](?: [0-9]){6}(?! [0-9])"
)
_PENSION = (
    r"[0-9]{4} ?[- ]? ?[0-9]{6}(?:-[0-9]{4})?|[0-9](?: [0-9]){3} ?-? ?[0-9](?: [0-9]){5}(?! [0-9])"
)
_PASSPORT = r"[A-Z]{2} ?[0-9]{7}|[A-Z][0-9]{8}|[A-Z] [A-Z](?: [0-9]){7}(?! [0-9])"
_SYMBOL = r"[01][0-9]{4}(?:-[0-9])?"

RULES = (
    _rule(
        "DRIVER_LICENSE",
        "免dD",
        r"免許証?(?:の?番号)?|(?:driver'?s?|driving) licen[cs]e(?: (?:number|no\.?))?",
        _TWELVE,
        0.98,
    ),
    _rule("PASSPORT", "旅パpP", "旅券|パスポ-ト|passport", _PASSPORT, 0.99, gap=_FAR),
    _rule(
        "RESIDENCE_CARD",
        "在特rR",
        r"在留カ-ド|特別永住者証明書|在留資格|在留番号|residence card",
        r"[A-Z]{2} ?[0-9]{8} ?[A-Z]{2}",
        0.99,
        gap=_FAR,
    ),
    _rule(
        "PENSION_NUMBER",
        "基年",
        r"基礎年金番号|年金番号|年金手帳|年金証書",
        _PENSION,
        0.98,
    ),
    _rule(
        "BANK_ACCOUNT",
        "口",
        r"口座(?:番号|No\.?|NO\.?)",
        rf"{_ACCOUNT}|[0-9]{{6}}|[0-9]{{8}}",
        0.98,
        gap=_LINK,
    ),
    _rule("BANK_ACCOUNT", "口", "口座", _ACCOUNT, 0.93, gap=_LINK),
    _rule(
        "BANK_ACCOUNT",
        "普当貯定(",
        r"(?:普通|当座|貯蓄|定期|\([普当]\)|(?<![一-鿿])[普当](?=\)? ?[0-9:]))"
        r"(?:預金|貯金)?(?:口座)?",
        _ACCOUNT,
        0.95,
        _for_bank,
        _LINK,
    ),
    _rule(
        "BANK_ACCOUNT",
        "口ゆ振記郵",
        r"口座|ゆうちょ|振替|記号・?番号|郵便",
        r"0[0-9]{4}-[0-9]-[0-9]{1,7}|1[0-9]{3}0-(?:[0-9]-)?[0-9]{2,8}",
        0.98,
        _for_post,
    ),
    Rule(
        "BANK_ACCOUNT",
        "記",
        (
            rf"記号{_LINK}(?P<n>{_SYMBOL})(?![0-9]){_LINK}(?:、 ?)?番号{_LINK}"
            r"(?P<m>[0-9]{2,8})(?![0-9])"
        ),
        0.98,
        _for_post,
    ),
    Rule(
        "HEALTH_INSURANCE",
        "記",
        (
            rf"記号(?:[・と]?番号|及び番号)?{_LINK}{_BEFORE}"
            r"(?P<n>[一-鿿]{1,4}-?[0-9]{1,6}(?:-[0-9]{1,4})?|(?=[^\n]{0,8}[0-9])[0-9A-Za-z]{1,10}(?:[-・/の]"
            r"[0-9A-Za-z]{1,9}){0,2}|[一-鿿\u3041-\u30fa]{1,6}(?=[ 、・]{1,3}番号[ :]{0,3}[0-9]))"
            r"(?![0-9A-Za-z])"
            rf"(?:(?:{_LINK}、? ?)?番号{_LINK}(?P<m>[0-9]{{1,9}})(?![0-9]))?"
        ),
        0.95,
        _for_insured,
    ),
    _rule(
        "HEALTH_INSURANCE",
        "保資組健国社",
        r"[健国社]保(?:番号|証)|保険(?:者証?|証(?!券))(?:等?の?(?:被保険者)?番号|の?記号・?番号)?"
        r"|資格確認書|組合員証",
        r"[0-9]{4}-[0-9]{6}-[0-9]|[0-9]{5,11}|[0-9]{2,4}-[0-9]{4,8}",
        0.96,
        gap=_LINK,
    ),
    _rule(
        "HEALTH_INSURANCE",
        "健国社保",
        r"(?:[健国社]保|保険証)の?記号・?番号",
        r"[0-9]{1,8}[-・の][0-9]{1,8}",
        0.95,
    ),
    _rule(
        "HEALTH_INSURANCE",
        "健国社保",
        "[健国社]保(?=[ :])|保険証",
        r"[一-鿿]{1,3} ?[0-9]{1,4}[-・][0-9]{1,8}",
        0.95,
        gap="[ :]{1,3}",
    ),
)

_RESIDENCE_FIRST = re.compile(
    rf"{_BEFORE}(?P<n>[A-Z]{{2}} ?[0-9]{{8}} ?[A-Z]{{2}})(?![0-9A-Za-z])"
    r"[^0-9\n。]{0,12}(?:在留カ-ド|永住者証明書)"
)

_RESIDENCE_BEFORE = 14 + 12
"""Characters before the name of the card within which its number may begin."""

# Where the labels of the rules begin.
_HINT = re.compile(
    r"[免旅パ在特基年口普当貯定ゆ振記郵保資組(dDrRpP健国社](?:(?<=[健国社])保[番証の記 :]"
    r"|(?<=免)許|(?<=旅)券|(?<=パ)スポ|(?<=在)留|(?<=特)別永住"
    r"|(?<=基)礎年金|(?<=年)金[番手証]|(?<=口)座|(?<=普)通|(?<=当)座|(?<=貯)蓄|(?<=定)期"
    r"|(?<=ゆ)うちょ|(?<=振)替"
    r"|(?<=記)号|(?<=郵)便|(?<=保)険|(?<=資)格確認|(?<=組)合員証|(?<=[(])[普当]"
    r"|(?<=[普当])(?=[ :]?[0-9])"
    r"|(?<=[dD])riv|(?<=[rR])esidence|(?<=[pP])assport|(?<=P)ASSPORT)"
)

_IN_COLUMN = (
    ("DRIVER_LICENSE", re.compile("免許"), re.compile(f"第? ?(?P<n>{_TWELVE}) ?号?")),
    ("PASSPORT", re.compile("旅券|パスポ-ト"), re.compile(f"(?P<n>{_PASSPORT})", re.IGNORECASE)),
    ("PENSION_NUMBER", re.compile("年金"), re.compile(f"(?P<n>{_PENSION})")),
    ("BANK_ACCOUNT", re.compile("口座"), re.compile(f"(?P<n>{_ACCOUNT}|[0-9]{{6,8}})")),
    ("HEALTH_INSURANCE", re.compile("保険"), re.compile("(?P<n>[0-9]{5,11})")),
)


def find_papers(signs: Signs, wanted: frozenset[str], columns: Iterable[Cell]) -> Iterator[Found]:
    """
    Numbers of papers and accounts of the wanted kinds in a folded text.

    >>> from seimai.filters.personal.signs import Signs
    >>> list(find_papers(Signs.of("旅券番号 TK1234567"), frozenset({"PASSPORT"}), ()))
    [(5, 14, 'PASSPORT', 0.99)]
    """
    folded = signs.folded
    rules = [rule for rule in RULES if rule.kind in wanted]
    for place in signs.matches(LABELS, _HINT):
        for rule in rules:
            if folded[place.start()] not in rule.begins:
                continue
            match = rule.pattern.match(folded, place.start())
            if match is None or not rule.holds(match, folded):
                continue
            between = folded[match.start() : match.start("n")]
            if _STRANGER.search(between.replace("郵便振替", "")):
                continue
            yield match.start("n"), match.end("n"), rule.kind, rule.certainty
            if "m" in rule.pattern.groupindex and match["m"]:
                yield match.start("m"), match.end("m"), rule.kind, rule.certainty
    if "RESIDENCE_CARD" in wanted:
        for name in signs.at(Sign.RESIDENCE):
            first, last = max(0, name - _RESIDENCE_BEFORE), name + len("永住者証明書")
            for found in _RESIDENCE_FIRST.finditer(folded, first, last):
                if found.end() > name:
                    yield *found.span("n"), "RESIDENCE_CARD", 0.97
    for cell in columns:
        for kind, label, shape in _IN_COLUMN:
            if kind in wanted and label.search(cell.label):
                match = shape.fullmatch(folded, cell.start, cell.end)
                if match:
                    yield match.start("n"), match.end("n"), kind, 0.97
