"""
Personal data: e-mail addresses, telephone numbers, card numbers and individual numbers.

Each kind is one pattern, which says what it may look like, and one predicate, which says when it
is that: precision matters as much as recall, for order numbers, versions, postal codes and
decorators fill the same pages. Patterns see the text with widths, dashes and brackets folded to
ASCII, character for character, so that a place found there is the place in the text.

A mask replaces all of it, and no mask depends on what it hides. Role addresses and toll-free
numbers are masked too: nothing in a text tells reliably whether one person answers. Names, postal
addresses and bank accounts are left alone: no pattern finds them with the precision that changing
a text asks for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from seimai.pipeline.cleaner import cleaner

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

EMAIL, PHONE, CARD, MY_NUMBER = "<EMAIL>", "<PHONE>", "<CARD>", "<MYNUMBER>"
MASKS = (EMAIL, PHONE, CARD, MY_NUMBER)

Match = re.Match[str]


class Hint(NamedTuple):
    """One of some characters, then a regular expression."""

    starts: str
    then: str


@dataclass(frozen=True)
class Kind:
    """One look of one kind of personal data."""

    mask: str
    hint: Hint
    """What a text must contain as it is: cheap to ask, with false alarms, never with misses."""
    pattern: re.Pattern[str]
    """Candidates in the folded text."""
    holds: Callable[[Match, str], bool]
    """Whether a candidate in the folded text is personal data."""


# --- folding and labels ------------------------------------------------------------------------

_DASHES = "‐‑‒–—―−ーｰ─━－"


def _folding() -> NDArray[np.uint32]:
    table = np.arange(0x110000, dtype=np.uint32)
    table[ord("！") : ord("～") + 1] = np.arange(ord("!"), ord("~") + 1)
    for characters, plain in (
        (_DASHES, "-"),
        ("\u3000\xa0\t\0", " "),
        ("[［【〔{｛", "("),
        ("]］】〕}｝", ")"),
    ):
        table[[ord(character) for character in characters]] = ord(plain)
    return table


_FOLDED = _folding()


def fold(text: str) -> str:
    """The text with widths, dashes and brackets in ASCII; as long as the text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return _FOLDED[codes].tobytes().decode("utf-32-le", "surrogatepass")


_LABEL = re.compile(
    # Labels of other numbers. Written as folding leaves them: コ-ド for コード.
    r"(?P<other>(?:注文|受付|管理|伝票|追跡|問い?合わ?せ|会員|顧客|(?:お客|利用者)様?|口座|製造|製品|商品"
    r"|シリアル|機種|型|品|部品|図面|登録|許可|認可|認証|届出|特許|公開|公告|出願|整理|識別|学籍|社員"
    r"|職員|法人|事業者|事業所|郵便|証券|証書|カ-ド|契約|予約|案件|文書|資料|請求書?|見積書?|発注|受注"
    r"|ロット|車台|免許証?|図書|書籍|申請|承認|保険者?|被保険者|年金|旅券|記号|照会|確認|通し|便名?)番号"
    r"|品番|型番|型式|品名|コ-ド|バ-ジョン|シリアル|ロット|ISBN|ISSN|JAN|LOT|SKU|ASIN|DOI|UPC|EAN"
    r"|(?:order|serial|part|model|item|product|invoice|tracking|account|version|ver)"
    r"(?: ?(?:no\.?|number|id|#))?|\bS/N|\bP/N|〒)"
    r"|(?P<phone>(?:電話|携帯|ケ-タイ|スマホ|でんわ|ファックス|ファクス|ファクシミリ|TEL|FAX)(?:番号)?"
    r"|フリ-(?:ダイヤル|コ-ル|アクセス)|ナビダイヤル|ホットライン|連絡先|問い?合わ?せ先?|直通|代表|夜間|緊急"
    r"|phone|mobile|cell|whatsapp|LINEID|☎|☏|℡|📞|📱|📠|✆|<PHONE>)"
    r"|(?P<mail>メ-ル|e-?mail|mail|アドレス|連絡|宛|<EMAIL>)"
    r"|(?P<card>カ-ド|クレジット|credit|card|visa|master)"
    r"|(?P<my_number>マイナンバ-|個人番号)",
    re.IGNORECASE,
)
_LOOK_BACK = 40
"""How far before a number a label may begin."""
_GAP = re.compile(r"[^0-9。\n]{0,14}")
"""What may stand between a label and its number: （代表）, “は”, a colon."""


