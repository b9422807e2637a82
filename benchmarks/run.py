"""
Measure Seimai against what it is made of, and print ratios.

Everything is timed in one go on one machine; a figure alone means little, so each row names what
it is compared with and the target.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.formats import formats
from benchmarks.measuring import peer

ROOT = Path(__file__).parents[1]
RECIPE = ROOT / "configs" / "web.yaml"
SIGNATURE_TEXTS = 400
"""datasketch and rensa are slow: they get this many texts."""
PEERS = (
    ("hojichar", 72, "--no-mecab", ">= 4 x"),
    ("datatrove", 12.7, "--no-words", ">= 30 x"),
)
"""A tool, MB of JSON lines for it and us, the flag of its job without words, the target."""


def main() -> None:
    """Run the parts that were asked for and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", help="folder with JSONL files; default: the shipped sample")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peers", help="folder with hojichar_job.py and datatrove_job.py")
    parser.add_argument("--peers-python", default=str(ROOT / ".venv-bench" / "bin" / "python"))
    options = parser.parse_args()
    _compile()
    sources = _sources(options.corpus)
    with tempfile.TemporaryDirectory(prefix="seimai-bench-") as folder:
        work = Path(folder)
        print(f"# {sum(1 for _ in sources)} sources, {options.workers} workers\n")
        print(f"{'what':58} {'measured':>12} {'target':>10}")
        _whole_runs(sources, work, options.workers)
        _parts(work / "out")
        print()
        formats(options.corpus)
        if options.peers:
            _peers(work, Path(options.peers), options.peers_python)


def _compile() -> None:
    """
    Compile our own modules, as an installation does.

    Where Python may not write bytecode, and after every change of a file, each process would
    compile three hundred modules: half a second that no user waits for.
    """
    for name in ("seimai", "pipeline", "filters", "flows", "configs"):
        compileall.compile_dir(ROOT / name, quiet=1)


def row(what: str, measured: str, target: str = "") -> None:
    """One line of the table."""
    print(f"{what:58} {measured:>12} {target:>10}", flush=True)


def _sources(corpus: str | None) -> list[str]:
    if corpus is None:
        return [str(ROOT / "configs" / "sample")]
    # Lists of known duplicates lie beside corpora; they are not texts.
    files = sorted(p for p in Path(corpus).glob("*.jsonl*") if "known" not in p.name)
    return [str(path) for path in files]


def _run(
    sources: list[str], out: Path, workers: int, recipe: Path = RECIPE
) -> tuple[float, dict[str, Any]]:
    """Wall-clock seconds of a whole `seimai run`, start of Python included, and its run.json."""
    command = [sys.executable, "-m", "seimai.pipeline.cli", "run", str(recipe), "--out", str(out)]
    command += ["--workers", str(workers), "--quiet"]
    for source in sources:
        command += ["--source", source]
    begin = time.perf_counter()
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begin
    if done.returncode > 1:
        sys.exit(f"the run failed with status {done.returncode}")
    return seconds, json.loads((out / "release" / "run.json").read_text("utf-8"))


def _whole_runs(sources: list[str], work: Path, workers: int) -> None:
    out = work / "out"
    seconds, run = _run(sources, out, workers)
    megabytes = run["bytes"]["read"] / 1e6
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    row(f"whole run, {megabytes:.0f} MB of text, {workers} workers", f"{seconds:.1f} s")
    for stage, spent in run["timings"].items():
        row(f"  {stage}", f"{spent:.1f} s")
    chosen, everything = _bare_files(out, work)
    bare = _bare(workers, chosen)
    row(f"bare wakati on the {bare['MB']:.0f} MB that were tokenized", f"{bare['seconds']:.1f} s")
    row("  whole run / bare MeCab on those", f"{seconds / bare['seconds']:.2f}", "<= 1.6")
    bare_all = _bare(workers, everything)
    row("bare wakati on all raw text / whole run", f"{bare_all['seconds'] / seconds:.2f}", ">= 1.2")
    row("peak memory of one process", f"{peak:.0f} MB", "<= 1500")
    _rejudge(sources, out, workers, seconds, work)
    alone, _ = _run(sources, work / "alone", 1)
    again, _ = _run(sources, work / "again", workers)
    row(f"{workers} workers against one", f"{alone / again:.2f}", ">= 1.8")
    shutil.rmtree(work / "alone")
    shutil.rmtree(work / "again")


