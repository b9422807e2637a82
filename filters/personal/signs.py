"""
Where in a folded text something may say that personal data stand there: for a quick first look.

A sign is a pattern of the modules beside this one, seen as one character with its neighbours; then
a question is asked about what stands around (see `kernels.vicinity`). Signs give false alarms,
never misses, and the pattern itself decides. A batch of texts is walked once, for all kinds.
"""

from __future__ import annotations

from enum import IntFlag
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seimai.filters.personal.kinds import FOLDED, words_of
from seimai.pipeline import kernels
from seimai.pipeline.characters import CODE_POINTS, ranges

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from re import Match, Pattern

    from seimai.pipeline.arrays import Codes, Hashes, Integers, Symbols
    from seimai.pipeline.text import Texts


class Sign(IntFlag):
    """What may stand at a place."""

    LABEL = 1 << 0
    KIN = 1 << 1
    """父, 母, 夫, 妻: labels of one character."""
    TITLE = 1 << 2
    BARE_TITLE = 1 << 3
    """様, 氏, 君, 殿: titles of one character."""
    GREETING = 1 << 4
    SECTION = 1 << 5
    KANA = 1 << 6
    BRACKET = 1 << 7
    HEAD = 1 << 8
    """The label of a column."""
    HEAD_NUMBER = 1 << 9
    """The same before 番号, and 〒."""
    PAPER = 1 << 10
    PAPER_LETTER = 1 << 11
    """普 and 当 alone."""
    PAPER_INSURED = 1 << 12
    """健保, 国保, 社保."""
    RESIDENCE = 1 << 13
    BIRTH = 1 << 14
    BIRTH_VERB = 1 << 15
    BIRTH_LATIN = 1 << 16
    BLOCK = 1 << 17
    """The number of an address: 丁目, 番地, figures with a hyphen."""
    BLOCK_SPACED = 1 << 18
    BLOCK_LAST = 1 << 19
    """A figure behind 町, 字 and what else the name of a quarter ends with."""
    PLACE_LABEL = 1 << 20
    """What an address stands behind: no find, but a reason for one."""
    POSTAL = 1 << 21
    FOUR = 1 << 22
    SIX = 1 << 23
    ZERO = 1 << 24
    KANJI_ZERO = 1 << 25
    ABROAD = 1 << 26
    LONG = 1 << 27
    """Twelve figures: a card, an individual number."""
    MY_NUMBER = 1 << 28
    AT = 1 << 29
    AT_SPACED = 1 << 30
    AT_WORD = 1 << 31
    AT_WORD_SPACED = 1 << 32
    STAR = 1 << 33
    BLOCK_JOINED = 1 << 34
    PAPER_LATIN = 1 << 35
    PLACE_MARK = 1 << 36
    """〒 before an address."""
    POSTAL_WORD = 1 << 37
    PAPER_BRACKET = 1 << 38
    """普 and 当 in brackets."""
    PAPER_SYMBOL = 1 << 39
    """記号: of the shortest numbers."""
    BIRTH_DAY = 1 << 40
    BIRTH_LETTERS = 1 << 41
    AT_LETTER = 1 << 42
    AT_CODE = 1 << 43
    KANA_SHORT = 1 << 44


class Look(NamedTuple):
    """Characters one before a place, at it, and up to three behind; `^` stands for all others."""

    sign: Sign
    before: str
    here: str
    behind: tuple[str, ...] = ()


class Question(NamedTuple):
    """What is asked about a place: the name of a question of `kernels.vicinity`, and its reach."""

    name: str
    back: int = 0
    ahead: int = 0


_ANY = ""
_KANA = "\u3041-\u3096\u30a1-\u30fa"
_NAME = f"一-鿿々ヶ{_KANA} "
_NAME_ENDS = f"{_NAME})\n"
_HEX = "0-9A-Fa-f:"
_FIGURE = "0-9"
_KANJI_FIGURE = "〇一二三四五六七八九十"
_NUMBER = f"-{_FIGURE}().の・ 〇零一二三四五六七八九"
_WORD = "-0-9A-Za-z_.%+&'"

_LABEL_LAST_BUT_ONE = (
    "氏名前芳担当者込請取出求頼入成告任表集行稿約護有証険続偶加席絡用人患治刀理書計医看教記文撮講司"
    "監著執翻挿長次帯締社会宛議員事校園院店部課係支主所館合組隊班幹oTmt"
)

