"""
Published: what a release says of itself, and whether the stage files are those it was made from.

After a rollback, a run that published nothing, or one that was ended, they are of another run:
numbers from them would explain a release that they do not belong to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from seimai.pipeline import shard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seimai.pipeline.run_record import RunRecord

PUBLISHED = "published.json"
"""A file in `OUT/stages` that says what was published last, and from what."""


def note_published(out: Path, names: Sequence[str], run: RunRecord) -> None:
    """Leave word that the release of `run` was made of the shards `names` as they are now."""
    path = out / "stages" / PUBLISHED
    content = {"release": run["fingerprint"], "shards": _state(out, names)}
    if shard.read_sealed(path) != content:
        shard.write_sealed(path, content)


def is_of_stages(out: Path, run: RunRecord) -> bool:
    """
    Whether the stage files are those that the release of `run` was made from.

    True as well where no run of this version has left word: nobody knows then.
    """
    left = shard.read_sealed(out / "stages" / PUBLISHED)
    if left is None:
        return True
    same_run: bool = left["release"] == run.get("fingerprint")
    return same_run and left["shards"] == _state(out, list(left["shards"]))


def _state(out: Path, names: Sequence[str]) -> dict[str, list[str | None]]:
    """Digests of text and verdicts of these shards, from their sidecars."""
    stages = out / "stages"
    return {
        name: [_digest(stages / stage / f"{name}.parquet") for stage in ("text", "verdict")]
        for name in names
    }


def _digest(path: Path) -> str | None:
    sidecar = shard.read_sidecar(path)
    return sidecar.digest if sidecar else None


def read_run(release: Path) -> RunRecord | None:
    """The `run.json` of a release folder, or None where there is none that can be read."""
    try:
        content: RunRecord = orjson.loads((release / "run.json").read_bytes())
    except (FileNotFoundError, NotADirectoryError, orjson.JSONDecodeError):
        return None
    return content
