"""
The arrows between the modules: who may import whom.

The rows are read from the table in pipeline/README.md (and, for the folders of `ingest`, from
pipeline/ingest/README.md), the imports from the source, lazy ones included.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

_ROW = re.compile(r"^\|\s*(\d+)\s*\|([^|]*)\|", re.MULTILINE)


def _rows(readme: str) -> dict[str, int]:
    """The row of each module, as the table of a README says."""
    text = (ROOT / readme).read_text("utf-8").partition("## Layers")[2]
    return {
        name: int(match[1])
        for match in _ROW.finditer(text)
        for name in re.findall(r"`(\w+)`", match[2])
    }


PIPELINE = _rows("pipeline/README.md")
INGEST = _rows("pipeline/ingest/README.md")

FOR_FILTERS = {
    "characters",
    "cleaner",
    "decode",
    "kept_tables",
    "kernels",
    "learn",
    "signal",
    "text",
}

HOMES = {
    "datasets": {
        "pipeline/ingest",
        "pipeline/inspect/verify.py",
    },  # verify opens a release as users do
    "datasketch": {"pipeline/stages/sketch.py"},
    "fugashi": {
        "pipeline/stages/tokenize.py",
        "pipeline/inspect/doctor.py",
    },  # doctor tells its version
    "unidic_lite": {"pipeline/stages/tokenize.py", "pipeline/inspect/doctor.py"},
    "prefect": {"flows"},
    "prometheus_client": {"pipeline/report/metrics.py"},
    "ray": {"pipeline/engine/workers/ray_crew.py"},
    "numba": {"pipeline/kernels"},
    "scipy": {"pipeline/learn"},
    "fasttext": {"pipeline/learn"},
    "kenlm": {"pipeline/learn"},
    "lightgbm": {"pipeline/learn"},
    "tokenizers": {"pipeline/tokenizer.py"},
    "sentencepiece": {"pipeline/tokenizer.py"},
}


def _sources(top: str) -> list[Path]:
    return sorted((ROOT / top).rglob("*.py"))


@cache
def _imports(path: Path, *, for_types: bool = False) -> frozenset[str]:
    """Dotted names that a file imports when it runs; `for_types`: and those for types alone."""
    tree = ast.parse(path.read_text("utf-8"))
    typing = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if node in typing and not for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return frozenset(found)


def _ours(path: Path, top: str) -> set[str]:
    """The modules of `seimai.TOP` that a file imports, by their first name."""
    before = f"seimai.{top}."
    return {
        name.removeprefix(before).split(".")[0]
        for name in _imports(path)
        if name.startswith(before)
    }


def _module(path: Path, depth: int = 1) -> str:
    """The name below `pipeline` (depth 1) or `pipeline/ingest` (depth 2) that a file belongs to."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[depth] if depth < len(parts) else "__init__"


@pytest.mark.parametrize("path", _sources("pipeline"), ids=lambda path: str(path.relative_to(ROOT)))
def test_pipeline_imports_downwards(path):
    """A module imports its own row of the table and those below."""
    module = _module(path)
    if module == "__init__":
        pytest.skip("the Python API stands above all rows")
    upwards = {other for other in _ours(path, "pipeline") if PIPELINE[other] > PIPELINE[module]}

    assert set() == upwards


@pytest.mark.parametrize(
    "path", _sources("pipeline/ingest"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_readers_import_downwards(path):
    """The folders of `ingest` have rows of their own."""
    module = _module(path, 2)
    if module == "__init__":
        pytest.skip("the folder's own names stand above its rows")
    upwards = {other for other in _ours(path, "pipeline.ingest") if INGEST[other] > INGEST[module]}

    assert set() == upwards


@pytest.mark.parametrize(("folder", "rows"), [("pipeline", PIPELINE), ("pipeline/ingest", INGEST)])
def test_the_table_and_the_folder_tell_the_same(folder, rows):
    """Every module has a row, and every row its module."""
    there = {
        path.stem
        for path in (ROOT / folder).iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem != "__init__"
    }

    assert there == set(rows)


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


def test_no_two_modules_import_each_other():
    """No module needs itself by way of others, imports for types and lazy ones included."""
    modules = {}
    for top in ("pipeline", "filters", "flows"):
        for path in _sources(top):
            name = ".".join(("seimai", *path.relative_to(ROOT).with_suffix("").parts))
            modules[name.removesuffix(".__init__")] = path
    arrows: dict[str, set[str]] = {}
    for name, path in modules.items():
        wanted = set()
        for imported in _imports(path, for_types=True):
            # `from package import name` may name a module or something in the package.
            wanted.add(imported if imported in modules else imported.rpartition(".")[0])
        arrows[name] = wanted & modules.keys() - {name}
    while free := [name for name, needs in arrows.items() if not needs & arrows.keys()]:
        for name in free:
            del arrows[name]

    assert {} == arrows


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("seimai.pipeline.cli", "numba pyarrow numpy datasets fugashi prefect scipy rich pydantic"),
        ("seimai.pipeline.engine.run", "datasets fugashi datasketch prefect scipy lxml rich"),
        ("seimai.pipeline.engine.worker", "datasets datasketch prefect scipy rich"),
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


@pytest.mark.parametrize("top", ["pipeline", "filters", "flows"])
def test_no_name_of_a_package_is_also_one_of_its_modules(top: str) -> None:
    """Whichever was imported last would stand there, so a function could become a module."""
    twice = {}
    for init in (ROOT / top).rglob("__init__.py"):
        modules = {path.stem for path in init.parent.glob("*.py")}
        modules |= {path.parent.name for path in init.parent.glob("*/__init__.py")}
        tree = ast.parse(init.read_text("utf-8"))
        package = ".".join(("seimai", *init.parent.relative_to(ROOT).parts))
        defined = {
            node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        imported = {
            alias.asname or alias.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module != package
            for alias in node.names
        }
        if both := (defined | imported) & modules:
            twice[package] = sorted(both)
    assert twice == {}
