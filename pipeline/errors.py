"""
The one error of Seimai: a letter to the person who has to act on it.

A `Problem` holds a code, the values of its sentence and the place; the sentences themselves, in
English and Japanese, are in `messages/`.
"""

from __future__ import annotations

import errno
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from seimai.pipeline import messages


@dataclass(frozen=True)
class Place:
    """Where something is wrong: a file, and inside it a line and a column (both from 1)."""

    path: str
    line: int | None = None
    column: int | None = None
    source: str | None = None
    """The line itself, for showing it with a caret."""
    width: int = 1
    """How many characters the caret underlines."""

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


class Problem(Exception):  # noqa: N818 - "problem" is what a user has, "error" is what a program has
    """
    Something a user can act on: `Problem(code, where, **values)`.

    `code` names a sentence of `messages.MESSAGES`; `values` fill its placeholders. `message` and
    `hint` are the filled sentences in the language of the process.
    """

    def __init__(self, code: str, where: Place | None = None, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.values = values

    @property
    def message(self) -> str:
        """What is wrong, in one sentence of the chosen language."""
        return messages.sentence(self.code, **self.values)

    @property
    def hint(self) -> str:
        """What to do next; empty where nothing useful can be said."""
        return messages.hint(self.code, **self.values)

    def as_dict(self) -> dict[str, Any]:
        """The problem as data, for `--format json`."""
        place = self.where
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "path": place.path if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
        }

    def __str__(self) -> str:
        """
        The problem as a person reads it on a terminal.

        ::

            error[R003]: no signal is called “ja.hiragana_rate”
              ┌─ web.yaml:19:3
            19│   ja.hiragana_rate:   {min: 0.10}
              │   ^^^^^^^^^^^^^^^^ did you mean “ja.hiragana_share”?
        """
        rows = [f"{messages.sentence('word.error')}[{self.code}]: {self.message}"]
        near = self.values.get("near")
        guess = messages.sentence("word.did_you_mean", near=near) if near else ""
        place = self.where
        if place:
            rows.append(f"  ┌─ {place}")
        if place and place.line and place.source is not None:
            number = str(place.line)
            column = place.column or 1
            rows.append(f"{number}│ {_SECRET.sub(_starred, place.source)}")
            before = _cells(place.source[: column - 1])
            under = max(_cells(place.source[column - 1 : column - 1 + place.width]), 1)
            rows.append(f"{' ' * len(number)}│ {' ' * before}{'^' * under} {guess}".rstrip())
        elif guess:
            rows.append(f"  = {guess}")
        if self.hint:
            rows.append(f"  = {messages.sentence('word.hint')}: {self.hint}")
        return "\n".join(rows)


_SECRET = re.compile(r"(?<=://)[^/@\s]*:[^/@\s]+(?=@)|(?<=[?&])[\w.-]+=[^&\s\"']+")
"""
What of a line with an address in it is not for a screen, or for the log of a machine: a password,
and every value behind the question mark, for a token may have any name.
"""


def _starred(match: re.Match[str]) -> str:
    """One star for each letter, so that the caret stays where it belongs."""
    name, sign, value = re.split("([:=])", match[0], maxsplit=1)
    # What is filled from the environment is no secret.
    return match[0] if "${" in value else name + sign + "*" * len(value)


def _cells(text: str) -> int:
    """Columns that a text takes on a terminal, where full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "FW" else 1 for character in text)


class Problems(Exception):  # noqa: N818 - see Problem
    """Several problems found together, so that a user can mend them in one go."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What a system says where there is no room: on the disk, or of what a user may have of it."""


def cannot_write(path: object, error: OSError) -> Problem:
    """The problem that a file cannot be written: O001 where room is wanting, O015 otherwise."""
    code = "O001" if error.errno in FULL else "O015"
    return Problem(code, path=str(path), cause=error.strerror or str(error))


class TooSlow(BaseException):
    """
    Something took longer than a record may: raised in the middle of whatever it is.

    Not an `Exception`: a filter or a library that catches those must not catch this.
    """
