"""
The arrows between the modules: who may import whom.

Design, section 2: people are talked to by the third layer, stages are the second, formats and
registries the first, texts and kernels the lowest. Filters see almost nothing, and each heavy
package has one home. Imports are read from the source, lazy ones included.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LOWEST = {
    "characters",
    "errors",
    "kernels",
    "lean",
    "lexicon",
    "messages",
    "names",
    "text",
    "tokens",
}
FORMATS = {
    "cleaner",
    "decode",
    "funnel",
    "ingest",
    "learn",
    "lock",
    "progress",
    "recipe",
    "shard",
    "signal",
}
PEOPLE = {"card", "cli", "doctor", "explain", "report", "terminal", "verify", "warm"}
"""All other modules are stages, or what drives them."""

LAST_STEP = {("run", "card"), ("run", "report")}
"""A run ends with its pages, so that it is never published without them."""

FOR_FILTERS = {
    "characters",
    "cleaner",
    "decode",
    "kernels",
    "learn",
    "lexicon",
    "names",
    "signal",
    "text",
    "tokens",
}

HOMES = {
    "datasets": {"pipeline/ingest", "pipeline/verify.py"},  # verify opens a release as users do
    "datasketch": {"pipeline/sketch.py"},
    "fugashi": {"pipeline/tokenize.py", "pipeline/doctor.py"},  # doctor tells its version
    "unidic_lite": {"pipeline/tokenize.py", "pipeline/doctor.py"},
    "prefect": {"flows"},
    "prefect_ray": {"flows"},
    "ray": {"flows"},
    "numba": {"pipeline/kernels"},
    "scipy": {"pipeline/learn"},
    "fasttext": {"pipeline/learn"},
    "kenlm": {"pipeline/learn"},
    "lightgbm": {"pipeline/learn"},
}


def _sources(top: str) -> list[Path]:
    return sorted((ROOT / top).rglob("*.py"))


def _imports(path: Path) -> set[str]:
    """Dotted names that a file imports when it runs: not those for types alone."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


def _ours(path: Path, top: str) -> set[str]:
    """The modules of `seimai.TOP` that a file imports, by their first name."""
    before = f"seimai.{top}."
    return {
        name.removeprefix(before).split(".")[0]
        for name in _imports(path)
        if name.startswith(before)
    }


def _module(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").parts[1]


def _layer(module: str) -> int:
    return 0 if module in LOWEST else 1 if module in FORMATS else 3 if module in PEOPLE else 2


@pytest.mark.parametrize("path", _sources("pipeline"), ids=lambda path: str(path.relative_to(ROOT)))
def test_pipeline_imports_downwards(path):
    """A module imports its own layer and those below."""
    module = _module(path)
    upwards = {
        other
        for other in _ours(path, "pipeline")
        if _layer(other) > _layer(module) and (module, other) not in LAST_STEP
    }

    assert set() == upwards


def test_every_listed_module_is_there():
    """A module that was renamed must not drop out of its layer unseen."""
    there = {_module(path) for path in _sources("pipeline")}

    assert set() == (LOWEST | FORMATS | PEOPLE | FOR_FILTERS) - there


@pytest.mark.parametrize("top", ["filters", "flows", "configs", "tests"])
def test_pipeline_does_not_know_those_above(top):
    """Filters arrive through entry points; flows call the pipeline, not the other way round."""
    guilty = [
        path
        for path in _sources("pipeline")
        if any(name.split(".")[:2] == ["seimai", top] for name in _imports(path))
    ]

    assert [] == guilty


@pytest.mark.parametrize("path", _sources("filters"), ids=lambda path: str(path.relative_to(ROOT)))
def test_filters_see_texts_and_nothing_else(path):
    """A filter imports texts, kernels and registries, and never another filter."""
    assert set() == _ours(path, "pipeline") - FOR_FILTERS
    assert set() == _ours(path, "filters") - {_module(path)}
    assert set() == _ours(path, "flows") | _ours(path, "configs")


@pytest.mark.parametrize("package", HOMES)
def test_heavy_packages_have_one_home(package):
    """Who wants to replace a heavy package has one place to look."""
    strangers = [
        name
        for top in ("pipeline", "filters", "flows")
        for path in _sources(top)
        if any(one.split(".")[0] == package for one in _imports(path))
        and not any(
            (name := path.relative_to(ROOT).as_posix()) == home or name.startswith(f"{home}/")
            for home in HOMES[package]
        )
    ]

    assert [] == strangers


def test_modules_of_the_pipeline_do_not_go_round():
    """No module needs itself by way of others, lazy imports included."""
    arrows: dict[str, set[str]] = {}
    for path in _sources("pipeline"):
        module = _module(path)
        if _layer(module) < 3:
            arrows.setdefault(module, set()).update(_ours(path, "pipeline") - {module})
    while free := [module for module, needs in arrows.items() if not needs & arrows.keys()]:
        for module in free:
            del arrows[module]

    assert {} == arrows


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("seimai.pipeline.cli", "numba pyarrow numpy datasets fugashi prefect scipy rich pydantic"),
        ("seimai.pipeline.run", "datasets fugashi datasketch prefect scipy lxml rich"),
        ("seimai.pipeline.worker", "datasets datasketch prefect scipy rich"),
        ("seimai.filters", "numba pyarrow.parquet"),
    ],
)
def test_imports_stay_light(module, heavy):
    """Help is instant, and a run loads what it needs when it needs it."""
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert set() == set(heavy.split()) & set(done.stdout.split())


def test_kernels_come_without_scipy():
    """A process that uses a kernel loads numba, and not what numba asks for once."""
    code = "import sys, seimai.pipeline.kernels as all; all.codes.njit; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert {"numba"} == {"numba", "scipy", "pandas"} & set(done.stdout.split())
