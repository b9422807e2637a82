"""What `--help` prints, in the language of the moment, from the parameters of the commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cyclopts import App

from seimai.pipeline.cli.commands import COMMANDS
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.messages import MESSAGES, sentence


def usage_all(app: App) -> str:
    """Help for `seimai` alone: one line per command."""
    options = [("--help", sentence("usage.help")), ("--version", sentence("usage.version"))]
    some = next(iter(COMMANDS))
    options += [(names, says) for names, says, _ in _parameters(app, some) if _everywhere(names)]
    words = f"{sentence('usage.command')} [{sentence('usage.options_word')}]"
    return "\n".join(
        [
            sentence("help.seimai"),
            "",
            f"{sentence('usage.title')}: seimai {words}",
            *_block("usage.commands", [(name, sentence(f"help.{name}")) for name in COMMANDS]),
            *_block("usage.options", options),
            "",
            sentence("usage.more"),
            sentence("usage.exit"),
        ]
    )


def usage_of(app: App, name: str) -> str:
    """Help for one command: its arguments and options."""
    parameters = _parameters(app, name)
    arguments = [(shown, says) for shown, says, positional in parameters if positional]
    options = [(shown, says) for shown, says, positional in parameters if not positional]
    words = " ".join(shown for shown, _ in arguments)
    return "\n".join(
        [
            f"seimai {name}: {sentence(f'help.{name}')}",
            "",
            f"{sentence('usage.title')}: seimai {name} {words}".rstrip()
            + f" [{sentence('usage.options_word')}]",
            *_block("usage.arguments", arguments),
            *_block("usage.options", options),
        ]
    )


def _block(title: str, rows: list[tuple[str, str]]) -> Iterable[str]:
    if not rows:
        return []
    return ["", f"{sentence(title)}:", *(f"  {line}" for line in columns(rows))]


def _everywhere(names: str) -> bool:
    return names.split(" ", 1)[0] in ("--format", "--lang", "--quiet", "--debug")


def _parameters(app: App, name: str) -> list[tuple[str, str, bool]]:
    """Name, sentence, and whether it is positional, for each parameter of a command."""
    found = []
    for argument in app[name].assemble_argument_collection():
        code = argument.parameter.help
        if not argument.parse or code not in MESSAGES:
            continue
        positional = not argument.name.startswith("-")
        says = [sentence(str(code))]
        choices = argument.get_choices() or ()
        if choices:
            says.append(f"[{'|'.join(choices)}]")
        found.append((_shown(argument, positional), " ".join(says), positional))
    return found


def _shown(argument: Any, positional: bool) -> str:  # noqa: FBT001 - one caller, one meaning
    if positional:
        optional = not argument.required
        return f"[{argument.name.upper()}]" if optional else argument.name.upper()
    if argument.hint is bool:
        return str(argument.name)
    value = argument.parameter.metavar or argument.name.strip("-").upper()
    return f"{argument.name} {value}"