def _label(match: Match, text: str) -> tuple[str, str]:
    """The kind of the nearest label before a candidate ("" for none) and what lies between."""
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    kind, gap = "", before
    for label in _LABEL.finditer(before):
        between = before[label.end() :]
        if _GAP.fullmatch(between):
            kind, gap = label.lastgroup or "", between
    return kind, gap


# --- e-mail ------------------------------------------------------------------------------------


def _words(path: Path) -> frozenset[str]:
    rows = path.read_text("utf-8").splitlines()
    return frozenset(word for row in rows if not row.startswith("#") for word in row.split())


_TOP_DOMAINS = _words(Path(__file__).parent / "data" / "top_domains.txt")

# Docomo once allowed dots in a row and before the @, so they are allowed here.
_LOCAL = r"(?<![A-Za-z0-9_@])(?P<local>[A-Za-z0-9_][A-Za-z0-9._%+&'-]{0,63})"
_DOT = r"(?:\.| ?\( ?(?:dot|ドット|\.) ?\) ?)"
_DOMAIN = (
    rf"(?P<domain>(?:[A-Za-z0-9-]{{1,63}}{_DOT}){{1,6}}(?P<top>[A-Za-z]{{2,24}}|xn--[A-Za-z0-9-]{{2,60}}))"
    r"(?![A-Za-z0-9_]|-[A-Za-z0-9])"
)
_RETINA = re.compile(r"[1-9]x\.", re.IGNORECASE)
_USER_OF_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/@]*$")
_MESSAGE_ID = re.compile(r"(?:message-id|in-reply-to|references|mid) ?: ?<?[^\n]*$", re.IGNORECASE)
_REMOTE_PATH = re.compile(r":(?:[/~]|[\w./~-]+\.git\b)")
_SERVICE_USERS = frozenset({"git", "hg", "svn", "cvs"})
"""Who logs in for everybody: git@github.com is where a repository is, not whom to write to."""


def _is_email(match: Match, text: str) -> bool:
    """A known top-level domain; not a file name, a login of a URL or a place to copy files to."""
    top = match["top"].lower()
    if top not in _TOP_DOMAINS and not top.startswith("xn--"):
        return False
    if _RETINA.match(match["domain"]) or match["local"].lower() in _SERVICE_USERS:
        return False
    if _REMOTE_PATH.match(text, match.end()):
        return False
    before = text[max(0, match.start() - 120) : match.start()].rpartition("\n")[2]
    return not (_USER_OF_URL.search(before) or _MESSAGE_ID.search(before))


def _is_labelled_email(match: Match, text: str) -> bool:
    """Looks that are also prose, such as “meet @ example.jp”: only after メール or the like."""
    return _label(match, text)[0] == "mail" and _is_email(match, text)


def _is_starred_email(match: Match, text: str) -> bool:
    """taro★example.jp where the text says nearby to put an @ for the star."""
    near = text[max(0, match.start() - 80) : match.end() + 80]
    swap = rf"{re.escape(match['star'])}.{{0,6}}(?:@|アットマ-ク)"
    return bool(re.search(swap, near)) and _is_email(match, text)


_NAME = "-0-9A-Za-z_.%+&'０-９Ａ-Ｚａ-ｚ＿．％＋＆＇－"
_OPEN, _CLOSE = "\\[({（［【〔｛", "\\])}）］】〕｝"

