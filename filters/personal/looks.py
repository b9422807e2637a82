"""
The looks of what may be personal data, and what is asked about the places that have them.

A look is a pattern of the modules beside this one, seen as a character with its neighbours. It has
to be there wherever the pattern finds something: who widens a pattern widens its look, and
`tests/filters/test_personal_signs.py` compares the two. The questions are those of
`kernels.vicinity`; each must be answered yes wherever the pattern holds.
"""

from __future__ import annotations

from enum import IntFlag
from typing import NamedTuple


class Sign(IntFlag):
    """What may stand at a place of a text, as far as a few characters can tell."""

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
    """The label of a column, such as 氏名."""
    HEAD_NUMBER = 1 << 9
    """The end of a column's label that stands before 番号, or 〒."""
    PAPER = 1 << 10
    PAPER_LETTER = 1 << 11
    """普 and 当 alone, short for 普通 and 当座: kinds of bank accounts."""
    PAPER_INSURED = 1 << 12
    """健保, 国保, 社保: short names of health insurances."""
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
    """The first of twelve figures: the number of a card, or an individual number (My Number)."""
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
    """記号, the label of the shortest numbers."""
    BIRTH_DAY = 1 << 40
    BIRTH_LETTERS = 1 << 41
    AT_LETTER = 1 << 42
    AT_CODE = 1 << 43
    KANA_SHORT = 1 << 44
    WHO = 1 << 45
    """The last character of a word for somebody, and what parts it from a name: 貸主：."""
    SPACED = 1 << 46
    """A blank between kanji: a surname and a given name may stand on its sides."""
    BIRTH_OUT = 1 << 47
    """出生, birth."""
    BLOCK_APART = 1 << 48
    """番 behind a blank, as printed forms have it."""
    AT_MARK = 1 << 49
    """An at sign in brackets."""
    SET_APART = 1 << 50
    """Figures with a blank or a bar between, as the boxes of forms have them."""
    AT_KANA = 1 << 51
    AT_SPELT = 1 << 52
    """“ at ” between words."""
    AT_JOINED = 1 << 53
    """_at_ and -at-."""
    LOCAL = 1 << 54
    """A figure where a telephone number without its area code may begin."""
    BLOCK_KANJI = 1 << 55
    """Three figures of an address: 二の八の一, 2・8・1."""
    SPELT = 1 << 56
    """Kanji with blanks between, as forms have names: 渡 辺 誠."""
    JOINED = 1 << 57
    """The end of a word for somebody right before kanji: 被告人大野光男."""


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


ANY = ""
_KANA = "\u3041-\u3096\u30a1-\u30fa"
_NAME = f"一-鿿々ヶ{_KANA} "
_NAME_ENDS = f"{_NAME})\n"
_HEX = "0-9A-Fa-f:"
_FIGURE = "0-9"
_KANJI_FIGURE = "〇一二三四五六七八九十"
_NUMBER = f"-{_FIGURE}().の・ 〇零一二三四五六七八九"
_WORD = "-0-9A-Za-z_.%+&'"

LABEL_ENDS = (
    " 名", "バ-", "ME", "OM", "TO", "To", "me", "om", "tn", "主任", "事長", "人名", "代表", "任人",
    "任者", "会計", "会長", "係長", "偶人", "偶者", "入人", "入者", "出人", "出者", "刀医", "加人",
    "加者", "医師", "原告", "取人", "取者", "司会", "合長", "名前", "名義", "告人", "告者", "員長",
    "園長", "執筆", "宛先", "宛名", "差出", "席人", "席者", "帯主", "幹事", "店長", "当医", "当名",
    "当者", "患者", "成人", "成者", "所長", "担当", "挿絵", "撮影", "教諭", "文責", "書士", "書記",
    "有人", "有者", "校長", "次女", "次男", "氏名", "求人", "求者", "治医", "班長", "理事", "理士",
    "用人", "用者", "発信", "監事", "監修", "監督", "社長", "稿人", "稿者", "約人", "約者", "絡人",
    "絡先", "絡者", "続人", "続者", "締役", "義人", "翻訳", "者名", "芳名", "著者", "行人", "行者",
    "表人", "表者", "計士", "記者", "証人", "証者", "課長", "請人", "請者", "講師", "議長", "護人",
    "護士", "護師", "護者", "込人", "込者", "部長", "長女", "長男", "院長", "険人", "険者", "隊長",
    "集人", "集者", "頼人", "頼者", "館長",
)  # fmt: skip
"""The last two characters of all labels before names, those of one character apart."""
PAPER_WORDS = (
    "保険", "国保", "健保", "社保", "資格", "組合", "共済", "ゆう",
    "郵便", "貯金", "口座", "振込", "振替", "送金", "通帳",
)  # fmt: skip
"""How the words begin one of which a symbol of insurance or of a postal account stands near."""

