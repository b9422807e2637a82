"""
Is this machine ready? Each finding is a `Finding`: ok, warn, fail or skip, with its data.

Nothing here leaves anything behind, and nothing is fatal: a doctor that dies of the illness helps
nobody.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seimai.pipeline.engine.precompile import cache_folder
from seimai.pipeline.engine.progress import size
from seimai.pipeline.formats import NEEDS
from seimai.pipeline.inspect.finding import Finding
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from seimai.pipeline.inspect.work_folder import Need

CORE = ("pyarrow", "numpy", "numba", "pydantic", "datasets", "datasketch")
OPTIONAL = ("hf_xet", "s3fs", "gcsfs", "adlfs", "sqlalchemy", "ray", "prefect-ray")

WORKER_BYTES = 700_000_000
"""What a worker was measured to take at most, with the shared parts of its libraries."""

LEAST_DISK = 5_000_000_000
"""A run writes about as much as it reads; less free space than this is worth a word."""

SENTENCE = "日本語の菓子"
WORDS = ("日本", "語", "の", "菓子")


def examine(
    workers: int | None = None,
    filters: tuple[str, ...] = (),
    work: Path | None = None,
    need: Need | None = None,
) -> list[Finding]:
    """
    Look at everything; one or more findings per thing.

    `work` is a folder that a run is to work in, `need` what that run is estimated to write there.
    """
    return [
        *_packages(),
        *_mecab(),
        *_signals(filters),
        *_cache(),
        *_memory(workers),
        *(_disk() if work is None else _folder(work, need)),
        *_formats(),
        *_optional(),
        *_prefect(),
    ]


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _packages() -> Iterator[Finding]:
    found = {package: _version(package) for package in CORE}
    python = platform.python_version()
    shown = " · ".join(f"{name} {version}" for name, version in found.items() if version)
    yield Finding(
        "ok",
        sentence("doctor.versions", python=python, packages=shown),
        {
            "python": python,
            "system": platform.system(),
            "packages": found,
            "seimai": _version("seimai"),
        },
    )
    for package, version in found.items():
        if version is None:
            yield Finding("fail", sentence("doctor.missing", package=package), {"package": package})


def _mecab() -> Iterator[Finding]:
    try:
        import fugashi

        tagger = fugashi.Tagger("-O wakati")  # type: ignore[attr-defined, unused-ignore]
        tokens = tuple(tagger.parse(SENTENCE).split())
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        cause = str(error).strip().split("\n", 1)[0] or type(error).__name__
        yield Finding("fail", sentence("doctor.mecab_off", cause=cause), {"mecab": None})
        return
    data = {"mecab": _version("fugashi"), "dictionary": _dictionary(), "tokens": list(tokens)}
    shown = {"text": SENTENCE, "tokens": "/".join(tokens)}
    if tokens != WORDS:
        want = "/".join(WORDS)
        yield Finding("warn", sentence("doctor.mecab_wrong", want=want, **shown), data)
        return
    dictionary = data["dictionary"]
    yield Finding("ok", sentence("doctor.mecab", dictionary=dictionary, **shown), data)


def _dictionary() -> str:
    for package in ("unidic-lite", "unidic"):
        version = _version(package)
        if version:
            return f"{package} {version}"
    return "?"


def _signals(filters: tuple[str, ...]) -> Iterator[Finding]:
    from seimai.pipeline.signal import load

    try:
        known = load(filters)
    except Exception as error:  # noqa: BLE001 - a broken plugin is the finding
        yield Finding("fail", f"{type(error).__name__}: {error}", {"signals": 0})
        return
    counts = Counter(_home(signal.measure) for signal in known.values())
    plugins = ", ".join(
        sentence("doctor.from", count=count, plugin=plugin)
        for plugin, count in counts.most_common()
    )
    message = sentence("doctor.signals", count=len(known), plugins=plugins)
    yield Finding(
        "ok" if known else "fail", message, {"signals": len(known), "plugins": dict(counts)}
    )


def _home(function: Any) -> str:
    """The distribution or file a signal comes from."""
    import inspect

    module = str(inspect.unwrap(function).__module__)
    return "--filters" if module.startswith("seimai_filters_") else module.partition(".")[0]


def _cache() -> Iterator[Finding]:
    """Compiled kernels live beside their source, or where NUMBA_CACHE_DIR says."""
    folder = cache_folder()
    compiled = len(list(folder.rglob("*.nbc"))) if folder.is_dir() else 0
    data = {"kernels_cached": compiled}
    parent = next((f for f in (folder, *folder.parents) if f.is_dir()), None)
    # numba reads only where it can write as well.
    if parent and not os.access(parent, os.W_OK):
        yield Finding("warn", sentence("doctor.cache_locked", path=folder), data)
        return
    if compiled:
        yield Finding("ok", sentence("doctor.cache_warm", count=compiled), data)
        return
    yield Finding("ok", sentence("doctor.cache_cold"), data)


def _memory(workers: int | None) -> Iterator[Finding]:
    from seimai.pipeline.machine import processors

    count = workers or processors()
    free = free_memory()
    if free is None:
        yield Finding("skip", sentence("doctor.memory_unknown"), {"free_memory": None})
        return
    data = {"free_memory": free, "workers": count, "processors": processors()}
    shown = {"workers": count, "each": size(WORKER_BYTES), "free": size(free)}
    if count * WORKER_BYTES > free:
        fit = max(1, free // WORKER_BYTES)
        yield Finding("warn", sentence("doctor.memory_short", fit=fit, **shown), data)
    else:
        yield Finding("ok", sentence("doctor.memory", **shown), data)


def free_memory() -> int | None:
    """Bytes this process may still take: the smaller of the machine's and its control group's."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    with contextlib.suppress(OSError, ValueError):  # "max" is not a number: no bound
        group = Path("/sys/fs/cgroup")
        used = int((group / "memory.current").read_text("ascii"))
        found.append(int((group / "memory.max").read_text("ascii")) - used)
    return max(0, min(found)) if found else None


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(Path.cwd()).free
    short = free < LEAST_DISK
    message = sentence("doctor.disk_short" if short else "doctor.disk", free=size(free))
    yield Finding("warn" if short else "ok", message, {"free_disk": free})


