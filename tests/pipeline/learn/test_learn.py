"""Learned scores: training, the model file, the score of a text, and models by path."""

from __future__ import annotations

import importlib
import json
import random
from pathlib import Path

import numpy as np
import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.engine.planning.fingerprints import signals_fingerprint
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.job import Job
from seimai.pipeline.learn import columns
from seimai.pipeline.learn.logistic import Settings, calibrate, curve, matrix, ranking
from seimai.pipeline.learn.model import MOST_BITS, load, quantised, save
from seimai.pipeline.recipe import Recipe, parse_recipe
from seimai.pipeline.signal import load as load_signals
from seimai.pipeline.text import Texts
from seimai.pipeline.training import Example, examples, train

SMALL = Settings(bits=12, window=60, fewest=2)

_GOOD = (
    "米を研いで、土鍋で静かに炊く。",
    "朝の市場には、山で採れた茸が並ぶ。",
    "祖母は縁側で古い手紙を読んでいた。",
    "雨の日は図書館で過ごすことが多い。",
    "新しい橋ができて、隣の町まで歩けるようになった。",
)
_BAD = (
    "激安 通販 送料無料",
    "財布 新作 人気 ランキング 2024",
    "腕時計 格安 レビューを書いて",
    "即納 ポイント10倍 クーポン",
    "在庫処分 セール 最安値",
)


def made(seed: int, *, bad: bool) -> str:
    """A text of six parts, the same for the same seed."""
    parts = random.Random(seed).choices(_BAD if bad else _GOOD, k=6)
    return " ".join(parts) if bad else "".join(parts)


def some(count: int = 60, *, labelled: bool = False) -> list[Example]:
    """Good and bad examples, half and half."""
    return [
        Example(made(k, bad=bool(k % 2)), bad=bool(k % 2), labelled=labelled) for k in range(count)
    ]


MODEL = train(some(), SMALL)


def test_training_tells_good_from_bad():
    """A model trained on sixty texts is right about those that it has not seen."""
    score = MODEL.score(Texts.of(*(made(1000 + k, bad=bool(k % 2)) for k in range(40))))

    assert (score[0::2] < 0.5).all()
    assert (score[1::2] > 0.5).all()
    assert 1.0 == MODEL.about["unseen"]["auc"]


def test_training_is_deterministic(tmp_path):
    """The same texts give the same file."""
    for name in ("one", "two"):
        save(train(some(), SMALL), tmp_path / f"{name}.npz")

    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_labels_decide_calibration_and_figures():
    """Where there are labels, the figures are theirs and the background is told beside them."""
    labels = some(48, labelled=True)
    model = train([*some(), *labels], SMALL)

    assert {"good": 54, "bad": 54, "labelled_good": 24, "labelled_bad": 24} == model.about["texts"]
    assert len(model.about["unseen"]["curve"]) == len(model.about["unseen"]["background"])


def test_the_kernel_scores_what_was_fitted():
    """The score of the kernel is the product of the training's matrix and the weights."""
    texts = Texts.of(*(made(k, bad=bool(k % 2)) * 9 for k in range(8)), "米", "激安 <PHONE> 通販")
    odds = matrix(texts, SMALL) @ (MODEL.weights * MODEL.scale) + MODEL.bias

    np.testing.assert_allclose(1 / (1 + np.exp(-odds)), MODEL.score(texts), rtol=1e-9)


def test_file_gives_the_model_back(tmp_path):
    """A saved and loaded model scores as before, and says how it was made."""
    save(MODEL, tmp_path / "m.npz")
    loaded = load(tmp_path / "m.npz")
    texts = Texts.of(made(1, bad=True), made(2, bad=False), "")

    np.testing.assert_array_equal(MODEL.score(texts), loaded.score(texts))
    assert MODEL.about == loaded.about


def test_alone_as_in_a_batch():
    """A text has the same score alone and among others."""
    texts = [made(k, bad=bool(k % 3)) for k in range(12)]
    alone = [MODEL.score(Texts.of(text))[0] for text in texts]

    np.testing.assert_array_equal(alone, MODEL.score(Texts.of(*texts)))


@pytest.mark.parametrize("other", [" ", "\n\n", "\r\n", "　", " \n ", "|", "||"])
def test_line_breaks_leave_no_trace(other):
    """Lines joined by a blank, wide blanks, or cells of an extractor's table score the same."""
    text = "\n".join(made(k, bad=False) for k in range(30))

    np.testing.assert_array_equal(
        MODEL.score(Texts.of(text)), MODEL.score(Texts.of(text.replace("\n", other)))
    )


