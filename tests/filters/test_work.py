"""
The work law: eight times the text is about eight times the work, whatever the text is.

A filter that looks back from every character makes one record hold a worker for hours. The texts
here are what such filters fear: long runs of one sign, of beginnings without ends, of matches.
Processor time is compared within one process, with room for noise; work that grows with the
square would be 64 times as much.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

import pyarrow as pa
import pytest

from seimai.pipeline.cleaner import Cleaner, known_cleaners
from seimai.pipeline.signal import Signal, load
from seimai.pipeline.stages.clean import clean_texts
from seimai.pipeline.stages.sketch import sketch
from seimai.pipeline.stages.tokenize import tokenize, tokenize_texts
from seimai.pipeline.text import Texts

SIGNALS = load()
CLEANERS = known_cleaners()

SMALL, LARGE = 8_000, 64_000
"""Characters of each text: enough for a square to show, few enough for a law of every filter."""

MOST = 20
"""Times the work of eight times the text: what is linear stays below, a square would be at 64."""

NOISE = 0.05
"""Seconds that no law is made of."""

TRIES = 4

KILLERS = (
    "…", "—", "©", "”", "\u00a0", "\u3000", " ", "\n", "\r\n", "\t", "　\n", "。", "、", "ー",
    "々", "あ", "亜", "ア", "ｱ", "ﾞ", "か\u3099", "a", "A", "0", "０", "-", "ー-", "=", "■", "・",
    "/", "|", "<", "<a ", "</", "<!--", "&", "&amp", "&#x3042;", "(", "（", "「", "「」", "『「",
    "{", "}", "[[", "\\", "\\frac{", "$", "@", "a@", "a@b.", "a@b.example ", "https://",
    "http://a.", "www.a.jp/", "?a=1&", "03-", "03-1234-", "03-1234-5678 ", "〒100-0001 ",
    "4111 1111 1111 1111 ", "1234", "１２３－", "株式会社", "東京都千代田区1-2-3 ", "様",
    "出会い系", "無料", "クリック", "ログイン\n", "続きを読む", "Copyright ", "縺", "縺ゅ", "繧",
    "Ã", "Ã©", "â€™", "ã\u0081", "\ufffd", "\ue000", "\ud7a3", "안", "ç", "🍙", "👨\u200d",
    "\u200b", "\ufeff", "\u0300", "⼀", "说", "說", "です。", "です\n", "た。\n", "、\n",
    "ある日のこと、", "1. ", "- 米\n", "# 米\n", "米:麦\n", "if (a) {\n", "x = x + 1;\n",
    "　　米\n", "あいうえおかきくけこさしすせそ", "米の話。麦の話。", "第一章\n", "(1)", "※", "→",
    "★", "ＡＢＣ",
)  # fmt: skip
"""What each text is made of, again and again."""


def _texts(size: int) -> list[str]:
    return [(unit * (size // len(unit) + 1))[:size] for unit in KILLERS]


@cache
def _batch(size: int, *, words: bool) -> Texts:
    texts = Texts.of(*_texts(size))
    return Texts(texts.column, tokenize_texts(texts)) if words else texts


def _seconds(work: Callable[[int], object], size: int) -> float:
    begin = time.process_time()
    work(size)
    return time.process_time() - begin


def assert_linear(work: Callable[[int], object]) -> None:
    """The work of texts eight times as long, tried again where something else was busy."""
    work(100)  # What is loaded at the first call is no work of the text.
    few = many = 0.0
    for _ in range(TRIES):
        few, many = _seconds(work, SMALL), _seconds(work, LARGE)
        if many <= MOST * few + NOISE:
            return
    pytest.fail(f"{LARGE // SMALL} times the text is {many / few:.1f} times the work")


@pytest.mark.parametrize("signal", SIGNALS.values(), ids=list(SIGNALS))
def test_signals(signal: Signal) -> None:
    """Every signal does the work of its text once."""
    words = signal.needs == "tokens"

    def work(size: int) -> object:
        return signal(_batch(size, words=words))

    assert_linear(work)


@pytest.mark.parametrize("cleaner", CLEANERS.values(), ids=list(CLEANERS))
def test_cleaners(cleaner: Cleaner) -> None:
    """Every cleaner does, and what finds what it takes out."""

    def work(size: int) -> object:
        texts = _texts(size)
        if cleaner.where is not None:
            for text in texts:
                list(cleaner.where(text))
        return clean_texts(pa.array(texts, pa.large_string()), [cleaner])

    assert_linear(work)


@pytest.mark.parametrize("unit", ["char", "word"])
def test_sketches(unit: str) -> None:
    """Shingles and their hashes are made of each place once."""
    from seimai.pipeline.recipe import Dedup

    assert_linear(lambda size: sketch(_batch(size, words=unit == "word"), Dedup(unit=unit)))


def test_tokens() -> None:
    """Texts without an end of a sentence are cut, so that the parser's work stays linear."""
    assert_linear(lambda size: tokenize(Texts.of(*_texts(size // 4))))


def test_the_law_finds_a_square() -> None:
    """Work with a square in it, in one text of all, is found."""

    def work(size: int) -> None:
        for text in _texts(size):
            if text.startswith("…"):
                for k in range(0, len(text), 16):
                    text.find("…x", k)

    with pytest.raises(pytest.fail.Exception, match="times the work"):
        assert_linear(work)
