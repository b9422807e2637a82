"""The release before this one: kept, told apart by id, given back, and gone when it has to be."""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.engine.publishing.rollback import rollback
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.checks import Check
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.stages import changes, previous, publish
from tests.conftest import prose, recipe_of, release_digests

LIMITS = {"text.length_count": {"min": 60}}


@pytest.fixture
def night(tmp_path, write_lines, curate):
    """A function that runs over some texts, by id the seed of each, as on one of many nights."""

    def work(texts: dict[str, int], **options):
        lines = [{"id": name, "text": prose(seed)} for name, seed in texts.items()]
        write_lines(tmp_path / "in/a.jsonl", lines)
        parts = {"limits": LIMITS, "release": options.pop("release", {})}
        return curate(recipe_of(tmp_path / "in", **parts), tmp_path / "out", **options)

    return work


def listed(out: Path, name: str) -> list[str]:
    """The ids in a list of changes."""
    return pq.read_table(out / "changes" / f"{name}.parquet")["id"].to_pylist()


def holds(out: Path, text: str) -> list[str]:
    """The files below a folder that hold a text, packed or not."""
    found = []
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.suffix == ".parquet":
            data = str(pq.ParquetFile(path).read().to_pylist()).encode()
        if text.encode() in data or json.dumps(text)[1:-1].encode() in data:
            found.append(path.relative_to(out).as_posix())
    return found


def faults(out: Path) -> list[str]:
    """What `verify` finds wrong."""
    return [check.message for check in verify(out) if check.state == "fail"]


def test_the_release_before_it_is_kept(night, tmp_path):
    """It opens as it was, and lists by id say what came, went and became another text."""
    out = tmp_path / "out"
    night({"a": 1, "b": 2, "c": 3})
    before = release_digests(out)

    assert not (out / "previous").exists()
    assert changes.read(out) is None

    night({"a": 1, "b": 20, "d": 4})
    shutil.copytree(out / "previous", tmp_path / "again/release")

    assert before == release_digests(tmp_path / "again")
    assert (["d"], ["c"], ["b"]) == tuple(listed(out, name) for name in changes.LISTS)
    assert {"added": 1, "removed": 1, "changed": 1, "old_kept": 3} == {
        key: value for key, value in changes.read(out).items() if key not in ("old", "new")
    }
    assert [] == faults(out)
    assert [] == faults(out / "previous")


def test_what_was_removed_says_why(tmp_path, write_lines, curate):
    """A text that the new release rejects has its reason, one that is gone has none."""
    path = write_lines(
        tmp_path / "in.jsonl", [{"id": k, "text": prose(n)} for n, k in enumerate("abc")]
    )
    curate(recipe_of(path, limits=LIMITS), tmp_path / "out")
    write_lines(path, [{"id": "a", "text": prose(0)}, {"id": "b", "text": "短い。"}])
    curate(recipe_of(path, limits=LIMITS), tmp_path / "out", accept=True)

    assert [("b", "text.length_count"), ("c", None)] == [
        (row["id"], row["reason"])
        for row in pq.read_table(tmp_path / "out/changes/removed.parquet").to_pylist()
    ]


def test_the_same_data_again_keeps_what_was_different(night, tmp_path):
    """A release that differs in its pages alone does not push out the one before."""
    out = tmp_path / "out"
    night({"a": 1, "b": 2})
    night({"a": 1, "b": 2, "c": 3})
    (out / "release/report.html").unlink()
    night({"a": 1, "b": 2, "c": 3})

    assert 2 == len(pq.read_table(out / "previous/data"))
    assert ["c"] == listed(out, "added")
    assert changes.read(out)


def test_so_many_are_kept_as_the_recipe_says(night, tmp_path):
    """The latest is `previous`, the one before it `previous-2`; fewer are kept when it says so."""
    out = tmp_path / "out"
    for count in range(1, 6):
        night({str(k): k for k in range(count)}, release={"previous": 3})

    assert [4, 3, 2] == [len(pq.read_table(one / "data")) for one in previous.folders(out)]
    assert ["previous", "previous-2", "previous-3"] == [one.name for one in previous.folders(out)]
    assert [] == faults(out)

    night({str(k): k for k in range(5)}, release={"previous": 1})

    assert ["previous"] == [one.name for one in previous.folders(out)]


