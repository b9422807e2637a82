"""What the benchmarks share: clocks, Markdown tables, and the tools we compare with."""

from __future__ import annotations

import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ROOT = Path(__file__).parents[1]
ROUNDS = 3
"""Each thing is timed so often, all in turn, and the best time counts: machines are noisy."""


def seconds(works: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Seconds of processor time that each piece of work takes at best; the pieces take turns."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            begin = time.process_time()
            work()
            best[name] = min(best[name], time.process_time() - begin)
    return best


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a Markdown table as a README would have it; text to the left, figures to the right."""
    names = list(header)
    print("| " + " | ".join(names) + " |")
    print("|" + "|".join(["---", *["---:"] * (len(names) - 1)]) + "|")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
    print()


def percent(part: float) -> str:
    """A share as a README would have it."""
    return f"{part:.2%}".replace("%", " %")


def peer(name: str) -> Any:
    """
    A package that only benchmarks need, from here or from .venv-bench; None where it is in neither.

    .venv-bench comes last in the search, so that what both have is ours.
    """
    for folder in (ROOT / ".venv-bench").glob("lib/python*/site-packages"):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    try:
        return import_module(name)
    except ImportError:
        print(f"({name} is not installed: `make bench-setup`)")
        return None


def folder_of_raw(corpus: str | None, name: str) -> Path | None:
    """`CORPUS/raw/NAME`, or None with a word about it."""
    folder = Path(corpus) / "raw" / name if corpus else None
    if folder and folder.is_dir():
        return folder
    print(f"(there is no raw/{name} in CORPUS: this part is left out)")
    return None
