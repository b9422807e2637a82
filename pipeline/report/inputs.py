"""What was read: what each source, host and folder gave, and in which formats and encodings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.messages import MESSAGES
from seimai.pipeline.report.funnel import formats, most_first, share
from seimai.pipeline.report.markup import (
    LONG,
    Head,
    bar,
    both,
    code,
    count,
    escape,
    note,
    percent,
    say,
    section,
    table,
)
from seimai.pipeline.report.notices import markup_met, named_otherwise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.report.whence import Tally, Whence
    from seimai.pipeline.run_record import RunRecord

MOST_ROWS = 300
"""Rows of a table that may have as many as there are sources."""

PLACES_SHOWN = 50
"""Hosts, and folders, that are listed."""


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
    otherwise = named_otherwise(run)
    named = {name: escape(value) for name, value in (otherwise or {}).items()}
    left_out = len(sources) - len(rows)
    return section(
        "sources",
        say("sources.title"),
        table(heads, rows, LONG),
        note(say("page.in_run", count=count(left_out))) if left_out else "",
        *markup,
        note(both(MESSAGES["run.named_otherwise"], **named)) if named else "",
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
