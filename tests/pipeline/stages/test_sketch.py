"""Sketches: exact hashes, signatures equal to datasketch's, bands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
import xxhash
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.errors import Problem
from seimai.pipeline.kernels import minhash as kernels
from seimai.pipeline.stages.sketch import (
    band_name,
    check_header,
    open_signature,
    permutations,
    shingle_sets,
    sketch,
)
from seimai.pipeline.text import Texts
from seimai.pipeline.text.hashview import hash_view
from seimai.pipeline.text.tokens import Tokens


@dataclass(frozen=True)
class Settings:
    """A recipe's `dedup`, for tests."""

    unit: str = "char"
    n: int = 5
    rows: int = 3
    bands: int = 4
    similarity: float = 0.8
    seed: int = 1


STORY = "昔々あるところに、おじいさんとおばあさんが住んでいました。おじいさんは山へ柴刈りに。"


def units(text: str, n: int) -> list[bytes]:
    """The shingles of a text's hash view, as the bytes that are hashed."""
    codes, _ = hash_view(Texts.of(text))
    characters = "".join(map(chr, codes))
    return [characters[k : k + n].encode("utf-32-le") for k in range(len(characters) - n + 1)]


def plain_band(values: list[int], band: int) -> int:
    """The oracle of the band hash."""
    mask = 2**64 - 1
    h = (band + 1) * 0x9E3779B97F4A7C15 & mask
    for value in values:
        h = (h ^ value) * 0xFF51AFD7ED558CCD & mask
        h ^= h >> 32
    h = h * 0xC4CEB9FE1A85EC53 & mask
    return h ^ h >> 29


def with_tokens(*texts: list[int]) -> Texts:
    """Texts of which only the hashes of the words matter."""
    surface = np.array([word for words in texts for word in words], np.uint64)
    first = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    blank = np.zeros(surface.size, np.uint8)
    tokens = Tokens(
        blank, blank.astype(bool), surface, blank.astype(np.int64), blank.astype(bool), first
    )
    return Texts(pa.array(["語"] * len(texts), pa.large_string()), tokens)


@given(st.lists(st.integers(0, 2**32 - 1), max_size=60), st.integers(1, 20))
@settings(deadline=None)
def test_shingle_hash_is_xxh32(values, n):
    """The compiled hash of every shingle is xxhash's own, whatever the length."""
    codes = np.array(values, np.uint32)
    expected = [
        xxhash.xxh32_intdigest(codes[k : k + n].astype("<u4").tobytes())
        for k in range(len(values) - n + 1)
    ]
    found, first = kernels.hash_shingles(codes, np.array([0, codes.size]), n, 1)

    assert (expected, [0, len(expected)]) == (found.tolist(), first.tolist())


@pytest.mark.parametrize("length", [kernels.BLOCK + 3, kernels.BLOCK + 4, 3 * kernels.BLOCK])
def test_blocks_leave_no_seam(length):
    """Texts longer than a block of the kernel have all their shingles, once and in order."""
    codes = np.arange(length, dtype=np.uint32)
    expected = [
        xxhash.xxh32_intdigest(codes[k : k + 5].astype("<u4").tobytes()) for k in range(length - 4)
    ]
    found, _ = kernels.hash_shingles(codes, np.array([0, length]), 5, 1)

    assert expected == found.tolist()


@pytest.mark.parametrize(("count", "seed"), [(126, 1), (12, 7), (1, 0)])
def test_permutations_are_those_of_datasketch(count, seed):
    """Factors and shifts are what datasketch draws from the same seed."""
    theirs = MinHash(num_perm=count, seed=seed, scheme="affine32").permutations
    factors, shifts = permutations(count, seed)

    assert theirs.tolist() == [factors.tolist(), shifts.tolist()]


@given(st.text(min_size=1, max_size=80), st.integers(1, 7), st.integers(0, 3))
@settings(deadline=None, max_examples=50)
def test_signature_is_that_of_datasketch(text, n, seed):
    """A stored signature equals what datasketch computes from the same shingles."""
    made = Settings(n=n, seed=seed)
    shingles = units(text, n)
    theirs = MinHash(12, seed=seed, scheme="affine32", hashfunc=xxhash.xxh32_intdigest)
    for shingle in shingles:
        theirs.update(shingle)
    found = sketch(Texts.of(text), made).column("signature")[0].as_py()

    assert (theirs.hashvalues.tolist() if shingles else None) == found


