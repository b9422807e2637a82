"""Kernels are compiled once on a machine, before the work, and it is said."""

from __future__ import annotations

from pathlib import Path

from seimai.filters import footers
from seimai.pipeline import kept_tables
from seimai.pipeline.engine import precompile
from seimai.pipeline.text import hashview


class _Listener:
    """Remembers the stages it hears of."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    def stage(self, name, *_rest):
        self.stages.append(name)

    def advance(self, *_counts):
        raise AssertionError("there is nothing to count")

    def done(self):
        self.stages.append("done")


def test_a_cold_machine_compiles_first(tmp_path, monkeypatch):
    """Where no kernel is compiled a process of its own does it, and the stage is named."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    calls: list[list[str]] = []

    def run(command, **_rest):
        calls.append(command[1:])
        kernels = Path(precompile.__file__).parents[1] / "kernels"
        (tmp_path / "cache").mkdir()
        for source in kernels.glob("*.py"):
            (tmp_path / "cache" / f"{source.stem}.f-1.py311.nbi").touch()

    monkeypatch.setattr(precompile.subprocess, "run", run)
    show = _Listener()
    precompile.compile_cold(show)

    assert [["-m", "seimai.pipeline.engine.precompile"]] == calls
    assert ["compile", "done"] == show.stages

    precompile.compile_cold(show)

    assert 1 == len(calls)


def test_some_kernels_are_not_all(tmp_path, monkeypatch):
    """A compilation that was ended half way is taken up again."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    (tmp_path / "page.tags-1.py311.nbi").touch()

    assert precompile.is_cold()


def test_where_nothing_can_be_kept_nothing_is_compiled_ahead(tmp_path, monkeypatch):
    """A folder that cannot be written would be cold for ever."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(precompile.os, "access", lambda *_: False)

    assert not precompile.is_cold()


def test_tables_are_kept_ahead(tmp_path, monkeypatch):
    """What every process of a run reads is there before the first one begins."""
    monkeypatch.setattr(kept_tables, "_folder", lambda: tmp_path)
    hashview.fold_table.cache_clear()
    footers._edges.cache_clear()  # noqa: SLF001 - made in another test of this process
    precompile._keep_tables()  # noqa: SLF001 - compiling as well would take minutes

    assert {"folds", "footer"} <= {path.name.partition("-")[0] for path in tmp_path.iterdir()}
