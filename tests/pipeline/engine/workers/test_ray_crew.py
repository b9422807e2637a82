"""
Ray: the bytes of one process, though a node is lost in the middle of its work.

The cluster is real: a head without processors and two nodes, each processes of its own on this
machine, of which one is killed.
"""

from __future__ import annotations

import threading
from pathlib import Path

import orjson
import pytest

from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.engine.workers import ray_crew, software
from seimai.pipeline.engine.workers.crews import open_crew
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.job import Job
from tests.conftest import prose, recipe_of, recipe_of_splits, release_digests
from tests.ray_cluster import ray_cluster

FILES = 6

SLOW = '''
"""A signal that takes its time at the first text, where it waits for its node to be killed."""

import os
import pathlib
import time

import numpy as np

from seimai.pipeline.signal import signal

BEGUN = pathlib.Path("{begun}")


@signal("test.patient_count", between=(0, np.inf))
def patient(texts):
    """Characters of the text, after a while where nobody was here before."""
    try:
        BEGUN.mkdir()
    except FileExistsError:
        return texts.length
    (BEGUN / "new").write_text(str(os.getppid()))
    (BEGUN / "new").rename(BEGUN / "parent")
    time.sleep(600)
    return texts.length
'''


@pytest.fixture
def cluster(monkeypatch, tmp_path):
    """A Ray cluster of two nodes that this process is connected to."""
    with ray_cluster(monkeypatch, tmp_path) as made:
        yield made


@pytest.fixture
def recipe(tmp_path, write_lines, monkeypatch):
    """Six small files, each a split of its own, and a limit that asks for words."""
    return recipe_of_splits(tmp_path / "in", FILES, write_lines, monkeypatch)


def _raylet_of(begun, over):
    """The process of the node whose worker waits in the slow signal; 0 where none came to it."""
    while not over.wait(0.1):
        if (begun / "parent").exists():
            return int(Path(f"/proc/{(begun / 'parent').read_text()}/stat").read_text().split()[3])
    return 0


def _kill_the_node_at_work(made, begun, over, killed):
    raylet = _raylet_of(begun, over)
    for node in made.nodes:
        if node.all_processes["raylet"][0].process.pid == raylet:
            made.remove_node(node, allow_graceful=False)
            killed.append(node)


def test_a_node_that_is_killed_in_the_middle_leaves_the_same_bytes(
    cluster, recipe, tmp_path, clean_registry, monkeypatch
):
    """Its task is done by the other node, and no text travels in calls or answers."""
    del clean_registry
    mine = tmp_path / "own/slow.py"
    mine.parent.mkdir()
    mine.write_text(SLOW.format(begun=tmp_path / "begun"), "utf-8")
    passed, killed = [], []
    answer, refuse = ray_crew.answer_of, ray_crew.refuse_secrets

    def noted(*args):
        found = answer(*args)
        passed.append(orjson.dumps(found, default=str))
        return found

    def seen(tasks):
        passed.append(orjson.dumps(list(tasks)))
        refuse(tasks)

    monkeypatch.setattr(ray_crew, "answer_of", noted)
    monkeypatch.setattr(ray_crew, "refuse_secrets", seen)
    over = threading.Event()
    who = (cluster, tmp_path / "begun", over, killed)
    killer = threading.Thread(target=_kill_the_node_at_work, args=who)
    killer.start()
    options = {"workers": 2, "filters": [str(mine)]}
    try:
        result = run(recipe, tmp_path / "out", **options, open_executor=open_crew("ray", None))
    finally:
        over.set()
        killer.join()
    alone = run(recipe, tmp_path / "alone", **options, open_executor=in_process_executor)

    assert FILES == alone["counts"]["read"] == result["counts"]["read"]
    assert release_digests(tmp_path / "alone") == release_digests(tmp_path / "out")
    assert 1 == len(killed)
    assert b"null" in passed  # the answer of a node that is gone
    assert not any(prose(0)[:9] in one.decode() for one in passed)


