"""The search for places of three characters against a plain one."""

from __future__ import annotations

import numpy as np

from seimai.filters.personal.names import _BRACKET, _GREETING, _TITLE
from seimai.filters.personal.signs import Sign, Signs
from seimai.pipeline.characters import CODE_POINTS
from seimai.pipeline.kernels import signposts as kernels


def test_places_are_those_of_a_plain_loop() -> None:
    """Every place counts whose character and neighbours share a bit, the ends of a text too."""
    random = np.random.default_rng(7)
    tables = [np.zeros(CODE_POINTS, np.uint16) for _ in range(3)]
    for table in tables:
        table[:9] = random.integers(0, 8, 9)
    for length in (0, 1, 2, 200):
        codes = random.integers(1, 9, length).astype(np.uint32)
        padded = [0, *codes.tolist(), 0]
        bits = [
            int(tables[0][padded[i]] & tables[1][padded[i + 1]] & tables[2][padded[i + 2]])
            for i in range(length)
        ]
        place, found = kernels.signposts(codes, *tables)
        assert [i for i in range(length) if bits[i]] == place.tolist()
        assert [bit for bit in bits if bit] == found.tolist()


def test_signs_miss_nothing_that_a_pattern_finds() -> None:
    """Behind signs a pattern finds in a text what it finds alone, at its first and last place."""
    text = "様と山田さん(やまだ)です。副部長と申します(41)教授、鈴木様"
    for sign, pattern in (
        (Sign.TITLE | Sign.BARE_TITLE, _TITLE),
        (Sign.GREETING, _GREETING),
        (Sign.BRACKET, _BRACKET),
    ):
        expected = [match.span() for match in pattern.finditer(text)]
        assert expected == [match.span() for match in Signs(text).matches(sign, pattern)]
