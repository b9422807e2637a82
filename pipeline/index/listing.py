"""
The list of an index: its settings, its releases and its segments, in one file that is renamed.

`index.json` says which segments there are; a file that it does not name is nobody's. A writer
writes new segments first, the list last, and then removes what the new list has no longer. So a
reader, which opens everything that its list names, sees one state, and a kill leaves the old one.
"""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.index.segments import ENDINGS, Segment, SegmentRecord, open_segment
from seimai.pipeline.stages.sketch import header

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from seimai.pipeline.stages.sketch import DedupSettings

LIST = "index.json"
SEGMENTS = "segments"
FORMAT = 1

_TRIES = 5
"""A writer that exchanges segments while they are opened: the next list names those that stay."""


@dataclass(frozen=True)
class Release:
    """A release that the index holds."""

    number: int
    """Counts up; of twins equally alike the one of the lower number is named."""
    name: str
    state: str
    """Digest of the list of its files, "" where it has none: whether it is the one at hand."""
    texts: int


@dataclass(frozen=True)
class Settings:
    """How texts are compared; see `stages.sketch.DedupSettings`."""

    unit: str = "char"
    n: int = 5
    rows: int = 8
    bands: int = 16
    similarity: float = 0.8
    seed: int = 1


@dataclass(frozen=True)
class Listing:
    """The content of `index.json`."""

    settings: Settings
    header: Mapping[str, str]
    """What a sketch must share to be looked up; see `stages.sketch.header`."""
    releases: tuple[Release, ...] = ()
    segments: Mapping[str, SegmentRecord] | None = None
    next_segment: int = 0
    next_release: int = 0

    @property
    def texts(self) -> int:
        """How many texts all releases have together."""
        return sum(one.texts for one in (self.segments or {}).values())

    def release(self, name: str) -> Release | None:
        """The release with this name."""
        return next((one for one in self.releases if one.name == name), None)


def new_listing(settings: DedupSettings) -> Listing:
    """The list of an index that holds nothing yet."""
    own = Settings(**{name: getattr(settings, name) for name in Settings.__dataclass_fields__})
    return Listing(own, _header(settings), (), {})


def _header(settings: DedupSettings) -> dict[str, str]:
    return {key.decode(): value.decode() for key, value in header(settings).items()}


def read_listing(folder: Path) -> Listing:
    """The list of an index, or the `Problem` that there is none."""
    content = shard.read_sealed(folder / LIST)
    if content is None:
        raise Problem("X003" if (folder / LIST).exists() else "X001", path=str(folder))
    if content["format"] != FORMAT:
        raise Problem("X002", path=str(folder), key="format", found=content["format"], want=FORMAT)
    return Listing(
        Settings(**content["settings"]),
        content["header"],
        tuple(Release(**one) for one in content["releases"]),
        {name: SegmentRecord(**one) for name, one in content["segments"].items()},
        content["next_segment"],
        content["next_release"],
    )


def write_listing(folder: Path, listing: Listing) -> None:
    """Make a list the one that counts, and remove the segments that it does not name."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "settings": asdict(listing.settings),
        "header": dict(listing.header),
        "releases": [asdict(one) for one in listing.releases],
        "segments": {name: asdict(one) for name, one in sorted((listing.segments or {}).items())},
        "next_segment": listing.next_segment,
        "next_release": listing.next_release,
    }
    shard.write_sealed(folder / LIST, content)
    remove_others(folder, listing)


def remove_others(folder: Path, listing: Listing) -> None:
    """Remove files of segments that the list does not name: a kill, or a change, left them."""
    for path in (*(folder / SEGMENTS).glob("*"), *folder.glob(f".*{shard.TEMPORARY}")):
        if path.suffix in (*ENDINGS, shard.TEMPORARY) and path.stem not in (listing.segments or {}):
            with contextlib.suppress(OSError):
                path.unlink()


def check_settings(folder: Path, listing: Listing, settings: DedupSettings) -> None:
    """Refuse to compare what was made with other settings: every one that differs is named."""
    wanted = _header(settings)
    off = [key for key in wanted if listing.header.get(key) != wanted[key]]
    if off:
        raise Problem(
            "X002",
            path=str(folder),
            key=", ".join(key.removeprefix("seimai.") for key in off),
            found=", ".join(listing.header.get(key, "-") for key in off),
            want=", ".join(wanted[key] for key in off),
        )


@dataclass(frozen=True)
class Index:
    """An index as it was at one moment, open for reading."""

    folder: Path
    listing: Listing
    segments: tuple[Segment, ...]

    def release_names(self) -> dict[int, str]:
        """The names of the releases by their numbers."""
        return {one.number: one.name for one in self.listing.releases}


def open_index(folder: Path, settings: DedupSettings | None = None) -> Index:
    """
    Open an index as it is now; `settings` that differ from its own are refused.

    A writer may go on meanwhile: what is open stays as it is.
    """
    for remaining in reversed(range(_TRIES)):
        listing = read_listing(folder)
        if settings is not None:
            check_settings(folder, listing, settings)
        try:
            return Index(
                folder,
                listing,
                tuple(
                    open_segment(folder / SEGMENTS, name, record, listing.settings.bands)
                    for name, record in sorted((listing.segments or {}).items())
                ),
            )
        except FileNotFoundError:
            if not remaining:
                break
    raise Problem("X003", path=str(folder))


def with_segment(listing: Listing, record: SegmentRecord) -> Listing:
    """The list with one segment more, under the next number."""
    segments = {**(listing.segments or {}), f"{listing.next_segment:06d}": record}
    return replace(listing, segments=segments, next_segment=listing.next_segment + 1)
