"""
What the arrays of kernels and stages hold, for annotations, and how one in a file is looked into.

All have one dimension or say so.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline.machine import free_in_forks

if TYPE_CHECKING:
    from pathlib import Path

Codes: TypeAlias = NDArray[np.uint32]
"""Code points of texts, one after the other, or 32-bit hashes."""
Integers: TypeAlias = NDArray[np.int64]
"""Indices, offsets, counts and row numbers (int64)."""
Flags: TypeAlias = NDArray[np.bool_]
Octets: TypeAlias = NDArray[np.uint8]
"""Bytes, and classes that fit into one, such as parts of speech."""
Symbols: TypeAlias = NDArray[np.uint16]
SmallIntegers: TypeAlias = NDArray[np.int32]
Hashes: TypeAlias = NDArray[np.uint64]
Singles: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]


_HEADERS = threading.Lock()
free_in_forks(_HEADERS)


def load_array(path: Path) -> Any:
    """
    An array that `np.save` left in a file, of which only what is asked for is read.

    It may be written to, since kernels take no read-only arrays; nothing of that reaches the file.
    """
    # NumPy parses the header as Python, and two threads of CPython 3.11 that do so at a time can
    # fail with "AST constructor recursion depth mismatch".
    with _HEADERS:
        try:
            return np.asarray(np.load(path, mmap_mode="c"))
        except ValueError:
            return np.load(path)  # of length zero, which cannot be looked into
