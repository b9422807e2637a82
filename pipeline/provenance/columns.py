"""
Signals about where a text comes from, which a recipe defines with `lists`, `optout`, `licenses`.

The number is found when a shard is measured, from the columns beside the text, and carried along;
a text that comes without them, as one that `explain` is given, has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
import xxhash

from seimai.pipeline.provenance import licences, lists, optout
from seimai.pipeline.signal import Signal

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.text import Texts

VERSION = 1
"""Raised when the same columns would give other numbers than before."""


class NamedList(Protocol):
    """What is needed of a list of a recipe."""

    @property
    def name(self) -> str:
        """The last part of the name of its signal."""

    @property
    def files(self) -> tuple[str, ...]:
        """Its files, from the folder of the run."""


class Allowed(Protocol):
    """What is needed of the licences of a recipe."""

    @property
    def allow(self) -> tuple[str, ...]:
        """Names, links and patterns."""

    @property
    def unknown(self) -> str:
        """`reject` or `keep`."""


class Admission(Protocol):
    """The sections of a recipe that are about where a text comes from."""

    @property
    def lists(self) -> Sequence[NamedList]:
        """Lists of addresses."""

    @property
    def optout(self) -> str | None:
        """Whether opt-outs are looked at."""

    @property
    def licenses(self) -> Allowed | None:
        """Licences that texts may have."""


def signals_of(recipe: Admission) -> dict[str, Signal]:
    """The signals that a recipe defines with these sections, by name."""
    made = [
        _carried(f"list.{one.name}_count", _LISTED, lists.digest_of(one.files))
        for one in recipe.lists
    ]
    if recipe.optout:
        made += [
            _carried(f"optout.{name}_count", _REFUSED) for name in (*optout.PROTOCOLS, optout.OTHER)
        ]
        made.append(_carried("optout.any_count", _ANY, high=len(optout.PROTOCOLS)))
    if recipe.licenses is not None:
        asked = repr([recipe.licenses.allow, recipe.licenses.unknown]).encode()
        made.append(_carried("license.allowed_count", _ALLOWED, xxhash.xxh3_64_hexdigest(asked)))
    return {one.name: one for one in made}


_LISTED = "1 where the address of a text is on a list, 0 where it is not; nan without address."
_REFUSED = "1 where a site has refused training on a text by a protocol, else 0."
_ANY = "By how many protocols a site has refused training on a text."
_ALLOWED = (
    "1 where the licence of a text is one of those allowed, else 0; nan where it may be open."
)


def _carried(name: str, doc: str, digest: str = "", high: float = 1) -> Signal:
    def measure(texts: Texts) -> NDArray[Any]:
        return texts.carried(name)

    measure.__doc__ = doc
    return Signal(name, measure, (0, high), "characters", VERSION, digest=digest)


def numbers_of(
    recipe: Admission, table: pa.Table, folder: Path, signals: Mapping[str, Signal]
) -> dict[str, NDArray[np.float64]]:
    """
    What is carried along for these signals, of a table with `url`, `license` and `extra`.

    `folder` is where mapped lists are kept from one shard to the next.
    """
    numbers: dict[str, NDArray[np.float64]] = {}
    if recipe.lists:
        urls = table.column("url").to_pylist()
        for one in recipe.lists:
            name = f"list.{one.name}_count"
            hashes = lists.mapped(tuple(one.files), signals[name].digest, folder)
            numbers[name] = lists.on_list(hashes, urls)
    if recipe.optout:
        for protocol, found in optout.counts(table.column("extra").to_pylist()).items():
            numbers[f"optout.{protocol}_count"] = found
    if recipe.licenses is not None:
        numbers["license.allowed_count"] = allowed_numbers(
            recipe.licenses, table.column("license").to_pylist()
        )
    return numbers


def allowed_numbers(allowed: Allowed, names: Sequence[str | None]) -> NDArray[np.float64]:
    """1 for each licence that is allowed, 0 for others; nan for unknown ones that may be kept."""
    known: dict[str | None, float] = {}
    for name in set(names):
        said = name or licences.UNKNOWN
        if licences.licence_key(said) == licences.UNKNOWN and allowed.unknown == "keep":
            known[name] = np.nan
        else:
            known[name] = float(licences.is_allowed(said, allowed.allow))
    return np.array([known[name] for name in names], np.float64)
