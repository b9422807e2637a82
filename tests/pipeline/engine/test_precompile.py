"""Kernels are compiled once on a machine, before the work, and it is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("count", [1, 2, 4, 99])
def test_no_kernel_is_compiled_by_two_processes(count):
    """Every module is in one lot, together with all from which it imports."""
    lots = precompile.deal(count)
    lot_of = {name: k for k, lot in enumerate(lots) for name in lot}
    home = Path(precompile.__file__).parents[1] / "kernels"
    imported = [
        (path.stem, other)
        for path in home.glob("[a-z]*.py")
        for other in re.findall(r"from seimai\.pipeline\.kernels\.(\w+) import", path.read_text())
    ]

    assert sorted(path.stem for path in home.glob("[a-z]*.py")) == sorted(lot_of)
    assert imported
    assert all(lot_of[one] == lot_of[other] for one, other in imported)
    assert count >= len(lots)
    assert len(lot_of) == sum(map(len, lots))
    assert all(lots)


def test_what_a_child_failed_to_compile_is_compiled_here(monkeypatch):
    """Children get all lots but the first, and in the end everything is loaded in this process."""
    begun, loaded = [], []

    class Child:
        """A process that compiles nothing."""

        def __init__(self, command):
            begun.append(command[3:])

        def wait(self):
            """It has ended."""

    monkeypatch.setattr(precompile, "processors", lambda: 2)
    monkeypatch.setattr(precompile.subprocess, "Popen", Child)
    monkeypatch.setattr(precompile, "_compile", loaded.extend)
    monkeypatch.setattr(precompile, "_keep_tables", lambda: None)
    precompile.main()
    mine, theirs = precompile.deal(2)

    assert [theirs] == begun
    assert [*mine, *theirs] == loaded

    precompile.main(["sums"])

    assert [theirs] == begun
    assert "sums" == loaded[-1]
