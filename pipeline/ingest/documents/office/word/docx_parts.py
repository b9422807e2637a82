"""A part of a DOCX that has text in it, with what it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import Document, Item, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.archive.nested import Attachments
    from seimai.pipeline.ingest.documents.office.package import Package, Relation


class Part:
    """A part with text, and what it refers to."""

    def __init__(
        self,
        package: Package,
        name: str,
        relations: dict[str, Relation],
        attachments: Attachments,
        beside: list[Item],
    ) -> None:
        self.package = package
        self.name = name
        self.relations = relations
        self._attachments = attachments
        self._beside = beside

    def embedded(self, target: str) -> Iterator[str]:
        """The texts of a part that is a page or a document itself; its faults are put aside."""
        for item in self._attachments.items([self.package.member(target)]):
            if isinstance(item, Document):
                yield item.text
            elif not isinstance(item, Skipped):
                self._beside.append(item)
