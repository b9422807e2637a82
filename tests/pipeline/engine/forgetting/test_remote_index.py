"""An index at an address is the index that a folder would hold, for all who ask it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.engine.forgetting import indexing
from seimai.pipeline.engine.forgetting.remote_index import OBJECTS, bring, changing, folder_of
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.engine.progress import Plain
from seimai.pipeline.errors import Problem
from seimai.pipeline.index.listing import LIST, read_listing
from seimai.pipeline.inspect.preview import preview
from seimai.pipeline.storage import open_storage
from tests.conftest import ids, prose, recipe_of, released
from tests.object_store import SECRETS, object_store


@pytest.fixture
def store(monkeypatch):
    """An object store that the environment leads to."""
    with object_store(monkeypatch) as made:
        yield made


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    """A function that moves to a machine with a cache of its own."""

    def work(name: str) -> Path:
        cache = tmp_path / "machines" / name
        monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
        return cache

    work("first")
    return work


@pytest.fixture(params=["s3", "memory"])
def address(request, tmp_path):
    """Where an index may be; fsspec's own memory stands for stores without conditional puts."""
    if request.param == "s3":
        request.getfixturevalue("store")
        return "s3://bucket/japanese/index"
    return f"memory://indexes/{tmp_path.name}"


@pytest.fixture
def year(tmp_path, write_lines, curate):
    """A function that releases some texts by id into a folder of that name."""

    def work(name: str, texts: dict[str, str], **dedup) -> Path:
        rows = [{"id": id_, "text": text} for id_, text in texts.items()]
        out = tmp_path / "out" / name
        path = write_lines(tmp_path / f"{name}.jsonl", rows)
        curate(recipe_of(path, dedup=dedup), out, accept=True)
        return out

    return work