_EMAILS = (
    Kind(
        EMAIL,
        Hint("@＠", f"(?<=[{_NAME}].)[{_NAME}]"),
        re.compile(rf"{_LOCAL}@{_DOMAIN}"),
        _is_email,
    ),
    Kind(
        EMAIL,
        Hint(
            f"{_OPEN}&%", "(?: ?(?:[aAａＡ][tTｔＴ]|アット|あっと|[@＠])|(?<=&)#[x0]*[46]|(?<=%)40)"
        ),
        re.compile(
            rf"{_LOCAL}(?: ?\( ?(?:at|アット(?:マ-ク)?|あっと(?:ま-く)?|@) ?\) ?"
            rf"|&#(?:0*64|x0*40);|%40){_DOMAIN}",
            re.IGNORECASE,
        ),
        _is_email,
    ),
    Kind(
        EMAIL,
        Hint(f"@＠{_OPEN}", f"(?:(?<=[@＠]) [0-9A-Za-z]|[aAａＡ][{_CLOSE}])"),
        re.compile(rf"{_LOCAL}(?: @ |\(a\)){_DOMAIN}", re.IGNORECASE),
        _is_labelled_email,
    ),
    Kind(
        EMAIL,
        Hint("★☆●◎◆■", f"(?<=[{_NAME}].)[{_NAME}]"),
        re.compile(rf"{_LOCAL}(?P<star>[★☆●◎◆■]){_DOMAIN}"),
        _is_starred_email,
    ),
)

# --- telephone ---------------------------------------------------------------------------------

# Ten digits for lines, eleven for mobiles. Area code and exchange together have six digits; the
# area codes of three and five digits are few, those of four are the rest.
_AREA_3 = "01[1789]|02[2-9]|04[2-9]|05[234589]|07[235-9]|08[2-46-9]|09[235-9]"
_AREA_5 = (
    "01267|0137[247]|0139[278]|0145[67]|01466|01547|01558|01564|0158[67]|0163[245]|01648|0165[4568]"
    "|0499[2468]|05769|05979|07468|0838[78]|08396|08477|0851[24]|0949[6]|09802|0991[23]|09969"
)
_THREE_GROUPS = re.compile(
    r"0[5-9]0-\d{4}-\d{4}"  # mobile, IP
    r"|0800-\d{3}-\d{4}|(?:0120|0570|0180|0990)-(?:\d{3}-\d{3}|\d{2}-\d{4})"  # toll-free, services
    rf"|0[346]-\d{{4}}-\d{{4}}|(?:{_AREA_3})-\d{{3}}-\d{{4}}"
    rf"|0[1-9][1-9]\d-\d{{2}}-\d{{4}}|(?:{_AREA_5})-\d-\d{{4}}"
)
_TWO_GROUPS = re.compile(r"0[5-9]0-\d{8}|0[5-9]0\d{4}-\d{4}|(?:0120|0570)-\d{6}|0800-\d{7}")
_ONE_GROUP = re.compile(r"0[789]0[1-9]\d{7}")
_DIALLED = re.compile(
    r"0[5-9]0\d{8}|0800\d{7}|(?:0120|0570|0180|0990)\d{6}|0(?:[1-9][1-9]|[346]\d)\d{7}"
)
_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")

_NOT_BEFORE = re.compile(r"[A-Za-z0-9_$¥\\%^]$|[A-Za-z0-9][-/]$|[0-9][.:+*]$")
_NOT_AFTER = re.compile(
    r"[_@]|[-.][0-9]|-[A-Za-z]|(?!tel|fax|ext|x[0-9]|phone|mobile|e-?mail|mail|http|url)[A-Za-z]",
    re.IGNORECASE,
)
_NOT_BEFORE_PLAIN = re.compile(r"[#=.+'/-]$")
_NOT_AFTER_PLAIN = re.compile(r"[.:/+*%=][0-9]|[円個件年月日時分秒点人台号%]")
_URL = re.compile(r"(?:[a-z]+://|www\.)[!-'*-~]*$", re.IGNORECASE)


def _stands_alone(match: Match, text: str, gap: str, *, labelled: bool, plain: bool) -> bool:
    """Whether nothing on either side makes the digits part of something longer."""
    before = gap if labelled else gap[-2:]
    if _NOT_BEFORE.search(before) or _NOT_AFTER.match(text, match.end()):
        return False
    if plain and not labelled:
        if _NOT_BEFORE_PLAIN.search(before) or _NOT_AFTER_PLAIN.match(text, match.end()):
            return False
    return labelled or not _URL.search(text[max(0, match.start() - 300) : match.start()])