LOOKS = (
    Look(
        Sign.LABEL,
        "".join(sorted({end[0] for end in LABEL_ENDS})),
        "".join(sorted({end[1] for end in LABEL_ENDS})),
        (":|= ,()は\n",),
    ),
    Look(Sign.KIN, ANY, "父母夫妻", (":|= ,(は\n",)),
    Look(
        Sign.TITLE,
        _NAME_ENDS,
        "さくち先容被副元前部課係社会室主店院校教准弁医委町村博",
        ("んまゃ生疑告部課係社会室店院校教町村長任授護師員士",),
    ),
    Look(Sign.BARE_TITLE, _NAME_ENDS, "様氏君殿"),
    Look(Sign.GREETING, _NAME, "とで", ("申い言す", "しい。!、")),
    Look(Sign.SECTION, ANY, "部課係室科院局店所-", (" ",)),
    Look(Sign.KANA, ANY, "フふよ読", ("リりみ", "ガが仮", "ナな名")),
    Look(Sign.KANA_SHORT, ANY, "カ名氏", ("ナ義名", "人(カか :|=,")),
    Look(Sign.BRACKET, _NAME, "(", (_KANA + "0-9昭平",)),
    Look(Sign.WHO, "一-鿿", "者人主員師士長役親名告", (": |=)",)),
    Look(Sign.SPACED, "一-鿿", " ", ("一-鿿\u3041-\u3096",)),
    Look(Sign.SPELT, ": |=", "一-鿿", (" ", "一-鿿", " ")),
    Look(Sign.JOINED, "証原被告立締役社会校院店館園所市町村課部班係", "人告役長", ("一-鿿",)),
    # Labels of columns, as `tables` knows them.
    Look(Sign.HEAD, ANY, "氏名住生誕パフふカ", ("名前所年生スリりナ義",)),
    Look(Sign.HEAD_NUMBER, "便許証券金座者", "番", ("号",)),
    Look(Sign.HEAD_NUMBER, ANY, "〒"),
    # Labels of papers and accounts, as `papers` knows them.
    Look(
        Sign.PAPER,
        ANY,
        "免旅パ在特基年口普当貯定ゆ振郵保資組",
        ("許券ス留別礎金座通蓄期う替便険格合",),
    ),
    Look(Sign.PAPER_SYMBOL, ANY, "記", ("号",)),
    Look(Sign.PAPER_LETTER, ANY, "普当", (" :0-9",)),
    Look(Sign.PAPER_BRACKET, ANY, "(", ("普当",)),
    Look(Sign.PAPER_LATIN, ANY, "dDrRpP", ("reaA", "isS", "vsSi")),
    Look(Sign.PAPER_INSURED, ANY, "健国社保", ("保険", "番証の記 :")),
    Look(Sign.RESIDENCE, ANY, "在永", ("留住",)),
    # Words of birth, as `births` knows them.
    Look(Sign.BIRTH, ANY, "生誕", ("年た生 ", "月日年 ")),
    Look(Sign.BIRTH_OUT, ANY, "出", ("生",)),
    Look(Sign.BIRTH_DAY, ANY, "生", ("ま", "れ", "た")),
    Look(Sign.BIRTH_VERB, "日0-9 )に", "生う"),
    Look(Sign.BIRTH_LATIN, ANY, "Bb", ("oOiI", "rR", "nNtT")),
    Look(Sign.BIRTH_LETTERS, ANY, "D", ("O", "B")),
    Look(Sign.BIRTH_LETTERS, ANY, "バ", ("-", "ス", "デ")),
    # Numbers of addresses, as `places` knows them.
    Look(Sign.BLOCK, ANY, "丁", ("目",)),
    Look(Sign.BLOCK, ANY, "番", (f"地{_FIGURE}{_KANJI_FIGURE}",)),
    Look(Sign.BLOCK_JOINED, ANY, _FIGURE, ("-のノ", f"{_FIGURE} ")),
    Look(Sign.BLOCK_SPACED, ANY, _FIGURE, (" ", "-のノ")),
    Look(Sign.BLOCK_LAST, "一-鿿るル", _FIGURE),
    Look(Sign.BLOCK_APART, " ", "番"),
    Look(Sign.PLACE_LABEL, "住在居本付りけ宛自務 ", "所地籍先宅ま"),
    Look(Sign.PLACE_LABEL, "dD", "rR", ("eE",)),
    Look(Sign.PLACE_MARK, ANY, "〒"),
    Look(Sign.POSTAL, ANY, "〒"),
    Look(Sign.POSTAL_WORD, ANY, "郵", ("便", "番", "号")),
    Look(Sign.POSTAL_WORD, ANY, "ゆ", ("う", "び", "ん")),
    Look(Sign.POSTAL_WORD, ANY, "zZpP", ("iIoO", "pPsS", "tTcC \"'=:_-")),
    Look(
        Sign.BLOCK_KANJI,
        ANY,
        _KANJI_FIGURE,
        (f"-のノ・{_KANJI_FIGURE}", f"-のノ・{_KANJI_FIGURE}", f"-のノ・{_KANJI_FIGURE}"),
    ),
    Look(Sign.BLOCK_KANJI, ANY, _FIGURE, (f"・{_FIGURE}", f"・{_FIGURE}", f"・{_FIGURE}")),
    # Addresses of machines.
    Look(Sign.FOUR, "^0-9A-Za-z_.@-", _FIGURE, ("0-9.", "0-9.", "0-9.")),
    Look(Sign.SIX, "^0-9A-Za-z:._", "0-9A-Fa-f", (_HEX, _HEX, _HEX)),
    # Numbers with arithmetic.
    Look(Sign.ZERO, "^0-9", "0", (_NUMBER, _NUMBER, _NUMBER)),
    Look(Sign.KANJI_ZERO, ANY, "〇零", (_NUMBER, _NUMBER, _NUMBER)),
    # Behind a letter it is none, unless that is the end of an address, which is hidden by then.
    Look(Sign.ABROAD, ANY, "+", ("0-9 ",)),
    Look(Sign.LONG, "^0-9", _FIGURE, (_FIGURE, _FIGURE, _FIGURE)),
    Look(Sign.SET_APART, "^0-9", _FIGURE, (" |", _FIGURE, " |")),
    Look(
        Sign.LOCAL, ":( 話XxLl℡☎☏は|の号./", "2-9", (f"-){_FIGURE}", f"-){_FIGURE}", f"-){_FIGURE}")
    ),
    Look(Sign.MY_NUMBER, ANY, "マ個mM", ("イ人yY ", "ナ番情nN _-人")),
    # E-mail and its disguises.
    Look(Sign.AT, _WORD, "@", (_WORD,)),
    Look(Sign.AT_SPACED, " ", "@", (" ", _WORD)),
    Look(Sign.AT_WORD, f"{_WORD} ", "(", ("aAアあ", "tTッっ", "トと )")),
    Look(Sign.AT_MARK, f"{_WORD} ", "(", ("@", ") ")),
    Look(Sign.AT_WORD_SPACED, f"{_WORD} ", "(", (" ", "aAアあ@", "tTッっ )")),
    Look(Sign.AT_LETTER, f"{_WORD} ", "(", ("aA", ")", _WORD)),
    Look(Sign.AT_CODE, f"{_WORD} ", "&%", ("#4", "xX046")),
    Look(Sign.STAR, _WORD, "★☆●◎◆■#*", (_WORD,)),
    Look(Sign.AT_KANA, f"{_WORD} ", "アあ", ("ッっ", "トと")),
    Look(Sign.AT_SPELT, " ", "aA", ("tT", " ", _WORD)),
    Look(Sign.AT_JOINED, _WORD, "_-", ("aA", "tT", "_mM-")),
)