LOOKS = (
    Look(
        Sign.LABEL,
        _LABEL_LAST_BUT_ONE,
        "名前当者人義医主役長先記計事員社会士師諭責影司修筆訳絵男女mMoOeEnN",
        (":|= ,(は\n",),
    ),
    Look(Sign.KIN, _ANY, "父母夫妻", (":|= ,(は\n",)),
    Look(
        Sign.TITLE,
        _NAME_ENDS,
        "さくち先容被副元前部課係社会室主店院校教准弁医委町村博",
        ("んまゃ生疑告部課係社会室店院校教町村長任授護師員士",),
    ),
    Look(Sign.BARE_TITLE, _NAME_ENDS, "様氏君殿"),
    Look(Sign.GREETING, _NAME, "とで", ("申い言す", "しい。")),
    Look(Sign.SECTION, _ANY, "部課係室科院局店所-", (" ",)),
    Look(Sign.KANA, _ANY, "フふよ読", ("リりみ", "ガが仮", "ナな名")),
    Look(Sign.KANA_SHORT, _ANY, "カ名氏", ("ナ義名", "人(カか :|=,")),
    Look(Sign.BRACKET, _NAME, "(", (_KANA + "0-9昭平",)),
    # Labels of columns, as `tables` knows them.
    Look(Sign.HEAD, _ANY, "氏名住生誕パ", ("名前所年生ス",)),
    Look(Sign.HEAD_NUMBER, "便許証券金座者", "番", ("号",)),
    Look(Sign.HEAD_NUMBER, _ANY, "〒"),
    # Labels of papers and accounts, as `papers` knows them.
    Look(
        Sign.PAPER,
        _ANY,
        "免旅パ在特基年口普当貯定ゆ振郵保資組",
        ("許券ス留別礎金座通蓄期う替便険格合",),
    ),
    Look(Sign.PAPER_SYMBOL, _ANY, "記", ("号",)),
    Look(Sign.PAPER_LETTER, _ANY, "普当", (" :0-9",)),
    Look(Sign.PAPER_BRACKET, _ANY, "(", ("普当",)),
    Look(Sign.PAPER_LATIN, _ANY, "dDrRpP", ("reaA", "isS", "vsSi")),
    Look(Sign.PAPER_INSURED, _ANY, "健国社", ("保", "番証")),
    Look(Sign.RESIDENCE, _ANY, "在永", ("留住",)),
    # Words of birth, as `births` knows them.
    Look(Sign.BIRTH, _ANY, "生誕出", ("年た生", "月日年")),
    Look(Sign.BIRTH_DAY, _ANY, "生", ("ま", "れ", "た")),
    Look(Sign.BIRTH_VERB, "日0-9 )に", "生う"),
    Look(Sign.BIRTH_LATIN, _ANY, "Bb", ("oOiI", "rR", "nNtT")),
    Look(Sign.BIRTH_LETTERS, _ANY, "D", ("O", "B")),
    # Numbers of addresses, as `places` knows them.
    Look(Sign.BLOCK, _ANY, "丁", ("目",)),
    Look(Sign.BLOCK, _ANY, "番", (f"地{_FIGURE}{_KANJI_FIGURE}",)),
    Look(Sign.BLOCK_JOINED, _ANY, _FIGURE, ("-のノ", f"{_FIGURE} ")),
    Look(Sign.BLOCK_SPACED, _ANY, _FIGURE, (" ", "-のノ")),
    Look(Sign.BLOCK_LAST, "町字通るル村", _FIGURE),
    Look(Sign.PLACE_LABEL, "住在居本付りけ宛自務", "所地籍先宅ま"),
    Look(Sign.PLACE_LABEL, "dD", "rR", ("eE",)),
    Look(Sign.PLACE_MARK, _ANY, "〒"),
    Look(Sign.POSTAL, _ANY, "〒"),
    Look(Sign.POSTAL_WORD, _ANY, "郵", ("便", "番", "号")),
    Look(Sign.POSTAL_WORD, _ANY, "zZpP", ("iIoO", "pPsS", "tTcC ")),
    # Addresses of machines.
    Look(Sign.FOUR, "^0-9A-Za-z_.@-", _FIGURE, ("0-9.", "0-9.", "0-9.")),
    Look(Sign.SIX, "^0-9A-Za-z:._", "0-9A-Fa-f", (_HEX, _HEX, _HEX)),
    # Numbers with arithmetic.
    Look(Sign.ZERO, "^0-9", "0", (_NUMBER, _NUMBER, _NUMBER)),
    Look(Sign.KANJI_ZERO, _ANY, "〇零", (_NUMBER, _NUMBER, _NUMBER)),
    Look(Sign.ABROAD, "^0-9A-Za-z", "+", ("0-9 ",)),
    Look(Sign.LONG, "^0-9", _FIGURE, (_FIGURE, _FIGURE, _FIGURE)),
    Look(Sign.MY_NUMBER, _ANY, "マ個mM", ("イ人yY", "ナ番nN _-")),
    # E-mail and its disguises.
    Look(Sign.AT, _WORD, "@", (_WORD,)),
    Look(Sign.AT_SPACED, " ", "@", (" ", _WORD)),
    Look(Sign.AT_WORD, f"{_WORD} ", "(", ("aAアあ", "tTッっ", "トと )")),
    Look(Sign.AT_WORD, f"{_WORD} ", "(", ("@", ") ")),
    Look(Sign.AT_WORD_SPACED, f"{_WORD} ", "(", (" ", "aAアあ@", "tTッっ )")),
    Look(Sign.AT_LETTER, f"{_WORD} ", "(", ("aA", ")", _WORD)),
    Look(Sign.AT_CODE, f"{_WORD} ", "&%", ("#4", "xX046")),
    Look(Sign.STAR, _WORD, "★☆●◎◆■", (_WORD,)),
)

