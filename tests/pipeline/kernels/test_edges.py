"""The kernel that looks at the edges of lines, against plain Python."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.characters import CODE_POINTS
from seimai.pipeline.kernels import edges as kernels
from seimai.pipeline.text import Texts
from seimai.pipeline.text.lexicon import pairs_of

LINES = st.lists(st.text(st.sampled_from("米を・|cop(Ｃrv©の前無断㈱゙ "), max_size=9), max_size=6)
BEGINNINGS, ENDINGS = ("米を",), ("を米",)
SIGNS = re.compile("[(㈱][cＣ]|[cＣ]op|[r㈱]v|©|前の|無断")


def plainly(line, longest):
    """Whether a line is short and holds a mark or a sign, or has an edge that is looked for."""
    if len(line) > longest:
        return False
    bare = line.strip("・| ")
    edges = [pair for pair in (bare[:2], bare[-2:]) if pair]
    return (
        "゙" in line
        or SIGNS.search(line) is not None
        or any(len(pair) == 1 or "㈱" in pair for pair in edges)
        or bare[:2] in BEGINNINGS
        or bare[-2:] in ENDINGS
    )


@given(LINES, st.integers(2, 9))
@settings(max_examples=80, deadline=None)
def test_edges_equal_a_plain_look(lines, longest):
    """Signs count anywhere, pairs at the edges only, and what folds to many is taken for either."""
    roles = np.zeros(CODE_POINTS, np.uint8)
    folded = np.arange(CODE_POINTS, dtype=np.uint32)
    roles[[ord(one) for one in "・| "]] = kernels.DECORATION
    roles[[ord(one) for one in "cＣv©の断"]] = kernels.SIGN
    roles[ord("゙")] = kernels.MARK
    folded[ord("Ｃ")] = ord("c")
    folded[ord("㈱")] = kernels.MANY
    made = Texts.of(*lines)

    found = kernels.have_edges(
        made.codes, made.start[:-1].copy(), made.start[1:].copy(), longest, roles, folded,
        pairs_of(BEGINNINGS), pairs_of(ENDINGS),
    )  # fmt: skip

    assert [plainly(line, longest) for line in lines] == found.tolist()


def test_whole_lines_reach_their_line_feeds():
    """The blanks at the ends of a line belong to it again, those of its neighbours do not."""
    text = " 米 \n\n　水\t"
    made = Texts.of("x", text)
    lines = made.lines

    begin, end = kernels.whole_lines(
        made.codes, lines.start, lines.end, made.start[lines.owner], made.start[lines.owner + 1]
    )

    assert ["x", " 米 ", "　水\t"] == [
        f"x{text}"[a:b] for a, b in zip(begin.tolist(), end.tolist(), strict=True)
    ]
