"""A record that takes too long: named, put aside, and the rest of its shard goes on."""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow as pa
import pytest

from seimai.pipeline import cleaner
from seimai.pipeline.engine.run import run
from seimai.pipeline.engine.shards import text_shards
from seimai.pipeline.engine.workers import time_limit
from seimai.pipeline.engine.workers.time_limit import Limit, SlowRows, alive, ended_rows, watched
from seimai.pipeline.errors import TooSlow
from seimai.pipeline.ingest.one_record import careful, one_record
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.recipe import Recipe
from tests.conftest import ids, prose, release_digests, released

SLOW = '''
from pathlib import Path

from seimai.pipeline.cleaner import cleaner
from seimai.pipeline.signal import signal


def hang(texts, word):
    for text in texts:
        if word in text:
            with Path(__file__).with_name("tried").open("a") as tried:
                tried.write(".")
        while word in text:
            pass


@signal("test.slow_score", between=(0, 1))
def slow(texts):
    """Works on some texts for ever, and swallows what is raised meanwhile."""
    try:
        hang(texts.column.to_pylist(), "測定の罠")
    except Exception:
        pass
    return texts.length * 0


@signal("test.slow_word_score", between=(0, 1), needs="tokens")
def slow_words(texts):
    """The same, where words are measured."""
    hang(texts.column.to_pylist(), "単語の罠")
    return texts.length * 0


@cleaner("test.slow_cleaner", touches="罠")
def slow_cleaner(text):
    """The same, where texts are cleaned."""
    hang([text], "整形の罠")
    return text
'''


STUCK = """
import sys
from collections import deque
from itertools import repeat

from seimai.pipeline.engine.shards import text_shards

whole = text_shards.read


def read(*given):
    for item in whole(*given):
        if "読解の罠" in getattr(item, "text", ""):
            deque(repeat(0), maxlen=0)  # in C, for ever
        yield item


if sys.modules["__main__"].__spec__.name == "seimai.pipeline.engine.worker":
    text_shards.read = read
"""


def test_a_reader_that_hangs_in_c(write_lines, tmp_path):
    """Its worker is ended; the record and what follows in its file are put aside, and named."""
    texts = [{"id": f"a{k}", "text": prose(k)} for k in range(6)]
    texts[3]["text"] += "読解の罠"
    write_lines(tmp_path / "in/a.jsonl", texts)
    write_lines(tmp_path / "in/b.jsonl", [{"id": "b", "text": prose(9)}])
    (tmp_path / "stuck.py").write_text(STUCK, "utf-8")
    result = run(
        _recipe(tmp_path / "in"), tmp_path / "out", workers=1, filters=[str(tmp_path / "stuck.py")]
    )
    (aside,) = released(tmp_path / "out", "quarantine")

    assert ["a0", "a1", "a2", "b"] == ids(tmp_path / "out")
    assert ("too_slow", "after 3 items") == (aside["cause"], aside["place"])
    assert ["a.jsonl"] == result["gave_up"]
    assert [] == list((tmp_path / "out").rglob("*.tmp"))


@pytest.fixture
def filters(tmp_path, clean_registry):
    """A file of filters that never come back from some texts."""
    del clean_registry
    path = tmp_path / "slow.py"
    path.write_text(SLOW, "utf-8")
    yield str(path)
    cleaner._registry.pop("test.slow_cleaner", None)  # noqa: SLF001 - as in `clean_registry`


def _recipe(path, seconds=1, **parts) -> Recipe:
    source = {"name": "crawl", "files": [str(path)], "max_seconds": seconds}
    return Recipe.model_validate({"recipe": "test", "source": [source], **parts})


@pytest.fixture
def corpus(tmp_path, write_lines):
    """Ordinary texts, and among them one for each trap."""
    texts = [{"id": f"a{k}", "text": prose(k)} for k in range(20)]
    for place, trap in ((4, "測定"), (9, "単語"), (15, "整形")):
        texts[place] = {"id": trap, "text": f"{prose(place)}{trap}の罠である。"}
    return write_lines(tmp_path / "in.jsonl", texts)


