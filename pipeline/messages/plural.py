"""
English with the right number: “1 text was” where a sentence is written for “3 texts were”.

Sentences are written once, with their nouns in the plural. Where the number before a noun turns
out to be 1, the noun and a verb right after it are put into the singular. Only the words of the
sentence itself are looked at, never what is filled in: names of files and texts of users stay.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SINGULAR = {
    "texts": "text",
    "records": "record",
    "documents": "document",
    "duplicates": "duplicate",
    "files": "file",
    "rows": "row",
    "lines": "line",
    "characters": "character",
    "words": "word",
    "tokens": "token",
    "bytes": "byte",
    "shards": "shard",
    "inputs": "input",
    "sources": "source",
    "releases": "release",
    "segments": "segment",
    "items": "item",
    "workers": "worker",
    "processes": "process",
    "problems": "problem",
    "reasons": "reason",
    "limits": "limit",
    "signals": "signal",
    "times": "time",
    "warnings": "warning",
}
"""What is counted, in the plural and in the singular."""

VERBS = {
    "are": "is",
    "were": "was",
    "have": "has",
    "hold": "holds",
    "take": "takes",
    "remain": "remains",
    "pass": "passes",
    "need": "needs",
}
"""Verbs that follow such a noun, with their form after one thing."""

_COUNTED = re.compile(
    rf"^( )({'|'.join(SINGULAR)})\b(?:( (?:that |of personal data )?)({'|'.join(VERBS)})\b)?",
    re.ASCII,
)


def numbered(template: str, values: Mapping[str, Any]) -> str:
    """
    An English sentence with its placeholders filled, in the singular where it tells of one.

    >>> numbered("{count} texts were read from {name}", {"count": 1, "name": "1 texts"})
    '1 text was read from 1 texts'
    >>> numbered("{count} texts were read", {"count": 21})
    '21 texts were read'
    >>> numbered("{count} items of personal data were masked", {"count": 1})
    '1 item of personal data was masked'
    """
    said: list[str] = []
    one = False
    for literal, name, spec, conversion in Formatter().parse(template):
        said.append(_COUNTED.sub(_as_one, literal) if one else literal)
        if name is None:
            continue
        whole = f"{{{name}{f'!{conversion}' if conversion else ''}{f':{spec}' if spec else ''}}}"
        filled = whole.format(**values)
        said.append(filled)
        one = filled == "1"
    return "".join(said)


def counted(number: int, noun: str) -> str:
    """
    A number with its noun, given in the plural.

    >>> counted(1, "texts"), counted(1200, "texts")
    ('1 text', '1,200 texts')
    """
    return f"{number:,} {SINGULAR[noun] if number == 1 else noun}"


def _as_one(found: re.Match[str]) -> str:
    space, noun, between, verb = found.groups()
    return f"{space}{SINGULAR[noun]}" + (f"{between}{VERBS[verb]}" if verb else "")
