"""
What became of the texts of a run, as rows: the funnel, the reasons, and what was expected.

Everything is computed from `run.json`, so the command line, the flow's artifacts and the report
tell the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seimai.pipeline.messages import MESSAGES, Message
from seimai.pipeline.run_record import COMBINED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seimai.pipeline.recipe import Expect
    from seimai.pipeline.run_record import RunRecord

DEDUP = "dedup"
"""The reason of a text whose better copy is kept; the same word as in `judge`."""


@dataclass(frozen=True)
class Step:
    """One row of the funnel: its name, texts, share of the read ones."""

    name: str
    """Its text for people is `funnel.NAME` of `messages`."""
    count: int
    share: float


@dataclass(frozen=True)
class Reason:
    """How many texts were rejected for one reason, and for how many it was the only one."""

    name: str
    count: int
    alone: int
    share: float


@dataclass(frozen=True)
class Format:
    """How the files of one format were read; the counts are by encoding and by cause."""

    name: str
    """A name of `ingest.FORMATS`, or words for files that have no reader."""
    documents: int
    encodings: Mapping[str, int]
    """Less than the documents where a format holds its text in no encoding of its own."""
    quarantined: Mapping[str, int]
    skipped: Mapping[str, int]


@dataclass(frozen=True)
class Check:
    """One expectation of a recipe, held against the run. `about` names the reason or source."""

    name: str
    value: float
    low: float | None
    high: float | None
    about: str = ""

    @property
    def ok(self) -> bool:
        """Whether the run is as expected."""
        return (self.low is None or self.value >= self.low) and (
            self.high is None or self.value <= self.high
        )


# --- limits in words -----------------------------------------------------------------------


def limit_text(low: float | None, high: float | None) -> str:
    """
    What a limit allows, for people, in full.

    >>> limit_text(0.1, 0.9), limit_text(100, None), limit_text(None, 200_000.0)
    ('0.1 – 0.9', '≥ 100', '≤ 200,000')
    """
    if low is None or high is None:
        sign, bound = ("≤", high) if low is None else ("≥", low)
        return "" if bound is None else f"{sign} {bound_text(bound)}"
    return f"{bound_text(low)} – {bound_text(high)}"


def bound_text(bound: float) -> str:
    """
    A bound as a recipe has it: no trailing zeros, with thousands separators.

    >>> bound_text(200_000.0), bound_text(0.0125)
    ('200,000', '0.0125')
    """
    return f"{bound:,.0f}" if float(bound).is_integer() else f"{bound:,.6g}"


def combined_text(one: Mapping[str, Any]) -> Message:
    """
    What a combined limit (as a recipe dumps it) rejects, in both languages.

    >>> combined_text({"limits": {"a.b": {"min": 1}, "c.d": {"max": 0.5}}, "fail": 1}).en
    'at least 1 of 2 outside: a.b ≥ 1 · c.d ≤ 0.5'
    """
    limits, where = one["limits"], one.get("where")
    count, least = len(limits), one.get("fail") or len(one["limits"])
    code = "limit.one" if count == 1 else "limit.all" if least == count else "limit.some"
    values = {"limits": _listed(limits), "least": least, "count": count}
    said = [getattr(MESSAGES[code], tongue).format(**values) for tongue in ("en", "ja")]
    if where:
        around = MESSAGES["limit.where"]
        listed = _listed(where)
        said = [
            around.en.format(said=said[0], where=listed),
            around.ja.format(said=said[1], where=listed),
        ]
    return Message(*said)


def _listed(limits: Mapping[str, Mapping[str, Any]]) -> str:
    return " · ".join(
        f"{name} {limit_text(limit.get('min'), limit.get('max'))}" for name, limit in limits.items()
    )


def combined_limits(recipe: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The combined limits of a recipe, as `run.json` holds it, by the reason they give."""
    return {f"{COMBINED}.{one['name']}": one for one in recipe.get("together", ())}


def limited_signals(recipe: Mapping[str, Any]) -> set[str]:
    """The signals that any limit of a recipe, as `run.json` holds it, looks at."""
    combined = combined_limits(recipe).values()
    names = (name for one in combined for name in (*one.get("where", ()), *one["limits"]))
    return {*recipe.get("limits", ()), *names}


# --- counts --------------------------------------------------------------------------------


def share(part: float, whole: float) -> float:
    """`part / whole`, 0 where the whole is 0."""
    return part / whole if whole else 0.0


def funnel(run: RunRecord) -> list[Step]:
    """
    The rows from `read` to `kept`; each text is in one of them.

    A duplicate that fails a limit as well counts there: it would be gone without its copies.
    """
    counts = run["counts"]
    duplicates = sum(row["alone"] for row in run["reasons"] if row["reason"] == DEDUP)
    rows = {
        "read": counts["read"],
        "limits": counts["rejected"] - duplicates,
        "duplicates": duplicates,
        "quarantined": counts["quarantined"],
        "kept": counts["kept"],
    }
    return [Step(name, count, share(count, counts["read"])) for name, count in rows.items()]


def reasons(run: RunRecord) -> list[Reason]:
    """The reasons that rejected anything, the most frequent first."""
    found = [
        Reason(
            row["reason"], row["texts"], row["alone"], share(row["texts"], run["counts"]["read"])
        )
        for row in run["reasons"]
        if row["texts"]
    ]
    return sorted(found, key=lambda reason: (-reason.count, reason.name))


def formats(run: RunRecord) -> list[Format]:
    """What was read in which format and encoding, the most frequent first."""
    found = [Format(name, **counts) for name, counts in run["formats"].items()]
    return sorted(found, key=lambda one: (-one.documents, -sum(one.quarantined.values()), one.name))


def most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Names and counts, the largest first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def kept_characters_share(run: RunRecord) -> float:
    """精米歩合: the share of the characters that remains."""
    return share(run["characters"]["kept"], run["characters"]["read"])


def expectations(expect: Expect, run: RunRecord) -> list[Check]:
    """The `expect` of a recipe, held against a run; empty where nothing is expected."""
    checks = []
    counts = run["counts"]
    if expect.kept_share:
        low, high = expect.kept_share.min, expect.kept_share.max
        checks.append(Check("kept_share", share(counts["kept"], counts["read"]), low, high))
    if expect.any_reason_share:
        top = next(iter(reasons(run)), None)
        value, about = (top.share, top.name) if top else (0.0, "")
        checks.append(Check("any_reason_share", value, None, expect.any_reason_share.max, about))
    if expect.source_loss_share:
        losses = {
            name: share(source["rejected"], source["read"])
            for name, source in run["sources"].items()
        }
        worst = max(losses, key=lambda name: losses[name], default="")
        value = losses.get(worst, 0.0)
        checks.append(Check("source_loss_share", value, None, expect.source_loss_share.max, worst))
    return checks
