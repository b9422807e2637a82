"""Kinds of text: a model for each, a confusion that is honest, and a column of the release."""

from __future__ import annotations

import json
import random

import pyarrow.dataset as ds
import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.kinds import Labelled, labelled, train_kinds
from tests.conftest import prose, recipe_of

RECIPES = ("大さじ", "小さじ", "弱火で煮る", "塩を加える", "鍋に入れる", "皿に盛る", "玉ねぎを切る")
LAWS = ("第一条", "定めるところにより", "政令で定める", "者は", "ならない", "前項の規定", "罰則")


def text_of(words: tuple[str, ...], seed: int) -> str:
    """Words of a kind in any order."""
    pick = random.Random(seed)
    return "。".join("、".join(pick.choice(words) for _ in range(4)) for _ in range(6))


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """Texts of two kinds and of none, learned."""
    folder = tmp_path_factory.mktemp("kinds")
    rows = [{"text": text_of(RECIPES, k), "kind": "cooking"} for k in range(40)]
    rows += [{"text": text_of(LAWS, k), "kind": "law"} for k in range(40)]
    rows += [{"text": prose(k, 6)} for k in range(40)]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "kinds.jsonl").write_text(lines, "utf-8")
    assert 0 == main(
        ["train", "--kinds", str(folder / "kinds.jsonl"), "--out", str(folder), "--quiet"]
    )
    return folder


def test_the_confusion_is_of_texts_that_were_not_seen(learned):
    """Plain kinds are told apart; texts of none are mostly of none; all texts are counted."""
    found = train_kinds(labelled([str(learned / "kinds.jsonl")]))

    assert ["cooking", "law"] == list(found.models)
    assert ["cooking", "law", "unknown"] == list(found.confusion)
    assert 120 == sum(sum(row.values()) for row in found.confusion.values())
    assert all(found.confusion[kind][kind] >= 35 for kind in found.confusion)


def test_what_means_nothing_is_not_learned():
    """Kinds that were thrown by dice are not told apart: the figures say so."""
    dice = random.Random(4)
    texts = [Labelled(prose(k, 6), dice.choice(["a", "b"])) for k in range(120)]
    confusion = train_kinds(texts).confusion
    right = confusion["a"]["a"] + confusion["b"]["b"]

    assert right < 85


def test_a_release_has_the_kind_of_its_texts(learned, tmp_path, curate, write_lines):
    """`highest` makes a column of the scores; below `least` a text is unknown; verify agrees."""
    records = [{"id": f"c{k}", "text": text_of(RECIPES, 900 + k)} for k in range(10)]
    records += [{"id": f"l{k}", "text": text_of(LAWS, 900 + k)} for k in range(10)]
    records += [{"id": f"n{k}", "text": prose(900 + k, 6)} for k in range(10)]
    recipe = recipe_of(
        write_lines(tmp_path / "in.jsonl", records),
        models={f"kind_{name}": str(learned / f"{name}.npz") for name in ("cooking", "law")},
        buckets={"kind": {"highest": {"cooking": "model.kind_cooking", "law": "model.kind_law"}}},
        release={"signals": ["model.kind_cooking", "model.kind_law"], "folders": ["kind"]},
    )
    curate(recipe, tmp_path / "out")
    table = ds.dataset(tmp_path / "out/release/data", format="parquet").to_table()
    kinds = dict(
        zip(table.column("id").to_pylist(), table.column("bucket.kind").to_pylist(), strict=True)
    )
    expected = {"c": "cooking", "l": "law", "n": "unknown"}

    assert 28 <= sum(kind == expected[name[0]] for name, kind in kinds.items())
    assert [] == [check.message for check in verify(tmp_path / "out") if check.state == "fail"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"text": "米", "kind": "a/b"}], "M010"),
        ([{"text": "米", "kind": "a"}] * 30, "M011"),
        ([{"text": "米", "kind": "a"}] * 30 + [{"text": "麦", "kind": "b"}] * 3, "M011"),
        ([], "M003"),
    ],
)
def test_too_little_to_learn_from_is_named(tmp_path, write_lines, rows, code):
    """A name that is none, one kind, few texts, no texts."""
    path = write_lines(tmp_path / "kinds.jsonl", rows or [""])
    with pytest.raises(Problem) as fault:
        train_kinds(labelled([str(path)]))

    assert code == fault.value.code


def test_the_command_shows_the_confusion(learned, tmp_path, capsys):
    """A row for each kind, and how a recipe uses the models."""
    words = ["train", "--kinds", str(learned / "kinds.jsonl"), "--out", str(tmp_path / "models")]

    assert 0 == main([*words, "--lang", "en"])
    said = capsys.readouterr().out
    assert "taken for" in said
    assert "model.kind_law" in said
    assert ["cooking.npz", "law.npz"] == sorted(one.name for one in (tmp_path / "models").iterdir())
