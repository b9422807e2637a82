"""Sixteen kinds of personal data on lines written for it; see `personal_lines.py`."""

from __future__ import annotations

import copy
import pickle
import random
from collections import Counter
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from seimai.filters.personal import ALL_KINDS, NUMBERS, count_kinds, count_masks, find, personal
from seimai.filters.personal.spans import MASK_OF, NAME
from seimai.pipeline.cleaner import load_cleaners
from seimai.pipeline.recipe.model import Personal, Recipe
from seimai.pipeline.text import Texts
from seimai.pipeline.text.tables import MASKS as HIDDEN
from tests.filters.personal_lines import Line, lines, lines_of_others

POSITIVE = lines("positive")
NEGATIVE = lines("negative")
OTHERS = lines_of_others("positive") + lines_of_others("negative")
BITS = (
    "東京都渋谷区", "渋谷", "2-21-1", "二丁目", "番地", "号", "〒", "150-0002", "口座", "普通",
    "1234567", "銀行", "記号", "番号", "10120", "保険", "免許証", "123456789012", "旅券",
    "TK1234567", "在留カード", "AB12345678CD", "生年月日", "昭和60年3月5日", "生まれ", "IP",
    "203.0.113.45", "2001:db8::1", "氏名", "山田太郎", "様", "さん", "氏名|住所\n", "|", ",",
    "\n", " ", "、", "。", "（", "）", "：", "は", "電話", "03-1234-5678", "a@b.example.jp",
    "<PHONE>", "<ADDRESS>", "マイナンバー", "123456789018", "北海道", "ビル", "階", "町", "1",
)  # fmt: skip


