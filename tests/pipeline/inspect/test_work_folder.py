"""`doctor` says of a folder whether a run would be well in it."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.inspect import work_folder
from seimai.pipeline.inspect.work_folder import Mount, Need, examine_folder, mount_of

MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
31 22 0:40 / /data rw,relatime shared:5 master:1 - nfs4 files:/export rw,vers=4.2,local_lock=none
32 31 0:41 / /data/my\040disk rw - ext4 /dev/sdb1 rw
33 22 0:42 / /data rw,relatime - lustre mgs@tcp:/scratch rw,localflock
""".strip()


def states(folder: Path, need: Need | None = None) -> dict[str, str]:
    """The state of each finding by the first key of its data."""
    return {next(iter(one.data)): one.state for one in examine_folder(folder, need)}


@pytest.fixture(autouse=True)
def _on_a_quick_disk(monkeypatch):
    """The file system of every folder is a plain disk's, whatever the tests run on."""
    monkeypatch.setattr(work_folder, "mount_of", lambda _: Mount("ext4", frozenset()))
    monkeypatch.setattr(work_folder, "SLOW_SYNC", float("inf"))


@dataclass
class Room:
    """What a file system says of the room that is left on it."""

    f_bavail: int = 1_000_000
    f_frsize: int = 1
    f_files: int = 0
    f_favail: int = 0


def test_a_folder_on_a_disk_is_fine_and_stays_as_it_was(tmp_path):
    """Everything that a run asks for is tried, and nothing of it is left."""
    (tmp_path / "notes.txt").write_text("mine")
    found = states(tmp_path)

    assert {"work", "work_writable", "work_file_system", "work_free"} == set(found)
    assert {"ok"} == set(found.values())
    assert [tmp_path / "notes.txt"] == list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_yet_is_not_made(tmp_path):
    """The nearest folder that exists is tried in its place."""
    wanted = tmp_path / "new" / "work"
    first = examine_folder(wanted)[0]

    assert {"work": "new"} == first.data
    assert str(tmp_path) in first.message
    assert not wanted.parent.exists()


def test_a_file_in_the_way_is_a_fault(tmp_path):
    """Where a file has the name of the folder, or of one above it, nothing else is looked at."""
    (tmp_path / "file").write_text("x")

    assert {"work": "fail"} == states(tmp_path / "file")
    assert {"work": "fail"} == states(tmp_path / "file" / "work")


def test_a_folder_of_something_else_is_a_fault(tmp_path):
    """A folder `release` that no run has made is not replaced, and `doctor` knows before."""
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "thesis.tex").write_text("x")
    found = examine_folder(tmp_path)

    assert "fail" == next(one.state for one in found if one.data == {"work": "other"})


def test_a_folder_that_takes_no_files_is_a_fault(tmp_path, monkeypatch):
    """What the system says is in the sentence."""

    def read_only(*_args, **_options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(work_folder, "TemporaryDirectory", read_only)
    found = next(one for one in examine_folder(tmp_path) if "work_writable" in one.data)

    assert "fail" == found.state
    assert "Read-only file system" in found.message


@pytest.mark.parametrize("kind", ["none at all", "for nobody but the one who asks"])
def test_a_file_system_without_locks_is_a_fault(kind, tmp_path, monkeypatch):
    """A lock has to be given, and has to be refused to a second one."""

    def flock(*_args):
        if kind == "none at all":
            raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)

    assert "fail" == states(tmp_path)["work_writable"]


def test_folders_that_cannot_be_exchanged_are_a_warning(tmp_path, monkeypatch):
    """A run works without, and readers may look at the wrong moment."""
    monkeypatch.setattr(work_folder, "exchange", lambda *_: False)

    assert "warn" == states(tmp_path)["work_writable"]


def test_slow_syncs_are_a_warning(tmp_path, monkeypatch):
    """What a file takes is in the sentence."""
    monkeypatch.setattr(work_folder, "_synced", lambda _: 0.25)
    monkeypatch.setattr(work_folder, "SLOW_SYNC", 0.1)
    found = next(one for one in examine_folder(tmp_path) if "work_writable" in one.data)

    assert "warn" == found.state
    assert "250.0 ms" in found.message


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("ext4", "ok"),
        ("lustre", "ok"),
        ("tmpfs", "warn"),
        ("nfs4", "warn"),
        ("fuse.sshfs", "warn"),
        ("fuse.juicefs", "warn"),
        ("fuse.s3fs", "fail"),
        ("fuse.gcsfuse", "fail"),
    ],
)
def test_what_a_file_system_means(kind, state, tmp_path, monkeypatch):
    """Disks and parallel file systems are fine, shares slow, object storage is no disk."""
    monkeypatch.setattr(work_folder, "mount_of", lambda _: Mount(kind, frozenset({"rw"})))

    assert state == states(tmp_path)["work_file_system"]


