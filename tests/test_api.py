"""`import seimai`: the public names, the page that explains them, and an installed wheel."""

from __future__ import annotations

import doctest
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import seimai
from tests.conftest import prose

ROOT = Path(__file__).parents[1]
MENU = "会社概要 | 製品一覧 | 採用情報 | お問い合わせ | サイトマップ | 個人情報保護方針 | 新着情報"


def test_the_public_names_stay():
    """A name that users have in their notebooks does not go unseen."""
    assert [
        "Problem",
        "Problems",
        "clean",
        "decode",
        "find_personal",
        "judge",
        "judging",
        "load_recipe",
        "measure",
        "near_duplicates",
        "read",
    ] == seimai.__all__
    assert all(callable(getattr(seimai, name)) for name in seimai.__all__)


def test_the_page_of_the_api_runs(monkeypatch):
    """Every example of seimai/README.md gives what it says, and every public name is in it."""
    monkeypatch.chdir(ROOT)
    page = ROOT / "seimai" / "README.md"
    failed, tried = doctest.testfile(str(page), module_relative=False)

    assert (0, True) == (failed, tried > 10)
    assert [] == [
        name for name in seimai.__all__ if f"seimai.{name}" not in page.read_text("utf-8")
    ]


def test_importing_is_quick():
    """Neither numba nor pyarrow is loaded before something asks for it."""
    code = "import sys, seimai; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert set() == {"numba", "pyarrow", "numpy", "pydantic"} & set(done.stdout.split())


def test_an_unknown_name_is_an_attribute_error():
    """A misspelled function is told as Python tells it."""
    with pytest.raises(AttributeError, match="mesure"):
        seimai.mesure  # noqa: B018


def test_measure_takes_strings_and_arrow():
    """Lists, Arrow arrays and chunked arrays give the same numbers, one row per text."""
    texts = [prose(1), "", MENU]
    named = ["ja.hiragana_share", "word.noun_share"]
    expected = seimai.measure(texts, named)

    assert named == expected.column_names
    for given in (pa.array(texts), pa.chunked_array([texts[:1], texts[1:]])):
        measured = seimai.measure(given, named)
        for name in named:
            np.testing.assert_array_equal(expected[name], measured[name])
    with pytest.raises(TypeError, match="one str"):
        seimai.measure("本文")


def test_judge_says_what_a_run_says(tmp_path, curate, write_lines):
    """Texts, reasons and their values are those of a run with the same recipe."""
    recipe = seimai.load_recipe("web").model_copy(update={"dedup": None})
    texts = [prose(1, 20), prose(2, 3), MENU, "短い。", f"{prose(3, 9)}\n電話 03-1234-5678"]
    path = write_lines(
        tmp_path / "in.jsonl", [{"id": str(k), "text": text} for k, text in enumerate(texts)]
    )
    from seimai.pipeline.recipe import with_sources

    curate(with_sources(recipe, [str(path)]), tmp_path / "out")
    import pyarrow.parquet as pq

    released = {
        row["id"]: row
        for folder in ("data", "rejected")
        for row in pq.read_table(tmp_path / "out/release" / folder).to_pylist()
    }
    judged = seimai.judge(texts, recipe).to_pylist()

    assert [True, False] == sorted({row["kept"] for row in judged}, reverse=True)
    for k, row in enumerate(judged):
        assert released[str(k)]["text"] == row["text"]
        assert released[str(k)].get("reasons", []) == row["reasons"]
        np.testing.assert_array_equal(released[str(k)].get("values", []), row["values"])


def test_read_gives_what_could_not_be_read(tmp_path):
    """Broken records are collected where a list is given, and a warning where none is."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "text": "本文です。"}\n{"id": \n', "utf-8")
    lost: list[dict[str, object]] = []

    assert ["本文です。"] == [row["text"] for row in seimai.read(path, quarantine=lost)]
    assert [("a.jsonl", "json")] == [(row["key"], row["cause"]) for row in lost]
    with pytest.warns(UserWarning, match="1 record not read"):
        list(seimai.read(path))


def test_near_duplicates_are_verified():
    """Equal and similar texts share a group, dissimilar ones none; empty input has no groups."""
    story = prose(7, 6)
    near = story.replace("それは", "これは", 1)

    assert [[0, 2, 3]] == seimai.near_duplicates([story, prose(8, 6), near, story])
    assert [] == seimai.near_duplicates([story, prose(8, 6)])
    assert [] == seimai.near_duplicates([])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The built wheel, unpacked: what `pip install` puts beside the other packages."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("seimai", "pipeline", "filters", "configs", "flows"):
        (source / name).symlink_to(ROOT / name)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (source / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", folder, source], check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    with zipfile.ZipFile(built) as packed:
        packed.extractall(folder / "installed")
    _lend_kernels(folder / "installed" / "seimai" / "pipeline" / "kernels")
    return folder / "installed"


def _lend_kernels(there: Path) -> None:
    """
    Copy what numba has compiled of our kernels: to compile all of them again takes minutes.

    numba takes a compiled kernel for that of a source by the source's size and time. What a first
    run does where nothing is compiled is tested in `pipeline/engine/test_precompile.py`.
    """
    here = ROOT / "pipeline" / "kernels"
    if (here / "__pycache__").is_dir():
        shutil.copytree(here / "__pycache__", there / "__pycache__", dirs_exist_ok=True)
    for source in here.glob("*.py"):
        shutil.copystat(source, there / source.name)


@pytest.mark.parametrize(
    ("command", "shows"),
    [
        (["-m", "seimai.pipeline.cli", "run", "minimal", "--source", "a.txt"], "kept"),
        (["-m", "seimai.pipeline.cli", "recipes"], "documents"),
        (["-m", "seimai.pipeline.cli", "signals", "ja"], "ja.hiragana_share"),
        (["-m", "seimai.pipeline.cli", "run", "sample", "--out", "sample"], "kept"),
        (["-m", "seimai.flows.curate", "minimal", "--source", "a.txt"], "kept"),
        (["-c", "import seimai; print(seimai.judge(['短い。'], 'web').to_pylist())"], "reasons"),
    ],
    ids=["run", "recipes", "signals", "sample", "flow", "api"],
)
def test_an_installed_wheel_needs_no_repository(wheel, prefect_home, tmp_path, command, shows):
    """In an empty folder, shipped recipes are found by name, and all of it works."""
    (tmp_path / "a.txt").write_text(prose(1, 30), "utf-8")
    [site] = {path for path in sys.path if path.endswith("site-packages")}
    # Folders of PYTHONPATH are searched as they are: the editable install stays out of the way.
    settings = {
        "PYTHONPATH": os.pathsep.join((str(wheel), site)),
        "PREFECT_HOME": prefect_home(tmp_path / "prefect"),
    }
    done = subprocess.run(
        [sys.executable, "-S", *command],
        cwd=tmp_path,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr if done.returncode else "")
    assert shows in done.stdout
