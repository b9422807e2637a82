"""Writing to the standard streams, where the reader may have gone or the disk may be full."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from seimai.pipeline.errors import Problem

_CONTROLS = {
    code: f"\\u{code:04x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
}
"""Ids, names and addresses come from the data: what a terminal would obey is shown instead."""


class _Forgiving:
    """
    Standard error that never fails a command.

    Progress and warnings on a full disk, or to a reader that is gone, are lost; the run they tell
    about is not.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, or lose it."""
        try:
            return self._stream.write(text)
        except OSError:
            _give_up(self._stream)
        return len(text)

    def flush(self) -> None:
        """Flush, or lose it."""
        try:
            self._stream.flush()
        except OSError:
            _give_up(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def standing_streams() -> Iterator[None]:
    """
    Standard streams to write to, whatever the caller has left of them.

    A stream that was closed (`>&-`) leads nowhere: were its number free, the next file to be
    opened, a shard perhaps, would get it and all that a child process says.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            _lead_nowhere(number)
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - to the end
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
    with contextlib.redirect_stderr(_Forgiving(sys.stderr)):
        yield


def _lead_nowhere(number: int) -> None:
    handle = os.open(os.devnull, os.O_RDWR)
    if handle == number:
        os.set_inheritable(handle, True)  # noqa: FBT003 - the name says it
    else:
        os.dup2(handle, number)
        os.close(handle)


def _give_up(stream: TextIO) -> None:
    """What Python flushes when it ends must have somewhere to go."""
    with contextlib.suppress(OSError, ValueError):
        _lead_nowhere(stream.fileno())


def say(lines: str | Iterable[str]) -> None:
    """
    Print lines.

    A reader that stopped reading (`| head`) is not a failure of the command; a disk that takes no
    more is the problem U019: the answer is lost.
    """
    text = _harmless(lines)
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up(sys.stdout)
    except OSError as error:
        _give_up(sys.stdout)
        raise Problem("U019", cause=error.strerror or type(error).__name__) from error


def complain(lines: str | Iterable[str]) -> None:
    """Print lines on standard error: what is wrong never mixes with the answer."""
    text = _harmless(lines)
    with contextlib.suppress(OSError):
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
