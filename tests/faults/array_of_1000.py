"""
An array of 1,000 elements of which a fifth is killed, against the same run in one process.

`python -m tests.faults.array_of_1000 FOLDER --elements 1000` writes both runs into a folder and
prints what happened. The batch system is the stand-in of the tests, the elements are forks (see
`forked_elements.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from seimai.pipeline.engine.planning import plan
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.engine.workers.array_jobs.driver import array_jobs
from seimai.pipeline.engine.workers.array_jobs.site import Site
from tests.conftest import BATCH_COMMANDS, STAND_IN, prose, recipe_of, release_digests

KILLED = 0.2
"""Share of the elements of the first array that are killed."""

ROOT = Path(__file__).parents[2]


def stand_in(folder: Path, settings: dict[str, object]) -> Path:
    """Put the commands of a computing centre into a folder, and that before the path."""
    (folder / "state").mkdir(parents=True)
    script = folder / "batch_system.py"
    script.write_text(
        f"#!{sys.executable}\n" + (Path(__file__).parents[1] / STAND_IN).read_text("utf-8"), "utf-8"
    )
    script.chmod(0o755)
    for name in BATCH_COMMANDS:
        (folder / name).symlink_to(script)
    (folder / "state/settings.json").write_text(json.dumps(settings))
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return folder / "state"


def try_array(folder: Path, elements: int, at_once: int = 4) -> dict[str, object]:
    """Run a corpus of as many files as there are elements both ways; what came of it."""
    plan.SMALL_BYTES = 1  # every file is a split, and every split a batch
    for k in range(elements):
        path = folder / f"in/{k:05}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"id": f"{k}", "text": prose(k % (elements - elements // 8))}))
    recipe = recipe_of(folder / "in", limits={"text.length_count": {"min": 5}})
    state = stand_in(
        folder / "center", {"kill": KILLED, "after": 0.1, "at_once": at_once, "forked": str(ROOT)}
    )
    begun = time.monotonic()
    site = Site(poll_seconds=0.5, elements=elements)
    result = run(recipe, folder / "out", workers=elements, open_executor=array_jobs("slurm", site))
    seconds = time.monotonic() - begun
    run(recipe, folder / "alone", open_executor=in_process_executor)
    jobs = [json.loads(path.read_text()) for path in sorted(state.glob("job-*/job.json"))]
    return {
        "elements": [job["last"] or 1 for job in jobs],
        "killed": sum(int(path.read_text()) for path in state.glob("job-*/killed")),
        "read": result["counts"]["read"],
        "kept": result["counts"]["kept"],
        "seconds": round(seconds),
        "same": release_digests(folder / "alone") == release_digests(folder / "out"),
    }


def main() -> int:
    """Print what came of an array as JSON; 1 where the bytes are others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--elements", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=4)
    asked = parser.parse_args()
    found = try_array(asked.folder, asked.elements, asked.at_once)
    sys.stdout.write(f"{json.dumps(found)}\n")
    return 0 if found["same"] else 1


if __name__ == "__main__":
    sys.exit(main())
