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
    """For the key of each input its version, and the digest of its content in that version."""
    splits: list[PlannedSplit]


class TallyRecord(TypedDict):
    """What was met in one format while a split was read."""

    documents: int
    encodings: dict[str, int]
    quarantined: dict[str, int]
    """Number of records in quarantine for each cause."""
    skipped: dict[str, int]
    """Number of records passed over for each cause."""
    gave_up: list[str]
    """Keys of the inputs that were not read to their end."""
    empty: NotRequired[list[str]]
    """Keys of inputs in which nothing stands; of a member of an archive with its place."""
    named_otherwise: NotRequired[list[str]]
    """Keys of inputs whose content is of another format than their names say."""
    looked: int
    """Number of texts that were looked at for markup."""
    markup: dict[str, int]
    """Number of texts that are markup, by the name of the markup."""


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
    """A split as it is sent to a worker."""

    name: str
    source: int
    inputs: list[dict[str, Any]]
    """The fields of each `Input`, bytes as Latin-1 strings."""
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
    """The name of the task, made of the step and its numbers."""
    step: str
    numbers: list[int]
    fingerprint: str
    """The fingerprint of the groups that are being made."""


class ReleaseTask(TypedDict):
    """Write a file of the release."""

    kind: Literal["release"]
    shard: str
    """The name of the task: the number of its file."""
    number: int


TaskMessage = PrepareTask | TokenizeTask | CountTask | GroupTask | ReleaseTask
"""What a worker is asked to do."""


class SoftwareMessage(TypedDict):
    """What a process runs on: host, packages and everything else that decides results."""

    host: str
    parts: dict[str, str]
    """The version of each package and other part, by its name."""


class JobMessage(TypedDict):
    """A job as a worker hears of it, before its first task."""

    recipe: dict[str, Any]
    out: str
    filters: list[str]
    max_records: int | None
    software: NotRequired[SoftwareMessage]
    """What the driver runs on, for a worker to compare itself with."""


class TaskCounts(TypedDict):
    """How much a task has done."""

    texts: int
    bytes: int
    passed: NotRequired[int]
    """Number of texts that no limit on characters rejects."""


class WorkerAnswer(TypedDict, total=False):
    """How a task went: `done`, or `problems`, or `crash` with `trace`."""

    done: TaskCounts
    problems: list[list[Any]]
    """The code and the values of each `Problem`."""
    crash: str
    """The exception that ended the task, in one line."""
    trace: str
