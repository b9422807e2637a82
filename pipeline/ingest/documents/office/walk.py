"""
The events of a part, each given to the function that its element has in a table.

Word, slides and OpenDocument are read by such tables: what an element does to the text is one
short function, and what is not in a table does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from seimai.pipeline.ingest.documents.office.package import skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from seimai.pipeline.ingest.documents.office.package import Event

Starts: TypeAlias = "Mapping[str, Callable[[Event], bool | None]]"
"""What to do at the start of an element, by its name; returning True skips its content."""
Ends: TypeAlias = "Mapping[str, Callable[[], object]]"


def walk(
    events: Iterator[Event],
    starts: Starts,
    ends: Ends,
    write: Callable[[str], None],
    unseen: Iterable[str] = (),
) -> None:
    """Give each event to its function; elements in `unseen` are passed over whole."""
    passed_over = frozenset(unseen)
    for event in events:
        if event.kind == "text":
            write(event.name)
        elif event.kind == "end":
            if end := ends.get(event.name):
                end()
        elif event.name in passed_over or ((start := starts.get(event.name)) and start(event)):
            skip(events)
