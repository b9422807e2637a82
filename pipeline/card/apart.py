"""How what was kept is told apart, for the card: buckets with their cut points, and splits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.report.funnel import bound_text, limit_text, share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.run_record import BucketRecord, RunRecord


def bucket_rows(bucket: BucketRecord, kept: int) -> Iterator[tuple[str, str, int, float]]:
    """Each part of a bucket: its name, what it holds, its texts and their share of the kept."""
    parts = list(bucket["parts"])
    for name, counts in bucket["parts"].items():
        yield (
            name,
            _holds(bucket, name, parts.index(name)),
            counts["texts"],
            share(counts["texts"], kept),
        )


def _holds(bucket: BucketRecord, name: str, place: int) -> str:
    """What goes into a part, as numbers from and to, or as sources."""
    if name in bucket["ranges"]:
        one = bucket["ranges"][name]
        return limit_text(one.get("min"), one.get("max"))
    if name in bucket["groups"]:
        return ", ".join(bucket["groups"][name])
    cuts = bucket["cuts"]
    if bucket["ranges"] or bucket["groups"] or not cuts or place > len(cuts):
        return ""
    low = f"> {bound_text(cuts[place - 1])}" if place else ""
    high = f"≤ {bound_text(cuts[place])}" if place < len(cuts) else ""
    return ", ".join(one for one in (low, high) if one)


def splits_text(content: RunRecord) -> str:
    """A sentence about what is held out; empty where nothing is."""
    splits = content.get("splits")
    settings = content["recipe_resolved"].get("splits")
    if not splits or not settings:
        return ""
    told = ", ".join(f"{count:,} texts of `{name}`" for name, count in splits.items())
    if settings["by"] == "site":
        whole = "Pages of one host are never in two of them."
    elif content["recipe_resolved"].get("dedup"):
        whole = "Texts that were found similar are never in two of them."
    else:
        whole = "Similar texts were not looked for, so near duplicates may be in two of them."
    return f"{told[0].upper()}{told[1:]}, by a hash with the seed {settings['seed']}. {whole}"