LONGEST_NAME = 28
"""Characters before a title: a name, and between them a reading or an age in brackets."""
REACH = 48
"""How far before its block number an address may begin."""

LABELS = Sign.PAPER | Sign.PAPER_LETTER | Sign.PAPER_BRACKET | Sign.PAPER_LATIN
LABELS |= Sign.PAPER_INSURED | Sign.PAPER_SYMBOL
BLOCKS = Sign.BLOCK | Sign.BLOCK_JOINED | Sign.BLOCK_SPACED | Sign.BLOCK_LAST
BIRTHS = Sign.BIRTH | Sign.BIRTH_DAY | Sign.BIRTH_VERB | Sign.BIRTH_LATIN | Sign.BIRTH_LETTERS
POSTALS = Sign.POSTAL | Sign.POSTAL_WORD
MACHINES = Sign.FOUR | Sign.SIX
HEADS = Sign.HEAD | Sign.HEAD_NUMBER
NAMES = Sign.LABEL | Sign.KIN | Sign.TITLE | Sign.BARE_TITLE
NAMES |= Sign.GREETING | Sign.SECTION | Sign.KANA | Sign.KANA_SHORT
NAMES |= Sign.BRACKET

QUESTIONS = {
    Sign.LABEL | Sign.KIN: Question("NAME_BEHIND"),
    Sign.TITLE | Sign.BARE_TITLE: Question("NAME_BEFORE", LONGEST_NAME),
    Sign.GREETING | Sign.BRACKET: Question("FULL_NAME_BEFORE", LONGEST_NAME),
    Sign.SECTION: Question("NAME_AT"),
    HEADS: Question("HEAD_OF_TABLE"),
    # A label has up to 23 characters, and up to 30 stand between it and its number.
    LABELS & ~Sign.PAPER_SYMBOL: Question("NUMBER_NEAR", 0, 80),
    Sign.PAPER_SYMBOL: Question("DIGIT_NEAR", 0, 64),
    # Two letters and twelve characters stand between the last figure and the name of the card.
    Sign.RESIDENCE: Question("DIGIT_NEAR", 32),
    # A date has up to 30 characters; behind a label begins one within 14 + 20 + 4, era and month
    # before its first figure.
    Sign.BIRTH_VERB: Question("DATE_BEFORE", 8),
    BIRTHS & ~Sign.BIRTH_VERB: Question("FIGURE_NEAR", 34, 72),
    BLOCKS: Question("PLACE_BEFORE", REACH),
    Sign.PLACE_LABEL | Sign.PLACE_MARK: Question("LABEL_OF_PLACE"),
    POSTALS: Question("FIGURE_NEAR", 0, 24),
    Sign.FOUR: Question("FOUR_GROUPS"),
    Sign.SIX: Question("SIX_GROUPS"),
    # No telephone number has fewer figures, no card and no individual number fewer than twelve.
    Sign.ZERO | Sign.KANJI_ZERO | Sign.ABROAD: Question("FIGURES_FROM", 0, 10),
    Sign.LONG: Question("FIGURES_FROM", 0, 12),
}
"""What is asked at the places of a sign; where nothing is, the sign is enough."""


class _Tables(NamedTuple):
    """What the kernels need, made once."""

    class_of: Symbols
    bits_of: Hashes
    questions: Integers
    surnames: Hashes
    given_names: Hashes


