"""
The command line: arguments in, functions called, exit code out.

`parse` turns words into a command, `usage` prints help, `commands` says which commands there are;
`run`, `look` and `explaining` are what they do. Nothing heavy is imported before a command needs
it: `seimai --help` has to be instant.

Exit codes: 0 done; 1 finished, but needs attention; 2 could not run; 130 interrupted.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from seimai.pipeline.cli.arguments import Call, parse
from seimai.pipeline.cli.interrupts import INTERRUPTED, interruptible
from seimai.pipeline.cli.output import complain, say, say_json, standing_streams
from seimai.pipeline.errors import FULL, Problem, Problems, cannot_write
from seimai.pipeline.messages import sentence, use_language

DONE, NEEDS_YOU, COULD_NOT = 0, 1, 2

FORMATS = ("text", "json", "github")

HELD = frozenset({"O004", "U019"})
"""Problems of a run that did everything but publish, and of a command whose answer was lost."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    with standing_streams():
        return _main(argv)


def _main(argv: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name in another script must not end a run
            stream.reconfigure(errors="backslashreplace")
    form = _said(words, "--format", FORMATS) or "text"
    debug = "--debug" in words
    use_language(_said(words, "--lang", ("en", "ja")))
    call: Call | str = ""
    try:
        call = parse(words)
        if not isinstance(call, Call):
            say(call)
            return DONE
        with interruptible():
            return call.command(*call.arguments, **call.options)
    except (Problem, Problems) as found:
        if debug:
            traceback.print_exc()
        return _complain(found, form, call)
    except KeyboardInterrupt:
        complain(f"\n{sentence('run.interrupted')}")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last stop: a person gets a sentence
        if debug:
            traceback.print_exc()
        return _complain(_surprise(error), form, call)
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()


def _said(words: Sequence[str], option: str, choices: Sequence[str]) -> str | None:
    """
    The value of an option, looked up before parsing, so that mistakes are reported in that manner
    too.
    """
    for word, following in zip(words, [*words, ""][1:], strict=True):
        value = following if word == option else word.removeprefix(f"{option}=")
        if (word == option or word != value) and value in choices:
            return value
    return None


def _complain(found: Problem | Problems, form: str, call: Call | str) -> int:
    problems = found.problems if isinstance(found, Problems) else [found]
    junit = call.options.get("junit") if isinstance(call, Call) else None
    if form == "github" or junit:
        _deliver(problems, form, call, junit)
    if form == "json":
        say_json({"problems": [problem.as_dict() for problem in problems]})
    else:
        complain(str(problem) for problem in problems)
        if isinstance(found, Problems):
            code = "check.one" if len(problems) == 1 else "check.many"
            complain(sentence(code, count=len(problems)))
    # The rest could be done, and was: it is for a person to decide about it.
    return NEEDS_YOU if all(problem.code in HELD for problem in problems) else COULD_NOT


def _deliver(problems: Sequence[Problem], form: str, call: Call | str, junit: Path | None) -> None:
    """Problems for a build server; that it cannot be told must not hide them."""
    from seimai.pipeline.cli import ci

    name = call.command.__name__ if isinstance(call, Call) else "seimai"
    results = [ci.of_problem(problem) for problem in problems]
    with contextlib.suppress(Problem, OSError):
        ci.deliver(f"seimai {name}", name, results, github=form == "github", junit=junit)


def _surprise(error: Exception) -> Problem:
    """What nobody foresaw, as a problem with a next step."""
    if isinstance(error, MemoryError):
        return Problem("U012")
    if isinstance(error, OSError) and error.filename is not None:
        path = os.fsdecode(error.filename) if isinstance(error.filename, bytes) else error.filename
        if error.errno in (*FULL, errno.EROFS):
            return cannot_write(path, error)
        return Problem("U002", path=path, cause=error.strerror or type(error).__name__)
    if isinstance(error, OSError) and error.errno in FULL:
        return cannot_write("--out", error)
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("seimai"):
        package = str(error.name).partition(".")[0]
        return Problem("E001", what="Seimai", package=package, install=package)
    return Problem("U001", cause=f"{type(error).__name__}: {error}".rstrip(": "))
