"""
Scripts that complete `seimai` in a shell, made from the parser: bash, zsh, fish.

They are written once and hold every command, option and choice; shipped recipes are names as well
as files. What a word is for is said where the shell can show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from cyclopts import App

from seimai.pipeline.messages import MESSAGES, sentence
from seimai.pipeline.recipe import shipped_names

Shell = Literal["bash", "zsh", "fish"]

RECIPES = frozenset({"recipe", "recipes", "name"})
"""Arguments that take the name of a shipped recipe; `name` is one of `seimai recipes`."""


@dataclass(frozen=True)
class Option:
    """An option of a command."""

    name: str
    says: str
    value: bool
    """Whether the option takes a value, the next word."""
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """What a command takes: its options, and what its arguments may be."""

    name: str
    says: str
    options: tuple[Option, ...]
    words: tuple[str, ...]
    """Words that its arguments may be, besides files."""
    files: bool = True
    """Whether its arguments may be files."""


def shapes(app: App, names: Iterable[str]) -> list[Shape]:
    """All commands with what they take, by the parser that knows them."""
    found = []
    for name in names:
        options: list[Option] = []
        words: list[str] = []
        files = False
        for argument in app[name].assemble_argument_collection():
            code = str(argument.parameter.help)
            if not argument.parse or code not in MESSAGES:
                continue
            choices = tuple(argument.get_choices() or ())
            if argument.name.startswith("-"):
                takes = argument.hint is not bool
                options.append(Option(str(argument.name), sentence(code), takes, choices))
                continue
            words += choices
            files |= not choices
            if argument.name.strip("-").lower() in RECIPES and name != "signals":
                words += shipped_names()
        options.append(Option("--help", sentence("usage.help"), value=False, choices=()))
        about = sentence(f"help.{name}")
        found.append(Shape(name, about, tuple(options), tuple(words), files))
    return found


def script(shell: Shell, app: App, names: Iterable[str]) -> str:
    """The script of a shell, for these commands of a parser."""
    made: dict[str, Any] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
    return "\n".join(made[shell](shapes(app, names)))


def _bash(commands: list[Shape]) -> Iterator[str]:
    names = " ".join(one.name for one in commands)
    yield '# eval "$(seimai completion bash)"   in ~/.bashrc'
    yield "_seimai() {"
    yield '    local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"'
    yield '    local command="" options="" words="" files="" k'
    yield "    for ((k = 1; k < COMP_CWORD; k++)); do"
    yield f'        case " {names} " in'
    yield '            *" ${COMP_WORDS[k]} "*) command="${COMP_WORDS[k]}"; break ;;'
    yield "        esac"
    yield "    done"
    yield '    case "$command" in'
    for one in commands:
        options = " ".join(option.name for option in one.options)
        words = f"options='{options}'; words='{' '.join(one.words)}'"
        yield f"        {one.name}) {words}{'; files=yes' if one.files else ''} ;;"
    yield f"        *) options='--help --version'; words='{names}' ;;"
    yield "    esac"
    yield '    case "$command $before" in'
    for one in commands:
        for option in one.options:
            if option.choices:
                yield f"        '{one.name} {option.name}')"
                yield (
                    f"            COMPREPLY=($(compgen -W '{' '.join(option.choices)}' "
                    '-- "$word")); return ;;'
                )
            elif option.value:
                yield f"        '{one.name} {option.name}')"
                yield "            options=''; words=''; files=yes ;;"
    yield "    esac"
    yield '    if [[ "$word" == -* ]]; then'
    yield '        COMPREPLY=($(compgen -W "$options" -- "$word"))'
    yield "    else"
    yield '        COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield "    fi"
    yield '    if [[ -n "$files" && "$word" != -* ]]; then'
    yield "        local IFS=$'\\n'  # names of files may hold blanks"
    yield '        COMPREPLY+=($(compgen -f -- "$word"))'
    yield "    fi"
    yield "}"
    yield "complete -o filenames -F _seimai seimai"


def _zsh(commands: list[Shape]) -> Iterator[str]:
    yield "#compdef seimai"
    yield '# eval "$(seimai completion zsh)"   in ~/.zshrc, after compinit'
    yield "_seimai() {"
    yield "    local -a commands"
    yield "    commands=("
    yield from (f"        {_quoted(f'{one.name}:{_plain(one.says)}')}" for one in commands)
    yield "    )"
    yield "    if (( CURRENT == 2 )); then"
    yield "        _describe command commands"
    yield "        return"
    yield "    fi"
    yield '    case "$words[2]" in'
    for one in commands:
        yield f"        {one.name})"
        yield "            _arguments \\"
        for option in one.options:
            spec = f"*{option.name}[{_plain(option.says)}]"
            if option.choices:
                spec += f":value:({' '.join(option.choices)})"
            elif option.value:
                spec += ":value:_files"
            yield f"                {_quoted(spec)} \\"
        if one.words and not one.files:
            rest = f'"*: :({" ".join(one.words)})"'
        elif one.words:
            rest = f'"*: :{{_files; compadd -- {" ".join(one.words)}}}"'
        else:
            rest = '"*: :_files"'
        yield f"                {rest} ;;"
    yield "    esac"
    yield "}"
    yield "compdef _seimai seimai"


def _fish(commands: list[Shape]) -> Iterator[str]:
    names = " ".join(one.name for one in commands)
    yield "# seimai completion fish > ~/.config/fish/completions/seimai.fish"
    first = f"not __fish_seen_subcommand_from {names}"
    for one in commands:
        about = _quoted(one.says)
        yield f"complete -c seimai -f -n '{first}' -a {one.name} -d {about}"
    for one in commands:
        seen = f"-n '__fish_seen_subcommand_from {one.name}'"
        for option in one.options:
            said = f"complete -c seimai {seen} -l {option.name.removeprefix('--')}"
            said += f" -d {_quoted(option.says)}"
            if option.choices:
                said += f" -x -a {_quoted(' '.join(option.choices))}"
            elif option.value:
                said += " -r"
            yield said
        if one.words:
            files = "-F" if one.files else "-f"
            yield f"complete -c seimai {seen} {files} -a {_quoted(' '.join(one.words))}"


def _quoted(text: str) -> str:
    """In single quotes, as all three shells read them."""
    return "'" + text.replace("'", "'\\''") + "'"


def _plain(text: str) -> str:
    """Without what zsh reads as the end of a description."""
    return text.translate(str.maketrans("[]:\\", "()  "))
