"""What a message is: one sentence in two languages."""

from __future__ import annotations

from typing import NamedTuple


class Message(NamedTuple):
    """One sentence in both languages, each with what to do next (may be empty)."""

    en: str
    ja: str
    hint_en: str = ""
    hint_ja: str = ""