def _folder(work: Path, need: Need | None) -> list[Finding]:
    from seimai.pipeline.inspect.work_folder import examine_folder

    return examine_folder(work, need)


def _formats() -> Iterator[Finding]:
    """Formats whose package is not there, with the one line that installs all of them."""
    off = {name: extra for name, (module, extra) in NEEDS.items() if find_spec(module) is None}
    data = {"formats_off": sorted(off)}
    if not off:
        yield Finding("ok", sentence("doctor.formats"), data)
        return
    install = f"seimai[{','.join(sorted(set(off.values())))}]"
    shown = {"formats": ", ".join(sorted(off)), "install": install}
    yield Finding("warn", sentence("doctor.formats_off", **shown), {**data, "install": install})


def _optional() -> Iterator[Finding]:
    found = {package: _version(package) for package in OPTIONAL}
    shown = ", ".join(f"{name} {version or '–'}" for name, version in found.items())
    yield Finding("skip", sentence("doctor.optional", packages=shown), {"optional": found})


def _prefect() -> Iterator[Finding]:
    version = _version("prefect")
    if version is None:
        yield Finding("skip", sentence("doctor.prefect_off"), {"prefect": None})
        return
    url = os.environ.get("PREFECT_API_URL")
    data = {"prefect": version, "server": bool(url), "modules_loaded": "prefect" in sys.modules}
    if url:
        yield Finding(
            "ok", sentence("doctor.prefect_server", version=version, url=_bare(url)), data
        )
    else:
        yield Finding("skip", sentence("doctor.prefect_local", version=version), data)


def _bare(url: str) -> str:
    """An address without the user and password it may hold."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
