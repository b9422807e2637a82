"""
What is left of a question without the words that any question may have.

次のうち正しいものはどれか is in ten thousand pages that no benchmark has seen; what speaks for a
copy is the rest of a question, or its choices behind it.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline.arrays import Flags

WORDS = "generic.txt"


@cache
def _pattern() -> re.Pattern[str]:
    """The longest word at each place; the words may overlap."""
    text = (resources.files(__package__) / WORDS).read_text("utf-8")
    words = [line for line in text.splitlines() if line and not line.startswith("#")]
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(f"(?=({'|'.join(map(re.escape, longest))}))")


def generic_letters(codes: NDArray[np.uint32]) -> Flags:
    """
    Which letters of a bare question belong to words of any question.

    >>> codes = np.array(list(map(ord, "次のうち米はどれですか")), np.uint32)
    >>> "".join(chr(code) for code in codes[~generic_letters(codes)])
    '米'
    """
    found = np.zeros(codes.size, bool)
    for match in _pattern().finditer("".join(map(chr, codes.tolist()))):
        found[match.start() : match.end(1)] = True
    return found
