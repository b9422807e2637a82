"""Sections that only count: funnel, expectations, reasons, sources, how the input was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.messages import MESSAGES
from seimai.pipeline.report.funnel import (
    DEDUP,
    expectations,
    formats,
    funnel,
    kept_characters_share,
    limit_text,
    most_first,
    share,
)
from seimai.pipeline.report.markup import (
    LONG,
    Head,
    bar,
    both,
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
from seimai.pipeline.report.notices import markup_met

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.report.whence import Tally, Whence
    from seimai.pipeline.run_record import RunRecord


COMBINATIONS_SHOWN = 12


MOST_ROWS = 300
"""Rows of a table that may have as many as there are sources."""

PLACES_SHOWN = 50
"""Hosts, and folders, that are listed."""


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


# --- reasons -------------------------------------------------------------------------------


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


# --- input ---------------------------------------------------------------------------------


def sources_section(run: RunRecord, found: Whence) -> str:
    """What became of each source, the largest first."""
    sources = sorted(run["sources"].items(), key=lambda item: (-item[1]["read"], item[0]))
    sums = found.sources.sums
    rows = [
        [
            code(name),
            count(row["read"]),
            count(row["kept"]),
            count(row["rejected"]),
            count(row["duplicates"]),
            percent(share(row["kept"], row["read"])),
            percent(share(sums[name][3], sums[name][2])) if name in sums else "–",
            bar([(0.0, share(row["kept"], row["read"]), "fill-kept")]),
        ]
        for name, row in sources[:MOST_ROWS]
    ]
    heads = [
        Head("head.source"),
        Head("head.read", numbers=True),
        Head("head.kept", numbers=True),
        Head("head.rejected", numbers=True),
        Head("head.duplicates", numbers=True),
        Head("head.kept_share", numbers=True),
        Head("head.kept_characters_share", numbers=True),
        Head("head.chart", wide=True),
    ]
    markup = [
        note(both(MESSAGES["run.markup"], **{name: escape(value) for name, value in one.items()}))
        for one in markup_met(run)
    ]
    left_out = len(sources) - len(rows)
    return section(
        "sources",
        say("sources.title"),
        table(heads, rows, LONG),
        note(say("page.in_run", count=count(left_out))) if left_out else "",
        *markup,
        *_places(found.hosts, "hosts"),
        *_places(found.folders, "folders"),
    )


def _places(tally: Tally, kind: str) -> Iterator[str]:
    """The hosts or folders with the most characters, where there is more than one."""
    if len(tally.sums) < 2 and not tally.let_go:
        return
    most = tally.most(PLACES_SHOWN)
    whole = max((one.characters for one in most), default=0) or 1
    rows = [
        [
            code(one.name),
            count(one.texts),
            count(one.characters),
            percent(share(one.kept, one.texts)),
            percent(share(one.kept_characters, one.characters)),
            bar(
                [
                    (0.0, one.kept_characters / whole, "fill-kept"),
                    (
                        one.kept_characters / whole,
                        (one.characters - one.kept_characters) / whole,
                        "fill-lost",
                    ),
                ]
            ),
        ]
        for one in most
    ]
    heads = [
        Head(f"head.{kind}"),
        Head("head.texts", numbers=True),
        Head("head.characters", numbers=True),
        Head("head.kept_share", numbers=True),
        Head("head.kept_characters_share", numbers=True),
        Head("head.chart", wide=True),
    ]
    yield f"<h3>{say(f'sources.{kind}')}</h3>{table(heads, rows, 'long')}"
    left_out = len(tally.sums) - len(rows)
    if tally.let_go:
        yield note(say("sources.about"))
    elif left_out:
        yield note(say("page.more", count=count(left_out)))


def formats_section(run: RunRecord) -> str:
    """What was read per format and encoding, quarantined and why, and skipped on purpose."""
    rows = [
        [
            _format(one.name),
            count(one.documents),
            _counted(one.encodings, ""),
            _counted(one.quarantined, "cause."),
            _counted(one.skipped, "skipped."),
        ]
        for one in formats(run)
    ]
    heads = [
        Head("head.format"),
        Head("head.records", numbers=True),
        Head("head.encodings"),
        Head("head.quarantined"),
        Head("head.skipped"),
    ]
    fine = not run["quarantine_causes"]
    return section(
        "formats",
        say("formats.title"),
        table(heads, rows),
        note(say("formats.no_quarantine")) if fine else "",
    )


def _format(name: str) -> str:
    """The name of a format, or what a file is that has no reader, in words."""
    key = f"format.{name}" if name else "funnel.unknown_format"
    return both(MESSAGES[key]) if key in MESSAGES else code(name)


def _counted(counts: Mapping[str, int], family: str) -> str:
    """Names with their counts; causes as the other screens say them."""
    return "<br>".join(
        f"{both(MESSAGES[family + name]) if family + name in MESSAGES else code(name)}"
        f" {count(found)}"
        for name, found in most_first(counts)
    )