def test_width_and_case_leave_no_trace():
    """Full-width digits and letters score as plain ones."""
    plain = Texts.of("ポイント10倍 SALE!")

    np.testing.assert_array_equal(
        MODEL.score(plain), MODEL.score(Texts.of("ポイント９８倍 ｓａｌｅ！"))
    )


def test_masks_say_nothing():
    """All masks score alike, and a text of masks alone has nothing to measure."""
    score = MODEL.score(Texts.of("電話<PHONE>まで。", "電話 <MYNUMBER> まで。", "<PHONE> <EMAIL>"))

    assert score[0] == score[1]
    assert np.isnan(score[2])


def test_nothing_to_measure():
    """Empty and blank texts have no score."""
    assert np.isnan(MODEL.score(Texts.of("", " \n　"))).all()


def test_contributions_add_up_to_the_score():
    """All contributions and the bias together are the log-odds; the largest come first."""
    text = made(5, bad=True)
    parts = sum(
        share for view in columns.ngrams.VIEWS for _, share in MODEL.parts(Texts.of(text), view)
    )
    score = MODEL.score(Texts.of(text))[0]
    listed = MODEL.contributions(text, 4)

    np.testing.assert_allclose(np.log(score / (1 - score)), parts + MODEL.bias)
    assert 4 == len(listed)
    assert sorted(listed, key=lambda part: -abs(part[1])) == listed


def test_texts_cannot_be_read_back():
    """The file holds numbers and settings only: no word of the training stands in it."""
    assert set() == {one for one in _GOOD + _BAD if one[:4] in json.dumps(MODEL.about)}


@pytest.mark.parametrize(
    "data",
    [b"", b"not a model", b"PK\x03\x04 cut off"],
    ids=["empty", "text", "damaged"],
)
def test_wrong_files_are_told(tmp_path, data):
    """A file that is no model is named, with its cause."""
    path = tmp_path / "m.npz"
    path.write_bytes(data)

    with pytest.raises(Problem) as found:
        load(path)
    assert "M002" == found.value.code
    assert str(path) in str(found.value)


def test_other_archives_are_told(tmp_path):
    """A numpy archive of something else, or with a strange number of weights, is refused."""
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    save(quantised(np.ones(1000), 0.0, 60, 3, {}), tmp_path / "odd.npz")

    for name in ("other", "odd"):
        with pytest.raises(Problem) as found:
            load(tmp_path / f"{name}.npz")
        assert "M002" == found.value.code
    assert 1000 < 1 << MOST_BITS


def test_missing_file_is_told(tmp_path):
    """A model file that is not there is a problem that names it."""
    with pytest.raises(Problem) as found:
        load(tmp_path / "none.npz")
    assert "M001" == found.value.code


def test_too_few_texts_are_told():
    """A handful of texts is refused rather than learned by heart."""
    with pytest.raises(Problem) as found:
        train(some(10), SMALL)
    assert "M006" == found.value.code


def test_examples_are_read_from_records(tmp_path, write_lines):
    """Labels and weights come from the columns; other labels and blank texts are left out."""
    records = [
        {"text": "良い文です。", "label": "keep"},
        {"text": "悪い 文", "label": "drop", "weight": 0.5},
        {"text": "どちらとも言えない。", "label": "borderline"},
        {"text": " ", "label": "drop"},
    ]
    file = str(write_lines(tmp_path / "l.jsonl", records))

    assert [
        Example("良い文です。", bad=False, weight=6.0, labelled=True),
        Example("悪い 文", bad=True, weight=3.0, labelled=True),
    ] == list(examples([file], "labels"))
    assert [False] * 3 == [one.bad for one in examples([file], "good")]


def test_records_without_labels_are_told(tmp_path, write_lines):
    """Labels that are not there, and weights that are none, are told."""
    plain = str(write_lines(tmp_path / "a.jsonl", [{"text": "良い文です。"}]))
    heavy = str(write_lines(tmp_path / "b.jsonl", [{"text": "良い文です。", "weight": -1}]))

    for file, kind, code in ((plain, "labels", "M004"), (heavy, "good", "M005")):
        with pytest.raises(Problem) as found:
            list(examples([file], kind))
        assert code == found.value.code


def test_figures():
    """AUC counts pairs; the curve says what keeping up to a threshold gives; slopes are found."""
    bad = np.array([False, False, True, True])
    score = np.array([0.1, 0.6, 0.4, 0.9])
    at_half = next(row for row in curve(bad, score) if row["threshold"] == 0.5)
    odds = np.linspace(-4, 4, 200)
    slope, shift = calibrate(odds, odds + np.sin(50 * odds) > 1)

    assert 0.75 == ranking(bad, score)
    assert {"threshold": 0.5, "precision": 0.5, "recall": 0.5, "caught": 0.5} == at_half
    assert slope > 0
    assert shift < 0


