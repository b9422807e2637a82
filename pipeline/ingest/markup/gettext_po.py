"""
gettext .po files: what was translated, in the order of the file.

Entries that are not translated, fuzzy ones (a guess that nobody has confirmed) and obsolete ones
are left out and counted. polib, which the tests compare this with, takes a text that is the name
of a file for that file and gives up at the first fault; here a line that is none costs its entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seimai.pipeline.decode import decode
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Document,
    Input,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
)
from seimai.pipeline.ingest.sources.single_file import read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHARSET = re.compile(rb"charset=([\w.:-]{2,40})")
_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d{1,2}\])?)\s*(\".*)")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "", "a": "", "b": "", "f": "", "v": ""}
_FIELD = re.compile(r"^([A-Za-z][\w-]{1,60}):[ \t]*(.+)$", re.MULTILINE)
HEADER = {
    "Project-Id-Version": "project", "Language": "lang", "Last-Translator": "translator",
    "Language-Team": "team", "PO-Revision-Date": "revised",
}  # fmt: skip
"""Fields of the header, and the columns they become."""


@dataclass
class _Entry:
    """An entry of a PO file while it is read."""

    parts: dict[str, list[str]] = field(default_factory=dict)
    fuzzy: bool = False
    damaged: bool = False

    def value(self, keyword: str) -> str:
        """The string that a keyword of the entry has."""
        return "".join(self.parts.get(keyword, ()))

    @property
    def translations(self) -> list[str]:
        """The translation, or one for each number."""
        return ["".join(self.parts[key]) for key in sorted(self.parts) if key[:6] == "msgstr"]


def read_po(source: Input, options: ReadOptions) -> Items:
    """The translations of a file as one document; those left out are counted by cause."""
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        yield data
        return
    charset = _CHARSET.search(data[:4096])
    found = decode(data, charset[1].decode("ascii", "ignore") if charset else None)
    if found.refused:
        detail = f"the bytes are not text: {found.refused}"
        yield Unreadable("", "encoding", detail, data[:FIRST_BYTES])
        return
    texts: list[str] = []
    facts: dict[str, str] = {}
    left_out = {"untranslated": 0, "fuzzy": 0, "damaged": 0}
    for entry in _entries(found.text):
        translations = [text for text in entry.translations if text.strip()]
        if not entry.value("msgid") and "msgid" in entry.parts and not entry.value("msgctxt"):
            for name, value in _FIELD.findall("".join(translations)):
                if name in HEADER:
                    facts.setdefault(HEADER[name], value.strip())
        elif entry.damaged:
            left_out["damaged"] += 1
        elif not translations:
            left_out["untranslated"] += 1
        elif entry.fuzzy:
            left_out["fuzzy"] += 1
        else:
            texts.extend(text.strip("\n") for text in translations)
    if texts:
        yield Document(
            "\n".join(texts),
            declared=found.declared,
            detected=found.encoding,
            encoding=found.encoding,
            replaced=found.replaced,
            media_type="text/x-gettext-translation",
            extra=facts or None,
        )
    else:
        detail = "nothing is translated in the file"
        yield Unreadable("", "no_text", detail, data[:FIRST_BYTES])
    for cause, count in left_out.items():
        if count:
            yield Skipped("", cause, count)


def _entries(text: str) -> Iterator[_Entry]:
    entry = _Entry()
    keyword = ""
    for line in text.split("\n"):
        bare = line.strip()
        if bare.startswith("#"):
            if "msgstr" in keyword:
                yield entry
                entry, keyword = _Entry(), ""
            entry.fuzzy |= bare.startswith("#,") and "fuzzy" in bare
            continue
        match = _KEYWORD.match(bare)
        if match:
            if "msgstr" in keyword and not match[1].startswith("msgstr"):
                yield entry
                entry = _Entry()
            keyword = match[1]
            entry.parts.setdefault(keyword, [])
            bare = match[2]
        if bare.startswith('"') and keyword:
            entry.parts[keyword].append(_unquoted(bare))
            entry.damaged |= len(bare) < 2 or not bare.endswith('"')
        elif bare:
            entry.damaged = True
    if entry.parts:
        yield entry


def _unquoted(quoted: str) -> str:
    inner = quoted[1:-1] if len(quoted) > 1 and quoted.endswith('"') else quoted[1:]
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), inner)
