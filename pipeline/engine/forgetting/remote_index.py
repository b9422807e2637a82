"""
An index at an address: a copy of it on this machine is searched and changed, then sent.

`index.json` at the address names the files of the index, each with the digest of its bytes and the
object that holds them; it is written last, and only if nobody has written it meanwhile. So readers
have one state of the index, a command that is killed changes nothing, and the same command again
begins from what is there. No two writers give an object the same name: what one removes, no other
counts on. The copy stays for the next time: only what has changed is fetched.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from seimai.pipeline import shard
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.errors import Problem, cannot_write
from seimai.pipeline.index.listing import LIST
from seimai.pipeline.storage import is_address, open_storage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.engine.progress import Progress
    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.storage import Storage

OBJECTS = "objects"
"""Folder at the address; an object is called by the digest of its bytes and a random number."""

KNOWN = "known.json"
"""Beside the copy: digests of its files, with the size and time at which they had them."""

FORMAT = 1
_TRIES = 5
"""A writer that removes files while they are fetched: the next list names those that stay."""

Files = dict[str, dict[str, Any]]
"""For each file of an index, by its path, its `digest` and `size`; at the address its `object`."""

_KEYS = frozenset({"digest", "size", "object"})

_held: set[Path] = set()
"""Copies that this process is changing: what belongs to their addresses is locked by it."""


def folder_of(place: str) -> Path:
    """Where an index lies on this machine: its folder, or the copy of what is at an address."""
    return _root(place) / "index" if is_address(place) else Path(place)


def bring(place: str, *, to_make: bool = False, show: Progress | None = None) -> Path:
    """
    The folder of an index; what is at an address is fetched, as far as it is not here already.

    Another process that fetches or changes the copy is waited for, which `show` is told once. A
    `Problem` where there is none at the address, unless it is `to_make`.
    """
    if not is_address(place) or _root(place) in _held:
        # A copy that is being changed is fetched already: once more would undo the change.
        return folder_of(place)

    def wait() -> None:
        if show is not None:
            show.stage("turn", 1)
            show.advance(1)
            show.done()

    with lock(_root(place), wait=wait):
        _fetch(open_storage(place), place, to_make=to_make)
    return folder_of(place)


def bring_for(recipe: Recipe, show: Progress) -> None:
    """Fetch the index that runs of a recipe are held against, where it is at an address."""
    if recipe.dedup and recipe.dedup.against:
        bring(recipe.dedup.against, show=show)


def is_sent(folder: Path) -> bool:
    """Whether what is changed in the folder of an index stays: not in a copy that is only read."""
    return folder.parent in _held or not folder.is_relative_to(_copies())


@contextmanager
def changing(place: str, *, to_make: bool = False) -> Iterator[Path]:
    """The folder of an index that is to be changed; what was changed is sent to its address."""
    if not is_address(place):
        yield Path(place)
        return
    storage = open_storage(place)
    root = _root(place)
    with lock(root):
        mark = _fetch(storage, place, to_make=to_make)
        _held.add(root)
        try:
            yield folder_of(place)
        finally:
            _held.discard(root)
        _send(storage, place, mark)


def _root(place: str) -> Path:
    """A folder of this user for what belongs to an address."""
    return _copies() / hashlib.sha256(place.rstrip("/").encode()).hexdigest()[:16]


def _copies() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "seimai" / "index"


def _fetch(storage: Storage, place: str, *, to_make: bool) -> str | None:
    """Make the copy what is at the address; gives the mark of its list, if there is one."""
    folder = folder_of(place)
    for remaining in reversed(range(_TRIES)):
        wanted, mark = _listed(storage)
        if mark is None and not to_make:
            raise Problem("X001", path=place)
        try:
            _make_same(storage, folder, wanted)
        except Problem:
            if not remaining or _listed(storage)[1] == mark:
                raise
        else:
            return mark
    raise AssertionError("the last try returns or raises")


def _listed(storage: Storage) -> tuple[Files, str | None]:
    """The files of the index at an address, and the mark of its list; None where there is none."""
    found = storage.read(LIST)
    if found is None:
        return {}, None
    try:
        content = orjson.loads(found[0])
        files: Files = content["files"]
        sound = content["format"] == FORMAT and all(map(_is_plain, files))
        sound = sound and all(one.keys() >= _KEYS for one in files.values())
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        sound = False
    if not sound:
        raise Problem("X003", path=storage.url)
    return files, found[1]


def _is_plain(path: str) -> bool:
    """Whether a path stays in the folder that it is relative to."""
    return not path.startswith("/") and ".." not in path.split("/")


def _make_same(storage: Storage, folder: Path, wanted: Files) -> None:
    """Fetch what the copy does not have as it is wanted, its list last; then remove the rest."""
    here = _files_of(folder)
    try:
        # Left by a fetch that was killed; nobody else fetches while the lock is held.
        for left in folder.rglob(f".*{shard.TEMPORARY}"):
            left.unlink(missing_ok=True)
        for path in sorted(wanted, key=lambda path: (path == LIST, path)):
            if here.get(path, {}).get("digest") != wanted[path]["digest"]:
                _fetch_file(storage, folder / path, wanted[path])
        for path in here.keys() - wanted.keys():
            (folder / path).unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    _note(folder, wanted)


def _fetch_file(storage: Storage, path: Path, wanted: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}{shard.TEMPORARY}")
    try:
        storage.fetch(f"{OBJECTS}/{wanted['object']}", temporary)
        if _digest_of(temporary) != wanted["digest"]:
            raise Problem("X003", path=storage.url)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _send(storage: Storage, place: str, mark: str | None) -> None:
    """Send what the copy has and the address has not, its list last; then remove the rest."""
    folder = folder_of(place)
    files = _files_of(folder)
    _note(folder, files)
    before, now = _listed(storage)
    if LIST not in files or _digests(files) == _digests(before):
        return
    if now != mark:
        raise Problem("O013", place=storage.url)
    there = storage.sizes(OBJECTS)
    # Of what lies there only what the list names stays: the rest somebody may be removing.
    stored = {
        one["digest"]: one["object"]
        for one in before.values()
        if there.get(one["object"]) == one["size"]
    }
    for path, one in files.items():
        digest = one["digest"]
        if digest not in stored:
            stored[digest] = f"{digest}-{secrets.token_hex(4)}"
            storage.put(f"{OBJECTS}/{stored[digest]}", folder / path)
        one["object"] = stored[digest]
    # `state` is there so that no list is like an earlier one, and neither is its mark.
    content = {"format": FORMAT, "state": secrets.token_hex(8), "files": files}
    if not storage.write_if(LIST, orjson.dumps(content, option=orjson.OPT_INDENT_2), mark):
        raise Problem("O013", place=storage.url)
    # Only what was there at the beginning: another writer's objects, on their way, are not led to.
    kept = {one["object"] for one in files.values()}
    storage.remove([f"{OBJECTS}/{name}" for name in there if name not in kept])


def _digests(files: Files) -> dict[str, str]:
    return {path: one["digest"] for path, one in files.items()}


def _files_of(folder: Path) -> Files:
    """The files of a copy with their digests; those that are known are not read again."""
    known: Mapping[str, Any] = {}
    with contextlib.suppress(OSError, orjson.JSONDecodeError):
        known = orjson.loads((folder.parent / KNOWN).read_bytes())
    found: Files = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.name.startswith(".") or not path.is_file():
            continue
        name, state = path.relative_to(folder).as_posix(), _state(path)
        same = known.get(name, {}).get("state") == state
        digest = known[name]["digest"] if same else _digest_of(path)
        found[name] = {"digest": digest, "size": state[0]}
    return found


def _note(folder: Path, files: Files) -> None:
    content = {
        name: {"digest": one["digest"], "state": _state(folder / name)}
        for name, one in files.items()
    }
    shard.write_json(folder.parent / KNOWN, content)


def _state(path: Path) -> list[int]:
    """Size, number and times of a file: what tells that it has not been written since."""
    status = path.stat()
    return [status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns]


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
