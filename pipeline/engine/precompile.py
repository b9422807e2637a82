"""
Compile every kernel into numba's cache: `python -m seimai.pipeline.engine.precompile`.

Tables that take longer to make than to read (see `kept_tables.py`) are made on the way.

`make setup` calls it, so that the first run and every worker find compiled kernels. Where the
package came as a wheel nobody has, and the first run does it before anything else: it says so, and
no worker compiles what another one is compiling.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seimai.pipeline.engine.progress import Progress

_COMPILED = "cache=True"
"""What the source of a module with kernels holds."""


def main() -> None:
    """Load all kernels of all modules; with their explicit signatures that compiles them."""
    from seimai.pipeline import kernels

    for module in pkgutil.iter_modules(kernels.__path__):
        kernels.load_all(importlib.import_module(f"{kernels.__name__}.{module.name}"))
    _keep_tables()


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
    subprocess.run([sys.executable, "-m", __name__], check=False, capture_output=True)
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
    main()
