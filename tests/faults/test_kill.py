"""
Runs that are killed: the next one goes on, and nothing shows in the result.

The driver is a script of its own, so that it can be killed; its signal sleeps a little, so that
there is something to interrupt, or for ever where a folder `held` says so.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seimai.pipeline.engine.planning import plan
from tests.conftest import (
    OWN_SIGNALS,
    PATIENCE,
    prose,
    recipe_of,
    release_digests,
    wait_for,
)

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")

FILES = 6
KILLS = 10

SLOW = (
    OWN_SIGNALS
    + """
import os
import time
from pathlib import Path

HELD = Path(__file__).with_name("held")

@signal("test.slow_score", between=(0, 1))
def slow(texts):
    "Takes its time."
    if HELD.exists():
        (HELD / str(os.getpid())).touch()
        time.sleep(600)
    time.sleep(0.08)
    return texts.length * 0
"""
)

DRIVER = """
import sys
from pathlib import Path

from seimai.pipeline.engine.planning import plan
from seimai.pipeline.stages import release
from seimai.pipeline.recipe import Recipe
from seimai.pipeline.engine.run import run

plan.SMALL_BYTES = 1  # a split for each file
recipe, out, filters = sys.argv[1:]
made = Recipe.model_validate_json(Path(recipe).read_text("utf-8"))
run(made, Path(out), workers=2, filters=[filters])
"""


@pytest.fixture
def corpus(tmp_path, write_lines):
    """Some files, and a recipe for them."""
    for k in range(FILES):
        texts = [{"id": f"{k}-{j}", "text": prose(100 * k + j)} for j in range(20)]
        texts += [{"id": f"{k}-copy", "text": prose(100 * ((k + 1) % FILES))}, "broken"]
        write_lines(tmp_path / f"in/{k}.jsonl", texts)
    (tmp_path / "slow.py").write_text(SLOW, "utf-8")
    return recipe_of(tmp_path / "in", limits={"test.word_count": {"min": 105}}, dedup={})


@pytest.fixture
def start(tmp_path, corpus):
    """A function that starts a run with two workers into a folder."""
    (tmp_path / "recipe.json").write_text(corpus.model_dump_json(), "utf-8")
    (tmp_path / "driver.py").write_text(DRIVER, "utf-8")

    def begin(out: Path) -> subprocess.Popen[bytes]:
        names = ("driver.py", "recipe.json", out.name, "slow.py")
        return subprocess.Popen(
            [sys.executable, *(str(tmp_path / name) for name in names)],
            stderr=subprocess.PIPE,
        )

    return begin


def _alive(process: int) -> bool:
    try:
        return "Z" != Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


@pytest.fixture
def held(tmp_path):
    """A folder in which workers leave their numbers when they wait in the middle of a task."""
    (tmp_path / "held").mkdir()
    return tmp_path / "held"


def _held_workers(driver: subprocess.Popen[bytes], held: Path, count: int) -> list[int]:
    wait_for(lambda: len(list(held.iterdir())) >= count, driver)
    return [int(path.name) for path in held.iterdir()]


@pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")
def test_killed_runs_leave_no_trace(corpus, tmp_path, curate, monkeypatch, clean_registry):
    """A run killed at ten moments, then left alone, gives the bytes of one that never was."""
    del clean_registry
    monkeypatch.setattr(plan, "SMALL_BYTES", 1)  # a split for each file
    slow = [str(tmp_path / "slow.py")]
    begun = time.monotonic()
    curate(corpus, tmp_path / "whole", filters=slow)
    length = time.monotonic() - begun
    moments = random.Random(20)
    # A fork has imported everything already, so that each kill falls into work.
    fork = multiprocessing.get_context("fork")
    killed = 0
    while killed < KILLS:
        driver = fork.Process(
            target=curate, args=(corpus, tmp_path / "killed"), kwargs={"filters": slow}
        )
        driver.start()
        driver.join(moments.uniform(0.02, 0.4) * length)
        killed += driver.is_alive()
        driver.kill()
        driver.join()
        if (tmp_path / "killed/release").exists():
            shutil.rmtree(tmp_path / "killed")  # it was quicker than we: begin again
    curate(corpus, tmp_path / "killed", filters=slow)

    assert release_digests(tmp_path / "whole") == release_digests(tmp_path / "killed")
    assert [] == list((tmp_path / "killed").rglob("*.tmp"))


def test_a_killed_worker_costs_one_repetition(start, held, tmp_path):
    """The driver starts another one, and the run ends as if nothing had been."""
    driver = start(tmp_path / "out")
    victims = _held_workers(driver, held, 2)
    shutil.rmtree(held)
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    _, told = driver.communicate(timeout=PATIENCE)

    assert 0 == driver.returncode, told.decode()
    assert (tmp_path / "out/release/run.json").exists()


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_stays_behind(
    start, held, corpus, tmp_path, curate, monkeypatch, own_signals, kind
):
    """However the driver ends, its workers end within moments, and the next run goes on."""
    driver = start(tmp_path / "out")
    workers = _held_workers(driver, held, 2)
    driver.send_signal(kind)
    driver.communicate(timeout=PATIENCE)
    wait_for(lambda: not any(map(_alive, workers)))

    assert 0 != driver.returncode
    assert not (tmp_path / "out/release").exists()

    monkeypatch.setattr(plan, "SMALL_BYTES", 1)
    curate(corpus, tmp_path / "out", filters=[own_signals])
    curate(corpus, tmp_path / "whole", filters=[own_signals])

    assert release_digests(tmp_path / "whole") == release_digests(tmp_path / "out")


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_the_command_line_says_that_it_was_interrupted(corpus, held, tmp_path, kind):
    """Ctrl-C on `seimai run`, or SIGTERM, is exit code 130, one sentence, and no traceback."""
    del corpus
    (tmp_path / "recipe.yaml").write_text(
        f"recipe: test\nsource: [{{name: crawl, files: [{tmp_path / 'in'}]}}]\n"
        "limits: {text.length_count: {min: 5}}\n",
        "utf-8",
    )
    driver = subprocess.Popen(
        [
            *(sys.executable, "-m", "seimai.pipeline.cli", "run", str(tmp_path / "recipe.yaml")),
            *("--out", str(tmp_path / "out"), "--filters", str(tmp_path / "slow.py")),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    workers = _held_workers(driver, held, 1)
    driver.send_signal(kind)
    _, told = driver.communicate(timeout=PATIENCE)
    wait_for(lambda: not any(map(_alive, workers)))

    assert 130 == driver.returncode
    assert b"Traceback" not in told
