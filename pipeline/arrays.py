"""What the arrays of kernels and stages hold, for annotations; all have one dimension or say so."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Codes: TypeAlias = NDArray[np.uint32]
"""Code points of texts, one after the other, or 32-bit hashes."""
Integers: TypeAlias = NDArray[np.int64]
"""Places, offsets, counts and rows."""
Flags: TypeAlias = NDArray[np.bool_]
Octets: TypeAlias = NDArray[np.uint8]
"""Bytes, and small classes such as parts of speech."""
Symbols: TypeAlias = NDArray[np.uint16]
SmallIntegers: TypeAlias = NDArray[np.int32]
Hashes: TypeAlias = NDArray[np.uint64]
Singles: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
