"""
Signals: named pure functions from a batch of texts to one number per text, and their registry.

A module that is imported registers its signals by decorating them. Ours and everybody's plugins
arrive the same way: through the entry-point group `seimai.filters`, or a file named with
`--filters`. The shape is that of pandera's built-in checks.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import linecache
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline.errors import Place, Problem
from seimai.pipeline.names import nearest
from seimai.pipeline.text import Texts

Needs = Literal["characters", "tokens", "run"]
"""What is measured: the text itself, its words, or what it has in common with the whole run."""
Numbers: TypeAlias = NDArray[Any]
"""
What a signal gives: one number per text, of any numeric type; nan where nothing can be measured.
"""
Measure = Callable[[Texts], Numbers]


@dataclass(frozen=True)
class Signal:
    """One registered signal. Its name is `family.thing_unit`."""

    name: str
    measure: Measure
    between: tuple[float, float]
    """Smallest and largest possible value (NaN aside)."""
    needs: Needs
    version: int
    where: Callable[[str], list[tuple[int, int]]] | None = None
    """Spans of one text that made the number; asked only by `explain` and the report."""
    explain: Callable[[str], list[tuple[str, float]]] | None = None
    """What made the number of one text, as labels with what each added; asked by `explain`."""
    digest: str = ""
    """Digest of the file that the numbers come from, where a user names one (`models`): with
    another file they are made again."""

    @property
    def family(self) -> str:
        """The part of the name before the dot."""
        return self.name.partition(".")[0]

    @property
    def fingerprint(self) -> int | str:
        """What decides its numbers besides the text: the version, with the digest of its file."""
        return f"{self.version} {self.digest}" if self.digest else self.version

    @property
    def doc(self) -> str:
        """The docstring of the function: what the number is and why it tells good from bad."""
        return inspect.cleandoc(self.measure.__doc__ or "")

    @property
    def file(self) -> Path:
        """The module that the function stands in."""
        return Path(inspect.unwrap(self.measure).__code__.co_filename)

    @property
    def place(self) -> str:
        """`file:line` of the function."""
        line = inspect.unwrap(self.measure).__code__.co_firstlineno
        return f"{self.file.parent.name}/{self.file.name}:{line}"

    def __call__(self, texts: Texts) -> NDArray[np.float32]:
        """One number per text; a wrong count is a `Problem`, never a silent shift of rows."""
        numbers = np.asarray(self.measure(texts), np.float32)
        if numbers.shape != (len(texts),):
            raise Problem("S003", signal=self.name, got=numbers.size, want=len(texts))
        return numbers


UNITS = ("share", "count", "mean", "max", "score")
"""What a number is, as the last part of a signal's name says."""

_NAME = re.compile(rf"[a-z][a-z0-9_]*\.[a-z0-9_]+_(?:{'|'.join(UNITS)})")

_registry: dict[str, Signal] = {}
_loaded: list[bool] = []
_files: set[Path] = set()
"""Files with signals of users that were loaded already."""


def signal(
    name: str,
    *,
    between: tuple[float, float],
    needs: Needs = "characters",
    version: int = 1,
    where: Callable[[str], list[tuple[int, int]]] | None = None,
    explain: Callable[[str], list[tuple[str, float]]] | None = None,
) -> Callable[[Measure], Measure]:
    """
    Register a function of `Texts` as the signal `name`.

    `version` rises whenever its numbers change, so that stored numbers are made again.
    """

    def register(measure: Measure) -> Measure:
        if not _NAME.fullmatch(name):
            raise Problem("S050", _written(measure), name=name, units=", ".join(UNITS))
        known = _registry.get(name)
        made = Signal(name, measure, between, needs, version, where, explain)
        if known and known.place != made.place:
            raise Problem("S004", name=name, first=known.place, second=made.place)
        _registry[name] = made
        return measure

    return register


def per_text(
    name: str, *, between: tuple[float, float], version: int = 1
) -> Callable[[Callable[[str], float]], Callable[[str], float]]:
    """Register a function of one `str` as a signal: easy to write, and slow."""

    def register(measure: Callable[[str], float]) -> Callable[[str], float]:
        def loop(texts: Texts) -> Numbers:
            return np.fromiter(map(measure, texts.column.to_pylist()), np.float64, len(texts))

        loop.__doc__ = measure.__doc__
        loop.__wrapped__ = measure  # type: ignore[attr-defined]
        signal(name, between=between, version=version)(loop)
        return measure

    return register


def load(files: Iterable[str] = ()) -> dict[str, Signal]:
    """All signals by name: ours, those of plugins, and those of all files loaded so far."""
    if not _loaded:
        for plugin in sorted(entry_points(group="seimai.filters"), key=lambda point: point.value):
            plugin.load()
        _loaded.append(True)
    for file in files:
        _load_file(Path(file))
    return dict(sorted(_registry.items()))


def load_only(files: Iterable[str]) -> dict[str, Signal]:
    """Signals as a new process with these files has them: without those of an earlier job's."""
    files = tuple(files)
    known = load(files)
    others = _files - {Path(file).resolve() for file in files}
    return {name: made for name, made in known.items() if made.file not in others}


def chosen(signals: Mapping[str, Signal], needs: Needs) -> list[Signal]:
    """The signals of one kind, in the order of their names."""
    return [signal for _, signal in sorted(signals.items()) if signal.needs == needs]


def _written(measure: Measure) -> Place:
    """Where a function stands, for the problem that its decorator is."""
    code = inspect.unwrap(measure).__code__
    line = linecache.getline(code.co_filename, code.co_firstlineno).rstrip("\n")
    return Place(code.co_filename, code.co_firstlineno, 1, line or None, max(len(line), 1))


def _load_file(path: Path) -> None:
    """Run a file of a user's, once in a process."""
    if not path.is_file():
        beside = (one.name for one in path.parent.glob("*.py"))
        near = nearest(path.name, beside)
        raise Problem("U091", path=str(path), near=str(path.with_name(near)) if near else None)
    whole = path.resolve()
    _files.add(whole)
    name = "seimai_filters_" + hashlib.sha256(str(whole).encode()).hexdigest()[:12]
    if name in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(name, whole)
    if spec is None or spec.loader is None:
        raise Problem("U003", path=str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Problem:
        del sys.modules[name]
        raise
    except Exception as error:
        del sys.modules[name]
        raise Problem("U004", path=str(path), cause=f"{type(error).__name__}: {error}") from error
