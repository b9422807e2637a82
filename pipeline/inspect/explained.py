"""An explanation of a text: its numbers beside the limits, and what would have to be different."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from seimai.pipeline.stages.gone import Gone

Outcome = Literal["ok", "fails", "unmeasured", "free", "unasked"]


@dataclass(frozen=True)
class Row:
    """One signal of the text: its number, and what the limit says to it ("free": no limit)."""

    signal: str
    value: float
    outcome: Outcome
    limit: dict[str, Any] | None = None
    where: tuple[str, ...] = ()
    """Parts of the text that made the number, where the signal can tell."""
    parts: tuple[tuple[str, float], ...] = ()
    """What a learned score is made of, the largest first: a label, and what it added."""


@dataclass(frozen=True)
class Combined:
    """A combined limit: each of its limits beside the number, and what follows."""

    reason: str
    outcome: Outcome
    """ "unasked": the text does not keep to `where`, or was rejected before."""
    failing: int
    least: int
    """How many of its limits have to fail."""
    limits: tuple[Row, ...]
    where: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Choice:
    """What it takes to satisfy a combined limit: `count` of the changes in `of`."""

    reason: str
    count: int
    of: tuple[str, ...]


@dataclass(frozen=True)
class Cut:
    """A passage that is not released with this text, because another one keeps it."""

    text: str
    keeper: str
    """The id of the text in which the passage stays."""


@dataclass(frozen=True)
class Explained:
    """A text and why it was kept or rejected."""

    id: str
    kept: bool
    reasons: tuple[str, ...]
    rows: tuple[Row, ...]
    """The limits in the order of the recipe, then all other signals."""
    duplicate_of: str | None = None
    duplicate_in: str | None = None
    """The earlier release that `duplicate_of` is in; None where it is in this one."""
    similarity: float | None = None
    origin: dict[str, Any] = field(default_factory=dict)
    """Source, URL, input and place in it, shard and row; empty for a text from outside."""
    needed: tuple[str, ...] = ()
    """What would have to be different for the text to be kept, as `SIGNAL ≤ NUMBER`."""
    together: tuple[Combined, ...] = ()
    """The combined limits in the order of the recipe."""
    choices: tuple[Choice, ...] = ()
    """What would have to be different as well, where there is something to choose."""
    gone: tuple[Gone, ...] = ()
    """
    What cleaners took out, in the order in which it stood in the text. Of a finished run it is
    known where the recipe says `report: {removed_lines: true}`, or the input is still there.
    """
    cut: tuple[Cut, ...] = ()
    """Passages that are cut from what is released, in their order."""
    blank: Literal["", "raw", "cleaned"] = ""
    """Whether there was no text from the start, or none after the cleaners."""
    unasked: tuple[Row, ...] = ()
    """What of `tokens: where` the text does not keep to, so that nobody asks for its words."""
    of_run: tuple[str, ...] = ()
    """The limits, single and combined, that look at numbers of a whole run."""
    removed: tuple[int, int] | None = None
    """Lines and characters that cleaners took out, where a run counted them."""


def as_dict(found: Explained) -> dict[str, Any]:
    """The explanation as data for JSON."""
    return asdict(found)