LONGEST_NAME = 28
"""Characters before a title: a name, and between them a reading or an age in brackets."""
REACH = 48
"""Characters before its block number within which an address may begin."""

LABELS = Sign.PAPER | Sign.PAPER_LETTER | Sign.PAPER_BRACKET | Sign.PAPER_LATIN
LABELS |= Sign.PAPER_INSURED | Sign.PAPER_SYMBOL
BLOCKS = Sign.BLOCK | Sign.BLOCK_JOINED | Sign.BLOCK_SPACED | Sign.BLOCK_LAST
BLOCKS |= Sign.BLOCK_APART | Sign.BLOCK_KANJI
BIRTHS = Sign.BIRTH | Sign.BIRTH_DAY | Sign.BIRTH_VERB | Sign.BIRTH_LATIN | Sign.BIRTH_LETTERS
BIRTHS |= Sign.BIRTH_OUT
POSTALS = Sign.POSTAL | Sign.POSTAL_WORD
MACHINES = Sign.FOUR | Sign.SIX
HEADS = Sign.HEAD | Sign.HEAD_NUMBER
NAMES = Sign.LABEL | Sign.KIN | Sign.TITLE | Sign.BARE_TITLE
NAMES |= Sign.GREETING | Sign.SECTION | Sign.KANA | Sign.KANA_SHORT
NAMES |= Sign.BRACKET | Sign.WHO | Sign.SPACED | Sign.SPELT | Sign.JOINED
_SHORT_LABELS = Sign.PAPER_SYMBOL | Sign.PAPER_INSURED
"""Labels whose numbers may have only two figures."""

