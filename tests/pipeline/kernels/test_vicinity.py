"""Questions about what stands around a place, against regular expressions and plain loops."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest

from seimai.pipeline.kernels import names as name_kernels
from seimai.pipeline.kernels import vicinity as kernels

SURNAMES, GIVEN = ("山", "山田", "佐々木"), ("太郎", "花", "はなこ")
CALLED = ("山田", "佐々木")
NAME = "一-鿿々ヶ\u3041-\u3096\u30a1-\u30fa"


def codes_of(text: str) -> np.ndarray:
    """The code points of a text."""
    return np.array([ord(character) for character in text], np.uint32)


def table(*words: str) -> np.ndarray:
    """A table of words."""
    return name_kernels.table_of_words(codes_of("".join(words)), np.cumsum([0, *map(len, words)]))


PLACES, LABEL_ENDS, PAPER_WORDS = ("東京都", "市川市", "北区"), ("氏名",), ("保険",)
TABLES = np.stack(
    [
        *(table(*SURNAMES), table(*GIVEN), table(*CALLED)),
        *(table(*(place[::-1] for place in PLACES)), table(*LABEL_ENDS), table(*PAPER_WORDS)),
    ]
)


def drawn(alphabet: str, count: int, longest: int = 14) -> list[str]:
    """Seeded texts of a few characters."""
    pick = random.Random(3)
    return ["".join(pick.choices(alphabet, k=pick.randrange(longest))) for _ in range(count)]


def full(name: str) -> bool:
    """Whether a name is a surname and a given name, as far as the kernel asks."""
    surname, space, given = name.partition(" ")
    if space:
        return surname in SURNAMES and (
            given in GIVEN
            or (re.fullmatch(f"[{NAME}]{{1,5}}", given) is not None and _short_or_kana(given))
        )
    return any(name[:cut] in SURNAMES and name[cut:] in GIVEN for cut in range(1, len(name)))


def _short_or_kana(given: str) -> bool:
    return len(given) < 3 or not re.search("[一-鿿]", given)


KANJI, TITLED = True, True
PATTERNS = (
    (kernels.figure_near, (not KANJI,), "[0-9]", "1一年 "),
    (kernels.figure_near, (KANJI,), "[0-9一]", "1一年 "),
    (kernels.number_near, (), "[0-9](?:[- ]{0,5}[0-9]){4}", "1234- 年"),
    (
        kernels.figures_from,
        (6,),
        r"\A[- .]{0,5}[0-9一](?:[- .]{0,5}[0-9一]){5}",
        "12一- .年",
    ),
    (
        kernels.date_before,
        (),
        r"(?:[0-9一] ?日|[0-9])[ )]{0,2}に?\Z",
        "1一日 )に年",
    ),
    (
        kernels.four_groups,
        (),
        r"\A(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9])",
        "123....a",
    ),
    (
        kernels.place_before,
        (TABLES,),
        r"(?:東京都|市川市|北区)[^\n。]*\Z",
        "東京都市川北区\n。",
    ),
    (kernels.pair_near, (table("市川", "川川"),), "市川|川川", "市川区"),
    (
        kernels.domain_behind,
        (),
        r"(?i)\A[a-z0-9-]+(?:\.[a-z0-9-]| ?\( ?(?:\.|d|ド))",
        "aK\N{LATIN SMALL LETTER LONG S}-.. (dド★",
    ),
)
"""Questions, what else they take, the same as a pattern, and what texts are made of."""


@pytest.mark.parametrize(("ask", "more", "pattern", "alphabet"), PATTERNS)
def test_questions_are_patterns(ask, more, pattern, alphabet):
    """A question about figures, groups or places has the answer of its regular expression."""
    answers = set()
    for text in drawn(alphabet, 4000):
        expected = re.search(pattern, text) is not None
        answers.add(expected)
        assert expected == ask(codes_of(text), 0, len(text), *more), text

    assert {True, False} == answers


def test_lines_may_be_heads_of_tables():
    """The line of a place counts if it has a separator, no figure and not too many characters."""
    for text in drawn("氏名|,1@。\n", 3000):
        for place in range(len(text)):
            first = text.rfind("\n", 0, place) + 1
            line = text[first:].partition("\n")[0] if text[place] != "\n" else text[first:place]
            expected = bool(re.search("[|,]", line)) and not re.search("[0-9@。]", line)
            assert expected == kernels.head_of_table(codes_of(text), 0, place, len(text)), text
    long = "氏名|" + "あ" * 500
    assert not kernels.head_of_table(codes_of(long), 0, 0, len(long))


def test_addresses_of_version_six_are_seen():
    """Eight groups, or fewer with two colons somewhere; times and names in C++ are none."""
    for text in ("2001:db8::1", "1:2:3:4:5:6:7:8", "fe80::a:b", "a::b::"):
        assert kernels.six_groups(codes_of(text), 0, len(text))
    for text in ("12:34:56", "a::", "abcde::1", "1:2:3:4:5:6:7", ""):
        assert not kernels.six_groups(codes_of(text), 0, len(text))


def test_words_are_in_their_table():
    """Of words in a table none is missed; of others hardly one is taken for one."""
    kept = [f"{a}{b}" for a in "亜伊宇江尾" for b in "一二三四五六七八九"]
    made = table(*kept)
    for word in kept:
        assert (made == table(word) | made).all()
    others = [a + b for a in "佳記久家子" for b in "一二三四五六七八九"]
    assert 3 > sum(bool((made == table(word) | made).all()) for word in others)


def _before(text: str, titled: object) -> bool:
    if titled:
        return name_kernels.name_before_title(codes_of(text), 0, len(text), TABLES)
    return name_kernels.name_before(codes_of(text), 0, len(text), not TITLED, not TITLED, TABLES)


@pytest.mark.parametrize("titled", [TITLED, not TITLED])
def test_names_before_a_place_are_seen(titled):
    """A full name right before a place is seen, and before a title a surname or an age behind."""
    pattern = re.compile(
        rf"(?<![一-鿿々ヶ\u30a1-\u30fa])(?P<name>[一-鿿々ヶ]{{1,4}} [{NAME}]{{1,5}}"
        rf"|[一-鿿々ヶ]{{1,8}}[{NAME}]{{0,5}})(?P<after>\)?[ \n]?(?:\([0-9]{{1,3}}\))?)\Z"
    )
    seen = 0
    for text in drawn("山田太郎花はなこ佐々木 (41)の", 30_000, 9):
        match = pattern.search(text)
        name = match["name"] if match else ""
        expected = full(name) and (titled or not match["after"])
        if titled and match and not match["after"].strip():
            expected = expected or (len(name) > 1 and name in SURNAMES)
            expected = expected or full(name[2:]) or (len(name[2:]) > 1 and name[2:] in SURNAMES)
        seen += expected
        if expected:
            assert _before(text, titled), text

    assert seen > 50
    for text in ("山寺", "太郎", "田", "山田の", "", "はな", "山田、花", "山田(1234)"):
        assert not _before(text, titled)


def test_readings_and_ages_stand_between_a_name_and_its_title():
    """Behind a full name may stand an age or a reading in brackets, and a bracket; not more."""
    for text in ("山田太郎(41)", "山田太郎(やま だ)", "山田太郎)\n(ヤマ)", "山田 太郎) "):
        assert _before(text, TITLED), text
    for text in ("山田(41)", "山田)", "山田太郎(4い)", "山田太郎(や)", "山田太郎(41", "山田太郎  "):
        assert not _before(text, TITLED), text


def test_names_behind_a_label_are_seen():
    """Behind a mark, a blank, は or brackets a name is seen, in capitals behind a mark only."""
    for text in (
        ":山田太郎",
        " 山田",
        "は山田",
        "(本人) : 山 太郎",
        "\n佐々木はなこ",
        "|Jane Doe",
        ":山田一",
    ):
        assert name_kernels.name_behind(codes_of(text), 0, len(text), TABLES), text
    for text in ("山田太郎", ":太郎", " Jane Doe", "|Jane", "は山寺です", "(本人)山田", ":", ""):
        assert not name_kernels.name_behind(codes_of(text), 0, len(text), TABLES), text


def test_answers_are_those_of_each_question():
    """Places keep the bits asked with yes; texts without any lose their places, labels help."""
    texts = ["a1", "a", "b東京都1", "b1 c  d", "c      d"]
    questions = np.array(
        [
            [kernels.DIGIT_NEAR, 0, 2],
            [kernels.ALWAYS, 0, 0],
            [kernels.LABEL_OF_PLACE, 0, 0],
            [kernels.PLACE_BEFORE, 4, 0],
        ]
    )
    places = [
        (text, k, 1 << "abcd".index(character))
        for text, line in enumerate(texts)
        for k, character in enumerate(line)
        if character in "abcd"
    ]
    start = np.cumsum([0, *map(len, texts)])
    place = np.array([start[text] + k for text, k, _ in places])
    bits = np.array([bit for *_, bit in places], np.uint64)
    first = np.array([sum(text < row for text, *_ in places) for row in range(len(texts) + 1)])

    kept, kept_bits, asked, first_kept, found = kernels.worth_a_look(
        codes_of("".join(texts)),
        codes_of("".join(texts)),
        start,
        place,
        bits,
        first,
        questions,
        TABLES,
    )

    assert [1, 0, 2, 10, 0] == found.tolist()
    assert [0, 3, 8, 14] == kept.tolist()
    assert [1, 2, 2, 8] == kept_bits.tolist() == asked.tolist()
    assert [0, 1, 1, 2, 4, 4] == first_kept.tolist()


@pytest.mark.parametrize(
    ("question", "ahead", "before", "behind", "expected"),
    [
        (kernels.LABELLED_NAME, 0, "氏", "名:山田", True),
        (kernels.LABELLED_NAME, 0, "", "名:山田", False),
        (kernels.LABELLED_NAME, 0, "店", "名:山田", False),
        (kernels.LABELLED_NAME, 0, "氏", "名:四月", False),
        (kernels.DAY_OF_BIRTH, 20, "", "生まれた日は1日", True),
        (kernels.DAY_OF_BIRTH, 20, "", "生まれた家は1日", False),
        (kernels.DAY_OF_BIRTH, 20, "", "生まれた日は雨", False),
        (kernels.SYMBOL_OF_PAPER, 20, "保険証の", "記号 12", True),
        (kernels.SYMBOL_OF_PAPER, 20, "", "記号 12 保険", True),
        (kernels.SYMBOL_OF_PAPER, 20, "楽譜の", "記号 12", False),
        (kernels.SYMBOL_OF_PAPER, 20, "保険証の", "記号", False),
    ],
)
def test_some_questions_ask_for_two_things(question, ahead, before, behind, expected):
    """A label and a name, a word and a figure: one without the other is no reason to look."""
    text = before + behind
    answers = kernels.worth_a_look(
        codes_of(text),
        codes_of(text),
        np.array([0, len(text)]),
        np.array([len(before)]),
        np.array([1], np.uint64),
        np.array([0, 1]),
        np.array([[question, 0, ahead]]),
        TABLES,
    )

    assert [expected] == answers[-1].astype(bool).tolist()
