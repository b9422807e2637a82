"""
The folder through which the driver and the elements of one array speak.

`job.json` and `batches.jsonl` (a line for each element) are written before the array is
submitted; each element then appends to its own file of answers, a line for each task. A line
that a kill cut short is no answer.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from seimai.pipeline import shard
from seimai.pipeline.engine.worker import message_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seimai.pipeline.engine.planning.records import JobMessage, TaskMessage, WorkerAnswer
    from seimai.pipeline.job import Job


@dataclass
class Exchange:
    """The folder through which the driver and the elements of one array exchange files."""

    folder: Path
    _read: dict[int, int] = field(default_factory=dict)
    """How many bytes of each element's answers have been read already."""

    @property
    def logs(self) -> Path:
        """Where the batch system leaves what the elements print."""
        return self.folder / "logs"

    @property
    def script(self) -> Path:
        """The path of the job script."""
        return self.folder / "element.sh"

    def write(
        self, job: Job, batches: Sequence[Sequence[TaskMessage]], processes: int, script: str
    ) -> None:
        """Lay down what the elements read; `batches[0]` is for element 1."""
        for folder in (self.logs, self._answers):
            folder.mkdir(parents=True, exist_ok=True)
        content = {"job": message_of(job), "processes": processes}
        shard.write_json(self.folder / "job.json", content)
        lines = b"".join(orjson.dumps(list(batch)) + b"\n" for batch in batches)
        shard.write_bytes(self.folder / "batches.jsonl", lines)
        shard.write_bytes(self.script, script.encode())

    def read(self, element: int) -> tuple[JobMessage, int, list[TaskMessage]]:
        """What is said of the job, the processes of an element, and its batch."""
        content = orjson.loads((self.folder / "job.json").read_bytes())
        with (self.folder / "batches.jsonl").open("rb") as lines:
            line = next(line for number, line in enumerate(lines, 1) if number == element)
        return content["job"], content["processes"], orjson.loads(line)

    def answers(self) -> Iterator[tuple[int, int, WorkerAnswer]]:
        """Element, place in its batch and answer of all tasks answered since it was last asked."""
        for path in sorted(self._answers.iterdir()):
            element = int(path.stem)
            begin = self._read.get(element, 0)
            if path.stat().st_size <= begin:
                continue
            with path.open("rb") as file:
                file.seek(begin)
                whole, newline, _ = file.read().rpartition(b"\n")
            self._read[element] = begin + len(whole) + len(newline)
            for place, answer in _parsed(whole):
                yield element, place, answer

    def answered(self, element: int) -> set[int]:
        """Places of the tasks an element has answered: the system may have started it again."""
        try:
            data = self._path(element).read_bytes()
        except FileNotFoundError:
            return set()
        return {place for place, _ in _parsed(data)}

    def answerer(self, element: int) -> Answerer:
        """The file into which an element writes its answers."""
        return Answerer(self._path(element))

    @property
    def _answers(self) -> Path:
        return self.folder / "answers"

    def _path(self, element: int) -> Path:
        return self._answers / f"{element:06d}.jsonl"


@dataclass
class Answerer:
    """The answers of one element; its threads share it."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, place: int, answer: WorkerAnswer) -> None:
        """
        Append the answer to a task.

        A newline comes first as well: what a kill left unfinished stays a line of its own.
        """
        line = orjson.dumps({"place": place, "answer": answer}, default=str)
        with self._lock, self.path.open("ab") as file:
            file.write(b"\n" + line + b"\n")


def _parsed(data: bytes) -> Iterator[tuple[int, WorkerAnswer]]:
    for line in data.split(b"\n"):
        try:
            content = orjson.loads(line)
            yield content["place"], content["answer"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            continue
