"""A file server of every format, through configs/documents.yaml to one release."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.ingest import FORMATS
from seimai.pipeline.recipe import load_recipe, with_sources
from tests.conftest import prose, recipe_of, released
from tests.fuzz.seeds import MADE
from tests.pipeline.ingest.making import docx_of, paragraph, pdf_of, pptx_of, shape, zip_of

RECIPE = Path(__file__).parents[3] / "configs" / "documents.yaml"
NO_FILES = {"sql", "datasets"}
"""What is found by an address or a folder, not by a file."""

COUNTED_INSIDE = {"zip", "tar", "7z", "lzh", "ole"}
"""What is counted by what is in it: members of archives, documents of old programs."""


def documents(folder: Path):
    """The shipped recipe with a folder as its source."""
    return with_sources(load_recipe(RECIPE), [str(folder)])


def paragraphs(text: str) -> str:
    """A body of Word with a paragraph a line."""
    return "".join(map(paragraph, text.split("\n")))


def of_an_office(root: Path) -> dict[str, str]:
    """A folder as offices have them; the text of each file by its name."""
    texts = {
        name: prose(seed, 12)
        for seed, name in enumerate(
            (
                "議事録.docx",
                "提案.pptx",
                "報告.pdf",
                "旧/規程.txt",
                "旧/連絡.txt",
                "mac.txt",
                "頁.html",
            )
        )
    }
    lines = [
        (20.0, 380.0 - 20 * k, 6.0, line) for k, line in enumerate(texts["報告.pdf"].split("\n"))
    ]
    files = {
        "議事録.docx": docx_of(paragraphs(texts["議事録.docx"])),
        "提案.pptx": pptx_of(shape(texts["提案.pptx"])),
        "報告.pdf": pdf_of([lines]),
        "旧/規程.txt": texts["旧/規程.txt"].encode("cp932"),
        "旧/連絡.txt": texts["旧/連絡.txt"].encode("iso2022_jp"),
        "mac.txt": texts["mac.txt"].replace("\n", "\r").encode("euc_jp"),
        "頁.html": f"<html><body>{texts['頁.html']}</body></html>".replace(
            "。\n", "。<br>"
        ).encode(),
        "壊れた.docx": docx_of(paragraphs(prose(50)))[:400],
        "写真.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    }
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    inside = prose(99, 12)
    (root / "保管.zip").write_bytes(zip_of({"昔の記録.txt": inside.encode("cp932")}))
    return {**texts, "保管.zip!/昔の記録.txt": inside}


def test_the_texts_of_an_office_come_in_right(tmp_path, curate):
    """Every document of a mixed folder is released as it was written; what is none is set apart."""
    expected = of_an_office(tmp_path / "in")
    run = curate(documents(tmp_path / "in"), tmp_path / "out")

    kept = pq.read_table(tmp_path / "out" / "release" / "data").to_pylist()
    assert {name: text.split() for name, text in expected.items()} == {
        row["id"]: row["text"].split() for row in kept
    }
    assert {"cp932": 1, "euc_jp": 1, "iso2022_jp": 1} == run["formats"]["text"]["encodings"] | {
        "cp932": 1
    }
    apart = pq.read_table(tmp_path / "out" / "release" / "quarantine").to_pylist()
    assert {("壊れた.docx", "truncated"), ("写真.png", "format")} == {
        (row["key"], row["cause"]) for row in apart
    }
    assert all(row["first_bytes"] for row in apart)


def test_a_folder_of_all_formats_is_one_release(tmp_path, curate):
    """Each format is told by itself, counted, and nothing of it is lost."""
    for name, make in MADE.items():
        if name in NO_FILES:
            continue
        for number, (file, data) in enumerate(make()):
            path = tmp_path / "in" / name / str(number) / file
            path.parent.mkdir(parents=True)
            path.write_bytes(data)
    run = curate(documents(tmp_path / "in"), tmp_path / "out")

    counts, formats = run["counts"], run["formats"]
    assert counts["read"] == counts["kept"] + counts["rejected"] + counts["quarantined"]
    assert counts["quarantined"] == sum(
        sum(one["quarantined"].values()) for one in formats.values()
    )
    assert counts["read"] - counts["quarantined"] == sum(
        one["documents"] for one in formats.values()
    )
    assert set(FORMATS) - NO_FILES - COUNTED_INSIDE <= set(formats)


def test_a_document_stays_before_its_copies(tmp_path, curate):
    """Of a Word document and a plain copy the document is kept, though the copy is longer."""
    text = prose(3, 30)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(f"{text}\n以上。", "utf-8")
    (folder / "b.docx").write_bytes(docx_of(paragraph(text)))
    limits = {"text.length_count": {"min": 1}}
    kept = {}
    for name, keep in (("native", ["native", "longest"]), ("longest", "longest")):
        recipe = recipe_of(folder, limits=limits, dedup={"keep": keep})
        run = curate(recipe, tmp_path / name)
        assert {"kept": 1, "rejected": 1} == {
            one: run["counts"][one] for one in ("kept", "rejected")
        }
        [row] = released(tmp_path / name, "data")
        kept[name] = "以上。" in row["text"]

    assert {"native": False, "longest": True} == kept


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "quarantined: cut off 1"), ("ja", "隔離: 途中で切れている 1")]
)
def test_the_funnel_says_what_came_in_and_what_did_not(tmp_path, capsys, lang, said):
    """After a run there is a line for each format, with its encodings and the causes."""
    of_an_office(tmp_path / "in")
    words = ["run", str(RECIPE), "--source", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    code = main([*words, "--workers", "1", "--lang", lang])
    shown = capsys.readouterr().out

    assert 0 == code
    assert said in shown
    assert any(
        line.split()[:2] == ["text", "4"] and "iso2022_jp 1" in line for line in shown.split("\n")
    )
