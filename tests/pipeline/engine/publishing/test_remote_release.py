"""
A release in object storage: whole or not there, led to by one file, taken back and fetched.

The store is one with the interface of S3, on this machine alone. What is asked of it is counted,
and it can refuse everything from any request on, which leaves what a kill there would leave.
"""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.engine.publishing.remote_release import (
    Pointer,
    fetch_release,
    publish_release,
    read_pointer,
    roll_back_remote,
)
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.storage import open_storage
from tests.conftest import prose, recipe_of
from tests.object_store import SECRETS, object_store

URL = "s3://bucket/japanese/web"


@pytest.fixture
def store(monkeypatch):
    """An object store that the environment leads to."""
    with object_store(monkeypatch) as made:
        yield made


@pytest.fixture(params=["s3", "file", "memory"])
def storage(request, tmp_path):
    """Storage of each kind; fsspec's own memory stands for stores without conditional puts."""
    if request.param == "s3":
        request.getfixturevalue("store")
        return open_storage(URL)
    if request.param == "file":
        return open_storage(f"file://{tmp_path}/public")
    return open_storage(f"memory://published/{tmp_path.name}")


@pytest.fixture
def release_of(tmp_path, write_lines, curate):
    """A function that makes a release of texts of at least so many characters."""

    def make(least, name="out"):
        write_lines(
            tmp_path / "in.jsonl",
            [{"id": f"{k}", "text": prose(k, 1 + k % 5)} for k in range(20)],
        )
        recipe = recipe_of(tmp_path / "in.jsonl", limits={"text.length_count": {"min": least}})
        curate(recipe, tmp_path / name)
        return tmp_path / name

    return make


def _files(release):
    return {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in release.rglob("*")
        if path.is_file()
    }


def test_readers_find_the_release_of_the_run(storage, release_of, tmp_path):
    """What is fetched is what was made, byte for byte, and `verify` finds nothing."""
    out = release_of(50)
    publish_release(out, storage, 1)
    got = fetch_release(storage, tmp_path / "got")

    assert _files(out / "release") == _files(got)
    assert "fail" not in {check.state for check in verify(got)}


def test_the_release_before_stays_and_older_ones_go(storage, release_of):
    """Three releases one after the other leave two, and nothing of the first."""
    done = [publish_release(release_of(least), storage, 1)[0] for least in (20, 60, 100)]
    there = {path.partition("/")[0] for path in storage.sizes("releases")}

    assert done[1].place == done[2].previous
    assert {one.place.rpartition("/")[2] for one in done[1:]} == there


def test_the_same_release_is_not_sent_twice(storage, release_of):
    """The pointer says it is there: two requests, and no file."""
    out = release_of(50)
    publish_release(out, storage, 1)
    storage.requests.clear()
    again, _ = publish_release(out, storage, 1)

    assert again.already
    assert {"read", "head"} >= set(storage.requests)


def test_a_rollback_leads_back_and_forward_again(storage, release_of, tmp_path):
    """A rollback moves only the pointer, and a second one moves it back."""
    first = _files(release_of(20) / "release")
    publish_release(tmp_path / "out", storage, 1)
    second = _files(release_of(100) / "release")
    publish_release(tmp_path / "out", storage, 1)
    roll_back_remote(storage)
    back = _files(fetch_release(storage, tmp_path / "back"))
    roll_back_remote(storage)

    assert first == back
    assert second == _files(fetch_release(storage, tmp_path / "forward"))


def test_a_rollback_needs_a_release_before(storage, release_of):
    """There is nothing to lead back to after the first release, or before it."""
    with pytest.raises(Problem, match="U011"):
        roll_back_remote(storage)
    publish_release(release_of(50), storage, 1)
    with pytest.raises(Problem, match="O006"):
        roll_back_remote(storage)


def test_two_that_publish_at_once_do_not_undo_each_other(storage, release_of, monkeypatch):
    """The second to come to the pointer is told; what the first has published stays whole."""
    mine, other = release_of(20), release_of(100, "other")
    sizes = type(storage).sizes

    def slow(self, folder):
        found = sizes(self, folder)
        monkeypatch.setattr(type(storage), "sizes", sizes)
        publish_release(other, open_storage(storage.url), 1)
        return found

    monkeypatch.setattr(type(storage), "sizes", slow)
    with pytest.raises(Problem, match="O013"):
        publish_release(mine, storage, 1)
    pointer, _ = read_pointer(storage)

    assert hashlib.sha256((other / "release/SHA256SUMS").read_bytes()).hexdigest() == pointer.digest