def tally(chosen: list[Line]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Found, false and missed by kind; a span counts as found where one of its kind touches it."""
    found, false, missed = Counter(), Counter(), Counter()
    for line in chosen:
        spans = find(line.text, kinds=ALL_KINDS)
        right = set()
        for start, end, kind in line.spans:
            hits = {
                span
                for span in spans
                if span.kind == kind and span.start < end and start < span.end
            }
            right |= hits
            found[kind] += bool(hits)
            missed[kind] += not hits
        for span in spans:
            false[span.kind] += span not in right
    return found, false, missed


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held out"])
def test_what_is_there_is_found(held_out):
    """Of numbers and addresses 95 of a hundred are found and 98 right; of names 80 and 90."""
    found, false, missed = tally([x for x in POSITIVE + NEGATIVE if x.held_out == held_out])
    for kinds, precision, recall in ((NUMBERS, 0.98, 0.95), ((NAME,), 0.90, 0.80)):
        hits, wrong, lost = (sum(count[kind] for kind in kinds) for count in (found, false, missed))

        assert precision <= hits / (hits + wrong)
        assert recall <= hits / (hits + lost)


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held out"])
def test_what_others_write_is_found(held_out):
    """Letters, court papers, exports, logs and boards: as many are found and right as elsewhere."""
    chosen = [line for line in OTHERS if line.held_out == held_out]
    found, false, missed = tally(chosen)
    for kinds, precision, recall in ((NUMBERS, 0.98, 0.95), ((NAME,), 0.90, 0.80)):
        hits, wrong, lost = (sum(count[kind] for kind in kinds) for count in (found, false, missed))

        assert precision <= hits / (hits + wrong)
        assert recall <= hits / (hits + lost)
    bare = [line.text for line in chosen if not line.spans]
    assert len(bare) * 0.01 >= sum(bool(find(text, kinds=NUMBERS)) for text in bare)


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held out"])
def test_look_alikes_are_left(held_out):
    """Of lines that only look like personal data one in a hundred may be touched."""
    chosen = [line for line in NEGATIVE if line.held_out == held_out]
    touched = sum(bool(find(line.text, kinds=NUMBERS)) for line in chosen)

    assert len(chosen) * 0.01 >= touched


def test_there_are_lines_enough():
    """A thousand lines and more, half of them without personal data, and every kind."""
    assert 1000 <= len(POSITIVE) + len(NEGATIVE)
    assert len(POSITIVE) <= len(NEGATIVE)
    assert set(ALL_KINDS) == {kind for line in POSITIVE for _, _, kind in line.spans}


def test_a_span_is_a_tuple_of_three():
    """Who unpacked start, end and mask still can; kind and certainty come along, also in copies."""
    [span] = find("電話は03-1234-5678です。")
    start, end, mask = span

    assert (3, 15, "<PHONE>") == (start, end, mask) == span
    assert ("PHONE", True) == (span.kind, 0 < span.certainty <= 1)
    for twin in (copy.copy(span), pickle.loads(pickle.dumps(span))):  # noqa: S301
        assert ("PHONE", span.certainty) == (twin.kind, twin.certainty)


def test_kinds_are_chosen():
    """Only the kinds that are asked for are found; a name of none is an error."""
    text = "氏名：山田太郎 電話 03-1234-5678 〒150-0002"

    assert ["POSTAL_CODE"] == [span.kind for span in find(text, kinds=["POSTAL_CODE"])]
    assert ["PERSON_NAME"] == [span.kind for span in find(text, kinds=["PERSON_NAME"])]
    with pytest.raises(ValueError, match="NAMES"):
        find(text, kinds=["NAMES"])


@pytest.mark.parametrize("line", POSITIVE[::7], ids=lambda line: line.text[:20])
def test_nothing_is_left_behind_the_cleaner(line):
    """What was masked is found no more, and a second time changes nothing."""
    once = personal(line.text)

    assert [] == find(once, kinds=NUMBERS)
    assert once == personal(once)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(BITS), max_size=14).map("".join))
def test_masking_comes_to_an_end(text):
    """Whatever stands beside what, masks and names too: a second time changes nothing."""
    [every] = load_cleaners([f"personal({', '.join(ALL_KINDS)})"])
    for clean in (personal, every):
        once = clean(text)

        assert once == clean(once)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(BITS), max_size=14).map("".join))
def test_spans_are_in_order_and_apart(text):
    """Spans lie in the text, in order, without overlaps, and none is empty."""
    spans = find(text)

    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))


def test_a_recipe_names_its_kinds():
    """`personal:` chooses what the cleaner masks; all but names are the cleaner as it is."""
    two = Recipe(recipe="two", clean=("width", "personal"), personal=("PHONE", "PERSON_NAME"))
    usual = Recipe(recipe="usual", clean=("personal",), personal=NUMBERS)
    [_, chosen] = load_cleaners(two.cleaners)

    assert "<PERSON_NAME>様 <PHONE> a@b.example.jp" == chosen(
        "山田太郎様 03-1234-5678 a@b.example.jp"
    )
    assert ("<PHONE>", "<PERSON_NAME>") == chosen.masks
    assert ("personal",) == usual.cleaners


def test_kinds_are_the_same_everywhere():
    """Recipes know the kinds that are found, and signals the masks that are put."""
    assert ALL_KINDS == get_args(Personal)
    assert set(MASK_OF.values()) == set(HIDDEN)


def test_counts_by_kind():
    """One row per text and one column per kind: what a report shows."""
    rows = count_kinds(Texts.of("〒150-0002 03-1234-5678 03-1234-5679", "米", "山田太郎様"))

    assert {"POSTAL_CODE": 1, "PHONE": 2} == {
        kind: count for kind, count in zip(ALL_KINDS, rows[0].tolist(), strict=True) if count
    }
    assert [3, 0, 1] == rows.sum(axis=1).tolist()
    assert {"PHONE": 2, "ADDRESS": 1} == {
        kind: count
        for kind, count in zip(
            ALL_KINDS, count_masks(Texts.of("<PHONE> <ADDRESS> <PHONE>"))[0].tolist(), strict=True
        )
        if count
    }


def test_kinds_without_a_cleaner_are_a_slip():
    """A recipe that names kinds and does not mask is told so."""
    with pytest.raises(ValidationError, match="R081"):
        Recipe(recipe="slip", clean=("width",), personal=("PHONE",))


HOSTILE = (
    "東京都", "渋谷区", "東京都渋谷区渋谷", "1-", "1-1-", "二丁目", "1丁目", "番地の", "一",
    "町1", "〒", "〒1", "口座", "普通", "口座番号", "記号1番号", "記号", "保険者番号", "免許証",
    "旅券", "在留カード", "AB1", "12345678", "生年月日", "昭和", "昭和60年", "1.1.", "::", "a:",
    "1::", "氏名:", "山田", "山田太郎", "山田太郎(", "様", "さん", "(あ", "と申します", "氏名|",
    "氏名,住所\n", "1985/3/", "生", "ビル", "号室", "東京都渋谷区渋谷1-1 ", "マンション", "の",
    "大字", "上ル", "個人番号", "個人番号1", "4111 ", "マイナンバー,", "郡", "市", "区",
)  # fmt: skip


@pytest.mark.parametrize("bit", HOSTILE)
def test_long_runs_come_to_an_end(bit):
    """No repetition of what a rule begins with makes it slow beyond measure or fail."""
    text = bit * (40_000 // len(bit))

    assert isinstance(find(text, kinds=ALL_KINDS), list)


def test_long_mixtures_are_masked():
    """Sixty thousand characters of all that is dangerous come to an end and hold nothing more."""
    pick = random.Random(3)
    text = "".join(pick.choice(BITS + HOSTILE) for _ in range(15_000))

    assert [] == find(personal(text), kinds=NUMBERS)
