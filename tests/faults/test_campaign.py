"""
The short form of the fault campaign: a run is hurt wherever it can be, and the next shows nothing.

`python -m tests.faults.campaign` is the long form, README.md beside it has its figures.
"""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from seimai.pipeline import crash_points
from seimai.pipeline.crash_points import POINTS
from seimai.pipeline.engine.publishing.rollback import rollback
from seimai.pipeline.stages import publish
from tests.faults import campaign
from tests.faults.campaign import (
    DONE,
    KILLED,
    REFUSED,
    Outcome,
    Pass,
    World,
    at_change,
    at_fsync,
    at_pass,
    contents,
    die,
    failing,
    fork,
    go,
    in_worker,
    make_world,
    passes,
    seen_by_readers,
    side_by_side,
    small_files,
    trial,
)

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
    pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning"),
]

ROOT = Path(__file__).parents[2]

CALL = re.compile(r"crash_point\(\s*\"([^\"]+)\"")

RANDOM_TRIALS = 50

ELSEWHERE = frozenset({"file-begun", "file-written", "file-synced", "file-renamed"})
"""Points within the writing of one file: of workers, those around it are tried."""


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    """A corpus and an output folder that is behind it."""
    return make_world(tmp_path_factory.mktemp("campaign"))


@pytest.fixture(scope="module")
def driver_passes(world) -> list[Pass]:
    """What a run in one process passes."""
    with world.out() as out:
        return passes(world, lambda: go(world, out))


@pytest.fixture(scope="module")
def worker_passes(world) -> list[Pass]:
    """What the worker of a run passes."""
    with world.out() as out:
        return passes(world, lambda: go(world, out, workers=True), workers=True)


@pytest.fixture(scope="module")
def cutting(tmp_path_factory) -> World:
    """The same corpus, and a recipe that cuts passages which several texts share."""
    dedup = {"passages": {"length": 50, "then": "cut"}}
    return make_world(tmp_path_factory.mktemp("cutting"), dedup)


@pytest.fixture(scope="module")
def cutting_passes(cutting) -> list[Pass]:
    """What a run passes that cuts passages."""
    with cutting.out() as out:
        return passes(cutting, lambda: go(cutting, out))


def _clumsy() -> None:
    """Be a system on which two folders cannot be exchanged."""
    publish.exchange = lambda *_: False


def _names(found: list[Pass]) -> set[str]:
    return {name for name, _ in found}


def _first(found: list[Pass], name: str) -> int:
    return next(k for k, (one, _) in enumerate(found) if one == name)


def test_names_in_code_and_table_are_the_same():
    """Every point of the table stands in the code once, and there are no others."""
    called = [
        name
        for path in sorted((ROOT / "pipeline").rglob("*.py"))
        if path.name != "crash_points.py"
        for name in CALL.findall(path.read_text("utf-8"))
    ]

    assert sorted(POINTS) == sorted(called)


def test_the_environment_arms_a_point(world):
    """`SEIMAI_CRASH` names a point, and may name the kind of file, the count, and a mark."""
    (world.folder / "recipe.json").write_text(world.recipe.model_dump_json(), "utf-8")
    mark = world.folder / "killed-once"
    code = (
        "import sys; from pathlib import Path; from seimai.pipeline.recipe import Recipe;"
        "from seimai.pipeline.engine.run import run;"
        "made = Recipe.model_validate_json(Path(sys.argv[1]).read_text('utf-8'));"
        "run(made, Path(sys.argv[2]))"
    )
    with world.out() as out:
        for expected in (-signal.SIGKILL, 0):
            done = subprocess.run(
                [sys.executable, "-c", code, str(world.folder / "recipe.json"), str(out)],
                env={**os.environ, crash_points.SWITCH: f"file-synced verdict 2 {mark}"},
                check=False,
            )

            assert expected == done.returncode
        assert mark.exists()
        assert [] == campaign.faults_of_release(out)


def test_points_are_free_when_off():
    """Nothing is armed in a process that nobody asked for it."""
    assert crash_points._armed is None  # noqa: SLF001


def _rolled_back(world: World) -> list[Pass]:
    with world.out() as out:
        return passes(world, lambda: rollback(out))


def test_every_point_is_reached(world, driver_passes, worker_passes, cutting_passes):
    """A run, its worker, one after a kill, one without exchange and a rollback pass them all."""
    reached = _names(driver_passes) | _names(worker_passes) | _names(_rolled_back(world))
    reached |= _names(cutting_passes)
    with world.out() as out:
        reached |= _names(passes(world, lambda: (_clumsy(), go(world, out))))
    with world.out() as out:  # as a kill at `release-moved-away` leaves it
        fork(lambda: (_clumsy(), _until(out, world, "release-moved-away")))
        reached |= _names(passes(world, lambda: go(world, out)))
    with world.out() as out:
        fork(lambda: _until(out, world, "release-exchanged"))
        reached |= _names(passes(world, lambda: go(world, out)))

    assert set(POINTS) == reached


