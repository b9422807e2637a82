"""What several tests share: texts written for them, recipes, runs, and signals of their own."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, settings

from seimai.pipeline import signal as registry
from seimai.pipeline.engine.planning import plan
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.messages import use_language
from seimai.pipeline.recipe import Recipe

# How long a busy machine takes to make up inputs says nothing about the code. The inputs are the
# same every time, so that nobody meets a fault that their change did not make; to look for new ones
# there is `pytest --hypothesis-profile new`.
for _name, _same in (("new", False), ("same", True)):
    settings.register_profile(
        _name, derandomize=_same, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
settings.load_profile("same")

PATIENCE = 300
"""Seconds for what takes a few: on a busy machine it takes long, and is no fault."""

Curate = Callable[..., dict[str, Any]]
WriteLines = Callable[[Path, Iterable[Mapping[str, Any] | str]], Path]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Whoever started the tests (nohup, a script with &) ignores Ctrl-C, and children inherit that;
    # some tests send it to theirs.
    signal.signal(signal.SIGINT, signal.default_int_handler)

_WHO = ("祖母", "駅員", "隣の猫", "図書館の司書", "八百屋の主人", "夜勤の看護師", "転校生", "漁師")
_WHEN = ("朝早く", "雨の日に", "去年の秋", "誰もいない午後", "祭りの前の晩", "雪がやんだころ")
_WHERE = ("川沿いの道で", "古い橋の上で", "商店街の角で", "山の小屋で", "港の食堂で", "校庭の隅で")
_WHAT = (
    "小さな鍵を",
    "温かいお茶を",
    "忘れられた手紙を",
    "青い自転車を",
    "焼きたてのパンを",
    "地図を",
)
_DID = (
    "見つけました",
    "落としてしまった",
    "友人に渡した",
    "静かに眺めていた",
    "買って帰りました",
    "探し続けた",
)


def prose(seed: int, sentences: int = 8) -> str:
    """Plain Japanese sentences, the same for the same seed."""
    pick = random.Random(seed)
    return "\n".join(
        f"{pick.choice(_WHEN)}、{pick.choice(_WHO)}は{pick.choice(_WHERE)}{pick.choice(_WHAT)}"
        f"{pick.choice(_DID)}。それは{pick.randrange(1000)}番目の話である。"
        for _ in range(sentences)
    )


def wait_for(happened: Callable[[], Any], process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until something has happened; it cannot any more where `process` has ended."""
    end = time.monotonic() + PATIENCE
    while not happened():
        over = process is not None and process.poll() is not None
        if (over and not happened()) or time.monotonic() > end:
            raise AssertionError("the process ended before" if over else "it did not happen")
        time.sleep(0.02)


@pytest.fixture
def write_lines() -> WriteLines:
    """A function that writes records (or raw lines) as JSON lines and gives the path."""

    def write(path: Path, records: Iterable[Mapping[str, Any] | str]) -> Path:
        lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        return path

    return write


def recipe_of_splits(
    folder: Path, count: int, write_lines: WriteLines, monkeypatch: pytest.MonkeyPatch
) -> Recipe:
    """A recipe over small files, each a split of its own, with a limit that asks for words."""
    monkeypatch.setattr(plan, "SMALL_BYTES", 1)
    for k in range(count):
        write_lines(folder / f"{k:02}.jsonl", [{"id": f"{k}", "text": prose(k)}])
    limits = {"text.length_count": {"min": 5}, "word.type_share": {"min": 0.1}}
    return recipe_of(folder, limits=limits)


def recipe_of(*files: Path | str, **parts: Any) -> Recipe:
    """A recipe with one source, `crawl`, and whatever else is given."""
    source = [{"name": "crawl", "files": [str(file) for file in files]}]
    return Recipe.model_validate({"recipe": "test", "source": source, **parts})


@pytest.fixture
def curate() -> Curate:
    """`run` in this process, whatever is asked for."""

    def work(recipe: Recipe, out: Path, **options: Any) -> dict[str, Any]:
        return run(recipe, out, **{"open_executor": in_process_executor, **options})

    return work


def released(out: Path, kind: str = "data") -> list[dict[str, Any]]:
    """The rows of `data`, `rejected` or `quarantine` of a release, in order."""
    files = sorted((out / "release" / kind).glob("*.parquet"))
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def ids(out: Path, kind: str = "data") -> list[str]:
    """The ids of the rows of a release."""
    return [row["id"] for row in released(out, kind)]


def release_digests(out: Path) -> dict[str, str]:
    """Digests of all data files of a release by their path."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((out / "release").rglob("*.parquet"))
    }


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], str]:
    """
    A function that puts an empty database of Prefect into a folder, and gives it as PREFECT_HOME.

    Prefect makes one in ten seconds of work, to copy it takes none.
    """
    made = tmp_path_factory.mktemp("empty-prefect")
    command = [sys.executable, "-m", "seimai.flows.server", "prepare"]
    subprocess.run(command, env={**os.environ, "PREFECT_HOME": str(made)}, check=True)

    def give(folder: Path) -> str:
        shutil.copytree(made, folder, dirs_exist_ok=True)
        return str(folder)

    return give


OWN_SIGNALS = '''
"""Signals for tests: simple enough to foresee."""

import numpy as np

from seimai.pipeline.signal import signal


@signal("test.length_count", between=(0, np.inf))
def length_count(texts):
    """Characters of the text."""
    return texts.length


@signal("test.third_score", between=(0, 1))
def third_score(texts):
    """0.3 for every text with a character, nothing for the others."""
    return np.where(texts.length > 0, 0.3, np.nan)


@signal("test.word_count", between=(0, np.inf), needs="tokens")
def word_count(texts):
    """Words of the text."""
    return texts.tokens.count


@signal("test.particle_share", between=(0, 1), needs="tokens")
def particle_share(texts):
    """Share of words that are particles."""
    return texts.tokens.share(texts.tokens.are("助詞"))
'''


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """What a test has chosen is forgotten: sentences are in the language of the machine again."""
    yield
    use_language(None)


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentences are in English, whatever the machine speaks."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C")
    use_language("en")


@pytest.fixture
def clean_registry() -> Iterator[None]:
    """Signals that a test registers are gone after it."""
    signals, modules = dict(registry.load()), set(sys.modules)
    yield
    registry._registry.clear()  # noqa: SLF001 - there is no way to unregister, and need not be
    registry._registry.update(signals)  # noqa: SLF001
    for name in set(sys.modules) - modules:
        if name.startswith("seimai_filters_"):
            del sys.modules[name]


@pytest.fixture
def own_signals(tmp_path: Path, clean_registry: None) -> str:
    """The path of a filters file with the signals `test.*`."""
    del clean_registry
    path = tmp_path / "own" / "signals.py"
    path.parent.mkdir()
    path.write_text(OWN_SIGNALS, "utf-8")
    return str(path)


STAND_IN = "pipeline/engine/workers/array_jobs/batch_system.py"

BATCH_COMMANDS = (
    *("sbatch", "squeue", "scancel"),
    *("qsub", "qstat", "qdel"),
    *("pjsub", "pjstat", "pjdel"),
)


@pytest.fixture
def center(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the commands of a computing centre, in front of the path."""
    folder = tmp_path / "center"
    (folder / "state").mkdir(parents=True)
    script = folder / "batch_system.py"
    head = f"#!{sys.executable}\n"
    script.write_text(head + (Path(__file__).parent / STAND_IN).read_text("utf-8"))
    script.chmod(0o755)
    for name in BATCH_COMMANDS:
        (folder / name).symlink_to(script)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder / "state"
