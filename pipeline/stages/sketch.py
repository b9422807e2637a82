"""
Sketches: what is kept of a text to find its duplicates, one row per text.

`exact` finds equal hash views, `band_00`, `band_01`, ... find similar ones, `signature` is the
MinHash they are made of. The schema's metadata says how a sketch was made; sketches made in
different ways never meet (`check_header`).

The permutations are those of datasketch's scheme affine32 with the same seed, so a stored
signature opens there (`open_signature`) and equals what datasketch computes from the same
shingles with `xxhash.xxh32_intdigest` over their UTF-32 (little endian).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
import xxhash

from seimai.pipeline import versions
from seimai.pipeline.errors import Problem
from seimai.pipeline.kernels import minhash as kernels
from seimai.pipeline.text.hashview import hash_view

if TYPE_CHECKING:
    from datasketch import MinHash
    from numpy.typing import NDArray

    from seimai.pipeline.text import Texts

EXACT_BYTES = 16
"""Bytes of the digest by which equal texts are found."""

_VALUES_PER_WORD = 2
"""A token's 64-bit hash is two 32-bit values."""


class DedupSettings(Protocol):
    """What sketches and groups need to know of a recipe's `dedup`."""

    @property
    def unit(self) -> str:
        """What a shingle is made of: `char` or `word`."""

    @property
    def n(self) -> int:
        """Characters or words per shingle."""

    @property
    def rows(self) -> int:
        """Values per band: all of them must agree for two texts to become candidates."""

    @property
    def bands(self) -> int:
        """Bands: one of them must agree."""

    @property
    def similarity(self) -> float:
        """The Jaccard similarity of shingle sets from which two texts are near-duplicates."""

    @property
    def seed(self) -> int:
        """Seed of the permutations."""


class GroupSettings(DedupSettings, Protocol):
    """What grouping needs to know besides `DedupSettings`."""

    @property
    def numbers(self) -> str:
        """`distinct` where texts that name different numbers are no duplicates, else `ignore`."""


def band_name(band: int) -> str:
    """The name of the column that holds the hashes of a band."""
    return f"band_{band:02d}"


def header(settings: DedupSettings) -> dict[bytes, bytes]:
    """The metadata of a sketch: everything that two sketches must share to be compared."""
    parts = {
        "view": versions.HASH_VIEW,
        "sketch": versions.SKETCH,
        "unit": settings.unit,
        "n": settings.n,
        "rows": settings.rows,
        "bands": settings.bands,
        "scheme": "affine32",
        "seed": settings.seed,
        "hash": "xxh32",
    }
    return {f"seimai.{key}".encode(): str(value).encode() for key, value in parts.items()}


def check_header(name: str, schema: pa.Schema, settings: DedupSettings) -> None:
    """Refuse a sketch that was made with other settings: its numbers would look right."""
    found = schema.metadata or {}
    for key, want in header(settings).items():
        if found.get(key) != want:
            raise Problem(
                "S031",
                path=name,
                key=key.decode(),
                found=found.get(key, b"-").decode(),
                want=want.decode(),
            )


@lru_cache(maxsize=8)
def permutations(count: int, seed: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """
    Factors (odd) and shifts of datasketch's affine32 permutations.

    They are drawn here rather than asked of datasketch, whose import takes longer than a sketch
    of a shard; a test holds the two against each other.
    """
    # NumPy has promised never to change what RandomState draws.
    generator = np.random.RandomState(seed)
    factors = generator.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, generator.randint(0, 1 << 32, count, dtype=np.uint32)


def sketch(texts: Texts, settings: DedupSettings) -> pa.Table:
    """
    One row per text: `exact`, `signature`, the bands, and `length` in characters of hash view.

    `exact` is null for texts whose hash view is empty: two blank texts are not duplicates.
    Signature and bands are null where there are fewer than `n` characters (words): a text
    without a shingle resembles nothing. For words there is a column `shingles` too, the sorted
    set of their hashes, because it cannot be made again from the text alone.
    """
    codes, start = hash_view(texts)
    columns = {"exact": _exact(codes, start)}
    values, places, lanes, step = _units(texts, settings)
    blank = places[1:] - places[:-1] < lanes
    factors, shifts = permutations(settings.rows * settings.bands, settings.seed)
    signatures = kernels.sign(values, places, lanes, step, factors, shifts)
    columns["signature"] = pa.FixedSizeListArray.from_arrays(
        pa.array(signatures.reshape(-1)), settings.rows * settings.bands, mask=pa.array(blank)
    )
    for band, hashes in enumerate(kernels.hash_bands(signatures, settings.rows)):
        columns[band_name(band)] = pa.array(hashes, mask=blank)
    columns["length"] = pa.array(np.diff(start))
    if settings.unit == "word":
        sets, first = sorted_sets(*kernels.hash_shingles(values, places, lanes, step))
        columns["shingles"] = pa.LargeListArray.from_arrays(pa.array(first), pa.array(sets))
    return pa.table(columns).replace_schema_metadata(header(settings))


def shingle_sets(
    texts: Texts, settings: DedupSettings
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The shingle hashes of each text, sorted and each once, and where each text starts."""
    return sorted_sets(*kernels.hash_shingles(*_units(texts, settings)))


def sorted_sets(
    hashes: NDArray[np.uint32], first: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Sort the pieces of `hashes` in place and keep each value once."""
    for begin, end in zip(first[:-1].tolist(), first[1:].tolist(), strict=True):
        hashes[begin:end].sort()  # NumPy's sort uses vector instructions; numba's does not
    sets: tuple[NDArray[np.uint32], NDArray[np.int64]] = kernels.drop_repeated(hashes, first)
    return sets


def open_signature(table: pa.Table, row: int) -> MinHash:
    """The signature of one row as a `datasketch.MinHash`; a ValueError where there is none."""
    from datasketch import MinHash

    values = table.column("signature")[row].as_py()
    if values is None:
        raise ValueError(f"row {row} is shorter than a shingle and has no signature")
    return MinHash(
        hashvalues=np.array(values, np.uint32),
        seed=int(table.schema.metadata[b"seimai.seed"]),
        scheme="affine32",
        hashfunc=xxhash.xxh32_intdigest,
    )


def exact_hashes(texts: Texts) -> pa.Array:
    """The column `exact` of a sketch, without the rest of it."""
    return _exact(*hash_view(texts))


def _exact(codes: NDArray[np.uint32], start: NDArray[np.int64]) -> pa.Array:
    data = codes.astype("<u4", copy=False).view(np.uint8).data
    digests = [
        xxhash.xxh3_128_digest(data[4 * begin : 4 * end]) if end > begin else None
        for begin, end in zip(start[:-1].tolist(), start[1:].tolist(), strict=True)
    ]
    return pa.array(digests, pa.binary(EXACT_BYTES))


def _units(
    texts: Texts, settings: DedupSettings
) -> tuple[NDArray[np.uint32], NDArray[np.int64], int, int]:
    """32-bit values, where each text starts in them, values per shingle, values per step."""
    if settings.unit == "char":
        codes, start = hash_view(texts)
        return codes, start, settings.n, 1
    try:
        tokens = texts.tokens
    except ValueError as error:
        raise Problem("S030") from error
    values: NDArray[Any] = np.ascontiguousarray(tokens.surface.astype("<u8")).view(np.uint32)
    width = _VALUES_PER_WORD
    return values, tokens.first * width, settings.n * width, width
