"""A finished run: its record and recipe, its shards in their order, and where a text is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.run_record import RunRecord

MOST_FOUND = 5
"""At most this many ids are listed where several start with what was given."""


def finished(out: Path) -> tuple[RunRecord, Recipe]:
    """The run.json of a finished run, and the recipe that it was made with."""
    from seimai.pipeline.engine.publishing.published import read_run
    from seimai.pipeline.recipe import Recipe

    run = read_run(out / "release")
    if run is None:
        raise Problem("U011", path=str(out))
    return run, Recipe.model_validate({**run["recipe_resolved"], "text": run["recipe_text"]})


def shard_names(out: Path) -> list[str]:
    """
    The shards of a run in their order, from the ledgers of its splits.

    Raises `Problem` U017 where the stages are of another run than the release in the folder.
    """
    import json

    from seimai.pipeline.engine.planning.plan import load_plan
    from seimai.pipeline.engine.publishing.published import is_of_stages, read_run

    names: list[str] = []
    for split in load_plan(out).get("splits", []):
        path = out / "stages" / "text" / f"{split['name']}.json"
        try:
            names += json.loads(path.read_bytes())["shards"]
        except (FileNotFoundError, ValueError, KeyError) as error:
            raise Problem("S001", path=f"text/{path.name}") from error
    run = read_run(out / "release")
    if run is not None and not is_of_stages(out, run):
        raise Problem("U017", path=str(out))
    return names


def ids_of_rows(out: Path, rows: set[int]) -> dict[int, str]:
    """The ids of some rows of a run, counted over all its shards."""
    from seimai.pipeline import shard

    found: dict[int, str] = {}
    start = 0
    for name in shard_names(out) if rows else ():
        path = out / "stages" / "text" / f"{name}.parquet"
        end = start + shard.required_sidecar(path).rows
        inside = sorted(row for row in rows if start <= row < end)
        if inside:
            ids = shard.read_table(path, ["id"])["id"]
            found |= {row: ids[row - start].as_py() for row in inside}
        start = end
    return found


def find_text(out: Path, wanted: str) -> list[tuple[str, int]]:
    """Shard and row of the texts with that id, or of the only one whose id begins so."""
    from seimai.pipeline import shard

    found: list[tuple[str, int]] = []
    near: list[tuple[str, str, int]] = []
    for name in shard_names(out):
        ids = shard.read_table(out / "stages" / "text" / f"{name}.parquet", ["id"])["id"]
        for row, one in enumerate(ids.to_pylist()):
            if one == wanted:
                found.append((name, row))
            elif one.startswith(wanted) and len(near) <= MOST_FOUND:
                near.append((one, name, row))
    if found:
        return found
    if not near:
        raise Problem("U015", id=wanted)
    if len(near) > 1:
        some = ", ".join(one for one, _, _ in near[:MOST_FOUND])
        raise Problem("U016", id=wanted, found=some + (", …" if len(near) > MOST_FOUND else ""))
    return [near[0][1:]]
