"""Whoever does the work, and wherever the release goes, its bytes are the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from seimai.pipeline.engine.planning import plan
from seimai.pipeline.engine.publishing.remote_release import fetch_release, publish_release
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.engine.workers.array_jobs.driver import array_jobs
from seimai.pipeline.engine.workers.array_jobs.site import Site
from seimai.pipeline.engine.workers.crews import open_crew
from seimai.pipeline.engine.workers.pool import worker_pool
from seimai.pipeline.storage import open_storage
from tests.conftest import WriteLines, prose, recipe_of, release_digests
from tests.object_store import object_store
from tests.ray_cluster import ray_cluster

FILES = 5


def _digest(out: Path) -> str:
    """One digest of all data files of a release and of their names."""
    return hashlib.sha256(repr(sorted(release_digests(out).items())).encode()).hexdigest()


@pytest.mark.usefixtures("server")
def test_every_way_gives_one_digest(
    tmp_path: Path, write_lines: WriteLines, center: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process, workers, array jobs with losses, Prefect, Ray on two nodes, and S3."""
    pytest.importorskip("ray")
    pytest.importorskip("moto")
    from seimai.flows.curate import curate

    monkeypatch.setattr(plan, "SMALL_BYTES", 1)
    monkeypatch.setattr("seimai.flows.journey.is_small", lambda _units: False)
    for k in range(FILES):
        records = [{"id": f"{k}-{j}", "text": prose(3 * k + j)} for j in (0, 1)]
        records += [{"id": f"{k}-copy", "text": prose(1)}, {"id": f"{k}-short", "text": "短い。"}]
        write_lines(tmp_path / f"in/{k:02}.jsonl", records)
    limits = {"text.length_count": {"min": 20}, "word.type_share": {"min": 0.1}}
    recipe = recipe_of(tmp_path / "in", limits=limits, dedup={})
    (center / "settings.json").write_text('{"kill": 0.8, "after": 0.2}')
    site = Site(poll_seconds=0.05, processes=2)
    digests = {}

    for name, opened in {
        "one process": in_process_executor,
        "workers": worker_pool,
        "array jobs": array_jobs("slurm", site),
    }.items():
        run(recipe, tmp_path / name, workers=2, open_executor=opened)
        digests[name] = _digest(tmp_path / name)
    state = curate(recipe, str(tmp_path / "prefect"), workers=2, return_state=True)
    assert state.is_completed(), state.message
    digests["prefect"] = _digest(tmp_path / "prefect")
    with ray_cluster(monkeypatch, tmp_path):
        run(recipe, tmp_path / "ray", workers=2, open_executor=open_crew("ray", None))
    digests["ray"] = _digest(tmp_path / "ray")
    with object_store(monkeypatch):
        publish_release(tmp_path / "ray", open_storage("s3://bucket/web"), 1)
        fetch_release(open_storage("s3://bucket/web"), tmp_path / "s3")
    digests["s3"] = _digest(tmp_path / "s3")

    assert dict.fromkeys(digests, digests["one process"]) == digests
