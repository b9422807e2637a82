"""
The software of a process: what, beside the recipe and the inputs, decides what it makes.

A worker with another version would write files that the driver takes for stale, or, worse, bytes
that depend on which node has written them. So the driver says with a job what it is made of, and
a worker that is made of something else says so before it does anything.
"""

from __future__ import annotations

import platform
import socket
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import xxhash

from seimai.pipeline import shard, versions
from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from seimai.pipeline.engine.planning.records import JobMessage, SoftwareMessage
    from seimai.pipeline.job import Job

_PACKAGES = (
    "seimai",
    "pyarrow",
    "numpy",
    "numba",
    "fugashi",
    "unidic-lite",
    "datasketch",
    "datasets",
)

_WHERE_WANTED = {"datasets"}
"""Packages that only some recipes need, so a node may lack them."""

_DIGITS = 8
"""Digits of a digest that a message shows."""


@cache
def packages() -> dict[str, str]:
    """
    Versions of the packages that decide numbers or bytes, as they were when first asked.

    A package that is upgraded under a process that lives on does not change what it has loaded.
    """
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


def software() -> SoftwareMessage:
    """What this process is made of, and on which machine; `parts` is all that is compared."""
    parts = {name: it for name, it in packages().items() if name not in _WHERE_WANTED}
    # What its tables of characters say changes with the first two figures.
    parts["Python"] = ".".join(platform.python_version_tuple()[:2])
    stages = {name: number for name, number in vars(versions).items() if name.isupper()}
    parts["stages"] = shard.fingerprint(**stages)[:_DIGITS]
    return {"host": socket.gethostname(), "parts": parts}


def software_for(job: Job) -> SoftwareMessage:
    """`software` with what this job adds: signals, cleaners, and files of the user's own."""
    made = software()
    signals = {name: signal.fingerprint for name, signal in job.signals.items()}
    cleaners = {cleaner.name: cleaner.version for cleaner in job.cleaners}
    parts = {**made["parts"], "signals": shard.fingerprint(**signals)[:_DIGITS]}
    parts["cleaners"] = shard.fingerprint(**cleaners)[:_DIGITS]
    for path in job.filters:
        parts[path] = xxhash.xxh3_128_hexdigest(Path(path).read_bytes())[:_DIGITS]
    return {**made, "parts": parts}


def check_packages(message: JobMessage) -> None:
    """
    Compare what there is before a job is opened; a `Problem` where this process is another one.

    A recipe of another version may hold keys that this one does not know: that is no mistake in
    the recipe, so this comes first.
    """
    _compare(software(), message)


def check_job(job: Job, message: JobMessage) -> None:
    """Compare what was loaded for a job with what the driver has loaded for it."""
    _compare(software_for(job), message)


def _compare(here: SoftwareMessage, message: JobMessage) -> None:
    driver = message.get("software")
    if driver is None:
        return
    differing = [
        name for name, value in here["parts"].items() if value != driver["parts"].get(name, value)
    ]
    if differing:
        raise Problem(
            "S071",
            host=here["host"],
            theirs=_named(here, differing),
            driver=driver["host"],
            ours=_named(driver, differing),
        )


def _named(made: SoftwareMessage, names: list[str]) -> str:
    return ", ".join(f"{name} {made['parts'][name]}" for name in names)
