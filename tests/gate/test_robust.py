"""What must not matter to a verdict: line breaks, and whether personal data was masked."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from seimai.pipeline.api import clean, judge, load_recipe, measure

HERE = Path(__file__).parent
TEXTS = [
    json.loads(line)["text"] for line in (HERE / "texts.jsonl").read_text("utf-8").splitlines()
]
RECIPES = ("web", "documents", "records", "books", "strict")

LEAST_AGREEMENT = 0.9
"""Rank correlation of a signal with itself after line breaks became spaces; most are at 0.99."""

CONTACTS = [
    """
ご予約は本店 03-1234-5678、支店 06-1234-5678、携帯 090-1234-5678 のいずれかにお電話でお願いします。
定休日は水曜です。
""",
    "急ぎの場合は携帯（090-1234-5678）に電話してください。髙木太郎",
    """
担当者の一覧です。
佐藤　sato@example.com　03-1234-5678
鈴木　suzuki@example.com　03-1234-5679
高橋　takahashi@example.com　03-1234-5680
休みの日は、上の番号ではなく代表の番号にお電話をお願いします。
""",
    """
見学を希望される方は、前日の夕方までに、mail@example.jp か 052-123-4567 までご連絡ください。
当日は正門の前に集まり、係の者がご案内するまでお待ちください。
""",
    "お問い合わせ：info@example.jp、sales@example.jp、support@example.jp",
]
"""Texts with more personal data than anything else."""


def limited() -> list[str]:
    """Every signal that a limit of a shipped recipe looks at."""
    return sorted({name for recipe in RECIPES for name in load_recipe(recipe).limited})


@cache
def numbers() -> tuple[Any, Any]:
    """The numbers of all texts as they are, and with their line breaks turned into spaces."""
    joined = [" ".join(text.split("\n")) for text in TEXTS]
    return measure(TEXTS, limited()), measure(joined, limited())


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rank of each value, the mean of their ranks where some are equal."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    mean: NDArray[np.float64] = ((last - count + 1 + last) / 2)[place]
    return mean


@pytest.mark.parametrize("name", limited())
def test_line_breaks_do_not_matter(name: str) -> None:
    """A signal that a shipped recipe limits ranks texts alike with and without line breaks."""
    before, after = (table.column(name).to_numpy().astype(np.float64) for table in numbers())
    both = ~np.isnan(before) & ~np.isnan(after)
    before, after = before[both], after[both]
    if (before == after).all():
        return

    assert LEAST_AGREEMENT <= np.corrcoef(ranks(before), ranks(after))[0, 1]


@pytest.mark.parametrize("recipe", RECIPES)
def test_masks_do_not_matter(recipe: str) -> None:
    """A text gets the same verdict with its numbers and addresses, and with masks for them."""
    loaded = load_recipe(recipe)
    unmasked = loaded.model_copy(
        update={"clean": tuple(name for name in loaded.clean if name != "personal")}
    )
    masked = clean(CONTACTS, ["personal"])

    assert 0 < min(masked.column("masked").to_pylist())
    expected = judge(CONTACTS, unmasked).column("kept").to_pylist()
    assert expected == judge(masked.column("text"), unmasked).column("kept").to_pylist()