def test_a_node_of_another_version_says_so(cluster, recipe, tmp_path, monkeypatch):
    """What it has and what the run was started with is told, once for all tasks."""
    del cluster
    here = dict(software.packages())
    monkeypatch.setattr(software, "packages", lambda: {**here, "pyarrow": "1.0"})
    with pytest.raises(Problems) as found:
        run(recipe, tmp_path / "out", workers=2, open_executor=open_crew("ray", None))

    told = [(one.code, one.values["theirs"], one.values["ours"]) for one in found.value.problems]
    assert [("S071", f"pyarrow {here['pyarrow']}", "pyarrow 1.0")] == told


class _LostError(Exception):
    """What Ray raises where a node is gone."""


GONE = _LostError("gone")


class _Stands:
    """Stands in for Ray where no cluster is needed: every call loses its node."""

    class exceptions:  # noqa: N801 - as Ray calls it
        """Two kinds of errors that Ray tells apart."""

        RayError = _LostError
        RayTaskError = type("RayTaskError", (_LostError,), {})

    def __init__(self, processors, error=GONE):
        self.processors, self.error = processors, error

    def remote(self, **_):
        """Calls are named by their task."""
        return lambda _work: type(
            "Call", (), {"remote": lambda _self, _job, _folder, task: task["shard"]}
        )()

    def wait(self, calls, timeout):
        """All of them are done, or none where there is nobody to do them."""
        del timeout
        return (calls, []) if self.processors else ([], calls)

    def get(self, _call):
        """No call gives anything."""
        raise self.error

    def cancel(self, call, force):
        """Nothing is at work."""

    def cluster_resources(self):
        """What the nodes have."""
        return {"CPU": float(self.processors)} if self.processors else {}

    def is_initialized(self):
        """This process is connected."""
        return True


def _refused(monkeypatch, tmp_path, ray):
    monkeypatch.setattr(ray_crew, "_import_ray", lambda: ray)
    task = {"kind": "count", "shard": "00000-000"}
    job = Job(recipe_of("x"), tmp_path)
    with pytest.raises((Problem, Problems)) as found, ray_crew.ray_crew(job, 2) as executor:
        executor([task], [].append)
    return getattr(found.value, "problems", [found.value])[0]


def test_a_task_that_loses_its_node_again_and_again_is_named(monkeypatch, tmp_path):
    """Three nodes are enough: it may be the task that takes them along."""
    problem = _refused(monkeypatch, tmp_path, _Stands(2))

    assert ("S068", "00000-000", 3) == (
        problem.code,
        problem.values["tasks"],
        problem.values["times"],
    )


def test_a_cluster_without_processors_is_not_waited_for_without_end(monkeypatch, tmp_path):
    """A cluster that has no processors is a problem after a while."""
    monkeypatch.setattr(ray_crew, "PATIENCE_SECONDS", 0.05)

    assert "S069" == _refused(monkeypatch, tmp_path, _Stands(0)).code


def test_a_node_that_cannot_begin_is_told_with_its_last_line(monkeypatch, tmp_path):
    """A node without Seimai, or without the folder, will not have it later."""
    error = _Stands.exceptions.RayTaskError("Traceback\n  …\nModuleNotFoundError: no seimai")
    problem = _refused(monkeypatch, tmp_path, _Stands(2, error))

    assert ("S070", "ModuleNotFoundError: no seimai") == (problem.code, problem.values["cause"])


def test_a_password_does_not_travel_to_a_cluster(monkeypatch, tmp_path):
    """A task with a password in an address is not sent: calls to a cluster are not encrypted."""
    monkeypatch.setattr(ray_crew, "_import_ray", lambda: _Stands(2))
    task = {"kind": "prepare", "split": {"inputs": [{"path": "https://me:word@host/a.jsonl"}]}}
    with (
        pytest.raises(Problem) as found,
        ray_crew.ray_crew(Job(recipe_of("x"), tmp_path), 2) as executor,
    ):
        executor([task], [].append)

    assert "S065" == found.value.code
    assert "me:word" not in str(found.value)


def test_a_site_file_is_for_batch_systems(tmp_path):
    """Ray has settings of its own; a file that nobody reads would mislead."""
    with pytest.raises(Problem) as found:
        open_crew("ray", tmp_path / "site.yaml")

    assert "S067" == found.value.code