def _rejudge(sources: list[str], out: Path, workers: int, first: float, work: Path) -> None:
    changed = work / "changed.yaml"
    text, found = re.subn(
        r"(text\.top_2gram_share: +{max: 0\.2)", r"\g<1>1", RECIPE.read_text("utf-8"), count=1
    )
    if not found:
        sys.exit("configs/web.yaml has no limit of this name any more: nothing was changed")
    changed.write_text(text, "utf-8")
    seconds, _ = _run(sources, out, workers, changed)
    row("run again with a changed limit / first run", f"{seconds / first:.3f}", "<= 0.02")
    seconds, _ = _run(sources, out, workers, changed)
    row("run again with nothing changed / first run", f"{seconds / first:.3f}", "<= 0.01")


def _bare_files(out: Path, work: Path) -> tuple[list[str], list[str]]:
    """Parquet files of the texts that were tokenized, and of all texts."""
    folder = work / "bare"
    folder.mkdir()
    chosen, everything = [], []
    for path in sorted((out / "stages" / "text").glob("*.parquet")):
        table = pq.read_table(path, columns=["text"])
        words = out / "stages" / "words" / path.name
        flags = (
            pq.read_table(words, columns=["measured"])["measured"]
            if words.exists()
            else pa.array(np.zeros(len(table), bool))
        )
        pq.write_table(table.append_column("chosen", flags), folder / path.name)
        chosen.append(str(folder / path.name))
        everything.append(str(path))
    return chosen, everything


def _bare(processes: int, files: list[str]) -> dict[str, float]:
    command = [sys.executable, str(ROOT / "benchmarks" / "bare.py"), str(processes), *files]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


# --- parts, in this process ----------------------------------------------------------------


def _parts(out: Path) -> None:
    """Stage by stage on some shards, one process, everything warm."""
    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe import load_recipe
    from seimai.pipeline.signal import chosen
    from seimai.pipeline.text import Texts

    job = Job(load_recipe(RECIPE, signals=None, cleaners=None), out)
    columns = [
        pq.read_table(path, columns=["text"])["text"].combine_chunks().cast(pa.large_string())
        for path in sorted((out / "stages" / "text").glob("*-*.parquet"))[:4]
    ]
    size = sum(pc.sum(pc.binary_length(column)).as_py() for column in columns) / 1e6

    def rate(what: str, work: Callable[[Any], object]) -> float:
        for column in columns[:1]:
            work(column)
        begin = time.process_time()
        for column in columns:
            work(column)
        speed = size / (time.process_time() - begin)
        row(f"  {what}, one core", f"{speed:.1f} MB/s")
        return float(speed)

    from seimai.pipeline.stages.clean import clean_texts
    from seimai.pipeline.stages.measure import measure
    from seimai.pipeline.stages.sketch import sketch
    from seimai.pipeline.stages.tokenize import tokenize

    ids = pa.chunked_array([pa.array([""] * max(len(column) for column in columns))])
    cleaning = rate("clean", lambda column: clean_texts(column, job.cleaners))
    signals = chosen(job.signals, "characters")
    measuring = rate(
        f"measure ({len(signals)} signals)", lambda column: measure(Texts(column), signals, ids)
    )
    settings = job.recipe.dedup
    if settings is None:
        sys.exit("configs/web.yaml has no dedup")
    sketching = rate("sketch", lambda column: sketch(Texts(column), settings))
    together = 1 / (1 / cleaning + 1 / measuring + 1 / sketching)
    row("clean, measure, sketch together, one core", f"{together:.1f} MB/s", ">= 20 MB/s")
    import fugashi

    tagger = fugashi.Tagger("-Owakati")
    ours = rate("tokenize, whole texts", lambda column: tokenize(Texts(column)))
    bare = rate("bare wakati", lambda column: [tagger.parse(text) for text in column.to_pylist()])
    row("tokenize / bare wakati of the same texts", f"{ours / bare:.2f}", ">= 0.85")
    _signatures(columns, settings)