QUESTIONS = {
    Sign.LABEL: Question("LABELLED_NAME"),
    Sign.KIN | Sign.WHO: Question("NAME_BEHIND"),
    Sign.SPACED: Question("NAME_AROUND", 4),
    Sign.TITLE | Sign.BARE_TITLE: Question("NAME_BEFORE", LONGEST_NAME),
    Sign.GREETING: Question("ANY_NAME_BEFORE", LONGEST_NAME),
    Sign.BRACKET: Question("FULL_NAME_BEFORE", LONGEST_NAME),
    Sign.SECTION: Question("NAME_AT"),
    HEADS: Question("HEAD_OF_TABLE"),
    # A label has up to 23 characters, and up to 30 stand between it and its number.
    LABELS & ~_SHORT_LABELS: Question("NUMBER_NEAR", 0, 80),
    Sign.PAPER_INSURED: Question("DIGIT_NEAR", 0, 64),
    Sign.PAPER_SYMBOL: Question("SYMBOL_OF_PAPER", 0, 64),
    # Two letters and twelve characters stand between the last figure and the name of the card.
    Sign.RESIDENCE: Question("DIGIT_NEAR", 32),
    # A date has up to 30 characters; behind a label begins one within 14 + 20 + 4, era and month
    # before its first figure.
    Sign.BIRTH_VERB: Question("DATE_BEFORE", 8),
    Sign.BIRTH_DAY: Question("DAY_OF_BIRTH", 0, 72),
    BIRTHS & ~(Sign.BIRTH_VERB | Sign.BIRTH_DAY): Question("FIGURE_NEAR", 34, 72),
    BLOCKS: Question("PLACE_BEFORE", REACH),
    Sign.PLACE_LABEL | Sign.PLACE_MARK: Question("LABEL_OF_PLACE"),
    Sign.POSTAL: Question("FIGURE_NEAR", 0, 24),
    Sign.POSTAL_WORD: Question("NUMBER_NEAR", 0, 28),
    Sign.FOUR: Question("FOUR_GROUPS"),
    Sign.SIX: Question("SIX_GROUPS"),
    # No telephone number has fewer figures, no card and no individual number fewer than twelve.
    Sign.ZERO | Sign.KANJI_ZERO | Sign.ABROAD: Question("FIGURES_FROM", 0, 10),
    Sign.LONG: Question("FIGURES_FROM", 0, 12),
    # Bars are no marks of numbers there, so few figures have to follow.
    Sign.SET_APART: Question("FIGURES_FROM", 0, 1),
    Sign.LOCAL: Question("FIGURES_FROM", 0, 5),
    # A star parts the name from its domain in few texts; lists and code are full of stars.
    Sign.STAR: Question("DOMAIN_BEHIND"),
}
"""What is asked at the places of a sign; where nothing is, the sign is enough."""
