"""
Scale: how time and memory grow with the number of texts, on texts with known duplicates.

`python -m benchmarks.scale --documents 1e5 1e6` makes so many texts (`planted.py`), runs the recipe
below on them, and prints for each size and stage: seconds, those of all processors (on a machine
that is shared they alone tell), microseconds of them a text, the most memory that the driver and
its workers held at one moment, files and bytes in the stages; then what became of the planted
duplicates. `--corpus DIR` recombines sentences of a corpus instead of our own. With `--folder` what
is there is used, as any run does.

Memory is what a process holds for itself (`RssAnon`): files that it looks into are the system's to
keep or to drop.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.measuring import table
from benchmarks.planted import KINDS, own_sentences, sentences_of, write

RECIPE = """\
recipe: scale
source: [{name: planted, files: [planted/*.parquet], text: text, id: id}]
clean: [line_ends]
limits: {text.length_count: {min: 1}}
dedup: {unit: char, n: 5, rows: 8, bands: 16, similarity: 0.8, keep: longest}
"""
EVERY = 0.05
"""Seconds between two looks at memory."""


def main() -> None:
    """Make, run and print, one size after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", nargs="+", type=float, default=[1e5])
    parser.add_argument("--corpus", help="folder of JSONL files whose sentences are recombined")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", help="where to work, and what stays there; default: nowhere")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _child(Path(options.child), options.workers)
        return
    with tempfile.TemporaryDirectory(prefix="seimai-scale-") as made:
        folder = Path(options.folder or made)
        for total in map(int, options.documents):
            _one_size(folder / str(total), total, options.corpus, options.workers)


def _one_size(folder: Path, total: int, corpus: str | None, workers: int) -> None:
    if not (folder / "planted").exists():
        write(folder / "planted", total, sentences_of(corpus) if corpus else own_sentences())
    command = [sys.executable, "-m", "benchmarks.scale", "--child", str(folder)]
    command += ["--workers", str(workers)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    told = json.loads(done.stdout)
    print(f"## {total:,} texts, {told['bytes'] / 1e6:,.0f} MB, {workers} workers\n")
    rows = [
        (
            name,
            f"{spent:.1f}",
            f"{told['cpu'].get(name, 0):.1f}",
            f"{1e6 * told['cpu'].get(name, 0) / total:.1f}",
            f"{told['driver'].get(name, 0) / 1e6:.0f}",
            f"{told['workers'].get(name, 0) / 1e6:.0f}",
        )
        for name, spent in told["seconds"].items()
    ]
    table(
        ("stage", "seconds", "of CPU", "µs of CPU a text", "driver MB", "largest worker MB"), rows
    )
    out = folder / "out" / "stages"
    kept = [(path.name, list(path.rglob("*"))) for path in sorted(out.iterdir()) if path.is_dir()]
    table(
        ("stage", "files", "MB", "bytes a text"),
        [
            (name, len(files), f"{size / 1e6:.1f}", f"{size / total:.0f}")
            for name, files in kept
            for size in [sum(path.stat().st_size for path in files)]
        ],
    )
    _truth(folder)


class Watch:
    """Listens to a run: what stage it is in, and how much memory is held in each."""

    def __init__(self) -> None:
        self.now = "plan"
        self.driver: defaultdict[str, int] = defaultdict(int)
        self.workers: defaultdict[str, int] = defaultdict(int)
        self.cpu: defaultdict[str, float] = defaultdict(float)
        self._used: dict[str, float] = {}
        threading.Thread(target=self._look, daemon=True).start()

    def stage(self, name: str, total: int | None = None, unit: str = "shards") -> None:
        """Another stage has begun."""
        del total, unit
        self.now = name

    def advance(self, n_items: int, n_bytes: int = 0, n_texts: int = 0, n_passed: int = 0) -> None:
        """Nothing."""

    def done(self) -> None:
        """What comes after a stage without a name of its own is judging."""
        if self.now == "group":
            self.now = "judge"

    def _look(self) -> None:
        while True:
            own = Path("/proc/self")
            self.driver[self.now] = max(self.driver[self.now], _anonymous(own))
            self._charge("self")
            for children in own.glob("task/*/children"):
                with suppress(OSError):
                    for child in children.read_text().split():
                        size = _anonymous(Path("/proc") / child)
                        self.workers[self.now] = max(self.workers[self.now], size)
                        self._charge(child)
            time.sleep(EVERY)

    def _charge(self, process: str) -> None:
        """Charge the stage with the processor time that a process has used since the last look."""
        with suppress(OSError):
            fields = (Path("/proc") / process / "stat").read_text().rpartition(")")[2].split()
            used = sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
            self.cpu[self.now] += used - self._used.get(process, 0.0)
            self._used[process] = used


def _anonymous(process: Path) -> int:
    """Bytes that a process holds for itself."""
    with suppress(OSError):
        for line in (process / "status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0


def _child(folder: Path, workers: int) -> None:
    """Run in a process of its own, so that each size starts from nothing."""
    from seimai.pipeline.engine.run import run
    from seimai.pipeline.recipe import load_recipe

    path = folder / "scale.yaml"
    path.write_text(RECIPE.replace("planted/", f"{folder.resolve()}/planted/"), "utf-8")
    recipe = load_recipe(path, signals=None, cleaners=None)
    watch = Watch()
    begin = time.perf_counter()
    record: Any = run(recipe, folder / "out", workers=workers, progress=watch, accept=True)
    spent = time.perf_counter() - begin
    told = {
        "bytes": record["bytes"]["read"],
        "seconds": {**record["timings"], "all": spent},
        "cpu": {**watch.cpu, "all": sum(watch.cpu.values())},
        "driver": {**watch.driver, "all": max(watch.driver.values())},
        "workers": {**watch.workers, "all": max(watch.workers.values(), default=0)},
    }
    print(json.dumps(told))


def _truth(folder: Path) -> None:
    """What became of the planted texts, kind by kind."""
    read: Counter[str] = Counter()
    families: defaultdict[str, set[str]] = defaultdict(set)
    for path in sorted((folder / "planted").glob("*.parquet")):
        for name in pq.read_table(path, columns=["family"])["family"].to_pylist():
            kind = name.partition("-")[0]
            read[kind] += 1
            families["family" if kind == "copy" else kind].add(name.rpartition("-")[2])
    kept: Counter[str] = Counter()
    for path in sorted((folder / "out/release/data").glob("*.parquet")):
        kept.update(pq.read_table(path, columns=["kind"])["kind"].to_pylist())
    rows = []
    for kind in KINDS:
        expected = len(families[kind]) if kind != "copy" else 0
        rows.append((kind, f"{read[kind]:,}", f"{expected:,}", f"{kept[kind]:,}"))
    table(("planted", "texts", "families", "kept"), rows)


if __name__ == "__main__":
    main()
