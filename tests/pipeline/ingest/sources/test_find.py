"""Finding inputs: stable names, nothing from outside, nothing forgotten."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from seimai.pipeline.engine.planning.plan import Split, split_as_dict, split_from_dict
from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest import Document, Skipped, Unreadable, find_inputs, read


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with files on three levels, two of them hidden."""
    for name in ("a.txt", "deep/er/b.txt", "deep/c.jsonl", ".hidden/d.txt", "deep/.e.txt"):
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"text": "あ"}\n' if name.endswith("l") else "あ", "utf-8")
    return tmp_path / "root"


def keys(*patterns: object) -> list[str]:
    """The keys of what the patterns name."""
    return [each.key for each in find_inputs([str(pattern) for pattern in patterns])]


def test_a_folder_is_read_recursively(tree):
    """All files of a folder, sorted, named from the folder on; hidden ones are not."""
    assert ["a.txt", "deep/c.jsonl", "deep/er/b.txt"] == keys(tree)


def test_what_systems_leave_behind_is_counted(tree):
    """Thumbnails, views of folders and marks of open documents are inputs that are skipped."""
    for name in ("deep/Thumbs.db", "deep/~$report.docx", ".DS_Store"):
        (tree / name).write_bytes(b"x")
    found = {one.key: one for one in find_inputs([str(tree)])}
    litter = [".DS_Store", "deep/Thumbs.db", "deep/~$report.docx"]
    [split] = [Split("00000-000", 0, tuple(found.values()), ("",) * len(found), None)]

    assert sorted(["a.txt", "deep/c.jsonl", "deep/er/b.txt", *litter]) == sorted(found)
    assert [Skipped("", "litter")] * 3 == [item for key in litter for item in read(found[key])]
    assert split == split_from_dict(split_as_dict(split))


def test_globs_name_from_their_fixed_part(tree):
    """`**` goes down; the name starts where the pattern's wildcards do."""
    assert ["a.txt", "deep/er/b.txt"] == keys(tree / "**" / "*.txt")
    assert ["c.jsonl"] == keys(tree / "deep" / "*.jsonl")


def test_a_file_is_named_by_itself(tree):
    """One file has its own name, with its size."""
    [found] = find_inputs([str(tree / "a.txt")])

    assert ("a.txt", 3) == (found.key, found.size)


def test_a_file_with_wildcards_in_its_name_is_a_file(tree):
    """`[1]` in the name of a file that is there is no pattern."""
    (tree / "x[1].txt").write_text("あ", "utf-8")

    assert ["x[1].txt"] == keys(tree / "x[1].txt")


def test_the_order_of_patterns_does_not_matter(tree):
    """Every order of the same patterns gives the same inputs, each file once."""
    patterns = [tree, tree / "deep", tree / "deep" / "c.jsonl", tree / "*.txt"]
    every = {
        tuple(find_inputs([str(each) for each in order]))
        for order in itertools.permutations(patterns)
    }

    assert 1 == len(every)
    assert ["a.txt", "deep/c.jsonl", "deep/er/b.txt"] == [each.key for each in every.pop()]


def test_equal_names_from_two_roots_get_their_folders(tmp_path):
    """Keys are unique; only those that clash grow."""
    for name in ("one/x.txt", "two/x.txt", "two/y.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("あ", "utf-8")

    assert ["one/x.txt", "two/x.txt", "y.txt"] == keys(tmp_path / "one", tmp_path / "two")


def test_keys_are_never_absolute(tree):
    """No key tells where on the machine a file was."""
    for key in keys(tree, tree / "deep", tree / "a.txt"):
        assert not key.startswith("/")
        assert tree.name not in key


def test_nothing_found_is_a_problem(tmp_path):
    """A pattern that matches nothing stops the run before it begins."""
    with pytest.raises(Problem) as caught:
        find_inputs([str(tmp_path / "*.jsonl")])

    assert "I001" == caught.value.code


def test_links_out_of_the_root_are_refused(tree, tmp_path):
    """A link that leaves the folder is quarantined, a link inside it is the file it means."""
    (tmp_path / "secret.txt").write_text("秘密", "utf-8")
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "f.txt").write_text("秘密", "utf-8")
    (tree / "out.txt").symlink_to(tmp_path / "secret.txt")
    (tree / "away").symlink_to(tmp_path / "far")
    (tree / "in.txt").symlink_to(tree / "deep" / "er" / "b.txt")
    found = {each.key: list(read(each)) for each in find_inputs([str(tree)])}

    assert ["a.txt", "away", "deep/c.jsonl", "deep/er/b.txt", "out.txt"] == list(found)
    assert ["outside"] == [each.cause for each in found["out.txt"]]
    assert ["outside"] == [each.cause for each in found["away"]]


