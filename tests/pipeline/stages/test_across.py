"""What texts have in common, against plain Python that compares every sentence with every other."""

from __future__ import annotations

import os
import random
import re
import resource
from collections import defaultdict

import numpy as np
import pytest

from seimai.pipeline import across
from seimai.pipeline.stages.across import find_shared
from seimai.pipeline.text import Texts

LEAST = 3
SLOT = re.compile(r"[ァ-ヺー-ヿ一-鿿々A-Za-z0-9０-９・]+")
TEMPLATES = (
    "{}でお部屋をさがすなら、わたしたちの{}までどうぞ。",
    "{}は、{}からあるいてすぐのところにあります。",
    "どなたさまもおきがるにおたずねください。",
    "{}です。",
    "{}{}",
)


def corpus(seed: int, count: int = 60) -> list[str]:
    """Texts that share sentences, some of them filled in otherwise, in other orders and layouts."""
    draw = random.Random(seed)
    names = ["東京", "カメラ", "第24号", "新JR線", "新宿店", "京都・奈良"]
    texts = []
    for _ in range(count):
        parts = [
            draw.choice(TEMPLATES).format(draw.choice(names), draw.choice(names))
            for _ in range(draw.randint(0, 5))
        ]
        parts.append("".join(draw.choices("かきくけこさしすせそ", k=draw.randint(1, 30))) + "。")
        texts.append(draw.choice(["", "\n", "\u3000"]).join(parts))
    return texts


def sentences(text: str) -> list[str]:
    """The sentences of one of these texts: all end in a stop, a line break or a wide blank."""
    return [one for one in re.findall(r"[^。\n\u3000]+。?", text) if one]


def expected(texts: list[str], labels: list[int]) -> dict[str, list[float]]:
    """The two signals, from sets of sentences."""
    same, filled, owners = defaultdict(set), defaultdict(set), defaultdict(set)
    for text, label in zip(texts, labels, strict=True):
        for one in sentences(text):
            bare = SLOT.sub("_", one)
            same[one].add(label)
            filled[bare].add(one)
            owners[bare].add(label)
    found: dict[str, list[float]] = {across.TEMPLATE: [], across.REPEATED: []}
    for text in texts:
        parts = sentences(text)
        total = sum(map(len, parts))
        long = [one for one in parts if len(one) >= across.LEAST_VISIBLE]
        template = [
            one
            for one in long
            if len(re.findall("[ぁ-ゟ_]", SLOT.sub("_", one))) >= across.LEAST_PARTS
            and min(len(owners[SLOT.sub("_", one)]), len(filled[SLOT.sub("_", one)])) > LEAST
        ]
        repeated = [one for one in long if len(same[one]) > LEAST]
        found[across.TEMPLATE].append(sum(map(len, template)) / total)
        found[across.REPEATED].append(sum(map(len, repeated)) / total)
    return found


def readers(texts: list[str], labels: list[int], sizes: list[int]):
    """Shards of so many texts each, as the stage is given them."""
    begin, made = 0, []
    for size in sizes:
        part = slice(begin, begin + size)
        made.append(lambda part=part: (Texts.of(*texts[part]), np.array(labels[part])))
        begin += size
    return made


@pytest.mark.parametrize("seed", range(4))
def test_shares_are_those_of_plain_python(tmp_path, seed):
    """Both shares equal what sets of sentences and a regular expression for names give."""
    texts = corpus(seed)
    labels = [k // 2 for k in range(len(texts))]

    shared = find_shared(readers(texts, labels, [25, 35]), LEAST, tmp_path / "counting")
    found = across.numbers_of(Texts.of(*texts), shared)

    want = expected(texts, labels)
    assert any(want[across.TEMPLATE])
    assert any(want[across.REPEATED])
    for name in across.NAMES:
        np.testing.assert_allclose(found[name], want[name], atol=1e-6)


def test_nothing_depends_on_shards_parts_threads_or_order(tmp_path):
    """Cut in other shards and parts, counted by other threads or in another order: all the same."""
    texts = corpus(9, 80)
    labels = list(range(80))
    whole = find_shared(readers(texts, labels, [80]), LEAST, tmp_path / "a")
    cut = find_shared(readers(texts, labels, [7, 0, 33, 40]), LEAST, tmp_path / "b", 2, 10)
    turned = find_shared(readers(texts[::-1], labels[::-1], [50, 30]), LEAST, tmp_path / "c", 1, 37)

    for other in (cut, turned):
        for name in ("whole", "whole_texts", "skeleton", "skeleton_texts"):
            np.testing.assert_array_equal(getattr(whole, name), getattr(other, name))
    assert whole.skeleton.size > 0
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("count", range(6))
def test_few_texts_are_no_trouble(tmp_path, count):
    """A run of fewer texts than a sentence needs has nothing in common."""
    texts = ["どなたさまもおきがるにおたずねください。"] * count

    shared = find_shared(readers(texts, list(range(count)), [count]), LEAST, tmp_path / "a")

    assert (count > LEAST) == shared.whole.size


def test_copies_of_one_text_say_nothing(tmp_path):
    """However often a text was copied, its group of near duplicates counts once."""
    texts = corpus(2)[:3] * 20

    shared = find_shared(readers(texts, [k % 3 for k in range(60)], [60]), LEAST, tmp_path / "a")

    assert shared.whole.size == shared.skeleton.size == 0


def test_more_shards_than_files_may_be_open(tmp_path):
    """A process that may open forty files more counts a hundred shards."""
    sentence = "どなたさまもおきがるにおたずねください。"
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + 40, usual[1]))
    try:
        shards = readers([sentence] * 100, list(range(100)), [1] * 100)
        shared = find_shared(shards, LEAST, tmp_path / "a", 1, 30)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)

    assert [100] == shared.whole_texts.tolist()


def test_no_text_has_no_number(tmp_path):
    """Without texts nothing is shared, and of a blank text there is no share."""
    shared = find_shared([], LEAST, tmp_path / "a")

    found = across.numbers_of(
        Texts.of("", " \n", "どなたさまもおきがるにおたずねください。"), shared
    )
    np.testing.assert_array_equal([np.nan, np.nan, 0], found[across.TEMPLATE])


def test_places_name_the_sentences_of_most_texts_first(tmp_path):
    """What `explain` shows are the sentences themselves, the commonest first."""
    rare = [f"わたしは{k}ばんめのえきでおりてうみまであるいた。" for k in range(5)]
    common = "どなたさまもおきがるにおたずねください。"
    texts = [f"{one}{common}" for one in rare] + [common] * 4
    shared = find_shared(readers(texts, list(range(9)), [9]), LEAST, tmp_path / "a")

    def shown(name: str) -> list[str]:
        return [texts[0][begin:end] for begin, end in across.places(name, texts[0], shared)]

    assert [common] == shown(across.REPEATED)
    assert [rare[0]] == shown(across.TEMPLATE)