def _classes() -> tuple[Symbols, Hashes]:
    """The class of each code point, and what it may be at each of five places of the looks."""
    rows = [(look.sign, (look.before, look.here, *look.behind)) for look in LOOKS]
    edges = {0, CODE_POINTS}
    for _, sets in rows:
        for characters in sets:
            for low, high in ranges(characters.removeprefix("^")):
                edges |= {low, high + 1}
    places = np.array(sorted(edges))
    bits = np.zeros((places.size - 1, kernels.signposts.WIDTH), np.uint64)
    for sign, sets in rows:
        for column in range(bits.shape[1]):
            characters = sets[column] if column < len(sets) else _ANY
            members = np.full(len(bits), characters == _ANY)
            for low, high in ranges(characters.removeprefix("^")):
                members[np.searchsorted(places, low) : np.searchsorted(places, high + 1)] = True
            members ^= characters.startswith("^")
            bits[members, column] |= np.uint64(sign)
    different, class_of = np.unique(bits, axis=0, return_inverse=True)
    return np.repeat(class_of.ravel().astype(np.uint16), np.diff(places)), different.T.copy()


def _table_of(name: str) -> Hashes:
    """The words of a data file as the kernels know them."""
    words = sorted(words_of(name))
    start = np.cumsum([0, *map(len, words)])
    table: Hashes = kernels.vicinity.table_of_words(_codes("".join(words)), start)
    return table


@cache
def _tables() -> _Tables:
    questions = np.zeros((max(Sign).bit_length(), 3), np.int64)
    for signs, (name, back, ahead) in QUESTIONS.items():
        for sign in signs:
            questions[sign.bit_length() - 1] = getattr(kernels.vicinity, name), back, ahead
    names = _table_of("surnames.txt"), _table_of("given_names.txt")
    return _Tables(*_classes(), questions, *names)


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()


class Walk(NamedTuple):
    """The signs of many texts, folded; see `kernels.vicinity` for the arrays."""

    codes: Codes
    start: Integers
    place: Integers
    """The places of signs that are worth a look anywhere in their text."""
    bits: Hashes
    """The signs at each."""
    asked: Hashes
    """Those of them that are worth a look there."""
    first: Integers
    """Where the places of each text begin."""
    found: Hashes
    """The signs of a whole text that are worth a look."""

    def folded(self, row: int) -> str:
        """A text as patterns see it."""
        codes = self.codes[self.start[row] : self.start[row + 1]]
        return codes.tobytes().decode("utf-32-le", "surrogatepass")

    def signs(self, row: int) -> Signs:
        """The signs of one text."""
        here = slice(self.first[row], self.first[row + 1])
        places = (self.place[here] - self.start[row]).tolist()
        found = zip(places, self.bits[here].tolist(), self.asked[here].tolist(), strict=True)
        return Signs(self.folded(row), int(self.found[row]), list(found))


def _walk(codes: Codes, start: Integers) -> Walk:
    tables = _tables()
    seen = kernels.signposts.signposts(codes, start, tables.class_of, tables.bits_of)
    return Walk(
        codes, start, *kernels.vicinity.worth_a_look(codes, start, *seen, *tables[2:])
    )


def walk(texts: Texts) -> Walk:
    """The signs of a batch; asked for with `texts.once(walk)`."""
    return _walk(kernels.signposts.mapped(texts.raw_codes, FOLDED), texts.start)


def walk_strings(texts: Sequence[str]) -> Walk:
    """The signs of some texts."""
    codes = kernels.signposts.mapped(_codes("".join(texts)), FOLDED)
    return _walk(codes, np.cumsum([0, *map(len, texts)]))


class Signs(NamedTuple):
    """The signs of one folded text."""

    folded: str
    found: int
    """The signs with a place that is worth a look."""
    places: list[tuple[int, int, int]]
    """Each place with its signs, and those of them that are worth a look, in order."""

    @classmethod
    def of(cls, folded: str) -> Signs:
        """The signs of a text that is folded already; what was hidden in it stays hidden."""
        codes = _codes(folded)
        return _walk(codes, np.array([0, codes.size])).signs(0)

    def may_hold(self, signs: Sign) -> bool:
        """Whether a place with one of the signs is worth a look."""
        return bool(self.found & int(signs))

    def at(self, signs: Sign) -> list[int]:
        """The places with one of the signs that are worth a look, in order."""
        if not self.found & int(signs):
            return []
        wanted = int(signs)
        return [place for place, _, asked in self.places if asked & wanted]

    def matches(self, signs: Sign, pattern: Pattern[str]) -> Iterator[Match[str]]:
        """
        What `pattern.finditer` finds, if every match begins at one of the signs, as far as it is
        worth a look.

        What is not hides what begins in it all the same, as it would from `finditer`.
        """
        if not self.found & int(signs):
            return
        wanted = int(signs)
        done = 0
        for place, bits, asked in self.places:
            if not bits & wanted or place < done:
                continue
            match = pattern.match(self.folded, place)
            if match:
                done = match.end()
                if asked & wanted:
                    yield match
