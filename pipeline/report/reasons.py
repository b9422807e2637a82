"""Why texts were rejected: each reason with how many it took, alone and together with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.report.funnel import DEDUP, limit_text, share
from seimai.pipeline.report.markup import (
    LONG,
    Head,
    bar,
    code,
    count,
    escape,
    folded,
    legend,
    note,
    number,
    percent,
    say,
    section,
    table,
)

if TYPE_CHECKING:
    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.run_record import RunRecord

COMBINATIONS_SHOWN = 12
"""Sets of reasons that stand in the page without being unfolded."""


def reason_name(reason: str, recipe: Recipe, *, linked: bool = True) -> str:
    """A reason as people see it: the signal's name, or the word for duplicates."""
    if reason == DEDUP and reason not in recipe.limits:
        name = say("reasons.dedup")
        return f'<a href="#duplicates">{name}</a>' if linked else name
    return f'<a href="#signal-{escape(reason)}">{code(reason)}</a>' if linked else code(reason)


def _allowed(reason: str, recipe: Recipe) -> str:
    """The limit that gives a reason, in words."""
    if reason in recipe.limits:
        return limit_text(recipe.limits[reason].min, recipe.limits[reason].max)
    for one in recipe.together:
        if one.reason == reason:
            # Its up to fifteen limits stand below the link.
            return say("reasons.combined", least=str(one.least), count=str(len(one.limits)))
    return f"≥ {number(recipe.dedup.similarity)}" if recipe.dedup else ""


def reasons_section(run: RunRecord, recipe: Recipe) -> str:
    """Every reason with how many texts it rejects, alone and with others."""
    found = sorted(run["reasons"], key=lambda row: -row["texts"])
    most = max((row["texts"] for row in found), default=0)
    if not most:
        return section("reasons", say("reasons.title"), note(say("reasons.none")))
    rows = [
        [
            reason_name(row["reason"], recipe),
            count(row["texts"]),
            percent(share(row["texts"], run["counts"]["read"])),
            count(row["first"]),
            count(row["alone"]),
            bar(
                [
                    (0.0, row["alone"] / most, "fill-deep"),
                    (row["alone"] / most, (row["texts"] - row["alone"]) / most, "fill-lost"),
                ]
            ),
            _allowed(row["reason"], recipe),
        ]
        for row in found
    ]
    heads = [
        Head("head.reason"),
        Head("head.texts", numbers=True),
        Head("head.share", numbers=True),
        Head("head.first", numbers=True),
        Head("head.alone", numbers=True),
        Head("head.chart", wide=True),
        Head("head.limit", numbers=True),
    ]
    return section(
        "reasons",
        say("reasons.title"),
        note(say("reasons.note")),
        legend([("fill-deep", "reasons.key_alone"), ("fill-lost", "reasons.key_others")]),
        table(heads, rows, LONG),
        _together(run, recipe),
    )


def _together(run: RunRecord, recipe: Recipe) -> str:
    combined = [row for row in run["reasons_together"] if len(row["reasons"]) > 1]
    if not combined:
        return ""
    rows = [
        [
            " + ".join(reason_name(reason, recipe, linked=False) for reason in row["reasons"]),
            count(row["texts"]),
            percent(share(row["texts"], run["counts"]["read"])),
        ]
        for row in combined
    ]
    heads = [
        Head("head.reasons"),
        Head("head.texts", numbers=True),
        Head("head.share", numbers=True),
    ]
    shown = _long_table(heads, rows, COMBINATIONS_SHOWN)
    return f"<h3>{say('reasons.together')}</h3>{shown}"


def _long_table(heads: list[Head], rows: list[list[str]], shown: int) -> str:
    rest = rows[shown:]
    if not rest:
        return table(heads, rows)
    more = folded(say("page.more", count=count(len(rest))), table(heads, rest))
    return table(heads, rows[:shown]) + more
