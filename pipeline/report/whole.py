"""
The whole report: every section of the page, in its order.

It opens from disk and asks nothing of a network. Counts come from `run.json`, histograms and
samples from the stage files, one shard at a time. Both languages stand in the page. Whatever
comes from a document is escaped, and a content security policy lets only our own script run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seimai.pipeline.report import (
    apart,
    counts,
    hidden,
    inputs,
    origin,
    reasons,
    removed,
    samples,
    signals,
    unread,
)
from seimai.pipeline.report.choose import look_through
from seimai.pipeline.report.highlights import Highlights
from seimai.pipeline.report.markup import escape, say
from seimai.pipeline.report.page import whole_page
from seimai.pipeline.report.pairs import pair_up
from seimai.pipeline.report.texts import read_texts
from seimai.pipeline.report.whence import trace
from seimai.pipeline.report.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seimai.pipeline.job import Job
    from seimai.pipeline.report.choose import Findings, RowAddress
    from seimai.pipeline.report.pairs import Pairs
    from seimai.pipeline.report.texts import Text
    from seimai.pipeline.report.whence import Whence
    from seimai.pipeline.run_record import RunRecord

CONTENTS = (
    ("funnel", "funnel.title"),
    ("reasons", "reasons.title"),
    ("sources", "sources.title"),
    ("apart", "apart.title"),
    ("formats", "formats.title"),
    ("unread", "unread.title"),
    ("signals", "signals.title"),
    ("samples", "samples.title"),
    ("removed", "removed.title"),
    ("hidden", "hidden.title"),
    ("duplicates", "twins.title"),
    ("time", "time.title"),
    ("made", "made.title"),
)
"""The sections, in their order."""


@dataclass(frozen=True)
class Seen:
    """All of the page that comes from the stage files; `run.json` is not needed for it."""

    found: Findings
    whence: Whence
    pairs: Pairs
    gone: removed.Removed
    texts: Mapping[RowAddress, Text]
    hidden: hidden.Hidden


def look(job: Job, names: Sequence[str]) -> Seen:
    """Look through the stage files, once there are verdicts."""
    found = look_through(job, names)
    pairs = pair_up(job, names, found)
    gone = removed.find_removed(job, names)
    places = [*samples.places_to_read(found), *pairs.places, *gone.places]
    texts = read_texts(job, names, places)
    return Seen(found, trace(job, names), pairs, gone, texts, hidden.find_hidden(job, names))


def render(
    job: Job,
    names: Sequence[str],
    content: RunRecord,
    quarantine: Sequence[str] = (),
    seen: Seen | None = None,
) -> str:
    """The whole page; `seen` is what somebody has looked for already."""
    seen = seen or look(job, names)
    found, whence, pairs, texts = seen.found, seen.whence, seen.pairs, seen.texts
    missing = unread.find_unread(job, names, quarantine, _known_inputs(content))
    highlights = Highlights(job)
    body = "\n".join(
        [
            _header(content),
            _contents(content),
            "<main>",
            counts.first_figure(content),
            counts.funnel_section(content, job.recipe, whence.characters),
            reasons.reasons_section(content, job.recipe),
            inputs.sources_section(content, whence),
            apart.apart_section(content),
            inputs.formats_section(content),
            unread.unread_section(content, missing),
            signals.signals_section(job, content, found),
            samples.samples_section(job, content, found, texts, highlights),
            removed.removed_section(job, seen.gone, texts),
            hidden.hidden_section(job, seen.hidden),
            samples.duplicates_section(job, found, pairs, texts),
            origin.time_section(content),
            origin.made_section(content),
            "</main>",
        ]
    )
    highlights.leave()
    named = WORDS["page.title"]
    title = _title(content)
    return whole_page(named.en.format(title=title), named.ja.format(title=title), body)


def _known_inputs(content: RunRecord) -> list[str]:
    """The keys of all inputs; none where `run.json` names only the first of very many."""
    inputs = content["inputs"]
    whole = len(inputs) == content.get("input_count", len(inputs))
    return [one["key"] for one in inputs] if whole else []


def _title(content: RunRecord) -> str:
    return escape(content["about"].get("title") or content["recipe"])


def _header(content: RunRecord) -> str:
    recipe = say(
        "page.recipe",
        recipe=f"<b>{escape(content['recipe'])}</b>",
        version=str(content["recipe_resolved"].get("version", 1)),
    )
    fingerprint = f"Seimai {escape(content['versions'].get('seimai', ''))}"
    return (
        f'<header><div><p class="kind">{say("page.kind")}</p><h1>{_title(content)}</h1>'
        f'<p class="kind">{recipe} · {fingerprint}</p>'
        f'<p class="kind">{" · ".join(origin.when_and_what(content))}</p></div>'
        # Without script the page stays in one language, and a dead button would only puzzle.
        '<button id="language" type="button" hidden></button></header>'
    )


def _contents(content: RunRecord) -> str:
    there = [one for one in CONTENTS if one[0] != "apart" or apart.is_told_apart(content)]
    links = "".join(f'<li><a href="#{name}">{say(key)}</a></li>' for name, key in there)
    label = f'<h2 class="unseen" id="contents">{say("page.contents")}</h2>'
    return f'<nav aria-labelledby="contents">{label}<ul>{links}</ul></nav>'
