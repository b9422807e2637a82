"""
A folder of files in their original bytes: what comes of each of them, counted folder by folder.

`python -m benchmarks.raw --corpus DIR` reads every folder of DIR/raw by `find_inputs` and `read`,
as a run does. Where a `manifest.jsonl` gives the hash of the true text of a file, the decoded text
is held against it; pages in WARC files are held against the page they were made of. `--by-format
FOLDER` prints a row for each format of one of the folders instead.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from benchmarks.measuring import table
from seimai.pipeline.decode import decode
from seimai.pipeline.ingest import Document, Input, Skipped, Unreadable, find_inputs, read
from seimai.pipeline.ingest.sniff import sniff


def main() -> None:
    """Print one table, a row for each folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True, help="folder that has raw")
    parser.add_argument("--by-format", metavar="FOLDER", help="one folder of raw, by format")
    said = parser.parse_args()
    raw = Path(said.corpus) / "raw"
    if said.by_format:
        names = ["format", "files", "documents", "quarantined", "skipped"]
        table(names, _by_format(raw / said.by_format))
        return
    rows = [_row(raw, folder) for folder in sorted(raw.iterdir()) if folder.is_dir()]
    names = ["folder", "files", "documents", "quarantined", "skipped", "exact text", "MB", "s"]
    table(names, rows)


def _by_format(folder: Path) -> list[list[object]]:
    """What the files of each format give; what lies in archives and mails counts for its own."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for source in find_inputs([str(folder)]):
        if "manifest" in source.key:
            continue
        items = list(read(source))
        name = sniff(source)  # Of old office documents only the reader knows which they are.
        counts[items[0].format if name == "ole" and items else name]["files"] += 1
        for item in items:
            kind = "documents" if isinstance(item, Document) else item.cause
            of = "bad " if isinstance(item, Unreadable) else ""
            counts[item.format][of + kind] += item.count if isinstance(item, Skipped) else 1
    return [
        [
            name, found["files"], found["documents"],
            _listed(Counter({k[4:]: n for k, n in found.items() if k.startswith("bad ")})),
            _listed(Counter({k: n for k, n in found.items() if k not in OWN and k[:4] != "bad "})),
        ]
        for name, found in sorted(counts.items())
    ]  # fmt: skip


OWN = {"files", "documents"}
"""Counts that have a column of their own."""


def _row(raw: Path, folder: Path) -> list[object]:
    entries = [
        json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()
    ]
    inputs = [source for source in find_inputs([str(folder)]) if "manifest" not in source.key]
    counts: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    texts: dict[str, str] = {}
    begin = time.process_time()
    for source in inputs:
        for item in read(source):
            if isinstance(item, Document):
                counts["documents"] += 1
                texts[str((item.extra or {}).get("record_id", ""))] = item.text
            elif isinstance(item, Unreadable):
                bad[item.cause] += 1
            else:
                skipped[item.cause] += item.count
    seconds = time.process_time() - begin
    size = sum(source.size for source in inputs) / 1e6
    exact = _exact(raw, entries) if "utf8_sha256" in entries[0] else _same(raw, entries, texts)
    return [
        folder.name, len(inputs), counts["documents"], _listed(bad), _listed(skipped), exact,
        f"{size:.2f}", f"{seconds:.2f}",
    ]  # fmt: skip


def _exact(raw: Path, entries: list[dict[str, Any]]) -> str:
    """How many files decode to exactly the text that the manifest has the hash of."""
    right = 0
    told = [entry for entry in entries if "utf8_sha256" in entry]
    for entry in told:
        data = (raw / entry["file"]).read_bytes()
        kind = "html" if ".html" in entry["file"] else "xml" if ".xml" in entry["file"] else None
        text = decode(data, kind=kind).text
        # A byte order mark is no part of a text, but some hashes were taken with it.
        hashes = {hashlib.sha256(f"{mark}{text}".encode()).hexdigest() for mark in ("", "\ufeff")}
        right += entry["utf8_sha256"] in hashes
    return f"{right} of {len(told)}"


def _same(raw: Path, entries: list[dict[str, Any]], texts: dict[str, str]) -> str:
    """How many whole pages of WARC files read as the page files that they were made of."""
    right = total = 0
    for entry in entries:
        if not entry.get("html_file") or entry["truncated"] or entry["record_id"] not in texts:
            continue
        path = raw / entry["html_file"]
        [page] = read(Input(str(path), path.name, path.stat().st_size, format="html"))
        total += 1
        right += isinstance(page, Document) and page.text == texts[entry["record_id"]]
    return f"{right} of {total} pages"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {cause}" for cause, number in counts.most_common()) or "–"


if __name__ == "__main__":
    main()
