"""The flows beside `curate`: new inputs, new limits, publishing, tidying up."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from tests.conftest import prose, release_digests
from tests.flows.test_curate import artifacts, task_runs, write_recipe

Ask = Callable[..., Any]


def add_file(folder: Path, recipe: Path, name: str) -> Path:
    """Another file for the first source of a recipe, which then reads a glob."""
    content = yaml.safe_load(recipe.read_text("utf-8"))
    content["source"][0]["files"] = [str(folder / "n*.jsonl")]
    recipe.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    path = folder / name
    path.write_text(f"{json.dumps({'text': prose(40)})}\n", "utf-8")
    return path


@pytest.mark.usefixtures("server")
def test_nothing_new(tmp_path: Path, ask: Ask) -> None:
    """With nothing new a run says so, does no task and writes no artifact."""
    from seimai.flows.ingest_new import ingest_new

    recipe = str(write_recipe(tmp_path))
    first = ingest_new(recipe=recipe, out=str(tmp_path / "out"), return_state=True)

    state = ingest_new(recipe=recipe, out=str(tmp_path / "out"), return_state=True)

    assert "kept 18 of 27 texts · 3 new, 0 changed and 0 gone inputs" == first.message
    assert (
        "nothing new: 3 inputs are as they were, and so is the release (18 texts)" == state.message
    )
    assert [] == task_runs(ask, state, 0)
    assert {} == artifacts(ask, state)


@pytest.mark.usefixtures("server")
def test_only_what_is_new(tmp_path: Path, ask: Ask) -> None:
    """A new and a changed file are read, the others are not; the page has the figures before."""
    from seimai.flows.artifacts import key
    from seimai.flows.ingest_new import ingest_new

    recipe, out = write_recipe(tmp_path), tmp_path / "out"
    path = add_file(tmp_path, recipe, "new.jsonl")
    path.unlink()
    ingest_new(recipe=str(recipe), out=str(out))
    add_file(tmp_path, recipe, "new.jsonl")
    (tmp_path / "west.jsonl").unlink()
    with (tmp_path / "south.jsonl").open("a") as file:
        file.write(f"{json.dumps({'text': prose(41)})}\n")

    west = tmp_path / "west.jsonl"
    west.write_text("", "utf-8")
    state = ingest_new(recipe=str(recipe), out=str(out), return_state=True)

    assert str(state.message).endswith("1 new, 2 changed and 0 gone inputs")
    names = [one["name"] for one in task_runs(ask, state, 1)]
    assert ["prepare 00004 and 2 more"] == names
    shown = artifacts(ask, state)
    funnel = json.loads(shown[key("funnel", None, out)]["data"])
    assert ["read", "20", "100.0%", "27", "−7"] == list(funnel[0].values())
    page = shown[key("release", None, out)]["data"]
    assert "| west " not in page
    assert "texts against the release before: 2 added, " in page


@pytest.mark.usefixtures("server")
def test_new_limits(tmp_path: Path, ask: Ask) -> None:
    """Other limits are applied to what was read; a file that came since waits for its run."""
    from seimai.flows.ingest_new import ingest_new
    from seimai.flows.rejudge import rejudge

    recipe, out = write_recipe(tmp_path), tmp_path / "out"
    add_file(tmp_path, recipe, "new.jsonl").unlink()
    ingest_new(recipe=str(recipe), out=str(out))
    add_file(tmp_path, recipe, "new.jsonl")
    content = yaml.safe_load(recipe.read_text("utf-8"))
    content["limits"]["text.length_count"]["min"] = 1
    recipe.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")

    state = rejudge(recipe=str(recipe), out=str(out), return_state=True)

    assert "kept 19 of 27 texts" == state.message
    assert [] == [one for one in task_runs(ask, state, 0) if "prepare" in one["name"]]


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("change", ["clean", "file"])
def test_limits_are_not_all(tmp_path: Path, change: str) -> None:
    """Where more than limits changed, judging again is refused, and nothing is touched."""
    from seimai.flows.curate import curate
    from seimai.flows.rejudge import rejudge

    recipe, out = write_recipe(tmp_path), tmp_path / "out"
    curate(recipe=str(recipe), out=str(out))
    before = release_digests(out)
    if change == "clean":
        content = yaml.safe_load(recipe.read_text("utf-8"))
        content["clean"] = ["line_ends", "control"]
        recipe.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    else:
        (tmp_path / "south.jsonl").write_text(f"{json.dumps({'text': prose(9)})}\n", "utf-8")

    state = rejudge(recipe=str(recipe), out=str(out), return_state=True)

    assert state.is_failed()
    assert "O008" in str(state.message)
    assert "south.jsonl" in str(state.message)
    assert before == release_digests(out)


@pytest.mark.usefixtures("server")
def test_busy_folder_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that another run holds is tried again; a mistake in the recipe is not."""
    from seimai.flows.curate import curate
    from seimai.pipeline.engine.lock import lock

    recipe, out = write_recipe(tmp_path), tmp_path / "out"
    held = lock(out)
    held.__enter__()
    waits = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        held.__exit__(None, None, None)

    monkeypatch.setattr("seimai.flows.journey.WAIT_SECONDS", 300.0)
    monkeypatch.setattr("seimai.flows.journey.pause", wait)

    state = curate(recipe=str(recipe), out=str(out), retries=2, return_state=True)
    mistake = curate(recipe=str(tmp_path / "no"), out=str(out), retries=2, return_state=True)

    assert "Completed" == state.name
    assert mistake.is_failed()
    assert [300.0] == waits