def _until(out: Path, world: World, name: str) -> None:
    """Run until a point is passed, and be killed there."""
    crash_points._armed = lambda one, _: die() if one == name else None  # noqa: SLF001
    go(world, out)


def _chosen(found: list[Pass]) -> list[int]:
    """
    A pass of every point, and one of every kind of file.

    A point of files is passed with the kinds in turn, so that each kind is met at another point.
    """
    places: dict[Pass, int] = {}
    for k, one in enumerate(found):
        places.setdefault(one, k)
    chosen: dict[str, int] = {}
    kinds: dict[str, list[str]] = {}
    for (name, kind), place in places.items():
        if kind:
            kinds.setdefault(kind, []).append(name)
        else:
            chosen[name] = place
    for turn, (kind, names) in enumerate(sorted(kinds.items())):
        name = names[turn % len(names)]
        chosen[f"{name} {kind}"] = places[name, kind]
    for (name, kind), place in places.items():
        if not any(f"{one} ".startswith(f"{name} ") for one in chosen):
            chosen[f"{name} {kind}"] = place
    return sorted(chosen.values())


def _faults(found: list[Pass], chosen: Sequence[int], outcomes: list[Outcome]) -> list[object]:
    return [(found[k], one.fault) for k, one in zip(chosen, outcomes, strict=True) if one.fault]


def test_killed_at_every_point(world, driver_passes):
    """Killed at any point, a run in one process shows in nothing after the next."""
    chosen = _chosen(driver_passes)
    outcomes = side_by_side([partial(trial, world, at_pass(k, die)) for k in chosen])

    assert _names(driver_passes) == {driver_passes[k][0] for k in chosen}
    assert {KILLED} == {one.status for one in outcomes}
    assert [] == _faults(driver_passes, chosen, outcomes)


def test_killed_in_the_search_for_passages(cutting, cutting_passes):
    """At each of its steps and each file it leaves; the folder with its texts goes as well."""
    chosen = [k for k in _chosen(cutting_passes) if "passages" in "".join(cutting_passes[k])]
    outcomes = side_by_side([partial(trial, cutting, at_pass(k, die)) for k in chosen])

    names = {name for name in POINTS if name.startswith("passages-")}
    assert names <= {cutting_passes[k][0] for k in chosen}
    assert {KILLED} == {one.status for one in outcomes}
    assert [] == _faults(cutting_passes, chosen, outcomes)


def test_a_worker_killed_at_every_point(world, worker_passes):
    """A worker that is killed at any point costs a repetition; the run ends, and as it should."""
    chosen = [k for k in _chosen(worker_passes) if worker_passes[k][0] not in ELSEWHERE]
    outcomes = side_by_side(
        [partial(trial, world, in_worker(k, world, die), workers=True) for k in chosen]
    )

    assert {"job-opened", "attempt-marked", "task-done"} <= _names(worker_passes)
    assert {DONE} == {one.status for one in outcomes}
    assert [] == _faults(worker_passes, chosen, outcomes)


def test_a_driver_killed_while_its_worker_works(world):
    """The worker ends by itself, and the next run waits for that."""
    places = ("plan-saved", "prepared", "settled", "release-exchanged")
    outcomes = side_by_side(
        [partial(trial, world, _at_point(place), workers=True) for place in places]
    )

    assert {KILLED} == {one.status for one in outcomes}
    assert [] == [one.fault for one in outcomes if one.fault]


def _at_point(name: str, deed: Callable[[], None] = die) -> Callable[[], None]:
    """Arms the first pass of a point in the process that arms it."""

    def arm() -> None:
        mine = os.getpid()
        crash_points._armed = (  # noqa: SLF001
            lambda one, _: deed() if one == name and os.getpid() == mine else None
        )

    return arm


@pytest.mark.parametrize("first", ["release-exchanged", "release-moved-away", "previous-dropped"])
def test_killed_again_while_it_recovers(world, first):
    """Killed in the middle of the exchange, and then before every step of putting that right."""
    clumsy = first == "release-moved-away"

    def hurt() -> None:
        if clumsy:
            _clumsy()
        _at_point(first)()

    outcomes = side_by_side(
        [
            partial(trial, world, hurt, again=[at_change(step, die)], gap=clumsy)
            for step in range(0, 24, 3)
        ]
    )

    assert {KILLED} == {one.status for one in outcomes}
    assert [] == [one.fault for one in outcomes if one.fault]


def test_killed_at_random(world):
    """Killed or failed at fifty places that dice choose, it shows in nothing after the next run."""
    dice = random.Random(50)
    chosen = [campaign.random_trial(world, dice, 1.0) for _ in range(RANDOM_TRIALS)]
    outcomes = side_by_side([one for _, one in chosen])

    assert RANDOM_TRIALS // 2 < sum(one.status != DONE for one in outcomes)
    assert [] == [
        (kind, one.status, one.fault)
        for (kind, _), one in zip(chosen, outcomes, strict=True)
        if one.fault
    ]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("event", ["open", "os.rename", "os.mkdir"])
