"""Personal data: what is found and what its look-alikes are; the cases are in cleaners/."""

from __future__ import annotations

import importlib
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.filters.personal import (
    MASKS,
    NUMBERS,
    email_count,
    find,
    kinds,
    mask_count,
    personal,
    phone_count,
)
from seimai.filters.personal.finding import KINDS
from seimai.filters.personal.kinds import fold
from seimai.pipeline.text import Texts

module = importlib.import_module("seimai.filters.personal.finding")
DASHES = st.sampled_from("-－‐–—―−ー")
BEFORE = st.sampled_from(["", "電話", "TEL:", "担当 ", "（", "、", "\n", "〒100-0001 東京都"])
AFTER = st.sampled_from(["", "まで", "。", "）", "、", "\n", " (代表)"])
DIGIT = st.sampled_from("0123456789")
GROUPED = st.sampled_from(["03-9999-9999", "045-999-9999", "0466-99-9999", "090-9999-9999"])
NOISE = st.lists(
    st.sampled_from([*"0123456789-()（）+.@ a米年月号〒", "ISBN", "注文番号", "電話", "2024-01-02"])
).map("".join)


def digits_for(shape: str, draw: st.DrawFn) -> str:
    """A shape with each 9 after the area code replaced by a drawn digit."""
    head, dash, tail = shape.partition("-")
    return head + dash + "".join(draw(DIGIT) if mark == "9" else mark for mark in tail)


@settings(deadline=None)
@given(st.data(), GROUPED, BEFORE, AFTER)
def test_every_grouped_number_is_masked(data, shape, before, after):
    """Groups that make a number are found in any width, with any dash, between any neighbours."""
    number = digits_for(shape, data.draw)
    wide = number.translate({ord("0") + k: ord("０") + k for k in range(10)})
    typed = data.draw(st.sampled_from([number, wide])).replace("-", data.draw(DASHES))

    expected = f"{before}<PHONE>{after}".replace("100-0001", "<POSTAL_CODE>")
    assert expected == personal(f"{before}{typed}{after}")


@settings(deadline=None)
@given(
    st.from_regex(r"[a-z][a-z0-9]{0,8}([._+-][a-z0-9]{1,8}){0,2}", fullmatch=True), BEFORE, AFTER
)
def test_every_plain_address_is_masked(local, before, after):
    """An address is found whatever Japanese stands around it."""
    text = f"{before} {local}@mail.example.co.jp{after}"
    if local not in ("git", "hg", "svn", "cvs"):
        expected = f"{before} <EMAIL>{after}".replace("100-0001", "<POSTAL_CODE>")
        assert expected == personal(text)


@settings(deadline=None)
@given(NOISE)
def test_masked_text_holds_nothing_more(text):
    """After cleaning nothing is found, and no digit or at sign has come into the text."""
    cleaned = personal(text)

    assert [] == find(cleaned, kinds=NUMBERS)
    assert len(re.findall("[0-9@]", cleaned)) <= len(re.findall("[0-9@]", text))


@settings(deadline=None)
@given(st.text())
def test_folding_keeps_places(text):
    """The folded text is as long as the text, so a place in one is a place in the other."""
    assert len(text) == len(fold(text))


@settings(deadline=None)
@given(st.integers(0, 10**13 - 1).map("{:013d}".format))
def test_thirteen_digits_are_never_a_telephone_number(digits):
    """Corporate numbers have thirteen digits; no part of them is taken for another number."""
    assert f"法人番号{digits}です" == personal(f"法人番号{digits}です")
    assert f"[{digits}]" == personal(f"[{digits}]")


@settings(deadline=None)
@given(st.dates().map(str), st.sampled_from(["", "電話 ", "更新 "]))
def test_dates_stay(date, before):
    """A date is not a number to dial, not even after a label."""
    assert f"{before}{date}" == personal(f"{before}{date}")


@settings(deadline=None)
@given(st.tuples(*[st.integers(0, 255)] * 4), st.booleans())
def test_ip_addresses_are_no_telephone_numbers(parts, padded):
    """Four groups with points between are an address of a machine."""
    text = ".".join(f"{part:03d}" if padded else str(part) for part in parts)

    assert {"IP_ADDRESS"} >= {span.kind for span in find(text)}


@settings(deadline=None)
@given(NOISE)
def test_patterns_begin_at_their_signs(text):
    """What a pattern finds in the whole text is found around a place of the text as well."""
    folded = fold(text)
    for kind in KINDS:
        whole = kind.pattern.search(folded)
        around = (kind.at(folded, place, 0) for place in range(len(folded)))

        assert (whole and whole.span()) == next((match.span() for match in around if match), None)


@pytest.mark.parametrize("size", [10_000])
@pytest.mark.parametrize(
    "piece", ["0", "0-", "a.", "a@", "03-", "+81 ", "(at", "4111-", "〇三-", "@a."]
)
def test_long_runs_are_harmless(piece, size):
    """No repetition of the beginnings of patterns makes them slow or fail."""
    text = piece * size

    assert isinstance(personal(text), str)


def test_signals_count_what_is_there():
    """Masks, and what is left of addresses and telephone numbers, are counted per text."""
    texts = Texts.of(
        "<PHONE> <EMAIL> <EMAIL>", "taro@example.jp 03-1234-5678 090-1234-5678", "米", ""
    )

    assert [3, 0, 0, 0] == mask_count(texts).tolist()
    assert [0, 1, 0, 0] == email_count(texts).tolist()
    assert [0, 2, 0, 0] == phone_count(texts).tolist()


def test_masks_are_what_is_found():
    """Every kind uses one of the masks that the cleaner declares."""
    assert set(MASKS) > {kind.mask for kind in KINDS}


DIRECTORY = "株式会社山田商店 東京都千代田区1-2-3 TEL 03-1234-5678 FAX 03-1234-5679\n"
CHAIN = "電話 " + ", ".join(f"03{10000000 + k}" for k in range(2000))
PIECES = (
    DIRECTORY, "a@b.example.com ", "メール taro(at)example.jp ", "〒100-0001 注文番号 0312345678\n",
    "電話：0312345678、0312345679 ", "〇三-一二三四-五六七八", "カード 4111 1111 1111 1111",
    "今日は良い天気ですね。", "https://a.example.jp/?q=0312345678 ", "03-12345678", ", ",
    "0312345678", "\n", " ",
)  # fmt: skip


@pytest.mark.parametrize("text", [DIRECTORY * 400, "a@b.example.com " * 2000, CHAIN])
def test_the_work_grows_with_the_text(text, monkeypatch):
    """A hit costs no more than the piece it stands in, however long and full the text is."""
    looked = [0]
    usual = kinds.Kind.at

    def at_one(kind, folded, place, low):
        looked[0] += len(folded)
        return usual(kind, folded, place, low)

    def work(of):
        looked[0] = 0
        personal(of)
        return looked[0]

    monkeypatch.setattr(kinds.Kind, "at", at_one)
    monkeypatch.setattr(module, "PIECE", 1000)

    assert 3 > work(text) / work(text[: len(text) // 2])


def test_pieces_do_not_show(monkeypatch):
    """A long text is searched in pieces, with the same result as in one."""
    pick = random.Random(7)
    texts = ["".join(pick.choice(PIECES) for _ in range(150)) for _ in range(10)]
    whole = [personal(text) for text in texts]
    monkeypatch.setattr(module, "PIECE", 700)

    assert whole == [personal(text) for text in texts]
