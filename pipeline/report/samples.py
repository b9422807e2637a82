"""Sections that show texts: kept, rejected, close calls, duplicates side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seimai.pipeline.messages import MESSAGES
from seimai.pipeline.report.choose import SIZES, CloseCall
from seimai.pipeline.report.funnel import bound_text, limit_text
from seimai.pipeline.report.markup import (
    Head,
    both,
    code,
    count,
    escape,
    folded,
    note,
    number,
    say,
    section,
    table,
)
from seimai.pipeline.report.reasons import reason_name
from seimai.pipeline.report.texts import (
    Excerpt,
    Struck,
    Text,
    marked,
    side_by_side,
    with_struck,
)
from seimai.pipeline.stored_numbers import with_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seimai.pipeline.job import Job
    from seimai.pipeline.report.choose import Findings, Ranked, RowAddress
    from seimai.pipeline.report.highlights import Highlights, Spans
    from seimai.pipeline.report.pairs import Pair, Pairs
    from seimai.pipeline.run_record import RunRecord

ID_SHOWN = 60
"""Characters of an id or URL that are shown; some are as long as a paragraph."""

STRUCK_SHOWN = 80
"""Characters shown of a line that cleaners took out."""

_BLANK_LINES = re.compile(r"[ \t]*\n[ \t\n]*")


# --- samples -------------------------------------------------------------------------------


def samples_section(
    job: Job,
    run: RunRecord,
    found: Findings,
    texts: Mapping[RowAddress, Text],
    highlights: Highlights,
) -> str:
    """Kept texts, rejected ones by their first reason, and those nearest to the limits."""
    if not job.recipe.report.samples:
        return section("samples", say("samples.title"), note(say("samples.off")))
    # One mapping for all cards: each of its own would read what texts share anew.
    signals = with_places(job)

    def card(one: Ranked, reason: str | None, value: float | None = None) -> str:
        signal = signals.get(reason) if reason is not None else None
        find = highlights.of(signal) if signal else None
        return _sample(job, texts[one.place], reason, find, value)

    kept = [card(one, None) for one in found.kept]
    firsts = {row["reason"]: row["first"] for row in run["reasons"]}
    parts = [
        note(say("samples.note")),
        f"<h3>{say('samples.kept')}</h3>",
        _grid(kept),
        f"<h3>{say('samples.rejected')}</h3>",
    ]
    rejected = [
        folded(
            f"{reason_name(reason, job.recipe, linked=False)}"
            f'<span class="n">{say("samples.count", count=count(firsts.get(reason, 0)))}</span>',
            _grid([card(one, reason) for one in found.rejected[reason]]),
        )
        for reason in job.recipe.reasons
        if reason in found.rejected
    ]
    parts += rejected or [note(say("samples.none"))]
    close = list(_close_calls(job, found, card))
    if close:
        parts += [f"<h3>{say('samples.close')}</h3>", note(say("samples.close_note")), *close]
    return section("samples", say("samples.title"), *parts)


def _close_calls(job: Job, found: Findings, card: Callable[..., str]) -> Iterator[str]:
    for name, limit in job.recipe.limits.items():
        inside = "".join(_around(job, found, card, name, bound) for bound in ("min", "max"))
        if inside:
            allowed = limit_text(limit.min, limit.max)
            yield folded(f'{code(name)}<span class="n">{allowed}</span>', inside)


def _around(job: Job, found: Findings, card: Callable[..., str], name: str, bound: str) -> str:
    """The texts on both sides of one bound, with the bound between them."""
    outside = found.close.get(CloseCall(name, bound, outside=True), [])
    inside = found.close.get(CloseCall(name, bound, outside=False), [])
    at = getattr(job.recipe.limits[name], bound)
    if at is None or not (outside or inside):
        return ""

    def side(ranked: Sequence[Ranked]) -> str:
        return _grid([card(one, name, one.value) for one in ranked])

    return (
        f"{side(list(reversed(outside)))}"
        f'<p class="line-label">{code(name)} {"≥" if bound == "min" else "≤"} {bound_text(at)}</p>'
        f'<hr class="line">{side(inside)}'
    )


def _grid(samples: Sequence[str]) -> str:
    return (
        f'<div class="samples">{"".join(samples)}</div>' if samples else note(say("samples.none"))
    )


def _sample(
    job: Job,
    text: Text,
    reason: str | None,
    find: Callable[[str], Spans] | None,
    value: float | None = None,
) -> str:
    """One text: verdict, the value asked for, where it comes from, all reasons, a part of it."""
    cut, fault = marked(text, reason or "", find)
    kind, verdict = ("r", "rejected") if text.reasons else ("k", "kept")
    facts = [f'<span class="tag {kind}">{say(f"samples.verdict_{verdict}")}</span>']
    if value is not None:
        facts.append(f'<span class="value">{number(value)}</span> · ')
    facts.append(" · ".join(origin_of(text)))
    lines = [f'<p class="from">{"".join(facts)}</p>']
    others = [
        f"{reason_name(name, job.recipe, linked=False)} {number(found)}"
        for name, found in text.reasons
        if name != reason or value is None
    ]
    if others:
        lines.append(f'<p class="from">{" · ".join(others)}</p>')
    if fault:
        lines.append(note(say("samples.no_marks", fault=escape(fault))))
    return f'<article class="sample">{"".join(lines)}{quote(text, cut)}</article>'


def origin_of(text: Text) -> Iterator[str]:
    """Id, source, URL and length of a text."""
    yield code(_short(text.id))
    if text.source:
        yield escape(_short(text.source))
    if text.url and text.url != text.id:
        # Not a link: the page is for looking at, and what it shows comes from anywhere.
        yield escape(_short(text.url))
    yield say("samples.length", count=count(text.length))
    if text.removed:
        yield say("samples.removed", count=count(text.removed))


def _short(name: str) -> str:
    return name if len(name) <= ID_SHOWN else f"{name[: ID_SHOWN - 20]}…{name[-19:]}"


def quote(text: Text, cut: Excerpt) -> str:
    """An excerpt as HTML; what cleaners took out is struck through, with what it was."""
    inside: list[str] = []
    for piece in with_struck(text, cut).pieces:
        if isinstance(piece, Struck):
            inside.append(_struck(piece, begins=not inside or inside[-1].endswith("\n")))
        else:
            said = escape(_tight(piece[0]))
            inside.append(f"<mark>{said}</mark>" if piece[1] else said)
    before = "…" if cut.cut_before else ""
    after = "…" if cut.cut_after else ""
    return f'<blockquote lang="ja" tabindex="0">{before}{"".join(inside)}{after}</blockquote>'


def _struck(struck: Struck, *, begins: bool) -> str:
    """Lines of their own, each in `del` with a word for what it was."""
    lines, before = [], ""
    for gone in struck.lines:
        said = gone.text.strip().replace("\n", " ")
        said = said if len(said) <= STRUCK_SHOWN else f"{said[:STRUCK_SHOWN]}…"
        kind = gone_kind(gone.cleaner, gone.kind)
        lines.append(
            f"<del>{escape(said)}</del>" + (f" <small>{kind}</small>" if kind != before else "")
        )
        before = kind
    if struck.more:
        lines.append(f"<small>{say('removed.more', count=count(struck.more))}</small>")
    return ("" if begins else "\n") + "\n".join(lines) + "\n"


def gone_kind(cleaner: str, kind: str) -> str:
    """What a line was that a cleaner took out: in words, else the name of the cleaner."""
    key = f"gone.{kind}"
    return both(MESSAGES[key]) if kind and key in MESSAGES else code(cleaner)


def _tight(piece: str) -> str:
    """Without blank lines: some pages hold little else."""
    return _BLANK_LINES.sub("\n", piece)


# --- duplicates ----------------------------------------------------------------------------


def duplicates_section(
    job: Job, found: Findings, pairs: Pairs, texts: Mapping[RowAddress, Text]
) -> str:
    """The largest groups and the least similar pairs, keeper and member side by side."""
    title = say("twins.title")
    if job.recipe.dedup is None:
        return section("duplicates", title, note(say("twins.off")))
    if not found.sizes:
        shown = _apart(texts, pairs) if job.recipe.report.samples else []
        return section("duplicates", title, note(say("twins.none")), *shown)
    sizes = table(
        [Head("twins.sizes"), Head("twins.groups", numbers=True)],
        [[_class(size), count(groups)] for size, groups in sorted(found.sizes.items())],
        "narrow",
    )
    if not job.recipe.report.samples:
        return section("duplicates", title, sizes, note(say("samples.off")))
    return section(
        "duplicates",
        title,
        sizes,
        note(say("twins.note")),
        f"<h3>{say('twins.largest')}</h3>",
        *(_pair(texts, pair) for pair in pairs.largest),
        f"<h3>{say('twins.least')}</h3>",
        *(_pair(texts, pair) for pair in pairs.least),
        *_apart(texts, pairs),
    )


def _apart(texts: Mapping[RowAddress, Text], pairs: Pairs) -> list[str]:
    """What lies just below the limit, and what stands in longer texts."""
    shown = []
    for key, some in (("apart", pairs.apart), ("contained", pairs.contained)):
        if some:
            shown += [f"<h3>{say(f'twins.{key}')}</h3>", note(say(f"twins.{key}_note"))]
            shown += [_pair(texts, pair) for pair in some]
    return shown


def _class(size: int) -> str:
    """A class of group sizes by where it begins and the next one does."""
    later = [begin for begin in SIZES if begin > size]
    if not later:
        return f"{size:,} –"
    return str(size) if later[0] == size + 1 else f"{size:,} – {later[0] - 1:,}"


def _pair(texts: Mapping[RowAddress, Text], pair: Pair) -> str:
    keeper, member = texts[pair.keeper], texts[pair.member]
    left, right = side_by_side(keeper, member)
    facts = [say("twins.size", count=count(pair.size))] if pair.size else []
    alike = member.similarity if pair.alike is None else pair.alike
    facts.append(say("twins.similarity", value=f"{alike:.3f}"))
    right_tag = ("twins.keeper", "k") if pair.stays else ("twins.member", "r")

    def side(text: Text, cut: Excerpt, key: str, kind: str) -> str:
        tag = f'<span class="tag {kind}">{say(key)}</span>'
        origin = " · ".join(origin_of(text))
        return f'<div class="sample"><p class="from">{tag}{origin}</p>{quote(text, cut)}</div>'

    return (
        f'<div class="pair"><p>{" · ".join(facts)}</p><div class="two">'
        f"{side(keeper, left, 'twins.keeper', 'k')}{side(member, right, *right_tag)}"
        "</div></div>"
    )


def places_to_read(found: Findings) -> list[RowAddress]:
    """Every text that the samples name."""
    lists = [found.kept, *found.rejected.values(), *found.close.values()]
    return [one.place for ranked in lists for one in ranked]
