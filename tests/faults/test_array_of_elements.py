"""An array of which a fifth is killed gives the bytes of one process; 1,000 of them by hand."""

from __future__ import annotations

import os
from pathlib import Path

from seimai.pipeline.engine.planning import plan
from tests.faults.array_of_1000 import try_array

ELEMENTS = 30


def test_an_array_with_a_fifth_killed_gives_the_same_bytes(tmp_path, monkeypatch):
    """What has no answer is submitted again, and nothing else is."""
    monkeypatch.setenv("PATH", os.environ["PATH"])
    # The stand-in works in a folder of its own, and must find the same code.
    places = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    absolute = os.pathsep.join(str(Path(one).absolute()) for one in places)
    monkeypatch.setenv("PYTHONPATH", absolute)
    monkeypatch.setattr(plan, "SMALL_BYTES", plan.SMALL_BYTES)
    found = try_array(tmp_path, ELEMENTS)

    assert found["same"]
    assert ELEMENTS == found["read"]
    assert ELEMENTS == found["elements"][0]
    # An element may have answered before it was killed.
    assert 0 < sum(found["elements"][1:]) <= found["killed"] < ELEMENTS
