"""Crews: children that end when they should, tasks that are done once or named."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from seimai.pipeline.engine.lock import lock
from seimai.pipeline.engine.planning.plan import find_splits, load_plan, split_as_dict
from seimai.pipeline.engine.run import run
from seimai.pipeline.engine.worker import answer_to, describe_job, open_job
from seimai.pipeline.engine.workers.pool import worker_pool
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.job import Job
from tests.conftest import PATIENCE, ids, prose, recipe_of, wait_for


@pytest.fixture
def job(tmp_path, write_lines):
    """A job over three small files."""
    for name in "abc":
        write_lines(tmp_path / f"in/{name}.jsonl", [{"id": name, "text": prose(ord(name))}])
    return Job(
        recipe_of(tmp_path / "in", limits={"text.length_count": {"min": 5}}), tmp_path / "out"
    )


def _tasks(job):
    splits = find_splits(job, load_plan(job.out))
    return [{"kind": "prepare", "split": split_as_dict(split)} for split in splits]


def test_a_job_travels_as_json(job):
    """A worker opens the very job that the driver described."""
    described = json.loads(json.dumps(describe_job(job)))

    assert job == open_job(described)


def test_children_do_all_tasks(job):
    """Every task is answered once, with its counts."""
    told = []
    with worker_pool(job, 2) as executor:
        executor(_tasks(job), told.append)

    assert [3] == [counts["texts"] for counts in told]
    assert 1 == len(list((job.out / "stages/signals").glob("*.parquet")))


def test_a_task_that_cannot_be_done_is_told(job):
    """What a worker raises comes back as the same problem."""
    task = {"kind": "tokenize", "shard": "00000-000", "rows": [0]}
    with worker_pool(job, 1) as executor, pytest.raises(Problems) as caught:
        executor([task], print)

    assert ["S001"] == [problem.code for problem in caught.value.problems]


def test_surprises_are_told_with_their_trace(job):
    """A fault of ours is an answer as well, so that the driver can show it."""
    answer = answer_to(job, {"kind": "nonsense", "shard": "x"})

    assert "no task is called 'nonsense'" in answer["crash"]
    assert "Traceback" in answer["trace"]


def _worker(job) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-m", "seimai.pipeline.engine.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    child.stdin.write(json.dumps(describe_job(job)).encode() + b"\n")
    child.stdin.flush()
    return child


def test_an_idle_worker_ends_with_its_input(job):
    """When the driver closes the pipe, the worker says goodbye with status 0."""
    child = _worker(job)
    child.stdin.write(b'{"kind": "tokenize", "shard": "00000-000", "rows": [0]}\n')
    child.stdin.flush()

    assert b"S001" in child.stdout.readline()

    child.stdin.close()
    child.stdout.close()

    assert 0 == child.wait(PATIENCE)


def test_a_busy_worker_ends_with_its_input(tmp_path, job):
    """A worker whose driver is gone stops in the middle of its task."""
    filters = tmp_path / "slow.py"
    filters.write_text(
        "import pathlib, time\n"
        "from seimai.pipeline.signal import per_text\n"
        "@per_text('test.slow_score', between=(0, 1))\n"
        "def slow(text):\n"
        f"    pathlib.Path({str(tmp_path / 'begun')!r}).touch()\n"
        "    time.sleep(600)\n"
        "    return 0.0\n"
    )
    child = _worker(Job(job.recipe, job.out, (str(filters),)))
    child.stdin.write(json.dumps(_tasks(job)[0]).encode() + b"\n")
    child.stdin.flush()
    wait_for((tmp_path / "begun").exists, child)
    with pytest.raises(Problem) as caught:
        # Its driver is this process, which holds no lock: the worker alone keeps others out.
        _lock_at_once(job.out)

    assert "O002" == caught.value.code

    child.stdin.close()

    assert 1 == child.wait(PATIENCE)
    child.stdout.close()
    with lock(job.out):
        pass


def _lock_at_once(out):
    from seimai.pipeline.engine import lock as module

    patch = pytest.MonkeyPatch()
    patch.setattr(module, "WORKERS_SECONDS", 0.2)
    try:
        with lock(out):
            pass
    finally:
        patch.undo()


def test_one_writer_per_folder(tmp_path):
    """A second run on the same folder is told who is there already."""
    with lock(tmp_path / "out"), pytest.raises(Problem) as caught, lock(tmp_path / "out"):
        pass

    assert "O002" == caught.value.code
    assert str(os.getpid()) in str(caught.value)


def test_a_dead_owner_does_not_block(tmp_path):
    """The lock of a process that was killed is free at once, whatever its file says."""
    code = (
        "import sys, pathlib, time\n"
        "from seimai.pipeline.engine.lock import lock\n"
        "with lock(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "out")], stdout=subprocess.PIPE
    ) as owner:
        owner.stdout.readline()
        with pytest.raises(Problem) as caught, lock(tmp_path / "out"):
            pass
        owner.send_signal(signal.SIGKILL)
        owner.wait()

    assert str(owner.pid) in str(caught.value)
    assert str(owner.pid) == (tmp_path / "out/.lock").read_text().strip()
    with lock(tmp_path / "out"):
        pass


def test_a_folder_that_cannot_be_made_is_a_problem(tmp_path):
    """Where OUT cannot be written, the run says so at once."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Problem) as caught, lock(tmp_path / "file/out"):
        pass

    assert "O015" == caught.value.code


