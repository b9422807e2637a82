"""The kernels that look at signs, against plain Python and examples."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import codes as code_kernels
from seimai.pipeline.kernels import signs as kernels
from seimai.pipeline.text import Texts
from seimai.pipeline.text.tables import MASK_CODES, MASK_LENGTHS, MASKS

quickly = settings(max_examples=100, deadline=None)


def count(text):
    """Signs of code, separators, characters in code, windows and drawn windows of one text."""
    made = Texts.of(text)
    return kernels.count_signs(made.codes, made.start, kernels.ROLES)[0].tolist()


@quickly
@given(st.lists(st.text(st.sampled_from("米=- a0\n"), max_size=20), max_size=4))
def test_collapsed_rules_equal_a_plain_substitution(texts):
    """Three and more equal signs become one, letters stay, and texts stay apart."""
    made = Texts.of(*texts)
    start = np.empty_like(made.start)

    codes = kernels.collapse_rules(made.codes, made.start, start, kernels.ROLES)

    expected = [re.sub(r"([= \n0-])\1{2,}", r"\1", text) for text in texts]
    assert "".join(expected) == "".join(map(chr, codes))
    assert [len(text) for text in expected] == np.diff(start).tolist()


@pytest.mark.parametrize("rule", ["=" * 2, "=" * 3, "=" * 4, "=" * 300, "==a==", "00", "000"])
@pytest.mark.parametrize("before", [*range(120, 132), 255, 256, 257])
def test_rules_collapse_wherever_blocks_meet(before, rule):
    """A rule at the border of two blocks of a long text becomes one sign, too."""
    text = "米麦" * 64
    made = Texts.of(text[:before] + rule + text)
    start = np.empty_like(made.start)

    codes = kernels.collapse_rules(made.codes, made.start, start, kernels.ROLES)

    expected = re.sub(r"([=0])\1{2,}", r"\1", text[:before] + rule + text)
    assert expected == "".join(map(chr, codes))


@quickly
@given(st.text(st.sampled_from("米={[a \n"), max_size=40))
def test_code_signs_equal_a_plain_count(text):
    """Every sign of code is counted, but for rows of three and more."""
    expected = sum(c in "={[" for c in re.sub(r"([={\[])\1{2,}", "", text))

    assert expected == count(text)[0]


SEPARATORS = [
    ("米｜麦｜豆", 2),
    ("ホーム > 記事 > 米", 2),
    ("被告■■■■は", 0),
    ("|a||b|", 0),
    ("ジャン・ポール", 0),
    ("・米\n・麦", 2),
    ("設定は /etc/fstab にある", 0),
    ("2024/5/1に", 0),
    ("入間市/狭山市/川越市", 2),
    ("総則・・・・・・3", 0),
    ("絶対値$|x|$を", 0),
]


@pytest.mark.parametrize(("text", "expected"), SEPARATORS)
def test_separators(text, expected):
    """What holds items apart is counted, what stands in names, paths and formulas is not."""
    assert expected == count(text)[1]


FORMULAS = [
    ("関数 $f(x)=x^2$ の", 0),
    ("関数\\(f(x)=x^2\\)の", 0),
    ("$$a=b$$", 0),
    ("$x = $y;", 4 - 1),
    ("価格は$5で、次は$6です", 2),
    ("$a=b", 2),
]


@pytest.mark.parametrize(("text", "expected"), FORMULAS)
def test_formulas(text, expected):
    """Signs inside a formula are not code, dollars of a program or a price are."""
    assert expected == count(text)[0]


def test_openers_that_never_close_are_signs():
    """A formula that does not close within its length is none."""
    assert [20_000, 2] == [count("$a " * 20_000)[0], count("\\(" + "a" * 400 + "\\)=")[0] - 1]


@quickly
@given(st.lists(st.text(st.sampled_from("<>EMAILPHONx"), max_size=20), max_size=4), st.data())
def test_hidden_masks_equal_a_plain_substitution(texts, data):
    """Every mask becomes zeros of its length, and nothing else changes."""
    texts = [text + data.draw(st.sampled_from([*MASKS, ""])) + text for text in texts]
    made = Texts.of(*texts)

    codes, counts = code_kernels.hide_masks(made.raw_codes, made.start, MASK_CODES, MASK_LENGTHS)

    pattern = "|".join(MASKS)
    expected = [re.sub(pattern, lambda match: "0" * len(match[0]), text) for text in texts]
    assert "".join(expected) == "".join(map(chr, codes))
    assert [len(re.findall(pattern, text)) for text in texts] == counts.tolist()


PATHS = [
    ("ブーツ,/marigold104882.html,999円", 1),
    ("/a1.html", 0),
    ("https://example.jp/archive2024.html", 0),
    ("設定は/index.htmlに", 0),
    ("通販 /grandfather951150.html 送料", 1),
]


@pytest.mark.parametrize(("text", "expected"), PATHS)
def test_stray_paths(text, expected):
    """A path of a word and a number that stands alone is counted, one of an address is not."""
    made = Texts.of(text)

    assert [expected] == kernels.count_stray_paths(made.codes, made.start, kernels.ROLES).tolist()
