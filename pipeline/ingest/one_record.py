"""
One record at a time: whatever goes wrong in it costs that record, and reading goes on.

Every reader of a container (a crawl, an archive, a mailbox, a dump, a table, lines) reads what it
holds through here. The readers know the faults of their formats and name them; this is for the
exception that nobody thought of, in our code or in a library's. It becomes one `Unreadable` with
its place, so that a run can count it, instead of the silent end of a crawl of a hundred thousand
pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from seimai.pipeline.errors import Problem, TooSlow
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Broken,
    Document,
    Item,
    Items,
    Skipped,
    Unreadable,
    unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Record = TypeVar("Record")

GAVE_UP = "the reader gave up"
"""How the detail begins where a reader raised; the tests look for it and want none."""


def one_record(
    read: Callable[..., Item | Items], *given: Any, place: str, first: bytes = b""
) -> Items:
    """
    What `read(*given)` gives, one item or several; an exception becomes an `Unreadable` at `place`.

    `first` are bytes of the record, as many as one likes. A missing package (`Problem`), a lack of
    memory and a bomb go through: they are about more than one record.

    >>> list(one_record(lambda: 1 / 0, place="@7", first=b"{}"))
    [Unreadable(place='@7', cause='damaged', detail='the reader gave up: ZeroDivisionError', first_bytes=b'{}', format='', rest=False)]
    """  # noqa: E501 - a line of output is not wrapped
    try:
        found = read(*given)
        if isinstance(found, Document | Unreadable | Skipped):
            yield found
        else:
            yield from found
    except (Problem, MemoryError):
        raise
    except Broken as broken:
        if broken.cause == "bomb":
            raise
        yield unreadable(place, broken, first)
    except TooSlow:
        yield too_slow(place, first)
    except Exception as error:  # noqa: BLE001 - this is what it is for
        yield gave_up(error, place, first)


def careful(shape: Callable[[Record, str], Item]) -> Callable[[Record, str], Item]:
    """`one_record` for the function that makes an item of a record and its place: rows are many."""

    def shaped(record: Record, place: str) -> Item:
        try:
            return shape(record, place)
        except (Problem, MemoryError):
            raise
        except TooSlow:
            return too_slow(place)
        except Exception as error:  # noqa: BLE001 - as above
            return gave_up(error, place)

    return shaped


def gave_up(error: Exception, place: str, first: bytes = b"", *, rest: bool = False) -> Unreadable:
    """The quarantine record of an exception, by its kind: what it says may hold text or paths."""
    detail = f"{GAVE_UP}: {type(error).__name__}"
    return Unreadable(place, "damaged", detail, first[:FIRST_BYTES], rest=rest)


def too_slow(place: str, first: bytes = b"", *, rest: bool = False) -> Unreadable:
    """The quarantine record of a record whose reading was stopped."""
    detail = "reading it took longer than a record may"
    return Unreadable(place, "too_slow", detail, first[:FIRST_BYTES], rest=rest)
