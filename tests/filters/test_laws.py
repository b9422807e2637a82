"""Laws that hold for every signal, whoever wrote it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.signal import Signal, load
from seimai.pipeline.stages.tokenize import tokenize_texts
from seimai.pipeline.text import Texts

SIGNALS = load()
ALL = pytest.mark.parametrize("signal", SIGNALS.values(), ids=list(SIGNALS))

STRANGE = [
    "",
    " ",
    "\n\n\n",
    "\u3000",
    "々",
    "ゝ゛",
    "か\u3099き\u309a",
    "🍙🍣👨‍👩‍👧",
    "一行目\r\n二行目\r\n",
    "\ufeff先頭",
    "\ufffd\ufffd",
    "𠮷野家の𩸽",
    "〓" * 50,
    "ｱｲｳｴｵ",
    "ー" * 300,
    "a" * 1000,
    "。" * 30,
    "\t\t|\t|",
    "https://example.jp/" * 5,
    "<div><p>",
    "縺ゅ＞縺",
]
"""Texts that break careless arithmetic."""

JAPANESE = st.text(
    st.sampled_from("あいのはがをにです。、「」アー漢字々ヶ米水 \n　…！?0１aＡ｡ｱ・|/"), max_size=80
)
ANYTHING = st.one_of(st.sampled_from(STRANGE), JAPANESE, st.text(max_size=40))
BATCHES = st.lists(ANYTHING, min_size=1, max_size=6)


def batch(texts: list[str], signal: Signal) -> Texts:
    """A batch with tokens where the signal needs them."""
    # Text in a shard is valid UTF-8: readers replace lone surrogates.
    plain = Texts.of(*(text.encode("utf-8", "replace").decode() for text in texts))
    return Texts(plain.column, tokenize_texts(plain)) if signal.needs == "tokens" else plain


@ALL
@settings(max_examples=25, deadline=None)
@given(texts=BATCHES)
def test_one_number_in_range(signal: Signal, texts: list[str]) -> None:
    """Every text gets one number, within the signal's range or nan."""
    numbers = signal(batch(texts, signal))
    low, high = signal.between
    known = numbers[~np.isnan(numbers)]

    assert (len(texts),) == numbers.shape
    assert ((low - 1e-6 <= known) & (known <= high + 1e-6)).all()


@ALL
@settings(max_examples=15, deadline=None)
@given(texts=BATCHES, order=st.randoms(use_true_random=False))
def test_batch_and_order_do_not_matter(signal: Signal, texts: list[str], order: object) -> None:
    """A text has the same number alone, in any batch and in any order."""
    shuffled = list(range(len(texts)))
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    together = signal(batch([texts[k] for k in shuffled], signal))
    alone = [signal(batch([texts[k]], signal))[0] for k in shuffled]

    np.testing.assert_array_equal(np.array(alone, np.float32), together)


@ALL
def test_strange_texts_do_not_raise(signal: Signal) -> None:
    """Empty, blank, broken and exotic texts are measured like any other."""
    assert len(STRANGE) == len(signal(batch(STRANGE, signal)))


@ALL
def test_it_says_what_it_is(signal: Signal) -> None:
    """Every signal has a name with a family and a unit, and a docstring that explains it."""
    family, _, thing = signal.name.partition(".")

    assert family
    assert thing.rpartition("_")[2] in {"share", "count", "mean", "max", "score"}
    assert len(signal.doc) > 100
