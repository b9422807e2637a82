"""
Array jobs: the same bytes as in one process, whatever elements die of; bad luck is named.

The batch systems are stood in for by a script that takes and prints what theirs do; see
`batch_system.py`.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.engine.workers.array_jobs.driver import array_jobs
from seimai.pipeline.engine.workers.array_jobs.exchange import Exchange
from seimai.pipeline.engine.workers.array_jobs.site import Site, read_site
from seimai.pipeline.engine.workers.array_jobs.systems import SYSTEMS
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.job import Job
from tests.conftest import recipe_of, recipe_of_splits, release_digests, wait_for

FILES = 4


@pytest.fixture
def recipe(tmp_path, write_lines, monkeypatch):
    """Four small files, each a split of its own, and a limit that asks for words."""
    return recipe_of_splits(tmp_path / "in", FILES, write_lines, monkeypatch)


def _site(**parts):
    return Site(**{"poll_seconds": 0.05, "processes": 2, **parts})


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_batch_system_gives_the_bytes_of_one_process(name, recipe, center, tmp_path):
    """Elements are killed as they begin; what they left is done by the next array."""
    (center / "settings.json").write_text('{"kill": 0.8, "after": 0.2}')
    alone = run(recipe, tmp_path / "alone", open_executor=in_process_executor)
    result = run(recipe, tmp_path / "out", workers=2, open_executor=array_jobs(name, _site()))
    assert FILES == alone["counts"]["read"] == result["counts"]["read"]
    assert release_digests(tmp_path / "alone") == release_digests(tmp_path / "out")
    assert len(list(center.glob("job-*"))) == 3  # prepare, what was killed of it, tokenize
    assert not (tmp_path / "out/stages/array_jobs").exists()


def test_what_a_site_says_is_in_the_job_script(recipe, center, tmp_path):
    """Directives, prolog, time and how many are at work at once reach the batch system."""
    file = tmp_path / "site.yaml"
    file.write_text(
        "directives: [--partition=cpu, --account=gcb]\nprolog: [export SITE_WAS_HERE=yes]\n"
        'running: 3\nwall: "00:20:00"\nprocesses: 2\npoll_seconds: 0.05\n'
    )
    run(recipe, tmp_path / "out", workers=8, open_executor=array_jobs("slurm", read_site(file)))
    said = json.loads((center / "job-41/job.json").read_text())["said"]
    assert said == [
        "--job-name=seimai-prepare",
        "--time=00:20:00",
        "--cpus-per-task=2",
        "--array=1-2%3",
        "--partition=cpu",
        "--account=gcb",
    ]


def test_more_batches_than_an_array_may_have_are_several_arrays(recipe, center, tmp_path):
    """A site that allows arrays of three elements gets two for four batches."""
    site = _site(elements=3, processes=1)
    run(recipe, tmp_path / "out", workers=4, open_executor=array_jobs("sge", site))
    lengths = [
        json.loads(path.read_text())["last"] for path in sorted(center.glob("job-*/job.json"))[:2]
    ]
    assert [3, 1] == lengths


ANSWERS = """#!/bin/sh
# An element that does nothing and says that it is done; what comes before are `-m` and a module.
printf '{"place": 0, "answer": {"done": {"texts": 1, "bytes": 1}}}\\n' > \\
    "$(printf '%s/answers/%06d.jsonl' "$3" "$4")"
