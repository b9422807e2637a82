"""A finding of `doctor`: one thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["ok", "warn", "fail", "skip"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `message` is a sentence, `data` the same for programs."""

    state: State
    message: str
    data: dict[str, Any] = field(default_factory=dict)
