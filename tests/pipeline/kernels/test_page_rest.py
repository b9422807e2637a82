"""What is left of the source of a page, against edits of a string from its end."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.kernels.page import CLOSE, END, INNER, START, TAG, elements
from seimai.pipeline.kernels.page_rest import AS_DIV, AS_SPAN, GOES, STAYS, rest
from seimai.pipeline.kernels.page_tags import CODE, NAMES

PIECES = ("川の", " 町\n ", "山", "&amp;", "\n", "a b")
TAGS = ("p", "b", "label", "figure", "head", "div")
OF_TAG = np.array(
    [{"label": AS_SPAN, "figure": AS_DIV}.get(name, STAYS) for name in NAMES], np.uint8
)
NEW = {AS_DIV: "div", AS_SPAN: "span"}


@st.composite
def sources(draw: st.DrawFn, depth: int = 3) -> str:
    """A source as a serialiser writes it."""
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        if depth and draw(st.booleans()):
            tag = draw(st.sampled_from(TAGS))
            parts.append(f"<{tag}>{draw(sources(depth - 1))}</{tag}>")
        else:
            parts.append(draw(st.sampled_from(PIECES)))
    return "".join(parts)


def plain_rest(data: bytes, table: np.ndarray, breaks: np.ndarray, becomes: list[int]) -> str:
    """The same by edits of a copy, the last one first."""
    edits = [(int(start), int(end), "") for start, end in breaks]
    for row, said in enumerate(becomes):
        if said == GOES:
            edits.append((int(table[row, START]), int(table[row, END]), ""))
        elif said != STAYS:
            edits.append((int(table[row, START]), int(table[row, INNER]), f"<{NEW[said]}>"))
            edits.append((int(table[row, CLOSE]), int(table[row, END]), f"</{NEW[said]}>"))
    gone = [edit for edit in edits if not edit[2] and edit[1] > edit[0]]
    for start, end, new in sorted(edits, reverse=True):
        if not any(one[0] <= start and end <= one[1] and one != (start, end, new) for one in gone):
            data = data[:start] + new.encode() + data[end:]
    return data.decode()


@given(sources(), st.data())
def test_the_rest_is_what_edits_of_a_copy_give(inner: str, data: st.DataObject) -> None:
    """Elements that go, tags that change and breaks of the source, in any order and nesting."""
    source = f"<html><body>{inner}</body></html>".encode()
    table, breaks, _, _, _ = elements(np.frombuffer(source, np.uint8), np.zeros(0, np.uint8))
    asked = data.draw(
        st.lists(st.sampled_from((STAYS, STAYS, GOES, AS_DIV)), min_size=len(table),
                 max_size=len(table))
    )  # fmt: skip
    of_row = [STAYS, *asked[1:]]
    becomes = [
        said if said == GOES or OF_TAG[tag] == STAYS else int(OF_TAG[tag])
        for said, tag in zip(of_row, table[:, TAG].tolist(), strict=True)
    ]
    heads = (table[:, TAG] == CODE["head"]).nonzero()[0].tolist()
    for row in heads[:1]:
        becomes[row] = GOES

    found = rest(np.frombuffer(source, np.uint8), table, breaks, np.array(of_row, np.uint8), OF_TAG)

    assert plain_rest(source, table, breaks, becomes) == found.tobytes().decode()
