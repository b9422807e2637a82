"""
What may be asked of a path that refuses: `pathlib` raises where a folder may not be entered, and a
glob passes over it without a word.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def is_file(path: Path) -> bool:
    """Whether it is a file; `Path.is_file` raises where a folder may be listed but not entered."""
    return os.path.isfile(path)  # noqa: PTH113 - see above


def is_folder(path: Path | str) -> bool:
    """Whether it is a folder, asked in the same way."""
    return os.path.isdir(path)  # noqa: PTH112 - see above


def is_behind_link(path: Path, root: Path) -> bool:
    """
    Whether a name that `**` has found leads through a link to a folder.

    In the root its files have names of their own, and a link to itself never ends; outside they
    are not ours to read. The root itself was named, and may be a link.
    """
    parents = list(path.relative_to(root).parents)[:-1]
    return any(os.path.islink(root / parent) for parent in parents)  # noqa: PTH114 - as above


def refusal(folder: Path) -> OSError | None:
    """Why a folder cannot be listed: a glob passes over it without a word."""
    try:
        with os.scandir(folder):
            return None
    except OSError as error:
        return error
