"""This text has this number, and why: the case files in `cases/`, one per signal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seimai.pipeline.signal import load
from seimai.pipeline.stages.tokenize import tokenize_texts
from seimai.pipeline.text import Texts

FOLDER = Path(__file__).parent / "cases"
SIGNALS = load()
OURS = [name for name, signal in SIGNALS.items() if signal.place.startswith("filters")]
FEWEST = 3
CLOSE = 0.005
"""Case files round to two or three digits."""


def cases() -> list[Any]:
    """All cases of all files, the known failures as strict expected failures."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            marks = [pytest.mark.xfail(reason=case["why"])] if case.get("known_failure") else []
            found.append(
                pytest.param(path.stem, case, id=f"{path.stem}-{case['label']}", marks=marks)
            )
    return found


@pytest.mark.parametrize(("name", "case"), cases())
def test_case(name: str, case: dict[str, Any]) -> None:
    """The signal gives the number that the case expects; null stands for nan."""
    texts = Texts.of(case["text"])
    if SIGNALS[name].needs == "tokens":
        texts = Texts(texts.column, tokenize_texts(texts))
    expected = np.nan if case["expect"] is None else case["expect"]

    np.testing.assert_allclose(
        SIGNALS[name](texts)[0], expected, rtol=CLOSE, atol=CLOSE, err_msg=case["why"]
    )


@pytest.mark.parametrize(
    "name", [name for name in SIGNALS if SIGNALS[name].place.startswith("filters")]
)
def test_every_signal_has_cases(name: str) -> None:
    """Each of our signals has at least three cases, each with its reason and its source."""
    listed = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))

    assert len(listed) >= FEWEST
    assert all({"label", "text", "expect", "source", "why"} <= set(case) for case in listed)


def test_every_file_has_a_signal() -> None:
    """No case file is left behind by a signal that is gone."""
    assert set() == {path.stem for path in FOLDER.glob("*.json")} - set(SIGNALS)
