"""
What several commands take: the types of shared parameters, each with the key of its help.

`Annotated` gives a parameter to the parser; `help=` is a key of `messages`, which `usage` shows in
the language of the moment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.types import NonNegativeInt, PositiveInt

RecipePath = Annotated[Path, Parameter(help="help.recipe")]
Folder = Annotated[Path, Parameter(help="help.out")]
Published = Annotated[str, Parameter(name="out", help="help.published")]
Filters = Annotated[
    tuple[str, ...], Parameter(name="--filters", help="help.filters", metavar="FILE", negative="")
]
Sources = Annotated[
    tuple[str, ...], Parameter(name="--source", help="help.source", metavar="FILES", negative="")
]
Workers = Annotated[PositiveInt | None, Parameter(help="help.workers", metavar="N")]
TrialWorkers = Annotated[PositiveInt | None, Parameter(help="help.preview_workers", metavar="N")]
"""The number of workers that a time is estimated for; nothing is run with them."""
Junit = Annotated[Path | None, Parameter(help="help.junit", metavar="FILE")]
Labels = Annotated[Path | None, Parameter(help="help.labelled", metavar="FILE")]
Samples = Annotated[NonNegativeInt, Parameter(help="help.samples", metavar="N")]
Words = Annotated[bool, Parameter(help="help.words", negative="")]
