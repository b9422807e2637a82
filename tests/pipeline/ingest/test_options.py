"""What a recipe chooses: code, hidden parts and comments come in or stay out."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from seimai.pipeline.engine.planning import fingerprints
from seimai.pipeline.engine.planning.plan import find_splits
from seimai.pipeline.engine.shards import text_shards
from seimai.pipeline.ingest import ReadOptions
from seimai.pipeline.job import Job
from seimai.pipeline.recipe import Source
from tests.conftest import recipe_of
from tests.pipeline.ingest.making import (
    SENTENCES,
    docx_of,
    odf_of,
    paragraph,
    pptx_of,
    read_all,
    relations,
    shape,
    skips,
    texts,
    xlsx_of,
    zip_of,
    zip_parts,
)

SOURCE = {"name": "memo", "files": ["a.md"]}

ALL = ReadOptions(hidden="keep", comments="keep")
NO_CODE = ReadOptions(code="drop")

MARKDOWN = """# 研ぎ方

`togu` を使います。

```sh
togu --times 3
```

1. 水を量る

        togu --water

おわり。
"""
RST = """研ぎ方
======

``togu`` を使います::

    togu --times 3

.. code-block:: sh

   togu --water

>>> togu(3)
'白'

.. note::

   水を替えます。

   ::

      togu --change
