"""
Benchmarks that a recipe names, as signals: `contamination.NAME_count` and its like.

They are defined by the recipe as the signals of its models are; with a limit on one of them a
benchmark is kept out, and everything that holds for limits holds for it.
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import xxhash

from seimai.pipeline.contamination.index import VERSION, Index, bare_view, index_of
from seimai.pipeline.contamination.layouts import Columns, read_items
from seimai.pipeline.errors import Problem
from seimai.pipeline.kernels import seeds as kernels
from seimai.pipeline.signal import Signal
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

FAMILY = "contamination"


class Benchmark(Protocol):
    """What is needed of a benchmark of a recipe."""

    @property
    def name(self) -> str:
        """The part of the names of its signals that is its own."""

    @property
    def files(self) -> tuple[str, ...]:
        """Paths and globs, from the folder of the run."""

    @property
    def layout(self) -> str:
        """How its files are laid out; the names stand in `recipe/admission.py`."""

    @property
    def question(self) -> str | None:
        """The columns, where they are named; also the next four."""

    @property
    def choices(self) -> tuple[str, ...]:
        """One column of lists, or one for each choice."""

    @property
    def answer(self) -> str | None:
        """The column of the answer."""

    @property
    def passage(self) -> str | None:
        """The column of the passage."""

    @property
    def id(self) -> str | None:
        """The column that names the item."""


def files_of(benchmark: Benchmark) -> list[Path]:
    """The files of a benchmark, each once, in order; a `Problem` where a pattern finds none."""
    found: dict[str, Path] = {}
    for pattern in benchmark.files:
        paths = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - absolute patterns
        if not paths:
            raise Problem("C003", path=pattern)
        found |= {path: Path(path) for path in paths if Path(path).is_file()}
    return list(found.values())


def load_index(benchmarks: Sequence[Benchmark]) -> Index:
    """The index of some benchmarks; built once for the same bytes and settings."""
    parts = []
    for one in benchmarks:
        columns = Columns(one.question, one.choices, one.answer, one.passage, one.id)
        parts.append((one.name, one.layout, columns, tuple(map(_read, files_of(one)))))
    digest = xxhash.xxh3_128_hexdigest(
        repr(
            [(name, layout, columns, [xxhash.xxh3_128_hexdigest(data) for _, data in files])
             for name, layout, columns, files in parts]
        ).encode()
    )  # fmt: skip
    return _built(tuple(parts), digest)


_Part = tuple[str, str, Columns, tuple[tuple[str, bytes], ...]]


@lru_cache(maxsize=4)
def _built(parts: tuple[_Part, ...], digest: str) -> Index:
    return index_of(
        {
            name: [item for path, data in files for item in read_items(data, path, layout, columns)]
            for name, layout, columns, files in parts
        },
        digest,
    )


def _read(path: Path) -> tuple[str, bytes]:
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise Problem("U002", path=str(path), cause=error.strerror) from error


def signals_of(benchmarks: Sequence[Benchmark]) -> dict[str, Signal]:
    """The signals that benchmarks define, by name; none where there are none."""
    if not benchmarks:
        return {}
    index = load_index(benchmarks)
    signals = [made for k in range(len(benchmarks)) for made in _signals(index, k)]
    return {one.name: one for one in signals}


_Found = Mapping[str, Any]


def _signals(index: Index, k: int) -> list[Signal]:
    name = index.names[k]
    found = _memory(index)

    def questions(texts: Texts) -> NDArray[Any]:
        """How many items of a benchmark are in a text with their question."""
        return _different(index, k, texts.once(found), len(texts), passages=False)

    def passages(texts: Texts) -> NDArray[Any]:
        """How many items of a benchmark are in a text with a long piece of their passage."""
        return _different(index, k, texts.once(found), len(texts), passages=True)

    def share(texts: Texts) -> NDArray[Any]:
        """Share of the letters and digits of a text that are questions of a benchmark."""
        return _covered(index, k, texts, texts.once(found))

    def where(*, passages: bool) -> Callable[[str], list[tuple[int, int]]]:
        part = "passage" if passages else "question"
        return lambda text: [
            (hit.begin, hit.end)
            for hit in index.find(Texts.of(text))
            if hit.benchmark == k and hit.part == part
        ]

    inf = float("inf")

    def made(
        end: str, measure: Callable[[Texts], NDArray[Any]], high: float, *, passages: bool
    ) -> Signal:
        called = f"{FAMILY}.{name}_{end}"
        look = where(passages=passages)
        return Signal(
            called, measure, (0, high), "characters", VERSION, where=look, digest=index.digest
        )

    return [
        made("count", questions, inf, passages=False),
        made("passage_count", passages, inf, passages=True),
        made("share", share, 1, passages=False),
    ]


@lru_cache(maxsize=8)
def _memory(index: Index) -> Callable[[Texts], NDArray[np.int64]]:
    """One function for an index, so that all of its signals share what a batch remembers."""

    def rows(texts: Texts) -> NDArray[np.int64]:
        return index.rows(texts)

    return rows


def _mine(index: Index, k: int, rows: NDArray[np.int64], *, passages: bool) -> NDArray[np.int64]:
    of = rows[:, 1]
    wanted = (index.benchmark[of] == k) & ((index.kind[of] == kernels.PASSAGE) == passages)
    mine: NDArray[np.int64] = rows[wanted]
    return mine


def _different(
    index: Index, k: int, rows: NDArray[np.int64], count: int, *, passages: bool
) -> NDArray[Any]:
    mine = _mine(index, k, rows, passages=passages)
    pairs = np.unique(mine[:, :2], axis=0)
    counts: NDArray[Any] = np.bincount(pairs[:, 0], minlength=count)
    return counts


def _covered(index: Index, k: int, texts: Texts, rows: NDArray[np.int64]) -> NDArray[Any]:
    letters = np.diff(bare_view(texts)[3]).astype(np.float64)
    covered = np.zeros(len(texts))
    last, at = 0, -1
    for text, _, begin, end, _ in _mine(index, k, rows, passages=False).tolist():
        if text != at:
            at, last = text, 0
        covered[text] += max(end - max(begin, last), 0)
        last = max(last, end)
    with np.errstate(invalid="ignore"):
        return np.where(letters > 0, covered / letters, np.nan)
