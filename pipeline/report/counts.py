"""How much came through: the first figure of the page, the funnel, and what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.report.funnel import expectations, funnel, kept_characters_share, share
from seimai.pipeline.report.markup import Head, bar, code, count, note, percent, say, section, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.run_record import RunRecord


def first_figure(run: RunRecord) -> str:
    """精米歩合 in large with the share of texts beside it, and what stands behind both."""
    counts, characters, cleaned = run["counts"], run["characters"], run["cleaned"]
    facts = [
        say("first.characters", kept=count(characters["kept"]), read=count(characters["read"])),
        say(
            "first.texts",
            kept=count(counts["kept"]),
            read=count(counts["read"]),
        ),
        say(
            "first.cleaned",
            removed=count(cleaned["characters_removed"]),
            masked=count(cleaned["masked"]),
        ),
    ]
    value = percent(kept_characters_share(run)).removesuffix("%")
    texts = percent(share(counts["kept"], counts["read"])).removesuffix("%")
    return (
        f'<div class="first"><p class="figure"><strong>{value}<small>%</small></strong>'
        f'<b lang="ja">精米歩合</b>{say("first.kept_share")}</p>'
        f'<p class="figure second"><strong>{texts}<small>%</small></strong>'
        f"{say('first.texts_share')}</p>"
        f'<ul class="facts">{"".join(f"<li>{fact}</li>" for fact in facts)}</ul></div>'
    )


def funnel_section(run: RunRecord, recipe: Recipe, characters: Mapping[str, int]) -> str:
    """
    From read to kept, as a table whose bars take off from each other.

    `characters` has those of each step; of quarantined records none are known.
    """
    rows = []
    left = 1.0
    for step in funnel(run):
        if step.name in ("read", "kept"):
            parts = [(0.0, step.share, "fill-kept" if step.name == "kept" else "fill-plain")]
        else:
            left -= step.share
            parts = [(max(left, 0.0), step.share, "fill-lost")]
        size = characters.get(step.name)
        rows.append(
            [
                say(f"funnel.{step.name}"),
                count(step.count),
                percent(step.share),
                "–" if size is None else count(size),
                "–" if size is None else percent(share(size, characters["read"])),
                bar(parts),
            ]
        )
    heads = [
        Head("funnel.step"),
        Head("head.records", numbers=True),
        Head("head.share", numbers=True),
        Head("head.characters", numbers=True),
        Head("head.characters_share", numbers=True),
        Head("head.chart", wide=True),
    ]
    return section(
        "funnel",
        say("funnel.title"),
        table(heads, rows, "funnel"),
        note(say("funnel.note")),
        _expected(run, recipe),
    )


def _expected(run: RunRecord, recipe: Recipe) -> str:
    checks = expectations(recipe.expect, run)
    if not checks:
        return ""
    rows = []
    for check in checks:
        name = say(f"expect.{check.name}")
        if check.about:
            name += f" {code(check.about)}"
        low = "" if check.low is None else percent(check.low)
        high = "" if check.high is None else percent(check.high)
        wanted = f"{low} – {high}" if low and high else f"≥ {low}" if low else f"≤ {high}"
        kind, verdict = ("good", "expect.ok") if check.ok else ("bad", "expect.off")
        rows.append(
            [name, wanted, percent(check.value), f'<span class="{kind}">{say(verdict)}</span>']
        )
    heads = [
        Head("expect.what"),
        Head("expect.wanted", numbers=True),
        Head("expect.found", numbers=True),
        Head("expect.verdict"),
    ]
    return f"<h3>{say('expect.title')}</h3>{table(heads, rows, 'narrow')}"
