"""Lines that an editor wrapped, made one line again: no blank between Japanese characters."""

from __future__ import annotations

import re

_WIDE = (
    "\u2e80-\u303f\u3040-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f"
)
"""Kana, kanji and full-width signs: scripts that are written without blanks."""
_WRAP = re.compile(rf"(?<=[{_WIDE}])[ \t\r]*\n[ \t\r\n]*(?=[{_WIDE}])")
_BLANK = re.compile(r"[ \t\r\n]+")


def unwrap(text: str) -> str:
    r"""
    One line out of several.

    >>> unwrap("精米は、\n  玄米を\nUnix で\n研ぐこと")
    '精米は、玄米を Unix で研ぐこと'
    """
    return _BLANK.sub(" ", _WRAP.sub("", text)).strip()
