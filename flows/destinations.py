"""
Where a release is published to: a folder, object storage, or the Hugging Face Hub.

Everywhere readers see the old release or the new one, and the old one stays in reach: as the
folder `previous`, as the folder that `latest.json` names as such, as a commit with a tag. Nothing
leaves that is not, byte for byte, what SHA256SUMS of the release says, and nothing takes the place
of a release that is far better.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from seimai.flows.parameters import FolderPlace, HubPlace, StoragePlace
from seimai.pipeline import shard
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.engine.publishing.concerns import refuse_forgetful, refuse_worse
from seimai.pipeline.engine.publishing.published import read_run
from seimai.pipeline.engine.publishing.remote_release import Published, publish_release, whole
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import counted
from seimai.pipeline.stages import changes, previous, publish
from seimai.pipeline.storage import open_storage, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seimai.flows.parameters import Place
    from seimai.pipeline.run_record import RunRecord


def publish_to(
    out: Path, place: Place, keep: int, *, accept: bool = False
) -> tuple[Published, RunRecord]:
    """
    Publish `out`/release.

    A `Problem` where it is not whole, the place does not take it, or (unless `accept` is said) it
    is far worse than the release that readers have there.
    """
    if isinstance(place, StoragePlace):
        return publish_release(out, open_storage(place.url), keep, accept=accept)
    with lock(out):
        release = out / "release"
        run = whole(release)
        if isinstance(place, FolderPlace):
            return _to_folder(release, run, Path(place.path), keep, accept=accept), run
        return _to_hub(release, run, place, accept=accept), run


def _refuse(place: str, there: RunRecord | None, run: RunRecord) -> None:
    """A `Problem` where readers would be worse off with a release than with the one they have."""
    refuse_forgetful(place, there, run)
    refuse_worse(there, run)


# --- a folder ------------------------------------------------------------------------------


def _to_folder(
    release: Path, run: RunRecord, folder: Path, keep: int, *, accept: bool
) -> Published:
    target = folder / "release"
    with lock(folder):
        if target.exists() and read_run(target) is None:
            raise Problem("O003", path=str(target))
        publish.recover(target)
        if changes.digest_of(target) == changes.digest_of(release):
            return Published(str(target), _previous(folder), already=True)
        if not accept:
            _refuse(str(target), read_run(target), run)
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


# --- the Hub -------------------------------------------------------------------------------


def _to_hub(release: Path, run: RunRecord, place: HubPlace, *, accept: bool) -> Published:
    with told(place.repo):
        api = _hub()
        data_set = {"repo_id": place.repo, "repo_type": "dataset"}
        tag = f"release-{changes.digest_of(release)[:12]}"
        address = f"hf://datasets/{place.repo}"
        api.create_repo(**data_set, private=place.private, exist_ok=True)
        head = api.repo_info(**data_set).sha
        tagged = {one.name: one.target_commit for one in api.list_repo_refs(**data_set).tags}
        if tagged.get(tag) == head:
            return Published(f"{address}@{tag}", already=True)
        if not accept:
            _refuse(address, _run_on_hub(api, data_set, head), run)
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


def _run_on_hub(api: Any, data_set: Mapping[str, str], revision: str) -> RunRecord | None:
    """`run.json` of what is on the Hub; None where that is no release."""
    if not api.file_exists(**data_set, filename="run.json", revision=revision):
        return None
    with TemporaryDirectory(prefix="seimai-") as folder:
        api.hf_hub_download(**data_set, filename="run.json", revision=revision, local_dir=folder)
        return read_run(Path(folder))


def _hub() -> Any:
    from huggingface_hub import HfApi

    return HfApi()
