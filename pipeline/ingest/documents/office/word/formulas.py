"""
Formulas of Word in a line of text: `(a+b)/c`, `x²`, `√(2)`, `∑_(i=1)^n`.

A formula is elements within elements (OMML); its characters alone would say `ab` for a fraction
and `x2` for a square. What is above or below becomes a sign that stands between.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seimai.pipeline.ingest.documents.office.flow import Flow
    from seimai.pipeline.ingest.documents.office.package import Event
    from seimai.pipeline.ingest.documents.office.walk import Ends, Starts

RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
"""What Unicode has as raised characters; an exponent of others follows a `^`."""
INTEGRAL = "∫"
"""The sign of a sum, a product or an integral where none is named."""
PARTS = ("num", "den", "sup", "sub", "deg", "d", "rad")
"""Elements of a formula whose characters are put together where they end."""
DEEPEST = 100
"""At most this many parts within each other are looked at."""


class Formulas:
    """The parts of a formula that are open, written into a flow."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._open: list[tuple[str, int]] = []
        """For each open part its name, and how many pieces the paragraph had before."""
        self._brackets: list[list[str]] = []
        self._sign = ""

    def tables(self) -> tuple[Starts, Ends]:
        """What is done at the elements of formulas."""
        starts: Starts = {
            **dict.fromkeys(PARTS, self._start),
            "naryPr": self._start_sum, "chr": self._set_sign,
            "begChr": self._set_bracket, "endChr": self._set_bracket,
        }  # fmt: skip
        ends: Ends = {name: partial(self._end, name) for name in PARTS}
        return starts, {**ends, "naryPr": self._end_sum}

    def _start(self, event: Event) -> None:
        if len(self._open) < DEEPEST:
            self._open.append((event.name, self._flow.pieces()))
        if event.name == "d":
            self._brackets.append(["(", ")"])

    def _end(self, name: str) -> None:
        if not self._open or self._open[-1][0] != name:
            return
        _, before = self._open.pop()
        text = self._flow.taken(before)
        if name == "d":
            first, last = self._brackets.pop() if self._brackets else ("(", ")")
            text = f"{first}{text}{last}"
        elif name == "num":
            text = f"{_one(text)}/"
        elif name == "den":
            text = _one(text)
        elif name == "rad":
            root, found, inside = text.partition("√")  # The degree stands first, if only as that.
            text = f"{root}√({inside})" if found else f"√({text})"
        elif name == "deg":
            text = f"{_raised(text)}√" if text else "√"
        elif text:
            text = _raised(text) if name == "sup" else f"_{_one(text)}"
        self._flow.put_back(text)

    def _start_sum(self, _: Event) -> None:
        self._sign = INTEGRAL

    def _set_sign(self, event: Event) -> None:
        if self._sign:
            self._sign = event.attributes.get("val", "")[:1] or INTEGRAL

    def _end_sum(self) -> None:
        self._flow.write(self._sign)
        self._sign = ""

    def _set_bracket(self, event: Event) -> None:
        if self._brackets:
            self._brackets[-1][event.name == "endChr"] = event.attributes.get("val", "")[:1]


def _one(text: str) -> str:
    """The text of a part, in brackets where it has several signs."""
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _raised(text: str) -> str:
    """The text of an exponent, with its mark."""
    raised = text.translate(RAISED)
    if all(before != after for before, after in zip(text, raised, strict=True)):
        return raised
    return f"^{_one(text)}"
