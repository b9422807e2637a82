"""
Files that were changed at random: no reader raises, hangs, leaves anything behind or loses a file.

A few hundred inputs of each target run here; `python -m tests.fuzz` runs as many as one likes, and
`tests/README.md` has the figures of the long run. A hang is told by pytest's own alarm, which is
hundreds of times farther away than any of these needs.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from seimai.pipeline.ingest import FORMATS
from tests.fuzz.seeds import MADE, TARGETS, seeds
from tests.fuzz.target import check_decoder, check_reader, put_to_the_test

MUTATIONS = 200
"""Mutations per target, the first of those that a long run reads."""

OLD_OFFICE = dict.fromkeys(("doc", "xls", "ppt", "msg", "ole"), "olefile")
PACKAGES = {"warc": "fastwarc", "7z": "py7zr", "pdf": "pypdfium2", "sql": "sqlalchemy",
            "markdown": "markdown_it", "auto": "pypdfium2", **OLD_OFFICE}  # fmt: skip
NOISE = (b"", b"\n", b"\0" * 999, bytes(range(256)) * 20, b"<" * 5000, "梅".encode() * 2000)


def test_every_reader_has_seeds():
    """Each reader has a seed to fuzz; a new one needs one too."""
    assert FORMATS.keys() == MADE.keys()


@pytest.mark.parametrize("target", TARGETS)
def test_changed_files_are_documents_or_reasons(target: str, tmp_path: Path):
    """Whatever is changed in a file, reading gives items that hold and leaves nothing behind."""
    pytest.importorskip(PACKAGES.get(target, "seimai"))
    found: Counter[str] = Counter()
    for number in range(MUTATIONS):
        found += put_to_the_test(target, number, tmp_path)[0]

    assert found["quarantined"]
    assert found["document"] + found["documents"]


@pytest.mark.parametrize("reader", MADE)
def test_seeds_are_whole(reader: str, tmp_path: Path):
    """What is changed is read without a fault before."""
    pytest.importorskip(PACKAGES.get(reader, "seimai"))
    _, name, data = seeds(reader)[0]
    found = check_reader(reader, name, data, tmp_path)

    assert found["document"]
    assert found["quarantined"] == (reader == "pdf")  # It has a page that is a picture.


@pytest.mark.parametrize("reader", MADE)
def test_nothing_and_noise_are_read_to_an_end(reader: str, tmp_path: Path):
    """Empty files and noise are read to an end by every reader, whatever the file is."""
    pytest.importorskip(PACKAGES.get(reader, "seimai"))
    for data in NOISE:
        check_reader(reader, seeds(reader)[0][1], data, tmp_path)
        check_decoder(data, len(data))


@pytest.mark.parametrize("reader", [name for name in MADE if name not in {"sql", "datasets"}])
def test_a_file_may_be_cut_anywhere(reader: str, tmp_path: Path):
    """Of a file that was cut off there are documents or a reason, wherever it was cut."""
    pytest.importorskip(PACKAGES.get(reader, "seimai"))
    _, name, data = seeds(reader)[0]
    for size in range(1, len(data), max(len(data) // 60, 1)):
        check_reader(reader, name, data[:size], tmp_path)
