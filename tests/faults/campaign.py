"""
The fault campaign: a run is hurt at every place there is, and the next one must not show it.

    python -m tests.faults.campaign --count 1000 --seed 1

A trial is a fork of this process that goes on with a prepared output folder (two releases, texts
that came, went and changed since) and is hurt once; a second fork then runs undisturbed. What is
asked of the result stands in `fault_of`. `test_campaign.py` runs the short form.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from seimai.pipeline import crash_points, kept_columns, report
from seimai.pipeline.engine.planning import plan, surroundings
from seimai.pipeline.engine.publishing import file_tasks
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.engine.workers import pool
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.recipe import Recipe
from seimai.pipeline.stages import publish
from tests.conftest import prose, recipe_of

Pass = tuple[str, str]
"""A crash point and the kind of file with which it was passed."""

DONE, REFUSED, CRASHED = 0, 3, 4
"""How a fork ends: it did its work, it met a `Problem`, or something that nobody foresaw."""

KILLED = -signal.SIGKILL

HIGH = 900
"""A descriptor above all that a run has open."""

LANES = 2
"""Trials that are made side by side."""

PARTLY = {
    "run.json": {"made", "timings", "outputs"},
    "changes.json": {"old", "new"},
    "plan.json": {"digests", "seal"},
    "job.json": {"splits", "seal"},  # a split holds the times of its inputs
}
"""What in these files tells of one run and its moment; all else in them is compared."""


UNLIKE = (".lock", ".workers", *(f"stages/{name}" for name in kept_columns.LEFT))
"""Files that hold numbers of processes, or numbers and times of other files."""


# --- the world of a trial ----------------------------------------------------------------------


@dataclass
class World:
    """A corpus, an output folder that is behind it, and what it has to become."""

    folder: Path
    recipe: Recipe
    expected: dict[str, str] = field(default_factory=dict)
    """Digests of everything in the output folder after an uninterrupted run."""

    @property
    def base(self) -> Path:
        """The output folder as every trial finds it."""
        return self.folder / "base"

    @contextlib.contextmanager
    def out(self) -> Iterator[Path]:
        """A copy of it, which no other process has."""
        out = self.folder / f"out-{os.getpid()}"
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(self.base, out)
        yield out
        shutil.rmtree(out, ignore_errors=True)


def make_world(folder: Path, dedup: dict[str, Any] | None = None) -> World:
    """
    Two releases of a corpus, and then texts come, go and change, and a limit moves.

    `dedup` is what the recipe says of duplicates, beside the defaults.
    """
    dedup = dedup or {}
    inputs = folder / "in"
    inputs.mkdir(parents=True)
    _write(inputs / "a.jsonl", [*_texts("a", 4), "broken"])
    _write(inputs / "b.jsonl", [*_texts("b", 4), {"id": "copy", "text": prose(_seed("a", 1))}])
    _write(inputs / "c.jsonl", _texts("c", 3))
    limits = {"word.token_count": {"min": 30}}
    recipe = recipe_of(inputs, limits=limits, dedup=dedup, release={"previous": 1})
    world = World(folder, recipe)
    # A fork of a process that has imported and compiled everything works at once.
    go(world, folder / "warm")
    shutil.rmtree(folder / "warm")
    _succeed(lambda: go(world, world.base))
    _write(inputs / "b.jsonl", [*_texts("b", 3), {"id": "copy", "text": prose(_seed("a", 1))}])
    _succeed(lambda: go(world, world.base))
    (inputs / "a.jsonl").unlink()
    _write(inputs / "c.jsonl", [*_texts("c", 4), {"text": ""}])
    _write(inputs / "d.jsonl", [*_texts("d", 3), {"id": "twin", "text": prose(_seed("b", 1))}])
    limits["text.length_count"] = {"max": 330}
    world.recipe = recipe_of(inputs, limits=limits, dedup=dedup, release={"previous": 1})
    with world.out() as out:
        _succeed(lambda: go(world, out))
        world.expected = contents(out)
        assert [] == faults_of_release(out)
    return world


def _seed(name: str, number: int) -> int:
    return 1000 * ord(name) + number


def _texts(name: str, count: int) -> list[dict[str, Any] | str]:
    return [{"id": f"{name}{k}", "text": prose(_seed(name, k), 2 + k % 5)} for k in range(count)]


def _write(path: Path, records: list[dict[str, Any] | str]) -> None:
    lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def go(world: World, out: Path, *, workers: bool = False) -> None:
    """Run in this process, or with one forked worker; files of the release are tasks."""
    opened = {} if workers else {"open_executor": in_process_executor}
    if workers:
        opened = {"open_executor": lambda job, _: pool.worker_pool(job, 1)}
    few = file_tasks.FEW_BYTES, file_tasks.FEW_BYTES_COLD
    file_tasks.FEW_BYTES = file_tasks.FEW_BYTES_COLD = 1
    try:
        run(world.recipe, out, workers=1, **opened)
    finally:
        file_tasks.FEW_BYTES, file_tasks.FEW_BYTES_COLD = few


# --- forks ------------------------------------------------------------------------------------


def fork(work: Callable[[], Any], before: Callable[[int], None] | None = None) -> tuple[int, str]:
    """
    Do something in a fork; gives how it ended and what it said.

    `before` gets the process id, and may send it signals.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        plan.SMALL_BYTES = 1  # a split for each file
        surroundings.WAITS = (0.0, 0.0)
        report.render = lambda *_: "a page"  # half of the time of so small a run
        pool._Worker.__init__ = _begin_forked  # type: ignore[method-assign]  # noqa: SLF001
        status, said = DONE, ""
        try:
            said = json.dumps(work())
        except (Problem, Problems) as found:
            several = found.problems if isinstance(found, Problems) else [found]
            status, said = REFUSED, " ".join(problem.code for problem in several)
        except BaseException:  # noqa: BLE001 - this is what the campaign looks for
            status, said = CRASHED, traceback.format_exc()
        try:
            told = memoryview(said.encode())
            while told:  # no file is opened here: that may be what fails
                told = told[os.write(write, told) :]
        finally:
            os._exit(status)
    os.close(write)
    if before:
        before(child)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said