def test_slow_records_are_put_aside(corpus, tmp_path, filters):
    """Each goes to quarantine with its id and place, the others are released, and it stays so."""
    parts = {"clean": ["test.slow_cleaner"], "limits": {"test.slow_word_score": {"max": 1}}}
    recipe = _recipe(corpus, **parts)
    result = run(recipe, tmp_path / "out", workers=1, filters=[filters])
    aside = released(tmp_path / "out", "quarantine")

    assert {"too_slow": 3} == result["quarantine_causes"]
    assert 17 == len(ids(tmp_path / "out"))
    assert ["too_slow"] * 3 == [row["cause"] for row in aside]
    assert all(row["place"].startswith("@") for row in aside)
    assert ["測定", "単語", "整形"] == [row["detail"].partition("(id ")[2][:-1] for row in aside]
    assert ["measuring it", "measuring its words", "cleaning it"] == [
        row["detail"].partition(" took")[0] for row in aside
    ]
    assert "fail" not in {check.state for check in verify(tmp_path / "out")}

    digests = release_digests(tmp_path / "out")
    tried = Path(filters).with_name("tried").read_text()
    run(recipe, tmp_path / "out", workers=1, filters=[filters])

    assert digests == release_digests(tmp_path / "out")
    assert tried == Path(filters).with_name("tried").read_text(), "none is tried again"


def test_a_mended_filter_gets_another_chance(corpus, tmp_path, filters):
    """What was too slow for a filter is read again when the filter has changed."""
    recipe = _recipe(corpus)
    run(recipe, tmp_path / "out", workers=1, filters=[filters])

    assert {"測定"}.isdisjoint(ids(tmp_path / "out"))

    Path(filters).write_text(SLOW.replace("while word in text", "if word in text"), "utf-8")
    run(recipe, tmp_path / "out", workers=1, filters=[filters])

    assert 20 == len(ids(tmp_path / "out"))


def _table(*texts: str) -> pa.Table:
    return pa.table({"text": pa.array(texts, pa.large_string())})


def _spin(table: pa.Table) -> int:
    """Never comes back from a text that says so; one that says `sleep` only waits."""
    for text in table["text"].to_pylist():
        while text == "spin":
            pass
        if text == "sleep":
            time.sleep(600)
    return table.num_rows


def test_rows_are_found_in_forks(monkeypatch):
    """All slow rows of a batch, and no other, whether they work or only wait."""
    monkeypatch.setattr(time_limit, "WAITING", 5)
    texts = ["a"] * 200
    texts[7] = texts[131] = "spin"
    texts[132] = "sleep"

    assert [7, 131, 132] == list(ended_rows(_spin, _table(*texts), 0.3))
    assert [] == list(ended_rows(_spin, _table("a", "b"), 0.3))
    assert [1] == list(ended_rows(_spin, _table("a", "spin"), 0.3))


def test_a_slow_batch_of_quick_rows_is_done():
    """Where no row is slow alone, the batch has the time that it needs."""

    def slow(table):
        end = time.process_time() + 0.02 * table.num_rows
        while time.process_time() < end:
            pass
        return table.num_rows

    with watched(0.2, worker=True):
        assert 50 == Limit(0.2).hold("measure", slow, _table(*["a"] * 50))


def test_a_worker_names_rows_and_a_driver_hands_over():
    """Where a process may not be ended, `TooSlow` goes up to who has one that may."""
    with watched(0.2, worker=True), pytest.raises(SlowRows) as caught:
        Limit(0.2).hold("measure", _spin, _table("a", "spin", "b"))

    assert ("measure", [1]) == (caught.value.step, caught.value.rows)

    with watched(0.2, worker=False), pytest.raises(TooSlow):
        Limit(0.2).hold("measure", _spin, _table("a", "spin", "b"))


def test_without_a_watch_there_is_no_limit():
    """Where nobody asked for one, a step is simply done."""
    assert 2 == Limit(0).hold("measure", _spin, _table("a", "b"))


def _read_for(seconds: float) -> str:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "a text"


def test_a_record_that_is_slow_to_read():
    """Reading it is stopped, it is quarantined where it stands, and reading goes on."""
    from seimai.pipeline.ingest.contract import Document

    def shape(seconds, place):
        return Document(_read_for(seconds), place)

    with watched(0.2, worker=False):
        items = []
        for place, seconds in (("@0", 0.0), ("@1", 60.0), ("@2", 0.0)):
            items += one_record(shape, seconds, place, place=place)
            alive()
        items.append(careful(shape)(60.0, "@3"))

    assert [None, "too_slow", None, "too_slow"] == [getattr(one, "cause", None) for one in items]
    assert ["@0", "@1", "@2", "@3"] == [one.place for one in items]


def test_many_records_are_not_one(write_lines, tmp_path, curate, monkeypatch):
    """Reading may take as long as there are records; the limit is for each of them."""
    whole = text_shards.read

    def slow(*given):
        for item in whole(*given):
            _read_for(0.1)
            yield item

    monkeypatch.setattr(text_shards, "read", slow)
    path = write_lines(tmp_path / "in.jsonl", [{"text": prose(k)} for k in range(30)])

    assert 30 == curate(_recipe(path), tmp_path / "out")["counts"]["kept"]
