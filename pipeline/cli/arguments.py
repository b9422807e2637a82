"""From words to a call: cyclopts parses, mistakes become `Problem`s with the nearest name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cyclopts import (
    App,
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    UnknownOptionError,
    ValidationError,
)

from seimai.pipeline.cli.commands import COMMANDS, make_app
from seimai.pipeline.cli.usage import usage_all, usage_of
from seimai.pipeline.errors import Problem
from seimai.pipeline.names import nearest

WITH_VALUE = ("--lang", "--format")
"""Options of every command that may also stand before the command, and take a word."""


@dataclass(frozen=True)
class Call:
    """A command with the arguments and options that it is called with."""

    command: Callable[..., int]
    arguments: tuple[Any, ...]
    options: dict[str, Any]


def parse(words: Sequence[str]) -> Call | str:
    """The call that the words mean, or the text to show (help, version)."""
    ahead, rest = _split(words)
    asks_help = any(word in ("--help", "-h") for word in _options(words))
    if "--version" in ahead:
        from importlib.metadata import version

        return f"seimai {version('seimai')}"
    app = make_app()
    if not rest:
        unknown = [w for w in ahead if w not in ("--help", "-h", "--quiet", "--debug")]
        if unknown and not asks_help and not unknown[0].startswith(WITH_VALUE):
            near = nearest(unknown[0], ("--help", "--version"))
            raise Problem("U013", name=unknown[0], near=near)
        return usage_all(app)
    name = rest[0]
    if name == "help":
        rest = rest[1:]
        if not rest:
            return usage_all(app)
        name, asks_help = rest[0], True
    if name not in COMMANDS:
        raise Problem("U005", name=name, near=nearest(name, COMMANDS))
    if asks_help:
        return usage_of(app, name)
    return _parsed(app, name, [name, *rest[1:], *(w for w in ahead if w not in ("--help", "-h"))])


def _split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Options before the command, and the command with the rest."""
    k = 0
    while k < len(words) and words[k].startswith("-") and words[k] != "-":
        k += 2 if words[k] in WITH_VALUE else 1
    return list(words[:k]), list(words[k:])


def _options(words: Sequence[str]) -> Sequence[str]:
    """The words before a bare `--`: what follows it is never an option."""
    return words[: words.index("--")] if "--" in words else words


def _parsed(app: App, name: str, words: list[str]) -> Call:
    try:
        command, bound, _ = app.parse_args(words, print_error=False, exit_on_error=False)
    except CycloptsError as error:
        raise _problem(error, app, name) from error
    return Call(command, tuple(bound.args), dict(bound.kwargs))


def _problem(error: CycloptsError, app: App, command: str) -> Problem:
    if isinstance(error, UnknownOptionError):
        known = [n for a in app[command].assemble_argument_collection() for n in a.names]
        word = error.token.keyword or str(error.token.value)
        return Problem("U006", command=command, name=word, near=nearest(word, known))
    if isinstance(error, MissingArgumentError) and error.argument is not None:
        wanted = error.argument.name
        if wanted.startswith("-"):
            return Problem("U014", command=command, name=wanted)
        return Problem("U007", command=command, name=wanted.upper())
    if isinstance(error, CoercionError | ValidationError) and error.argument is not None:
        tokens = error.argument.tokens
        got = str(tokens[-1].value) if tokens else ""
        choices = error.argument.get_choices() or ()
        want = " · ".join(choices) if choices else "1, 2, 3, …"
        near = nearest(got, choices)
        return Problem("U008", got=got, name=error.argument.name, want=want, near=near)
    unused = error.unused_tokens or []
    if unused:
        return Problem("U009", command=command, got=" ".join(unused))
    return Problem("U009", command=command, got=str(error).split("\n", 1)[0])
