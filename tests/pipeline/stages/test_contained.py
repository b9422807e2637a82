"""Texts that stand in a longer one, against plain Python."""

from __future__ import annotations

import random

import numpy as np
import pytest

from seimai.pipeline.kernels import winnow as kernels
from seimai.pipeline.stages import contained
from seimai.pipeline.stages.contained import find_contained, rejected
from seimai.pipeline.text import Texts

LENGTH = 20
LETTERS = "あいうえおかきくけこさしすせそたちつてと"


def noise(seed: int, length: int) -> str:
    """Letters that share nothing with anything."""
    return "".join(random.Random(seed).choices(LETTERS, k=length))


def find(folder, texts, cuts=2, length=LENGTH):
    """What is found in texts that are cut into shards."""

    def shard(rows):
        return lambda: (Texts.of(*(texts[row] for row in rows.tolist())), rows)

    rows = np.array_split(np.arange(len(texts)), cuts)
    return find_contained([shard(some) for some in rows], len(texts), length, folder)


def shared_share(text: str, others: list[str]) -> float:
    """The share of a text in runs of at least `LENGTH` letters that one of the others has."""
    covered = np.zeros(len(text), bool)
    for k in range(len(text) - LENGTH + 1):
        if any(text[k : k + LENGTH] in other for other in others):
            covered[k : k + LENGTH] = True
    return float(np.float32(covered.mean()))


def corpus(seed: int) -> list[str]:
    """Texts of all lengths that share passages of all lengths, at any place."""
    random_ = random.Random(seed)
    passages = [noise(1000 * seed + k, length) for k, length in enumerate(range(10, 60, 3))]
    texts = []
    for k in range(30):
        parts = [noise(7000 * seed + 10 * k + j, random_.randint(0, 40)) for j in range(3)]
        parts += random_.sample(passages, random_.randint(0, 2))
        random_.shuffle(parts)
        texts.append("".join(parts) or "あ")
    return texts


@pytest.mark.parametrize("seed", range(5))
def test_every_passage_of_a_longer_text_is_found(tmp_path, seed, monkeypatch):
    """The share that longer texts have is that of plain Python, whatever is done at a time."""
    texts = corpus(seed)
    monkeypatch.setattr(contained, "LINKS", 100)
    found = find(tmp_path, texts)
    expected = [
        shared_share(text, [o for k, o in enumerate(texts) if found.rank[k] < found.rank[row]])
        for row, text in enumerate(texts)
    ]

    assert expected == found.shared.tolist()
    assert [] == list(tmp_path.iterdir())

    monkeypatch.setattr(contained, "HASHES_AT_ONCE", 50)
    monkeypatch.setattr(contained, "MEMBERS_AT_ONCE", 7)
    again = find(tmp_path, texts, cuts=7)
    for one, other in ((found.container, again.container), (found.share, again.share)):
        assert one.tolist() == other.tolist()


def test_a_text_within_another_is_contained(tmp_path):
    """The inner text has the outer one as its container, however its lines break."""
    inner = noise(1, 60)
    outer = noise(2, 50) + inner[:30] + "\n " + inner[30:] + noise(3, 20)
    found = find(tmp_path, [inner, outer, noise(4, 80)])

    assert [1, -1, -1] == found.container.tolist()
    assert [1.0, 0.0, 0.0] == found.share.tolist()
    assert [True, False, False] == rejected(found, 0.95).tolist()


def test_shorter_passages_say_nothing(tmp_path):
    """A passage one letter shorter than asked for is none; one that is as long is one."""
    for length, share in ((LENGTH - 1, 0.0), (LENGTH, 0.5)):
        passage = noise(1, length)
        texts = [noise(5, length) + passage, noise(2, 30) + passage + noise(3, 30)]
        found = find(tmp_path, texts)

        assert [share, 0.0] == found.share.tolist()


def test_what_goes_has_a_copy_that_stays(tmp_path):
    """Of three texts that stand in each other only the longest stays."""
    one = noise(1, 100)
    found = find(tmp_path, [one[:40], one[:70], one])
    gone = rejected(found, 0.9)

    assert [True, True, False] == gone.tolist()
    assert not gone[found.container[gone]].any()


def test_order_does_not_matter(tmp_path):
    """The same texts in another order share the same."""
    texts = corpus(3)
    order = random.Random(1).sample(range(len(texts)), len(texts))
    one, other = find(tmp_path, texts), find(tmp_path, [texts[k] for k in order])

    assert [one.share[k] for k in order] == other.share.tolist()
    assert [one.shared[k] for k in order] == other.shared.tolist()


def test_a_row_of_one_sign_gives_few_hashes():
    """Ten thousand equal signs give a hash a window, not one a sign."""
    codes = np.full(10_000, 45, np.uint32)
    chosen, _, _ = kernels.winnow(codes, np.array([0, codes.size]), 50, 51)

    assert chosen.size < 2 * 10_000 / 50
