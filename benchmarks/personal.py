"""
Personal data: precision and recall per kind on the lines of the tests, beside HojiChar.

A span counts as found where something of its kind touches it, and as exact where both ends are the
same. HojiChar's `MaskPersonalInformation` does not say what it found: whatever it changed of a
span counts for it.

    python -m benchmarks.personal
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable

from seimai.filters.personal import ALL_KINDS, NUMBERS, find
from tests.filters.personal_lines import Line, lines

Spans = list[tuple[int, int, str]]


def ours(text: str) -> Spans:
    """Start, end and kind of what `find` finds."""
    return [(span.start, span.end, span.kind) for span in find(text, kinds=ALL_KINDS)]


def hojichar() -> Callable[[str], Spans] | None:
    """What HojiChar changes in a text, of any kind; nothing where it is not installed."""
    try:
        from hojichar import Document
        from hojichar.filters.document_filters import MaskPersonalInformation
    except ImportError:
        return None
    mask = MaskPersonalInformation()

    def changed(text: str) -> Spans:
        masked = mask.apply(Document(text)).text
        steps = difflib.SequenceMatcher(None, text, masked, autojunk=False).get_opcodes()
        return [(a, b, "") for step, a, b, _, _ in steps if step != "equal" and b > a]

    return changed


def scores(chosen: list[Line], finder: Callable[[str], Spans]) -> dict[str, Counter[str]]:
    """Counts by kind: there, found, exact, false; and of lines without personal data."""
    counts = {name: Counter[str]() for name in ("there", "found", "exact", "false", "lines")}
    for line in chosen:
        spans = finder(line.text)
        right = set()
        for start, end, kind in line.spans:
            hits = {s for s in spans if s[2] in (kind, "") and s[0] < end and start < s[1]}
            right |= hits
            counts["there"][kind] += 1
            counts["found"][kind] += bool(hits)
            counts["exact"][kind] += any(hit[:2] == (start, end) for hit in hits)
        for span in spans:
            counts["false"][span[2]] += span not in right
        if not line.spans:
            counts["lines"]["all"] += 1
            counts["lines"]["touched"] += any(span[2] != "PERSON_NAME" for span in spans)
    return counts


def row(name: str, counts: dict[str, Counter[str]], kinds: tuple[str, ...]) -> str:
    """Spans, precision, recall and exact ends of some kinds, as cells of a table."""
    there, found, exact, false = (
        sum(counts[part][kind] for kind in kinds) for part in ("there", "found", "exact", "false")
    )
    if not there:
        return f"| {name} | 0 | – | – | – |"
    precision = f"{found / (found + false):.3f}" if found + false else "–"
    ends = f"{exact / found:.3f}" if found else "–"
    return f"| {name} | {there} | {precision} | {found / there:.3f} | {ends} |"


def main() -> None:
    """Print the tables: lines that rules were tuned on, and lines held out."""
    peer = hojichar()
    for held_out in (False, True):
        chosen = [
            line
            for name in ("positive", "negative")
            for line in lines(name)
            if line.held_out == held_out
        ]
        counts = scores(chosen, ours)
        print(f"\n{'held out' if held_out else 'tuned'}: {len(chosen)} lines\n")
        print("| kind | spans | precision | recall | exact ends |\n|---|--:|--:|--:|--:|")
        for kind in ALL_KINDS:
            print(row(f"`{kind}`", counts, (kind,)))
        print(row("**all but names**", counts, NUMBERS))
        print(f"\nlook-alikes touched: {counts['lines']['touched']} of {counts['lines']['all']}")
        if peer:
            other = scores(chosen, peer)
            share = {
                kind: f"{other['found'][kind] / other['there'][kind]:.2f}"
                for kind in ALL_KINDS
                if other["there"][kind]
            }
            print(f"HojiChar: changed, by kind: {share}; look-alikes touched {other['lines']}")


if __name__ == "__main__":
    main()