"""


@pytest.fixture
def answers(center, tmp_path):
    """A function that gives four tasks to elements that only answer; how many did, and the jobs."""
    script = tmp_path / "answers"
    script.write_text(ANSWERS)
    script.chmod(0o755)
    job = Job(recipe_of("x"), tmp_path / "out")
    tasks = [{"kind": "tokenize", "shard": f"{k}"} for k in range(4)]

    def work(name, **parts):
        site = _site(**{"processes": 1, "python": str(script), **parts})
        done = []
        with array_jobs(name, site)(job, 4) as executor:
            executor(tasks, done.append)
        made = sorted(center.glob("job-*/job.json"))
        return len(done), [json.loads(path.read_text()) for path in made]

    return work


@pytest.mark.parametrize("name", ["slurm", "pbs", "sge"])
def test_an_array_that_is_too_long_is_halved_and_a_full_queue_is_waited_for(name, answers, center):
    """What a site allows is learned from its refusals: four elements go as two and two."""
    (center / "settings.json").write_text('{"longest": 3, "most_jobs": 1}')
    done, jobs = answers(name)
    assert (4, [2, 2]) == (done, [job["last"] for job in jobs])


def test_an_array_that_is_longer_than_a_queue_takes_elements_is_halved(answers, center):
    """PBS counts the elements of an array: it says that its queue is full, and would for ever."""
    (center / "settings.json").write_text('{"most_elements": 3}')
    done, jobs = answers("pbs")
    assert (4, [2, 2]) == (done, [job["last"] for job in jobs])
    assert [0, 0] == [job["beside"] for job in jobs]


def test_a_queue_that_others_fill_for_ever_is_named(answers, center, monkeypatch):
    """After many refusals the run ends with what the system says."""
    monkeypatch.setattr("seimai.pipeline.engine.workers.array_jobs.submission.REFUSALS", 2)
    (center / "settings.json").write_text('{"most_jobs": 0}')
    with pytest.raises(Problem) as found:
        answers("sge")
    assert "S066" == found.value.code
    assert "only 0 jobs are allowed per user" in found.value.values["cause"]


def test_arrays_of_a_site_with_a_limit_are_at_work_one_after_the_other(answers):
    """A system counts elements at work within each array, the site all of them."""
    done, jobs = answers("slurm", elements=2, running=1)
    assert (4, [0, 0]) == (done, [job["beside"] for job in jobs])
    assert all("--array=1-2%1" in job["said"] for job in jobs)


@pytest.mark.parametrize("name", ["slurm", "sge"])
def test_elements_that_the_system_keeps_in_an_error_state_are_ended(name, answers, center):
    """`Eqw` of Grid Engine and jobs that Slurm holds would be waited for as long as they last."""
    (center / "settings.json").write_text('{"stuck": 1}')
    done, jobs = answers(name)
    assert (4, [4, 1]) == (done, [job["last"] for job in jobs])
    assert (center / "job-41/cancelled").exists()


def test_what_was_submitted_is_ended_where_the_next_array_is_refused(answers, center):
    """Nobody would take the answers of the first two."""
    refused = {"refuse_after": 2, "refuse": "Unable to run job: no."}
    (center / "settings.json").write_text(json.dumps(refused))
    with pytest.raises(Problem) as found:
        answers("sge", elements=1, prolog=("sleep 60",))
    assert "S066" == found.value.code
    ended = sorted(path.parent.name for path in center.glob("job-*/cancelled"))
    assert ["job-41", "job-42"] == ended


def test_a_single_batch_is_no_array_where_arrays_have_two_elements(recipe, center, tmp_path):
    """PBS refuses an array of one; the element is told its number by default."""
    result = run(
        recipe, tmp_path / "out", workers=1, open_executor=array_jobs("pbs", _site(processes=4))
    )
    assert FILES == result["counts"]["read"]
    assert json.loads((center / "job-41/job.json").read_text())["last"] == 0


def test_a_stage_that_never_ends_is_named_after_three_rounds(recipe, center, tmp_path):
    """Elements that cannot start leave no answers: the tasks and the logs are told."""
    site = _site(prolog=("exit 3",))
    with pytest.raises(Problems) as found:
        run(recipe, tmp_path / "out", workers=2, open_executor=array_jobs("slurm", site))
    (problem,) = found.value.problems
    assert problem.code == "S063"
    assert problem.values["count"] == FILES
    assert len(list(center.glob("job-*"))) == 3
    assert (tmp_path / "out/stages/array_jobs/00001-prepare/logs").is_dir()


def test_a_submission_that_is_refused_says_what_the_system_said(recipe, center, tmp_path):
    """A wrong queue is the site's to know: its own words are shown."""
    refusal = "sbatch: error: invalid partition specified: cpuu"
    (center / "settings.json").write_text(json.dumps({"refuse": refusal}))
    with pytest.raises(Problem) as found:
        run(recipe, tmp_path / "out", workers=2, open_executor=array_jobs("slurm", _site()))
    assert found.value.code == "S066"
    assert found.value.values["cause"] == refusal


def test_a_system_that_does_not_answer_for_a_while_is_waited_for(recipe, center, tmp_path):
    """Some queries in a row fail, as they do when a controller is restarted."""
    (center / "silent").write_text("5")
    result = run(recipe, tmp_path / "out", workers=2, open_executor=array_jobs("sge", _site()))
    assert FILES == result["counts"]["read"]