def test_a_link_that_goes_in_circles_ends(tree):
    """A link to a folder above is not followed."""
    (tree / "deep" / "up").symlink_to(tree)

    assert ["a.txt", "deep/c.jsonl", "deep/er/b.txt"] == keys(tree)


def test_what_cannot_be_read_is_an_unreadable(tree):
    """A dangling link, a pipe and a file that is gone later become one quarantine record each."""
    (tree / "gone.txt").symlink_to(tree / "nowhere.txt")
    os.mkfifo(tree / "pipe.txt")
    inputs = find_inputs([str(tree)])
    (tree / "a.txt").unlink()
    causes = {
        each.key: [item.cause for item in read(each) if isinstance(item, Unreadable)]
        for each in inputs
    }

    assert ["missing"] == causes["gone.txt"]
    assert ["format"] == causes["pipe.txt"]
    assert ["missing"] == causes["a.txt"]
    assert [] == causes["deep/c.jsonl"]


def test_refused_by_the_system(tree, monkeypatch):
    """A file without permission becomes one quarantine record that names no path."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(tree / "a.txt"))

    [found] = find_inputs([str(tree / "a.txt")])
    monkeypatch.setattr("builtins.open", refuse)
    [item] = list(read(found))

    assert "permission" == item.cause
    assert str(tree) not in item.detail


def test_a_saved_data_set_is_one_input(tree):
    """A folder that `save_to_disk` wrote is read by `datasets`, wherever it lies."""
    import datasets

    rows = datasets.Dataset.from_dict({"text": ["あ", "い"], "n": [1, 2]})
    datasets.disable_progress_bars()
    rows.save_to_disk(tree / "saved")
    datasets.DatasetDict({"test": rows, "dev": rows}).save_to_disk(tree / "many")
    found = {each.key: list(read(each)) for each in find_inputs([str(tree)])}

    assert ["a.txt", "deep/c.jsonl", "deep/er/b.txt", "many", "saved"] == list(found)
    assert [("row 0", "あ", {"n": 1}), ("row 1", "い", {"n": 2})] == [
        (each.place, each.text, each.extra) for each in found["saved"]
    ]
    assert ["dev/row 0", "dev/row 1", "test/row 0", "test/row 1"] == [
        each.place for each in found["many"]
    ]
    assert ["saved"] == keys(f"dataset:{tree / 'saved'}")


def test_addresses_are_file_systems_too():
    """An fsspec URL is found and read as a path is."""
    import fsspec

    with fsspec.open("memory://box/in/a.txt", "wb") as file:
        file.write("遠くの文".encode())
    with fsspec.open("memory://box/b.jsonl", "wb") as file:
        file.write('{"text": "近くの文"}\n'.encode())
    inputs = find_inputs(["memory://box"])

    assert ["b.jsonl", "in/a.txt"] == [each.key for each in inputs]
    assert ["近くの文", "遠くの文"] == [
        item.text for each in inputs for item in read(each) if isinstance(item, Document)
    ]


def test_what_two_stars_find_leads_through_no_link(tmp_path):
    """With ** a link to a folder adds nothing inside the root, and outside it is refused."""
    (tmp_path / "in/deep").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    for name in ("in/a.txt", "in/deep/b.txt", "out/secret.txt"):
        (tmp_path / name).write_text("米", "utf-8")
    (tmp_path / "in/self").symlink_to(tmp_path / "in")
    (tmp_path / "in/away").symlink_to(tmp_path / "out")

    (tmp_path / "named").symlink_to(tmp_path / "in")

    found = find_inputs([f"{tmp_path}/in/**"])

    assert ["a.txt", "away", "deep/b.txt"] == [item.key for item in found]
    by_link = find_inputs([f"{tmp_path}/named/**"])
    assert ["a.txt", "away", "deep/b.txt"] == [item.key for item in by_link]
    assert ["outside"] == [item.fault.cause for item in found if item.fault]


@pytest.mark.parametrize("pattern", ["{}", "{}/*", "{}/**"])
def test_a_folder_that_refuses_is_an_input_with_a_fault(tmp_path, monkeypatch, pattern):
    """A closed folder, and one that is listed but not entered, are named, however one asks."""
    for name in ("in/closed/c.txt", "in/listed/l.txt", "in/open/o.txt"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("米", "utf-8")
    scandir, stat = os.scandir, os.stat

    def scanned(folder="."):
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    def looked_at(path, **options):
        if "listed/" in str(path) or "closed/" in str(path):
            raise PermissionError(13, "Permission denied", path)
        return stat(path, **options)

    monkeypatch.setattr(os, "scandir", scanned)
    monkeypatch.setattr(os, "stat", looked_at)

    found = find_inputs([pattern.format(tmp_path / "in")])

    assert ["closed", "listed/l.txt", "open/o.txt"] == [item.key for item in found]
    assert [True, True, False] == [item.fault is not None for item in found]
