"""
The parts of an office document, a ZIP archive or one XML file, as events of an XML parser.

Names of elements are without their namespaces: the strict and the usual variants of Microsoft's
formats differ in nothing else. Of attributes only those of relationships keep a prefix, `r:id`.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from seimai.pipeline.ingest.archive.member import Member
from seimai.pipeline.ingest.archive.zips import FAULTS
from seimai.pipeline.ingest.contract import (
    MIB,
    Broken,
    Budget,
    Input,
    ReadOptions,
    Unreadable,
    from_system,
    unreadable,
)
from seimai.pipeline.ingest.documents.office.flat_files import flat_parts, is_flat
from seimai.pipeline.ingest.sources.containers import MOST_DIRECTORY, directory_size
from seimai.pipeline.ingest.sources.spool import first_bytes, on_disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

READ = 64 * 1024
"""Bytes given to the parser at a time; so many bytes of events are held."""

LONGEST_TAG = 4 * MIB
"""Bytes without an event. Parsers before Expat 2.6 look at a tag from its beginning every time."""

DEEPEST = 1_000_000
"""Elements within each other. The parser keeps a record of each; twenty million took 4 GB."""

LOCKED = 0x1
"""The flag of an encrypted member."""


class Event(NamedTuple):
    """One step of a parser: `start` with attributes, `end`, or `text`."""

    kind: str
    name: str
    """The name of the element; for `text` the characters themselves."""
    attributes: dict[str, str]


NOTHING: dict[str, str] = {}


class Relation(NamedTuple):
    """A reference of a part to another part."""

    kind: str
    """The last word of its type, such as `footnotes`."""
    target: str
    """The name of the other part."""


class Part(NamedTuple):
    """One file of an office package."""

    pieces: Callable[[], Iterator[bytes]]
    """Gives its bytes piece by piece; b"" marks their end."""
    size: int
    locked: bool = False


class Package:
    """The parts of an office document by name."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = {
            name.replace("\\", "/").lstrip("/").lower(): part for name, part in parts.items()
        }

    def has(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return name.lower() in self._parts

    def events(self, name: str) -> Iterator[Event]:
        """What a part holds; `Broken` where it cannot be read on."""
        events: list[Event] = []
        parser = _parser(events)
        quiet = 0
        for data in self.pieces(name):
            try:
                parser.Parse(data, not data)
            # Of an encoding that there is not, or that it cannot read, the parser says it so.
            except (expat.ExpatError, LookupError, ValueError) as error:
                yield from events  # What stands before the fault in these bytes.
                detail = f"the part “{name}” is damaged: {error}"
                raise Broken("damaged", detail) from error
            quiet = 0 if events else quiet + len(data)
            if quiet > LONGEST_TAG:
                raise Broken("damaged", f"a tag in the part “{name}” has no end")
            yield from events
            events.clear()

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, b"" at their end."""
        return self._part(name).pieces()

    def _part(self, name: str) -> Part:
        part = self._parts.get(name.lower())
        if part is None:
            raise Broken("damaged", f"the document has no part “{name}”")
        if part.locked:
            raise Broken("encrypted", "the document is password-protected")
        return part

    def member(self, name: str) -> Member:
        """A part that is a file of its own; opening and reading it may raise `Broken`."""
        part = self._parts.get(name.lower())
        if part is None:
            raise Broken("damaged", f"the document has no part “{name}”")
        return Member(
            name, lambda: io.BytesIO(b"".join(part.pieces())), size=part.size,
            encrypted=part.locked,
        )  # fmt: skip

    def relations(self, part: str = "") -> dict[str, Relation]:
        """What a part (or, for "", the whole document) refers to, by the id it uses."""
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, Relation] = {}
        if not self.has(where):
            return found
        for event in self.events(where):
            if event.kind == "start" and event.name == "Relationship":
                said = event.attributes
                if said.get("TargetMode") == "External":
                    continue
                target = posixpath.normpath(
                    posixpath.join("/", folder, unquote(said.get("Target", "")))
                )
                kind = said.get("Type", "").rpartition("/")[2]
                found[said.get("Id", "")] = Relation(kind, target.lstrip("/"))
        return found

    def main_part(self, usual: str) -> str:
        """The part that a document begins with; the usual one where the list of parts is lost."""
        fault = Broken("damaged", "the document does not say which part is its text")
        try:
            for relation in self.relations().values():
                if relation.kind == "officeDocument":
                    return relation.target
        except Broken as broken:
            fault = broken
        if not self.has(usual) or fault.cause == "bomb":
            raise fault
        return usual

    def numbered(self, before: str) -> list[str]:
        """Parts `BEFORE1.xml`, `BEFORE2.xml`, …, for where the list of them is lost."""
        pattern = re.compile(re.escape(before) + r"(\d{1,6})\.xml")
        found = [match for name in self._parts if (match := pattern.fullmatch(name))]
        return [match[0] for match in sorted(found, key=lambda match: int(match[1]))]


def _parser(events: list[Event]) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Broken("damaged", "the elements of the document are nested too deeply")
        if attributes:
            attributes = {_attribute(key): value for key, value in attributes.items()}
        events.append(Event("start", name.rpartition(" ")[2], attributes))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        events.append(Event("end", name.rpartition(" ")[2], NOTHING))

    def text(data: str) -> None:
        events.append(Event("text", data, NOTHING))

    def refuse(_name: str, _system: str | None, _public: str | None, has_own: bool) -> None:  # noqa: FBT001 - as expat calls it
        # StarOffice names a declaration elsewhere, which is not fetched; one in the file can only
        # do harm.
        if has_own:
            raise Broken("damaged", "the document has a document type declaration")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _attribute(key: str) -> str:
    space, _, name = key.rpartition(" ")
    return f"r:{name}" if space.endswith("/relationships") else name


@contextmanager
def opened(source: Input, options: ReadOptions) -> Iterator[Package]:
    """The package of an input; `Broken` where it is none."""
    budget = Budget(source.size, options)
    with on_disk(source, options, budget) as path:
        try:
            file = path.open("rb")
        except OSError as error:
            raise from_system(error) from error
        with file:
            if is_flat(file.read(64)):
                yield _flat(path)
                return
            if directory_size(file) > MOST_DIRECTORY:
                raise Broken("too_large", "the directory of the document does not end")
            try:
                archive = zipfile.ZipFile(file)
            except (*FAULTS, NotImplementedError) as error:
                detail = f"the end of the document is missing or damaged: {error}"
                raise Broken("truncated", detail) from error
            with archive:
                yield Package(_parts_of(archive, budget))


def _parts_of(archive: zipfile.ZipFile, budget: Budget) -> dict[str, Part]:
    """The parts of an archive; all that is read of them counts."""
    import lzma

    def pieces(info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with archive.open(info) as part:
                while data := part.read(READ):
                    budget.spend(len(data))
                    yield data
        except (*FAULTS, lzma.LZMAError, NotImplementedError, RuntimeError) as error:
            raise Broken("damaged", f"a part of the document is damaged: {error}") from error
        yield b""

    return {
        info.filename: Part(partial(pieces, info), info.file_size, bool(info.flag_bits & LOCKED))
        for info in archive.infolist()
    }


def _flat(path: Path) -> Package:
    """The parts of a document that is one XML file."""

    def pieces(data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), READ):
            yield data[at : at + READ]
        yield b""

    parts = flat_parts(path).items()
    return Package({name: Part(partial(pieces, data), len(data)) for name, data in parts})


def refused(source: Input, broken: Broken, place: str = "") -> Unreadable:
    """The quarantine record of a document, with its first bytes."""
    return unreadable(place, broken, first_bytes(source))


def skip(events: Iterator[Event]) -> None:
    """Pass over the rest of the element that has just begun."""
    depth = 1
    for event in events:
        if event.kind == "start":
            depth += 1
        elif event.kind == "end":
            depth -= 1
            if not depth:
                return
