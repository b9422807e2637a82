"""
Bare MeCab: what the tokenizer alone takes for the same texts, with the same number of processes.

`python bare.py PROCESSES FILE.parquet...` parses the column `text` of each file (rows where
`chosen` is true, if there is such a column) with a plain `fugashi` wakati tagger and prints the
seconds and the megabytes. Files are handed out one by one, as our workers take shards.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time

import fugashi
import pyarrow.compute as pc
import pyarrow.parquet as pq

_tagger: list[fugashi.Tagger] = []


def parse(path: str) -> int:
    """Parse the texts of one file; give their bytes."""
    if not _tagger:
        _tagger.append(fugashi.Tagger("-Owakati"))
    table = pq.read_table(path)
    if "chosen" in table.column_names:
        table = table.filter(table.column("chosen"))
    texts = table.column("text")
    tagger = _tagger[0]
    for text in texts.to_pylist():
        tagger.parse(text)
    return int(pc.sum(pc.binary_length(texts)).as_py() or 0)


def main() -> None:
    """Time the parse, the start of the processes left out."""
    processes, files = int(sys.argv[1]), sys.argv[2:]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(_warm, range(processes), chunksize=1)
        begin = time.perf_counter()
        size = sum(pool.imap_unordered(parse, files, chunksize=1))
        seconds = time.perf_counter() - begin
    print(json.dumps({"seconds": seconds, "MB": size / 1e6}))


def _warm(_: int) -> None:
    _tagger[:] = [fugashi.Tagger("-Owakati")]
    _tagger[0].parse("温める")


if __name__ == "__main__":
    main()
