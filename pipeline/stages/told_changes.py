"""Told changes: what `OUT/changes` says of two releases, in numbers (`changes.py` writes it)."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NotRequired, TypedDict

if TYPE_CHECKING:
    from pathlib import Path

CHANGES = "changes"


class ChangesRecord(TypedDict):
    """The content of `changes.json`; releases are named by the digest of their SHA256SUMS."""

    old: str
    new: str
    added: int
    removed: int
    changed: int
    old_kept: NotRequired[int]
    """How many texts the old release had."""


def digest_of(release: Path) -> str:
    """What names a release: the digest of its list of digests, "" where it has none."""
    try:
        return hashlib.sha256((release / "SHA256SUMS").read_bytes()).hexdigest()
    except OSError:
        return ""


def read(out: Path) -> ChangesRecord | None:
    """The content of `changes.json` where it speaks of the release that is there."""
    told = told_of(out)
    return told if told and told["new"] == digest_of(out / "release") else None


def told_of(out: Path) -> ChangesRecord | None:
    """The content of `changes.json`, of whatever releases it speaks."""
    try:
        content: ChangesRecord = json.loads((out / CHANGES / "changes.json").read_bytes())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and {"old", "new"} <= set(content) else None
