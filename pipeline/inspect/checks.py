"""One thing that was looked at, and how it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["ok", "warn", "fail", "skip"]

MOST_SHOWN = 5
"""At most this many files with the same fault are named."""


@dataclass(frozen=True)
class Check:
    """One thing looked at; `message` is a sentence, `data` more of it for programs."""

    state: State
    message: str
    data: dict[str, Any] = field(default_factory=dict)
