"""Combined limits on the command line: check counts them, signals names who uses a signal."""

from __future__ import annotations

import pytest

from seimai.pipeline import recipe
from seimai.pipeline.cli import main

RECIPE = """\
recipe: small
source: [{name: notes, files: notes.jsonl}]
limits:
  text.length_count: {min: 50}
together:
  - name: thin
    where: {text.length_count: {max: 400}}
    limits: {ja.hiragana_share: {min: 0.1}, ja.kanji_share: {max: 0.9}}
"""


@pytest.fixture
def recipes(tmp_path, monkeypatch):
    """A folder of recipes, in place of the shipped ones."""
    folder = tmp_path / "configs"
    folder.mkdir()
    (folder / "small.yaml").write_text(RECIPE)
    (tmp_path / "notes.jsonl").write_text('{"text": "短い。"}\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(recipe, "shipped", lambda: folder)
    return folder


def test_check_counts_both_kinds(recipes, capsys):
    """`check` counts single and combined limits apart."""
    assert 0 == main(["check", str(recipes / "small.yaml"), "--lang", "en"])
    assert "(limits: 1 and 1 combined, sources: 1)" in capsys.readouterr().out
    assert 0 == main(["check", str(recipes / "small.yaml"), "--lang", "ja"])
    assert "しきい値 1件＋組み合わせ1件" in capsys.readouterr().out


def test_signals_names_combined_limits(recipes, capsys):
    """The recipes that use a signal are there with all its limits, combined ones by name."""
    assert recipes.exists()
    assert 0 == main(["signals", "text.length_count", "--lang", "en"])
    assert "configs/small.yaml ≥ 50, ≤ 400 (together.thin)" in capsys.readouterr().out
