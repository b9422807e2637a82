"""Where the texts of a run lie with a signal."""

from __future__ import annotations

import json

import numpy as np
import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.inspect.spread import PERCENTS, spread
from tests.conftest import prose, recipe_of


@pytest.fixture
def out(tmp_path, write_lines, curate):
    """A run over twenty texts, of which a limit rejects some, and one without letters."""
    records = [{"id": f"a{k}", "text": prose(k, 1 + k)} for k in range(20)]
    records.append({"id": "b", "text": "2025"})
    source = write_lines(tmp_path / "in.jsonl", records)
    curate(recipe_of(source, limits={"text.length_count": {"min": 100}}), tmp_path / "out")
    return tmp_path / "out"


def test_percentiles_are_of_all_texts(out):
    """Kept and rejected ones count, as in the recipe that a limit is sought for."""
    lengths = [len(prose(k, 1 + k)) for k in range(20)] + [4]
    found = spread(out, "text.length_count")

    assert (21, 0) == (found.texts, found.empty)
    assert np.percentile(lengths, PERCENTS).tolist() == [value for _, value in found.percentiles]


def test_texts_with_nothing_to_measure_are_counted_apart(out):
    """A number that is not there is in no percentile."""
    found = spread(out, "text.simplified_share")

    assert (20, 1) == (found.texts, found.empty)


def test_the_command_shows_them(out, capsys):
    """`signals --on` shows the spread in a line of either language, and as data."""
    where = ("--on", str(out))

    assert 0 == main(["signals", "text.length_count", *where, "--lang", "en"])
    assert "in this run" in capsys.readouterr().out
    assert 0 == main(["signals", "text.length_count", *where, "--lang", "ja"])
    assert "中央値" in capsys.readouterr().out
    assert 0 == main(["signals", "text.length_count", *where, "--format", "json"])
    assert 21 == json.loads(capsys.readouterr().out)[0]["on"]["texts"]


@pytest.mark.parametrize("asked", [("text",), ()])
def test_a_family_is_no_signal(out, capsys, asked):
    """Percentiles are those of one signal; what else is asked for is a problem."""
    assert 2 == main(["signals", *asked, "--on", str(out)])
    assert "U018" in capsys.readouterr().err


def test_words_that_nobody_measured_are_no_texts(out):
    """A run without limits on words has no numbers of them, and that is what is said."""
    found = spread(out, "word.noun_share")

    assert (0, 0, ()) == (found.texts, found.empty, found.percentiles)