def test_a_rollback_goes_there_and_back(night, tmp_path, capsys):
    """Both releases are whole and have changed places; the lists are those of the exchange."""
    out = tmp_path / "out"
    night({"a": 1, "b": 2})
    first = release_digests(out)
    night({"a": 1, "c": 3, "d": 4})
    second = release_digests(out)

    assert 0 == main(["rollback", str(out), "--lang", "en"])
    assert "with 2 texts; the other one (3 texts)" in capsys.readouterr().out
    assert first == release_digests(out)
    assert ["b"] == listed(out, "added")
    assert [] == faults(out)

    rollback(out)

    assert second == release_digests(out)
    assert ["b"] == listed(out, "removed")
    assert 0 == main(["verify", str(out)])


def test_a_rollback_needs_a_whole_release(night, tmp_path):
    """Without a previous release, or with one that lacks a file, nothing is exchanged."""
    out = tmp_path / "out"
    with pytest.raises(Problem, match="finished run"):
        rollback(out)
    night({"a": 1})
    with pytest.raises(Problem) as caught:
        rollback(out)

    assert "O006" == caught.value.code

    night({"a": 1, "b": 2})
    now = release_digests(out)
    next((out / "previous/data").iterdir()).unlink()
    with pytest.raises(Problem) as caught:
        rollback(out)

    assert "O007" == caught.value.code
    assert now == release_digests(out)
    assert 1 == len(faults(out))


def test_numbers_of_another_run_explain_no_release(night, tmp_path, capsys):
    """After a rollback `explain` tells what the release says, and what needs numbers refuses."""
    out = str(tmp_path / "out")
    night({"a": 1, "b": 2})
    night({"a": 1, "c": 3})
    main(["explain", out, "c"])
    capsys.readouterr()
    rollback(tmp_path / "out")

    assert 0 == main(["explain", out, "b"])
    said = capsys.readouterr().out
    assert "of another run" in said
    assert "b  kept" in said
    assert 2 == main(["explain", out, "c"])
    assert "U017" in capsys.readouterr().err
    for command in (["report", out], ["tune", out, "text.length_count"]):
        assert 2 == main(command)
        assert "U017" in capsys.readouterr().err

    rollback(tmp_path / "out")

    assert 0 == main(["explain", out, "c"])
    assert 0 == main(["report", out])


def test_a_run_that_published_nothing_explains_nothing_that_is_there(night, tmp_path, capsys):
    """A run that was refused has left numbers of its own; a run as before makes all one again."""
    out = str(tmp_path / "out")
    texts = {f"t{k}": k for k in range(6)}
    night(texts)
    with pytest.raises(Problem):
        night({})

    assert 0 == main(["explain", out, "t5"])
    assert "of another run" in capsys.readouterr().out

    night(texts)

    assert 0 == main(["explain", out, "t5"])
    assert "of another run" not in capsys.readouterr().out


def test_the_run_after_a_rollback_publishes_what_it_makes(night, tmp_path):
    """What was rolled back is the previous release then."""
    out = tmp_path / "out"
    night({"a": 1, "b": 2})
    night({"a": 1, "c": 3})
    made = release_digests(out)
    rollback(out)
    night({"a": 1, "c": 3})

    assert made == release_digests(out)
    assert ["a", "b"] == pq.read_table(out / "previous/data")["id"].to_pylist()


@pytest.mark.parametrize("how", ["option", "recipe", "option, nothing to do"])
def test_a_text_that_has_to_go_is_nowhere(night, tmp_path, how):
    """Neither in a release nor in a stage, a trial or a list, whichever way it was asked for."""
    out = tmp_path / "out"
    gone, stays = (prose(seed).split("\n")[0] for seed in (2, 1))
    night({"a": 1, "b": 2})
    night({"a": 1, "b": 2}, limit=5)

    assert {"trial", "release", "stages"} <= {name.split("/")[0] for name in holds(out, gone)}

    if how == "recipe":
        night({"a": 1}, release={"previous": 0})
    else:
        if how != "option":
            night({"a": 1})

            assert {"previous", "trial"} == {name.split("/")[0] for name in holds(out, gone)}

        night({"a": 1}, previous=0)

    assert [] == holds(out, gone)
    assert [] != holds(out, stays)
    assert [] == faults(out)


