"""What every archive format gives of its entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of an archive; `open` may be called once, before the next member is asked for."""

    name: str
    open: Callable[[], IO[bytes]]
    """Opens the member; this and reading from it may raise `Broken`."""
    kind: Literal["file", "link", "device", "book_part"] = "file"
    size: int | None = None
    """Unpacked bytes, as the archive claims; None where it does not say."""
    encrypted: bool = False
    path: Path | None = None
    """The file that it has been unpacked into, where there is one."""
