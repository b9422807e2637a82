"""Tidying an output folder: what killed runs have left goes, the release stays."""

from __future__ import annotations

import pytest

from seimai.pipeline.engine.judging.across import COUNTING
from seimai.pipeline.engine.judging.group_ranks import JUDGING
from seimai.pipeline.engine.publishing.asked_files import RELEASING
from seimai.pipeline.engine.publishing.tidy import tidy
from seimai.pipeline.engine.run import run
from seimai.pipeline.stages.group import EXCHANGE
from tests.conftest import prose, recipe_of


@pytest.mark.parametrize("name", [EXCHANGE, COUNTING, JUDGING, RELEASING])
def test_folders_that_a_killed_run_passed_on_are_leftovers(tmp_path, write_lines, name):
    """Grouping, counting, judging and releasing each have a folder that a kill leaves behind."""
    path = write_lines(tmp_path / "in.jsonl", [{"text": prose(n)} for n in range(2)])
    out = tmp_path / "out"
    run(recipe_of(path), out)
    (out / "stages" / name).mkdir()
    (out / "stages" / name / "part-0.npy").write_bytes(b"half")

    found = tidy(out)

    assert (1, 4) == (found["leftovers"].files, found["leftovers"].bytes)
    assert not (out / "stages" / name).exists()
