"""Kernels are loaded from numba's cache one by one, when they are first called."""

from __future__ import annotations

import subprocess
import sys

import pytest

_SHOW = """
import numpy as np
from seimai.pipeline import kernels
codes, start = np.array([12354, 12354], np.uint32), np.array([0, 2])
runs = kernels.codes.longest_run
print(len(runs.overloads), end=" ")
found = runs(codes, start)
print(*found.tolist(), len(runs.overloads), len(kernels.codes.find_lines.overloads))
try:
    runs(codes.astype(np.float64), start)
except TypeError:
    print("refused")
kernels.load_all(kernels.codes)
print(len(kernels.codes.find_lines.overloads), len(runs.overloads))
"""

_LOAD_ALL = """
import importlib, pkgutil, sys
from seimai.pipeline import kernels
for module in pkgutil.iter_modules(kernels.__path__):
    kernels.load_all(importlib.import_module(f"{kernels.__name__}.{module.name}"))
print("scipy" in sys.modules, "done")
"""


@pytest.fixture(scope="module")
def shown():
    """What a new process has loaded before a call, after it, and when all is asked for."""
    done = subprocess.run([sys.executable, "-c", _SHOW], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_a_kernel_is_loaded_at_its_first_call(shown):
    """Before it there is none; after it only its own, which counts a run of two."""
    assert shown[0] == "0 2 1 0"


def test_only_declared_signatures_are_compiled(shown):
    """A kernel refuses types that its signature does not name, and compiles nothing for them."""
    assert shown[1] == "refused"


def test_all_kernels_of_a_module_are_loaded_for_the_cache(shown):
    """Compiling beforehand leaves none for a worker to compile."""
    assert shown[2] == "1 1"


def test_every_kernel_finds_what_it_calls():
    """All load in a new process; LLVM ends one where a function is missing."""
    done = subprocess.run(
        [sys.executable, "-c", _LOAD_ALL], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout.split()) == (0, ["False", "done"])
