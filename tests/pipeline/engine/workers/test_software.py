"""Nodes with other software: they say so before they do anything, and what they have instead."""

from __future__ import annotations

import pytest

from seimai.pipeline.engine.planning.plan import find_splits, load_plan, split_as_dict
from seimai.pipeline.engine.run import run
from seimai.pipeline.engine.worker import message_of
from seimai.pipeline.engine.workers import software
from seimai.pipeline.engine.workers.array_jobs.driver import array_jobs
from seimai.pipeline.engine.workers.array_jobs.site import Site
from seimai.pipeline.engine.workers.pool import each_once, worker_pool
from seimai.pipeline.engine.workers.software import check_job, check_packages
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.job import Job
from tests.conftest import recipe_of, recipe_of_splits


@pytest.fixture
def other(monkeypatch):
    """This process is of a version that no child and no node has."""
    here = dict(software.packages())
    monkeypatch.setattr(software, "packages", lambda: {**here, "seimai": "0.0.1"})
    return here["seimai"]


def _told(found, version):
    (problem,) = found.value.problems
    assert "S071" == problem.code
    assert f"seimai {version}" == problem.values["theirs"]
    assert "seimai 0.0.1" == problem.values["ours"]
    assert f"has seimai {version}, but" in problem.message


def test_a_worker_of_another_version_says_so_once(other, tmp_path, write_lines, monkeypatch):
    """A package that was upgraded under a process that lives on is met here; nothing is written."""
    recipe = recipe_of_splits(tmp_path / "in", 3, write_lines, monkeypatch)
    job = Job(recipe, tmp_path / "out")
    splits = find_splits(job, load_plan(job.out))
    tasks = [{"kind": "prepare", "split": split_as_dict(split)} for split in splits]
    with worker_pool(job, 1) as executor, pytest.raises(Problems) as found:
        executor(tasks, [].append)

    assert 3 == len(tasks)
    _told(found, other)
    assert not list((job.out / "stages").glob("text/*"))


@pytest.mark.usefixtures("center")
def test_an_element_of_another_version_says_so_once(other, tmp_path, write_lines, monkeypatch):
    """It does so though it could not read the recipe, for its keys may be those of its time."""
    recipe = recipe_of_splits(tmp_path / "in", 4, write_lines, monkeypatch)
    site = Site(poll_seconds=0.05, processes=2)
    with pytest.raises(Problems) as found:
        run(recipe, tmp_path / "out", workers=2, open_executor=array_jobs("slurm", site))

    _told(found, other)


def test_what_a_filter_of_the_users_own_says_is_compared(tmp_path, own_signals):
    """A folder that is not the same on all nodes is told by the file in it."""
    job = Job(recipe_of("x"), tmp_path / "out", (own_signals,))
    message = message_of(job)
    check_job(job, message)
    message["software"]["parts"][own_signals] = "00000000"
    with pytest.raises(Problem) as found:
        check_job(job, message)

    assert found.value.values["theirs"].startswith(f"{own_signals} ")


def test_files_of_an_earlier_job_are_not_this_ones(tmp_path, own_signals):
    """A process that lives on keeps them loaded, and a new worker has never seen them."""
    recipe = recipe_of("x")
    earlier = Job(recipe, tmp_path / "earlier", (own_signals,))
    own = {name for name, made in earlier.signals.items() if str(made.file) == own_signals}
    job = Job(recipe, tmp_path / "out")

    assert own
    assert earlier.signals.keys() - own == job.signals.keys()


def test_signals_and_stages_of_another_version_are_told(tmp_path):
    """Two checkouts may call themselves the same and be different."""
    job = Job(recipe_of("x"), tmp_path / "out")
    message = message_of(job)
    message["software"]["parts"] |= {"signals": "00000000", "stages": "00000000"}
    with pytest.raises(Problem) as early:
        check_packages(message)
    with pytest.raises(Problem) as found:
        check_job(job, message)

    assert "stages 00000000" == early.value.values["ours"]
    assert "stages 00000000, signals 00000000" == found.value.values["ours"]


def test_a_part_that_the_driver_does_not_name_is_not_compared(tmp_path):
    """A later version may look at more than an earlier driver says."""
    message = message_of(Job(recipe_of("x"), tmp_path / "out"))
    del message["software"]["parts"]["numpy"]
    check_packages(message)


def test_the_same_fault_is_told_once():
    """Faults keep their order; other values are another fault."""
    faults = [Problem("S071", host=host) for host in "abab"] + [Problem("S023")]

    assert ["a", "b", None] == [fault.values.get("host") for fault in each_once(faults)]
