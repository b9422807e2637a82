"""
What tells the content of an input from an earlier or later one: a digest, a version, or nothing.

A plan knows by it which splits an earlier run has made already. An input that cannot be reached is
left out and named: see `surroundings.py`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import xxhash

from seimai.pipeline.engine.planning.surroundings import (
    Unfinished,
    digest_of,
    folder_digest,
    is_fixed,
    patiently,
    version_of,
)
from seimai.pipeline.ingest.contract import SURROUNDINGS, Input, Unreadable, from_system
from seimai.pipeline.ingest.sources.find import HUB

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seimai.pipeline.recipe import Source

NOT_READ = "unreadable: "
"""What stands, with a cause behind it, for the digest of an input that is not opened."""

REREAD = "read at every run"
"""Instead of a digest: nothing tells whether a database has changed, so every run asks it."""


def identified(
    input_: Input,
    source: Source,
    remembered: dict[str, list[str]],
    left_out: Mapping[tuple[str, str], Unfinished],
) -> tuple[Input, str] | Unfinished:
    """
    An input as it is now, and the digest of its content; or why it has to be left out.

    `remembered` are versions and digests of an earlier plan by the keys of inputs; it gets what is
    new. `left_out` are inputs that were tried in this run, by source and key.
    """
    return (
        left_out.get((source.name, input_.key))
        or _unreachable(input_, source.name)
        or _with_digest(input_, source, remembered)
    )


def _unreachable(input_: Input, source: str) -> Unfinished | None:
    """What finding an input already said of the way to it."""
    if not isinstance(input_.fault, Unreadable) or input_.fault.cause not in SURROUNDINGS:
        return None
    return Unfinished(source, input_.key, input_.fault.cause, input_.fault.detail)


def _with_digest(
    input_: Input, source: Source, remembered: dict[str, list[str]]
) -> tuple[Input, str] | Unfinished:
    """An input with the digest of its content; `Unfinished` where it cannot be reached."""
    if input_.fault:
        return input_, f"{NOT_READ}{input_.fault.cause}"
    try:
        return patiently(lambda: _looked_at(input_, source, remembered))
    except OSError as error:
        broken = from_system(error)
        return Unfinished(source.name, input_.key, broken.cause, broken.detail)


def _looked_at(
    input_: Input, source: Source, remembered: dict[str, list[str]]
) -> tuple[Input, str]:
    """
    An input as it is now, and what stands for its content: a digest, a version, or `REREAD`.

    A file is read for its digest, but not again while its version is the one that was remembered;
    `remembered` gets what is new.
    """
    if input_.format == "sql" and is_fixed(input_):
        from seimai.pipeline.ingest.records.sql import state_of

        return input_, f"changed {state_of(input_, source.changed)}" if source.changed else REREAD
    if input_.path.startswith(HUB) and is_fixed(input_):
        from seimai.pipeline.ingest.records.hub import at_revision

        input_ = at_revision(input_)
        return input_, f"revision {input_.version}" if input_.version else REREAD
    if "://" in input_.path and input_.version:
        return input_, f"version {xxhash.xxh3_128_hexdigest(input_.version.encode())}"
    if "://" in input_.path:
        return input_, digest_of(input_)
    if Path(input_.path).is_dir():
        input_ = replace(input_, version=folder_digest(Path(input_.path)))
        return input_, input_.version
    input_ = replace(input_, version=version_of(input_))
    last = remembered.get(input_.key)
    if last and last[0] == input_.version:
        return input_, last[1]
    digest = digest_of(input_)
    if version_of(input_) == input_.version:
        remembered[input_.key] = [input_.version, digest]
    return input_, digest
