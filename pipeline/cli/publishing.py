"""Addresses on the command line: where a run publishes to, and commands about what is there."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import sentence
from seimai.pipeline.storage import is_address, open_storage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.engine.publishing.remote_release import Published


def folder_and_address(out: str | None, work: Path | None) -> tuple[Path | None, str | None]:
    """The folder that a run works in, and the address it publishes to, of `--out` and `--work`."""
    if out is not None and is_address(out):
        return work, out
    if work is not None:
        raise Problem("U093", path=str(work))
    return Path(out) if out is not None else None, None


@contextmanager
def at_hand(out: str, *, stages: bool = False) -> Iterator[Path]:
    """
    A release as a folder of this machine; what is published at an address is fetched.

    It lies in the folder for temporary files (TMPDIR) meanwhile, and takes as much room there.
    Stages are not published: a `Problem` where they are asked for.
    """
    if not is_address(out):
        yield Path(out)
        return
    if stages:
        raise Problem("U094", path=out)
    from seimai.pipeline.engine.publishing.remote_release import fetch_release

    with TemporaryDirectory(prefix="seimai-") as folder:
        yield fetch_release(open_storage(out), Path(folder))


def published_line(published: Published) -> str:
    """One line for the screen: where the release of this run is now."""
    from seimai.pipeline.engine.publishing.remote_release import POINTER

    key = "run.published_already" if published.already else "run.published"
    return sentence(key, place=published.place, pointer=POINTER)


def roll_back_address(address: str, manner: Manner) -> int:
    """`seimai rollback s3://…`."""
    from seimai.pipeline.engine.publishing.remote_release import POINTER, roll_back_remote

    done = roll_back_remote(open_storage(address))
    if manner.json:
        say_json({"out": address, "published": asdict(done)})
    elif not manner.quiet:
        values = {"place": done.place, "previous": done.previous, "pointer": POINTER}
        say([sentence("rollback.remote", **values), sentence("rollback.again", out=address)])
    return 0