def _is_phone(match: Match, text: str) -> bool:
    """
    The groups of a telephone number, or after a label any grouping of enough digits.

    Without a label, groups in between which only spaces stand must be those of a mobile or
    toll-free number: columns of figures look like the others.
    """
    kind, gap = _label(match, text)
    if kind == "other":
        return False
    labelled = kind == "phone"
    pieces = re.split(r"[^0-9]+", match[0].strip("()"))
    joins = {join.strip(" ") for join in re.findall(r"[^0-9]+", match[0].lstrip("("))}
    if not _stands_alone(match, text, gap, labelled=labelled, plain=len(pieces) == 1):
        return False
    if labelled and _DIALLED.fullmatch("".join(pieces)):
        return True
    if len(joins) > 1 and not any(")" in join for join in joins):
        return False
    if joins == {""} and (not pieces[0].endswith("0") or re.match(" [0-9]", text[match.end() :])):
        return False
    canonical = "-".join(pieces)
    shape = (_ONE_GROUP, _TWO_GROUPS, _THREE_GROUPS)[len(pieces) - 1]
    return shape.fullmatch(canonical) is not None


def _is_abroad(match: Match, text: str) -> bool:
    """Country code, then for Japan a number that could be dialled, else ten digits or more."""
    kind, gap = _label(match, text)
    digits = re.sub(r"\D", "", match["rest"])
    if kind == "other" or not _stands_alone(
        match, text, gap, labelled=kind == "phone", plain=False
    ):
        return False
    if match["country"] == "81":
        return _DIALLED.fullmatch("0" + digits.removeprefix("0")) is not None
    return 10 <= len(match["country"]) + len(digits) <= 15


def _is_phone_in_kanji(match: Match, text: str) -> bool:
    """The groups of a telephone number in kanji figures, as vertical writing has them."""
    pieces = re.findall("[〇零一二三四五六七八九]+", match[0])
    canonical = "-".join(pieces).translate(_KANJI_DIGITS)
    return _label(match, text)[0] != "other" and _THREE_GROUPS.fullmatch(canonical) is not None


_PHONE_CHARACTERS = f"-0-9０-９ 　\xa0\t.．()（）［］\\[\\]の〇零一二三四五六七八九{_DASHES}"
_PHONE_HINT = Hint("0０〇零", f"[{_PHONE_CHARACTERS}]{{9}}")
_JOIN = r"(?: ?[-.] ?|の| ?\( ?| ?\) ?-? ?| )"
_KANJI = "[〇零一二三四五六七八九]"

_PHONES = (
    Kind(
        PHONE,
        Hint("+＋", f" ?[1-9１-９][{_PHONE_CHARACTERS}]{{9}}"),
        re.compile(
            r"(?<![0-9A-Za-z])\(?\+ ?(?P<country>81|1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[246]|9[0-58]"
            r"|[2-689][0-9]{2})\)?(?P<rest>(?: ?\(0\))?(?:[-. ]{0,2}\(?[0-9]{1,5}\)?){1,4}[0-9]{2,6})(?![0-9])"
        ),
        _is_abroad,
    ),
    Kind(
        PHONE,
        _PHONE_HINT,
        re.compile(
            rf"(?<![0-9])\(?(?<![0-9])0[0-9]{{1,4}}{_JOIN}[0-9]{{1,4}}{_JOIN}[0-9]{{3,4}}(?![0-9])"
        ),
        _is_phone,
    ),
    Kind(
        PHONE,
        _PHONE_HINT,
        re.compile(rf"(?<![0-9])\(?(?<![0-9])0[0-9]{{1,6}}{_JOIN}[0-9]{{4,8}}(?![0-9])"),
        _is_phone,
    ),
    Kind(PHONE, _PHONE_HINT, re.compile("(?<![0-9])0[0-9]{9,10}(?![0-9])"), _is_phone),
    Kind(
        PHONE,
        _PHONE_HINT,
        re.compile(
            rf"(?<!{_KANJI})[〇零]{_KANJI}{{1,4}}[-(の・]{_KANJI}{{1,4}}[-)の・]-?{_KANJI}{{3,4}}(?!{_KANJI})"
        ),
        _is_phone_in_kanji,
    ),
)

# --- cards and individual numbers --------------------------------------------------------------