def test_locks_of_one_machine_alone_are_a_warning(tmp_path, monkeypatch):
    """Mount options that keep locks from other machines are named."""
    mount = Mount("nfs", frozenset({"rw", "nolock"}))
    monkeypatch.setattr(work_folder, "mount_of", lambda _: mount)
    found = next(one for one in examine_folder(tmp_path) if "work_local_locks" in one.data)

    assert "warn" == found.state
    assert "nolock" in found.message


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/me", "ext4"),
        ("/database", "ext4"),
        ("/data/work", "lustre"),
        ("/data/my disk/work", "ext4"),
    ],
)
def test_the_mount_of_a_folder(folder, kind, tmp_path):
    """The deepest mount counts, and of two at one place the later one; blanks are decoded."""
    (tmp_path / "mounts").write_text(MOUNTS + "\n")
    found = mount_of(Path(folder), tmp_path / "mounts")

    assert found
    assert kind == found.kind
    assert ("localflock" in found.options) is (kind == "lustre")


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\r", "\x0c"])
def test_a_name_with_a_sign_that_ends_lines_elsewhere(sign, tmp_path):
    """In the list of mounts a line ends with a line feed, whatever else a name has."""
    lines = f"22 1 8:1 / / rw - xfs a rw\n23 22 8:2 / /a{sign}b rw - ext4 a rw\n"
    (tmp_path / "mounts").write_bytes(lines.encode())

    assert Mount("ext4", frozenset({"rw"})) == mount_of(Path(f"/a{sign}b"), tmp_path / "mounts")


def test_a_system_without_a_list_of_mounts_is_no_fault(tmp_path):
    """Then nothing is said of the kind."""
    assert mount_of(tmp_path, tmp_path / "none") is None


def test_room_counts_what_earlier_runs_have_taken(tmp_path, monkeypatch):
    """A run writes over its own files, so what they take is not missing."""
    monkeypatch.setattr(os, "statvfs", lambda _: Room(f_bavail=1_000))
    short = states(tmp_path, Need(1_500, 1))["work_free"]
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "a.parquet").write_bytes(bytes(600))

    assert "fail" == short
    assert "ok" == states(tmp_path, Need(1_500, 1))["work_free"]


def test_a_file_with_two_names_takes_room_once(tmp_path, monkeypatch):
    """Releases share their files by links."""
    monkeypatch.setattr(os, "statvfs", lambda _: Room(f_bavail=1_000))
    (tmp_path / "one").write_bytes(bytes(600))
    os.link(tmp_path / "one", tmp_path / "other")
    rows = [one.data for one in examine_folder(tmp_path, Need(1_500, 1)) if "work_has" in one.data]

    assert [600] == [one["work_has"] for one in rows]


def test_a_file_system_that_does_not_say_its_room_is_no_fault(tmp_path, monkeypatch):
    """Then nothing is said of it."""

    def unknown(_):
        raise OSError(errno.ENOSYS, "not implemented")

    monkeypatch.setattr(os, "statvfs", unknown)
    found = states(tmp_path, Need(1, 1))

    assert {"ok"} == set(found.values())
    assert "work_free" not in found


def test_a_file_system_that_has_no_room_for_the_files_is_a_fault(tmp_path, monkeypatch):
    """Files run out as well as bytes; 0 of 0 means that they are made as they are wanted."""
    room = Room(f_files=100, f_favail=10)
    monkeypatch.setattr(os, "statvfs", lambda _: room)
    few = states(tmp_path, Need(1, 11)).get("work_free_files")
    room.f_files = room.f_favail = 0

    assert "fail" == few
    assert "work_free_files" not in states(tmp_path, Need(1, 11))


def test_a_recipe_says_how_much_room_it_needs(tmp_path, monkeypatch, capsys):
    """Tried on its sources, with the folder that a run would take by default."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text(
        "".join(json.dumps({"text": f"これは{n}番目の文章です。"}) + "\n" for n in range(20))
    )
    (tmp_path / "mine.yaml").write_text("recipe: mine\nversion: 1\n")
    code = main(["doctor", "mine.yaml", "--source", "in.jsonl", "--format", "json"])
    rows = {key: one for one in json.loads(capsys.readouterr().out) for key in one}

    assert 0 == code
    assert "out/mine" in rows["work"]["message"]
    assert 0 < rows["work_needs"]["work_needs"] < rows["work_needs"]["work_free"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "code"), [(["--work", "s3://bucket/web"], "U095"), (["--source", "a.txt"], "U096")]
)
def test_what_makes_no_sense_is_refused(words, code, capsys):
    """An address is no folder, and sources without a recipe are for nothing."""
    assert 2 == main(["doctor", *words])
    assert code in capsys.readouterr().err
