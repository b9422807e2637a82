"""
The page of a run, in Markdown: what became of the texts, beside what it was before, and samples.

It is all that a person needs who opens a run in Prefect's pages, which may be on another machine
than the release.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from seimai.pipeline.messages import MESSAGES, sentence
from seimai.pipeline.report.funnel import (
    Check,
    Reason,
    funnel,
    kept_characters_share,
    most_first,
    reasons,
    share,
)
from seimai.pipeline.run_record import RunRecord

REASONS = 15
SOURCES = 20
"""Rows of the table of sources; the report has them all."""

EXCERPT = 160
"""Characters of a text that are shown, about three lines of a page."""

LARGEST_ROW_GROUP = 256_000_000
"""Row groups of more bytes are not unpacked: only three texts are to be shown."""

_SIGNS = re.compile(r"[\\`*_{}\[\]()#+!|~<>&$-]")
"""What Markdown, or HTML inside it, could take for something else than a letter."""


@dataclass(frozen=True)
class Where:
    """What a page says of the place of a release."""

    folder: Path
    report_url: str | None = None
    """An address of the report, in which {out} and {recipe} stand for the run's."""


def page(
    run: RunRecord,
    before: RunRecord | None,
    checks: Sequence[Check],
    where: Where,
    samples: int,
    changes: Mapping[str, Any] | None = None,
) -> str:
    """The whole page; `before` is what was in the folder when the run began."""
    lines = [f"### {plain(str(run['about'].get('title') or run['recipe']))}", ""]
    lines += [characters(run), ""]
    lines += _table(funnel_rows(run, before))
    if changes:
        counts = {name: f"{changes[name]:,}" for name in ("added", "removed", "changed")}
        lines += ["", sentence("flow.changes", **counts)]
    for title, rows in (
        ("flow.reasons", reason_rows(run, before)[:REASONS]),
        ("flow.sources", source_rows(run, before)),
        ("flow.causes", cause_rows(run, before)),
        ("expect.title", check_rows(checks)),
    ):
        if rows:
            lines += ["", f"#### {sentence(title)}", "", *_table(rows)]
    lines += _samples(run, where.folder / "release", samples)
    lines += ["", f"#### {sentence('flow.release')}", "", *_places(run, where)]
    return "\n".join(lines)


def characters(run: RunRecord) -> str:
    """精米歩合 in one sentence."""
    letters = run["characters"]
    return sentence(
        "funnel.characters",
        kept=f"{letters['kept']:,}",
        read=f"{letters['read']:,}",
        share=f"{100 * kept_characters_share(run):.1f}%",
    )


def funnel_rows(run: RunRecord, before: RunRecord | None) -> list[dict[str, str]]:
    """The funnel with the figures of the run before."""
    old = {step.name: step for step in funnel(before)} if before else {}
    return [
        {
            sentence("flow.step"): sentence(f"funnel.{step.name}"),
            **_counted(step.count, step.share),
            **_beside(step.count, old[step.name].count if step.name in old else None),
        }
        for step in funnel(run)
    ]


def reason_rows(run: RunRecord, before: RunRecord | None) -> list[dict[str, str]]:
    """The reasons with the figures of the run before; one that is gone is told as well."""
    old = {reason.name: reason for reason in reasons(before)} if before else {}
    found = reasons(run)
    names = {one.name for one in found}
    found += [Reason(name, 0, 0, 0.0) for name in old if name not in names]

    def was(name: str) -> int | None:
        return (old[name].count if name in old else 0) if before else None

    return [
        {
            sentence("flow.reason"): one.name,
            **_counted(one.count, one.share),
            sentence("flow.alone"): f"{one.alone:,}",
            **_beside(one.count, was(one.name)),
        }
        for one in found
    ]


def source_rows(run: RunRecord, before: RunRecord | None) -> list[dict[str, str]]:
    """What became of each source, the largest first."""
    old = before["sources"] if before else {}
    found = sorted(run["sources"].items(), key=lambda item: (-item[1]["read"], item[0]))
    return [
        {
            sentence("flow.source"): plain(name),
            sentence("flow.read"): f"{counts['read']:,}",
            sentence("flow.kept"): f"{counts['kept']:,}",
            sentence("flow.share"): _percent(share(counts["kept"], counts["read"])),
            **_beside(counts["kept"], old[name]["kept"] if name in old else None),
        }
        for name, counts in found[:SOURCES]
    ]


def cause_rows(run: RunRecord, before: RunRecord | None) -> list[dict[str, str]]:
    """Table rows: why records are in quarantine, beside the run before."""
    old = before["quarantine_causes"] if before else {}
    return [
        {
            sentence("flow.cause"): _cause(cause),
            **_counted(count, share(count, run["counts"]["read"])),
            **_beside(count, old.get(cause, 0) if before else None),
        }
        for cause, count in most_first(run["quarantine_causes"])
    ]


def _cause(cause: str) -> str:
    known = f"cause.{cause}"
    return sentence(known) if known in MESSAGES else cause


def check_rows(checks: Sequence[Check]) -> list[dict[str, str]]:
    """Whether the run is as its recipe expects."""
    return [
        {
            sentence("flow.expected"): sentence(f"expect.{check.name}"),
            sentence("flow.value"): bounds(check),
            sentence("flow.verdict"): ("✅ " if check.ok else "❌ ")
            + sentence("expect.ok" if check.ok else "expect.off"),
        }
        for check in checks
    ]


