"""
Personal data: precision and recall per kind on the lines of the tests, beside HojiChar and
GiNZA.

A span counts as found where something of its kind touches it, and as exact where both ends are the
same. HojiChar's `MaskPersonalInformation` does not say what it found: whatever it changed of a
span counts for it. GiNZA knows names of persons only.

    python -m benchmarks.personal
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable

from seimai.filters.personal import ALL_KINDS, NUMBERS, find
from tests.filters.personal_lines import Line, lines, lines_of_others

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


def ginza() -> Callable[[str], Spans] | None:
    """Names of persons by GiNZA's tagger of entities; nothing where it is not installed."""
    try:
        import spacy

        tagger = spacy.load("ja_ginza")
    except (ImportError, OSError):
        return None

    def persons(text: str) -> Spans:
        return [
            (entity.start_char, entity.end_char, "PERSON_NAME")
            for entity in tagger(text).ents
            if entity.label_ == "Person"
        ]

    return persons


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


def table(title: str, chosen: list[Line], peers: dict[str, Callable[[str], Spans]]) -> None:
    """Print what is found of some lines, kind by kind, and what others find of them."""
    counts = scores(chosen, ours)
    print(f"\n{title}: {len(chosen)} lines\n")
    print("| kind | spans | precision | recall | exact ends |\n|---|--:|--:|--:|--:|")
    for kind in ALL_KINDS:
        print(row(f"`{kind}`", counts, (kind,)))
    print(row("**all but names**", counts, NUMBERS))
    print(f"\nlook-alikes touched: {counts['lines']['touched']} of {counts['lines']['all']}")
    for name, peer in peers.items():
        other = scores(chosen, peer)
        share = {
            kind: f"{other['found'][kind] / other['there'][kind]:.2f}"
            for kind in ALL_KINDS
            if other["there"][kind]
        }
        false = sum(other["false"].values())
        print(f"{name}: found, by kind: {share}; false {false}; lines {dict(other['lines'])}")


def main() -> None:
    """Print the tables: lines that rules were tuned on, and lines held out."""
    makers = {"HojiChar": hojichar, "GiNZA": ginza}
    peers = {name: peer for name, make in makers.items() if (peer := make())}
    names = ("positive", "negative")
    for title, every in (
        ("by the writer of the rules", [line for name in names for line in lines(name)]),
        ("in the manner of others", [line for name in names for line in lines_of_others(name)]),
    ):
        for held_out in (False, True):
            part = "held out" if held_out else "tuned on"
            table(f"{title}, {part}", [line for line in every if line.held_out == held_out], peers)


if __name__ == "__main__":
    main()
