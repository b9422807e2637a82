"""The quick first look at personal data against the searches alone, which look everywhere."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seimai.filters.personal import ALL_KINDS, Span, find, names
from seimai.filters.personal.kinds import fold, words_of
from seimai.filters.personal.looks import LABEL_ENDS
from seimai.filters.personal.signs import QUESTIONS, Sign, Signs, walk, walk_strings
from seimai.pipeline import kernels
from seimai.pipeline.text import Texts
from tests.filters.personal_lines import lines

module = importlib.import_module("seimai.filters.personal.finding")
if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes

LINES = [line.text for line in lines("positive") + lines("negative")]
LINES += [line.text for line in lines("others_positive") + lines("others_negative")][::2]
PIECES = (
    "東京都渋谷区", "渋谷", "2-21-1", "二丁目", "1番地", "番", "号", "〒", "150-0002", "口座",
    "普通", "1234567", "銀行", "記号", "番号", "10120", "保険証", "免許証", "123456789012", "旅券",
    "健保番号", "TK1234567", "在留カード", "AB12345678CD", "residence card", "生年月日",
    "昭和60年3月5日", "生", "に生まれ", "うまれ", "誕生日", "Born", "DOB", "昭和元年一月一日",
    "Jan 5, 1980", "IP", "from ", "203.0.113.45", "1.2.3.4", "2001:db8::1", "::", ":",
    "1:2:3:4:5:6:7:8", "氏名", "氏名(カナ)", "フリガナ", "名前", "山田太郎", "山田 太郎", "山田",
    "さとう はなこ", "ヤマダ タロウ", "様", "さん", "部長", "副部長", "先生", "と申します",
    "です。", "昨日", "同僚", "(41)", "(やまだたろう)", "課 ", "Name: Jane Doe", "担当者", "父",
    "氏名|住所\n", "|", ",", "\n", " ", "、", "。", "（", "）", "：", "は", "電話", "03-1234-5678",
    "０９０１２３４５６７８", "〇三-一二三四-五六七八", "+81 3-1234-5678", "a@b.example.jp",
    "a (at) b.example.jp", "a&#64;b.example.jp", "a★b.example.jp", "郵便番号", "★を@に",
    "zip code ", "postal code", "マイナンバー", "123456789018", "4111 1111 1111 1111", "0",
    "北海道", "ビル", "3階", "町", "1", "一", "の", "-", "address", "住所", "自宅", "住まい", "\0",
    "A", "22-3456", "(22)3456", "二の八の一", "2・8・1", "渡 辺 誠", "被告人", "代表取締役",
    "1 2 3 4 5 6 7", "1 2 3 4 5 6 7 8 9 0 1 8", "個 人 番 号", "a アット b.example.jp",
    "a.b at example dot jp", "a_at_b.example.jp", "_at_を@に", '"zip": ', "バースデー", "まで",
    "ゆうびん番号", "０三-一二三四-五六七八",
)  # fmt: skip


def codes_of(text: str) -> Codes:
    """The code points of a text."""
    return np.array([ord(character) for character in text], np.uint32)


class Everywhere(Signs):
    """Signs that say nothing: every place of the text is worth a look."""

    @classmethod
    def of(cls, folded: str, raw: Codes | None = None) -> Everywhere:
        """All signs, at every place."""
        return cls(folded, (1 << 64) - 1, [], codes_of(folded) if raw is None else raw)

    def at(self, signs):  # noqa: ARG002
        """Every place."""
        return list(range(len(self.folded)))

    def matches(self, signs, pattern):  # noqa: ARG002
        """What the pattern finds alone."""
        return pattern.finditer(self.folded)


def found_everywhere(text: str, *, chained: bool = False) -> list[Span]:
    """What `find` finds without signs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "Signs", Everywhere)
        wanted = frozenset(ALL_KINDS)
        signs = Everywhere.of(fold(text), codes_of(text))
        return module.search(signs, wanted, chained=chained)[0]


def told(spans: list[Span]) -> list[tuple[int, int, str, float]]:
    """All that a span knows."""
    return [(span.start, span.end, span.kind, span.certainty) for span in spans]


@pytest.mark.parametrize("first", range(0, len(LINES), 250))
def test_signs_miss_nothing_in_lines(first):
    """In each line written for personal data the same is found with and without signs."""
    for text in LINES[first : first + 250]:
        assert told(found_everywhere(text)) == told(find(text)), text


def test_signs_miss_nothing_in_pages():
    """Lines that stand together, as in a page, are searched alike."""
    for first in range(0, len(LINES), 97):
        text = "\n".join(LINES[first : first + 40])

        assert told(found_everywhere(text)) == told(find(text))


