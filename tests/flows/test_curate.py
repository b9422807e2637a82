"""The flow releases what `seimai run` releases, and says in Prefect's pages what it did."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import PATIENCE, prose, release_digests, wait_for

Ask = Callable[..., Any]

LIMITS = {"text.length_count": {"min": 100}, "ja.hiragana_share": {"min": 0.2}}


def write_recipe(folder: Path, **parts: Any) -> Path:
    """A recipe with three sources, so that there are three shards, and files for them."""
    names = ("north", "south", "west")
    for k, name in enumerate(names):
        records = [{"text": prose(10 * k + j)} for j in range(6)]
        # A copy across sources, a text that is too short, and one that is no Japanese prose.
        records += [{"text": prose(3)}, {"text": "短い。"}, {"text": "価格 1,200円 " * 40}]
        lines = "".join(f"{json.dumps(one)}\n" for one in records)
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")
    content = {
        "recipe": "trial",
        "source": [{"name": name, "files": [str(folder / f"{name}.jsonl")]} for name in names],
        "clean": ["line_ends"],
        "limits": LIMITS,
        "dedup": {},
        **parts,
    }
    path = folder / "recipe.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    return path


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """No run is small: child processes do the work."""
    monkeypatch.setattr("seimai.flows.journey.is_small", lambda _units: False)


def task_runs(ask: Ask, state: Any, count: int) -> list[dict[str, Any]]:
    """The records of the task runs of a flow run, once they are there."""
    flow = {"id": {"any_": [str(state.state_details.flow_run_id)]}}
    runs: list[dict[str, Any]] = []

    def ended() -> bool:
        runs[:] = ask("task_runs/filter", flow_runs=flow)
        return count <= sum(run["state"]["type"] in ("COMPLETED", "FAILED") for run in runs)

    wait_for(ended)
    return runs


def artifacts(ask: Ask, state: Any) -> dict[str, dict[str, Any]]:
    """The artifacts of a flow run by their key, the progress bars without one by description."""
    flow = {"id": {"any_": [str(state.state_details.flow_run_id)]}}
    found = ask("artifacts/filter", flow_runs=flow)
    return {one["key"] or one["description"].split(" · ")[0]: one for one in found}


@pytest.mark.usefixtures("server", "large")
def test_same_bytes(tmp_path: Path, ask: Ask) -> None:
    """Batches in child processes release the same bytes as a run without Prefect."""
    from seimai.flows.curate import curate
    from seimai.pipeline.engine.run import in_process_executor, run
    from seimai.pipeline.recipe import load_recipe

    recipe = write_recipe(tmp_path)
    run(load_recipe(recipe), tmp_path / "plain", open_executor=in_process_executor)

    state = curate(recipe=str(recipe), out=str(tmp_path / "flow"), workers=2, return_state=True)

    assert "Completed" == state.name
    plain = release_digests(tmp_path / "plain")
    assert plain
    assert plain == release_digests(tmp_path / "flow")
    runs = task_runs(ask, state, 3)
    assert {"prepare 00000", "prepare 00001", "prepare 00002"} == {one["name"] for one in runs}
    assert all(one["tags"] == ["seimai"] for one in runs)


@pytest.mark.usefixtures("server")
def test_small_run_shows_its_figures(tmp_path: Path, ask: Ask) -> None:
    """A small run is one task; funnel, reasons, release and progress are artifacts of the run."""
    from seimai.flows.artifacts import key
    from seimai.flows.curate import curate
    from seimai.pipeline.recipe import load_recipe

    recipe = load_recipe(write_recipe(tmp_path))

    state = curate(recipe=recipe, out=str(tmp_path / "out"), return_state=True)

    assert "kept 18 of 27 texts" == state.message
    assert ["prepare 00000 and 2 more"] == [one["name"] for one in task_runs(ask, state, 1)]
    shown = artifacts(ask, state)
    keys = {what: key(what, None, tmp_path / "out") for what in ("funnel", "reasons", "release")}
    assert set(keys.values()) < shown.keys()
    funnel = json.loads(shown[keys["funnel"]]["data"])
    assert ["read", "27", "100.0%", "–", "–"] == list(funnel[0].values())
    assert 100.0 == json.loads(str(shown["read, clean, measure"]["data"]))


@pytest.mark.usefixtures("server")
def test_unknown_key(tmp_path: Path) -> None:
    """A recipe with a key that does not exist is refused before anything is read."""
    from prefect.exceptions import ParameterTypeError

    from seimai.flows.curate import curate

    recipe = {"recipe": "trial", "limitz": {}}

    with pytest.raises(ParameterTypeError, match="limitz"):
        curate(recipe=recipe, out=str(tmp_path / "out"))

    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("server")
def test_unknown_signal(tmp_path: Path) -> None:
    """A limit on a signal that does not exist fails the run, with the sentence of the recipe."""
    from seimai.flows.curate import curate

    recipe = write_recipe(tmp_path, limits={"ja.hiragana_rate": {"min": 0.1}})

    state = curate(recipe=str(recipe), out=str(tmp_path / "out"), return_state=True)

    assert state.is_failed()
    assert "ja.hiragana_share" in str(state.message)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("server")
def test_not_as_expected(tmp_path: Path, ask: Ask) -> None:
    """A run that breaks what the recipe expects fails and says so; its release is there."""
    from seimai.flows.curate import curate

    recipe = write_recipe(tmp_path, expect={"kept_share": {"min": 0.9}})

    state = curate(recipe=str(recipe), out=str(tmp_path / "out"), return_state=True)

    assert state.is_failed()
    assert "kept share 0.90 ≤ 0.67" in str(state.message)
    assert (tmp_path / "out" / "release" / "run.json").exists()
    assert "NotAsExpected" == state.name
    assert any(key.startswith("release-") for key in artifacts(ask, state))


@pytest.mark.usefixtures("server")
def test_a_reader_that_gave_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that did not read an input to its end fails and names it; its release is there."""
    from seimai.flows.curate import curate
    from seimai.pipeline.ingest.records import jsonl

    inner = jsonl.read_lines

    def broken(*given: Any) -> Any:
        yield from inner(*given)
        raise LookupError("a fault that nobody thought of")

    monkeypatch.setattr(jsonl, "read_lines", broken)
    recipe = write_recipe(tmp_path)

    state = curate(recipe=str(recipe), out=str(tmp_path / "out"), return_state=True)

    assert state.is_failed()
    assert "before the end of these inputs: north.jsonl, south.jsonl, west" in str(state.message)
    assert (tmp_path / "out" / "release" / "run.json").exists()


