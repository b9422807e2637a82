"""`index`: what was released, so that it is not released twice."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.inspect.indexed import Info
    from seimai.pipeline.stages.sketch import DedupSettings

Action = Literal["build", "add", "remove", "compact", "info", "query"]

WITH_PLACES = {"build": "OUT", "add": "OUT", "remove": "NAME", "query": "FILE"}


def change_index(
    action: Action,
    places: Sequence[str],
    place: str,
    *,
    recipe: Path | None,
    check: bool,
    manner: Manner,
) -> int:
    """`seimai index ACTION …`."""
    from seimai.pipeline import slim_imports

    if action in WITH_PLACES and not places:
        raise Problem("X006", action=action, what=WITH_PLACES[action])
    slim_imports.load_pyarrow()
    from seimai.pipeline.engine.forgetting.remote_index import bring, changing

    if action == "info":
        return _info(bring(place), manner, check=check)
    if action == "query":
        return _query(bring(place), places, manner)
    with changing(place, to_make=action == "build") as folder:
        data, lines = _change(action, places, folder, recipe)
    if manner.json:
        say_json(data)
    elif not manner.quiet:
        say(lines)
    return 0


def _change(
    action: Action, places: Sequence[str], folder: Path, recipe: Path | None
) -> tuple[object, list[str]]:
    """Build, add, remove, compact: what became of each release, as data and in sentences."""
    from seimai.pipeline.engine.forgetting import indexing

    if action == "compact":
        before, after = indexing.compact(folder)
        data = {"segments_before": before, "segments": after}
        return data, [sentence("index.compacted", before=before, after=after)]
    if action == "remove":
        changes = indexing.remove(folder, places)
    else:
        outs = [Path(place) for place in places]
        changes = (
            indexing.add(folder, outs)
            if action == "add"
            else indexing.build(folder, outs, _settings(outs, recipe))
        )
    return [asdict(one) for one in changes], [
        sentence(f"index.{one.what}", name=one.release, texts=f"{one.texts:,}") for one in changes
    ]


def _settings(outs: Sequence[Path], recipe: Path | None) -> DedupSettings:
    """How a new index compares: as a recipe says, or as the first release was made."""
    from seimai.pipeline.recipe import Dedup, load_recipe

    if recipe is not None:
        return load_recipe(recipe).dedup or Dedup()
    from seimai.pipeline.inspect.released import find_released

    made = find_released(outs[0]).run["recipe_resolved"].get("dedup")
    return Dedup.model_validate(made) if made else Dedup()


def _info(folder: Path, manner: Manner, *, check: bool) -> int:
    from seimai.pipeline.inspect.indexed import info

    found = info(folder, check=check)
    if manner.json:
        say_json(
            {
                "texts": found.listing.texts,
                "bytes": found.bytes,
                "segments": len(found.listing.segments or {}),
                "settings": asdict(found.listing.settings),
                "releases": [asdict(one) for one in found.listing.releases],
                "damaged": list(found.damaged),
            }
        )
    elif not manner.quiet:
        say(_info_lines(found, check=check))
    return 1 if found.damaged else 0


def _info_lines(found: Info, *, check: bool) -> Iterator[str]:
    from seimai.pipeline.cli.terminal import columns

    listing = found.listing
    yield sentence(
        "index.texts",
        texts=f"{listing.texts:,}",
        releases=len(listing.releases),
        segments=len(listing.segments or {}),
        size=f"{found.bytes / 1e6:,.1f}",
        each=f"{found.bytes / listing.texts:,.0f}" if listing.texts else "0",
    )
    yield sentence("index.settings", **asdict(listing.settings))
    yield from columns(
        [(f"  {one.name}", f"{one.texts:,}") for one in listing.releases], frozenset({1})
    )
    for name in found.damaged:
        yield sentence("index.damaged", name=name)
    if check and not found.damaged:
        yield sentence("index.fine")


def _query(folder: Path, places: Sequence[str], manner: Manner) -> int:
    from seimai.pipeline.inspect.indexed import query

    found = query(folder, [read_text(place) for place in places])
    if manner.json:
        rows = zip(places, found, strict=True)
        say_json([{"file": place, "twin": asdict(one) if one else None} for place, one in rows])
    elif not manner.quiet:
        say(
            sentence(
                "index.twin",
                file=place,
                release=one.release,
                id=one.id,
                row=one.row,
                similarity=f"{one.similarity:.2f}",
            )
            if one
            else sentence("index.no_twin", file=place)
            for place, one in zip(places, found, strict=True)
        )
    return 0


def read_text(place: str) -> str:
    """The text of a file, or of standard input for `-`."""
    import sys

    from seimai.pipeline.decode import decode

    try:
        data = sys.stdin.buffer.read() if place == "-" else Path(place).read_bytes()
    except OSError as error:
        raise Problem("U002", path=place, cause=error.strerror or str(error)) from error
    return decode(data).text
