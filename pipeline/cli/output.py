"""Writing to standard output, where the reader may have gone."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable
from typing import Any

_CONTROLS = {
    code: f"\\u{code:04x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
}
"""Ids, names and addresses come from the data: what a terminal would obey is shown instead."""


def say(lines: str | Iterable[str]) -> None:
    """Print lines; a reader that stopped reading (`| head`) is not a failure of the command."""
    text = _harmless(lines)
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # What Python flushes when it ends must have somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(lines: str | Iterable[str]) -> None:
    """Print lines on standard error: what is wrong never mixes with the answer."""
    text = _harmless(lines)
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def _harmless(lines: str | Iterable[str]) -> str:
    text = lines if isinstance(lines, str) else "\n".join(lines)
    return text.translate(_CONTROLS)


def say_json(content: Any) -> None:
    """Print a value as JSON, with numbers that JSON does not have as null."""
    say(json.dumps(_plain(content), ensure_ascii=False, indent=2, default=str))


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def percent(part: float, whole: float) -> str:
    """A share for people, empty where there is no whole."""
    return f"{100 * part / whole:.1f}%" if whole else ""