def test_a_folder_of_that_name_is_not_touched(night, tmp_path):
    """What no run has made is not removed to make room for a release."""
    out = tmp_path / "out"
    night({"a": 1})
    (out / "previous").mkdir()
    (out / "previous/notes.txt").write_text("mine")
    with pytest.raises(Problem, match="did not write"):
        night({"a": 1, "b": 2})

    assert "mine" == (out / "previous/notes.txt").read_text()


class _Killed(BaseException):
    """The end of a process, as far as files are concerned."""


def _deeds(monkeypatch, die_at: int, exchanges: bool) -> list[str]:  # noqa: FBT001
    """Make the process end before the deed of that number; gives the deeds that were done."""
    done: list[str] = []

    def counted(name, deed):
        def do(*given, **options):
            if len(done) == die_at:
                raise _Killed
            done.append(name)
            return deed(*given, **options)

        return do

    monkeypatch.setattr(publish, "exchange", counted("exchange", publish.exchange))
    if not exchanges:
        monkeypatch.setattr(publish, "exchange", lambda *_: False)
    for name in ("rename", "unlink", "mkdir", "rmdir"):
        monkeypatch.setattr(Path, name, counted(name, getattr(Path, name)))
    whole = shutil.rmtree

    def half_gone(path, *given, **options):
        # A kill in the middle of it: some files are there, some are not.
        if len(done) == die_at and Path(path).is_dir():
            for one in [*Path(path).rglob("*.parquet")][:1]:
                one.unlink()
        counted("rmtree", whole)(path, *given, **options)

    monkeypatch.setattr(shutil, "rmtree", half_gone)
    return done


@pytest.fixture
def opened_once(monkeypatch):
    """`verify` opens releases with `datasets` once per content: there are two, looked at often."""
    module = sys.modules[verify.__module__]
    answers: dict[str, list[Check]] = {}
    open_release = module._load  # noqa: SLF001

    def look(release, run):
        content = repr((release_digests(release.parent), (release / "README.md").read_text()))
        if content not in answers:
            answers[content] = list(open_release(release, run))
        return answers[content]

    monkeypatch.setattr(module, "_load", look)


@pytest.mark.usefixtures("opened_once")
@pytest.mark.parametrize("exchanges", [True, False])
@pytest.mark.parametrize("deed", ["publish", "rollback"])
def test_a_kill_at_any_moment_shows_one_or_the_other(night, tmp_path, monkeypatch, exchanges, deed):
    """Before every change of the folder: a reader sees the old release or the new one, whole."""
    out = tmp_path / "out"
    night({"a": 1, "b": 2})
    night({"a": 1, "c": 3})
    kept = tmp_path / "kept"
    shutil.copytree(out, kept)
    texts = {"a": 1, "d": 4, "e": 5} if deed == "publish" else {"a": 1, "c": 3}
    if deed == "publish":
        night(texts)
        possible = [release_digests(kept), release_digests(out)]
        last = {"previous": 2, "release": 3}
    else:
        rollback(out)
        possible = [release_digests(kept), release_digests(out)]
        last = {"previous": 2, "release": 2}
    for die_at in itertools.count():
        shutil.rmtree(out)
        shutil.copytree(kept, out)
        with monkeypatch.context() as patched:
            done = _deeds(patched, die_at, exchanges)
            try:
                night(texts) if deed == "publish" else rollback(out)
            except _Killed:
                ended = False
            else:
                ended = True
        there = (out / "release").exists()

        assert there or not exchanges, done
        assert not there or release_digests(out) in possible
        assert not there or [] == faults(out) or "previous" in str(faults(out))

        night(texts)

        assert {"release", "stages", "previous", "changes"} == {
            path.name for path in out.iterdir() if path.is_dir()
        }
        assert last == {name: len(pq.read_table(out / name / "data")) for name in last}
        assert [] == faults(out)
        assert changes.read(out)
        if ended:
            break

    assert die_at > 5
