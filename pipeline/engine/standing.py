"""
Standing: whether all that a finished run depends on is still as it was, told in a moment.

A run with nothing to do takes a second, nearly all of it for loading packages, filters and a
recipe that it then makes nothing with. So a run leaves word of what its result hangs on: the
recipe, the options, the files of its inputs, our own code, the packages, and every file of its
output folder, each by its size, its number and the time of its last change. Where the next call
finds them all the same, the release that is there is the answer.

This is a shortcut and never a judgement: whatever differs, or cannot be told from files alone
(addresses, databases, models, lists, an index), leads the ordinary way. Nothing heavy is imported.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import json
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.report.funnel import Check
    from seimai.pipeline.run_record import RunRecord

RECORD = "standing.json"
"""A file in `OUT/stages` in which the last run notes what its result hangs on."""

FORMAT = 1

OURS_ALONE = (".lock", ".workers", RECORD)
"""Files of an output folder that every run writes anew, and that decide nothing."""

_OTHER_FILES = ("models", "contamination", "lists", "optout", "licenses")
"""Sections of a recipe that name further files, or may."""

_NOT_PLAIN = ("://", "${")
"""What the name of a file does not have that is found by a look at the disk."""


@dataclass(frozen=True)
class Asked:
    """A run as the command line asks for it, with no option that changes what it does."""

    recipe: Path
    """The recipe as the user gave it: a file, or the name of a shipped recipe."""
    source: tuple[str, ...]
    out: Path


def state_of(recipe: Recipe) -> tuple[str, str] | None:
    """
    The state of all inputs of a recipe, and of our code; None where files do not tell it.

    So it is where a folder may not be read or vanishes meanwhile: the run itself has a place for
    such inputs, and this must not end it.
    """
    dedup, release = recipe.dedup, recipe.release
    elsewhere = [getattr(recipe, part) for part in _OTHER_FILES]
    elsewhere += [dedup and dedup.against, release.tokenizer]
    elsewhere += [bucket.cuts_from for bucket in recipe.buckets.values()]
    plain = all(one.files and not one.dataset and not one.database for one in recipe.source)
    try:
        inputs = None if any(elsewhere) or not plain else _inputs_state(_patterns(recipe))
        return None if inputs is None else (inputs, _code_state())
    except OSError:
        return None


def note(
    asked: Asked,
    recipe: Recipe,
    before: tuple[str, str] | None,
    run: RunRecord,
    checks: Sequence[Check],
) -> None:
    """
    Leave word of a finished run, which found inputs and code in the state `before`.

    Nothing is left where it has something that a person has to be told every time, or where
    a filter of somebody else took part, which may change without a new version; nor where it
    cannot be written, for the run is finished.
    """
    from importlib.metadata import entry_points

    from seimai.pipeline import shard
    from seimai.pipeline.errors import Problem
    from seimai.pipeline.recipe import locate

    told = run.get("concerns") or run.get("unfinished") or run.get("gave_up")
    missing = run.get("quarantine_causes", {}).get("package")
    ours = {one.value for one in entry_points(group="seimai.filters")} <= {"seimai.filters"}
    if told or missing or not ours or before is None:
        return
    with contextlib.suppress(OSError, Problem):
        file = locate(asked.recipe).resolve()
        if not file.is_file() or before != state_of(recipe):
            return
        content = {
            "format": FORMAT,
            **_named(asked),
            "file": str(file),
            "text": hashlib.sha256(file.read_bytes()).hexdigest(),
            "patterns": _patterns(recipe),
            "inputs": before[0],
            "code": before[1],
            "folder": _folder_state(asked.out),
            "checks": [vars(check) for check in checks],
        }
        if content["text"] == hashlib.sha256(recipe.text.encode()).hexdigest():
            shard.write_json(asked.out / "stages" / RECORD, content)


def still(asked: Asked) -> tuple[RunRecord, list[dict[str, Any]]] | None:
    """`run.json` of the last run and what it was held against, if a new one would give the same."""
    try:
        record = json.loads((asked.out / "stages" / RECORD).read_bytes())
        if not _same(record, asked):
            return None
        run: RunRecord = json.loads((asked.out / "release" / "run.json").read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return {**run, "unfinished": []}, record["checks"]


def _same(record: Mapping[str, Any], asked: Asked) -> bool:
    """Whether a record speaks of this call, and all that it names is as it was."""
    if record["format"] != FORMAT or any(record[key] != one for key, one in _named(asked).items()):
        return False
    # A file in the working folder goes before a shipped recipe of its name.
    file = asked.recipe if asked.recipe.is_file() else Path(record["file"])
    return bool(
        str(file.resolve()) == record["file"]
        and hashlib.sha256(file.read_bytes()).hexdigest() == record["text"]
        and _inputs_state(record["patterns"]) == record["inputs"]
        and _code_state() == record["code"]
        and _folder_state(asked.out) == record["folder"]
    )


def _named(asked: Asked) -> dict[str, Any]:
    """What a call names, and where: relative names mean other files in another folder."""
    return {
        "cwd": str(Path.cwd()),
        "recipe": str(asked.recipe),
        "source": list(asked.source),
        "out": str(asked.out),
    }


def _patterns(recipe: Recipe) -> list[str]:
    return [pattern for source in recipe.source for pattern in source.files]


def _inputs_state(patterns: Sequence[str]) -> str | None:
    """A digest of all that these patterns find, None where one is no name on this disk."""
    digest = hashlib.sha256()
    for pattern in patterns:
        if any(part in pattern for part in _NOT_PLAIN) or pattern.startswith("~"):
            return None
        found = [pattern] if os.path.lexists(pattern) else glob.glob(pattern, recursive=True)  # noqa: PTH207 - as inputs are found
        for name in sorted(found):
            _add(digest, f"{pattern}\0{name}", _opened(name))
            if os.path.isdir(name):  # noqa: PTH112 - a plain name
                _add_all(digest, _files_below(name, _opened))
    return digest.hexdigest()


def _folder_state(out: Path) -> str:
    """A digest of all files of an output folder, as they look without being read."""
    digest = hashlib.sha256()
    _add_all(digest, _files_below(str(out), _seen, OURS_ALONE))
    return digest.hexdigest()


def _code_state() -> str:
    """A digest of Python, of the files of Seimai and of which packages are installed."""
    digest = hashlib.sha256(f"{sys.version}\0{sys.path}".encode())
    package = Path(__file__).parents[2]
    for name in ("pipeline", "filters", "flows", "configs"):
        if (package / name).is_dir():
            _add_all(digest, _files_below(str(package / name), _seen, ("__pycache__",)))
    for folder in sys.path:
        try:
            names = sorted(name for name in os.listdir(folder or ".") if name.endswith("-info"))  # noqa: PTH208 - names alone
        except OSError:
            continue
        for name in names:
            _add(digest, name, _seen(os.path.join(folder, name)))  # noqa: PTH118 - a plain name
    return digest.hexdigest()


def _files_below(folder: str, look: Any, passed: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """Each file and folder below a folder, links followed into none, with how it looks."""
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.name in passed:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield entry.path, "folder"
            yield from _files_below(entry.path, look, passed)
        else:
            yield entry.path, look(entry.path)


def _seen(path: str) -> str:
    """How a file looks from outside: size, number, the times of its last change."""
    return _looks(os.stat(path))  # noqa: PTH116 - many of them, as plain names


def _opened(path: str) -> str:
    """How an input looks when it is opened, for which a network share is asked anew."""
    link = os.readlink(path) if os.path.islink(path) else ""  # noqa: PTH114, PTH115 - plain names
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - a plain name
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            # Opening a named pipe waits for a writer for good, and a device may act on it.
            return f"{link}\0{stat.S_IFMT(mode)}"
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        return f"{link}\0{error.errno}"
    try:
        status = os.fstat(handle)
    finally:
        os.close(handle)
    # What is new in a folder is told by its files; its own time is not ours to ask.
    return f"{link}\0{'folder' if os.path.isdir(path) else _looks(status)}"  # noqa: PTH112


def _looks(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_ino} {status.st_mtime_ns} {status.st_ctime_ns}"


def _add(digest: Any, name: str, looks: str) -> None:
    digest.update(f"{name}\0{looks}\0".encode(errors="surrogateescape"))


def _add_all(digest: Any, files: Iterable[tuple[str, str]]) -> None:
    for name, looks in files:
        _add(digest, name, looks)
