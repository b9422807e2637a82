"""`tokens` and `mix`: what came of them, as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seimai.pipeline.cli.output import percent, say, say_json
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.errors import Problem
from seimai.pipeline.machine import processors
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.delivery.pieces import Setup


def show_tokens(
    release: Path,
    out: Path | None,
    setup: Setup,
    *,
    by: Sequence[str],
    parquet: bool,
    plan: bool,
    workers: int | None,
    manner: Manner,
) -> int:
    """`seimai tokens RELEASE`."""
    from seimai.pipeline.delivery.tokens import estimate, make_tokens

    if out is None and not plan:
        raise Problem("U014", command="tokens", name="--out")
    if plan or out is None:
        record = estimate(release, setup)
    else:
        record = make_tokens(
            release, out, setup, workers=workers or processors(), by=by, parquet=parquet
        )
    if manner.json:
        say_json(record)
    elif not manner.quiet:
        say(_tokens_lines(record, out))
    return 0


def _tokens_lines(record: dict[str, Any], out: Path | None) -> Iterator[str]:
    told = {"tokens": f"{record['tokens']:,}", "documents": f"{record['documents']:,}"}
    if record.get("estimate"):
        yield sentence("tokens.about", **told)
        return
    yield sentence("tokens.done", **told)
    about = record["tokenizer"]
    width = "2" if record["dtype"] == "uint16" else "4"
    size = f"{about['vocabulary']:,}"
    told = {"name": about["name"], "vocabulary": size, "bytes": width}
    yield f"  {sentence('tokens.tokenizer', **told)}"
    if record["unknown"]:
        share = f"{100 * record['unknown'] / record['tokens']:.2g}%"
        count = f"{record['unknown']:,}"
        yield f"  {sentence('tokens.unknown', count=count, share=share)}"
    yield ""
    yield from count_rows(record["splits"], sentence("tokens.split"), record["tokens"])
    for column, counts in record["counts"].items():
        yield ""
        yield from count_rows(counts, column, record["tokens"])
    yield ""
    yield sentence("tokens.written", out=out)


def count_rows(counts: dict[str, dict[str, int]], title: str, whole: int) -> Iterator[str]:
    """Texts and tokens by name, as a table."""
    head = (f"  {title}", *(sentence(f"tokens.{name}") for name in ("texts", "tokens", "share")))
    rows = [
        (
            f"  {name or '–'}",
            f"{row['documents']:,}",
            f"{row['tokens']:,}",
            percent(row["tokens"], whole),
        )
        for name, row in counts.items()
    ]
    yield from columns([head, *rows], frozenset({1, 2, 3}))


def show_mix(
    file: Path, out: Path, *, plan: bool, accept: bool, workers: int | None, manner: Manner
) -> int:
    """`seimai mix MIX.yaml`."""
    from seimai.pipeline.delivery.mix import make_mix
    from seimai.pipeline.delivery.mixfile import load_mix

    mix = load_mix(file)
    record = make_mix(mix, out, workers=workers or processors(), plan=plan, accept=accept)
    if manner.json:
        say_json(record)
    elif not manner.quiet:
        say(_mix_lines(record, None if plan else out))
    return 1 if record["problems"] else 0


def _mix_lines(record: dict[str, Any], out: Path | None) -> Iterator[str]:
    tokens, budget = record["tokens"], record["budget"]
    if budget:
        off = f"{100 * abs(tokens - budget) / budget:.3f}%"
        yield sentence("mix.met", tokens=f"{tokens:,}", budget=f"{budget:,}", off=off)
    else:
        yield sentence("mix.all", tokens=f"{tokens:,}")
    yield ""
    names = ("draw", "has", "asked", "given")
    head = [f"  {sentence('mix.draw')}", *(sentence(f"mix.{name}") for name in names[1:])]
    head += [sentence("tokens.share"), sentence("mix.epochs"), sentence("mix.most")]
    rows = [
        (
            f"  {name}",
            *(f"{row[key]:,}" for key in ("fit", "asked", "given")),
            percent(row["given"], tokens),
            f"{row['epochs']:.2f}",
            f"{row['most']:,}",
        )
        for name, row in record["draws"].items()
    ]
    yield from columns([tuple(head), *rows], frozenset(range(1, 7)))
    yield ""
    head = [f"  {sentence('mix.source')}", sentence("tokens.tokens"), sentence("tokens.share")]
    rows = [
        (f"  {name or '–'}", f"{count:,}", percent(count, tokens))
        for name, count in record["sources"].items()
    ]
    yield from columns([tuple(head), *rows], frozenset({1, 2}))
    if record["closest_copies"] is not None:
        gap = f"{record['closest_copies']:,}"
        yield f"  {sentence('mix.gap', gap=gap)}"
    yield ""
    for problem in record["problems"]:
        yield f"{problem['code']}: {problem['message']}"
    yield sentence("tokens.written", out=out) if out else sentence("mix.nothing_written")
