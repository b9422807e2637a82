"""
Which columns of a table hold prose, by what stands in them: for tables whose header no list knows.

A table of customers' voices has a number, a date, 「お客様の声」 and 「対応」. No list of names is
ever complete, but a sentence of Japanese is easy to tell from a code, an address or a name: it is
long, half of it is kana, and it has particles and endings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

ROWS = 200
"""Rows that are looked at; looking at more does not change the answer."""

SHORTEST = 10
"""Characters of a cell: `ありがとう` is an answer, but a column of such is no text."""
FEWEST_KANA = 0.2
"""Share of hiragana in a cell; running text has 0.35 to 0.66, an address or a product none."""
MOST_PROSE = 0.5
"""A column is prose where at least half of its filled cells are: forms are left empty or filled
in with なし and 特になし."""
SHORT_ANSWER = 10
"""Characters up to which a cell of kana, such as 特になし, is neither for nor against."""

_HIRAGANA = re.compile("[ぁ-ゖ]")
_SENTENCE = re.compile(
    "[。！？!?]|(?:です|ます|した|ません|ください|でしょう|ない|する|いる|ある|った|だ|れた|たい)$"
    "|[はがをにでとも](?=[一-龠ァ-ヶA-Za-z0-9])"
)
"""The end of a sentence, or a particle before another word."""


def is_prose(cell: str) -> bool:
    """
    Whether a cell is Japanese running text.

    >>> [is_prose(cell) for cell in ("配送が遅く、箱がつぶれていました。", "東京都港区芝浦3-1-1")]
    [True, False]
    """
    if len(cell) < SHORTEST:
        return False
    letters = cell[:1000]
    return len(_HIRAGANA.findall(letters)) >= FEWEST_KANA * len(letters) and bool(
        _SENTENCE.search(letters)
    )


def prose_columns(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """
    The columns that hold prose, in their order; those without a name cannot be one.

    >>> prose_columns(["番号", "声"], [["1", "とても使いやすい道具でした。"], ["2", "特になし"]])
    ('声',)
    """
    found = []
    for place, name in enumerate(columns):
        if not name.strip() or columns.count(name) > 1:
            continue
        cells = [row[place].strip() for row in rows[:ROWS] if place < len(row)]
        filled = [cell for cell in cells if len(cell) > SHORT_ANSWER or not _HIRAGANA.search(cell)]
        filled = [cell for cell in filled if cell]
        prose = sum(map(is_prose, filled))
        if prose and prose >= MOST_PROSE * len(filled):
            found.append(name)
    return tuple(found)


def prose_in(batch: pa.RecordBatch, names: Sequence[str]) -> tuple[str, ...]:
    """
    Which of the columns `names` of an Arrow batch hold prose; all of them are strings or bytes.

    The batch has been checked in full. What is no UTF-8 speaks against a column.
    """
    rows = batch.select(list(names)).slice(0, ROWS).to_pylist()
    return prose_columns(names, [[_said(row[name]) for name in names] for row in rows])


def _said(value: str | bytes | None) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value or ""
