"""A process that runs again and again, as a service or a notebook does, and grows no larger."""

from __future__ import annotations

import gc

from seimai.pipeline.engine.run import run
from tests.conftest import prose, recipe_of

WARM = 3
"""Runs until all that is loaded and made once is there."""

MORE = 4

FEW = 40
"""Objects that come and go: weak references, caches of the standard library."""


def test_runs_leave_no_objects_behind(tmp_path, write_lines):
    """A file a day comes, the texts are judged anew, and what the process holds stays the same."""
    recipe = recipe_of(
        tmp_path / "in",
        limits={"text.length_count": {"min": 40}, "word.noun_share": {"max": 0.9}},
    )
    counts = []
    for day in range(WARM + MORE):
        lines = [{"id": f"{day}-{k}", "text": prose(100 * day + k)} for k in range(20)]
        write_lines(tmp_path / f"in/{day}.jsonl", lines)
        kept = run(recipe, tmp_path / "out")["counts"]["read"]
        assert 20 * (day + 1) == kept
        gc.collect()
        counts.append(len(gc.get_objects()))

    assert counts[-1] - counts[WARM - 1] < FEW, counts
