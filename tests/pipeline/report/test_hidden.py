"""The report's section on personal data: counts by kind and source, and nobody's data in it."""

from __future__ import annotations

import json

import pytest

from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.report import masks
from seimai.pipeline.report.hidden import Hidden, _samples
from seimai.pipeline.report.masks import hidden
from tests.conftest import prose, recipe_of

PHONE, MAIL, PERSON = "03-3210-9876", "hanako@example.co.jp", "米田 花子"


def section_of(folder, **keys):
    """The section of a run over three texts, of which one is too short to be kept."""
    records = [
        {"id": "a", "text": f"{prose(1)}電話 {PHONE}、メール {MAIL}。氏名：{PERSON}"},
        {"id": "b", "text": f"{prose(2)}電話 {PHONE}。"},
        {"id": "c", "text": f"電話 {PHONE}"},
    ]
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    recipe = recipe_of(
        folder / "in.jsonl",
        limits={"text.length_count": {"min": 60}},
        report={"samples": 4},
        **keys,
    )
    run(recipe, folder / "out", open_executor=in_process_executor)
    page = (folder / "out" / "release" / "report.html").read_text("utf-8")
    return page[page.index('<section id="hidden">') :].partition("</section>")[0]


@pytest.fixture(scope="module")
def masked(tmp_path_factory):
    """The section of a run that masks all kinds but names."""
    return section_of(tmp_path_factory.mktemp("masked"), clean=["personal"])


def test_the_four_steps_are_told(masked):
    """Four items in three texts were found, one went with a text, three are masked in two."""
    assert "Found: 4 items in 3 texts." in masked
    assert "Removed: 1 of them went with 1 text" in masked
    assert "Masked: 3 stand as fixed tokens in 2 kept texts" in masked
    assert "削除: うち1か所は、除外した1件の文書" in masked


def test_kinds_have_their_own_row(masked):
    """Telephone numbers: three in three texts, two in two kept ones; others have no row."""
    [row] = [
        part for part in masked.split("<tr>") if "電話番号" in part and "&lt;PHONE&gt;" in part
    ]

    assert ["3", "3", "2", "2"] == [cell.partition("<")[0] for cell in row.split('"n">')[1:]]
    assert "マイナンバー" not in masked


def test_names_that_are_left_are_counted(masked):
    """What the recipe does not mask stands below what is left."""
    assert "pii.name_count" in masked
    assert "pii.phone_count" not in masked


def test_nobody_is_shown(masked):
    """Neither what was masked nor what stands beside it is in the samples."""
    samples = masked.partition("Every other character is a dot")[2]

    assert "・・" in samples
    for word in (PHONE, MAIL, PERSON, "電話", "氏名"):
        assert word not in samples


def test_a_run_that_masks_nothing_says_so(tmp_path):
    """Without the cleaner the section tells what was found and how to mask it."""
    section = section_of(tmp_path)

    assert "add personal to clean" in section
    assert "pii.phone_count" in section


@pytest.mark.parametrize(
    ("text", "mask", "wanted"),
    [
        ("<PHONE>", "<PHONE>", "<PHONE>"),
        ("佐藤\n<EMAIL>", "<EMAIL>", "・・ <EMAIL>"),
        ("あ" * 40 + "<CARD>" + "い" * 40, "<CARD>", "・" * 24 + "<CARD>" + "・" * 24),
    ],
)
def test_all_but_masks_are_dots(text, mask, wanted):
    """Every character but blanks and masks is a dot, twenty-four on each side."""
    assert wanted == hidden(text, mask)


def test_masks_are_counted_once(tmp_path, monkeypatch):
    """A run with another limit takes the counts of the last one, and tells the same."""
    section_of(tmp_path, clean=["personal"])
    monkeypatch.setattr(masks, "_found", None)  # would fail if it were asked
    recipe = recipe_of(
        tmp_path / "in.jsonl",
        limits={"text.length_count": {"min": 61}},
        report={"samples": 4},
        clean=["personal"],
    )
    run(recipe, tmp_path / "out", open_executor=in_process_executor)
    page = (tmp_path / "out" / "release" / "report.html").read_text("utf-8")

    assert "Found: 4 items in 3 texts." in page
    assert "・・" in page.partition('<section id="hidden">')[2].partition("</section>")[0]


def test_counts_of_masks_hold_no_words(tmp_path):
    """What is left for the next run are numbers and dots."""
    section_of(tmp_path, clean=["personal"])
    [left] = (tmp_path / "out" / "stages" / masks.STAGE).iterdir()
    written = left.read_text("utf-8")

    assert "<PHONE>" in written
    for word in (PHONE, MAIL, PERSON, "電話", "氏名", prose(1)[:6]):
        assert word not in written


def test_counts_of_other_texts_are_made_anew(tmp_path):
    """Texts that have changed are counted again."""
    section_of(tmp_path, clean=["personal"])
    (tmp_path / "in.jsonl").write_text(
        json.dumps({"id": "a", "text": f"{prose(1)}電話 {PHONE}"}), "utf-8"
    )
    recipe = recipe_of(tmp_path / "in.jsonl", report={"samples": 4}, clean=["personal"])
    run(recipe, tmp_path / "out", open_executor=in_process_executor)
    page = (tmp_path / "out" / "release" / "report.html").read_text("utf-8")

    assert "Found: 1 item in 1 text." in page


def test_samples_stand_in_the_order_of_the_kinds():
    """Which shard a kind is met in first says nothing."""
    found = Hidden(chosen={"<CARD>": [masks.Sample(1, "・")], "<PHONE>": [masks.Sample(2, "・")]})
    shown = _samples(found)

    assert 0 < shown.index("&lt;PHONE&gt;") < shown.index("&lt;CARD&gt;")
