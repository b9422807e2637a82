"""What became of the texts of a run, as data and as the lines that end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seimai.pipeline.cli.output import percent
from seimai.pipeline.cli.terminal import bar, columns
from seimai.pipeline.engine.progress import duration
from seimai.pipeline.messages import MESSAGES, sentence
from seimai.pipeline.report.drift import PREFIX
from seimai.pipeline.report.funnel import (
    Check,
    Format,
    formats,
    funnel,
    kept_characters_share,
    most_first,
    reasons,
)
from seimai.pipeline.report.notices import markup_met, named_otherwise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from seimai.pipeline.run_record import RunRecord

TOP_REASONS = 8
"""At most this many reasons are shown after a run; the report has them all."""

BAR_CELLS = 20


def outcome(run: RunRecord, checks: Sequence[Check]) -> dict[str, Any]:
    """What became of the texts of a run, as data for JSON."""
    return {
        "counts": run["counts"],
        "characters": run["characters"],
        "kept_share_of_characters": kept_characters_share(run),
        "funnel": [vars(step) for step in funnel(run)],
        "formats": run["formats"],
        "unfinished": run.get("unfinished", []),
        "concerns": run.get("concerns", []),
        "reasons": [vars(reason) for reason in reasons(run)],
        "gave_up": run.get("gave_up", []),
        "markup": run.get("markup", {}),
        "named_otherwise": run.get("named_otherwise", []),
        "expect": [{**vars(check), "ok": check.ok} for check in checks],
    }


def summary(run: RunRecord, checks: Sequence[Check], out: Path, seconds: float) -> list[str]:
    """The lines after a run: funnel, reasons, expectations, where everything is."""
    lines = ["", *_funnel(run), *_formats(formats(run))]
    found = reasons(run)
    if found:
        lines += ["", f"  {sentence('funnel.reasons')}"]
        rows = [
            (
                f"    {reason.name}",
                f"{reason.count:,}",
                f"{100 * reason.share:.1f}%",
                sentence("funnel.alone", count=f"{reason.alone:,}"),
            )
            for reason in found[:TOP_REASONS]
        ]
        lines += columns(rows, frozenset({1, 2}))
        if len(found) > TOP_REASONS:
            lines.append(f"    {sentence('funnel.more', count=len(found) - TOP_REASONS)}")
    if checks:
        lines += ["", *expected_lines(checks)]
    told = [f"  {sentence('run.markup', **values)}" for values in markup_met(run)]
    if otherwise := named_otherwise(run):
        told.append(f"  {sentence('run.named_otherwise', **otherwise)}")
    lines += ["", *told] if told else []
    lines += ["", f"  {sentence('run.release', path=out / 'release')}"]
    if (out / "release" / "report.html").exists():
        lines.append(f"  {sentence('run.report', path=out / 'release' / 'report.html')}")
    lines += changed_lines(out)
    if run["counts"]["quarantined"]:
        count = f"{run['counts']['quarantined']:,}"
        place = out / "release" / "quarantine"
        lines.append(f"  {sentence('funnel.quarantine', count=count, path=place)}")
    if run.get("ids_twice"):
        count = f"{run['ids_twice']:,}"
        lines.append(f"  {sentence('run.ids_twice', count=count)}")
    lines.append(f"  {sentence('run.took', time=duration(seconds))}")
    return lines


def changed_lines(out: Path) -> list[str]:
    """What a release has that the one before it had not, and the other way round."""
    from seimai.pipeline.stages.told_changes import CHANGES, read

    found = read(out)
    if found is None:
        return []
    counts = {name: f"{found[name]:,}" for name in ("added", "removed", "changed")}
    return [f"  {sentence('run.changes', path=out / CHANGES, **counts)}"]


def _funnel(run: RunRecord) -> list[str]:
    rows = [
        (
            f"  {sentence(f'funnel.{step.name}')}",
            f"{step.count:,}",
            "" if step.name == "read" else f"{100 * step.share:.1f}%",
            bar(step.share, BAR_CELLS),
        )
        for step in funnel(run)
        if step.count or step.name in ("read", "kept")
    ]
    letters = run["characters"]
    share = percent(letters["kept"], letters["read"]) or "–"
    amounts = {"kept": f"{letters['kept']:,}", "read": f"{letters['read']:,}", "share": share}
    return [*columns(rows, frozenset({1, 2})), f"  {sentence('funnel.characters', **amounts)}"]


def _formats(found: Sequence[Format]) -> list[str]:
    """What was read in which format and encoding; one clean format needs no table."""
    if len(found) < 2 and not any(one.quarantined or one.skipped for one in found):
        return []
    rows: list[tuple[str, str, str]] = []
    for one in found:
        encodings = " · ".join(f"{name} {count:,}" for name, count in most_first(one.encodings))
        code = f"format.{one.name}" if one.name else "funnel.unknown_format"
        name = sentence(code) if code in MESSAGES else one.name
        rows.append((f"    {name}", f"{one.documents:,}", encodings))
        for what, family, counts in (
            ("quarantined", "cause", one.quarantined),
            ("skipped", "skipped", one.skipped),
        ):
            if counts:
                rows.append(("", "", _causes(what, family, counts)))
    return ["", f"  {sentence('funnel.formats')}", *columns(rows, frozenset({1}))]


def _causes(what: str, family: str, counts: Mapping[str, int]) -> str:
    said = [
        f"{sentence(code) if (code := f'{family}.{cause}') in MESSAGES else cause} {count:,}"
        for cause, count in most_first(counts)
    ]
    return sentence(f"funnel.of_{what}", causes=" · ".join(said))


def expected_lines(checks: Sequence[Check]) -> list[str]:
    """What was expected of the run, and what it came to."""
    rows = []
    for check in checks:
        verdict = sentence("expect.ok" if check.ok else "expect.off")
        name = sentence(f"expect.{check.name}")
        rows.append((f"    {name}", check_text(check), verdict, check.about))
    return [f"  {sentence('expect.title')}", *columns(rows)]


def check_text(check: Check) -> str:
    """
    A value between its bounds, with a sign where it is a difference.

    >>> check_text(Check("kept_share", 0.5, 0.4, None))
    '0.40 ≤ 0.50'
    >>> check_text(Check("drift_kept_share", -0.012, -0.05, 0.05))
    '−0.050 ≤ −0.012 ≤ +0.050'
    """
    said = _signed if check.name.startswith(PREFIX) else "{:.2f}".format
    if check.name == f"{PREFIX}sources_gone":
        said = "{:.0f}".format
    low = f"{said(check.low)} ≤ " if check.low is not None else ""
    high = f" ≤ {said(check.high)}" if check.high is not None else ""
    return f"{low}{said(check.value)}{high}"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
