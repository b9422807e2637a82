"""
What to read: patterns to a list of inputs, each with a stable name.

A pattern is a file, a folder (read recursively), a glob with `**`, an fsspec URL, a folder that
`datasets.save_to_disk` wrote, or `hf://datasets/NAME`. The result does not depend on the order of
the patterns or of the file system.
"""

from __future__ import annotations

import glob
import os
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import Input, Skipped, Unreadable, from_system
from seimai.pipeline.ingest.remote import as_system, settings, version_in
from seimai.pipeline.ingest.sources.databases import SQL, VARIABLE, sql_input
from seimai.pipeline.ingest.sources.litter import is_litter
from seimai.pipeline.ingest.sources.permissions import (
    is_behind_link,
    is_file,
    is_folder,
    refusal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAGIC = re.compile(r"[*?\[]")
SAVED = ("state.json", "dataset_dict.json")
"""What `datasets.save_to_disk` leaves: one of these beside or above its Arrow files."""
HUB = "hf://datasets/"
HTTP = ("http://", "https://")
DATASET = "dataset:"
"""How a recipe's `dataset:` arrives here: a folder, or a name on the hub."""


OURS = ("stages", "release", "trial")
"""Folders that a run writes into its output folder, and never reads."""


def find_inputs(patterns: Sequence[str], out: Path | None = None) -> list[Input]:
    """
    Every file that the patterns name, once, sorted by key.

    A pattern that matches nothing is the problem I001. What is there but cannot be read becomes
    an input with a `fault`: reading it gives that one `Unreadable`. What the run itself wrote
    into its output folder `out` is passed over, however it is named. `${NAME}` in a pattern is
    filled from the environment.
    """
    own = tuple(os.path.realpath(out / name) + os.sep for name in OURS) if out else ()
    found: dict[str, tuple[Input, str]] = {}
    for pattern in sorted(set(patterns)):
        several = [
            (item, root, same)
            for item, root in _matches(pattern)
            if not (same := _identity(item)).startswith(own)
        ]
        if not several:
            raise Problem("I001", source=public_address(pattern))
        for item, root, same in several:
            known = found.get(same)
            # Named twice: the longer key says more, and the choice must not hang on the order.
            if known is None or _rank(item) > _rank(known[0]):
                found[same] = (item, root)
    return _unique(list(found.values()))


def _identity(item: Input) -> str:
    """What two names of one file share: links of either kind lead to the same text."""
    if "://" in item.path:
        return item.path
    try:
        status = Path(item.path).stat()
    except OSError:
        return os.path.realpath(item.path)
    if status.st_nlink > 1 and not is_folder(item.path):
        return f"{status.st_dev}:{status.st_ino}"
    return os.path.realpath(item.path)


def filled(pattern: str) -> tuple[str, list[str]]:
    """A pattern with the variables of the environment put in, and their values: secrets."""
    secrets: list[str] = []

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if not found:
            raise Problem("I003", name=match[1])
        secrets.append(found)
        return found

    return VARIABLE.sub(value, pattern), secrets


def _rank(item: Input) -> tuple[bool, int, str]:
    return (item.fault is None, len(item.key), item.key)


def _matches(pattern: str) -> Iterator[tuple[Input, str]]:
    """Inputs of one pattern, each with the root that its key is relative to."""
    named = pattern
    secrets: list[str] = []
    if not pattern.startswith(SQL) and not os.path.lexists(pattern):
        pattern, secrets = filled(pattern)
    if pattern.startswith(DATASET):
        name = pattern.removeprefix(DATASET)
        pattern = name if "://" in name or Path(name).expanduser().exists() else HUB + name
    # A question mark behind a name asks for a configuration or a split of it.
    if pattern.startswith(HUB) and not MAGIC.search(pattern.partition("?")[0]):
        name = pattern.removeprefix(HUB).strip("/")
        if name.partition("?")[0].count("/") <= 1:
            yield Input(pattern, name.replace("?", "/").replace("&", "/"), format="datasets"), ""
            return
    if pattern.startswith(SQL):
        yield sql_input(pattern), ""
        return
    if "://" in pattern:
        yield from _remote(pattern, named, secrets)
        return
    path = Path(pattern).expanduser()
    if MAGIC.search(pattern) and not os.path.lexists(path):
        yield from _globbed(str(path))
    elif is_folder(path):
        yield from _folder(path)
    elif os.path.lexists(path):
        item = _file(path, path.parent)
        if item.fault and item.fault.cause == "format":
            raise Problem("I005", source=pattern)
        yield item, str(path.parent)


def _globbed(pattern: str) -> Iterator[tuple[Input, str]]:
    fixed = PurePosixPath(pattern)
    while MAGIC.search(str(fixed)):
        fixed = fixed.parent
    root = Path(fixed)
    inside = root.resolve()
    for name in sorted(glob.iglob(pattern, recursive=True)):  # noqa: PTH207 - `**` as in a shell
        path = Path(name)
        if "**" in pattern and is_behind_link(path, root):
            continue
        if is_folder(path):
            if _is_saved(path):
                yield _saved(path, root), str(root)
            elif "**" not in pattern:
                if not path.is_symlink():
                    for item, _ in _folder(path, root):
                        yield item, str(root)
            elif path.is_symlink():
                # As in a folder that is named: see `_folder`.
                if not path.resolve().is_relative_to(inside):
                    yield _checked(path, root, inside), str(root)
            elif (refused := refusal(path)) is not None:
                yield _closed(path, root, refused), str(root)
            continue
        yield _checked(path, root, inside), str(root)


def _closed(folder: Path, root: Path, error: OSError) -> Input:
    fault = Unreadable("", from_system(error).cause, "the folder cannot be read")
    return Input(str(folder), _key(folder, root), fault=fault)


def _folder(folder: Path, root: Path | None = None) -> Iterator[tuple[Input, str]]:
    """Files below a folder; hidden ones are skipped, links are not followed out of it."""
    root = root or folder
    if _is_saved(folder):
        yield _saved(folder, root if root != folder else folder.parent), str(folder.parent)
        return
    inside = root.resolve()
    refused: list[OSError] = []
    for here, folders, names in os.walk(folder, onerror=refused.append):
        folders.sort()
        keep = []
        for name in folders:
            path = Path(here, name)
            if name.startswith("."):
                continue
            if name in OURS and is_file(Path(here, PLAN)):
                continue  # The output folder of a run, this one or another.
            if os.path.islink(path):  # noqa: PTH114 - as `is_file`
                # Inside the root its files are found anyway; outside it is not ours to read.
                if not path.resolve().is_relative_to(inside):
                    yield _checked(path, root, inside), str(root)
            elif _is_saved(path):
                yield _saved(path, root), str(root)
            else:
                keep.append(name)
        folders[:] = keep
        for name in sorted(names):
            if not name.startswith(".") or is_litter(name):
                yield _checked(Path(here, name), root, inside), str(root)
    for error in refused:
        yield _closed(Path(error.filename), root, error), str(root)


def _checked(path: Path, root: Path, inside: Path) -> Input:
    """
    A file that was found, not named: a link out of the root is refused, and what systems and
    office programs leave beside documents is counted.
    """
    if is_litter(path.relative_to(root).as_posix()):
        return Input(str(path), _key(path, root), fault=Skipped("", "litter"))
    leads = os.path.islink(path) and os.path.exists(path)  # noqa: PTH110, PTH114 - as `is_file`
    if leads and not path.resolve().is_relative_to(inside):
        fault = Unreadable(
            "", "outside", "a link that leaves its folder; name its target to read it"
        )
        return Input(str(path), _key(path, root), fault=fault)
    return _file(path, root)


def _file(path: Path, root: Path) -> Input:
    key = _key(path, root)
    try:
        status = path.stat()
    except OSError as error:
        broken = from_system(error)
        return Input(str(path), key, fault=Unreadable("", broken.cause, broken.detail))
    if not is_file(path):
        # A named pipe or a device would block or never end.
        return Input(str(path), key, fault=Unreadable("", "format", "this is not a file"))
    return Input(str(path), key, status.st_size)


def _key(path: Path, root: Path) -> str:
    name = path.relative_to(root).as_posix()
    # Names that are not UTF-8 (zip files of old, foreign shares) must not break our own files.
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


PLAN = "stages/plan.json"
"""A folder that holds this file is an output folder of ours, and no input."""


def _is_saved(folder: Path) -> bool:
    return any(is_file(folder / name) for name in SAVED)


def _saved(folder: Path, root: Path) -> Input:
    size = sum(path.stat().st_size for path in folder.rglob("*.arrow") if path.is_file())
    absolute = folder.absolute()
    key = _key(folder, root)
    return Input(str(folder), absolute.name if key == "." else key, size, format="datasets")


def _remote(pattern: str, named: str, secrets: list[str]) -> Iterator[tuple[Input, str]]:
    """Files behind an fsspec URL; what is told of it is what was `named`, without `secrets`."""
    import fsspec

    def told(error: Exception) -> Problem:
        said = str(error)
        for secret in sorted(secrets, key=len, reverse=True):
            said = said.replace(secret, "***")
        return Problem("I002", source=public_address(named), cause=public_address(said))

    try:
        system, path = fsspec.core.url_to_fs(pattern, **settings(pattern))
    except (ImportError, ValueError) as error:
        raise told(error) from None
    try:
        with as_system():
            details, root = _listed(system, path)
    except FileNotFoundError:
        return
    except Exception as error:  # noqa: BLE001
        # Every file system has errors of its own; what it says is all there is to report.
        raise told(error) from None
    for name in sorted(details):
        if details[name].get("type") == "directory":
            continue
        key = name.removeprefix(root).strip("/") or PurePosixPath(name).name
        if name.startswith(HTTP):
            key = key.partition("?")[0]
        if is_litter(key):
            yield Input(name, key, fault=Skipped("", "litter")), root
            continue
        if any(part.startswith(".") for part in key.split("/")):
            continue
        own = name if name.startswith(HTTP) else system.unstrip_protocol(name)
        size = int(details[name].get("size") or 0)
        yield Input(own, key, size, version=version_in(details[name])), root


def _listed(system: Any, path: str) -> tuple[dict[str, Any], str]:
    """Details by name of what a path on a file system means, and its fixed root."""
    if path.startswith(HTTP) and not path.endswith("/") and not re.search(r"[*\[]", path):
        # Here a question mark is not a pattern, and asking for a folder fetches the page.
        return {path: system.info(path)}, path.partition("?")[0].rpartition("/")[0]
    if MAGIC.search(path):
        fixed = PurePosixPath(path)
        while MAGIC.search(str(fixed)):
            fixed = fixed.parent
        return system.glob(path, detail=True), str(fixed)
    if system.isdir(path) and not system.isfile(path):
        return system.find(path, detail=True), path
    return {path: system.info(path)}, path.rpartition("/")[0]


def public_address(said: str) -> str:
    """
    An address, or a sentence with one in it, without what may be secret.

    >>> public_address("no https://reader:word@host/a?token=x there")
    'no https://host/a there'
    """
    return re.sub(r"(://[^\s?]*)\?\S*", r"\1", re.sub(r"://[^/@\s]*@", "://", said))


def _unique(found: list[tuple[Input, str]]) -> list[Input]:
    """
    The inputs sorted by key; where two roots give one key, parent folders are put before it.

    Only the clashing ones get longer names, so that other inputs keep theirs.
    """
    depth: dict[str, int] = {}
    while True:
        named = sorted(
            ((_longer(item.key, root, depth.get(item.path, 0)), item) for item, root in found),
            key=lambda pair: (pair[0], pair[1].path),
        )
        clashing = {
            item.path
            for (one, left), (other, right) in pairwise(named)
            if one == other
            for item in (left, right)
        }
        grown = False
        for item, root in found:
            if item.path in clashing and depth.get(item.path, 0) < len(_parents(root)):
                depth[item.path] = depth.get(item.path, 0) + 1
                grown = True
        if not grown:
            break
    seen: dict[str, int] = {}
    result = []
    for key, item in named:
        again = seen[key] = seen.get(key, -1) + 1
        result.append(replace(item, key=f"{key}~{again}" if again else key))
    return sorted(result, key=lambda item: item.key)


def _parents(root: str) -> list[str]:
    whole = root.partition("://")[2] if "://" in root else str(Path(root).absolute())
    return [part for part in whole.split("/") if part]


def _longer(key: str, root: str, depth: int) -> str:
    return "/".join([*_parents(root)[-depth:], key]) if depth else key
