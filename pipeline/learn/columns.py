"""
Models that a recipe names, as signals: `models: {NAME: PATH}` defines `model.NAME`.

Our own models (.npz, from `seimai train`) need nothing more. Those of others need their package:
fastText classifiers (.ftz, .bin), KenLM language models (.arpa, .klm, .binary) and LightGBM trees
(.txt) over our own signals, whose names are the features.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from seimai.pipeline.errors import Problem
from seimai.pipeline.learn import model as ngrams
from seimai.pipeline.signal import Needs, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from seimai.pipeline.text import Texts

FAMILY = "model"

_READ_BLOCK = 1 << 20


def signals_of(
    models: Mapping[str, str], signals: Mapping[str, Signal] | None = None
) -> dict[str, Signal]:
    """
    The signals that models define, by name.

    `signals` are those that a LightGBM model may ask for. The model itself is loaded when its
    first text comes; its file is looked at now, so that a missing one is told before a run.
    """
    return {
        f"{FAMILY}.{name}": _signal(f"{FAMILY}.{name}", Path(path), signals or {})
        for name, path in models.items()
    }


def with_models(signals: Mapping[str, Signal], models: Mapping[str, str]) -> dict[str, Signal]:
    """All signals by name, those of the models among them."""
    return dict(sorted({**signals, **signals_of(models, signals)}.items()))


def _signal(name: str, path: Path, signals: Mapping[str, Signal]) -> Signal:
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise Problem("M008", path=str(path), known=", ".join(KINDS))
    return kind(name, path, _digest(path), signals)


def _digest(path: Path) -> str:
    """The digest of the bytes of a model file."""
    if not path.is_file():
        raise Problem("M001", path=str(path))
    state = xxhash.xxh3_128()
    try:
        with path.open("rb") as file:
            while block := file.read(_READ_BLOCK):
                state.update(block)
    except OSError as error:
        raise Problem("U002", path=str(path), cause=error.strerror) from error
    return state.hexdigest()


def _package(name: str, install: str, path: Path) -> Any:
    """A package that a kind of model needs, or a problem that says how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Problem("E001", what=str(path), package=name, install=install) from error


def _ours(name: str, path: Path, digest: str, _: Mapping[str, Signal]) -> Signal:
    data = ngrams.read_bytes(path)
    if xxhash.xxh3_128_hexdigest(data) != digest:
        raise Problem("M002", path=str(path), cause="it changes while it is read")
    loaded = ngrams.read(data, path)

    def measure(texts: Texts) -> NDArray[Any]:
        """Probability that a text is one of those that the model was trained to drop."""
        return loaded.score(texts)

    def explain(text: str) -> list[tuple[str, float]]:
        return loaded.contributions(text)

    return Signal(name, measure, (0, 1), "characters", 1, explain=explain, digest=digest)


def _fasttext(name: str, path: Path, digest: str, _: Mapping[str, Signal]) -> Signal:
    package = _package("fasttext", "fasttext", path)
    model = cache(lambda: package.load_model(str(path)))

    def score(text: str) -> float:
        """Probability of the label that comes last in the alphabet, such as __label__1."""
        line = " ".join(text.split())
        if not line:
            return float("nan")
        wanted = max(model().get_labels())
        # Asked below Python's wrapper, which trips over numpy 2.
        found = {name: share for share, name in model().f.predict(f"{line}\n", -1, 0.0, "strict")}
        return min(max(float(found.get(wanted, 0.0)), 0.0), 1.0)

    return _per_text(name, score, (0, 1), digest)


def _kenlm(name: str, path: Path, digest: str, _: Mapping[str, Signal]) -> Signal:
    package = _package("kenlm", "kenlm", path)
    model = cache(lambda: package.Model(str(path)))

    def score(text: str) -> float:
        """Perplexity by characters: the model was trained on text with a blank between them."""
        characters = " ".join("".join(text.split()))
        return float(model().perplexity(characters)) if characters else float("nan")

    return _per_text(name, score, (0, float("inf")), digest)


def _per_text(
    name: str, score: Callable[[str], float], between: tuple[float, float], digest: str
) -> Signal:
    def measure(texts: Texts) -> NDArray[Any]:
        return np.fromiter(map(score, texts.column.to_pylist()), np.float64, len(texts))

    measure.__doc__ = score.__doc__
    return Signal(name, measure, between, "characters", 1, digest=digest)


def _lightgbm(name: str, path: Path, digest: str, signals: Mapping[str, Signal]) -> Signal:
    package = _package("lightgbm", "lightgbm", path)
    trees = package.Booster(model_file=str(path))
    asked = _features(trees.feature_name(), signals, path)
    needs: Needs = "tokens" if any(one.needs == "tokens" for one in asked) else "characters"

    def measure(texts: Texts) -> NDArray[Any]:
        """What the trees say to the signals of a text."""
        columns = np.column_stack([one(texts) for one in asked]) if len(texts) else None
        if columns is None:
            return np.zeros(0)
        return np.asarray(trees.predict(columns.astype(np.float64), num_threads=1), np.float64)

    versions = xxhash.xxh3_64_hexdigest(
        repr([(one.name, one.fingerprint) for one in asked]).encode()
    )
    return Signal(
        name, measure, (float("-inf"), float("inf")), needs, 1, digest=f"{digest} {versions}"
    )


def _features(names: Iterable[str], signals: Mapping[str, Signal], path: Path) -> list[Signal]:
    """The signals that the features of a LightGBM model are called after."""
    listed = list(names)
    strange = [name for name in listed if name not in signals]
    if strange:
        raise Problem("M009", path=str(path), name=strange[0])
    return [signals[name] for name in listed]


_Kind = Callable[[str, Path, str, Mapping[str, Signal]], Signal]

KINDS: dict[str, _Kind] = {
    ".npz": _ours,
    ".ftz": _fasttext,
    ".bin": _fasttext,
    ".arpa": _kenlm,
    ".klm": _kenlm,
    ".binary": _kenlm,
    ".txt": _lightgbm,
}
"""What the end of a file's name says about the kind of a model."""
