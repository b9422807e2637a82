"""Markdown of a card: tables, lines and blocks in which nothing of the data becomes markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table; columns of numbers are aligned right."""
    rows = [list(row) for row in rows]
    right = [bool(rows) and all(_is_number(row[k]) for row in rows) for k in range(len(head))]
    lines = [
        "| " + " | ".join(head) + " |",
        "|" + "|".join("---:" if to_right else "---" for to_right in right) + "|",
    ]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) or bool(re.fullmatch(r"[\d.]+ ?%", str(value)))


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    # A label of the data may hold what a terminal obeys.
    return "".join(c if c.isprintable() else " " for c in str(value)).replace("|", "\\|")


def inline(text: str) -> str:
    """Text of the recipe as one line of Markdown that can hold no HTML."""
    line = " ".join(text.split())
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fenced(text: str, language: str) -> str:
    """A code block whose fence is longer than any run of backticks inside."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def percent(value: float) -> str:
    """
    A share for people.

    >>> percent(0.1234)
    '12.3 %'
    """
    return f"{100 * value:.1f} %"
