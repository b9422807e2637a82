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


_IN_THREADS = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from seimai.pipeline import kernels
sys.setswitchinterval(1e-6)
codes, start = np.array([12354, 12354], np.uint32), np.array([0, 2])
together = threading.Barrier(16)
def first(_):
    together.wait()
    return kernels.codes.longest_run(codes, start).tolist()
with ThreadPoolExecutor(16) as pool:
    print(set(map(tuple, pool.map(first, range(16)))))
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


def test_threads_may_ask_for_a_kernel_at_the_same_time():
    """The first loads module and kernel, the others wait; none sees a half."""
    done = subprocess.run(
        [sys.executable, "-c", _IN_THREADS], capture_output=True, text=True, check=False
    )

    assert (done.stderr, done.stdout) == ("", "{(2,)}\n")