@pytest.mark.usefixtures("server", "large")
def test_dead_child(tmp_path: Path, moody: Path, ask: Ask) -> None:
    """A worker that is killed costs one retry of its batch, and nothing of the result."""
    from seimai.flows.curate import curate

    recipe = write_recipe(tmp_path, limits={"test.moody_count": {"min": 100}})
    (moody.parent / "die once").touch()

    state = curate(
        recipe=str(recipe),
        out=str(tmp_path / "out"),
        filters=[str(moody)],
        workers=1,
        return_state=True,
    )

    assert "kept 19 of 27 texts" == state.message
    assert [1, 1, 2] == sorted(one["run_count"] for one in task_runs(ask, state, 3))


def test_late_child(tmp_path: Path) -> None:
    """A worker that takes too long is ended, and the time it had is told."""
    from seimai.pipeline.engine.workers.pool import WorkerDied, WorkerPool
    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe import load_recipe

    pool = WorkerPool(Job(load_recipe(write_recipe(tmp_path)), tmp_path / "out"))
    try:
        with pytest.raises(WorkerDied) as caught:
            pool.ask({"kind": "tokenize", "shard": "00000-000", "rows": []}, 0.01)
    finally:
        pool.end()

    assert "S026" == caught.value.problem().code
    assert "00000-000" in caught.value.problem().message


@pytest.mark.usefixtures("server")
def test_command_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The command line prints the funnel; a run that is not as expected ends with 1."""
    from seimai.flows.command import main

    recipe = write_recipe(tmp_path, expect={"kept_share": {"min": 0.9}})

    code = main([str(recipe), "--out", str(tmp_path / "out"), "--lang", "en"])

    assert 1 == code
    printed = capfd.readouterr()
    assert "= kept" in printed.out
    assert "S028" in printed.err


def test_command_line_mistake(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A recipe that is not there is told in a sentence, with exit code 2."""
    from seimai.flows.command import main

    code = main([str(tmp_path / "none.yaml"), "--plan"])

    assert 2 == code
    assert "R001" in capfd.readouterr().err


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes in /proc")
def test_interrupt(tmp_path: Path, moody: Path, prefect_home: Callable[[Path], str]) -> None:
    """Ctrl-C ends the run with 130, leaves no process behind, and is on record as a crash."""
    recipe = write_recipe(tmp_path, limits={"test.moody_count": {"min": 100}})
    (moody.parent / "sleep").touch()
    home = prefect_home(tmp_path / "prefect")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "seimai.flows.curate", str(recipe), "--workers", "1"),
            *("--out", str(tmp_path / "out"), "--filters", str(moody)),
        ],
        env={**os.environ, "PREFECT_API_URL": "", "PREFECT_HOME": home, "SEIMAI_TEST": home},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    wait_for((moody.parent / "asleep").exists, process)
    workers = processes(home)

    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=PATIENCE)
    wait_for(lambda: not processes(home))

    assert 130 == process.returncode
    assert b"Traceback" not in told
    assert len(workers) >= 3, "the command, its server, its workers"
    with closing(sqlite3.connect(Path(home) / "prefect.db")) as database:
        record = database.execute("SELECT name, state_type FROM flow_run").fetchall()
    assert [(f"recipe → {tmp_path / 'out'}", "CRASHED")] == record


def processes(mark: str) -> list[str]:
    """Processes whose environment holds `mark`."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and mark.encode() in (folder / "environ").read_bytes():
                found.append(folder.name)
        except OSError:
            continue
    return found