def _succeed(work: Callable[[], Any]) -> str:
    status, said = fork(work)
    assert DONE == status, said
    return said


class _Forked:
    """A worker that is a fork of the driver: what `subprocess.Popen` gives, in milliseconds."""

    def __init__(self) -> None:
        down, up = os.pipe(), os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _serve(down[0], up[1])
        os.close(down[0])
        os.close(up[1])
        self.stdin, self.stdout = os.fdopen(down[1], "wb"), os.fdopen(up[0], "rb")
        self.status: int | None = None

    def kill(self) -> None:
        """As `Popen.kill`."""
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """As `Popen.wait`."""
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status


def _serve(tasks: int, answers: int) -> None:
    """Be a worker; what a new process would not have is closed."""
    from seimai.pipeline.engine import worker

    os.dup2(tasks, 0)
    os.dup2(answers, 1)
    os.closerange(3, HIGH)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    try:
        worker.main()
    finally:
        os._exit(0)


def _begin_forked(self: Any, message: Any) -> None:
    self._process = _Forked()
    self._job = message


def side_by_side(trials: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
    """What trials give, some of them made at a time, each in the fork of its lane."""
    answers: list[list[Any]] = [[] for _ in range(LANES)]

    def lane(k: int) -> None:
        done = _succeed(lambda: [asdict(one()) for one in trials[k::LANES]])
        answers[k] = json.loads(done)

    threads = [threading.Thread(target=lane, args=(k,)) for k in range(LANES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found: list[Any] = [None] * len(trials)
    for k, lane_answers in enumerate(answers):
        found[k::LANES] = [Outcome(**one) for one in lane_answers]
    return found


# --- what may happen --------------------------------------------------------------------------


def passes(world: World, work: Callable[[], Any], *, workers: bool = False) -> list[Pass]:
    """The crash points that something passes, in order; `workers`: those of its workers alone."""
    log = world.folder / f"passes-{os.getpid()}"
    log.write_bytes(b"")

    def recorded() -> None:
        handle = os.open(log, os.O_WRONLY | os.O_APPEND)
        os.dup2(handle, HIGH)  # workers close what a new process would not have
        driver = os.getpid()

        def act(name: str, path: Path | None) -> None:
            if workers and os.getpid() == driver:
                return
            os.write(HIGH, f"{name}\t{crash_points.kind_of(path)}\n".encode())

        crash_points._armed = act  # noqa: SLF001
        work()

    _succeed(recorded)
    lines = log.read_text("utf-8").splitlines()
    return [(name, kind) for name, _, kind in (line.partition("\t") for line in lines)]


def at_pass(number: int, deed: Callable[[], None]) -> Callable[[], None]:
    """Arms the points: the deed is done at the pass of that number, from 0."""
    count = [-1]

    def act(_name: str, _path: Path | None) -> None:
        count[0] += 1
        if count[0] == number:
            deed()

    def arm() -> None:
        crash_points._armed = act  # noqa: SLF001

    return arm


def in_worker(number: int, world: World, deed: Callable[[], None]) -> Callable[[], None]:
    """The same in a worker of this process, the first that comes so far, and only there."""

    def arm() -> None:
        driver, count = os.getpid(), [-1]
        mark = world.folder / f"mark-{driver}"

        def act(_name: str, _path: Path | None) -> None:
            if os.getpid() == driver:
                return
            count[0] += 1
            if count[0] == number and not mark.exists():
                mark.touch()
                deed()

        crash_points._armed = act  # noqa: SLF001

    return arm


def die() -> None:
    """End this process as a power cut, the kernel short of memory or `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


CHANGING = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"})
"""What Python says before it changes a folder; and `open`, where it opens to write."""


def at_change(number: int, deed: Callable[[], None], event: str = "") -> Callable[[], None]:
    """
    The deed is done before the file system is changed for that time, from 0.

    What the deed raises is what the call raises. `event` counts only changes of that name.
    """
    count = [-1]

    def hook(name: str, given: tuple[Any, ...]) -> None:
        opened = name == "open" and isinstance(given[2], int) and given[2] & os.O_ACCMODE
        if event != name if event else not (name in CHANGING or opened):
            return
        if name == "open" and not opened:
            return
        count[0] += 1
        if count[0] == number:
            deed()

    return lambda: sys.addaudithook(hook)


def at_fsync(number: int, deed: Callable[[], None]) -> Callable[[], None]:
    """The deed is done instead of making something durable for that time, from 0."""
    count = [-1]
    usual = os.fsync

    def fsync(handle: int) -> None:
        count[0] += 1
        if count[0] == number:
            deed()
        usual(handle)

    def arm() -> None:
        os.fsync = fsync

    return arm


def failing(code: int) -> Callable[[], None]:
    """Raises an error of the system."""

    def deed() -> None:
        raise OSError(code, os.strerror(code))

    return deed


def small_files(size: int) -> Callable[[], None]:
    """No file may grow beyond so many bytes: the kernel writes what fits, and then refuses."""

    def arm() -> None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))

    return arm


# --- what is asked of the result ----------------------------------------------------------------


def contents(out: Path) -> dict[str, str]:
    """Everything in an output folder by its path, as digests; what tells the time is left out."""
    found: dict[str, str] = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_dir():
            if not any(path.iterdir()):
                found[name] = "empty folder"
        elif name in UNLIKE or path.name in ("SHA256SUMS", "report.html"):
            found[name] = "there"
        elif path.name in PARTLY:
            told = json.loads(path.read_bytes())
            found[name] = _digest({key: told[key] for key in told.keys() - PARTLY[path.name]})
        elif path.name not in ("README.md", "croissant.json"):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def faults_of_release(out: Path) -> list[str]:
    """What `seimai verify` finds wrong in the release and in the one before it."""
    return [check.message for check in verify(out) if check.state == "fail"]


def fault_of(world: World, out: Path, only: str = "") -> str:
    """What is wrong with a folder, or what of it begins so, after the undisturbed run; else ""."""
    found = contents(out)
    names = sorted(
        name
        for name in found.keys() | world.expected.keys()
        if found.get(name) != world.expected.get(name) and name.startswith(only)
    )
    if names:
        return f"differs: {', '.join(names[:6])}"
    wrong = faults_of_release(out)
    return f"verify: {wrong[0]}" if wrong else ""


def seen_by_readers(out: Path) -> str:
    """What is wrong with the release right after the fault: it has to be there, and be whole."""
    release = out / "release"
    if not (release / "run.json").is_file():
        return "no release"
    told = json.loads((release / "run.json").read_bytes())
    return "" if publish.is_complete(release, told) else "a release in pieces"


def _after(deed: Callable[[], None], world: World, out: Path) -> None:
    deed()
    go(world, out)


@dataclass
class Outcome:
    """How a trial went."""

    status: int
    said: str
    fault: str


def trial(
    world: World,
    arm: Callable[[], None],
    *,
    workers: bool = False,
    before: Callable[[int], None] | None = None,
    again: Sequence[Callable[[], None]] = (),
    calm: Callable[[], None] = lambda: None,
    gap: bool = False,
    only: str = "",
) -> Outcome:
    """
    Hurt a run, and those after it with what `again` arms, then run undisturbed and look.

    `calm` makes the world again what it was; then `only` what begins so is compared. `gap` allows
    that there is no release for a moment, where folders cannot be exchanged.
    """
    with world.out() as out:

        def work() -> None:
            arm()
            go(world, out, workers=workers)

        status, said = fork(work, before)
        fault = said if status == CRASHED else ""
        if not gap:
            fault = fault or seen_by_readers(out)
        for hurt in again:
            fork(partial(_after, hurt, world, out))
        after, told = fork(partial(_after, calm, world, out))
        if after != DONE:
            fault = fault or f"the next run: {after} {told}"
        return Outcome(status, said, fault or fault_of(world, out, only))


MOST_PLACES = 320
"""About as many crash points as one run passes, and somewhat more than it changes files."""

REPORTED = 50
"""Trials between two lines that say how far it is."""


# --- the long form ------------------------------------------------------------------------------


def _killed_after(seconds: float) -> Callable[[int], None]:
    def before(child: int) -> None:
        timer = threading.Timer(seconds, lambda: os.kill(child, signal.SIGKILL))
        timer.start()
        timer.join()

    return before


def random_trial(
    world: World, dice: random.Random, length: float
) -> tuple[str, Callable[[], Outcome]]:
    """A trial of a kind that the dice choose, to be made when it is called."""
    kind = dice.choice(("moment", "change", "pass", "worker", "twice", "error", "fsync"))
    place, other = dice.randrange(MOST_PLACES), dice.randrange(MOST_PLACES)
    moment = dice.uniform(0, length)
    code = dice.choice((errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT))
    trials: dict[str, Callable[[], Outcome]] = {
        "moment": lambda: trial(world, lambda: None, before=_killed_after(moment)),
        "change": lambda: trial(world, at_change(place, die)),
        "pass": lambda: trial(world, at_pass(place, die)),
        "worker": lambda: trial(world, in_worker(place // 2, world, die), workers=True),
        "twice": lambda: trial(world, at_pass(place, die), again=[at_change(other // 4, die)]),
        "error": lambda: trial(world, at_change(place, failing(code))),
        "fsync": lambda: trial(world, at_fsync(place // 4, failing(code))),
    }
    return kind, trials[kind]


def main() -> int:
    """Run as many random trials as asked for; print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    dice = random.Random(asked.seed)
    hurt: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder).resolve())
        begun = time.monotonic()
        with world.out() as out:
            _succeed(lambda: go(world, out))
        length = time.monotonic() - begun
        plans = [random_trial(world, dice, length) for _ in range(asked.count)]
        for begin in range(0, asked.count, REPORTED):
            part = plans[begin : begin + REPORTED]
            for k, outcome in enumerate(side_by_side([one for _, one in part])):
                kind = part[k][0]
                tried[kind] += 1
                hurt[kind] += outcome.status != DONE
                if outcome.fault:
                    faults += 1
                    print(f"{begin + k} {kind} {outcome.status}: {outcome.fault}")  # noqa: T201
            print(f"{begin + len(part)} done, {faults} with faults", flush=True)  # noqa: T201
    for kind, count in sorted(tried.items()):
        print(f"{kind}: {count} trials, {hurt[kind]} of them ended the run")  # noqa: T201
    print(f"{asked.count} trials, {faults} with faults")  # noqa: T201
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
