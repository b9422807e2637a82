"""
A lean start: what numba and pyarrow would import that no run needs, and imports done quickly.

A run over a small sample is over in seconds, and each of these imports takes a fifth of one in
every process.
"""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Refuse(MetaPathFinder):
    """Finds no package of one name, before anybody else looks for it."""

    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(self, name: str, path: object, target: object = None) -> None:  # noqa: ARG002
        """Refuse that one, and leave all others to the finders behind."""
        if name == self._package:
            raise ModuleNotFoundError(name=name)


@contextmanager
def without(package: str) -> Iterator[None]:
    """Within the block a package that is not imported yet cannot be imported."""
    refuse = _Refuse(package)
    sys.meta_path.insert(0, refuse)
    try:
        yield
    finally:
        sys.meta_path.remove(refuse)


@contextmanager
def long_lived_imports() -> Iterator[None]:
    """
    Within the block nothing looks for garbage, and what was loaded in it is never looked at again.

    Imports make a hundred thousand objects that stay; to look through them again and again takes a
    fifth of the time. For our own processes only: another program may count on the collector.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def load_pyarrow(*, with_pandas: bool = False) -> None:
    """
    Load pyarrow, and unless `with_pandas` without pandas, before the first array is made.

    pyarrow looks for pandas once, when it is first given a list. `datasets` has it convert tables
    of pandas, so where a data set is read it may; stage files need none. For our own processes
    only: a program that imports Seimai may want to convert tables as well.
    """
    if with_pandas:
        return
    import pyarrow as pa

    with without("pandas"):
        pa.array([0])