"""
MAN = """.TH TOGU 1
.SH 名前
togu \\- 米を研ぐ
.SH 例
三回研ぎます。
.EX
togu --times 3
.EE
.Bd -literal
togu --water
.Ed
.nf
togu --change
.fi
おわり。
"""


@pytest.mark.parametrize(
    ("name", "page", "prose"),
    [
        ("a.md", MARKDOWN, "研ぎ方\n\ntogu を使います。\n\n1. 水を量る\n\nおわり。"),
        ("a.rst", RST, "研ぎ方\n\ntogu を使います:\n\n水を替えます。"),
        ("a.1", MAN, "名前\n\ntogu - 米を研ぐ\n\n例\n\n三回研ぎます。\n\nおわり。"),
    ],
)
def test_code_is_dropped_where_it_is_not_wanted(tmp_path: Path, name: str, page: str, prose: str):
    """Blocks of code go, words of code within sentences stay; without a choice all stays."""
    data = page.encode()

    assert [prose] == texts(read_all(tmp_path, name, data, NO_CODE))
    [whole] = texts(read_all(tmp_path, name, data))
    assert "--times 3" in whole
    assert whole.count("togu") > prose.count("togu")


def test_word_gives_hidden_text_and_comments(tmp_path: Path):
    """Hidden runs come in their place, comments after the text."""
    run = "<w:r><w:rPr>{}</w:rPr><w:t>{}</w:t></w:r>".format
    body = f"<w:p>{run('', '朝の')}{run('<w:vanish/>', '静かな')}{run('', '港。')}</w:p>"
    styled = run('<w:rStyle w:val="s"/>', "社内用")
    body += f"<w:p>{styled}</w:p>"
    style = '<w:style w:styleId="s"><w:rPr><w:vanish/></w:rPr></w:style>'
    comment = f'<w:comment w:id="0" w:author="某">{paragraph("直してください。")}</w:comment>'
    data = docx_of(body, styles=style, comments=comment)

    assert ["朝の港。"] == texts(read_all(tmp_path, "a.docx", data))
    assert ["朝の静かな港。\n社内用\n直してください。"] == texts(
        read_all(tmp_path, "a.docx", data, ALL)
    )


CELL = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'.format


def test_a_workbook_gives_hidden_rows_and_columns(tmp_path: Path):
    """Hidden rows and columns are counted where they hold something; the others close up."""
    rows = "".join(
        f'<row r="{k}" hidden="{int(k == 2)}">{CELL(f"A{k}", f"甲{k}")}{CELL(f"B{k}", f"乙{k}")}'
        f"{CELL(f'D{k}', f'丁{k}')}</row>"
        for k in (1, 2, 3)
    )
    data = xlsx_of({"表": rows, "裏": rows}, hidden=("裏",))
    parts = zip_parts(data)
    sheet = parts["xl/worksheets/sheet1.xml"].replace(
        b"<sheetData>", b'<cols><col min="2" max="3" hidden="1"/></cols><sheetData>'
    )
    data = zip_of({**parts, "xl/worksheets/sheet1.xml": sheet})
    found = read_all(tmp_path, "a.xlsx", data)

    assert ["甲1\t丁1\n甲3\t丁3"] == texts(found)
    assert {"hidden_row": 1, "hidden_column": 1, "hidden_sheet": 1} == skips(found)
    whole = "甲1\t乙1\t\t丁1\n甲2\t乙2\t\t丁2\n甲3\t乙3\t\t丁3"
    assert [whole, whole] == texts(found := read_all(tmp_path, "a.xlsx", data, ALL))
    assert {} == skips(found)


def test_a_workbook_gives_comments(tmp_path: Path):
    """Notes and threads come after the rows; what a note says for a thread is left out."""
    data = xlsx_of({"表": f'<row r="1">{CELL("A1", "単価")}</row>'})
    notes = (
        "<comments><authors><author>某</author><author>tc={1}</author></authors><commentList>"
        '<comment ref="A1" authorId="0"><text><r><t>税込</t></r><r><t>です。</t></r></text>'
        "</comment>"
        '<comment ref="A1" authorId="1"><text><t>[スレッド]</t></text></comment>'
        "</commentList></comments>"
    )
    thread = (
        '<t:x xmlns:t="t"><t:threadedComment><t:text>確認済み</t:text></t:threadedComment></t:x>'
    )
    parts = {
        "xl/comments1.xml": notes,
        "xl/thread1.xml": thread,
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            ("rId1", "comments", "../comments1.xml"), ("rId2", "threadedComment", "../thread1.xml")
        ),
    }
    data = zip_of({**zip_parts(data), **parts})

    assert ["単価"] == texts(read_all(tmp_path, "a.xlsx", data))
    assert ["単価\n税込です。\n確認済み"] == texts(read_all(tmp_path, "a.xlsx", data, ALL))


def test_a_presentation_gives_hidden_slides_and_notes(tmp_path: Path):
    """Notes and comments follow their slide; the number of the slide in them does not."""
    hidden = (
        '<p:sld xmlns:p="p" xmlns:a="a" show="0"><p:cSld><p:spTree>'
        f"{shape('予備')}</p:spTree></p:cSld></p:sld>"
    )
    notes = (
        f"<p:notes xmlns:p='p' xmlns:a='a'>{shape('ここで一息。')}{shape('1', 'sldNum')}</p:notes>"
    )
    comments = "<p:cmLst xmlns:p='p'><p:cm><p:text>図を大きく</p:text></p:cm></p:cmLst>"
    parts = {
        "ppt/notes1.xml": notes,
        "ppt/comments1.xml": comments,
        "ppt/slides/_rels/slide1.xml.rels": relations(
            ("rId1", "notesSlide", "../notes1.xml"), ("rId2", "comments", "../comments1.xml")
        ),
    }
    data = zip_of({**zip_parts(pptx_of(shape("題名"), hidden)), **parts})

    assert ["題名"] == texts(read_all(tmp_path, "a.pptx", data))
    assert ["予備\n\n題名\nここで一息。\n図を大きく"] == texts(
        read_all(tmp_path, "a.pptx", data, ALL)
    )


def test_opendocument_gives_what_is_hidden_and_annotations(tmp_path: Path):
    """Texts, sheets and slides have their own ways to hide, and one to annotate."""
    note = "<office:annotation><text:p>批評</text:p></office:annotation>"
    text = odf_of(
        "text",
        f"<text:p>港{note}の<text:hidden-text>静かな</text:hidden-text>"
        "<text:span text:style-name='h'>長い</text:span>朝</text:p>",
        "<style:style style:name='h'><style:text-properties text:display='none'/></style:style>",
    )
    column = "<table:table-column{}/>".format
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>".format
    row = "<table:table-row{}>{}</table:table-row>".format
    sheet = odf_of(
        "spreadsheet",
        "<table:table>"
        + column("")
        + column(" table:visibility='collapse' table:number-columns-repeated='2'")
        + row("", cell("", "甲") + cell(" table:number-columns-repeated='3'", "乙"))
        + row(" table:visibility='filter'", cell("", "丙"))
        + row("", cell("", f"丁{note}"))
        + "</table:table>",
    )
    slides = odf_of(
        "presentation",
        "<drawing:page><text:p>題</text:p><presentation:notes><text:p>メモ</text:p>"
        "</presentation:notes></drawing:page>"
        "<drawing:page drawing:style-name='h'><text:p>予備</text:p></drawing:page>",
        "<style:style style:name='h'><style:drawing-page-properties "
        "presentation:visibility='hidden'/></style:style>",
    )
    expected = {
        "a.odt": (text, "港の朝", "港の静かな長い朝\n批評"),
        "a.ods": (sheet, "甲\t乙\n丁", "甲\t乙\t乙\t乙\n丙\n丁\n批評"),
        "a.odp": (slides, "題", "題\nメモ\n\n予備"),
    }

    for name, (data, plain, whole) in expected.items():
        assert [plain] == texts(read_all(tmp_path, name, data))
        assert [whole] == texts(read_all(tmp_path, name, data, ALL))
    assert {"hidden_row": 1, "hidden_column": 2} == skips(read_all(tmp_path, "a.ods", sheet))


def test_rich_text_gives_hidden_text_and_comments(tmp_path: Path):
    """A comment stands inside the sentence it is about, and comes after the text."""
    data = (
        rb"{\rtf1\ansi\ansicpg932 \'92\'a9{\v \'82\'cc}{\*\atnid a}{\*\annotation{\*\atndate 1}"
        rb"check}\'8d`\par}"
    )

    assert ["朝港"] == texts(read_all(tmp_path, "a.rtf", data))
    assert ["朝の港\ncheck"] == texts(read_all(tmp_path, "a.rtf", data, ALL))


def test_members_are_read_as_the_archive_is(tmp_path: Path):
    """What a recipe chooses for a source holds for what is inside of its archives."""
    inner = zip_of({"a.md": MARKDOWN, "b.rst": RST})
    found = texts(read_all(tmp_path, "a.zip", zip_of({"c.zip": inner}), NO_CODE))

    assert 2 == len(found)
    assert not any("--times" in text for text in found)


CHOICES = {
    "code": "drop",
    "hidden": "keep",
    "comments": "keep",
    "extract": "all",
    "language": "ja",
}


@pytest.mark.parametrize(("name", "value"), CHOICES.items())
def test_a_choice_reaches_the_readers(tmp_path: Path, monkeypatch, name: str, value: str):
    """A key of a source is an option of its reader, and another choice makes its texts stale."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(SENTENCES[0], "utf-8")
    plain = Job(recipe_of(tmp_path / "in"), tmp_path / "out")
    source = plain.recipe.source[0].model_copy(update={name: value})
    chosen = replace(plain, recipe=plain.recipe.model_copy(update={"source": (source,)}))
    [split] = find_splits(plain, {})
    asked: list[ReadOptions] = []
    monkeypatch.setattr(text_shards, "read", lambda _, options: asked.append(options) or iter(()))
    for job in (plain, chosen):
        list(text_shards.read_split(job, split))

    assert [getattr(ReadOptions(), name), value] == [getattr(one, name) for one in asked]
    assert fingerprints.text_fingerprint(plain, split) != fingerprints.text_fingerprint(
        chosen, split
    )


