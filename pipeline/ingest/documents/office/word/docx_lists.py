"""The lists of a DOCX: which paragraphs are numbered, and how."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.documents.office.package import skip
from seimai.pipeline.ingest.documents.office.word.numbering import LEVELS, Counters, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.documents.office.package import Event, Package, Relation

NO = {"0", "false", "off"}
DEEPEST = 20
"""Styles are followed to the styles they are based on this far; a loop ends there."""


@dataclass
class _Numbers:
    """One use of a list: its pattern, and what it does otherwise."""

    abstract: str = ""
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)


@dataclass
class _Style:
    """What a paragraph style says of lists."""

    above: str = ""
    name: str = ""
    level: str = ""


class Lists:
    """The numbers of the paragraphs of a document, one after the other."""

    def __init__(self) -> None:
        self.abstract: dict[str, dict[int, Level]] = {}
        self.links: dict[str, str] = {}
        """For each pattern that only names a style of lists the name of that style."""
        self.styled: dict[str, str] = {}
        """For each style of lists the pattern that defines it."""
        self.level_styles: dict[tuple[str, str], int] = {}
        """For a pattern and a paragraph style the level that the style belongs to."""
        self.numbers: dict[str, _Numbers] = {}
        self.styles: dict[str, _Style] = {}
        self.default_style = ""
        self._counters = Counters()
        self._restarted: set[tuple[str, int]] = set()
        self._noted = _Style()
        self.begin()

    def note_style(self, event: Event) -> None:
        """Look at an element of the styles for what it says of lists."""
        said = event.attributes
        value = said.get("val", "")
        match event.name:
            case "style":
                name = said.get("styleId", "")
                self._noted = self.styles.setdefault(name, _Style())
                is_default = said.get("default", "0") not in NO
                if is_default and said.get("type") == "paragraph":
                    self.default_style = name
            case "basedOn":
                self._noted.above = value
            case "numId":
                self._noted.name = value
            case "ilvl":
                self._noted.level = value

    def begin(self) -> None:
        """A paragraph begins; its properties set the three."""
        self.style = self.level = self.name = ""

    def label(self) -> str:
        """The number in front of the paragraph, "" for most."""
        name, level = self._found()
        numbers = self.numbers.get(name)
        if numbers is None:
            return ""
        abstract = numbers.abstract
        if abstract in self.links:
            abstract = self.styled.get(self.links[abstract], abstract)
        levels = {**self.abstract.get(abstract, {}), **numbers.levels}
        at = min(int(level), LEVELS - 1) if level.isascii() and level.isdigit() else 0
        if at in numbers.starts and (name, at) not in self._restarted:
            self._restarted.add((name, at))
            self._counters.restart(abstract, at, numbers.starts[at])
        return self._counters.label(abstract, at, levels)

    def _found(self) -> tuple[str, str]:
        """The list and the level of the paragraph, from itself or from its style."""
        name, level = self.name, self.level
        style = self.style or self.default_style
        for _ in range(DEEPEST):
            if not style or (name and level):
                break
            said = self.styles.get(style, _Style())
            if not name and said.name:
                name = said.name
                numbers = self.numbers.get(name)
                linked = numbers and self.level_styles.get((numbers.abstract, style))
                level = level or said.level or (str(linked) if linked else "")
            style = said.above
        return name, level or "0"


def read_numbering(package: Package, relations: dict[str, Relation], lists: Lists) -> None:
    """Read the patterns and the lists of a document; its styles are noted one by one."""
    for relation in relations.values():
        if relation.kind == "numbering" and package.has(relation.target):
            _read_numbering(package.events(relation.target), lists)


def _read_numbering(events: Iterator[Event], lists: Lists) -> None:
    """Read the patterns of lists, and the lists made of them."""
    abstract = number = ""
    place = 0
    for event in events:
        if event.kind != "start":
            continue
        said = event.attributes
        value = said.get("val", "")
        match event.name:
            case "abstractNum":
                abstract, number = said.get("abstractNumId", ""), ""
                lists.abstract.setdefault(abstract, {})
            case "num":
                number = said.get("numId", "")
                lists.numbers.setdefault(number, _Numbers())
            case "abstractNumId" if number:
                lists.numbers[number].abstract = value
            case "numStyleLink" if not number:
                lists.links[abstract] = value
            case "styleLink" if not number:
                lists.styled[value] = abstract
            case "lvlOverride":
                place = _small(said.get("ilvl", "0"))
            case "startOverride" if number:
                lists.numbers[number].starts[place] = _small(value)
            case "lvl":
                place = _small(said.get("ilvl", "0"))
                levels = lists.numbers[number].levels if number else lists.abstract.get(abstract)
                if levels is not None:
                    levels[place] = _level(events)
            case "pPr" | "rPr":
                skip(events)
    for name, levels in lists.abstract.items():
        for at, level in levels.items():
            if level.style:
                lists.level_styles[name, level.style] = at


def _level(events: Iterator[Event]) -> Level:
    """The level of a list that has just begun."""
    found = Level(start=0)
    depth = 1
    for event in events:
        if event.kind == "end":
            depth -= 1
            if not depth:
                break
        elif event.kind == "start":
            if event.name in {"pPr", "rPr", "lvlPicBulletId"}:
                skip(events)
                continue
            depth += 1
            value = event.attributes.get("val", "")
            match event.name:
                case "start":
                    found = replace(found, start=_small(value))
                case "numFmt":
                    found = replace(found, kind=value)
                case "lvlText":
                    found = replace(found, pattern=value)
                case "suff":
                    found = replace(found, glued=value == "nothing")
                case "lvlRestart":
                    found = replace(found, restarts=_small(value))
                case "isLgl":
                    found = replace(found, plain=value not in NO)
                case "pStyle":
                    found = replace(found, style=value)
    return found


def _small(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
