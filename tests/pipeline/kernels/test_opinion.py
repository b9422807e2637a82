"""What a model is told of lines, and its sums, against plain ones."""

from __future__ import annotations

import math

import numpy as np
import pytest

from seimai.filters.residue.opinion import (
    LINE_FACTS,
    PLACE_FACTS,
    asked_lines,
    read_weights,
    told,
)
from seimai.filters.residue.weighing import weighed
from seimai.pipeline.kernels import opinion as kernels
from seimai.pipeline.kernels import shapes as of
from seimai.pipeline.text import Texts

PAGE = (
    "ホーム\nログイン\n会員登録\n\n米は水で研ぐ。研ぎ汁は庭木にやるとよいと祖母に聞いた。\n"
    "2019年3月4日（月） 12:30\n土鍋で炊く方法: 三つ！\n\n関連記事\n味噌の仕込みを始める前に...\n"
    "梅を干す日 (3)\nCategory\n飯の炊き方を人に教わるのは、これで三度目になるが、"
    "毎回少しずつ違うので、どれが正しいのかは今も分からないままである。\n"
    "カテゴリー\nもっと見る\n© 2019 米の会"
)
OTHER = "前へ\n次へ\n一覧に戻る\n\n川の水は冷たかった。"
STORY = "川の水は冷たかった。\n岸で犬が待っていた。"


def steps(value):
    """Twice the binary logarithm, in whole steps, by looking at powers one after the other."""
    return sum(round(2 ** (k / 2)) <= value for k in range(1, 40))


def about_line(data, j):
    """The facts about line `j`, by their names."""
    length, score, warmth, rows, begins, ends = (column[..., j] for column in data)
    letters = max(int(rows[of.LETTERS]), 1)
    kana = int(rows[of.KANA])
    sentence = warmth < 0 and score < -5.5
    facts = {
        "score": min(max(float(score), -4), 4),
        "warmth": float(warmth),
        "sure": rows[kernels.SURE],
        "sentence": sentence,
        "about the page": warmth < 0 and not sentence,
        "steps of length": steps(length) / 4,
        "length": min(length, 200) / 32,
        "hiragana": kana / letters,
        "latin": int(rows[of.LATINS]) / letters,
        "figures": int(rows[of.FIGURES]) / letters,
        "spoken": kana >= 5 and kana * 2 >= letters,
        "fully ended": rows[of.ENDED] == of.FULLY,
        "loudly ended": rows[of.ENDED] == of.LOUDLY,
        "covered by words": min(
            int(rows[kernels.COVERED]) / max(int(rows[of.LETTERS] - rows[of.FIGURES]), 1), 1
        ),
        "menu": rows[kernels.MENU] > 0,
        "button": min(rows[kernels.BUTTON], 5),
        "section": min(rows[kernels.SECTION], 5),
    }
    names = LINE_FACTS[len(facts) :]
    facts |= dict(zip(names[:10], rows[kernels.FLAGS : kernels.SURE].tolist(), strict=True))
    for name in ("gaps", "stops", "calls", "commas", "colons", "arrows", "signs", "particles",
                 "dates", "times", "counters"):  # fmt: skip
        facts[name] = min(int(rows[getattr(of, name.upper())]), 5)
    facts |= {f"begins in class {k}": begins == k for k in range(15)}
    facts |= {f"ends in class {k}": ends == k for k in kernels.LAST.tolist()}
    assert tuple(facts) == LINE_FACTS
    return [round(float(fact) * 64) for fact in facts.values()]


