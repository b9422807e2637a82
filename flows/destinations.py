"""
Where a release is published to: a folder, object storage, or the Hugging Face Hub.

Everywhere readers see the old release or the new one, and the old one stays in reach: as the
folder `previous`, as the folder that `latest.json` names as such, as a commit with a tag. Nothing
leaves that is not, byte for byte, what SHA256SUMS of the release says.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seimai.flows.parameters import FolderPlace, HubPlace, StoragePlace
from seimai.pipeline import shard
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.engine.published import read_run
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import counted
from seimai.pipeline.stages import changes, previous, publish

if TYPE_CHECKING:
    from seimai.flows.parameters import Place
    from seimai.pipeline.run_record import RunRecord

POINTER = "latest.json"
"""What readers of object storage open first; it is written last, and in one piece."""

RELEASES = "releases"

_OURS = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{12}")
"""The name of a release in object storage: when it was made, and its digest."""

CAUSE_SHOWN = 300
"""Characters of what a server said."""


@dataclass(frozen=True)
class Published:
    """What is where now."""

    place: str
    previous: str = ""
    """Where the release before it is; "" where there is none."""
    already: bool = False
    """The same release was there before."""


def publish_to(out: Path, place: Place, keep: int) -> tuple[Published, RunRecord]:
    """Publish `out`/release; a `Problem` where it is not whole, or the place does not take it."""
    with lock(out):
        release = out / "release"
        run = whole(release)
        if isinstance(place, FolderPlace):
            return _to_folder(release, Path(place.path), keep), run
        if isinstance(place, StoragePlace):
            return _to_storage(release, run, place.url, keep), run
        return _to_hub(release, run, place), run


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


# --- a folder ------------------------------------------------------------------------------


def _to_folder(release: Path, folder: Path, keep: int) -> Published:
    target = folder / "release"
    with lock(folder):
        if target.exists() and read_run(target) is None:
            raise Problem("O003", path=str(target))
        publish.recover(target)
        if changes.digest_of(target) == changes.digest_of(release):
            return Published(str(target), _previous(folder), already=True)
        prepared = folder / publish.PREPARED
        try:
            shutil.rmtree(prepared, ignore_errors=True)
            shutil.copytree(release, prepared)
            whole(prepared)
            for path in (prepared, *filter(Path.is_dir, prepared.rglob("*"))):
                shard.sync_folder(path)
            publish.publish(prepared, target, keep)
        except OSError as error:
            cause = error.strerror or str(error)
            raise Problem("O010", place=str(folder), cause=cause) from error
        finally:
            shutil.rmtree(prepared, ignore_errors=True)
    return Published(str(target), _previous(folder))


def _previous(folder: Path) -> str:
    latest = previous.folder(folder)
    return str(latest) if latest.is_dir() else ""


# --- object storage ------------------------------------------------------------------------


def _to_storage(release: Path, run: RunRecord, url: str, keep: int) -> Published:
    with _told(url):
        import fsspec

        files, root = fsspec.core.url_to_fs(url)
        digest = changes.digest_of(release)
        made = re.sub(r"[-:]", "", run.get("made", "")) or "00000000T000000Z"
        name = f"{made}-{digest[:12]}"
        old = _pointer(files, f"{root}/{POINTER}")
        known = [old["release"], *old["previous"]] if old else []
        place, pointer = f"{url.rstrip('/')}/{RELEASES}", f"{root}/{POINTER}"
        if old and old["digest"] == digest:
            before = f"{place}/{known[1]}" if known[1:] else ""
            return Published(f"{place}/{old['release']}", before, already=True)
        for path, size in _files(release):
            there = f"{root}/{RELEASES}/{name}/{path.relative_to(release).as_posix()}"
            files.makedirs(there.rpartition("/")[0], exist_ok=True)
            files.put_file(str(path), there)
            if files.size(there) != size:
                raise Problem("O010", place=url, cause=path.name)
        rest = [one for one in known if one != name]
        content = {"format": 1, "release": name, "digest": digest, "previous": rest[:keep]}
        files.pipe_file(pointer, json.dumps(content, indent=1).encode())
        _forget(files, f"{root}/{RELEASES}", {name, *rest[:keep]})
        return Published(f"{place}/{name}", f"{place}/{rest[0]}" if rest[:keep] else "")


def _files(release: Path) -> Iterator[tuple[Path, int]]:
    for path in sorted(release.rglob("*")):
        if path.is_file():
            yield path, path.stat().st_size


def _pointer(files: Any, path: str) -> dict[str, Any] | None:
    """What is published now; None where nothing is."""
    files.invalidate_cache()
    try:
        content: dict[str, Any] = json.loads(files.cat_file(path))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise Problem("O010", place=path, cause=str(error)) from error
    return content


def _forget(files: Any, folder: str, wanted: set[str]) -> None:
    """Remove releases that nobody is led to any more: old ones, and halves of killed runs."""
    files.invalidate_cache()
    for path in files.ls(folder, detail=False):
        name = path.rstrip("/").rpartition("/")[2]
        if _OURS.fullmatch(name) and name not in wanted:
            files.rm(path, recursive=True)


# --- the Hub -------------------------------------------------------------------------------


def _to_hub(release: Path, run: RunRecord, place: HubPlace) -> Published:
    with _told(place.repo):
        api = _hub()
        data_set = {"repo_id": place.repo, "repo_type": "dataset"}
        tag = f"release-{changes.digest_of(release)[:12]}"
        address = f"hf://datasets/{place.repo}"
        api.create_repo(**data_set, private=place.private, exist_ok=True)
        head = api.repo_info(**data_set).sha
        tagged = {one.name: one.target_commit for one in api.list_repo_refs(**data_set).tags}
        if tagged.get(tag) == head:
            return Published(f"{address}@{tag}", already=True)
        # One commit: a reader sees all files of the one or of the other. With its parent named,
        # whatever somebody else has put there meanwhile is not lost, but refused.
        made = api.upload_folder(
            **data_set,
            folder_path=release,
            delete_patterns=["*"],
            parent_commit=head,
            commit_message=f"{run['recipe']}: {counted(run['counts']['kept'], 'texts')}",
        )
        api.create_tag(**data_set, tag=tag, revision=made.oid, exist_ok=True)
        return Published(f"{address}@{tag}", f"{address}@{head}")


def _hub() -> Any:
    from huggingface_hub import HfApi

    return HfApi()


@contextmanager
def _told(place: str) -> Iterator[None]:
    """Tell what a server or a missing package says in a sentence; what was published stays."""
    try:
        yield
    except ImportError as error:
        package = str(error.name or error)
        raise Problem("E001", what=place, package=package, install="seimai[remote]") from error
    except (Problem, KeyboardInterrupt):
        raise
    except Exception as error:
        # Every storage has errors of its own.
        said = str(error).strip().partition("\n")[0][:CAUSE_SHOWN]
        raise Problem("O010", place=place, cause=f"{type(error).__name__}: {said}") from error