# --- poison --------------------------------------------------------------------------------

POISON = """
import os
from seimai.pipeline.signal import signal

@signal("test.poison_score", between=(0, 1))
def poison(texts):
    '''Ends its process on the letter of one text.'''
    for text in texts.column.to_pylist():
        if "毒" in text:
            {deed}
    return texts.length * 0
"""


@pytest.mark.parametrize(
    ("deed", "code"),
    [("os._exit(3)", "S029"), ("raise ValueError(text)", "S002")],
)
def test_poison_is_named_and_the_rest_is_finished(
    tmp_path, write_lines, clean_registry, monkeypatch, deed, code
):
    """
    A signal that fails on one text is named with it, however it fails.

    The other splits are finished, and without the poison the run goes on from there.
    """
    del clean_registry
    from seimai.pipeline.engine.planning import plan

    monkeypatch.setattr(plan, "SMALL_BYTES", 1)  # a split for each file
    for name in "abc":
        write_lines(
            tmp_path / f"in/{name}.jsonl",
            [
                {"id": f"{name}{k}", "text": prose(k) + "毒" * (name == "b" and k == 2)}
                for k in range(5)
            ],
        )
    filters = tmp_path / "poison.py"
    filters.write_text(POISON.format(deed=deed), "utf-8")
    recipe = recipe_of(tmp_path / "in", limits={"text.length_count": {"min": 5}})
    with pytest.raises(Problems) as caught:
        run(recipe, tmp_path / "out", workers=2, filters=[str(filters)])
    (problem,) = caught.value.problems

    assert code == problem.code
    assert "test.poison_score" in str(problem)
    assert "b2" in str(problem)
    assert 2 == len(list((tmp_path / "out/stages/signals").glob("*.parquet")))
    assert not (tmp_path / "out/release").exists()

    texts = {path: path.stat().st_mtime_ns for path in (tmp_path / "out/stages/text").iterdir()}
    result = run(recipe, tmp_path / "out", workers=2)

    assert 15 == result["counts"]["read"] == len(ids(tmp_path / "out"))
    assert (
        texts.items()
        <= {
            path: path.stat().st_mtime_ns for path in (tmp_path / "out/stages/text").iterdir()
        }.items()
    )
    assert not list(Path(tmp_path / "out/stages").rglob("*.tmp"))