@pytest.mark.usefixtures("server")
def test_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What went wrong stands in the log once, line by line, with no traceback of Prefect's."""
    from prefect.engine import handle_engine_signals

    from seimai.flows.curate import curate

    recipe = write_recipe(tmp_path, limits={"ja.hiragana_rate": {"min": 0.1}})

    with caplog.at_level(logging.INFO, "prefect"):
        for name in ("prefect.flow_runs", "prefect.engine"):
            logging.getLogger(name).addHandler(caplog.handler)
            logging.getLogger(name).setLevel(logging.INFO)
        with pytest.raises(SystemExit), handle_engine_signals():
            curate(recipe=str(recipe), out=str(tmp_path / "out"))

    told = [record for record in caplog.records if "hiragana_rate" in record.getMessage()]
    assert 1 == len({id(record) for record in told})
    assert "\n" in told[0].getMessage()
    assert [] == [record for record in caplog.records if record.exc_info]


@pytest.mark.usefixtures("server")
def test_too_long(tmp_path: Path, moody: Path) -> None:
    """A run that takes longer than its hours is ended, with its child."""
    from seimai.flows.curate import curate

    recipe = write_recipe(tmp_path, limits={"test.moody_count": {"min": 100}})
    (moody.parent / "sleep").touch()

    state = curate(
        recipe=str(recipe),
        out=str(tmp_path / "out"),
        filters=[str(moody)],
        workers=1,
        hours=4 / 3600,
        return_state=True,
    )

    assert "S049" in str(state.message)


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """The folder of a finished run, and a way to make another release of it."""
    return released_of(tmp_path, 1)


def released_of(folder: Path, least: int) -> Path:
    """A finished run with texts of at least so many characters."""
    from seimai.pipeline.engine.run import in_process_executor, run
    from seimai.pipeline.recipe import load_recipe

    recipe = write_recipe(folder, limits={"text.length_count": {"min": least}})
    run(load_recipe(recipe), folder / "out", open_executor=in_process_executor)
    return folder / "out"


@pytest.mark.usefixtures("server")
def test_publish_to_a_folder(tmp_path: Path, released: Path) -> None:
    """A release comes to a folder whole, the one before it is `previous`, and twice is once."""
    from seimai.flows.release import release

    there = tmp_path / "public"
    to = {"kind": "folder", "path": str(there)}

    first = release(out=str(released), to=to, return_state=True)
    again = release(out=str(released), to=to, return_state=True)
    before = release_digests(there)
    released_of(tmp_path, 100)
    second = release(out=str(released), to=to, return_state=True)

    assert f"published 20 texts to {there / 'release'}" == first.message
    assert "has this release already" in str(again.message)
    assert second.is_completed()
    assert release_digests(released) == release_digests(there)
    assert before != release_digests(there)
    assert {"release", "previous"} == {one.name for one in there.iterdir() if one.is_dir()}


@pytest.mark.usefixtures("server")
def test_publish_nothing_broken(tmp_path: Path, released: Path) -> None:
    """A release with one other byte is not published; what was there stays."""
    from seimai.flows.release import release

    to = {"kind": "folder", "path": str(tmp_path / "public")}
    release(out=str(released), to=to)
    before = release_digests(tmp_path / "public")
    released_of(tmp_path, 100)
    path = next((released / "release" / "data").iterdir())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    state = release(out=str(released), to=to, return_state=True)

    assert state.is_failed()
    assert path.name in str(state.message)
    assert before == release_digests(tmp_path / "public")


