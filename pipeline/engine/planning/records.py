"""What the engine writes for itself as JSON, key by key: the plan, ledgers, tasks and answers."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class PlannedSplit(TypedDict):
    """A split of the plan: its name, and a mark of every input that it reads."""

    name: str
    content: list[str]


class PlanRecord(TypedDict):
    """The content of `plan.json`."""

    digests: dict[str, list[str]]
    """By key of an input: its version, and the digest of its content in that version."""
    splits: list[PlannedSplit]


MOST_EMPTY = 1000
"""Inputs in which nothing stands that are named: those of a folder of a million are a list."""


class TallyRecord(TypedDict):
    """What was met in one format while a split was read."""

    documents: int
    encodings: dict[str, int]
    quarantined: dict[str, int]
    """Records by cause."""
    skipped: dict[str, int]
    """Records by cause."""
    gave_up: list[str]
    """Keys of the inputs whose rest was not read."""
    empty: NotRequired[list[str]]
    """Keys of inputs in which nothing stands; of a member of an archive with its place."""
    looked: int
    """Texts looked at for markup."""
    markup: dict[str, int]
    """Texts that are markup, by its name."""


class LedgerRecord(TypedDict):
    """The content of a ledger: what became of every record of a split."""

    fingerprint: str
    shards: list[str]
    """Names of the text shards."""
    quarantine: list[str]
    """Names of the quarantine shards."""
    read: int
    quarantined: int
    formats: dict[str, TallyRecord]


class SplitMessage(TypedDict):
    """A split on its way to a worker."""

    name: str
    source: int
    inputs: list[dict[str, Any]]
    """The fields of each `Input`, with its bytes as Latin-1."""
    digests: list[str]
    max_records: int | None


class PrepareTask(TypedDict):
    """Read, clean, measure and sketch a split."""

    kind: Literal["prepare"]
    split: SplitMessage


class TokenizeTask(TypedDict):
    """Tokenize rows of a text shard."""

    kind: Literal["tokenize"]
    shard: str
    rows: list[int]


class CountTask(TypedDict):
    """Count the tokens of the kept texts of a shard."""

    kind: Literal["count"]
    shard: str


class GroupTask(TypedDict):
    """Do a step of the grouping for one part."""

    kind: Literal["group"]
    shard: str
    """What the task is called: step and numbers."""
    step: str
    numbers: list[int]
    fingerprint: str
    """Of the groups."""


class ReleaseTask(TypedDict):
    """Write a file of the release."""

    kind: Literal["release"]
    shard: str
    """What the task is called: the number of the file."""
    number: int


TaskMessage = PrepareTask | TokenizeTask | CountTask | GroupTask | ReleaseTask
"""What a worker is asked for."""


class SoftwareMessage(TypedDict):
    """What a process is made of."""

    host: str
    parts: dict[str, str]
    """Name and version of packages and other parts."""


class JobMessage(TypedDict):
    """A job as a worker hears of it, before its first task."""

    recipe: dict[str, Any]
    out: str
    filters: list[str]
    max_records: int | None
    software: NotRequired[SoftwareMessage]
    """That of the driver, for a worker to compare itself with."""


class TaskCounts(TypedDict):
    """What went through a task."""

    texts: int
    bytes: int
    passed: NotRequired[int]
    """Texts that no limit on characters rejects."""


class WorkerAnswer(TypedDict, total=False):
    """How a task went: `done`, or `problems`, or `crash` with `trace`."""

    done: TaskCounts
    problems: list[list[Any]]
    """Code and values of each `Problem`."""
    crash: str
    """The exception in one line."""
    trace: str