def _signatures(columns: list[Any], settings: Any) -> None:
    from datasketch import MinHash

    from seimai.pipeline.stages.sketch import sketch
    from seimai.pipeline.text import Texts

    texts = columns[0].to_pylist()[:SIGNATURE_TEXTS]
    values = settings.rows * settings.bands
    n = settings.n

    def shingles(text: str) -> set[str]:
        return {text[k : k + n] for k in range(len(text) - n + 1)}

    def seconds(work: Callable[[], object]) -> float:
        work()
        begin = time.process_time()
        work()
        return time.process_time() - begin

    ours = seconds(lambda: sketch(Texts.of(*texts), settings))
    theirs = seconds(
        lambda: MinHash.bulk(
            [[shingle.encode() for shingle in shingles(text)] for text in texts], num_perm=values
        )
    )
    row(
        "signatures against datasketch bulk, shingling included",
        f"{theirs / ours:.0f} x",
        ">= 60 x",
    )
    rensa = peer("rensa")
    if rensa is None:
        return

    def with_rensa() -> None:
        for text in texts:
            sketcher = rensa.RMinHash(num_perm=values, seed=1)
            sketcher.update(list(shingles(text)))
            sketcher.digest()

    row(
        "signatures against rensa, shingling included",
        f"{seconds(with_rensa) / ours:.1f} x",
        ">= 9 x",
    )


# --- other tools ---------------------------------------------------------------------------


def _peers(work: Path, peers: Path, python: str) -> None:
    """HojiChar and DataTrove on some of the same texts, one process each."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    for name, most, plainer, target in PEERS:
        folder = work / name
        folder.mkdir()
        path = folder / "texts.jsonl"
        _some_texts(work / "out", path, most)
        ours, run = _run([str(path)], work / f"{name}-out", 1)
        size = run["bytes"]["read"] / 1e6
        row(f"seimai run, {size:.1f} MB, one process", f"{size / ours:.2f} MB/s")
        # HojiChar takes the file and DataTrove the folder.
        source = path if name == "hojichar" else folder
        for flags in ([], [plainer]):
            command = [python, str(peers / f"{name}_job.py"), str(source)]
            command += [str(work / f"{name}-theirs"), *flags]
            done = subprocess.run(
                command, check=False, capture_output=True, text=True, env=environment
            )
            lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
            if not lines:
                row(f"{name} {' '.join(flags)}", "failed", target)
                continue
            speed = json.loads(lines[-1])["MB_per_s"]
            row(
                f"against {name} {' '.join(flags)} ({speed:.2f} MB/s)",
                f"{size / ours / speed:.1f} x",
                target if not flags else "",
            )


def _some_texts(out: Path, path: Path, most: float) -> None:
    """Write texts of every shard of a run, `most` MB of JSON lines at most, evenly drawn."""
    shards = sorted((out / "stages" / "text").glob("*-*.parquet"))
    share = most * 1e6 / len(shards)
    with path.open("w", encoding="utf-8") as file:
        for shard in shards:
            written = 0
            for record in pq.read_table(shard, columns=["id", "text"]).to_pylist():
                line = json.dumps(record, ensure_ascii=False) + "\n"
                written += len(line.encode())
                if written > share:
                    break
                file.write(line)


if __name__ == "__main__":
    main()