def test_a_call_that_fails(world, code, event):
    """A file that cannot be opened, renamed or given a folder is a problem, and nothing is lost."""
    places = {"open": (0, 3, 11, 24, 40), "os.rename": (0, 9, 30, 47), "os.mkdir": (0, 20, 50)}
    chosen = places[event][code % 2 :: 2]
    outcomes = side_by_side(
        [partial(trial, world, at_change(k, failing(code), event)) for k in chosen]
    )

    assert {one.status for one in outcomes} <= {DONE, REFUSED}
    assert [] == [(one.said, one.fault) for one in outcomes if one.fault]


@pytest.mark.parametrize("size", [1, 700, 4000])
def test_a_write_that_falls_short(world, size):
    """The kernel takes a part of a file and refuses the rest: a problem, and nothing is lost."""
    outcome = trial(world, small_files(size))

    assert (REFUSED, {"O015"}) == (outcome.status, set(outcome.said.split()))
    assert "" == outcome.fault


def test_a_disk_that_cannot_make_it_durable(world):
    """A file that cannot be synced is not there."""
    outcomes = side_by_side(
        [partial(trial, world, at_fsync(k, failing(errno.EIO))) for k in (0, 7, 40, 60)]
    )

    assert {REFUSED} == {one.status for one in outcomes}
    assert [] == [one.fault for one in outcomes if one.fault]


def test_a_folder_that_may_only_be_read(world, tmp_path):
    """An output folder on a disk that went read-only: a problem, the release is as it was."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a file system")
    try:
        shutil.copytree(world.base, disk / "out")
        before = contents(disk / "out")
        for way, expected in (("ro", REFUSED), ("rw", DONE)):
            remount = ["mount", "-o", f"remount,{way}", str(disk)]
            subprocess.run(remount, check=True)
            status, said = fork(lambda: go(world, disk / "out"))

            assert expected == status, said
            assert way == "rw" or before == contents(disk / "out")
        assert "" == campaign.fault_of(world, disk / "out")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)  # noqa: S607


@pytest.mark.parametrize("place", ["plan-saved", "before-ledger", "prepared", "settled"])
@pytest.mark.parametrize("kind", ["vanished", "changed"])
def test_an_input_that_changes_in_the_middle(world, place, kind):
    """Gone or another one at any point, and back again: the release is that of the corpus."""
    path = world.folder / "in" / "c.jsonl"
    whole = path.read_bytes()

    def deed() -> None:
        path.unlink(missing_ok=True)
        if kind == "changed":
            path.write_bytes(whole + whole.splitlines()[0] + b"\n")

    try:
        outcome = trial(
            world, _at_point(place, deed), calm=lambda: path.write_bytes(whole), only="release/data"
        )
    finally:
        path.write_bytes(whole)

    assert "" == outcome.fault


def test_a_clock_that_jumps(world):
    """A clock that is set back or forward, and files from the future, change nothing."""

    def jumping(seconds: float) -> Callable[[], None]:
        def arm() -> None:
            usual = time.time
            _at_point("prepared", lambda: setattr(time, "time", lambda: usual() + seconds))()

        return arm

    outcomes = side_by_side([partial(trial, world, jumping(seconds)) for seconds in (-3e8, 3e8)])

    assert [(DONE, ""), (DONE, "")] == [(one.status, one.fault) for one in outcomes]
    for moment in (0, 4_000_000_000):
        with world.out() as out:
            for path in out.rglob("*"):
                os.utime(path, (moment, moment))
            status, said = fork(lambda: go(world, out))

            assert (DONE, "") == (status, campaign.fault_of(world, out)), said


def _begin_late(
    answers: list[tuple[int, str]], work: Callable[[], None], seconds: float, _: int
) -> None:
    time.sleep(seconds)
    answers.append(fork(work))


def test_two_runs_into_one_folder(world):
    """The later one waits for nobody and is refused, or comes so late that nothing is to do."""
    dice = random.Random(2)
    for _ in range(4):
        with world.out() as out:
            others: list[tuple[int, str]] = []
            begin = partial(go, world, out)
            first = fork(begin, partial(_begin_late, others, begin, dice.uniform(0, 0.5)))

            # Which of them is the later one is up to the machine.
            assert (DONE, "null") in (first, *others)
            assert {first, *others} <= {(DONE, "null"), (REFUSED, "O002")}
            assert "" == campaign.fault_of(world, out)


@pytest.mark.parametrize("place", ["rollback-exchanged", "rollback-done"])
@pytest.mark.parametrize("clumsy", [False, True])
def test_a_rollback_that_is_killed(world, place, clumsy):
    """Both releases are there afterwards, and the next run makes what it always makes."""
    with world.out() as out:

        def work() -> None:
            if clumsy:
                _clumsy()
            _at_point(place)()
            rollback(out)

        assert KILLED == fork(work)[0]
        assert "" == seen_by_readers(out)
        assert DONE == fork(lambda: rollback(out) and None)[0]
        assert [] == campaign.faults_of_release(out)
        assert (out / "previous/run.json").is_file()
        assert DONE == fork(lambda: go(world, out))[0]
        assert "" == campaign.fault_of(world, out, only="release/")
