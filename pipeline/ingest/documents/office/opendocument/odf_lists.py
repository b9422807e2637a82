"""The lists of OpenDocument: which paragraphs are numbered, and how."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.documents.office.word.numbering import LEVELS, Counters, Level

if TYPE_CHECKING:
    from seimai.pipeline.ingest.documents.office.package import Event

OUTLINE = "\0outline"
"""The name here of the numbers of headings, which have no name there."""
KINDS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "①": "decimalEnclosedCircle", "ア": "aiueoFullWidth", "イ": "irohaFullWidth",
    "ｱ": "aiueo", "ｲ": "iroha", "一": "japaneseCounting", "１": "decimalFullWidth",
    "壱": "japaneseLegal", "甲": "ideographTraditional", "子": "ideographZodiac", "": "none",
}  # fmt: skip
"""DOCX's names of numerals, by the first numeral of a format such as `ア, イ, ウ, ...`."""
YES = "true"


class Lists:
    """The numbers of the paragraphs of a document, one after the other."""

    def __init__(self) -> None:
        self._styles: dict[str, dict[int, Level]] = {}
        self._style = ""
        self._level = 0
        self._counters = Counters()
        self._lists: list[tuple[str, str]] = []
        """For each open list its style, and the name under which its numbers count."""
        self._items: list[bool] = []
        """For each open item whether its number is still to be written."""
        self._named: dict[str, str] = {}
        """For the id of each list the name under which its numbers count."""
        self._last: dict[str, str] = {}
        """For each style the name under which the numbers of its last list count."""
        self._made = 0

    # --- styles ---

    def note(self, event: Event) -> None:
        """Look at an element for what it says of lists."""
        said = event.attributes
        if event.name in {"list-style", "outline-style"}:
            self._style = OUTLINE if event.name == "outline-style" else said.get("name", "")
            self._styles[self._style] = {}
        elif event.name == "list-level-label-alignment":
            if (level := self._open_level()) and said.get("label-followed-by") == "nothing":
                self._styles[self._style][self._level] = replace(level, glued=True)
        elif self._style:
            self._level = _small(said.get("level", "1"), 1) - 1
            if event.name == "list-level-style-bullet":
                self._styles[self._style][self._level] = Level("bullet")
            else:
                self._styles[self._style][self._level] = _level(said, self._level)

    def end_style(self) -> None:
        """End the definition of a style of lists."""
        self._style = ""

    def _open_level(self) -> Level | None:
        return self._styles.get(self._style, {}).get(self._level)

    # --- lists ---

    def start_list(self, event: Event) -> None:
        """A list begins; one in another goes on with its style."""
        said = event.attributes
        outer = self._lists[-1] if self._lists else None
        style = said.get("style-name") or (outer[0] if outer else "")
        if outer:
            name = outer[1]
        elif said.get("continue-list", "") in self._named:
            name = self._named[said["continue-list"]]
        elif said.get("continue-numbering") == YES and style in self._last:
            name = self._last[style]
        else:
            self._made += 1
            name = f"{style} {self._made}"
        self._last[style] = name
        if said.get("id"):
            self._named[said["id"]] = name
        self._lists.append((style, name))

    def end_list(self) -> None:
        """End the current list."""
        del self._lists[-1:]

    def start_item(self, event: Event) -> None:
        """An item begins; it may say its number."""
        self._items.append(True)
        start = event.attributes.get("start-value", "")
        if self._lists and start:
            level = min(len(self._lists), LEVELS) - 1
            self._counters.restart(self._lists[-1][1], level, _small(start, 1))

    def start_header(self, _: Event) -> None:
        """Begin an item without a number."""
        self._items.append(False)

    def end_item(self) -> None:
        """End the current item."""
        del self._items[-1:]

    def label(self, event: Event) -> str:
        """The number in front of a paragraph that begins, "" for most."""
        if self._items and self._items[-1] and self._lists:
            self._items[-1] = False
            style, name = self._lists[-1]
            levels = self._styles.get(style, {})
            return self._counters.label(name, min(len(self._lists), LEVELS) - 1, levels)
        headings = self._styles.get(OUTLINE)
        if event.name == "h" and headings and not self._lists:
            said = event.attributes
            if said.get("is-list-header") == YES:
                return ""
            level = min(_small(said.get("outline-level", "1"), 1), LEVELS) - 1
            if headings.get(level, Level("none")).pattern:
                return self._counters.label(OUTLINE, level, headings)
        return ""


def _level(said: dict[str, str], level: int) -> Level:
    """A level with numbers."""
    form = said.get("num-format", "")
    kind = KINDS.get(form[:1], "decimal")
    shown = _small(said.get("display-levels", "1"), 1)
    first = max(level + 1 - shown, 0)
    pattern = said.get("num-list-format", "")
    if pattern:
        for place in range(1, LEVELS + 1):
            pattern = pattern.replace(f"%{place}%", f"%{place}")
    else:
        numbers = ".".join(f"%{place}" for place in range(first + 1, level + 2))
        pattern = said.get("num-prefix", "") + numbers + said.get("num-suffix", "")
    if kind == "none":
        pattern = ""
    return Level(kind, pattern, _small(said.get("start-value", "1"), 1))


def _small(said: str, otherwise: int) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else otherwise
