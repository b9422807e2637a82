"""
Is a release what it says? Files, rows, digests, ids, card, and whether `datasets` opens it.

Everything is compared with `run.json`, the single source of truth of a release. Texts are read
batch by batch, so memory does not grow with the release.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.checks import MOST_SHOWN, Check, counted
from seimai.pipeline.messages import sentence
from seimai.pipeline.run_record import RunRecord
from seimai.pipeline.stages.publish import PAGES, SUMS

if TYPE_CHECKING:
    from seimai.pipeline.recipe import Recipe

KINDS = {"data": "kept", "rejected": "rejected", "quarantine": "quarantined"}
"""Folders of a release, and the count of `run.json` that their rows add up to."""

_NUMBERED = re.compile(r"(.*)-(\d{5})-of-(\d{5})\.parquet")


Look = Callable[[Path, RunRecord], Iterator[Check]]


def verify(out: Path) -> list[Check]:
    """Check the release of a run (or the release folder itself); without one, a `Problem`."""
    from seimai.pipeline.engine.publishing.published import read_run

    release = out / "release" if (out / "release").is_dir() else out
    run = read_run(release)
    if run is None or "outputs" not in run:
        raise Problem("U011", path=str(out))
    checks: list[Check] = []
    # What stands on files that are missing or were changed would only repeat the fault.
    rest = (_rows, _contents, _sums, _card, _statements, _admission, _apart, _load, _expected)
    for stage in ((_files,), (_digests,), (_schemas,), rest):
        for look in stage:
            checks += _safely(look, release, run)
        if any(check.state == "fail" for check in checks):
            break
    if release != out:
        from seimai.pipeline.inspect.beside import look_beside

        checks += _drafts(out, run)
        checks += look_beside(out)
    return checks


def _files(release: Path, run: RunRecord) -> Iterator[Check]:
    """Every file that was written is there, nothing else is, and numbers have no gaps."""
    listed = [file["path"] for file in run["outputs"]]
    missing = [path for path in listed if not (release / path).is_file()]
    found = {
        path.relative_to(release).as_posix()
        for path in release.rglob("*")
        if path.is_file() or path.is_symlink()
    }
    strangers = sorted(found - {*listed, *PAGES, SUMS, "run.json"})
    missing += [page for page in (*PAGES, SUMS) if not (release / page).is_file()]
    gaps = [path for kind in KINDS for path in _gaps(kind, listed)]
    for path in [*missing, *gaps][:MOST_SHOWN]:
        yield Check("fail", sentence("verify.missing", path=path), {"path": path})
    for path in strangers[:MOST_SHOWN]:
        yield Check("fail", sentence("verify.stranger", path=path), {"path": path})
    if not missing and not strangers and not gaps:
        yield Check("ok", sentence("verify.files", count=len(listed)), {"files": len(listed)})


def _gaps(kind: str, listed: list[str]) -> list[str]:
    """Names that `train-00000-of-00003` and its like promise and that are not there."""
    totals: dict[str, int] = {}
    for path in listed:
        match = _NUMBERED.fullmatch(path) if path.startswith(f"{kind}/") else None
        if match:
            totals[match[1]] = max(totals.get(match[1], 0), int(match[3]))
    wanted = [
        f"{prefix}-{k:05d}-of-{total:05d}.parquet"
        for prefix, total in totals.items()
        for k in range(total)
    ]
    return [path for path in wanted if path not in listed]


def _rows(release: Path, run: RunRecord) -> Iterator[Check]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    faults = False
    sums = dict.fromkeys(KINDS, 0)
    for file in run["outputs"]:
        kind = file["path"].partition("/")[0]
        try:
            got = pq.read_metadata(release / file["path"]).num_rows
        except (OSError, pa.ArrowInvalid) as error:
            cause = str(error).split("\n", 1)[0]
            yield Check("fail", sentence("verify.unreadable", path=file["path"], cause=cause))
            faults = True
            continue
        sums[kind] = sums.get(kind, 0) + got
        if got != file["rows"]:
            faults = True
            values = {"path": file["path"], "got": got, "want": file["rows"]}
            yield Check("fail", sentence("verify.rows_off", **values), values)
    counts = cast("Mapping[str, int]", run["counts"])
    for kind, count in KINDS.items():
        unpublished = kind == "rejected" and not _releases_rejects(run)
        if sums[kind] != counts[count] and not unpublished:
            faults = True
            values = {"kind": kind, "got": sums[kind], "want": counts[count]}
            yield Check("fail", sentence("verify.kind_off", **values), values)
    parts = {name: counts[name] for name in ("read", "kept", "rejected", "quarantined")}
    off = parts["read"] != parts["kept"] + parts["rejected"] + parts["quarantined"]
    if off or not faults:
        yield counted(off, "rows", "sum_off", **parts)


def _releases_rejects(run: RunRecord) -> bool:
    return bool(run.get("recipe_resolved", {}).get("release", {}).get("rejects", True))


def _digests(release: Path, run: RunRecord) -> Iterator[Check]:
    off = []
    for file in run["outputs"]:
        with (release / file["path"]).open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != file["sha256"]:
                off.append(file["path"])
    for path in off[:MOST_SHOWN]:
        yield Check("fail", sentence("verify.digest_off", path=path), {"path": path})
    if not off:
        yield Check("ok", sentence("verify.digests"), {"digests": len(run["outputs"])})


def _contents(release: Path, run: RunRecord) -> Iterator[Check]:
    """What is in the rows: ids once, texts not empty, reasons given, keepers kept."""
    from seimai.pipeline.inspect.contents import look_inside

    yield from look_inside(release, run, rejects=_releases_rejects(run))


def _safely(look: Look, release: Path, run: RunRecord) -> Iterator[Check]:
    """The checks of one look; what it stumbles over is a finding too, and ends no other look."""
    try:
        yield from look(release, run)
    except Problem:
        raise
    except Exception as error:  # noqa: BLE001 - a release may hold anything
        cause = f"{type(error).__name__}: {error}".split("\n", 1)[0]
        message = sentence("verify.unreadable", path=look.__name__.strip("_"), cause=cause)
        yield Check("fail", message, {"cause": cause})


def _schemas(release: Path, run: RunRecord) -> Iterator[Check]:
    """All files of a kind have the same columns, those of a release among them."""
    from seimai.pipeline.inspect.statements import schemas

    for path in schemas(release, run)[:MOST_SHOWN]:
        yield Check("fail", sentence("verify.schema_off", path=path), {"path": path})


def _statements(release: Path, run: RunRecord) -> Iterator[Check]:
    """Every figure of run.json that rows can tell, and every row that limits can tell."""
    from seimai.pipeline.inspect import measured, statements

    recipe = _recipe(run)
    tally = statements.count(release, run, recipe)
    rejects = _releases_rejects(run)
    wrong = list(statements.differences(run, tally, rejects=rejects))
    for what in wrong[:MOST_SHOWN]:
        yield Check("fail", sentence("verify.figure_off", what=what), {"figure": what})
    faults = tally.faults
    if recipe is not None:
        faults += measured.measured_again(release, run, recipe)
        if rejects:
            faults += statements.compared_again(release, run, recipe)
    for name, count in sorted(faults.items()):
        if count:
            message = sentence(f"verify.{name}", count=f"{count:,}")
            yield Check("fail", message, {"fault": name, "count": count})
    if not wrong and not faults.total():
        yield Check("ok", sentence("verify.statements"), {"rows": run["counts"]["read"]})


def _admission(release: Path, run: RunRecord) -> Iterator[Check]:
    """Licences, hosts, time spans and benchmarks are those that rows and ledger tell."""
    from seimai.pipeline.inspect.admission import admission_faults

    if "provenance" not in run:
        return
    wrong = admission_faults(release, run, rejects=_releases_rejects(run))
    for what in wrong[:MOST_SHOWN]:
        yield Check("fail", sentence("verify.figure_off", what=what), {"figure": what})
    if not wrong:
        yield Check("ok", sentence("verify.admission"), {"hosts": run["provenance"]["host_count"]})


def _apart(release: Path, run: RunRecord) -> Iterator[Check]:
    """Buckets, splits and tokens are those that rows and files tell."""
    from seimai.pipeline.inspect.apart import apart_faults

    if not {"buckets", "splits", "tokens"} & run.keys():
        return
    wrong = apart_faults(release, run, _recipe(run))
    for what in wrong[:MOST_SHOWN]:
        yield Check("fail", sentence("verify.figure_off", what=what), {"figure": what})
    if not wrong:
        yield Check("ok", sentence("verify.apart"), {"buckets": len(run.get("buckets", []))})


def _drafts(out: Path, run: RunRecord) -> Iterator[Check]:
    """Drafts of disclosures say what run.json says."""
    from seimai.pipeline.card.disclosure import FOLDER, draft_faults

    if not (out / FOLDER).is_dir():
        return
    wrong = draft_faults(run, out / FOLDER)
    for what in wrong[:MOST_SHOWN]:
        yield Check("fail", sentence("verify.figure_off", what=what), {"figure": what})
    if not wrong:
        yield Check("ok", sentence("verify.drafts"))


def _recipe(run: RunRecord) -> Recipe | None:
    """The recipe of a run, without its sources; None where this version cannot read it."""
    from pydantic import ValidationError

    from seimai.pipeline.recipe import Recipe

    try:
        return Recipe.model_validate(run["recipe_resolved"])
    except (ValidationError, KeyError):
        return None


def _sums(release: Path, run: RunRecord) -> Iterator[Check]:
    """The pages and `run.json` are those that SHA256SUMS speaks of, and the data too."""
    from seimai.pipeline.inspect.pages import other_sums

    off = other_sums(release, run)
    for path in off[:MOST_SHOWN]:
        yield Check("fail", sentence("verify.digest_off", path=path), {"path": path})
    if not off:
        yield Check("ok", sentence("verify.sums", path=SUMS), {"pages": len(PAGES)})


def _card(release: Path, run: RunRecord) -> Iterator[Check]:
    """The card and croissant.json say what run.json says."""
    from seimai.pipeline.inspect.pages import card_faults

    faults = card_faults(release, run)
    for path, what in faults:
        yield Check("fail", sentence("verify.card_off", path=path, what=what), {"path": path})
    if not faults:
        yield Check("ok", sentence("verify.card"))


def _load(release: Path, run: RunRecord) -> Iterator[Check]:
    """`datasets` finds both configurations and every split, and reads a row of each."""
    from seimai.pipeline.card.metadata import splits_of

    try:
        import datasets
    except ImportError:
        yield Check("skip", sentence("verify.load_skip"))
        return
    wanted = [("default", split) for split in splits_of(run, "data")]
    wanted += [("rejected", "train")] * _releases_rejects(run)
    datasets.logging.set_verbosity(datasets.logging.CRITICAL)  # the finding says it
    try:
        for name, split in wanted:
            rows = datasets.load_dataset(str(release), name, split=split, streaming=True)
            next(iter(rows), None)
    except Exception as error:  # noqa: BLE001 - whatever it raises, users would see it too
        cause = f"{type(error).__name__}: {error}".split("\n", 1)[0]
        yield Check("fail", sentence("verify.load_off", cause=cause), {"cause": cause})
        return
    configs = list(dict.fromkeys(name for name, _ in wanted))
    yield Check("ok", sentence("verify.load", configs=", ".join(configs)), {"configs": configs})


def _expected(release: Path, run: RunRecord) -> Iterator[Check]:
    """What the recipe expected and did not get: no fault of the files, but worth a word."""
    from seimai.pipeline.recipe import Expect
    from seimai.pipeline.report.funnel import expectations

    del release
    expect = Expect.model_validate(run.get("recipe_resolved", {}).get("expect", {}))
    for check in expectations(expect, run):
        if not check.ok:
            name = sentence(f"expect.{check.name}")
            want = "–".join("" if x is None else f"{x:g}" for x in (check.low, check.high))
            values = {"name": name, "value": f"{check.value:.2f}", "want": want}
            yield Check("warn", sentence("verify.expect", **values), values)
