"""
Token counts: how many tokens of a training tokenizer each kept text has.

Nothing of a verdict depends on it; a release, its card and its report tell it. What begins and
ends a document is not counted: how a training run frames its texts is for `delivery/` to know.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seimai.pipeline.tokenizer import NONE, Tokenizer, encoded, load_tokenizer

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Flags

ALONE = "TOKENIZERS_PARALLELISM"


def open_tokenizer(path: str) -> Tokenizer:
    """The tokenizer of a recipe, loaded once in a process. Raises `Problem` T001 or T002."""
    try:
        state = Path(path).stat()
    except OSError:
        return load_tokenizer(path, NONE)
    return _loaded(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=2)
def _loaded(path: str, _changed: int, _size: int) -> Tokenizer:
    # Workers have one processor each: threads of the package's own would only wait for each other.
    os.environ.setdefault(ALONE, "false")
    return load_tokenizer(path, NONE)


def count_tokens(texts: pa.ChunkedArray, kept: Flags, tokenizer: Tokenizer) -> pa.Table:
    """For each text its `tokens`, and those of them that are `unknown`; 0 for what is not kept."""
    columns = {name: np.zeros(kept.size, np.int64) for name in ("tokens", "unknown")}
    if kept.any():
        _, lengths, unknown = encoded(tokenizer, texts.filter(pa.array(kept)).to_pylist())
        columns["tokens"][kept], columns["unknown"][kept] = lengths, unknown
    return pa.table(columns)
