"""`signals`, `verify`, `doctor`, `report`: look at things, change nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.cli.terminal import columns, folded
from seimai.pipeline.descriptions import description, first_sentence, japanese
from seimai.pipeline.errors import Place, Problem
from seimai.pipeline.messages import sentence
from seimai.pipeline.names import nearest
from seimai.pipeline.report.funnel import limit_text

if TYPE_CHECKING:
    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.inspect.spread import Spread
    from seimai.pipeline.inspect.work_folder import Need
    from seimai.pipeline.signal import Signal

HALF = 50
"""The percentile that is called the median."""


def show_signals(name: str | None, on: Path | None, filters: Sequence[str], manner: Manner) -> int:
    """`seimai signals [NAME|FAMILY]`; with `on`, the folder of a run, how one signal lies there."""
    from seimai.pipeline.cleaner import known_cleaners
    from seimai.pipeline.cli.reference import show_cleaner
    from seimai.pipeline.signal import load

    known = load(filters)
    chosen = {
        key: signal for key, signal in known.items() if name is None or name in (key, signal.family)
    }
    if not chosen and name in known_cleaners():
        return show_cleaner(known_cleaners()[str(name)], manner)
    if not chosen:
        families = {signal.family for signal in known.values()}
        raise Problem("U010", name=name, near=nearest(str(name), [*known, *families]))
    if on is not None and name not in known:
        raise Problem("U018", name=name or "")
    there = _spread_in(on, str(name)) if on is not None else None
    if manner.json:
        more = {"on": asdict(there)} if there else {}
        used = _used_by_recipes()
        say_json([{**_as_dict(signal, used), **more} for signal in chosen.values()])
    elif name in known:
        say(_one_signal(chosen[str(name)], there))
    else:
        rows = [(signal.name, _range(signal), first_sentence(signal)) for signal in chosen.values()]
        say([*columns(rows), "", sentence("signals.total", count=len(rows))])
    return 0


def show_recipes(name: str | None, manner: Manner) -> int:
    """`seimai recipes [NAME]`."""
    from seimai.pipeline.recipe import headline, shipped_names, to_copy

    names = shipped_names()
    if name is not None and name not in names:
        raise Problem("R001", path=name, near=nearest(name, names))
    if name is not None:
        text = to_copy(name)
        say_json({"name": name, "text": text}) if manner.json else say(text.rstrip("\n"))
    elif manner.json:
        say_json([{"name": one, "about": headline(one)} for one in names])
    else:
        rows = [(one, headline(one)) for one in names]
        say([*columns(rows), "", sentence("recipes.hint")])
    return 0


def _as_dict(signal: Signal, used: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "name": signal.name,
        "family": signal.family,
        "version": signal.version,
        "between": list(signal.between),
        "needs": signal.needs,
        "place": signal.place,
        "doc": signal.doc,
        "doc_ja": japanese(signal),
        "used_by": used.get(signal.name, {}),
        "cases": _cases(signal.name),
    }


def _range(signal: Signal) -> str:
    low, high = signal.between
    return f"{low:g}–{'∞' if high == float('inf') else f'{high:g}'}"


def _one_signal(signal: Signal, there: Spread | None = None) -> list[str]:
    used = _used_by_recipes().get(signal.name, {})
    rows = [
        (sentence("signals.range"), _range(signal)),
        *([(sentence("signals.on"), _spread(there))] if there else []),
        (sentence("signals.version"), str(signal.version)),
        (sentence("signals.needs"), sentence(f"signals.{signal.needs}")),
        (sentence("signals.place"), signal.place),
        (
            sentence("signals.used"),
            " · ".join(f"{name} {limit}" for name, limit in used.items())
            or sentence("signals.none"),
        ),
    ]
    cases = _cases(signal.name)
    if cases is not None:
        rows.append((sentence("signals.cases"), str(cases)))
    return [
        signal.name,
        *(f"  {line}".rstrip() for line in folded(description(signal))),
        "",
        *(f"  {line}" for line in columns(rows)),
    ]


def _spread_in(out: Path, name: str) -> Spread:
    from seimai.pipeline.inspect.spread import spread

    return spread(out, name)


def _spread(there: Spread) -> str:
    """Percentiles in a row, and how many texts they are of."""
    said = [
        f"{sentence('signals.median') if percent == HALF else f'p{percent}'} {number:.4g}"
        for percent, number in there.percentiles
    ]
    said.append(sentence("signals.texts", count=f"{there.texts:,}", empty=f"{there.empty:,}"))
    return " · ".join(said)


def _used_by_recipes() -> dict[str, dict[str, str]]:
    """By signal the shipped recipes that limit it, each with its limits, combined ones named."""
    from seimai.pipeline.errors import Problems
    from seimai.pipeline.recipe import load_recipe, shipped

    found: dict[str, dict[str, str]] = {}
    for path in sorted((shipped() or Path()).glob("*.yaml")):
        try:
            recipe = load_recipe(path)
        except Problems:
            continue
        for name in recipe.limited:
            limit = recipe.limits.get(name)
            said = [limit_text(limit.min, limit.max)] if limit else []
            said += [
                f"{limit_text(part.min, part.max)} ({one.reason})"
                for one in recipe.together
                for part in (one.where.get(name), one.limits.get(name))
                if part
            ]
            if said:
                found.setdefault(name, {})[f"configs/{path.name}"] = ", ".join(said)
    return found


def _cases(name: str) -> int | None:
    """How many test cases a signal has; None outside of a checkout."""
    import json

    from seimai.pipeline.recipe import shipped

    folder = (shipped() or Path()).parent / "tests" / "filters" / "cases"
    if not folder.is_dir():
        return None
    path = folder / f"{name}.json"
    return len(json.loads(path.read_text("utf-8"))) if path.is_file() else 0


def _checks(rows: Sequence[Any], manner: Manner, end: str, end_fail: str) -> int:
    """Print checks (`state` and `message`), and give the exit code."""
    faults = sum(row.state == "fail" for row in rows)
    if manner.json:
        say_json([{"state": row.state, "message": row.message, **_data(row)} for row in rows])
        return 1 if faults else 0
    shown = [row for row in rows if not manner.quiet or row.state in ("warn", "fail")]
    lines = columns([(f"  {sentence(f'word.{row.state}')}", row.message) for row in shown])
    if not manner.quiet:
        lines += [sentence(end_fail, count=faults) if faults else sentence(end)]
    if lines:
        say(lines)
    return 1 if faults else 0


def _data(row: Any) -> dict[str, Any]:
    return dict(getattr(row, "data", None) or {})


def verify_release(out: Path, junit: Path | None, manner: Manner, *, stages: bool = False) -> int:
    """`seimai verify OUT`; with `stages`, the files that the next run builds on as well."""
    from seimai.pipeline.inspect.stage_files import check_stages
    from seimai.pipeline.inspect.verify import verify

    rows = [*verify(out), *(check_stages(out) if stages else [])]
    code = _checks(rows, manner, "verify.fine", "verify.faults")
    if manner.github or junit:
        from seimai.pipeline.cli import ci

        place = Place(str(out / "release" / "run.json"))
        levels = {"warn": "warning", "fail": "error"}
        results = [
            ci.Result(
                f"verify {number}",
                row.state not in levels,
                row.message,
                place if row.state in levels else None,
                levels.get(row.state, "notice"),
            )
            for number, row in enumerate(rows, 1)
        ]
        ci.deliver(f"seimai verify {out}", "verify", results, github=manner.github, junit=junit)
    return code


def see_doctor(
    recipe: Path | None,
    work: str | None,
    source: Sequence[str],
    workers: int | None,
    filters: Sequence[str],
    manner: Manner,
) -> int:
    """`seimai doctor`; of a recipe, a sample says what a run of it needs in its folder."""
    from seimai.pipeline.inspect.doctor import examine
    from seimai.pipeline.storage import is_address

    if work is not None and is_address(work):
        raise Problem("U095", path=work)
    folder = Path(work) if work is not None else None
    need = None
    if recipe is not None:
        folder, need = _needed(recipe, folder, source, workers, filters, manner)
    elif source:
        raise Problem("U096")
    rows = examine(workers, tuple(filters), folder, need)
    code = _checks(rows, manner, "doctor.fine", "doctor.faults")
    warnings = sum(row.state == "warn" for row in rows)
    if warnings and not manner.json and not manner.quiet:
        say(f"{sentence('doctor.warnings', count=warnings)} · {sentence('doctor.paste')}")
    return code


def _needed(
    path: Path,
    work: Path | None,
    source: Sequence[str],
    workers: int | None,
    filters: Sequence[str],
    manner: Manner,
) -> tuple[Path, Need]:
    """The folder that a run of a recipe works in, and what it is estimated to write there."""
    from seimai.pipeline.cli.previewing import tried
    from seimai.pipeline.inspect.costs import costs
    from seimai.pipeline.inspect.preview import ROWS
    from seimai.pipeline.inspect.work_folder import Need

    recipe, sample = tried(path, ROWS, source, workers, filters, manner)
    found = costs(recipe, sample)
    return work or Path("out") / recipe.recipe, Need(found.disk_bytes, found.files)


def write_report(out: Path, manner: Manner) -> int:
    """`seimai report OUT`: render the report of a finished run again."""
    from seimai.pipeline.inspect.aside import quarantine_names
    from seimai.pipeline.inspect.finished import finished, shard_names
    from seimai.pipeline.job import Job
    from seimai.pipeline.report import write_report as render
    from seimai.pipeline.stages.publish import write_sums

    run, recipe = finished(out)
    path = out / "release" / "report.html"
    render(Job(recipe, out), shard_names(out), run, path, quarantine_names(out))
    write_sums(out / "release", run)
    if manner.json:
        say_json({"report": str(path)})
    elif not manner.quiet:
        say(sentence("run.report", path=path))
    return 0