def recipe(path: Path, limit: float = 0.5) -> Recipe:
    """A recipe that names one model."""
    return Recipe.model_validate(
        {
            "recipe": "learned",
            "source": [{"name": "a", "files": [str(path.parent / "a.jsonl")]}],
            "models": {"mine": str(path)},
            "limits": {"model.mine": {"max": limit}},
        }
    )


def test_a_recipe_uses_a_model_by_path(tmp_path, write_lines, curate):
    """The model is a signal; another file under the same name makes its numbers again."""
    path = tmp_path / "m.npz"
    save(MODEL, path)
    write_lines(
        tmp_path / "a.jsonl", [{"text": made(k, bad=bool(k % 2))} for k in range(2000, 2010)]
    )
    first = curate(recipe(path), tmp_path / "out")
    job = Job(recipe(path), tmp_path / "out")
    before = signals_fingerprint(job, "00000-000")
    turned = quantised(-MODEL.weights * MODEL.scale, -MODEL.bias, MODEL.window, MODEL.order, {})
    save(turned, path)
    second = curate(recipe(path), tmp_path / "out")

    assert {"read": 10, "kept": 5} == {name: first["counts"][name] for name in ("read", "kept")}
    assert job.signals["model.mine"].digest in str(first["signals"]["model.mine"])
    assert before != signals_fingerprint(Job(recipe(path), tmp_path / "out"), "00000-000")
    assert first["signals"] != second["signals"]


def test_models_of_a_recipe_are_checked():
    """A missing model, an unknown kind and a bad name are told with their place."""
    text = (
        "recipe: a\nmodels:\n  gone: no/such.npz\n  strange: a.pickle\n"
        "limits:\n  model.gone: {max: 0.5}\n  model.strange: {max: 1}\n"
    )
    with pytest.raises(Problems) as found:
        parse_recipe(text, signals=load_signals())
    with pytest.raises(Problems) as named:
        parse_recipe("recipe: a\nmodels: {Über: a.npz}\n", signals=load_signals())

    assert [("M001", 3), ("M008", 4)] == [
        (one.code, one.where.line) for one in found.value.problems
    ]
    assert ["R070"] == [one.code for one in named.value.problems]


@pytest.mark.parametrize(
    ("suffix", "package"), [(".ftz", "fasttext"), (".arpa", "kenlm"), (".txt", "lightgbm")]
)
def test_a_missing_package_is_told(tmp_path, monkeypatch, suffix, package):
    """A model of another kind names the package that it needs."""
    path = tmp_path / f"m{suffix}"
    path.write_bytes(b"x")

    def refuse(name):
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(Problem) as found:
        columns.signals_of({"mine": str(path)})
    assert "E001" == found.value.code
    assert package in str(found.value)


def test_train_on_the_command_line(tmp_path, write_lines, capsys):
    """`seimai train` writes a model, and shows what it is worth."""
    files = {}
    for flag in (False, True):
        records = [{"text": made(k, bad=flag)} for k in range(25)]
        files[flag] = str(write_lines(tmp_path / f"{flag}.jsonl", records))
    words = ["train", "--good", files[False], "--bad", files[True], "--lang", "en", "--out"]
    path = str(tmp_path / "m.npz")

    assert 0 == main([*words, path])
    assert "learned from 25 good and 25 bad texts" in capsys.readouterr().out
    assert 0 == main([*words, path, "--format", "json"])
    assert 1.0 == json.loads(capsys.readouterr().out)["unseen"]["auc"]
    assert 2 == main([*words, str(tmp_path / "m.bin")])
    assert 1.0 > load(tmp_path / "m.npz").score(Texts.of(_GOOD[0]))[0]


def test_explain_shows_what_a_score_is_made_of(tmp_path, monkeypatch, capsys):
    """`seimai explain` lists the n-grams behind a learned score."""
    import io
    import sys

    path = tmp_path / "m.npz"
    save(MODEL, path)
    (tmp_path / "r.yaml").write_text(
        f"recipe: r\nmodels: {{mine: {path}}}\nlimits:\n  model.mine: {{max: 0.1}}\n", "utf-8"
    )
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(made(3, bad=True).encode())))

    assert 0 == main(["explain", str(tmp_path / "r.yaml"), "-", "--lang", "en"])
    assert "model.mine is raised by" in capsys.readouterr().out
