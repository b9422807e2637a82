"""One thing that was looked at, and how it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from seimai.pipeline.messages import sentence

State = Literal["ok", "warn", "fail", "skip"]

MOST_SHOWN = 5
"""At most this many files with the same fault are named."""


@dataclass(frozen=True)
class Check:
    """One thing looked at; `message` is a sentence, `data` more of it for programs."""

    state: State
    message: str
    data: dict[str, Any] = field(default_factory=dict)


def counted(bad: bool, fine: str, fault: str, **values: int) -> Check:  # noqa: FBT001
    """One check from the names of its two sentences, and its counts."""
    state: State = "fail" if bad else "ok"
    shown = {key: f"{value:,}" for key, value in values.items()}
    return Check(state, sentence(f"verify.{fault if bad else fine}", **shown), values)