def files_of(folder: Path) -> dict[str, bytes]:
    """The bytes of an index by file, less its locks."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def stored(address: str) -> set[str]:
    """The names of the objects of an index."""
    return set(open_storage(address).sizes(OBJECTS))


def test_it_is_what_a_folder_would_hold(year, address, machine, tmp_path, capsys):
    """Built, added to on another machine, compacted: byte for byte, and nothing else is there."""
    outs = [str(year("2025", {"a": prose(1)})), str(year("2026", {"b": prose(2)}))]
    for place, move in ((str(tmp_path / "index"), "first"), (address, "second")):
        for action, which in (("build", outs[:1]), ("add", outs[1:]), ("compact", [])):
            machine(f"{move}-{action}")
            assert 0 == main(["index", action, *which, "--index", place])
    capsys.readouterr()
    machine("third")
    assert 0 == main(["index", "info", "--index", address, "--check", "--format", "json"])
    assert {"texts": 2, "damaged": []}.items() <= json.loads(capsys.readouterr().out).items()
    assert files_of(tmp_path / "index") == files_of(folder_of(address))
    assert len(files_of(tmp_path / "index")) == len(stored(address))


def test_a_run_is_held_against_it_and_a_take_down_leaves_it(year, address, machine, capsys):
    """A twin is named with its release; what is forgotten is so for runs on other machines."""
    out = year("2025", {"a": prose(1), "b": prose(2)})
    assert 0 == main(["index", "build", str(out), "--index", address])
    machine("second")
    new = year("2026", {"x": prose(1), "y": prose(3)}, against=address)

    assert ["y"] == ids(new)
    [gone] = released(new, "rejected")
    assert ("a", "2025") == (gone["duplicate_of"], gone["duplicate_in"])
    machine("third")
    assert 0 == main(["forget", str(out), "--id", "b", "--index", address])
    machine("fourth")
    for id_, outcome in (("a", "released"), ("b", "forgotten")):
        capsys.readouterr()
        assert 0 == main(["find", address, "--id", id_, "--format", "json"])
        assert [outcome] == [one["outcome"] for one in json.loads(capsys.readouterr().out)]
    assert ["new"] == ids(year("2027", {"z": prose(2), "new": prose(4)}, against=address))


def test_a_preview_is_held_against_it(year, address, machine, tmp_path, monkeypatch):
    """Where no run has brought it yet, and where it has changed since."""
    main(["index", "build", str(year("2025", {"a": prose(1)})), "--index", address])
    year("2026", {"x": prose(1), "y": prose(2), "z": prose(3)})
    recipe = recipe_of(tmp_path / "2026.jsonl", dedup={"against": address})
    first = machine("second")
    assert (2, 1) == ((found := preview(recipe)).kept, found.rejected)
    machine("third")
    main(["index", "add", str(year("2027", {"b": prose(2)})), "--index", address])
    monkeypatch.setenv("XDG_CACHE_HOME", str(first))
    assert (1, 2) == ((found := preview(recipe)).kept, found.rejected)


def test_a_run_writes_nothing_into_its_copy(year, address, machine):
    """Which texts went is not noted where the next fetch would undo it."""
    out = year("2025", {"a": prose(1), "b": prose(2)})
    main(["index", "build", str(out), "--index", address])
    main(["forget", str(out), "--id", "b", "--index", address])
    machine("second")
    before = files_of(bring(address))
    assert ["new"] == ids(year("2027", {"z": prose(2), "new": prose(4)}, against=address))
    assert before == files_of(folder_of(address))


def test_only_what_has_changed_is_fetched(year, store, machine, monkeypatch):
    """The copy stays; of an index that grew, the new segment and the list come."""
    address = "s3://bucket/index"
    outs = [year("2025", {"a": prose(1)}), year("2026", {"b": prose(2)})]
    for place in outs:
        main(["index", "build", str(place), "--index", address])
    first = machine("second")
    bring(address)
    whole = store.count("GET")
    store.asked.clear()
    bring(address)
    again = store.count("GET")
    machine("third")
    main(["index", "add", str(year("2027", {"c": prose(3)})), "--index", address])
    monkeypatch.setenv("XDG_CACHE_HOME", str(first))
    store.asked.clear()
    bring(address)

    assert (again, True) == (1, whole > store.count("GET") > 1)


def test_of_two_that_change_it_one_is_refused(year, address, machine, monkeypatch):
    """What the other has written stays; the same command again begins from there."""
    outs = [year("2025", {"a": prose(1)}), year("2026", {"b": prose(2)})]
    main(["index", "build", str(outs[0]), "--index", address])
    first = machine("second")
    with pytest.raises(Problem) as found, changing(address) as folder:  # noqa: PT012
        indexing.add(folder, outs[1:])
        machine("third")
        main(["index", "remove", "2025", "--index", address])
        monkeypatch.setenv("XDG_CACHE_HOME", str(first))
    assert "O013" == found.value.code
    assert 0 == main(["index", "add", str(outs[1]), "--index", address])
    assert ["2026"] == [one.name for one in read_listing(bring(address)).releases]
    assert len(stored(address)) == len(files_of(bring(address)))


def test_what_one_writer_removes_no_other_counts_on(year, address, machine, monkeypatch):
    """Objects of a killed try go with the next change, while the same command is given again."""
    outs = [year("2025", {"a": prose(1)}), year("2026", {"b": prose(2)})]
    main(["index", "build", str(outs[0]), "--index", address])
    storage = type(open_storage(address))
    again = ["index", "add", str(outs[1]), "--index", address]
    first = machine("second")

    def killed(*_given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(storage, "write_if", killed)
        assert 130 == main(again)
    remove = storage.remove

    def meanwhile(self, paths):
        monkeypatch.setattr(storage, "remove", remove)
        monkeypatch.setenv("XDG_CACHE_HOME", str(first))
        assert 0 == main(again)
        remove(self, paths)

    machine("third")
    monkeypatch.setattr(storage, "remove", meanwhile)
    assert 0 == main(["index", "remove", "2025", "--index", address])
    machine("fourth")
    assert ["2026"] == [one.name for one in read_listing(bring(address)).releases]


def test_a_take_down_from_the_index_that_a_run_is_held_against(year, address, capsys):
    """The lock of the copy is held once, and the request is at the address afterwards."""
    out = year("2025", {"a": prose(1)})
    assert 0 == main(["index", "build", str(out), "--index", address])
    new = year("2026", {"x": prose(1), "y": prose(3), "z": prose(4)}, against=address)
    assert 0 == main(["index", "add", str(new), "--index", address])

    assert 0 == main(["forget", str(new), "--id", "y", "--index", address])
    assert ["z"] == ids(new)
    capsys.readouterr()
    assert 0 == main(["find", address, "--id", "y", "--format", "json"])
    assert ["forgotten"] == [one["outcome"] for one in json.loads(capsys.readouterr().out)]


def test_a_kill_before_the_list_is_written_changes_nothing(year, address, machine, monkeypatch):
    """Readers have the old state, and the same command leaves nothing of the first try."""
    outs = [year("2025", {"a": prose(1)}), year("2026", {"b": prose(2)})]
    main(["index", "build", str(outs[0]), "--index", address])
    before = files_of(bring(address))

    def killed(*_given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(open_storage(address)), "write_if", killed)
        assert 130 == main(["index", "add", str(outs[1]), "--index", address])
    machine("second")
    assert before == files_of(bring(address))
    assert 0 == main(["index", "add", str(outs[1]), "--index", address])
    assert len(stored(address)) == len(files_of(bring(address)))


def test_a_damaged_file_is_not_believed(year, address, machine):
    """Every byte that is fetched is held against its digest."""
    main(["index", "build", str(year("2025", {"a": prose(1)})), "--index", address])
    storage = open_storage(address)
    name = next(iter(stored(address)))
    storage.remove([f"{OBJECTS}/{name}"])
    assert storage.write_if(f"{OBJECTS}/{name}", b"something else", None)
    machine("second")
    with pytest.raises(Problem) as found:
        bring(address)
    assert "X003" == found.value.code


def test_a_list_that_leads_elsewhere_is_refused(address):
    """No file is written outside of the copy."""
    content = {"format": 1, "files": {"../../.ssh/authorized_keys": {"digest": "0", "size": 1}}}
    assert open_storage(address).write_if(LIST, json.dumps(content).encode(), None)
    with pytest.raises(Problem) as found:
        bring(address)
    assert "X003" == found.value.code


def test_where_there_is_no_index_the_address_is_named(year, address, machine, capsys):
    """For a run, a question and a change alike; and no credentials are in any file."""
    cache = machine("second")
    for words in (["index", "info", "--index", address], ["find", address, "--id", "a"]):
        assert 2 == main(words)
        assert address in capsys.readouterr().err
    with pytest.raises(Problem) as found:
        year("2025", {"a": prose(1)}, against=address)
    assert ("X001", address) == (found.value.code, found.value.values["path"])
    everything = b"".join(path.read_bytes() for path in cache.rglob("*") if path.is_file())
    assert not any(secret.encode() in everything for secret in SECRETS.values())


def test_settings_of_another_kind_are_refused(year, address):
    """As with a folder, before anything is looked up."""
    main(["index", "build", str(year("2025", {"a": prose(1)})), "--index", address])
    with pytest.raises(Problem) as found:
        year("2026", {"b": prose(2)}, against=address, n=4)
    assert "X002" == found.value.code


class _Said(Queue[str]):
    """A stream whose lines another thread waits for."""

    write = Queue.put

    def flush(self) -> None:
        """Do nothing."""


def test_two_that_fetch_wait_for_each_other(year, address):
    """A second run of a machine says that it waits while the first fetches the index."""
    main(["index", "build", str(year("2025", {"a": prose(1)})), "--index", address])
    root = folder_of(address).parent
    with ThreadPoolExecutor(1) as pool:
        with lock(root):
            fetched = pool.submit(bring, address, show=Plain(said := _Said()))
            assert "another run" in said.get(timeout=60)
            assert not fetched.done()
        assert folder_of(address) == fetched.result(timeout=60)


def test_what_a_killed_fetch_left_is_removed(year, address, machine):
    """Half files would stay for good on machines that only read."""
    main(["index", "build", str(year("2025", {"a": prose(1)})), "--index", address])
    machine("second")
    left = folder_of(address) / "segments" / ".00000.parquet.4711.tmp"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    assert folder_of(address) == bring(address)
    assert not left.exists()


def test_what_is_missing_at_a_folder_is_missing_there(year, tmp_path, machine):
    """The address is named, not the copy of this machine."""
    address = f"file://{tmp_path}/shared"
    main(["index", "build", str(year("2025", {"a": prose(1)})), "--index", address])
    machine("second")
    open_storage(address).remove([f"{OBJECTS}/{min(stored(address))}"])
    with pytest.raises(Problem) as found:
        bring(address)
    assert ("O010", address) == (found.value.code, found.value.values["place"])


def test_what_another_is_putting_is_not_listed(tmp_path):
    """A file by another name until it is whole is no object that may be removed."""
    (tmp_path / OBJECTS).mkdir()
    (tmp_path / OBJECTS / "whole").write_bytes(b"1234")
    (tmp_path / OBJECTS / ".half.tmp").write_bytes(b"12")
    (tmp_path / OBJECTS / "gone").symlink_to(tmp_path / "nowhere")
    assert {"whole": 4} == open_storage(f"file://{tmp_path}").sizes(OBJECTS)


def test_a_folder_is_used_where_it_lies(tmp_path):
    """Only addresses have copies."""
    assert tmp_path == bring(str(tmp_path)) == folder_of(str(tmp_path))
    with changing(str(tmp_path)) as folder:
        assert tmp_path == folder
