"""Lines of a stream that comes in pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.ingest.contract import Broken, Unreadable
from seimai.pipeline.ingest.sources.lines import Line, LineReader

CHUNKS = st.lists(st.text("ab\n", max_size=6).map(str.encode), max_size=8)


def _read(
    chunks: list[bytes], largest: int, start: int = 0, end: int | None = None
) -> list[Line | tuple[str, str]]:
    """Lines, and place and cause of what is none, of chunks that begin at `start - 1`."""
    reader = LineReader(largest, start, end)
    given_so_far: list[list[Line] | Unreadable] = []
    for chunk in chunks:
        if reader.done:
            break
        given_so_far += reader.feed(chunk)
    if not reader.done:
        given_so_far += reader.end()
    return [
        each
        for item in given_so_far
        for each in (item if isinstance(item, list) else [(item.place, item.cause)])
    ]


def _plain(
    data: bytes, largest: int, start: int = 0, end: int | None = None
) -> list[Line | tuple[str, str]]:
    """The same of all bytes of a file, as one would write it without bounds."""
    found: list[Line | tuple[str, str]] = []
    at = 0
    for line in data.split(b"\n"):
        if line and at >= start and (end is None or at < end):
            small = len(line) <= largest
            found.append(Line(at, line) if small else (f"@{at}", "too_large"))
        at += len(line) + 1
    return found


@given(CHUNKS, st.integers(0, 5))
def test_chunks_do_not_matter(chunks: list[bytes], largest: int) -> None:
    """However a stream is cut, its lines are those of the whole."""
    assert _plain(b"".join(chunks), largest) == _read(chunks, largest)


@given(CHUNKS, st.integers(0, 30), st.integers(1, 30))
def test_parts_share_out_lines(chunks: list[bytes], start: int, size: int) -> None:
    """A part has the lines that begin in it, whole, and no other."""
    data = b"".join(chunks)
    cut = data[max(start - 1, 0) :]
    end = start + size
    halves = [cut[: len(cut) // 2], cut[len(cut) // 2 :]]

    assert _plain(data, 5, start, end) == _read(halves, 5, start, end)


def test_break_keeps_what_there_is() -> None:
    """A stream that breaks inside a line gives its beginning, marked, and the break."""
    reader = LineReader(10)
    list(reader.feed(b"whole\npart"))
    rest, fault = reader.end(Broken("truncated", "it stops"))

    assert [Line(6, b"part", cut=True)] == rest
    assert ("@6", "truncated") == (fault.place, fault.cause)