def bounds(check: Check) -> str:
    """
    A check with its bounds.

    >>> bounds(Check("kept_share", 0.3, 0.4, None))
    '0.40 ≤ 0.30'
    """
    low = f"{check.low:.2f} ≤ " if check.low is not None else ""
    high = f" ≤ {check.high:.2f}" if check.high is not None else ""
    return f"{low}{check.value:.2f}{high}" + (f" ({check.about})" if check.about else "")


def _counted(count: int, part: float) -> dict[str, str]:
    return {sentence("flow.texts"): f"{count:,}", sentence("flow.share"): _percent(part)}


def _beside(now: int, before: int | None) -> dict[str, str]:
    """Cells of a table: a number of the run before, and by how much that of this run differs."""
    if before is None:
        return {sentence("flow.before"): "–", sentence("flow.difference"): "–"}
    difference = now - before
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    return {
        sentence("flow.before"): f"{before:,}",
        sentence("flow.difference"): f"{sign}{abs(difference):,}",
    }


def _percent(part: float) -> str:
    return f"{100 * part:.1f}%"


def _table(rows: Sequence[Mapping[str, str]]) -> list[str]:
    heads = list(rows[0])
    # The first column is words, the others are figures.
    lines = [f"| {' | '.join(heads)} |", f"|---|{'--:|' * (len(heads) - 1)}"]
    return lines + [f"| {' | '.join(row.values())} |" for row in rows]


# --- samples -------------------------------------------------------------------------------


def _samples(run: RunRecord, release: Path, count: int) -> list[str]:
    """A few kept texts and a few rejected ones, from all over the release."""
    if not count or not run["recipe_resolved"].get("report", {}).get("samples", 1):
        return []
    lines = []
    for kind, title in (("data/", "flow.samples_kept"), ("rejected/", "flow.samples_rejected")):
        found = list(_spread(run, release, kind, count))
        if found:
            lines += ["", f"#### {sentence(title)}", ""]
        for row in found:
            reason = row.get("first_reason")
            about = f"{code(str(row['id']))}" + (f" · {code(str(reason))}" if reason else "")
            lines += [f"> {about}  ", f"> {excerpt(row['text'] or '')}", ""]
    return lines


def _spread(run: RunRecord, release: Path, kind: str, count: int) -> Iterator[dict[str, Any]]:
    """`count` rows at equal distances over the files of a kind."""
    files = [one for one in run["outputs"] if one["path"].startswith(kind)]
    total = sum(one["rows"] for one in files)
    places = sorted({(2 * k + 1) * total // (2 * count) for k in range(count)} if total else ())
    begin = 0
    for one in files:
        inside = [place - begin for place in places if begin <= place < begin + one["rows"]]
        begin += one["rows"]
        if inside:
            yield from _rows(release / one["path"], inside)


def _rows(path: Path, places: Sequence[int]) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(path) as parquet:
        names = {"id", "text", "first_reason"} & set(parquet.schema_arrow.names)
        begin = 0
        for group in range(parquet.num_row_groups):
            about = parquet.metadata.row_group(group)
            inside = [place - begin for place in places if begin <= place < begin + about.num_rows]
            begin += about.num_rows
            if inside and about.total_byte_size <= LARGEST_ROW_GROUP:
                table = parquet.read_row_group(group, columns=sorted(names))
                yield from table.take(inside).to_pylist()


def excerpt(text: str) -> str:
    r"""
    The beginning of a text in one line, its signs harmless.

    >>> excerpt("米を*研ぐ*。\n\n# 二行目"), len(excerpt("稲" * 1000))
    ('米を&#42;研ぐ&#42;。 &#35; 二行目', 161)
    """
    line = " ".join(text[: 4 * EXCERPT].split())
    more = "…" if len(line) > EXCERPT or len(text) > 4 * EXCERPT else ""
    return plain(line[:EXCERPT]) + more


def plain(text: str) -> str:
    """A text that Markdown and HTML show as it is; control characters are left out."""
    printable = "".join(letter for letter in text if letter.isprintable())
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", printable)


def code(text: str) -> str:
    """A name as code; what would end the code is left out."""
    return f"`{''.join(letter for letter in text if letter.isprintable() and letter != '`')[:80]}`"


# --- places --------------------------------------------------------------------------------


def _places(run: RunRecord, where: Where) -> list[str]:
    """Where the release is. Browsers follow no file links from a page, so paths are none."""
    release = where.folder.resolve() / "release"
    lines = [
        f"- {sentence('flow.host')}: {code(socket.gethostname())}",
        f"- {sentence('flow.data')}: {code(str(release))}",
        f"- {sentence('flow.report')}: {code(str(release / 'report.html'))}",
    ]
    if where.report_url:
        address = filled(where.report_url, where.folder, run["recipe"])
        lines[-1] = f"- {sentence('flow.report')}: [{plain(address)}]({address})"
    return lines


def filled(template: str, folder: Path, recipe: str) -> str:
    """
    The address of a report; whatever else is in braces stays.

    >>> filled("https://files.example/{out}/release/report.html", Path("out/web"), "web")
    'https://files.example/out/web/release/report.html'
    """
    address = template.replace("{out}", folder.as_posix()).replace("{recipe}", recipe)
    # Nothing may end the link, or be run by who follows it.
    address = re.sub(r"[\s()<>\"']", lambda sign: f"%{ord(sign[0]):02X}", address)
    return address if re.match(r"https?://", address) else ""
