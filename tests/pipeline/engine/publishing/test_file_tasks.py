"""Files of a release that one process plans and others write: the same bytes."""

import numpy as np
import pyarrow as pa
import pytest

from seimai.pipeline.engine.publishing import asked_files, file_tasks
from seimai.pipeline.engine.run import run
from seimai.pipeline.engine.workers.pool import worker_pool
from seimai.pipeline.errors import Problem
from seimai.pipeline.job import Job
from seimai.pipeline.recipe.buckets import Bucket
from seimai.pipeline.stages.buckets import Cut
from seimai.pipeline.stages.release import Wanted
from seimai.pipeline.stages.release_file import Layout, Part
from tests.conftest import prose, recipe_of, release_digests

BUCKETS = {"length": {"by": "text.length_count", "quantiles": {"short": 0.5, "long": 1.0}}}


@pytest.fixture
def recipe(tmp_path, write_lines):
    """Texts with a column of their own, of which some are rejected, in buckets and small files."""
    records = [{"id": f"t{k:02}", "text": prose(k, 1 + k % 7), "stars": k} for k in range(40)]
    lines = write_lines(tmp_path / "in.jsonl", records)
    return recipe_of(
        lines,
        limits={"text.length_count": {"min": 60}},
        buckets=BUCKETS,
        release={"shard": "8KB", "signals": ["text.length_count"]},
    )


def _by_one_worker(job, workers):
    del workers
    return worker_pool(job, 1)


def test_workers_write_the_bytes_of_one_process(recipe, tmp_path, monkeypatch):
    """Whoever writes the files of a release, they are the same; nothing is left of the asking."""
    alone = run(recipe, tmp_path / "alone", workers=1)
    asked = []
    by_workers = file_tasks.by_workers

    def watched(job, executor):
        def note(tasks, tell):
            asked.extend(task["kind"] for task in tasks)
            executor(tasks, tell)

        return by_workers(job, note)

    monkeypatch.setattr(file_tasks, "FEW_BYTES", 1)
    monkeypatch.setattr(file_tasks, "by_workers", watched)
    together = run(recipe, tmp_path / "crew", workers=1, open_executor=_by_one_worker)

    texts = [file for file in alone["outputs"] if file["path"].startswith(("data/", "rejected/"))]
    assert ["release"] * len(texts) == asked
    assert alone["outputs"] == together["outputs"]
    assert release_digests(tmp_path / "alone") == release_digests(tmp_path / "crew")
    assert not (tmp_path / "crew/stages" / asked_files.RELEASING).exists()


def test_what_a_worker_is_asked_is_what_was_planned(recipe, tmp_path):
    """Row groups, rows, columns and cuts come back from the file as they were."""
    job = Job(recipe, tmp_path / "out")
    rows = [np.array([0, 2, 5]), np.array([1]), np.array([7, 8])]
    groups = [[("00000-000", rows[0]), ("00001-000", rows[1])], [("00000-000", rows[2])]]
    cut = Cut("length", Bucket.model_validate(BUCKETS["length"]), (0.1,), 3)
    layout = Layout(pa.schema([("id", pa.string())]), {"stars": "extra_stars"}, (cut,))
    part = Part("data/train-00000-of-00001.parquet", groups, 12)
    asked_files.ask(tmp_path, 3, Wanted(part, layout, "made"))

    found, their_layout = asked_files.asked(job, tmp_path, 3)

    assert (part.path, part.bytes) == (found.path, found.bytes)
    assert [[(name, some.tolist()) for name, some in group] for group in groups] == [
        [(name, some.tolist()) for name, some in group] for group in found.groups
    ]
    assert layout.schema.equals(their_layout.schema)
    assert (layout.renamed, layout.cuts) == (their_layout.renamed, their_layout.cuts)


def test_a_file_without_an_answer_is_a_problem(tmp_path):
    """A file of which no worker has left word is never taken for one that was written."""
    with pytest.raises(Problem) as caught:
        asked_files.answer_of(tmp_path, 0)

    assert "S001" == caught.value.code


@pytest.mark.parametrize("sizes", [[file_tasks.FEW_BYTES * 2], [1, 1]])
def test_what_does_not_pay_is_left_to_the_driver(recipe, tmp_path, sizes):
    """One file, or little text, is not handed to workers."""
    layout = Layout(pa.schema([]), {})
    new = [Wanted(Part(f"data/{k}", [], size), layout, "") for k, size in enumerate(sizes)]

    def nobody(tasks, tell):
        raise AssertionError(tasks, tell)

    assert file_tasks.by_workers(Job(recipe, tmp_path), nobody)(new) is None


def test_workers_that_would_have_to_begin_are_not_asked_for_little(recipe, tmp_path):
    """What warm workers are handed, the driver of cold ones writes itself, up to a size."""
    job = Job(recipe, tmp_path)
    layout = Layout(pa.schema([]), {})

    def two_files(size):
        return [Wanted(Part(f"data/{k}", [], size // 2), layout, "") for k in range(2)]

    class AskedError(Exception):
        """Somebody was handed files."""

    class Crew:
        is_warm = False

        def __call__(self, tasks, tell):
            raise AskedError(tasks, tell)

    crew = Crew()
    write = file_tasks.by_workers(job, crew)

    assert write(two_files(file_tasks.FEW_BYTES + 2)) is None
    with pytest.raises(AskedError):
        write(two_files(file_tasks.FEW_BYTES_COLD + 2))
    crew.is_warm = True
    with pytest.raises(AskedError):
        write(two_files(file_tasks.FEW_BYTES + 2))


def test_a_pool_is_warm_once_it_has_worked(recipe, tmp_path):
    """A pool says that its workers have begun as soon as it has been handed tasks."""
    with worker_pool(Job(recipe, tmp_path), 1) as executor:
        before = executor.is_warm
        executor([], lambda _: None)

        assert (False, True) == (before, executor.is_warm)