def _is_card(match: Match, text: str) -> bool:
    """A prefix that cards have, and Luhn's check digit; without groups only after a label."""
    digits = re.sub(r"\D", "", match[0])
    kind, gap = _label(match, text)
    if kind == "other" and "カ-ド" not in text[max(0, match.start() - _LOOK_BACK) : match.start()]:
        return False
    if digits == match[0] and kind not in ("card", "other"):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return (
        _NOT_BEFORE.search(gap[-2:]) is None
        and _NOT_AFTER.match(text, match.end()) is None
        and sum(number // 10 + number % 10 for number in doubled) % 10 == 0
    )


def _is_my_number(match: Match, text: str) -> bool:
    """After its name, twelve digits whose last one is the check digit set by ordinance."""
    digits = [int(digit) for digit in re.sub(r"\D", "", match[0])]
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    left = sum(a * b for a, b in zip(digits[:11], weights, strict=True)) % 11
    check = 0 if left <= 1 else 11 - left
    return digits[11] == check and _label(match, text)[0] == "my_number"


_NUMBERS = (
    Kind(
        CARD,
        Hint("2-6２-６", "[0-9０-９]{3}.?[0-9０-９]{4}.?[0-9０-９]"),
        re.compile(
            r"(?<![0-9])(?:(?:2[2-7]|3[05689]|4[0-9]|5[1-5]|6[0-9])[0-9]{2}(?P<join>[- ]?)[0-9]{4}(?P=join)"
            r"[0-9]{4}(?P=join)[0-9]{4}|3[47][0-9]{2}(?P<other>[- ]?)[0-9]{6}(?P=other)[0-9]{5})"
            r"(?![- ]?[0-9])"
        ),
        _is_card,
    ),
    Kind(
        MY_NUMBER,
        Hint("マ個", "(?:イナンバー|人番号)"),
        re.compile("(?<![0-9])[0-9]{4}(?P<join>[- ]?)[0-9]{4}(?P=join)[0-9]{4}(?![0-9])"),
        _is_my_number,
    ),
)

KINDS = _EMAILS + _NUMBERS + _PHONES

_HINTS = {kind.hint: re.compile(f"[{kind.hint.starts}]{kind.hint.then}") for kind in KINDS}
# One scan for all: a character that begins some hint, and only there the hints themselves.
_ANY_HINT = re.compile(
    f"[{''.join(hint.starts for hint in _HINTS)}]"
    f"(?:{'|'.join(f'(?<=[{hint.starts}]){hint.then}' for hint in _HINTS)})"
)

# --- the cleaner and its signals ---------------------------------------------------------------


def find(text: str) -> list[tuple[int, int, str]]:
    """Start, end and mask of the personal data in a text, in order, without overlaps."""
    if not _ANY_HINT.search(text):
        return []
    hinted = {hint for hint, pattern in _HINTS.items() if pattern.search(text)}
    folded = fold(text)
    found: list[tuple[int, int, str]] = []
    for kind in KINDS:
        if kind.hint not in hinted:
            continue
        at = 0
        while match := kind.pattern.search(folded, at):
            at = match.start() + 1
            if kind.holds(match, folded):
                at = match.end()
                found.append((match.start(), at, kind.mask))
                # Hidden from the kinds that follow; as long as before, so that places stay.
                hidden = "\0" * len(match[0])
                folded = folded[: match.start()] + hidden + folded[at:]
    return sorted(found)


@cleaner("personal", touches="0-9０-９@＠〇零[［(（{｛【〔★☆●◎◆■", masks=MASKS)
def personal(text: str) -> str:
    """
    E-mail addresses, telephone, card and individual numbers become fixed tokens.

    The tokens are <EMAIL>, <PHONE>, <CARD> and <MYNUMBER>. Left alone are mentions (@name),
    decorators, package names, git@host, numbers with another label (注文番号), and whatever has
    the digits of a telephone number but not its groups, unless 電話, TEL or the like says so.

    >>> personal("担当: 佐藤 sato@example.jp 電話（03）1234-5678、注文番号 0312-34-5678")
    '担当: 佐藤 <EMAIL> 電話<PHONE>、注文番号 0312-34-5678'
    """
    # A mask can be the label of its neighbour: “電話 <PHONE>, 0312345679”. Each round takes
    # digits or an at sign away, so there is a last one.
    while found := find(text):
        parts: list[str] = []
        done = 0
        for start, end, mask in found:
            parts += (text[done:start], mask)
            done = end
        text = "".join((*parts, text[done:]))
    return text