def test_the_selectors_of_a_source_reach_the_readers(tmp_path: Path, monkeypatch):
    """A host and its selector are an option of the reader, and make its texts stale."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(SENTENCES[0], "utf-8")
    plain = Job(recipe_of(tmp_path / "in"), tmp_path / "out")
    source = plain.recipe.source[0].model_copy(update={"main": {"a.example.jp": "#a"}})
    chosen = replace(plain, recipe=plain.recipe.model_copy(update={"source": (source,)}))
    [split] = find_splits(plain, {})
    asked: list[ReadOptions] = []
    monkeypatch.setattr(text_shards, "read", lambda _, options: asked.append(options) or iter(()))
    list(text_shards.read_split(chosen, split))

    assert (("a.example.jp", "#a"),) == asked[0].main
    assert fingerprints.text_fingerprint(plain, split) != fingerprints.text_fingerprint(
        chosen, split
    )


def test_recipe_and_reader_share_defaults() -> None:
    """Whatever a recipe leaves open is read as it is by a reader without a recipe."""
    assert ReadOptions() == text_shards.read_options(Source(**SOURCE))


def test_recipe_and_reader_share_options() -> None:
    """A reader is told all that a recipe can say of it; three options are a reader's alone."""
    only_readers = {"license", "source", "limits"}
    assert {field.name for field in fields(ReadOptions)} - only_readers == set(
        text_shards.SHARED_OPTIONS
    )


def test_recipe_reaches_reader() -> None:
    """What a recipe says of a source is what its reader hears, the licence excepted."""
    told = {
        "text": ("honbun",),
        "id": "code",
        "url": "address",
        "date": "day",
        "language": "ja",
        "extract": "all",
        "text_format": "auto",
        "code": "drop",
        "hidden": "keep",
        "comments": "keep",
        "max_record": 1_000,
        "format": "jsonl",
    }
    source = Source(**SOURCE, **told, license="CC-BY-4.0", main={"a.example": "#body"})
    assert ReadOptions(**told, main=(("a.example", "#body"),)) == text_shards.read_options(source)
