"""What an office document says of itself: its title and date. Its authors are left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from seimai.pipeline.ingest.contract import Broken

if TYPE_CHECKING:
    from seimai.pipeline.ingest.documents.office.package import Package

PARTS = ("docProps/core.xml", "meta.xml")
"""The parts with title and date, in files of Microsoft Office and of OpenDocument."""
DATES = {"created": "date", "creation-date": "date", "title": "title"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOST = 1_000
"""A title is cut after this many characters."""


def facts_of(package: Package) -> tuple[dict[str, Any], str | None]:
    """The title, if there is one, as a column, and the day the document was made."""
    found: dict[str, str] = {}
    for part in PARTS:
        if not package.has(part):
            continue
        field = ""
        try:
            for event in package.events(part):
                if event.kind == "start":
                    field = DATES.get(event.name, "")
                elif event.kind == "end":
                    field = ""
                elif field and len(found.get(field, "")) < MOST:
                    found[field] = found.get(field, "") + event.name
        except Broken as broken:
            if broken.cause == "bomb":
                raise
    title = " ".join(found.get("title", "").split())[:MOST]
    day = _DAY.match(found.get("date", "").strip())
    return ({"title": title} if title else {}), (day[0] if day else None)
