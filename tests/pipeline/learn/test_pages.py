"""Scores of pages: landmarks against a plain version, the dual fit, and the file that ships."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from seimai.filters.quality import PAGES, page_model
from seimai.pipeline.errors import Problem
from seimai.pipeline.learn import dual, logistic, pages
from seimai.pipeline.learn.model import read_bytes
from seimai.pipeline.learn.page_fit import features, placed, weights_of
from seimai.pipeline.signal import load
from seimai.pipeline.stages.tokenize import tokenize_texts
from seimai.pipeline.text import Texts

SPAM = "人気 激安 送料無料 新品 楽天 格安 通販 即日発送 限定 セール 最安値 在庫あり 正規品 割引"
PROSE = "川の水が引いたあと、畑には細かい砂が残った。父はそれを見て、来年は芋がよく育つと言った。"


def numbers(seed: int, texts: int = 40) -> np.ndarray:
    """Numbers of three signals, some of them not measured."""
    made = np.random.default_rng(seed).normal(size=(texts, 3)).round(1)
    made[::7, 1] = np.nan
    return made


def both(*texts: str) -> Texts:
    """A batch with its words."""
    bare = Texts.of(*texts)
    return Texts(bare.column, tokenize_texts(bare))


def test_ranks_are_mid_ranks() -> None:
    """A rank is the mean of the shares below and up to a number; nothing measured is the middle."""
    landmarks, ranks = placed(numbers(1), np.arange(4), {"a": 1, "b": 1, "c": 1})
    known = np.sort(numbers(1)[:, 0])
    value = numbers(1)[5, 0]
    expected = ((known < value).mean() + (known <= value).mean()) / 2 - 0.5

    assert expected == pytest.approx(ranks[5, 0], abs=0.03)  # quantiles are steps
    assert 0 == ranks[0, 1]
    assert (4, 3) == landmarks.ranks.shape


def test_nearness_is_that_of_its_formula() -> None:
    """The nearness of a text to a landmark is exp(-squared distance / spread), pair by pair."""
    ranks, centres = numbers(2)[:, [0, 2]], numbers(3, 5)[:, [0, 2]]
    expected = [
        [math.exp(-sum((a - b) ** 2 for a, b in zip(x, y, strict=True)) / 3) for y in centres]
        for x in ranks
    ]

    np.testing.assert_allclose(pages.nearness(ranks, centres, 3.0), expected)


def test_dual_and_primal_fit_agree() -> None:
    """By inner products the same model is found as by walking through the columns."""
    chance = np.random.default_rng(5)
    rows = csr_array((chance.random((60, 30)) < 0.3).astype(float))
    bad = chance.random(60) < 0.5
    weight = np.where(bad, 1.0, 3.0)
    settings = logistic.Settings(fewest=1)
    weights, bias = logistic.fit(rows, bad, weight, settings)
    part = dual.fit(dual.products(rows, 1), bad, weight, settings.strength)

    np.testing.assert_allclose(weights, rows.T @ part, atol=0.05)
    assert bias == pytest.approx(dual.CONSTANT * part.sum(), abs=0.1)


def test_products_leave_out_rare_columns() -> None:
    """Inner products are those of the columns that enough rows have."""
    full = np.array([[1.0, 2.0, 5.0], [1.0, 0.0, 0.0], [1.0, 3.0, 0.0]])

    np.testing.assert_allclose(full[:, :2] @ full[:, :2].T, dual.products(csr_array(full), 2))


def test_weights_score_as_the_dual_form() -> None:
    """What the weights say to a text is what its inner products with the training say."""
    chance = np.random.default_rng(6)
    rows = csr_array((chance.random((40, 64)) < 0.3).astype(float))
    bad = chance.random(40) < 0.5
    landmarks, ranks = placed(numbers(6), np.arange(0, 40, 4), {"a": 1, "b": 1, "c": 1})
    made = features(landmarks, ranks)
    inner = dual.products(rows, 1) + (made @ made.T).astype(np.float32)
    part = dual.fit(inner, bad, np.ones(40), 2.0)
    weights, says, bias = weights_of(rows, made, landmarks, part, 1)
    expected = (inner + np.float32(dual.CONSTANT)) @ part

    np.testing.assert_allclose(
        expected, rows @ weights + landmarks.near(ranks) @ says + bias, atol=1e-3
    )


def test_shipped_model_knows_dirt_from_prose() -> None:
    """Keywords score high and prose low, alone and in any batch alike."""
    together = page_model().score(both(SPAM, PROSE, SPAM), load())
    alone = page_model().score(both(PROSE), load())

    assert 0.9 < together[0]
    assert 0.5 > together[1]
    assert alone[0] == together[1]


def test_shipped_model_knows_the_versions_of_its_signals() -> None:
    """No signal has changed its numbers since the model was made; else make it again."""
    known = page_model().landmarks

    assert known.versions == tuple(load()[name].version for name in known.signals)


def test_explanation_names_signals_and_ngrams() -> None:
    """The explanation names signals with their numbers, then n-grams."""
    named = [label for label, _ in page_model().contributions(SPAM, load())]

    assert any(label.startswith("ja.") for label in named)
    assert any("." not in label for label in named)


def test_file_comes_back_and_stays_the_same() -> None:
    """A model that is written and read is the same model, and gives the same bytes."""
    data = read_bytes(PAGES)
    model = pages.read(data, PAGES)

    assert data == pages.packed(model)
    assert model.landmarks.signals == page_model().landmarks.signals


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no model"])
def test_damaged_file_is_a_problem(data: bytes) -> None:
    """A file that is no model is told by its path."""
    with pytest.raises(Problem, match="M002"):
        pages.read(data, Path("page.npz"))


def test_other_model_is_a_problem() -> None:
    """The file of a model of n-grams alone is none of pages."""
    other = PAGES.with_name("dirt_score.npz")

    with pytest.raises(Problem, match="M002"):
        pages.read(read_bytes(other), other)
