"""
The hot loops, compiled by numba; each has a plain-Python oracle in tests/pipeline/.

Every kernel has an explicit signature and `cache=True`: it is compiled once per machine (by
`make setup`, or at the first import) and loaded from the cache by every worker. All of them work
on a batch: `codes` holds the code points of all its texts one after the other (uint32), and text
`i` is `codes[start[i] : start[i + 1]]`.
"""

from __future__ import annotations

import importlib.util
import pkgutil
import sys
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from seimai.pipeline.slim_imports import without


class _AfterNumba(Loader):
    """
    Loads numba before a module of kernels, and without scipy.

    numba asks scipy for a BLAS once, for `np.correlate` in a kernel, which we have not; `np.dot`
    would ask again.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As the loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """As the loader does, later."""
        with without("scipy"):
            importlib.import_module("numba.np.arraymath")
        self._loader.exec_module(module)


def _load_when_used(name: str) -> None:
    """
    Make a module of this folder that runs when it is first asked for something.

    numba and its cache take a second to load; a run that only judges stored numbers again needs
    neither.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    spec.loader = importlib.util.LazyLoader(_AfterNumba(spec.loader))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    globals()[name.rpartition(".")[2]] = module


for _module in pkgutil.iter_modules(__path__, f"{__name__}."):
    _load_when_used(_module.name)


def __getattr__(name: str) -> Any:
    """Tell type checkers that kernels are attributes of this package."""
    raise AttributeError(f"there is no kernel module {name!r}")