def test_a_pointer_that_leads_out_of_the_place_is_refused(storage):
    """What others write there is not followed anywhere."""
    storage.write_if("latest.json", Pointer("../../secrets", "0", ()).as_bytes(), None)
    with pytest.raises(Problem, match="O010"):
        read_pointer(storage)


def _publish(out):
    """The code of what went wrong; "" where nothing did."""
    try:
        publish_release(out, open_storage(URL), 0)
    except Problem as found:
        return found.code
    return ""


def test_wherever_it_ends_readers_have_a_whole_release(store, release_of, tmp_path):
    """
    From each request on the store refuses everything: the old release is there, or the new one.

    The next try goes on, sends what is missing, and leaves nothing of the one that failed.
    """
    publish_release(release_of(20), open_storage(URL), 0)
    old = _files(tmp_path / "out/release")
    out = release_of(100)
    new = _files(out / "release")
    ended = 0
    for step in range(100):
        store.asked.clear()
        store.refuse_from = step
        code = _publish(out)
        store.refuse_from = None
        if not code:
            break
        assert code == "O010", step
        ended += 1
        got = _files(fetch_release(open_storage(URL), tmp_path / f"got{step}"))
        assert got in (old, new), step
    assert ended > len(new)  # every file is a request at least
    storage = open_storage(URL)
    publish_release(out, storage, 0)

    assert new == _files(fetch_release(storage, tmp_path / "got"))


def test_requests_are_few_and_grow_with_the_files_alone(store, release_of):
    """One put for each file, and eleven requests more, whatever there is."""
    for least in (20, 60, 100):
        out = release_of(least)
        store.asked.clear()
        storage = open_storage(URL)
        publish_release(out, storage, 1)
        files = len(_files(out / "release"))
        assert files == storage.requests["put"]
        assert store.count() <= files + 11, store.asked


