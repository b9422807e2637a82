"""
The content of `run.json`, key by key.

The engine builds it, and the release's card, Croissant file, report and every command that looks
at a run read it. Keys that a release of an earlier version may lack are `NotRequired`.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

COMBINED = "together"
"""The family of the reasons that combined limits give: `together.NAME`."""

MOST_EMPTY = 1000
"""Inputs that are named for what is odd about them: those of a folder of a million are a list."""


class Counts(TypedDict):
    """Records; `read` is the sum of `kept`, `rejected` and `quarantined`."""

    read: int
    kept: int
    rejected: int
    quarantined: int
    duplicates: int
    """Texts with the reason `dedup`, whatever else is wrong with them."""
    skipped: int
    """What was passed over on purpose, which is not among those read."""


class ReadAndKept(TypedDict):
    """Characters or UTF-8 bytes of all texts, and of those kept."""

    read: int
    kept: int


class Cleaned(TypedDict):
    """What the cleaners did, in all texts together."""

    characters_removed: int
    masked: int
    """How many items of personal data were masked."""
    characters_mended: int


class ReasonCounts(TypedDict):
    """How many texts a reason rejects."""

    reason: str
    texts: int
    first: int
    """How many texts have it as the first of their reasons."""
    alone: int
    """How many texts have no other reason."""


class ReasonsTogether(TypedDict):
    """How many texts were rejected for exactly these reasons."""

    reasons: list[str]
    texts: int


class SourceCounts(TypedDict):
    """What became of the texts of a source."""

    read: int
    kept: int
    rejected: int
    duplicates: int


class FormatCounts(TypedDict):
    """What was met in files of one format."""

    documents: int
    encodings: dict[str, int]
    quarantined: dict[str, int]
    """Number of records in quarantine for each cause."""
    skipped: dict[str, int]
    """Number of records passed over for each cause."""


class MarkupMet(TypedDict):
    """A source whose texts are markup though it says that they are plain."""

    share: float
    format: str
    """What the `text_format` of the source should be."""


class InputFile(TypedDict):
    """One input, or the byte range of it that one split reads."""

    key: str
    bytes: int
    """The size of the input; -1 for a stream that does not tell its length."""
    xxh3: str
    start: int
    end: int | None


class OutputFile(TypedDict):
    """One data file of the release."""

    path: str
    rows: int
    bytes: int
    sha256: str


class UnfinishedInput(TypedDict):
    """An input that could not be reached, and why."""

    source: str
    key: str
    cause: str
    detail: str


class ConcernRecord(TypedDict):
    """Something odd about the run: a code of `messages`, and the values of its sentence."""

    code: str
    values: dict[str, Any]


class TextCounts(TypedDict):
    """Texts of which something is true, and those of them that were kept."""

    texts: int
    kept: int


class LicenceCounts(TypedDict):
    """The texts of a source under a licence, by the one name that the licence has."""

    source: str
    license: str
    texts: int
    kept: int


class HostCounts(TypedDict):
    """The texts of a host; bytes are those of UTF-8."""

    host: str
    texts: int
    kept: int
    bytes: int
    bytes_kept: int


class ProvenanceCounts(TypedDict):
    """Where texts come from, and who has refused."""

    licenses: list[LicenceCounts]
    spans: dict[str, dict[str, str]]
    """For each source the dates `from` and `to` of its dated texts."""
    host_count: int
    hosts: list[HostCounts]
    """The hosts with the most kept bytes, a thousand at most; a file of the release lists all."""
    optout: dict[str, TextCounts]
    """Texts of sites that refuse, by the protocol in which they say so."""
    lists: dict[str, TextCounts]


class BenchmarkCounts(TypedDict):
    """What was looked for of a benchmark, and what was found."""

    name: str
    digest: str
    """One digest of the files and settings of all benchmarks of the recipe."""
    items: int
    not_looked_for: int
    """Items that are too short or say too little to be told from other text."""
    passages: int
    items_found: int
    texts: int
    kept: int
    items_passage_found: int
    texts_passage: int
    kept_passage: int


class PartCounts(TypedDict):
    """The kept texts of one part of a bucket; bytes are those of UTF-8."""

    texts: int
    bytes: int


class BucketRecord(TypedDict):
    """A bucket: where it is cut, and how much is in each part."""

    name: str
    column: str
    by: str
    """What the bucket is made by: the name of a signal, or `source`."""
    version: int | str | None
    """The version of that signal; None for a source."""
    cuts: list[float]
    """The highest number of each quantile but the last; empty for other buckets."""
    ranges: dict[str, dict[str, float]]
    groups: dict[str, list[str]]
    earlier: bool
    """Whether the cuts were taken over from an earlier release."""
    parts: dict[str, PartCounts]
    """The parts in the order of the recipe, the lowest first."""


class TokensOf(TypedDict):
    """Some kept texts and their tokens."""

    texts: int
    tokens: int


class TokenCounts(TypedDict):
    """The tokens of the kept texts, without what begins and ends a document."""

    tokenizer: dict[str, str]
    """`name` of its file, `kind` and `version` of the package that reads it, `sha256`."""
    vocabulary: int
    tokens: int
    unknown: int
    by: dict[str, dict[str, TokensOf]]
    """Counts for each value of `source`, of the column of each bucket, and of `split`."""


class RunRecord(TypedDict):
    """The content of `run.json`."""

    format: int
    recipe: str
    """The name of the recipe."""
    counts: Counts
    ids_twice: NotRequired[int]
    """How many texts have an id that an earlier text has."""
    characters: ReadAndKept
    bytes: ReadAndKept
    cleaned: Cleaned
    reasons: list[ReasonCounts]
    """All reasons, in the order of the recipe."""
    reasons_together: list[ReasonsTogether]
    sources: dict[str, SourceCounts]
    """For each source that texts name, or else for the source of the recipe."""
    formats: dict[str, FormatCounts]
    gave_up: NotRequired[list[str]]
    """Keys of the inputs that were not read to their end."""
    empty: NotRequired[list[str]]
    """Inputs, and members of archives, in which nothing stands; not more than `MOST_EMPTY`."""
    named_otherwise: NotRequired[list[str]]
    """Inputs read as the records that they hold though their names say something else; not more
    than `MOST_EMPTY`."""
    markup: NotRequired[dict[str, MarkupMet]]
    """For each source of the recipe whose texts seem to be markup."""
    provenance: NotRequired[ProvenanceCounts]
    benchmarks: NotRequired[list[BenchmarkCounts]]
    quarantine_causes: dict[str, int]
    skipped: dict[str, int]
    about: dict[str, Any]
    """The section `about` of the recipe."""
    recipe_text: str
    """The recipe as it was written, without folders and passwords."""
    recipe_resolved: dict[str, Any]
    """The recipe as `Recipe` understood it, without its sources."""
    source_names: list[str]
    signals: dict[str, int | str]
    """The version of every signal by its name; that of a model holds its digest."""
    versions: dict[str, str]
    """The version of every package that decides numbers or bytes."""
    inputs: list[InputFile]
    """The first thousand; where there are more, a file of the release lists all."""
    input_count: NotRequired[int]
    outputs: list[OutputFile]
    shards: int
    timings: dict[str, float]
    """Seconds that each stage took."""
    made: NotRequired[str]
    """When the release was made: a time of UTC, to the second."""
    fingerprint: NotRequired[str]
    tokens: NotRequired[TokenCounts]
    """The tokens of the kept texts, where the recipe names a tokenizer."""
    buckets: NotRequired[list[BucketRecord]]
    splits: NotRequired[dict[str, int]]
    """Number of kept texts in each split, where the recipe holds some out."""
    groups: NotRequired[dict[str, int]]
    """What the group stage counted; empty where it did not run."""
    contained: NotRequired[dict[str, int]]
    """Kept texts that stand in a longer one, before any of them goes: how many, how many of them
    go, and how many have a passage that a longer one has."""
    passages: NotRequired[dict[str, int]]
    """What kept texts share with others that keep it: texts that lose some, passages, characters
    and bytes of them, and texts that are rejected because too little would be left."""
    forgotten: NotRequired[int]
    """Requests to forget texts that were known when it was made; missing where there were none."""
    unfinished: NotRequired[list[UnfinishedInput]]
    concerns: NotRequired[list[ConcernRecord]]
