"""
Elements as forks of a process that has imported everything, for trials with a thousand of them.

An element costs three seconds of a core before it does anything, all of it imports. Here it, and
each of its workers, is a fork instead; what they read, write and answer, and what a SIGKILL leaves
of them, is the same.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

from seimai.pipeline.engine import worker
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.engine.workers import pool
from seimai.pipeline.engine.workers.array_jobs.element import work
from tests.conftest import prose, recipe_of


class Fork:
    """What `subprocess.Popen` offers to those who start an element or a worker, by a fork."""

    def __init__(self, *_args: Any, **_options: Any) -> None:
        """A worker, whose standard input and output are pipes."""
        (theirs_in, ours_in), (ours_out, theirs_out) = os.pipe(), os.pipe()

        def serve() -> int:
            os.dup2(theirs_in, 0)
            os.dup2(theirs_out, 1)
            for handle in (theirs_in, theirs_out, ours_in, ours_out):
                os.close(handle)
            sys.stdin = os.fdopen(0, "r", closefd=False)
            return worker.main()

        self.pid = _forked(serve)
        os.close(theirs_in)
        os.close(theirs_out)
        self.stdin, self.stdout = os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb")
        self._status: int | None = None

    def poll(self) -> int | None:
        """The exit status, None while it is at work."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = os.waitstatus_to_exitcode(status) if pid else None
        return self._status

    def wait(self) -> int:
        """The exit status, once there is one."""
        if self._status is None:
            self._status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._status

    def kill(self) -> None:
        """End it at once."""
        if self.poll() is None:
            os.kill(self.pid, 9)


class Element(Fork):
    """An element: what the last line of a job script would have begun."""

    def __init__(self, script: Path, number: int) -> None:
        words = shlex.split(script.read_text("utf-8").strip().rpartition("\n")[2])
        folder = Path(words[words.index("-m") + 2])

        def serve() -> int:
            pool.subprocess.Popen = Fork  # type: ignore[misc, assignment]
            work(folder, number)
            return 0

        self.pid = _forked(serve)
        self._status = None


def warm_up() -> None:
    """Load what the first text of a process loads: kernels, filters, readers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in/0.jsonl"
        path.parent.mkdir()
        path.write_text(json.dumps({"id": "0", "text": prose(0)}), "utf-8")
        recipe = recipe_of(path, limits={"text.length_count": {"min": 5}})
        run(recipe, Path(folder) / "out", open_executor=in_process_executor)


def _forked(serve: Any) -> int:
    """The process that does `serve` in a session of its own, and nothing after it."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setsid()
        status = serve()
    finally:
        os._exit(status)