def test_a_stored_signature_opens_in_datasketch():
    """It opens as a MinHash that can be compared and updated."""
    table = sketch(Texts.of(STORY, STORY + "おばあさんは川へ洗濯に。"), Settings(rows=16, bands=16))
    one, other = open_signature(table, 0), open_signature(table, 1)
    for shingle in units("おばあさんは川へ洗濯に。", 5):
        one.update(shingle)

    assert 0.7 < open_signature(table, 0).jaccard(other) < 1
    assert one.jaccard(other) > open_signature(table, 0).jaccard(other)


def test_bands_hash_their_rows():
    """Each band is the salted hash of its own rows of the signature."""
    table = sketch(Texts.of(STORY), Settings())
    signature = table.column("signature")[0].as_py()
    expected = [plain_band(signature[3 * band : 3 * band + 3], band) for band in range(4)]

    assert expected == [table.column(band_name(band))[0].as_py() for band in range(4)]


def test_short_texts_have_no_signature():
    """A text without a shingle has an exact hash, and neither signature nor bands."""
    table = sketch(Texts.of("四文字だ", "五文字です"), Settings())

    assert table.column("exact").null_count == 0
    assert [None, None] == [table.column(name)[0].as_py() for name in ("signature", "band_00")]
    assert table.column("signature")[1].as_py() is not None


def test_blank_texts_have_no_hash_at_all():
    """Two blank texts are not duplicates of each other."""
    table = sketch(Texts.of("", " \n"), Settings())

    assert [None, None] == table.column("exact").to_pylist()
    assert [0, 0] == table.column("length").to_pylist()


def test_exact_hash_is_of_the_hash_view():
    """Texts that differ in width, space and punctuation only share it; dakuten tell apart."""
    table = sketch(Texts.of("ガイド、1", "ｶﾞｲﾄﾞ，　１", "カイド、1"), Settings())
    first, second, third = table.column("exact").to_pylist()

    assert first == xxhash.xxh3_128_digest("ガイド,1".encode("utf-32-le"))
    assert first == second != third


def test_a_batch_is_the_sum_of_its_texts():
    """A text's sketch does not depend on the texts beside it, nor on an offset of the column."""
    texts = [STORY, "", "短い", STORY * 60, "ｶﾞ" * 30]
    whole = sketch(Texts.of(*texts), Settings())
    alone = pa.concat_tables([sketch(Texts.of(text), Settings()) for text in texts])
    column = pa.array(["余分", *texts], pa.large_string())[1:]

    assert alone.combine_chunks().equals(whole)
    assert sketch(Texts(column), Settings()).equals(whole)


def test_sets_are_sorted_and_without_repetition():
    """Each shingle counts once however often it occurs."""
    values, first = shingle_sets(Texts.of("あいうえお" * 20, "", STORY), Settings())
    expected = [
        sorted({xxhash.xxh32_intdigest(u) for u in units(t, 5)})
        for t in ("あいうえお" * 20, "", STORY)
    ]

    assert expected == [values[first[i] : first[i + 1]].tolist() for i in range(3)]


def test_words_are_shingled_by_their_hashes():
    """With `unit: word` a shingle is n words, and its set travels with the sketch."""
    words = [2**63 + 1, 5, 7, 2**40, 5, 7]
    table = sketch(with_tokens(words, [1, 2]), Settings(unit="word", n=3))
    expected = {
        xxhash.xxh32_intdigest(np.array(words[k : k + 3], "<u8").tobytes()) for k in range(4)
    }

    assert sorted(expected) == table.column("shingles")[0].as_py()
    assert [False, True] == table.column("signature").is_null().to_pylist()


def test_words_need_tokens():
    """Word shingles of texts without tokens are a problem a user can act on."""
    with pytest.raises(Problem) as caught:
        sketch(Texts.of(STORY), Settings(unit="word"))

    assert caught.value.code == "S030"
    assert caught.value.message


def test_sketches_of_other_settings_are_refused():
    """A sketch says how it was made, and is not compared with others."""
    schema = sketch(Texts.of(STORY), Settings()).schema
    check_header("sketch/00000.parquet", schema, Settings(similarity=0.9))
    with pytest.raises(Problem) as caught:
        check_header("sketch/00000.parquet", schema, Settings(seed=2))

    assert caught.value.code == "S031"
    assert {"found": "1", "want": "2"}.items() <= caught.value.values.items()