@settings(deadline=None, max_examples=600)
@given(text=st.lists(st.sampled_from(PIECES), max_size=12).map("".join), chained=st.booleans())
@example(text="a@b.example.jp+81 3-1234-5678", chained=False)
def test_signs_miss_nothing_in_what_nobody_writes(text, chained):
    """Whatever stands beside what, signs and their questions hide none of it."""
    assert told(found_everywhere(text, chained=chained)) == told(find(text, chained=chained))


def test_a_batch_is_walked_as_its_texts():
    """The signs of a text do not depend on its neighbours, nor on whether it comes as a string."""
    chosen = ["", *LINES[::40], "", "様", "山田"]
    batch, strings = walk(Texts.of(*chosen)), walk_strings(chosen)
    together = list(batch.of(range(len(chosen))))

    assert [] == list(batch.of([]))
    for row, text in enumerate(chosen):
        alone = walk_strings([text]).signs(0)
        for signs in (batch.signs(row), strings.signs(row), together[row], *batch.of([row])):
            assert alone[:-1] == signs[:-1]
            assert codes_of(text).tolist() == signs.raw.tolist()
        assert fold(text) == alone.folded


def test_a_walk_is_kept_for_texts_that_stay():
    """Where some texts of a batch are replaced, the signs are those of a batch walked anew."""
    old, new = Texts.of(*LINES[:60], ""), ["", LINES[70], "担当:山田太郎", LINES[80]]
    old.once(walk)
    made = old.replaced([0, 7, 8, 60], new)
    kept = made.once(walk)
    anew = walk(Texts.of(*made.column.to_pylist()))

    for mine, theirs in zip(kept, anew, strict=True):
        assert theirs.tolist() == mine.tolist()


def test_places_without_a_reason_still_hide():
    """A match where no look is worth it hides what begins inside of it, as it does alone."""
    pattern = re.compile("さんさん|さん")
    signs = Signs("さんさんさん", 4, [(0, 4, 0), (2, 4, 4), (4, 4, 4)], codes_of(""))

    assert [(4, 6)] == [match.span() for match in signs.matches(Sign.TITLE, pattern)]
    assert [] == list(signs.matches(Sign.SECTION, pattern))
    assert [2, 4] == signs.at(Sign.TITLE)


def test_surnames_are_as_the_look_for_them_takes_them():
    """Surnames begin with a kanji, and no name is longer than the kernel looks."""
    surnames, given_names = words_of("surnames.txt"), words_of("given_names.txt")
    kernel = kernels.names

    assert all(re.match("[一-鿿々ヶ]", name) for name in surnames)
    assert kernel.LONGEST_SURNAME == max(map(len, surnames))
    assert kernel.LONGEST_GIVEN == max(map(len, given_names))


def test_places_are_as_the_look_for_them_takes_them():
    """Places end as the kernel expects, and none is longer than it looks."""
    known = words_of("municipalities.txt") | words_of("prefectures.txt")

    assert {name[-1] for name in known} <= set("市区町村都道府県")
    assert kernels.vicinity.LONGEST_PLACE == max(map(len, known))


def endings(pattern: Any) -> set[str]:
    """The last two characters of all that a parsed pattern without open ends matches."""
    found = {""}
    for operation, value in pattern:
        name = str(operation)
        if name == "LITERAL":
            here = {chr(value)}
        elif name == "IN":
            here = {chr(character) for _, character in value}
        elif name == "BRANCH":
            here = set().union(*map(endings, value[1]))
        elif name == "SUBPATTERN":
            here = endings(value[3])
        elif name == "MAX_REPEAT":
            here = {""} | endings(value[2])
        else:
            assert name in ("ASSERT", "ASSERT_NOT")
            continue
        found = {(first + second)[-2:] for first in found for second in here}
    return found


def test_the_ends_of_labels_are_complete():
    """The list of the last two characters of labels is that of the pattern, no more and no less."""
    ends = endings(re._parser.parse(names._LABEL))  # noqa: SLF001

    assert {end for end in ends if len(end) > 1} == set(LABEL_ENDS)
    assert {end for end in ends if len(end) < 2} == set("父母夫妻")


def test_words_before_a_surname_have_two_kanji():
    """昨日, 同僚 and their like are two kanji: the kernel looks for a surname behind two."""
    for word in re.findall("[一-鿿]+", re.sub(r"\(\?:([^)]*)\)日", "", _before_surname())):
        assert len(word) == 2


def _before_surname() -> str:
    return names._BEFORE_SURNAME.pattern  # noqa: SLF001


def test_every_sign_has_its_own_bit_and_known_questions():
    """Signs are single bits of one word, and every question is one that the kernel knows."""
    assert all(sign.bit_count() == 1 and sign < 1 << 63 for sign in Sign)
    assert all(hasattr(kernels.vicinity, question.name) for question in QUESTIONS.values())