def test_secrets_are_in_nothing_that_is_written_or_said(
    store, write_lines, tmp_path, capsys, monkeypatch
):
    """The whole way by commands, a refusal among them; credentials come from the environment."""
    monkeypatch.chdir(tmp_path)
    write_lines(tmp_path / "in.jsonl", [{"id": f"{k}", "text": prose(k)} for k in range(9)])
    (tmp_path / "mine.yaml").write_text(
        "recipe: mine\nversion: 1\nlimits:\n  text.length_count: {min: 20}\n", "utf-8"
    )
    words = ["run", "mine.yaml", "--source", "in.jsonl", "--out", URL, "--work", "here"]
    assert 0 == main(words)
    assert f"published {URL}/releases/" in capsys.readouterr().out
    (tmp_path / "mine.yaml").write_text(
        "recipe: mine\nversion: 1\nlimits:\n  text.length_count: {min: 30}\n", "utf-8"
    )
    assert 0 == main([*words, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert 0 == main(["verify", URL])
    assert 0 == main(["rollback", URL])
    said = capsys.readouterr()
    store.refuse_from = 0
    assert 2 == main(["verify", URL])
    refused = capsys.readouterr().err
    store.refuse_from = None
    fetch_release(open_storage(URL), tmp_path / "got")
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    outputs = [json.dumps(told).encode(), said.out.encode(), said.err.encode(), refused.encode()]

    assert told["published"]["place"].startswith(f"{URL}/releases/")
    assert "O010" in refused
    assert not [one for one in [*written, *outputs] for s in SECRETS.values() if s.encode() in one]


@pytest.mark.parametrize("url", ["s3://key:secret@bucket/web", "s3://bucket/web?token=secret"])
def test_an_address_with_a_secret_is_refused_and_not_shown(url):
    """An address with a password in it is refused, and the problem does not show it."""
    with pytest.raises(Problem) as found:
        open_storage(url)

    assert "O012" == found.value.code
    assert "secret" not in str(found.value)


def test_datasets_opens_what_is_published(store, release_of, tmp_path):
    """`datasets` opens what the pointer names, as flows/README.md says."""
    import datasets
    import fsspec

    del store
    _, run = publish_release(release_of(50), open_storage(URL), 1)
    fresh = {"skip_instance_cache": True}
    with fsspec.open(f"{URL}/latest.json", **fresh) as file:
        name = json.load(file)["release"]
    rows = datasets.load_dataset(
        "parquet",
        data_files=f"{URL}/releases/{name}/data/*.parquet",
        split="train",
        cache_dir=str(tmp_path / "cache"),
        storage_options=fresh,
    )

    assert run["counts"]["kept"] == rows.num_rows


def test_a_trial_is_not_published(store, write_lines, tmp_path, monkeypatch):
    """A run with `--limit` publishes nothing."""
    monkeypatch.chdir(tmp_path)
    write_lines(tmp_path / "in.jsonl", [{"id": f"{k}", "text": prose(k)} for k in range(9)])
    main(["run", "web", "--source", "in.jsonl", "--out", URL, "--limit", "3", "--quiet"])

    assert [] == store.asked


def test_a_work_folder_is_for_addresses(tmp_path, capsys):
    """With a folder as its output, a run works there."""
    assert 2 == main(["run", "web", "--out", "out", "--work", str(tmp_path)])
    assert "U093" in capsys.readouterr().err


# --- another machine, with nothing of an earlier run ---------------------------------------


def test_a_run_in_a_new_folder_publishes_nothing_twice(storage, release_of):
    """The same texts made elsewhere, at another time, are the release that is there."""
    first, _ = publish_release(release_of(50), storage, 3)
    pointer = storage.read("latest.json")[0]
    again, run = publish_release(release_of(50, "elsewhere"), storage, 3, accept=False)

    assert (first.place, True) == (again.place, again.already)
    assert 20 > run["counts"]["kept"] > 0
    assert pointer == storage.read("latest.json")[0]
    assert 1 == len({path.partition("/")[0] for path in storage.sizes("releases")})


@pytest.fixture
def command(store, write_lines, tmp_path, monkeypatch):
    """A function that runs a recipe into a work folder and publishes; gives the exit code."""
    del store
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recipe.yaml").write_text(
        "recipe: mine\nversion: 2\nlimits: {}\nsource: [{name: a, files: [in.jsonl]}]\n", "utf-8"
    )

    def run(work, *more, column="text"):
        lines = [{"id": f"{k}", column: prose(k)} for k in range(30)]
        write_lines(tmp_path / "in.jsonl", lines)
        return main(["run", "recipe.yaml", "--out", URL, "--work", work, *more])

    return run


def test_a_new_folder_does_not_know_the_release_but_is_held_against_it(command, capsys):
    """A column that was renamed takes the place of nothing, on whatever machine it is met."""
    assert 0 == command("here")
    pointer = open_storage(URL).read("latest.json")[0]
    capsys.readouterr()
    code = command("there", column="honbun")
    said = capsys.readouterr()

    assert 1 == code
    assert "O004" in said.err
    assert pointer == open_storage(URL).read("latest.json")[0]

    assert 0 == command("there", "--accept", column="honbun")
    assert pointer != open_storage(URL).read("latest.json")[0]


def test_a_new_folder_says_what_it_does_again(command, capsys):
    """Stages are not published: everything is read again, and that is said before it is done."""
    command("here")
    assert "nothing of an earlier run" not in capsys.readouterr().err

    assert 0 == command("there")
    said = capsys.readouterr()
    assert "there holds nothing of an earlier run: all inputs are read again" in said.err
    assert "it was there already" in said.out
    command("there")
    assert "nothing of an earlier run" not in capsys.readouterr().err


def test_a_new_folder_does_not_bring_back_what_was_forgotten(command, tmp_path, capsys):
    """Requests are noted beside the stages; a release of a folder without them is refused."""
    command("here")
    main(["forget", "here", "--id", "3"])
    assert 0 == command("here")
    capsys.readouterr()

    assert 2 == command("there")
    assert "O014" in capsys.readouterr().err

    shutil.copytree(tmp_path / "here/forgotten", tmp_path / "there/forgotten")
    assert 0 == command("there")
    assert "it was there already" in capsys.readouterr().out
