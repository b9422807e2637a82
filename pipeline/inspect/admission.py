"""The figures of `run.json` about provenance and benchmarks, counted again from a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from seimai.pipeline.engine.judging import admission
from seimai.pipeline.provenance.licences import licence_key

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from seimai.pipeline.run_record import RunRecord

BATCH = 8192
COLUMNS = ("id", "text", "source", "url", "license", "date")


def admission_faults(release: Path, run: RunRecord, *, rejects: bool) -> list[str]:
    """Figures that are not what is counted; without rejected texts those of kept ones alone."""
    told = run["provenance"]
    licences: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    hosts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    spans: dict[str, list[str]] = {}
    kept_ids: set[str] = set()
    wanted = {row["id"] for row in _ledger(release, run)}
    for kept in (True, False):
        for batch in _rows(release, run, "data" if kept else "rejected"):
            _count(batch, licences, hosts, spans, kept=kept)
            if kept and wanted:
                kept_ids |= wanted & set(batch.column("id").to_pylist())
    faults = list(_benchmarks(release, run, kept_ids))
    counted = {key: tuple(one) for key, one in licences.items()}
    said = {
        (one["source"], one["license"]): (one["texts"], one["kept"]) for one in told["licenses"]
    }
    listed = [tuple(one.values()) for one in told["hosts"]]
    found = [tuple(one.values()) for one in admission.sorted_hosts(hosts)]
    if not rejects:
        counted, said = _kept(counted), _kept(said)
        listed = sorted((one[0], one[2], one[4]) for one in listed if one[2])
        found = sorted((one[0], one[2], one[4]) for one in found if one[2])
    if counted != said:
        faults.append("provenance.licenses")
    # Without the rejected texts the order of hosts beyond the list cannot be known.
    if (listed != found[: len(listed)]) if rejects else not set(listed) <= set(found):
        faults.append("provenance.hosts")
    if rejects:
        if told["host_count"] != len(found):
            faults.append("provenance.host_count")
        if told["spans"] != {key: {"from": a, "to": b} for key, (a, b) in sorted(spans.items())}:
            faults.append("provenance.spans")
    return faults


def _kept(counts: dict[Any, Any]) -> dict[Any, Any]:
    return {key: one[1] for key, one in counts.items() if one[1]}


def _rows(release: Path, run: RunRecord, kind: str) -> Iterator[pa.RecordBatch]:
    for file in run["outputs"]:
        if file["path"].startswith(f"{kind}/"):
            with pq.ParquetFile(release / file["path"]) as parquet:
                yield from parquet.iter_batches(BATCH, columns=list(COLUMNS))


def _count(
    batch: pa.RecordBatch,
    licences: defaultdict[tuple[str, str], list[int]],
    hosts: defaultdict[str, list[int]],
    spans: dict[str, list[str]],
    *,
    kept: bool,
) -> None:
    sizes = pc.binary_length(batch.column("text")).to_pylist()
    columns = (batch.column(name).to_pylist() for name in ("source", "license", "date", "url"))
    for source, licence, date, url, size in zip(*columns, sizes, strict=True):
        admission.add_licence(licences[str(source), licence_key(str(licence))], kept=kept)
        admission.add_date(spans, str(source), date)
        if host := admission.host_of(url):
            admission.add_host(hosts[host], size, kept=kept)


def _ledger(release: Path, run: RunRecord) -> list[dict[str, Any]]:
    written = {file["path"] for file in run["outputs"]}
    if admission.LEDGER_PATH not in written:
        return []
    rows: list[dict[str, Any]] = pq.read_table(release / admission.LEDGER_PATH).to_pylist()
    return rows


def _benchmarks(release: Path, run: RunRecord, kept_ids: set[str]) -> Iterator[str]:
    """Figures of benchmarks against the ledger, and the ledger against the kept texts."""
    rows = _ledger(release, run)
    for one in run.get("benchmarks", []):
        found = admission.found_of(rows, one["name"])
        if any(one[key] != value for key, value in found.items()):  # type: ignore[literal-required]
            yield f"benchmarks.{one['name']}"
    twice = bool(run.get("ids_twice"))
    if not twice and {row["id"] for row in rows if row["kept"]} != kept_ids:
        yield "contamination.kept"
