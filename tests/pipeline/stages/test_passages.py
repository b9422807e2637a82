"""Passages that texts share, against plain Python that compares every run with every other."""

from __future__ import annotations

import random
from collections import defaultdict

import numpy as np
import pytest
import xxhash

from seimai.pipeline.stages import passages
from seimai.pipeline.stages.cut_passages import without
from seimai.pipeline.stages.passages import find_passages, have_passage, whole_sentences
from seimai.pipeline.text import Texts

LENGTH = 20
LETTERS = "あいうえおかきくけこ𠮷𩸽Aa。\n"


def noise(seed: int, length: int) -> str:
    """Letters that share nothing with anything."""
    return "".join(random.Random(seed).choices(LETTERS, k=length))


def corpus(seed: int) -> list[str]:
    """Texts of which many share passages, whole ones, overlapping parts, and chains of them."""
    random_ = random.Random(seed)
    pool = noise(seed, 400)
    texts = []
    for k in range(40):
        parts = [noise(9000 * (seed + 1) + 10 * k + j, random_.randint(0, 40)) for j in range(3)]
        for _ in range(random_.randint(0, 3)):
            begin = random_.randrange(350)
            parts.append(pool[begin : begin + random_.randint(10, 50)])
        random_.shuffle(parts)
        texts.append("".join(parts))
    texts += ["", "あ" * 19, "い" * 70, "う" + "い" * 45]
    return texts


def order(texts: list[str]) -> list[int]:
    """The rows, those first that keep what they share with others."""
    tie = [xxhash.xxh3_64_intdigest(text.encode("utf-32-le")) for text in texts]
    return sorted(range(len(texts)), key=lambda row: (-len(texts[row]), tie[row], row))


def expected(texts: list[str], length: int = LENGTH) -> tuple[list[set[int]], dict[str, int]]:
    """Which characters of each text go, and which text keeps each passage."""
    rows: defaultdict[str, set[int]] = defaultdict(set)
    for row, text in enumerate(texts):
        for k in range(len(text) - length + 1):
            rows[text[k : k + length]].add(row)
    rank = {row: k for k, row in enumerate(order(texts))}
    keeper = {run: min(some, key=rank.__getitem__) for run, some in rows.items() if len(some) > 1}
    gone = []
    for row, text in enumerate(texts):
        foreign, own = set(), set()
        for k in range(len(text) - length + 1):
            if (kept_by := keeper.get(text[k : k + length])) is not None:
                (own if kept_by == row else foreign).update(range(k, k + length))
        gone.append(foreign - own)
    return gone, keeper


def find(folder, texts, cuts=2, length=LENGTH):
    """The spans that go of each text, with the rows that keep them; texts are cut into shards."""

    def shard(rows):
        return lambda: (Texts.of(*(texts[row] for row in rows.tolist())), rows)

    parts = np.array_split(np.arange(len(texts)), cuts)
    found = [[] for _ in texts]
    for one in find_passages([shard(part) for part in parts], len(texts), length, folder):
        for row, *span in zip(one.row, one.begin, one.end, one.keeper, strict=True):
            found[row].append(tuple(map(int, span)))
    return found


def characters(spans) -> set[int]:
    """The places of the characters of spans."""
    return {place for begin, end, _ in spans for place in range(begin, end)}


@pytest.mark.parametrize("seed", range(3))
def test_what_goes_is_what_plain_python_takes(tmp_path, seed, monkeypatch):
    """The same characters go as where every run is compared, whatever is done at a time."""
    texts = corpus(seed)
    gone, _ = expected(texts)
    found = find(tmp_path, texts)

    assert gone == [characters(spans) for spans in found]
    assert any(gone)
    assert [] == list(tmp_path.iterdir())

    monkeypatch.setattr(passages, "RUNS_AT_ONCE", 50)
    monkeypatch.setattr(passages, "CHARACTERS_AT_ONCE", 200)
    assert found == find(tmp_path, texts, cuts=7)
    assert found == find(tmp_path, texts, cuts=60)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_texts_changes_nothing(tmp_path, seed):
    """Each text loses the same characters to the same texts, in whatever order they come."""
    texts = corpus(seed)
    shuffled = random.Random(seed).sample(range(len(texts)), len(texts))
    found = find(tmp_path, texts)
    again = find(tmp_path, [texts[row] for row in shuffled])
    told = {texts[r]: [(a, b, texts[k]) for a, b, k in spans] for r, spans in enumerate(found)}
    names = [texts[row] for row in shuffled]
    other = {names[r]: [(a, b, names[k]) for a, b, k in spans] for r, spans in enumerate(again)}

    assert told == other


@pytest.mark.parametrize("seed", range(3))
def test_every_passage_stays_whole_in_its_keeper(tmp_path, seed):
    """After cutting each passage is found in the text that keeps it, and what went in another."""
    texts = corpus(seed)
    _, keeper = expected(texts)
    found = find(tmp_path, texts)
    pieces = []
    for text, spans in zip(texts, found, strict=True):
        edges = [0, *(place for begin, end, _ in spans for place in (begin, end)), len(text)]
        pieces.append([text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)])

    assert keeper
    assert all(any(run in piece for piece in pieces[row]) for run, row in keeper.items())


def test_hashes_that_meet_by_chance_cut_nothing(tmp_path, monkeypatch):
    """Runs that have only their hash in common are compared and left alone."""

    def all_alike(*given):
        hashes, text, place = windows(*given)
        return np.zeros_like(hashes), text, place

    windows = passages.kernels.windows_around
    texts = ["か" * 3 + noise(1, 25), noise(1, 25) + noise(2, 9) + "き"]
    gone = expected(texts)[0]
    monkeypatch.setattr(passages.kernels, "windows_around", all_alike)
    found = find(tmp_path, texts)

    assert all(characters(spans) <= some for spans, some in zip(found, gone, strict=True))


@pytest.mark.parametrize(
    ("text", "span", "expected_span"),
    [
        ("犬は寝た。雨が降る。風が吹く。猫が", (3, 16), (5, 15)),
        ("犬が鳴く。「雨だ。」風が吹く。", (6, 15), (10, 15)),
        ("一行目\n\n二行目です\n三行目", (2, 12), (5, 11)),
        ("切れ目のない文字が続く", (2, 8), (2, 8)),
        ("雨が降る。風", (0, 6), (0, 6)),
        ("あいうえおかきくけこさし。すせ", (0, 14), (0, 13)),
    ],
)
def test_cuts_end_where_sentences_do(text, span, expected_span):
    """Ends move inwards to ends of sentences and lines, unless too little would go then."""
    assert expected_span == whole_sentences(text, *span)


def test_a_text_without_its_spans():
    """What is outside of the spans stays, in its order."""
    assert "abgh" == without("abcdefgh", [(2, 4), (4, 6)])
    assert "abc" == without("abc", [])


def test_a_passage_of_two_texts_is_seen():
    """Two texts have a passage in common if a run of that many characters is in both."""
    assert have_passage("xxabcdexx", "yabcdey", 5)
    assert not have_passage("xxabcdexx", "yabcdxy", 5)
    assert not have_passage("abc", "abc", 5)
