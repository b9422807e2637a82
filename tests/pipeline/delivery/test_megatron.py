"""The indexed data set of Megatron-LM, byte by byte."""

from __future__ import annotations

import numpy as np
import pytest

from seimai.pipeline.delivery.megatron import index_bytes, open_indexed, write_ids
from seimai.pipeline.errors import Problem

GOLDEN = bytes.fromhex(
    "4d4d49444944580000"  # MMIDIDX and two zeros
    "0100000000000000"  # version 1
    "08"  # ids are uint16
    "0200000000000000"  # two sequences
    "0300000000000000"  # three bounds of documents
    "03000000 01000000"  # of three ids and one
    "0000000000000000 0600000000000000"  # they begin at byte 0 and at byte 6
    "0000000000000000 0100000000000000 0200000000000000"  # each is a document
)
"""The bytes that Megatron-LM's own writer gives for the documents [7, 8, 9] and [5]."""


def test_an_index_has_the_bytes_of_megatron():
    """Header, version, type, counts, lengths, first bytes, bounds: nothing more or less."""
    assert GOLDEN == index_bytes(np.dtype(np.uint16), np.array([3, 1]))


def test_ids_of_four_bytes_have_their_own_code():
    """Large vocabularies are int32: code 4, and documents begin four bytes later for each id."""
    found = index_bytes(np.dtype(np.int32), np.array([3, 1]))

    assert (4, 12) == (found[17], int(np.frombuffer(found[50:58], np.int64)[0]))


def test_what_was_written_is_read(tmp_path):
    """Ids come back document by document, also where an index names some twice."""
    parts = [np.array([7, 8, 9], np.uint16), np.array([5], np.uint16)]
    written = write_ids(tmp_path / "a.bin", iter(parts))
    (tmp_path / "a.idx").write_bytes(
        index_bytes(np.dtype(np.uint16), np.array([1, 3, 1]), np.array([6, 0, 6]))
    )
    found = open_indexed(tmp_path / "a")

    assert 4 == written[0]
    assert [[5], [7, 8, 9], [5]] == [found.document(k).tolist() for k in range(3)]


def test_another_file_is_no_index(tmp_path):
    """A file that does not begin as an index does is named."""
    (tmp_path / "a.idx").write_bytes(b"something else, and long enough to be read")
    with pytest.raises(Problem) as found:
        open_indexed(tmp_path / "a")

    assert "T011" == found.value.code
