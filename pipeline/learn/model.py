"""
A linear model over hashed n-grams: its file, its score, and what made the score.

The file is a numpy archive without pickles. It holds weights by bucket of a hash, so no text of
its training can be read back from it.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline import kernels
from seimai.pipeline.errors import Problem
from seimai.pipeline.learn.views import VIEWS, View, shown, symbols_of
from seimai.pipeline.text import Texts, divide

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "seimai ngrams 1"
"""What the file says it is; the number rises when the same weights would score differently."""

MOST_BITS = 24
MOST_WINDOW = 100_000
MOST_ORDER = 8
"""Longest n-grams of a model; more is a damaged or hostile file."""

MOST_BYTES = 256_000_000
"""Files larger than this are not read."""

_LARGEST = 32_767
"""The largest weight that 16 bits can hold."""


@dataclass(frozen=True)
class NgramModel:
    """Weights of hashed n-grams; a weight is multiplied by `scale`, the sum is a log-odds."""

    weights: NDArray[np.int16]
    """One weight per bucket of hashed n-grams; 2^bits of them."""
    scale: float
    bias: float
    window: int
    """Symbols looked at at the beginning, in the middle and at the end of a text."""
    order: int
    """The longest n-grams, in characters."""
    about: dict[str, Any]
    """How it was made, for people to read: texts, settings, figures."""

    @property
    def bits(self) -> int:
        """The number of buckets as a power of two."""
        return self.weights.size.bit_length() - 1

    def score(self, texts: Texts) -> NDArray[np.float64]:
        """The probability per text; nan where no n-gram could be looked at."""
        return logistic(self.odds(texts))

    def odds(self, texts: Texts) -> NDArray[np.float64]:
        """The log-odds per text; nan where no n-gram could be looked at."""
        total = np.full(len(texts), self.bias)
        for view in VIEWS:
            symbols, first = symbols_of(texts, view)
            weighed, count = kernels.ngrams.weigh_ngrams(
                symbols, first, self.window, self.order, np.uint64(view.salt), self.bits,
                self.weights,
            )  # fmt: skip
            total += self.scale * divide(weighed, np.sqrt(count))
        return total

    def contributions(self, text: str, most: int = 12) -> list[tuple[str, float]]:
        """
        The n-grams that moved the score of a text the most, with what they added to its log-odds.

        Positive ones speak for the score, negative ones against it. An n-gram that stands inside
        a longer one listed before it is left out: it says the same again.
        """
        found: dict[tuple[int, str], float] = {}
        texts = Texts.of(text)
        for number, view in enumerate(VIEWS):
            for label, share in self.parts(texts, view):
                found[number, label] = found.get((number, label), 0.0) + share
        ranked = sorted(found.items(), key=lambda item: (-abs(item[1]), item[0]))
        listed: list[tuple[str, float]] = []
        for (_, label), share in ranked:
            if share == 0 or len(listed) == most:
                break
            if not any(label in other and share * past > 0 for other, past in listed):
                listed.append((label, share))
        return listed

    def parts(self, texts: Texts, view: View) -> list[tuple[str, float]]:
        """Every n-gram of a batch of one text, each once, with what it adds to the log-odds."""
        symbols, first = symbols_of(texts, view)
        bucket, begin, length, _ = kernels.ngrams.list_ngrams(
            symbols, first, self.window, self.order, np.uint64(view.salt), self.bits
        )
        if not bucket.size:
            return []
        places, one, count = np.unique(bucket, return_index=True, return_counts=True)
        share = self.scale * self.weights[places] * np.sqrt(count) / math.sqrt(bucket.size)
        return [
            (shown(symbols[begin[k] : begin[k] + length[k]]), float(part))
            for k, part in zip(one.tolist(), share.tolist(), strict=True)
        ]


def logistic(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability of a log-odds; 40 is certainty in double precision."""
    probability: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(odds, -40, 40)))
    return probability


def quantised(
    weights: NDArray[np.float64], bias: float, window: int, order: int, about: dict[str, Any]
) -> NgramModel:
    """The model of exact weights, which are rounded to 16 bits of the largest."""
    largest = float(np.abs(weights).max(initial=0.0)) or 1.0
    scale = largest / _LARGEST
    return NgramModel(np.rint(weights / scale).astype(np.int16), scale, bias, window, order, about)


def save(model: NgramModel, path: Path) -> None:
    """Write the file of a model; the same model gives the same bytes."""
    from seimai.pipeline.shard import write_bytes

    file = io.BytesIO()
    np.savez_compressed(
        file,
        format=np.array(FORMAT),
        weights=model.weights,
        numbers=np.array([model.scale, model.bias], np.float64),
        shape=np.array([model.window, model.order], np.int64),
        about=np.array(json.dumps(model.about, ensure_ascii=False, sort_keys=True)),
    )
    write_bytes(path, file.getvalue())


def load(path: Path) -> NgramModel:
    """The model of a file; a file that is none is a `Problem`."""
    return read(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """The bytes of a model file, a `Problem` where there is none."""
    if not path.is_file():
        raise Problem("M001", path=str(path))
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    bounded(len(data), path)
    return data


def bounded(size: int, path: Path) -> None:
    """Refuse a file that is larger than any model, packed or unpacked."""
    if size > MOST_BYTES:
        raise Problem("M002", path=str(path), cause=f"> {MOST_BYTES:,} bytes")


def read(data: bytes, path: Path) -> NgramModel:
    """The model in the bytes of a file; `path` is what a problem names."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            bounded(sum(one.file_size for one in archive.infolist()), path)
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            kind = str(file["format"])
            weights = np.ascontiguousarray(file["weights"])
            scale, bias = map(float, file["numbers"])
            window, order = map(int, file["shape"])
            about = json.loads(str(file["about"]))
    except Problem:
        raise
    except Exception as error:
        cause = f"{type(error).__name__}: {error}"[:200]
        raise Problem("M002", path=str(path), cause=cause) from error
    model = NgramModel(weights, scale, bias, window, order, about)
    if kind != FORMAT or not sound(model):
        raise Problem("M002", path=str(path), cause=f"it is not of the kind {FORMAT!r}, or damaged")
    return model


def sound(model: NgramModel) -> bool:
    """Whether its parts have the sizes and types that they should have."""
    return (
        model.weights.dtype == np.int16
        and model.weights.ndim == 1
        and model.weights.size in {1 << bits for bits in range(1, MOST_BITS + 1)}
        and math.isfinite(model.scale)
        and math.isfinite(model.bias)
        and 1 <= model.window <= MOST_WINDOW
        and 1 <= model.order <= MOST_ORDER
    )
