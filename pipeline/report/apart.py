"""How what was kept is told apart: the parts of buckets, splits, and how many tokens they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.report.funnel import bound_text, limit_text, share
from seimai.pipeline.report.markup import (
    Head,
    bar,
    code,
    count,
    escape,
    note,
    percent,
    say,
    section,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.run_record import BucketRecord, RunRecord, TokensOf

MOST_SOURCES = 50
"""Records may name their own source, so there can be thousands."""


def part_holds(bucket: BucketRecord, name: str) -> str:
    """
    What goes into a part of a bucket: numbers from and to, or sources.

    >>> told = {"ranges": {}, "groups": {}, "cuts": [0.5], "parts": {"low": {}, "high": {}}}
    >>> part_holds(told, "low"), part_holds(told, "high")
    ('≤ 0.5', '> 0.5')
    """
    if name in bucket["ranges"]:
        one = bucket["ranges"][name]
        return limit_text(one.get("min"), one.get("max"))
    if name in bucket["groups"]:
        return ", ".join(bucket["groups"][name])
    cuts, place = bucket["cuts"], list(bucket["parts"]).index(name)
    if bucket["ranges"] or bucket["groups"] or not cuts or place > len(cuts):
        return ""
    low = f"> {bound_text(cuts[place - 1])}" if place else ""
    high = f"≤ {bound_text(cuts[place])}" if place < len(cuts) else ""
    return ", ".join(one for one in (low, high) if one)


def tokens_by(run: RunRecord, column: str) -> Mapping[str, TokensOf]:
    """The tokens by the words of a column; empty where they were not counted."""
    tokens = run.get("tokens")
    return tokens["by"].get(column, {}) if tokens else {}


def is_told_apart(run: RunRecord) -> bool:
    """Whether there is anything for this section to say."""
    return any(run.get(key) for key in ("buckets", "splits", "tokens"))


def apart_section(run: RunRecord) -> str:
    """All of it; empty where the recipe asks for none."""
    if not is_told_apart(run):
        return ""
    return section(
        "apart",
        say("apart.title"),
        *_tokens(run),
        *(part for bucket in run.get("buckets", []) for part in _bucket(run, bucket)),
        *_splits(run),
    )


def _tokens(run: RunRecord) -> Iterator[str]:
    tokens = run.get("tokens")
    if not tokens:
        return
    told = {
        "tokens": count(tokens["tokens"]),
        "name": code(tokens["tokenizer"]["name"]),
        "vocabulary": count(tokens["vocabulary"]),
        "unknown": percent(share(tokens["unknown"], tokens["tokens"])),
    }
    yield note(say("apart.tokens", **told))
    by = tokens_by(run, "source")
    most = sorted(by.items(), key=lambda item: (-item[1]["tokens"], item[0]))[:MOST_SOURCES]
    rows = [
        [
            code(name),
            count(one["texts"]),
            count(one["tokens"]),
            percent(share(one["tokens"], tokens["tokens"])),
        ]
        for name, one in most
    ]
    heads = [
        Head("head.source"),
        Head("head.texts", numbers=True),
        Head("head.tokens", numbers=True),
        Head("head.tokens_share", numbers=True),
    ]
    yield table(heads, rows)


def _bucket(run: RunRecord, bucket: BucketRecord) -> Iterator[str]:
    kept = run["counts"]["kept"]
    by = tokens_by(run, bucket["column"])
    most = max((one["texts"] for one in bucket["parts"].values()), default=0) or 1
    rows = [
        [
            code(name),
            escape(part_holds(bucket, name)),
            count(one["texts"]),
            percent(share(one["texts"], kept)),
            *([count(by[name]["tokens"] if name in by else 0)] if by else []),
            bar([(0.0, one["texts"] / most, "fill-kept")]),
        ]
        for name, one in bucket["parts"].items()
    ]
    heads = [
        Head("apart.part"),
        Head("apart.holds", numbers=True),
        Head("head.texts", numbers=True),
        Head("apart.share", numbers=True),
        *([Head("head.tokens", numbers=True)] if by else []),
        Head("head.chart", wide=True),
    ]
    yield f"<h3>{code(bucket['name'])}</h3>"
    cut = say("apart.earlier") if bucket["earlier"] else ""
    yield note(f"{say('apart.by', by=code(bucket['by']), column=code(bucket['column']))} {cut}")
    yield table(heads, rows)


def _splits(run: RunRecord) -> Iterator[str]:
    splits = run.get("splits")
    if not splits:
        return
    by = tokens_by(run, "split")
    rows = [
        [
            code(name),
            count(texts),
            percent(share(texts, run["counts"]["kept"])),
            *([count(by[name]["tokens"] if name in by else 0)] if by else []),
        ]
        for name, texts in splits.items()
    ]
    heads = [
        Head("apart.split"),
        Head("head.texts", numbers=True),
        Head("apart.share", numbers=True),
        *([Head("head.tokens", numbers=True)] if by else []),
    ]
    yield f"<h3>{say('apart.splits')}</h3>"
    yield table(heads, rows)