def test_a_system_that_never_answers_is_an_error_and_the_array_is_ended(
    recipe, center, tmp_path, monkeypatch
):
    """A batch system that never answers is a problem, and its array is ended."""
    monkeypatch.setattr("seimai.pipeline.engine.workers.array_jobs.submission.PATIENCE", 3)
    (center / "silent").write_text("1000")
    site = _site(prolog=("sleep 60",))
    with pytest.raises(Problem) as found:
        run(recipe, tmp_path / "out", workers=2, open_executor=array_jobs("slurm", site))
    assert found.value.code == "S064"
    assert (center / "job-41/cancelled").exists()


@pytest.mark.usefixtures("center", "clean_registry")
def test_a_problem_of_a_task_comes_back_from_the_nodes(recipe, tmp_path):
    """What a worker says on a node is what it would have said here."""
    mine = tmp_path / "filters.py"
    mine.write_text(
        "from seimai.pipeline.signal import signal\n\n\n"
        "@signal('test.bad_count', between=(0, 1))\ndef bad(texts):\n"
        "    'Fails.'\n    raise RuntimeError('no')\n"
    )
    with pytest.raises((Problem, Problems)) as found:
        run(
            recipe,
            tmp_path / "out",
            workers=2,
            filters=[str(mine)],
            open_executor=array_jobs("slurm", _site()),
        )
    assert "test.bad_count" in str(found.value)


DRIVER = """
import sys
from pathlib import Path

from seimai.pipeline.engine.planning import plan
from seimai.pipeline.engine.workers.array_jobs.driver import array_jobs
from seimai.pipeline.engine.workers.array_jobs.site import Site
from seimai.pipeline.engine.run import run
from seimai.pipeline.recipe import Recipe

plan.SMALL_BYTES = 1
recipe, out, prolog = sys.argv[1:]
site = Site(poll_seconds=0.05, prolog=(prolog,))
made = Recipe.model_validate_json(Path(recipe).read_text("utf-8"))
run(made, Path(out), workers=2, open_executor=array_jobs("slurm", site))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_element_outlives_its_run_for_long(how, recipe, center, tmp_path):
    """Interrupted, a run ends its array; killed, the next run does, and has the same bytes."""
    script, file = tmp_path / "driver.py", tmp_path / "recipe.json"
    script.write_text(DRIVER)
    file.write_text(recipe.model_dump_json(), "utf-8")
    driver = subprocess.Popen([sys.executable, script, file, tmp_path / "out", "sleep 600"])
    wait_for((center / "asked").exists, driver)
    driver.send_signal(how)
    driver.wait()
    assert (center / "job-41/cancelled").exists() == (how == signal.SIGINT)
    run(recipe, tmp_path / "out", open_executor=array_jobs("slurm", _site()))
    assert (center / "job-41/cancelled").exists()
    run(recipe, tmp_path / "alone", open_executor=in_process_executor)
    assert release_digests(tmp_path / "alone") == release_digests(tmp_path / "out")


def test_answers_that_a_kill_cut_short_are_none(tmp_path):
    """Half a line says nothing, and what comes after it is read."""
    exchange = Exchange(tmp_path)
    exchange.write(Job(recipe_of("x"), tmp_path), [[]], 1, "")
    answers = exchange.answerer(1)
    answers.answer(0, {"done": {"texts": 1, "bytes": 2}})
    with answers.path.open("ab") as file:
        file.write(b'{"place": 1, "answ')
    assert [0] == [place for _, place, _ in exchange.answers()]
    answers.answer(2, {"done": {"texts": 1, "bytes": 2}})
    assert [2] == [place for _, place, _ in exchange.answers()]
    assert {0, 2} == exchange.answered(1)


def test_a_password_is_not_written_into_the_files_of_a_job(tmp_path):
    """Tasks travel as files, which others may read."""
    task = {"kind": "prepare", "split": {"inputs": [{"path": "https://me:word@host/a.jsonl"}]}}
    opened = array_jobs("slurm", _site())(Job(recipe_of("x"), tmp_path / "out"), 2)
    with pytest.raises(Problem) as found, opened as executor:
        executor([task], [].append)
    assert "S065" == found.value.code
    assert "me:word" not in str(found.value)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("processes: 0", "R018"),
        ("queue: cpu", "R002"),
        ("wall: soon", "R033"),
        ("", "S062"),
        ("[a, b]", "R015"),
    ],
)
def test_mistakes_of_a_site_file_have_their_place(said, code, tmp_path):
    """A site file is read as recipes are: every mistake with its line."""
    file = tmp_path / "site.yaml"
    file.write_text(said)
    with pytest.raises(Problems) as found:
        read_site(file)
    assert [code] == [problem.code for problem in found.value.problems]
