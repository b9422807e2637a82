"""The learned second opinion on lines: its sums against plain ones, its independence, its file."""

from __future__ import annotations

import numpy as np
import pytest

from seimai.filters.residue.opinion import (
    COARSE,
    FINE,
    WINDOWS,
    asked_lines,
    facts,
    opinions,
    places,
    read_weights,
    restrained,
)
from seimai.filters.residue.weighing import weighed
from seimai.pipeline.text import Texts

PAGE = (
    "ホーム\nログイン\n会員登録\n\n米は水で研ぐ。研ぎ汁は庭木にやるとよいと祖母に聞いた。\n"
    "2019年3月4日\n土鍋で炊く\n\n関連記事\n味噌の仕込み\n梅を干す日\nカテゴリー\nもっと見る"
)
STORY = "川の水は冷たかった。\n岸で犬が待っていた。\n\n春になった。"


def plain(text: str) -> list[float]:
    """The opinion of each line, added up one number after the other."""
    texts = Texts.of(text)
    seen = weighed(texts)[1]
    weights = read_weights()
    which, first, stop = asked_lines(texts, seen)
    own = facts(texts, seen, which).values
    there = places(texts, seen, which, first, stop).values
    found = []
    for k in range(which.size):
        total = float(own[k] @ weights.lines[:, 0]) + float(there[k] @ weights.places)
        for column, width in enumerate((*WINDOWS, *WINDOWS), 1):
            above = column <= len(WINDOWS)
            near = range(k - width, k) if above else range(k + 1, k + width + 1)
            for j in near:
                if 0 <= j < which.size:
                    total += float(own[j] @ weights.lines[:, column]) / width
                    total += weights.there[column - 1] * FINE / width
        found.append(total / (FINE * COARSE) + weights.bias)
    return found


def test_the_sums_of_windows_are_those_of_their_lines() -> None:
    """Running sums give what adding line by line gives."""
    texts = Texts.of(PAGE)

    seen = weighed(texts)[1]
    expected = restrained(np.array(plain(PAGE), np.float32), seen).tolist()

    assert expected == pytest.approx(opinions(texts, seen).tolist(), abs=1e-4)


def test_an_opinion_does_not_depend_on_the_batch() -> None:
    """The lines of a text have the same numbers, to the last bit, alone and among other texts."""
    alone = Texts.of(PAGE)
    batch = Texts.of(STORY, PAGE, "", PAGE.replace("土鍋", "鉄鍋"), PAGE)
    expected = opinions(alone, weighed(alone)[1])
    found = opinions(batch, weighed(batch)[1])
    first = batch.lines.first

    assert expected.tobytes() == found[first[1] : first[2]].tobytes()
    assert expected.tobytes() == found[first[4] : first[5]].tobytes()


def test_prose_is_not_asked_about() -> None:
    """In a text that shows nothing of a page the model has no opinion."""
    texts = Texts.of(STORY)

    assert [0.0] * 3 == opinions(texts, weighed(texts)[1]).tolist()


def test_the_file_has_a_row_for_every_fact() -> None:
    """The names in the file are those of the facts, in their order."""
    from seimai.filters.residue.opinion import WEIGHTS

    texts = Texts.of("米")
    seen = weighed(texts)[1]
    zero, one = np.array([0]), np.array([1])
    names = [row.split("\t")[0] for row in WEIGHTS.read_text("utf-8").splitlines()[1:]]
    lines = facts(texts, seen, zero).names
    there = places(texts, seen, zero, zero, one).names

    assert [*lines, "there is a line", *there, "bias"] == names
