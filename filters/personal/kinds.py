"""
What a kind of personal data is, the folded view that its pattern sees, and labels before numbers.

The folded view has widths, dashes and brackets in ASCII, character for character, so that a place
found there is the place in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from seimai.filters.personal.looks import Sign

Match = re.Match[str]

DASHES = "‐‑‒–—―−ーｰ─━－"
"""What people type for a hyphen, the long-vowel mark among them."""


LONGEST_LEAD = 80
"""More characters than a candidate has before the place of its sign."""


@dataclass(frozen=True)
class Kind:
    """One way in which one kind of personal data is written, and how it is found."""

    mask: str
    signs: tuple[Sign, ...]
    """The text must have one sign of each of these sets (see `signs`)."""
    pattern: re.Pattern[str]
    """Finds candidates in the folded text."""
    holds: Callable[[Match, str], bool]
    """Whether a candidate in the folded text is personal data."""
    before: int = 0
    """How many characters before the place of its first sign it may begin."""
    lead: re.Pattern[str] | None = None
    """
    What it has before that place, where that may be long; ends in `\\Z`, which is there where the
    sign stands.
    """
    certainty: float = 0.99
    """Share of its finds that were right, as measured."""

    def at(self, folded: str, place: int, low: int) -> Match | None:
        """The candidate around the place of a sign, if there is one that begins behind `low`."""
        if self.lead is not None:
            lead = self.lead.search(folded, max(low, place - LONGEST_LEAD), place)
            return lead and self.pattern.match(folded, lead.start())
        for start in range(max(low, place - self.before), place + 1):
            match = self.pattern.match(folded, start)
            if match:
                return match
        return None


def _folding() -> NDArray[np.uint32]:
    table = np.arange(0x110000, dtype=np.uint32)
    table[ord("！") : ord("～") + 1] = np.arange(ord("!"), ord("~") + 1)
    for characters, plain in (
        (DASHES, "-"),
        ("\u3000\xa0\t\0", " "),
        ("[［【〔{｛", "("),
        ("]］】〕}｝", ")"),
    ):
        table[[ord(character) for character in characters]] = ord(plain)
    return table


FOLDED = _folding()
"""For each code point the one that it is folded to."""


_DATA = Path(__file__).parents[1] / "data"


def words_of(name: str) -> frozenset[str]:
    """The words of a data file; lines with # are about it."""
    rows = (_DATA / name).read_text("utf-8").splitlines()
    return frozenset(word for row in rows if not row.startswith("#") for word in row.split())


def fold(text: str) -> str:
    """
    The text with widths, dashes and brackets in ASCII; as long as the text.

    >>> fold("【０３ー１２３４】")
    '(03-1234)'
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return FOLDED[codes].tobytes().decode("utf-32-le", "surrogatepass")


# Words are written as folding leaves them: コ-ド for コード.
_LABEL = re.compile(
    r"(?P<other>(?:注文|受付|管理|伝票|追跡|問い?合わ?せ|会員|顧客|(?:お客|利用者)様?|口座|製造|製品"
    r"|商品|シリアル|機種|型|品|部品|図面|登録|許可|認可|認証|届出|特許|公開|公告|出願|整理|識別"
    r"|学籍|社員|職員|法人|事業者|事業所|郵便|証券|証書|カ-ド|契約|予約|案件|文書|資料|請求書?"
    r"|見積書?|発注|受注|ロット|車台|免許証?|図書|書籍|申請|承認|保険者?|被保険者|年金|旅券|記号"
    r"|照会|確認|通し|便名?) ?(?:番号|No\.?|№)"
    r"|品番|型番|型式|品名|コ-ド|バ-ジョン|シリアル|ロット|〒"
    r"|(?<![A-Za-z])(?:ISBN|ISSN|JAN|LOT|SKU|ASIN|DOI|UPC|EAN|S/N|P/N|version|ver)(?![A-Za-z])"
    r"|(?<![A-Za-z])(?:order|serial|part|model|item|product|invoice|tracking|account|ticket|case)"
    r" ?(?:no\.?|number|id|#|code))"
    r"|(?P<phone>(?:電話|携帯|ケ-タイ|スマホ|でんわ|ファックス|ファクス|ファクシミリ"
    r"|(?<![A-Za-z])(?:TEL|FAX|phone|cell))(?:番号)?"
    r"|フリ-(?:ダイヤル|コ-ル|アクセス)|ナビダイヤル|ホットライン|連絡先|問い?合わ?せ先?|直通|代表"
    r"|夜間|緊急|telephone|mobile|☎|☏|℡|📞|📱|📠|✆|<PHONE>)"
    r"|(?P<mail>メ-ル|mail|アドレス|連絡|宛|<EMAIL>)"
    r"|(?P<card>カ-ド|クレジット|credit|(?<![A-Za-z])(?:card|visa|mastercard))"
    r"|(?P<my_number>マイナンバ-|個 ?人 ?番 ?号|特定個人情報)",
    re.IGNORECASE,
)
LOOK_BACK = 40
"""Characters before a number within which its label may begin."""
_GAP = re.compile(r"[^0-9。\n]{0,14}|[ :]{0,3}\n[ :]{0,3}")
"""What may stand between a label and its number: （代表）, は, a colon, one line end."""


def label_before(match: Match, text: str) -> tuple[str, str]:
    """
    The nearest label before a candidate in the folded text, and what stands between them.

    The label is "other", "phone", "mail", "card", "my_number", or "" for none; then the second is
    all that was looked at.
    """
    before = text[max(0, match.start() - LOOK_BACK) : match.start()]
    kind, gap = "", before
    for label in _LABEL.finditer(before):
        between = before[label.end() :]
        if _GAP.fullmatch(between):
            kind, gap = label.lastgroup or "", between
    return kind, gap
