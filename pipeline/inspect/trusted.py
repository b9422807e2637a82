"""
Trusted texts: cleaned and measured like those of a run, into a folder that does not stay.

They may come in any format that a source can have. A folder of a finished run is taken as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from seimai.pipeline.inspect.stored import Stored, load_stored

if TYPE_CHECKING:
    from seimai.pipeline.recipe import Recipe


@contextmanager
def trusted_texts(
    recipe: Recipe, like: Sequence[str], filters: Sequence[str] = ()
) -> Iterator[Stored]:
    """All numbers that the limits of a recipe look at, of the texts in the files `like`."""
    from seimai.pipeline.engine.run import in_process_executor, run
    from seimai.pipeline.recipe import Recipe as Model
    from seimai.pipeline.recipe import with_sources

    if len(like) == 1 and (Path(like[0]) / "release" / "run.json").exists():
        yield load_stored(Path(like[0]), recipe.limited)
        return
    # Words are measured of every text, because they are asked to be released.
    plain = Model.model_validate(
        {
            "recipe": "trusted",
            "clean": list(recipe.clean),
            "personal": list(recipe.personal),
            "tokens": recipe.tokens.model_dump(),
            "release": {"signals": list(recipe.limited), "rejects": False},
            "report": {"samples": 0},
        }
    )
    with TemporaryDirectory(prefix="seimai-trusted-") as folder:
        out = Path(folder) / "out"
        run(
            with_sources(plain, like),
            out,
            filters=tuple(filters),
            open_executor=in_process_executor,
        )
        yield load_stored(out, recipe.limited)
