"""
PDFs read in a process of their own, with bounded memory and bounded computing time.

pdfium draws what a page says, and a page of a kilobyte can say to draw a form that draws ten forms
that draw ten each, and so on: nothing inside this process could stop it. The child reads one file
after another; one that it dies of is a bomb, and the next file gets a new child. What it answers
is JSON, so that a library that was broken into has no way further.
"""

from __future__ import annotations

import atexit
import errno
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

import orjson

from seimai.pipeline.ingest.contract import MIB, Broken, Document, Item, Skipped, Unreadable

MEMORY = 1536 * MIB
"""Bytes of address space of the child; ten thick books take 300 MiB."""
SECONDS = 120
"""Seconds of computing for one file, however busy the machine is; ten thick books take 10."""

KINDS = {one.__name__: one for one in (Document, Unreadable, Skipped)}

_child: tuple[int, subprocess.Popen[bytes]] | None = None
"""The process that asked for it, and the child: a fork must not speak to its parent's child."""


def read_in_child(path: Path, most: int) -> list[Item]:
    """
    The items of a PDF on this machine, of which one may have `most` bytes.

    Raises `Broken` "bomb" for what the child dies of.
    """
    child = _started()
    asked = {"path": os.fsencode(path.absolute()).hex(), "most": most, "seconds": SECONDS}
    try:
        to, answers = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
        to.write(orjson.dumps(asked) + b"\n")
        to.flush()
        answer = answers.readline()
    except BrokenPipeError:
        answer = b""
    if not answer:
        _end()
        detail = "reading the file takes more memory or computing than any real document"
        raise Broken("bomb", detail)
    said = orjson.loads(answer)
    if "errno" in said:
        raise OSError(said["errno"], os.strerror(said["errno"]))
    return [_item(one) for one in said["items"]]


def _started() -> subprocess.Popen[bytes]:
    global _child  # noqa: PLW0603 - one child a process, made when the first file asks for it
    if _child is None or _child[0] != os.getpid() or _child[1].poll() is not None:
        _end()
        child = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        _child = (os.getpid(), child)
    return _child[1]


@atexit.register
def _end() -> None:
    """End the child, if it is ours; it also ends on its own when its input does."""
    global _child  # noqa: PLW0603 - as above
    if _child and _child[0] == os.getpid():
        child = _child[1]
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                pipe.close()
    _child = None


def _plain(item: Item) -> dict[str, Any]:
    fields = asdict(item)
    if isinstance(item, Unreadable):
        fields["first_bytes"] = item.first_bytes.hex()
    return {"kind": type(item).__name__, **fields}


def _item(fields: dict[str, Any]) -> Item:
    kind = KINDS[fields.pop("kind")]
    if kind is Unreadable:
        fields["first_bytes"] = bytes.fromhex(fields["first_bytes"])
    return kind(**fields)


def main() -> None:
    """Answer one question after the other, until standard input ends."""
    import resource

    from seimai.pipeline.ingest.documents.pdf_pages import items_of

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin.buffer:
        asked = orjson.loads(line)
        used = resource.getrusage(resource.RUSAGE_SELF)
        end = int(used.ru_utime + used.ru_stime) + 1 + asked["seconds"]
        resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))
        try:
            items = items_of(Path(os.fsdecode(bytes.fromhex(asked["path"]))), asked["most"])
            answer = orjson.dumps({"items": [_plain(one) for one in items]})
        except OSError as error:
            answer = orjson.dumps({"errno": error.errno or errno.EIO})
        answers.write(answer + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