def about_place(data, lines, j):
    """The facts about the place of line `j` in a text of these lines."""
    length, score, warmth, rows = (data[k][..., lines] for k in range(4))
    m = len(lines)
    sentence = [w < 0 and s < -5.5 for w, s in zip(warmth, score, strict=True)]
    heat = [round(max(float(w), 0) * 10) for w in warmth]
    text = [n if said else 0 for n, said in zip(length.tolist(), sentence, strict=True)]
    kana = rows[of.KANA].tolist()
    said, warm = sum(text), sum(heat)
    kinds = (
        sentence,
        [one and n >= 60 for one, n in zip(sentence, length, strict=True)],
        (warmth > 0).tolist(),
        (warmth >= 2).tolist(),
        (rows[kernels.SURE] > 0).tolist(),
    )
    ups, downs = [], []
    for kind in kinds:
        ups.append(next((n for n in range(1, j + 1) if kind[j - n]), 999))
        downs.append(next((n for n in range(1, m - j) if kind[j + n]), 999))
    begin = j - ups[0] + 1 if ups[0] < 999 else 0
    end = j + downs[0] if downs[0] < 999 else m
    stretch = range(begin, end)
    there = sum(min(int(length[k]), 200) for k in stretch)
    warm_there = sum(heat[k] for k in stretch)
    facts = [
        j / m, *(steps(n) / 4 for n in (m, j, m - 1 - j, said, sum(text[:j]), sum(text[j + 1 :]))),
        sum(text[:j]) / max(said, 1), sum(sentence) / m,
        *(steps(n) / 4 for n in (warm, sum(heat[:j]), sum(heat[j + 1 :]))),
        warm / (10 * m), sum(heat[:j]) / (10 * max(j, 1)),
        sum(heat[j + 1 :]) / (10 * max(m - 1 - j, 1)),
        *(steps(n) / 4 for pair in zip(ups, downs, strict=True) for n in pair),
        steps(len(stretch)) / 4, steps(warm_there) / 4, warm_there / (10 * max(len(stretch), 1)),
        there / (32 * max(len(stretch), 1)), sum(kana[k] for k in stretch) / max(there, 1),
        begin == 0, end == m,
    ]  # fmt: skip
    assert len(facts) == len(PLACE_FACTS)
    return [round(float(fact) * 64) for fact in facts]


def batch():
    """
    A batch with two pages and a story between them, what a model is told of the pages, and which
    lines they are.
    """
    texts = Texts.of(PAGE, STORY, OTHER, "")
    seen = weighed(texts)[1]
    rows, first = asked_lines(texts, seen)
    return texts, told(texts, seen, rows), rows, first


def test_the_facts_are_those_that_plain_code_finds():
    """Every fact about every line of a page, and about its place, is what its name says."""
    texts, data, rows, first = batch()
    own, places = kernels.tell(first, *data)
    wanted = [range(first[i], first[i + 1]) for i in range(first.size - 1)]
    asked = [int(text) in texts.lines.owner[rows] for text in range(len(texts))]

    assert [True, False, True, False] == asked
    assert [about_line(data, j) for lines in wanted for j in lines] == own.tolist()
    assert [
        about_place(data, list(lines), j) for lines in wanted for j in range(len(lines))
    ] == places.tolist()


def test_the_sums_are_those_of_the_lines_in_each_window():
    """What is near a line counts by the windows it is in, and lines of other texts do not."""
    _, data, _, first = batch()
    model = read_weights()
    found = kernels.weigh(first, *data, model.lines, model.there, model.places)
    expected = [0.0] * int(first[-1])
    for i in range(first.size - 1):
        lines = list(range(first[i], first[i + 1]))
        said = [np.array(about_line(data, j)) @ model.lines for j in lines]
        for j in range(len(lines)):
            total = said[j][0] + np.array(about_place(data, lines, j)) @ model.places
            for k, width in enumerate(kernels.WINDOWS.tolist()):
                for column, near in (
                    (k, range(max(j - width, 0), j)),
                    (k + 4, range(j + 1, min(j + 1 + width, len(lines)))),
                ):
                    part = sum(said[n][1 + column] + model.there[column] * 64 for n in near)
                    total += part / width
            expected[lines[j]] = total

    assert expected == pytest.approx(found.tolist(), rel=1e-12, abs=1e-6)


def test_steps_go_on_above_the_table():
    """A text of a million characters counts more steps than one of a thousand."""
    _, data, _, _ = batch()
    facts = np.zeros(kernels.FACTS)
    long = data[0].copy()
    long[0] = 1_000_000
    kernels.line_facts(0, long, *data[1:], facts)

    assert steps(1_000_000) * 16 == facts[LINE_FACTS.index("steps of length")]
    assert math.isclose(2 * math.log2(1_000_000), steps(1_000_000), abs_tol=1.5)
