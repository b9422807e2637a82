"""
A release in object storage: put there whole, found by one small file, taken back and fetched.

    ADDRESS/latest.json                           which release readers are to open
    ADDRESS/releases/20261130T030000Z-0a1b2c3d4e5f/data/…   a release, as a run has written it

A release has a folder named after when it was made and the digest of its SHA256SUMS, so what is
in a folder is known by its name, and a file of the right size that is there need not be sent
again. `latest.json` is written last, on the condition that nobody has written it meanwhile:
readers see the old release or the new one. The releases before it stay as long as it names them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from seimai.pipeline.engine.lock import lock
from seimai.pipeline.engine.publishing.concerns import refuse_forgetful, refuse_worse
from seimai.pipeline.engine.publishing.published import read_run
from seimai.pipeline.errors import Problem
from seimai.pipeline.stages import changes, publish

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.run_record import RunRecord
    from seimai.pipeline.storage import Storage

POINTER = "latest.json"
"""What readers open first; it is written last, and in one piece."""

RELEASES = "releases"

_OURS = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{12}")
"""The name of a release: when it was made, and its digest."""


@dataclass(frozen=True)
class Published:
    """Where a release and the one before it are after publishing."""

    place: str
    previous: str = ""
    """Where the release before it is; "" where there is none."""
    already: bool = False
    """Whether the same release was there before."""


@dataclass(frozen=True)
class Pointer:
    """The content of `latest.json`."""

    release: str
    digest: str
    previous: tuple[str, ...]
    """The names of the releases before it, the latest first."""

    def as_bytes(self) -> bytes:
        """The content of `latest.json`."""
        content = {
            "format": 1,
            "release": self.release,
            "digest": self.digest,
            "previous": list(self.previous),
        }
        return orjson.dumps(content, option=orjson.OPT_INDENT_2)


def publish_release(
    out: Path, storage: Storage, keep: int, *, accept: bool = True
) -> tuple[Published, RunRecord]:
    """
    Publish `out`/release; `keep` releases before it stay in reach.

    A `Problem` where the release is not whole, the storage does not take it, or somebody else has
    published there meanwhile; readers then have what they had. The same call again sends what is
    missing. Unless `accept` is said, the release is held against the one that is there, which a
    run in a new folder has never seen: a `Problem` where it is far worse.
    """
    with lock(out):
        release = out / "release"
        run = whole(release)
        digest = changes.digest_of(release)
        made = re.sub(r"[-:]", "", run.get("made", "")) or "00000000T000000Z"
        name = f"{made}-{digest[:12]}"
        old, mark = read_pointer(storage)
        known = (old.release, *old.previous) if old else ()
        if old and old.digest == digest:
            return _published(storage, old, already=True), run
        there_now = _record_of(storage, old) if old else None
        if old and there_now and there_now.get("fingerprint") == run.get("fingerprint"):
            # Made in another folder, at another time, of the same texts: these are the same bytes.
            return _published(storage, old, already=True), run
        if not accept:
            refuse_forgetful(storage.url, there_now, run)
            refuse_worse(there_now, run)
        there = storage.sizes(RELEASES)
        _send(release, name, there, storage)
        rest = tuple(one for one in known if one != name)[:keep]
        new = Pointer(name, digest, rest)
        if not storage.write_if(POINTER, new.as_bytes(), mark):
            raise Problem("O013", place=storage.url)
        # Only what was there at the beginning: another's release, on its way, would not be led to.
        storage.remove(_unwanted(there, {name, *rest}))
        return _published(storage, new), run


def _record_of(storage: Storage, pointer: Pointer) -> RunRecord | None:
    """`run.json` of the release that readers are led to; None where it cannot be read."""
    found = storage.read(f"{RELEASES}/{pointer.release}/run.json")
    try:
        record: RunRecord | None = orjson.loads(found[0]) if found else None
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) else None


def _send(release: Path, name: str, there: dict[str, int], storage: Storage) -> None:
    """Put all files of a release that are not there already, and see that they are there."""
    wanted = {
        path.relative_to(release).as_posix(): path.stat().st_size
        for path in sorted(release.rglob("*"))
        if path.is_file()
    }
    for path, size in wanted.items():
        if there.get(f"{name}/{path}") != size:
            storage.put(f"{RELEASES}/{name}/{path}", release / path)
    arrived = storage.sizes(f"{RELEASES}/{name}")
    for path, size in wanted.items():
        if arrived.get(path) != size:
            raise Problem("O010", place=storage.url, cause=path)


def _unwanted(there: dict[str, int], wanted: set[str]) -> list[str]:
    """Files of releases that nobody is led to any more: old ones, and halves of killed runs."""
    return [
        f"{RELEASES}/{path}"
        for path in there
        if (name := path.partition("/")[0]) not in wanted and _OURS.fullmatch(name)
    ]


def _published(storage: Storage, pointer: Pointer, *, already: bool = False) -> Published:
    before = f"{storage.url}/{RELEASES}/{pointer.previous[0]}" if pointer.previous else ""
    return Published(f"{storage.url}/{RELEASES}/{pointer.release}", before, already)


def read_pointer(storage: Storage) -> tuple[Pointer | None, str | None]:
    """What is published now and the mark of the file that says so; None where nothing is."""
    found = storage.read(POINTER)
    if found is None:
        return None, None
    try:
        content: dict[str, Any] = orjson.loads(found[0])
        names = [content["release"], *content["previous"]]
        pointer = Pointer(content["release"], content["digest"], tuple(content["previous"]))
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        place = f"{storage.url}/{POINTER}"
        raise Problem("O010", place=place, cause=str(error) or type(error).__name__) from error
    if not all(_OURS.fullmatch(str(name)) for name in names):
        raise Problem("O010", place=f"{storage.url}/{POINTER}", cause=str(content["release"]))
    return pointer, found[1]


def roll_back_remote(storage: Storage) -> Published:
    """Lead readers to the release before this one, which becomes the one before: nothing moves."""
    now, mark = read_pointer(storage)
    if now is None:
        raise Problem("U011", path=storage.url)
    if not now.previous:
        raise Problem("O006", path=storage.url)
    name, *rest = now.previous
    found = storage.read(f"{RELEASES}/{name}/{publish.SUMS}")
    if found is None:
        raise Problem("O007", path=f"{storage.url}/{RELEASES}/{name}")
    new = Pointer(name, hashlib.sha256(found[0]).hexdigest(), (now.release, *rest))
    if not storage.write_if(POINTER, new.as_bytes(), mark):
        raise Problem("O013", place=storage.url)
    return _published(storage, new)


def fetch_release(storage: Storage, folder: Path) -> Path:
    """Bring the release that readers are led to into `folder`/release, and look at every byte."""
    pointer, _ = read_pointer(storage)
    if pointer is None:
        raise Problem("U011", path=storage.url)
    target = folder / "release"
    for path in storage.sizes(f"{RELEASES}/{pointer.release}"):
        file = target / path
        if not file.resolve().is_relative_to(target.resolve()):
            raise Problem("O010", place=storage.url, cause=path)
        file.parent.mkdir(parents=True, exist_ok=True)
        storage.fetch(f"{RELEASES}/{pointer.release}/{path}", file)
    if changes.digest_of(target) != pointer.digest:
        raise Problem("O009", path=_published(storage, pointer).place, cause=publish.SUMS)
    return target


# --- is it whole? --------------------------------------------------------------------------


def whole(release: Path) -> RunRecord:
    """The record of a release whose files are all there, byte for byte; else a `Problem`."""
    run = read_run(release)
    if run is None:
        raise Problem("O009", path=str(release), cause="run.json")
    listed = sums(release)
    named = {file["path"] for file in run["outputs"]} | {*publish.PAGES, "run.json"}
    wrong = sorted(named ^ set(listed)) or [
        name for name, digest in listed.items() if not _is(release / name, digest)
    ]
    if wrong:
        raise Problem("O009", path=str(release), cause=", ".join(wrong[:3]))
    return run


def sums(release: Path) -> dict[str, str]:
    """The digests that SHA256SUMS lists, by path; none where it is missing."""
    try:
        lines = (release / publish.SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = (line.split("  ", 1) for line in lines)
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}


def _is(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False
