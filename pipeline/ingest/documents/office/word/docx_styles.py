"""The styles of a DOCX: which hide their text, and which are numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.ingest.documents.office.package import Package, skip

if TYPE_CHECKING:
    from seimai.pipeline.ingest.documents.office.package import Relation
    from seimai.pipeline.ingest.documents.office.word.docx_lists import Lists

NO = {"0", "false", "off"}


def read_styles(
    package: Package, relations: dict[str, Relation], lists: Lists, hidden: set[str]
) -> None:
    """Note the numbered styles in `lists`, and those whose text is not seen in `hidden`."""
    for relation in relations.values():
        if relation.kind != "styles" or not package.has(relation.target):
            continue
        name = ""
        events = package.events(relation.target)
        for event in events:
            if event.kind != "start":
                continue
            if event.name == "pPrChange":
                skip(events)
                continue
            lists.note_style(event)
            if event.name == "style":
                name = event.attributes.get("styleId", "")
            elif event.name == "vanish" and name and is_on(event.attributes):
                hidden.add(name)


def is_on(attributes: dict[str, str]) -> bool:
    """Whether a property that may be switched off is on."""
    return attributes.get("val", "1") not in NO
