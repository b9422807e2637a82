"""How what was kept is told apart, for the card: buckets, splits and tokens, as Markdown rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seimai.pipeline.card.markdown import percent
from seimai.pipeline.messages import counted
from seimai.pipeline.report.apart import part_holds, tokens_by
from seimai.pipeline.report.funnel import share

if TYPE_CHECKING:
    from seimai.pipeline.run_record import BucketRecord, RunRecord


def bucket_rows(
    content: RunRecord, bucket: BucketRecord
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The head and the rows of a bucket: each part with what it holds, its texts and tokens."""
    by = tokens_by(content, bucket["column"])
    kept = content["counts"]["kept"]
    rows: list[tuple[Any, ...]] = [
        (
            f"`{name}`",
            part_holds(bucket, name),
            one["texts"],
            percent(share(one["texts"], kept)),
            *([by[name]["tokens"] if name in by else 0] if by else []),
        )
        for name, one in bucket["parts"].items()
    ]
    return ("part", "holds", "texts", "share of kept", *(["tokens"] if by else [])), rows


def tokens_text(content: RunRecord) -> str:
    """A sentence about the tokens of the release; empty where they were not counted."""
    tokens = content.get("tokens")
    if not tokens:
        return ""
    about = tokens["tokenizer"]
    return (
        f"{tokens['tokens']:,} tokens of `{about['name']}` (vocabulary {tokens['vocabulary']:,}, "
        f"sha256 `{about['sha256']}`), {tokens['unknown']:,} of them unknown; what begins and ends "
        "a document is not counted. The column `token_count` has them for each text."
    )


def splits_text(content: RunRecord) -> str:
    """A sentence about what is held out; empty where nothing is."""
    splits = content.get("splits")
    settings = content["recipe_resolved"].get("splits")
    if not splits or not settings:
        return ""
    by = tokens_by(content, "split")
    told = ", ".join(
        counted(texts, "texts")
        + (f" ({by[name]['tokens'] if name in by else 0:,} tokens)" if by else "")
        + f" of `{name}`"
        for name, texts in splits.items()
    )
    if settings["by"] == "site":
        whole = "Pages of one host are never in two of them."
    elif content["recipe_resolved"].get("dedup"):
        whole = "Texts that were found similar are never in two of them."
    else:
        whole = "Similar texts were not looked for, so near duplicates may be in two of them."
    return f"{told}; by a hash with the seed {settings['seed']}. {whole}"
