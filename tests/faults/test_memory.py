"""
Records that need more memory than there is: the system ends their worker, once and again.

A filter that sends itself SIGKILL stands for them: that is all that a worker notices of it.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pyarrow as pa
import pytest

from seimai.pipeline import cleaner
from seimai.pipeline.engine.run import run
from seimai.pipeline.engine.workers.time_limit import ended_rows
from seimai.pipeline.recipe import Recipe
from tests.conftest import ids, prose, released

GREEDY = '''
import os
import signal as signals
from pathlib import Path

import numpy as np

from seimai.pipeline.cleaner import cleaner
from seimai.pipeline.signal import signal


def take(texts, trap):
    for text in texts:
        if trap in text:
            os.kill(os.getpid(), signals.SIGKILL)


@signal("test.greedy_score", between=(0, 1))
def greedy(texts):
    """Takes all memory for some texts."""
    take(texts.column.to_pylist(), "測定の大食")
    return np.zeros(len(texts))


@signal("test.greedy_word_score", between=(0, 1), needs="tokens")
def greedy_words(texts):
    """The same, where words are measured."""
    take(texts.column.to_pylist(), "単語の大食")
    return np.zeros(len(texts))


@cleaner("test.greedy_cleaner")
def greedy_cleaner(text):
    """The same, where texts are cleaned."""
    take([text], "整形の大食")
    return text
'''

GREEDY_READER = """
import os
import signal
import sys
from seimai.pipeline.engine.shards import text_shards

whole = text_shards.read


def read(*given):
    for item in whole(*given):
        if "読解の大食" in getattr(item, "text", ""):
            os.kill(os.getpid(), signal.SIGKILL)
        yield item


if sys.modules["__main__"].__spec__.name == "seimai.pipeline.engine.worker":
    text_shards.read = read
"""


@pytest.fixture
def filters(tmp_path, clean_registry):
    """A file of filters that take all memory for some texts."""
    del clean_registry
    path = tmp_path / "greedy.py"
    path.write_text(GREEDY, "utf-8")
    yield str(path)
    cleaner._registry.pop("test.greedy_cleaner", None)  # noqa: SLF001 - as in `clean_registry`


def _recipe(path: Path, **parts: object) -> Recipe:
    source = [{"name": "crawl", "files": [str(path)]}]
    return Recipe.model_validate({"recipe": "test", "source": source, **parts})


def test_a_text_that_takes_all_memory(write_lines, tmp_path, filters):
    """Its shard is tried again, each such text goes to quarantine by its id, the rest is kept."""
    texts = [{"id": f"a{k}", "text": prose(k)} for k in range(9)]
    for place, trap in ((2, "測定"), (4, "単語"), (7, "整形")):
        texts[place]["text"] += f"{trap}の大食"
    write_lines(tmp_path / "in.jsonl", texts)
    parts = {"clean": ["test.greedy_cleaner"], "limits": {"test.greedy_word_score": {"max": 1}}}
    recipe = _recipe(tmp_path / "in.jsonl", **parts)
    result = run(recipe, tmp_path / "out", workers=1, filters=[filters])
    aside = released(tmp_path / "out", "quarantine")

    assert [f"a{k}" for k in (0, 1, 3, 5, 6, 8)] == ids(tmp_path / "out")
    assert ["too_large"] * 3 == [one["cause"] for one in aside]
    for text, step in (("a2", "measuring it"), ("a7", "cleaning it"), ("a4", "its words")):
        assert any(
            step in one["detail"] and f"memory than there was (id {text})" in one["detail"]
            for one in aside
        )
    assert 9 == result["counts"]["read"]
    assert [] == list((tmp_path / "out").rglob("*.tmp"))

    again = run(recipe, tmp_path / "out", workers=1, filters=[filters])

    assert result["counts"] == again["counts"]


def test_a_record_whose_reader_takes_all_memory(write_lines, tmp_path):
    """It is put aside, and named, when it has ended two workers."""
    texts = [{"id": f"a{k}", "text": prose(k)} for k in range(5)]
    texts[3]["text"] += "読解の大食"
    write_lines(tmp_path / "in/a.jsonl", texts)
    write_lines(tmp_path / "in/b.jsonl", [{"id": "b", "text": prose(9)}])
    (tmp_path / "reader.py").write_text(GREEDY_READER, "utf-8")
    options = {"workers": 1, "filters": [str(tmp_path / "reader.py")]}
    result = run(_recipe(tmp_path / "in"), tmp_path / "out", **options)
    (aside,) = released(tmp_path / "out", "quarantine")

    assert ["a0", "a1", "a2", "b"] == ids(tmp_path / "out")
    assert ("too_large", "after 3 items") == (aside["cause"], aside["place"])
    assert ["a.jsonl"] == result["gave_up"]


def test_forks_say_how_they_ended():
    """A row that is killed is told from the others, and the others are tried all the same."""

    def step(table: pa.Table) -> None:
        if "大食" in table["text"].to_pylist():
            os.kill(os.getpid(), signal.SIGKILL)

    texts = ["a", "大食", "b", "大食"]

    assert {1: -signal.SIGKILL, 3: -signal.SIGKILL} == ended_rows(
        step, pa.table({"text": texts}), 5
    )
