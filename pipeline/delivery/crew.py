"""
The crew: child processes that encode pieces, one each at a time.

A child is asked with lines of JSON on its standard input and ends when that does, so that none
outlives whoever started it.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import orjson

from seimai.pipeline.delivery.pieces import Piece, Setup, encode_piece
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.tokenizer import Tokenizer

FEW = 2
"""Up to this many pieces are encoded in this process: a child takes a second to start."""

TRIES = 2
"""How often a piece is begun: a child that ended once may have been killed by chance."""


def encode_all(
    pieces: Sequence[Piece],
    setup: Setup,
    workers: int,
    tell: Callable[[int], None],
    tokenizer: Tokenizer,
) -> None:
    """
    Encode all pieces; `tell` is called with the rows of each that is done.

    `tokenizer` is the one of `setup`, which this process has loaded already; children load theirs.
    """
    if workers < 2 or len(pieces) <= FEW:
        for piece in pieces:
            encode_piece(piece, setup, tokenizer)
            tell(piece.rows)
        return
    waiting: queue.SimpleQueue[Piece] = queue.SimpleQueue()
    for piece in pieces:
        waiting.put(piece)
    faults: list[Problem] = []

    def serve() -> None:
        child = None
        try:
            while not faults:
                try:
                    piece = waiting.get_nowait()
                except queue.Empty:
                    return
                for remaining in reversed(range(TRIES)):
                    child = child or _start(setup)
                    answer = _ask(child, piece)
                    if answer is not None:
                        break
                    status = child.wait()
                    child = None
                    if not remaining:
                        answer = {"problem": ["S022", {"task": piece.out, "status": status}]}
                if answer and "problem" in answer:
                    code, values = answer["problem"]
                    faults.append(Problem(code, **values))
                    return
                tell(piece.rows)
        finally:
            if child is not None:
                child.communicate()

    threads = [threading.Thread(target=serve) for _ in range(min(workers, len(pieces)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise Problems(faults)


def _start(setup: Setup) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-m", "seimai.pipeline.delivery.crew"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        # Each child has one processor: threads of the package's own would only wait for each other.
        env={**os.environ, "TOKENIZERS_PARALLELISM": "false"},
    )
    _send(child, asdict(setup))
    return child


def _send(child: subprocess.Popen[bytes], message: dict[str, Any]) -> None:
    if child.stdin is None:
        return
    try:
        child.stdin.write(orjson.dumps(message) + b"\n")
        child.stdin.flush()
    except BrokenPipeError:
        return


def _ask(child: subprocess.Popen[bytes], piece: Piece) -> dict[str, Any] | None:
    """The answer of a child; None where it ended instead."""
    _send(child, asdict(piece))
    line = child.stdout.readline() if child.stdout else b""
    answer: dict[str, Any] | None = orjson.loads(line) if line else None
    return answer


def main() -> None:
    """Serve pieces until standard input ends."""
    lines = sys.stdin.buffer
    setup = Setup(**orjson.loads(lines.readline()))
    tokenizer = setup.load()
    for line in lines:
        answer: dict[str, Any] = {"done": True}
        try:
            encode_piece(Piece(**orjson.loads(line)), setup, tokenizer)
        except Problem as problem:
            answer = {"problem": [problem.code, problem.values]}
        except Exception as error:  # noqa: BLE001 - whatever a tokenizer raises is told, with the piece
            cause = f"{type(error).__name__}: {error}"
            answer = {"problem": ["T002", {"path": setup.tokenizer, "cause": cause[:200]}]}
        sys.stdout.buffer.write(orjson.dumps(answer, default=str) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
