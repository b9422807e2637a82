"""What is gathered while a split is read: documents for a shard, and what was met by format."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seimai.pipeline import shard
from seimai.pipeline.run_record import MOST_EMPTY
from seimai.pipeline.stages.user_columns import as_json, wider

if TYPE_CHECKING:
    from seimai.pipeline.engine.planning.records import TallyRecord
    from seimai.pipeline.ingest.contract import Document, Skipped, Unreadable


@dataclass
class Tally:
    """What was met in one format while a split was read."""

    documents: int = 0
    encodings: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    """Number of records in quarantine for each cause."""
    skipped: Counter[str] = field(default_factory=Counter)
    gave_up: list[str] = field(default_factory=list)
    """Keys of the inputs that were not read to their end."""
    empty: list[str] = field(default_factory=list)
    """Inputs without any text, and members of archives without any."""
    named_otherwise: list[str] = field(default_factory=list)
    """Inputs whose content is of another format than their names say."""
    looked: int = 0
    markup: Counter[str] = field(default_factory=Counter)
    """How many texts were looked at for markup, and how many are, by its name."""

    def add_document(self, document: Document) -> None:
        """Count a document."""
        self.documents += 1
        if document.encoding:
            self.encodings[document.encoding] += 1

    def add_named_otherwise(self, key: str) -> None:
        """Note an input that its name does not describe, once."""
        if key not in self.named_otherwise[-1:] and len(self.named_otherwise) < MOST_EMPTY:
            self.named_otherwise.append(key)

    def add_unreadable(self, key: str, unreadable: Unreadable) -> None:
        """Count what goes to quarantine; `key` names its input."""
        self.quarantined[unreadable.cause] += 1
        if unreadable.rest and key not in self.gave_up:
            self.gave_up.append(key)

    def add_skipped(self, key: str, skipped: Skipped) -> None:
        """Count what was passed over; `key` names its input."""
        self.skipped[skipped.cause] += skipped.count
        # A sheet or an entry without text is no file that somebody will miss.
        if skipped.cause == "empty" and "#" not in skipped.place and len(self.empty) < MOST_EMPTY:
            self.empty.append(f"{key}{skipped.place}")

    def as_record(self) -> TallyRecord:
        """These counts as the ledger of the split has them."""
        return {
            "documents": self.documents,
            "encodings": self.encodings,
            "quarantined": self.quarantined,
            "skipped": self.skipped,
            "gave_up": self.gave_up,
            "empty": self.empty,
            "named_otherwise": self.named_otherwise,
            "looked": self.looked,
            "markup": self.markup,
        }


@dataclass
class Batch:
    """Documents read and not yet written, with the keys of their inputs."""

    keys: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    extra: list[str | None] = field(default_factory=list)
    """The user's other columns of each document, as JSON."""
    kinds: dict[str, str] = field(default_factory=dict)
    """For each of these columns its type."""
    size: int = 0

    def add(self, key: str, document: Document) -> None:
        """Take a document in; its other columns are kept as text, so that their size is known."""
        extra = None
        if document.extra:
            extra = as_json(document.extra)
            kinds = self.kinds
            for name, value in document.extra.items():
                known = kinds.get(name)
                if known != "string" or type(value) is not str:  # most columns are strings
                    kinds[name] = wider(known, value)
            document.extra = None
        self.keys.append(key)
        self.documents.append(document)
        self.extra.append(extra)
        # Three bytes a character is right for Japanese and generous for the rest; the exact size
        # would cost an encoding of every text.
        self.size += 3 * len(document.text) + len(extra or "")

    @property
    def full(self) -> bool:
        """Whether it is large enough for a shard."""
        return self.size >= shard.SHARD_BYTES or len(self.documents) >= shard.SHARD_ROWS
