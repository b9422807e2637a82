"""
Compile every kernel into numba's cache: `python -m seimai.pipeline.engine.precompile`.

Tables that take longer to make than to read (see `kept_tables.py`) are made on the way.

`make setup` calls it, so that the first run and every worker find compiled kernels. Where the
package came as a wheel nobody has, and the first run does it before anything else: it says so, and
no worker compiles what another one is compiling.

Several processes compile side by side. Numba's cache is not made for two that compile the same
kernel, so modules whose kernels call each other are compiled by one.
"""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.machine import processors

if TYPE_CHECKING:
    from seimai.pipeline.engine.progress import Progress

_MODULE = "seimai.pipeline.engine.precompile"

_KERNELS = "seimai.pipeline.kernels"

_COMPILED = "cache=True"
"""Only modules whose source holds this have kernels to compile."""

MOST_PROCESSES = 4
"""Each takes some hundred megabytes, and the largest modules that belong together set the pace."""


def main(names: Sequence[str] = ()) -> None:
    """Compile the kernels of the modules `names`; without names all of them, and keep tables."""
    if names:
        _compile(names)
        return
    mine, *others = deal(min(processors(), MOST_PROCESSES))
    children = [subprocess.Popen([sys.executable, "-m", _MODULE, *lot]) for lot in others]
    _compile(mine)
    for child in children:
        child.wait()
    # What another process has compiled is only loaded; where it failed, it is told here.
    for lot in others:
        _compile(lot)
    _keep_tables()


def _compile(names: Iterable[str]) -> None:
    """Load all kernels of some modules; with their explicit signatures that compiles them."""
    from seimai.pipeline import kernels

    for name in names:
        kernels.load_all(importlib.import_module(f"{_KERNELS}.{name}"))


def deal(count: int) -> list[list[str]]:
    """
    The names of all modules of kernels in `count` lots of about the same length, or fewer.

    Modules that import each other are in one lot.
    """
    sources = {path.stem: path for path in sorted(_home().glob("[a-z]*.py"))}
    together = {name: {name} for name in sources}
    for name, path in sources.items():
        for other in _imported(path) & sources.keys():
            joined = together[name] | together[other]
            together.update(dict.fromkeys(joined, joined))
    families = {min(family): sorted(family) for family in together.values()}
    size = {
        first: sum(sources[name].stat().st_size for name in family)
        for first, family in families.items()
    }
    lots: list[list[str]] = [[] for _ in range(min(count, len(families)))]
    length = [0] * len(lots)
    for first in sorted(families, key=lambda name: (-size[name], name)):
        shortest = length.index(min(length))
        lots[shortest] += families[first]
        length[shortest] += size[first]
    return lots


def _imported(path: Path) -> set[str]:
    """The modules of kernels that a module of kernels imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_KERNELS):
            inner = (node.module or "").removeprefix(_KERNELS).strip(".")
            found |= {inner} if inner else {alias.name for alias in node.names}
    return found


def _keep_tables() -> None:
    """Make the tables of cleaners, signals and the hash view, by using each once."""
    import pyarrow as pa

    from seimai.pipeline import cleaner, signal
    from seimai.pipeline.stages.clean import clean_texts
    from seimai.pipeline.text import Texts
    from seimai.pipeline.text.hashview import hash_view

    text = "米を研ぐ。"
    clean_texts(pa.array([text], pa.large_string()), tuple(cleaner.known_cleaners().values()))
    for one in signal.chosen(signal.load(), "characters"):
        one(Texts.of(text))
    hash_view(Texts.of(text))


def compile_cold(show: Progress) -> None:
    """
    Compile the kernels in a process of their own, where none have been compiled on this machine.

    A compiler keeps some hundred megabytes that a run has no use for. What fails here is told by
    the work that needs a kernel.
    """
    if not is_cold():
        return
    show.stage("compile", 1)
    subprocess.run([sys.executable, "-m", _MODULE], check=False, capture_output=True)
    show.done()


def is_cold() -> bool:
    """
    Whether compiled kernels could be kept on this machine, and those of some module are missing.

    Only names are looked at: numba itself compares times, and compiles again what has changed.
    """
    folder = cache_folder()
    if not _writable(folder):
        return False
    kept = {path.name.partition(".")[0] for path in folder.rglob("*.nbi")}
    return any(
        source.stem not in kept and _COMPILED in source.read_text("utf-8")
        for source in _home().glob("[a-z]*.py")
    )


def cache_folder() -> Path:
    """Where compiled kernels are kept: beside their source, or where NUMBA_CACHE_DIR says."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    return Path(chosen) if chosen else _home() / "__pycache__"


def _home() -> Path:
    """The folder of the kernels, found without importing them."""
    return Path(__file__).parents[1] / "kernels"


def _writable(folder: Path) -> bool:
    parent = next((one for one in (folder, *folder.parents) if one.is_dir()), None)
    return parent is not None and os.access(parent, os.W_OK)


if __name__ == "__main__":
    main(sys.argv[1:])
