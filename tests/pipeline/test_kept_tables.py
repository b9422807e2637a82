"""Tests of tables that are made once on a machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seimai.pipeline.kept_tables import kept
from seimai.pipeline.text import lexicon as lexicons
from seimai.pipeline.text.lexicon import lexicon


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what is kept."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    return tmp_path / "kept"


def _numbers() -> list[np.ndarray]:
    return [np.arange(5, dtype=np.int32), np.zeros((2, 3), np.uint8), np.array([1.5])]


def _never() -> list[np.ndarray]:
    raise AssertionError("what is kept was made again")


def test_what_is_kept_is_not_made_again(folder: Path) -> None:
    """The second time the arrays come from the file, with their kinds, shapes and numbers."""
    made = kept("numbers", ["a"], _numbers)
    read = kept("numbers", ["a"], _never)

    assert 1 == len(list(folder.iterdir()))
    for one, other in zip(made, read, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


def test_long_runs_of_zeros_come_back(folder: Path) -> None:
    """Pages of zeros are not written, and are there all the same."""
    table = np.zeros(100_000, np.uint16)
    table[[3, 50_000]] = 7

    kept("sparse", ["a"], lambda: [table, table[:0], table[::2]])
    read = kept("sparse", ["a"], _never)

    np.testing.assert_array_equal(table, read[0])
    assert 0 == read[1].size
    np.testing.assert_array_equal(table[::2], read[2])
    assert folder.is_dir()


def test_other_words_make_another_table(folder: Path) -> None:
    """What was made of something else is made anew, and takes the place of the old one."""
    kept("numbers", ["a", "b"], _numbers)
    found = kept("numbers", ["ab"], lambda: [np.array([9])])

    assert [9] == found[0].tolist()
    assert 1 == len(list(folder.iterdir()))


def test_changed_source_code_makes_another_table(folder: Path, tmp_path: Path) -> None:
    """A file among what tables are made of counts with its bytes."""
    code = tmp_path / "code.py"
    code.write_text("1")
    kept("numbers", [code], _numbers)
    code.write_text("2")

    assert [9] == kept("numbers", [code], lambda: [np.array([9])])[0].tolist()
    assert folder.is_dir()


@pytest.mark.parametrize("harm", ["cut", "grown", "emptied", "strange"])
def test_a_file_that_is_not_whole_is_made_again(folder: Path, harm: str) -> None:
    """A file that was cut short, or holds something else, is not believed."""
    kept("numbers", ["a"], _numbers)
    path = next(folder.iterdir())
    data = path.read_bytes()
    path.write_bytes(
        {"cut": data[:-1], "grown": data + b"1", "emptied": b"", "strange": b"not JSON\n"}[harm]
    )

    np.testing.assert_array_equal(np.arange(5), kept("numbers", ["a"], _numbers)[0])
    np.testing.assert_array_equal(np.arange(5), kept("numbers", ["a"], _never)[0])


def test_nothing_is_kept_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that cannot be made costs time and nothing else."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "kept"))

    np.testing.assert_array_equal(np.arange(5), kept("numbers", ["a"], _numbers)[0])


def test_arrays_may_be_written_to(folder: Path) -> None:
    """Kernels want arrays that can be written to; what is written stays with the one who does."""
    kept("numbers", ["a"], _numbers)
    kept("numbers", ["a"], _never)[0][0] = 100

    assert 0 == kept("numbers", ["a"], _never)[0][0]
    assert folder.is_dir()


def test_a_kept_lexicon_is_the_lexicon(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lexicon that was kept has the same tables, and other guards make another one."""
    made = lexicon(["米", "米櫃", "めし"], guarded=("ァ-ヺー",))
    monkeypatch.setattr(lexicons, "_tables", lambda *_: _never())
    read = lexicon(["米", "米櫃", "めし"], guarded=("ァ-ヺー",))

    assert made.words == read.words
    for one, other in zip(made[1:], read[1:], strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(AssertionError, match="made again"):
        lexicon(["米", "米櫃", "めし"], guarded=("ぁ-ん",))
    assert folder.is_dir()
