"""Runs of residue and copies of lines, against plain Python."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import runs as kernels

BORDER, EDGE = 2.5, 1.0
PROSE = (-7.0, -1.0)
"""Score and warmth of a sentence."""
LONG = (-10.0, -1.0)
NOTICE = (-0.5, -1.0)
CODE = (-2.5, 0.0)
LINE = st.sampled_from(
    [PROSE, LONG, NOTICE, CODE, (0.0, 0.0), (-0.5, 0.0), (2.5, 1.0), (2.0, 2.0), (5.0, 1.0)]
)
TEXT = st.lists(LINE, max_size=9)
DOWN, UP = 0.75, 0.5


def gone(*texts, sure=(), title=(), opinion=None):
    """What `gone_runs` says of the lines of these texts, each line a score and a warmth."""
    lines = [line for text in texts for line in text]
    score, warmth = (np.array([line[k] for line in lines], np.float32) for k in (0, 1))
    first = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    flags = [np.isin(np.arange(len(lines)), list(which)) for which in (sure, title)]
    fades = [np.full(len(lines), part, np.float32) for part in (DOWN, UP)]
    said = np.array(opinion or [0] * len(lines), np.float32)
    return kernels.gone_runs(first, score, warmth, *flags, *fades, said, BORDER, EDGE).tolist()


def lent(text):
    """The scores of the lines after their neighbours have spoken."""
    count = len(text)
    scores = [score for score, _ in text]
    warm = [0.0] * count
    begin = 0
    while begin < count:
        end = begin
        while end < count and text[end][1] >= 0:
            end += 1
        heat = sum(text[k][1] for k in range(begin, end))
        if end - begin >= kernels.LONG_STRETCH and heat >= kernels.HOT:
            share = min(kernels.STRETCH * heat / (end - begin), kernels.MOST_STRETCH)
            if begin == 0 or end == count:
                share = min(kernels.AT_EDGE * share, kernels.MOST_STRETCH)
            warm[begin:end] = [float(share)] * (end - begin)
        begin = max(end, begin + 1)
    for order, fade, part in (
        (range(count), DOWN, kernels.FORWARD),
        (range(count - 1, -1, -1), UP, kernels.BACKWARD),
    ):
        heat = 0.0
        for k in order:
            heat *= fade
            if text[k][1] == 0:
                warm[k] += part * heat
            elif text[k][1] > 0:
                heat = min(heat * kernels.KEPT + text[k][1], kernels.HOTTEST)
    for k in range(count):
        if text[k][1] == 0:
            scores[k] += min(warm[k], kernels.MOST) - kernels.COLD
    begin, end = middle(text)
    outside(text, scores, range(begin))
    outside(text, scores, range(end, count))
    for size in range(1, kernels.ABOUT_LINES + 1):
        if about(text, size):
            scores[-size:] = [float(kernels.ABOUT)] * size
    return scores


def middle(text):
    """From where to where most sentences stand, by trying all stretches, and what is beside."""
    worths = [
        float((kernels.PROSE - score) * kernels.CHARACTERS)
        if score < kernels.PROSE and warmth < 0
        else -float(kernels.BESIDE + kernels.PER_WARMTH * max(warmth, 0))
        for score, warmth in text
    ]
    count = len(text)
    spans = [(a, b) for b in range(1, count + 1) for a in range(b)]
    begin, end = max(spans, key=lambda span: (sum(worths[slice(*span)]), -span[1], -span[0]))
    if sum(worths[begin:end]) < kernels.FEWEST_CHARACTERS:
        return 0, count
    while begin > 0 and text[begin - 1][1] <= 0:
        begin -= 1
    while end < count and text[end][1] <= 0:
        end += 1
    return begin, end


def outside(text, scores, places):
    """Let lines outside the middle count more, if they are warm."""
    heat = sum(max(text[k][1], 0) for k in places)
    least = kernels.OUTSIDE_HEAT + kernels.HEAT_PER_LINE * len(places)
    if heat < min(least, kernels.MOST_HEAT):
        return
    for k in places:
        score, warmth = text[k]
        if warmth == 0 and score > kernels.CODE:
            risen = max(score, kernels.LEAST) + kernels.OUTSIDE - kernels.COLD
        elif warmth < 0 and score < kernels.PROSE:
            risen = kernels.ISLAND * (score - kernels.AT_HOME)
        else:
            risen = kernels.OUTSIDE if warmth < 0 else score
        scores[k] = max(scores[k], float(risen))


def about(text, size):
    """Whether the last `size` lines are sentences about who made the page."""
    above, below = text[:-size], text[-size:]
    stretch = []
    while above and above[-1][1] >= 0:
        stretch.append(above.pop()[1])
    return (
        len(below) == size
        and all(warmth < 0 for _, warmth in below)
        and bool(above and stretch)
        and sum(stretch) >= kernels.ABOUT_HEAT
        and max(stretch[: kernels.ABOUT_LINES]) >= kernels.HEADS
    )


def worth(scores, chosen):
    """What a cut into text and residue is worth."""
    total = sum(score for score, out in zip(scores, chosen, strict=True) if out)
    total -= BORDER * sum(a != b for a, b in pairwise(chosen))
    return total - EDGE * (chosen[0] + chosen[-1])


def keeps_prose(text, cut):
    """Whether a sentence of a text stays."""
    return any(warmth < 0 and not out for (_, warmth), out in zip(text, cut, strict=True))


@settings(deadline=None, max_examples=80)
@given(TEXT.filter(len))
@example([NOTICE, (2.5, 1.0), (2.5, 1.0)])
def test_the_best_cut_is_found(text):
    """No other cut into runs is worth more; and where no prose would stay, nothing goes."""
    scores = lent(text)
    chosen = gone(text)
    worths = {cut: worth(scores, cut) for cut in product((False, True), repeat=len(text))}
    best = max(worths.values())

    if any(chosen):
        assert keeps_prose(text, chosen)
        assert best == pytest.approx(worths[tuple(chosen)], abs=1e-4)
    else:
        alike = [cut for cut, value in worths.items() if value >= best - 1e-4]
        assert any(not any(cut) or not keeps_prose(text, cut) for cut in alike)


@settings(deadline=None)
@given(st.lists(TEXT, max_size=4))
def test_texts_do_not_know_one_another(texts):
    """A text in a batch loses what it loses alone."""
    assert [out for text in texts for out in gone(text)] == gone(*texts)


def test_sure_lines_go_alone():
    """A sure line between sentences goes, and nothing beside it."""
    text = [PROSE, (1.0, 0.3), (0.0, 0.0), PROSE]

    assert [False, True, False, False] == gone(text, sure={1})
    assert [False] * 4 == gone(text)


def test_a_sure_opinion_overrules_the_cut():
    """The model takes two lines together, gives one of a menu back, and leaves sure ones gone."""
    text = [PROSE, (0.0, 0.0), (0.0, 0.0), PROSE, *[(3.0, 2.0)] * 4]
    said = [0, 2.5, 2.5, 0, -4, 0, 0, 0]

    assert [False] * 4 + [True] * 4 == gone(text)
    assert [False, True, True, False, False, *[True] * 3] == gone(text, opinion=said)
    assert [False, True, True, False, *[True] * 4] == gone(text, sure={4}, opinion=said)


def test_where_the_model_leaves_no_sentence_the_rules_are_asked_alone():
    """A model that would take all sentences is not heard; the menu goes as without it."""
    text = [PROSE, PROSE, *[(3.0, 2.0)] * 3]

    assert [False] * 2 + [True] * 3 == gone(text, opinion=[9, 9, 0, 0, 0])


def test_a_line_alone_above_a_sentence_is_its_heading():
    """However sure the model is, one line between sentences, or above the first, stays."""
    assert [False] * 4 == gone([(0.0, 0.0), PROSE, (0.0, 0.0), PROSE], opinion=[5, 0, 5, 0])
    assert [False, True] == gone([PROSE, (0.0, 0.0)], opinion=[0, 5])


def test_the_headline_above_prose_stays():
    """Of a run that ends above a sentence the last line that may be a headline stays."""
    menu = [(3.0, 2.0)] * 3
    text = [*menu, (0.0, 0.0), (0.0, 0.0), PROSE]

    assert [True] * 5 + [False] == gone(text)
    assert [True] * 4 + [False] * 2 == gone(text, title={3, 4})
    assert [True] * 3 + [False, True, False] == gone(text, title={3})


def test_the_headline_of_the_text_stays_above_a_subtitle():
    """Above the first line that stays the headline stays too, whatever that line is."""
    text = [*[(3.0, 2.0)] * 3, (0.0, 0.0), (-9.0, 0.0), PROSE]

    assert [True] * 4 + [False] * 2 == gone(text)
    assert [True] * 3 + [False] * 3 == gone(text, title={3})


def test_sentences_about_the_author_go_with_the_lists_above_them():
    """Below lists and a heading the last sentences go; below one heading of the text they stay."""
    lists = [(2.0, 2.0), (0.0, 0.0)] * 3
    heading = (2.0, 2.0)

    assert [False] + [True] * 9 == gone([PROSE, *lists, heading, PROSE, PROSE])
    assert [False] * 4 == gone([PROSE, heading, PROSE, PROSE])
    assert [False] * 4 == gone([PROSE, *lists, heading, *[PROSE] * 4])[-4:]


def test_lines_far_from_the_sentences_go_where_the_page_speaks():
    """Undecided lines and a teaser among the buttons below a text go; without buttons they stay."""
    body, name, button = [LONG] * 3, (0.0, 0.0), (2.5, 1.0)
    links = [name] * 4
    page = [button, button, *links, PROSE, *links, button, button, NOTICE, button, button]
    cold = [name if line == button else line for line in page]

    assert [False] * 3 + [True] * len(page) == gone(body + page)
    assert [False] * (3 + len(cold)) == gone(body + cold)


def test_code_and_long_paragraphs_among_buttons_stay():
    """What looks like code, and what is long, is not taken for a part of the page around it."""
    above, below = [*[LONG] * 3, *[(2.5, 1.0)] * 5], [(2.5, 1.0)] * 2

    assert [False] * 2 == gone([*above, LONG, LONG, *below])[8:10]
    assert [False] * 6 == gone([*above, *[CODE] * 6, *below])[8:14]


def copied(text, least):
    """Places in blocks that stand further above, by comparing all with all."""
    places = set()
    k = 0
    while k < len(text):
        if text[k] not in text[:k]:
            k += 1
            continue
        source = text.index(text[k])
        size = 1
        while k + size < len(text) and source + size < k and text[source + size] == text[k + size]:
            size += 1
        if size >= least:
            places |= set(range(k, k + size))
        k += size
    return [k in places for k in range(len(text))]


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), max_size=14), max_size=3), st.integers(1, 4))
def test_copied_blocks(texts, least):
    """Blocks of equal pieces in the same order further above, and long enough."""
    hashes = np.array([one for text in texts for one in text], np.uint64)
    first = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    size = np.ones(hashes.size, np.int64)
    found = kernels.copied_blocks(hashes, first, size, np.full(len(texts), float(least)))

    assert [out for text in texts for out in copied(text, least)] == found.tolist()


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=9), max_size=3))
def test_copied_heads(texts):
    """Pieces that count and are equal to another that counts, in the same text."""
    pieces = [piece for text in texts for piece in text]
    first = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    found = kernels.copied_heads(
        np.array([one for one, _ in pieces], np.uint64),
        first,
        np.array([c for _, c in pieces], bool),
    )
    expected = [
        counts and [one for one, other in text if other].count(piece) > 1
        for text in texts
        for piece, counts in text
    ]

    assert expected == found.tolist()
