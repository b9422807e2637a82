"""
The long run: `python -m tests.fuzz [TARGET …] --count 20000 --corpus DIR --keep DIR`.

Each target runs in a process of its own with bounded memory and a clock for every input, so that
a crash, a hang and a leak are told like a wrong result. What fails is kept.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.fuzz.seeds import TARGETS, collected
from tests.fuzz.target import make, put_to_the_test

SECONDS = 20
"""For one input of a few kilobytes; reading it takes milliseconds."""
MEMORY = 8 << 30
"""Address space of the process: no input may need as much."""
PATIENCE = 20
"""After this many failures of a target its run ends."""


def main() -> int:
    """Run the targets one after the other; a line of JSON for each."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    asked.add_argument("--count", type=int, default=20_000, help="inputs for each target")
    asked.add_argument("--first", type=int, default=0, help="the number of the first input")
    asked.add_argument("--corpus", type=Path, help="a folder of real files to change as well")
    asked.add_argument("--keep", type=Path, default=Path("out/fuzz"), help="where failures go")
    asked.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    said = asked.parse_args()
    said.keep.mkdir(parents=True, exist_ok=True)
    if said.here:
        _run(said.targets[0], said.first, said.first + said.count, said.corpus, said.keep)
        return 0
    failed = False
    for target in said.targets or TARGETS:
        result = _overseen(target, said.first, said.count, said.corpus, said.keep)
        failed = failed or bool(result["failures"])
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()
    return int(failed)


def _overseen(target: str, first: int, count: int, corpus: Path | None, keep: Path) -> dict:
    """A target in processes of its own: one that dies costs the input it died of."""
    total: Counter[str] = Counter()
    failures: list[str] = []
    longest, memory = (0.0, -1), (0, -1)
    at, end = first, first + count
    while at < end and len(failures) < PATIENCE:
        command = [sys.executable, "-m", "tests.fuzz", target, "--here", "--keep", str(keep)]
        command += ["--first", str(at), "--count", str(end - at)]
        command += ["--corpus", str(corpus)] if corpus else []
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        for line in lines:
            total.update(line["counts"])
            failures += line["failures"]
            longest = max(longest, tuple(line["longest"]))
            memory = max(memory, tuple(line["memory"]))
        at = lines[-1]["next"] if lines else at
        if done.returncode:
            at = int((keep / f"{target}.now").read_text("ascii")) + 1
            (keep / f"{target}-{at - 1}.txt").write_text(done.stderr, "utf-8")
            said = done.stderr.strip().splitlines()[:1] or [""]
            failures.append(f"{at - 1}: the process ended ({done.returncode}): {said[0]}")
    return {
        "target": target,
        "inputs": at - first,
        **{name: total[name] for name in ("documents", "quarantined", "skipped", "none")},
        "longest_ms": round(longest[0] * 1000),
        "longest_input": longest[1],
        "memory_mib": memory[0] >> 10,
        "memory_input": memory[1],
        "failures": failures,
    }


def _run(target: str, first: int, end: int, corpus: Path | None, keep: Path) -> None:
    """A target in this process; a line of JSON for every thousand inputs."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    real = collected(corpus) if corpus else {}
    own = real.get(target, [])
    if target in {"auto", "decode"}:
        own = [one for some in real.values() for one in some]
    if target == "decode":
        own = [one for one in own if one[0] in {"text", "html", "xml", "markdown", "man"}]
    now = keep / f"{target}.now"
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{target}-"))
    counts: Counter[str] = Counter()
    failures: list[str] = []
    longest, memory = (0.0, -1), (0, -1)
    for number in range(first, end):
        if number == first:
            _attempt(target, number, folder, own)  # What is imported takes time once.
        now.write_text(str(number), "ascii")
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        begun = time.process_time()
        try:
            found, _ = put_to_the_test(target, number, folder, own)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            failures.append(f"{number}: {type(error).__name__}: {error}"[:300])
            _keep(keep, target, number, own)
        else:
            counts["documents"] += found["document"] + found["documents"]
            counts["quarantined"] += found["quarantined"]
            counts["skipped"] += found["skipped"]
            counts["none"] += not found
        longest = max(longest, (time.process_time() - begun, number))
        memory = max(memory, (_peak(), -number))
        faulthandler.cancel_dump_traceback_later()
        if (number + 1) % 1000 == 0 or number + 1 == end or len(failures) >= PATIENCE:
            state = {"counts": counts, "failures": failures, "longest": longest}
            state |= {"memory": (memory[0], -memory[1]), "next": number + 1}
            sys.stdout.write(json.dumps(state) + "\n")
            sys.stdout.flush()
            counts, failures = Counter(), []
            shutil.rmtree(folder)
            folder.mkdir()
    shutil.rmtree(folder)


def _attempt(target: str, number: int, folder: Path, own: list[tuple[str, str, bytes]]) -> None:
    try:
        put_to_the_test(target, number, folder, own)
    except Exception:  # noqa: BLE001 - it is told when it is counted
        return


def _keep(keep: Path, target: str, number: int, own: list[tuple[str, str, bytes]]) -> None:
    """Write down an input that failed, and how."""
    reader, name, data = make(target, number, own)
    (keep / f"{target}-{number}-{reader}-{name}").write_bytes(data)
    (keep / f"{target}-{number}.txt").write_text(traceback.format_exc(), "utf-8")


def _peak() -> int:
    """The most memory this process has held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    sys.exit(main())
