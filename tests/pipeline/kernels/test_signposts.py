"""The search for places of five characters against a plain one."""

from __future__ import annotations

import numpy as np

from seimai.pipeline.characters import CODE_POINTS
from seimai.pipeline.kernels import signposts as kernels


def test_places_are_those_of_a_plain_loop() -> None:
    """Every place counts whose characters share a bit, the ends of texts and empty ones too."""
    random = np.random.default_rng(7)
    class_of = np.zeros(CODE_POINTS, np.uint16)
    class_of[:9] = [4, 1, 2, 0, 3, 3, 2, 1, 0]
    bits_of = random.integers(0, 64, (kernels.WIDTH, 5)).astype(np.uint64)
    lengths = [0, 1, 2, 0, 5, 200, 3, 0]
    start = np.cumsum([0, *lengths])
    codes = random.integers(1, 9, start[-1]).astype(np.uint32)

    expected = []
    for i, length in enumerate(lengths):
        padded = [0, *codes[start[i] : start[i + 1]].tolist(), 0, 0, 0]
        for k in range(length):
            seen = [int(bits_of[far, class_of[padded[k + far]]]) for far in range(kernels.WIDTH)]
            both = int(np.bitwise_and.reduce(seen))
            if both:
                expected.append((i, int(start[i]) + k, both))
    place, bits, first = kernels.signposts(codes, start, class_of, bits_of)

    assert expected
    assert [(k, both) for _, k, both in expected] == list(
        zip(place.tolist(), bits.tolist(), strict=True)
    )
    assert [sum(row < i for row, *_ in expected) for i in range(len(lengths) + 1)] == first.tolist()


def test_characters_are_mapped() -> None:
    """Each code point becomes what the table has for it."""
    table = np.arange(CODE_POINTS, dtype=np.uint32)
    table[5] = 7

    assert [4, 7, 0x10FFFF] == kernels.mapped(np.array([4, 5, 0x10FFFF], np.uint32), table).tolist()
