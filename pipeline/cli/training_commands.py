"""Commands on the way to a training run: `train`, `tokens`, `mix`; see `commands`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.types import NonNegativeInt

from seimai.pipeline.cli.manner import PLAIN, Manner
from seimai.pipeline.cli.parameters import Workers


def train(
    *,
    good: Annotated[
        tuple[str, ...], Parameter(help="help.good", metavar="FILES", negative="")
    ] = (),
    bad: Annotated[tuple[str, ...], Parameter(help="help.bad", metavar="FILES", negative="")] = (),
    labels: Annotated[
        tuple[str, ...], Parameter(help="help.labels", metavar="FILES", negative="")
    ] = (),
    kinds: Annotated[
        tuple[str, ...], Parameter(help="help.kinds", metavar="FILES", negative="")
    ] = (),
    out: Annotated[Path, Parameter(help="help.model", metavar="MODEL")],
    manner: Manner = PLAIN,
) -> int:
    """Make a learned score."""
    from seimai.pipeline.cli.training import train_kinds_of, train_model

    if kinds:
        return train_kinds_of(kinds, out, manner)
    return train_model(good, bad, labels, out, manner)


def tokens(
    release: Annotated[Path, Parameter(help="help.release")],
    /,
    *,
    tokenizer: Annotated[Path, Parameter(help="help.tokenizer", metavar="FILE")],
    out: Annotated[Path | None, Parameter(help="help.tokens_out", metavar="FOLDER")] = None,
    eod: Annotated[str | None, Parameter(help="help.eod", metavar="TOKEN")] = None,
    bod: Annotated[str | None, Parameter(help="help.bod", metavar="TOKEN")] = None,
    validation: Annotated[float, Parameter(help="help.validation", metavar="SHARE")] = 0.0,
    test: Annotated[float, Parameter(help="help.test", metavar="SHARE")] = 0.0,
    seed: Annotated[NonNegativeInt, Parameter(help="help.seed", metavar="N")] = 0,
    group: Annotated[str, Parameter(help="help.group", metavar="COLUMN")] = "id",
    by: Annotated[
        tuple[str, ...], Parameter(name="--by", help="help.count_by", metavar="COLUMN", negative="")
    ] = (),
    parquet: Annotated[bool, Parameter(help="help.ids_parquet", negative="")] = False,
    plan: Annotated[bool, Parameter(help="help.tokens_plan", negative="")] = False,
    workers: Workers = None,
    manner: Manner = PLAIN,
) -> int:
    """Write a release as token ids."""
    from seimai.pipeline.cli.delivering import show_tokens
    from seimai.pipeline.delivery.pieces import Setup

    setup = Setup(str(tokenizer), eod, bod, validation, test, seed, group)
    return show_tokens(
        release, out, setup, by=by, parquet=parquet, plan=plan, workers=workers, manner=manner
    )


def mix(
    file: Annotated[Path, Parameter(name="file", help="help.mix_file")],
    /,
    *,
    out: Annotated[Path, Parameter(help="help.tokens_out", metavar="FOLDER")],
    plan: Annotated[bool, Parameter(help="help.mix_plan", negative="")] = False,
    accept: Annotated[bool, Parameter(help="help.mix_accept", negative="")] = False,
    workers: Workers = None,
    manner: Manner = PLAIN,
) -> int:
    """Draw texts of several releases into one training set."""
    from seimai.pipeline.cli.delivering import show_mix

    return show_mix(file, out, plan=plan, accept=accept, workers=workers, manner=manner)