@pytest.mark.usefixtures("server")
def test_publish_to_storage(tmp_path: Path, released: Path) -> None:
    """`latest.json` leads to a whole release and the one before it; what is older goes."""
    import fsspec

    from seimai.flows.release import release
    from seimai.pipeline.engine.publishing.remote_release import whole

    files = fsspec.filesystem("memory")
    to = {"kind": "storage", "url": "memory://published/web"}
    names = []
    for least in (1, 100, 150):
        released_of(tmp_path, least)
        state = release(out=str(released), to=to, return_state=True)
        assert state.is_completed(), state.message
        names.append(json.loads(files.cat_file("/published/web/latest.json")))

    assert names[2]["previous"] == [names[1]["release"]]
    there = {path.split("/")[4] for path in files.find("/published/web/releases")}
    assert {names[2]["release"], names[1]["release"]} == there
    files.get(
        f"/published/web/releases/{names[2]['release']}", str(tmp_path / "got"), recursive=True
    )
    assert whole(tmp_path / "got") == whole(released / "release")


@pytest.mark.usefixtures("server")
def test_publish_half_way(tmp_path: Path, released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Storage that fails in the middle leaves readers with the release that was there."""
    import fsspec

    from seimai.flows.release import release

    files = fsspec.filesystem("memory")
    to = {"kind": "storage", "url": "memory://published/half"}
    release(out=str(released), to=to)
    before = files.cat_file("/published/half/latest.json")
    released_of(tmp_path, 100)
    monkeypatch.setattr(type(files), "put_file", lambda *_, **__: _raise(OSError("503")))

    state = release(out=str(released), to=to, return_state=True)

    assert state.is_failed()
    assert "O010" in str(state.message)
    assert before == files.cat_file("/published/half/latest.json")


def _raise(error: Exception) -> None:
    raise error


class Hub:
    """As much of the Hub as publishing asks for; each commit is one upload."""

    def __init__(self) -> None:
        self.commits: list[str] = ["0" * 40]
        self.tags: dict[str, str] = {}
        self.uploads: list[dict[str, Any]] = []
        self.first_run = b""

    def create_repo(self, **_: Any) -> None:
        """Nothing to do."""

    def repo_info(self, **_: Any) -> Any:
        """The latest commit."""
        return SimpleNamespace(sha=self.commits[-1])

    def list_repo_refs(self, **_: Any) -> Any:
        """The tags."""
        found = [SimpleNamespace(name=k, target_commit=v) for k, v in self.tags.items()]
        return SimpleNamespace(tags=found)

    def upload_folder(self, **given: Any) -> Any:
        """One commit on top of the one that is named."""
        assert given["parent_commit"] == self.commits[-1]
        self.uploads.append(given)
        self.commits.append(f"{len(self.commits):040d}")
        return SimpleNamespace(oid=self.commits[-1])

    def create_tag(self, *, tag: str, revision: str, **_: Any) -> None:
        """A tag."""
        self.tags[tag] = revision

    def file_exists(self, *, filename: str, revision: str, **_: Any) -> bool:
        """Whether the latest upload had a file."""
        assert revision == self.commits[-1]
        return bool(self.uploads) and (self.uploads[-1]["folder_path"] / filename).exists()

    def hf_hub_download(self, *, filename: str, local_dir: str, **_: Any) -> None:
        """A file of the first upload, as it was then."""
        Path(local_dir, filename).write_bytes(self.first_run)


@pytest.mark.usefixtures("server")
def test_publish_to_the_hub(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release is one commit with a tag, on top of what was looked at; twice is once."""
    from seimai.flows.release import release

    hub = Hub()
    monkeypatch.setattr("seimai.flows.destinations._hub", lambda: hub)
    to = {"kind": "hub", "repo": "team/web"}

    first = release(out=str(released), to=to, return_state=True)
    again = release(out=str(released), to=to, return_state=True)

    assert "published 20 texts to hf://datasets/team/web@release-" in str(first.message)
    assert "already" in str(again.message)
    assert [released / "release"] == [one["folder_path"] for one in hub.uploads]
    assert ["*"] == hub.uploads[0]["delete_patterns"]


@pytest.mark.usefixtures("server")
def test_publish_nothing_forgotten(tmp_path: Path, released: Path) -> None:
    """A release made without requests to forget does not take the place of one that heeds them."""
    from seimai.flows.release import release

    to = {"kind": "folder", "path": str(tmp_path / "public")}
    release(out=str(released), to=to)
    there = tmp_path / "public/release/run.json"
    there.write_text(json.dumps({**json.loads(there.read_text("utf-8")), "forgotten": 3}), "utf-8")
    released_of(tmp_path, 100)

    state = release(out=str(released), to=to, return_state=True)

    assert state.is_failed()
    assert "O014" in str(state.message)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("kind", ["folder", "storage", "hub"])
def test_publish_nothing_far_worse(
    kind: str, tmp_path: Path, released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that lost its texts does not take the place of one that readers have."""
    from seimai.flows.release import release
    from seimai.pipeline.engine.run import in_process_executor, run
    from seimai.pipeline.recipe import load_recipe

    hub = Hub()
    monkeypatch.setattr("seimai.flows.destinations._hub", lambda: hub)
    to = {
        "folder": {"kind": "folder", "path": str(tmp_path / "public")},
        "storage": {"kind": "storage", "url": "memory://published/worse"},
        "hub": {"kind": "hub", "repo": "team/web"},
    }[kind]
    hub.first_run = (released / "release/run.json").read_bytes()
    release(out=str(released), to=to)
    worse = tmp_path / "worse"
    worse.mkdir()
    recipe = load_recipe(write_recipe(worse))
    for path in worse.glob("*.jsonl"):
        path.write_text(path.read_text("utf-8").replace('"text"', '"honbun"'), "utf-8")
    run(recipe, worse / "out", open_executor=in_process_executor)

    refused = release(out=str(worse / "out"), to=to, return_state=True)
    accepted = release(out=str(worse / "out"), to=to, accept=True, return_state=True)

    assert ("WipeOut", True) == (refused.name, refused.is_failed())
    assert "O004" in str(refused.message)
    assert accepted.is_completed(), accepted.message


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    "to", [{"kind": "storage", "url": "s3://key:secret@bucket"}, {"kind": "hub", "repo": "web"}]
)
def test_wrong_place(released: Path, to: dict[str, str]) -> None:
    """A place that cannot be one, or holds a password, is refused before anything starts."""
    from prefect.exceptions import ParameterTypeError

    from seimai.flows.release import release

    with pytest.raises(ParameterTypeError):
        release(out=str(released), to=to)


@pytest.mark.usefixtures("server")
def test_maintain(tmp_path: Path, released: Path) -> None:
    """Leftovers and trials go, and a strange folder is refused; the release stays as it was."""
    from seimai.flows.curate import curate
    from seimai.flows.maintain import maintain

    recipe = tmp_path / "recipe.yaml"
    curate(recipe=str(recipe), out=str(released), limit=2)
    (released / ".release-new").mkdir()
    (released / ".release-new" / "half.parquet").write_bytes(b"half")
    (released / "stages" / "text" / "00009-000.parquet").write_bytes(b"stranger")
    before = release_digests(released)

    state = maintain(out=str(released), return_state=True)
    again = maintain(out=str(released), return_state=True)
    strange = maintain(out=str(tmp_path), return_state=True)

    assert "leftovers of runs that were killed · the trial" in str(state.message)
    assert "nothing to remove" == again.message
    assert "U011" in str(strange.message)
    assert not (released / "trial").exists()
    assert not (released / "stages" / "text" / "00009-000.parquet").exists()
    assert before == release_digests(released)


@pytest.mark.usefixtures("server", "center")
def test_work_for_a_batch_system(tmp_path: Path) -> None:
    """The flow hands its work to a batch system, and releases what it would have made itself."""
    from seimai.flows.curate import curate

    recipe = write_recipe(tmp_path)
    site = tmp_path / "site.yaml"
    site.write_text("poll_seconds: 0.1\nprocesses: 2\n")
    state = curate(
        str(recipe), str(tmp_path / "arrays"), crew="slurm", site=str(site), return_state=True
    )
    assert state.is_completed()
    curate(str(recipe), str(tmp_path / "alone"))
    assert release_digests(tmp_path / "alone") == release_digests(tmp_path / "arrays")
