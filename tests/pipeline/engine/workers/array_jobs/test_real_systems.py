"""
Slurm and Grid Engine themselves, where they were started for these tests; skipped elsewhere.

    python -m tests.pipeline.engine.workers.array_jobs.loopback slurm sge -- \
        python -m pytest tests/pipeline/engine/workers/array_jobs/test_real_systems.py

Nothing here asks how long anything takes: what is waited for is a file that an element writes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.engine.workers.array_jobs import driver
from seimai.pipeline.engine.workers.array_jobs.driver import array_jobs
from seimai.pipeline.engine.workers.array_jobs.site import Site
from seimai.pipeline.engine.workers.array_jobs.systems import SYSTEMS, filled
from seimai.pipeline.errors import Problem
from seimai.pipeline.job import Job
from tests.conftest import recipe_of, recipe_of_splits, release_digests
from tests.pipeline.engine.workers.array_jobs.loopback import ELEMENTS, STARTED

pytestmark = pytest.mark.schedulers

FILES = 4

ELEMENT = """#!/bin/sh
# An element that says that all is done; those that a file names wait first, once each. What comes
# before the folder of the array are `-m` and a module.
folder="$3"; element="$4"
if mkdir "{here}/waiting-$element" 2> /dev/null && [ "$element" -le {wait} ]; then
    echo "$$" > "{here}/waiting-$element/new"
    mv "{here}/waiting-$element/new" "{here}/waiting-$element/process"
    sleep 1000
fi
printf '{{"place": 0, "answer": {{"done": {{"texts": 1, "bytes": 1}}}}}}\\n' > \\
    "$(printf '%s/answers/%06d.jsonl' "$folder" "$element")"
"""


@pytest.fixture(params=["slurm", "sge"])
def system(request):
    """A batch system that somebody has started for tests."""
    if request.param not in os.environ.get(STARTED, "").split():
        pytest.skip(f"{request.param} was not started; see loopback.py")
    return request.param


@pytest.fixture
def elements(system, tmp_path):
    """A function that does tasks by elements of which the first `wait` wait for ever, once."""

    def work(count, wait=0, **parts):
        script = tmp_path / "element"
        script.write_text(ELEMENT.format(here=tmp_path, wait=wait))
        script.chmod(0o755)
        site = Site(**{"poll_seconds": 0.2, "python": str(script), **parts})
        tasks = [{"kind": "tokenize", "shard": f"{k}"} for k in range(count)]
        done = []
        with array_jobs(system, site)(Job(recipe_of("x"), tmp_path / "out"), count) as executor:
            executor(tasks, done.append)
        return len(done)

    return work


def _when(path, then):
    """Do something as soon as a file is there, beside what the test does."""

    def wait():
        while not path.exists():
            time.sleep(0.1)
        then(path)

    threading.Thread(target=wait, daemon=True).start()


def _cancel(system, tmp_path):
    """End the only array as somebody at the command line would."""
    submitted = next((tmp_path / "out/stages/array_jobs").glob("*/submitted.json"))
    job = json.loads(submitted.read_bytes())["job"]
    subprocess.run(filled(SYSTEMS[system].cancel, job=job), check=True, capture_output=True)


def test_the_bytes_are_those_of_one_process(system, tmp_path, write_lines, monkeypatch):
    """All of it: splits, two stages, elements that import what they need."""
    recipe = recipe_of_splits(tmp_path / "in", FILES, write_lines, monkeypatch)
    places = os.pathsep.join(str(Path(one).absolute()) for one in sys.path if one)
    site = Site(poll_seconds=0.5, prolog=(f"export PYTHONPATH='{places}'",))
    run(recipe, tmp_path / "alone", open_executor=in_process_executor)
    result = run(recipe, tmp_path / "out", workers=2, open_executor=array_jobs(system, site))
    assert FILES == result["counts"]["read"]
    assert release_digests(tmp_path / "alone") == release_digests(tmp_path / "out")


def test_more_elements_than_an_array_may_have_and_more_arrays_than_the_queue(elements):
    """Arrays are halved until they are taken, and wait where the queue is full."""
    assert 3 * ELEMENTS == elements(3 * ELEMENTS)


def test_an_element_that_is_killed_is_done_by_another(elements, tmp_path):
    """A SIGKILL, as the system sends it where memory is short."""
    _when(
        tmp_path / "waiting-1/process",
        lambda path: os.kill(int(path.read_text()), signal.SIGKILL),
    )
    assert 4 == elements(4, wait=1)


def test_an_array_that_somebody_ends_is_submitted_again(elements, system, tmp_path):
    """`scancel` or `qdel` of the whole array while two elements are at work and two wait."""
    _when(tmp_path / "waiting-1/process", lambda _: _cancel(system, tmp_path))
    assert 4 == elements(4, wait=2)


def test_what_is_not_done_in_time_is_done_by_another_element(elements):
    """The system ends an element when its time is up; Slurm counts in minutes."""
    assert 2 == elements(2, wait=1, wall="00:00:10")


def test_a_wrong_queue_is_told_in_the_words_of_the_system(elements, system):
    """They are what the help desk of a site knows."""
    option, said = {
        "slurm": ("--partition=nowhere", "invalid partition specified: nowhere"),
        "sge": ("-q nowhere", 'job requests unknown queue "nowhere"'),
    }[system]
    with pytest.raises(Problem) as found:
        elements(2, directives=(option,))
    assert "S066" == found.value.code
    assert said in found.value.values["cause"]


def test_an_interrupted_run_leaves_no_element_behind(elements, system, tmp_path, monkeypatch):
    """Ctrl-C in the middle: nothing of the array is listed any more."""

    def sleep(seconds):
        if (tmp_path / "waiting-1/process").exists():
            raise KeyboardInterrupt
        time.sleep(seconds)

    monkeypatch.setattr(driver, "time", SimpleNamespace(sleep=sleep))
    with pytest.raises(KeyboardInterrupt):
        elements(4, wait=4)
    listed = {"slurm": ["squeue", "--noheader", "--states=PENDING,RUNNING"], "sge": ["qstat"]}
    while subprocess.run(listed[system], capture_output=True, text=True, check=True).stdout:
        time.sleep(0.2)
