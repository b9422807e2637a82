"""Arrays in files."""

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from seimai.pipeline.arrays import load_array


class Circle:
    """Collected with Python code of its own, during which threads take turns."""

    def __init__(self) -> None:
        self.own = self

    def __del__(self) -> None:
        pass


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns and objects are collected as often as can be."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50, 2, 2)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*thresholds)


@pytest.mark.parametrize("size", [0, 3])
def test_written_and_read(tmp_path: Path, size: int) -> None:
    """An array comes back, even an empty one, and what is written to it stays out of the file."""
    np.save(tmp_path / "a.npy", np.arange(size))

    load_array(tmp_path / "a.npy")[:] = 7

    assert list(range(size)) == load_array(tmp_path / "a.npy").tolist()


@pytest.mark.usefixtures("restless")
def test_threads(tmp_path: Path) -> None:
    """Threads may look into files at one time, where `numpy.load` itself fails under 3.11."""
    np.save(tmp_path / "a.npy", np.arange(3))

    def look(_: int) -> int:
        found = 0
        for _ in range(1500):
            Circle()
            found += load_array(tmp_path / "a.npy").size
        return found

    with ThreadPoolExecutor(4) as threads:
        assert [4500] * 4 == list(threads.map(look, range(4)))
