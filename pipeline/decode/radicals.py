"""
Radicals that stand for kanji: ⼈ for 人, ⻄ for 西, as fonts of Japanese PDFs give them.

Unicode has signs of their own for the 214 Kangxi radicals and for 115 forms of them, which look
like kanji and are other characters: nothing finds them, no tokenizer knows them. Which kanji a
radical looks like is Unicode's property Equivalent_Unified_Ideograph, of which NFKC knows only the
first kind. The file beside is Unicode's own (version 14, 2021), as it is, under the terms that it
names.
"""

from __future__ import annotations

import re
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "EquivalentUnifiedIdeograph.txt"
RADICALS = "\u2e80-\u2fd5"
"""The blocks CJK Radicals Supplement and Kangxi Radicals, as for a table of characters."""
FIRST, LAST = 0x2E80, 0x2FD5
_LINE = re.compile(r"([0-9A-F]{4,6})(?:\.\.([0-9A-F]{4,6}))?\s*;\s*([0-9A-F]{4,6})")


def read_table(text: str) -> dict[int, str]:
    r"""
    The kanji of each radical; strokes, which the file lists too, are left out.

    >>> read_table("2EA0 ; 6C11 # [1] CJK RADICAL CIVILIAN\n31D0 ; 4E00 # [1] CJK STROKE H\n")
    {11936: '民'}
    """
    found: dict[int, str] = {}
    for line in text.splitlines():
        if match := _LINE.match(line):
            low, high = int(match[1], 16), int(match[2] or match[1], 16)
            for code in range(max(low, FIRST), min(high, LAST) + 1):
                found[code] = chr(int(match[3], 16))
    return found


KANJI = read_table(TABLE.read_text("utf-8"))
_RADICAL = re.compile(f"[{RADICALS}]")


def unified(text: str) -> str:
    """
    A text with kanji for radicals.

    >>> unified("⼈⺠は⻄の⼭を⾒て⻝べた"), unified("人民")
    ('人民は西の山を見て食べた', '人民')
    """
    return text.translate(KANJI) if _RADICAL.search(text) else text
