"""PDF: lines become paragraphs in reading order; pages of pictures are told."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, ReadOptions
from seimai.pipeline.ingest.documents import pdf_child
from seimai.pipeline.ingest.documents.layout import Line, line_of
from tests.pipeline.ingest.making import (
    PICTURE,
    Placed,
    causes,
    pdf_of,
    read_all,
    skips,
    texts,
)

pytest.importorskip("pypdfium2")

WIDE = 16
"""Characters of a full line."""
FIRST = "　" + "朝の港に三隻の船が戻り、市場では魚を運ぶ声が聞こえていた。" * 2
SECOND = "　" + "昼になると風が強くなり、漁師たちは網を片づけて家に帰った。"


def wrapped(*paragraphs: str, top: float = 340, size: float = 12) -> list[Placed]:
    """Paragraphs cut into lines of equal length, as they stand on a page."""
    lines = [
        paragraph[k : k + WIDE] for paragraph in paragraphs for k in range(0, len(paragraph), WIDE)
    ]
    return [(40, top - 18 * k, size, line) for k, line in enumerate(lines)]


def test_wrapped_lines_are_joined_without_blanks(tmp_path: Path):
    """A paragraph is one line; the next one begins where its first line is indented."""
    found = read_all(tmp_path, "a.pdf", pdf_of([wrapped(FIRST, SECOND)]))

    assert [f"{FIRST}\n{SECOND}"] == texts(found)


def test_latin_lines_are_joined_with_a_blank(tmp_path: Path):
    """English words stay words where their line ends."""
    lines = [(40.0, 300.0, 12.0, "The ships came back"), (40.0, 282.0, 12.0, "in the morning.")]

    assert ["The ships came back in the morning."] == texts(
        read_all(tmp_path, "a.pdf", pdf_of([lines]))
    )


def test_short_lines_stay_lines(tmp_path: Path):
    """A list is no paragraph, even if its lines are equally long."""
    lines = [
        (40.0, 300 - 18.0 * k, 12.0, name) for k, name in enumerate(("東京都", "京都府", "大阪府"))
    ]

    assert ["東京都\n京都府\n大阪府"] == texts(read_all(tmp_path, "a.pdf", pdf_of([lines])))


def test_vertical_writing_goes_from_right_to_left(tmp_path: Path):
    """Columns are read in their order, whatever order they are drawn in."""
    columns = [FIRST[k : k + WIDE] for k in range(0, len(FIRST), WIDE)]
    placed = [(260 - 20.0 * k, 350.0, 12.0, column) for k, column in enumerate(columns)]
    random.Random(3).shuffle(placed)

    assert [FIRST] == texts(read_all(tmp_path, "a.pdf", pdf_of([placed], vertical=True)))


def test_headers_and_page_numbers_are_left_out(tmp_path: Path):
    """What stands at the same place on most pages is no text; digits in it do not count."""
    bodies = [f"{'一二三四五六'[k]}日目の朝、{SECOND}" for k in range(6)]
    pages = [
        [
            (40.0, 385.0, 9.0, "港の一日　第一章"),
            *wrapped(body),
            (145.0, 12.0, 9.0, f"- {number} -"),
        ]
        for number, body in enumerate(bodies, 9)
    ]

    assert ["\n".join(bodies)] == texts(read_all(tmp_path, "a.pdf", pdf_of(pages)))


def test_repeated_lines_of_short_files_stay(tmp_path: Path):
    """Three pages are too few to know what a header is."""
    pages = [[(40.0, 385.0, 9.0, "港の一日"), *wrapped(SECOND)]] * 3
    [text] = texts(read_all(tmp_path, "a.pdf", pdf_of(pages)))

    assert 3 == text.count("港の一日")


def test_a_sentence_goes_on_over_the_page(tmp_path: Path):
    """A page break within a paragraph is no line break."""
    lines = wrapped(FIRST)
    second = [
        (left, 340.0 - 18 * k, size, text) for k, (left, _, size, text) in enumerate(lines[2:])
    ]

    assert [FIRST] == texts(read_all(tmp_path, "a.pdf", pdf_of([lines[:2], second])))


def test_pages_without_text_need_ocr(tmp_path: Path):
    """The pages with text come in; those that are pictures are told with their numbers."""
    found = read_all(tmp_path, "a.pdf", pdf_of([wrapped(SECOND), PICTURE, PICTURE, b""]))

    assert [SECOND] == texts(found)
    assert ["needs_ocr"] == causes(found)
    assert "2-3 of 4 pages" in found[1].detail
    assert {"blank_page": 1} == skips(found)


def test_a_scanned_file_is_one_record(tmp_path: Path):
    """A file of pictures only gives no document and one reason."""
    found = read_all(tmp_path, "scan.pdf", pdf_of([PICTURE] * 3))

    assert ["needs_ocr"] == causes(found)
    assert [] == texts(found)


def test_title_and_date_come_along(tmp_path: Path):
    """What the file says of itself becomes columns; its author does not."""
    info = "/Title(Harbour)/Author(Somebody)/CreationDate(D:20240506070809+09'00')"
    [found] = read_all(tmp_path, "a.pdf", pdf_of([wrapped(SECOND)], info=info))

    assert isinstance(found, Document)
    assert {"pages": 1, "title": "Harbour"} == found.extra
    assert "2024-05-06" == found.date


def test_radicals_become_kanji(tmp_path: Path):
    """Fonts that give radicals for kanji are put right, those that NFKC leaves too."""
    assert ["大きな人の手、西の民"] == texts(
        read_all(tmp_path, "a.pdf", pdf_of([[(40.0, 300.0, 12.0, "⼤きな⼈の⼿、⻄の⺠")]]))
    )


ITEMS = (
    ("次のものとする。", "ａ　ねじで止める端子である"),
    ("次のものとする。", "ｃ口出し線のあるものを除く"),
    ("次のものとする。", "ア　工具を用いないものの例"),
    ("次のものとするが、", "第十二条の規定による場合は"),
    ("次のものとするが、", "(1)工具を用いないものの例"),
    ("次のものとするが、", "（ア）工具を用いないものの"),
    ("次のものとするが、", "⑴工具を用いないものの例は"),
    ("次のものとするが、", "・工具を用いないものの例は"),
)


@pytest.mark.parametrize(("end", "item"), ITEMS)
def test_items_of_lists_begin_lines(tmp_path: Path, end: str, item: str):
    """A mark of a list begins a line; one letter alone does after the end of a sentence."""
    first = "電線を接続するときの端子は、" + "港" * (18 - len(end)) + end
    [text] = texts(read_all(tmp_path, "a.pdf", pdf_of([wrapped(first, item)])))

    assert [first, item] == text.split("\n")


@pytest.mark.parametrize("go_on", ["ア語の単語を集めたものであり", "ｃの値が大きいものについては"])
def test_letters_within_a_sentence_are_no_marks(tmp_path: Path, go_on: str):
    """A line that begins with a letter in the middle of a sentence goes on."""
    first = "電線を接続するときの端子は、" + "港" * 17 + "、"
    [text] = texts(read_all(tmp_path, "a.pdf", pdf_of([wrapped(first, go_on)])))

    assert first + go_on == text


def test_locked_files_are_told(tmp_path: Path):
    """A file that asks for a password is quarantined as such."""
    lock = "/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + "11" * 32 + ">/U<" + "22" * 32 + ">>>"
    locked = pdf_of([wrapped(SECOND)], trailer=f"{lock}/ID[<00><00>]")

    assert ["encrypted"] == causes(read_all(tmp_path, "a.pdf", locked))


def test_damaged_files_are_told(tmp_path: Path):
    """What is no PDF after its first line is damaged, and its first bytes are kept."""
    [found] = read_all(tmp_path, "a.pdf", b"%PDF-1.4\n" + bytes(range(256)) * 4)

    assert "damaged" == found.cause
    assert found.first_bytes.startswith(b"%PDF-1.4")


def test_a_pdf_without_pages_is_told_and_closed(tmp_path: Path):
    """Files that pdfium opens and finds empty do not stay open: a thousand end a process."""
    found = [read_all(tmp_path, "a.pdf", pdf_of([])) for _ in range(3)]
    held = [path for path in Path("/proc/self/fd").glob("*") if path.resolve().suffix == ".pdf"]

    assert [["damaged"]] * 3 == [causes(items) for items in found]
    assert not held


def bomb(levels: int) -> bytes:
    """A page that draws a form that draws ten forms, and so on; the last one draws nothing."""

    def stream(said: str, drawn: str) -> str:
        return f"<<{said}/Length {len(drawn)}>>stream\n{drawn}\nendstream"

    form = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
    inner = (
        stream(f"{form}/Resources<</XObject<</X {k} 0 R>>>>", "/X Do " * 10)
        for k in range(6, 5 + levels)
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
            "/Resources<</XObject<</X 5 0 R>>>>>>"
        ),
        stream("", "/X Do"),
        *inner,
        stream(form, ""),
    ]
    numbered = (f"{k} 0 obj\n{one}\nendobj\n" for k, one in enumerate(objects, 1))
    # Without a table of places, which every reader makes anew.
    return f"%PDF-1.4\n{''.join(numbered)}trailer\n<</Root 1 0 R>>\n%%EOF\n".encode()


def test_a_page_that_never_ends_costs_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Forms within forms that are drawn a thousand million times end a child, and not the run."""
    monkeypatch.setattr(pdf_child, "SECONDS", 1)
    [found] = read_all(tmp_path, "a.pdf", bomb(10))

    assert "bomb" == found.cause
    assert found.first_bytes.startswith(b"%PDF-1.4")
    assert "bomb" not in causes(read_all(tmp_path, "b.pdf", bomb(2)))
    assert [FIRST] == texts(read_all(tmp_path, "c.pdf", pdf_of([wrapped(FIRST)])))


def test_too_many_characters_are_refused(tmp_path: Path):
    """The limit of a record holds for the text of a file."""
    found = read_all(
        tmp_path, "a.pdf", pdf_of([wrapped(FIRST, SECOND)]), ReadOptions(max_record=20)
    )

    assert ["too_large"] == causes(found)


def test_letter_spacing_is_no_blank():
    """Blanks that pdfium puts between spaced Japanese characters go; wide gaps stay."""
    near = line_of("東 京", [(0, 0, 10, 10), (10, 0, 13, 10), (13, 0, 23, 10)])
    far = line_of("東 京", [(0, 0, 10, 10), (10, 0, 30, 10), (30, 0, 40, 10)])

    assert "東京" == near.text
    assert "東 京" == far.text


def test_turned_pages_are_read_as_they_are_shown():
    """A line that goes up the paper goes to the right on a page turned by 90 degrees."""
    line = Line("港", (10, 20, 22, 200), 12, vertical=True).turned(90, 300, 400)

    assert (20, 378, 200, 390) == line.box
    assert not line.vertical


def test_rows_of_a_table_are_lines(tmp_path: Path):
    """Rows of several cells are not taken for the lines of a paragraph."""
    rows = [("品名", "数量", "価格"), ("玄米", "三袋", "千円"), ("白米", "二袋", "八百")]
    page: list[Placed] = [
        (20 + 100 * column, 350 - 15 * line, 10, cell)
        for line, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]
    [text] = texts(read_all(tmp_path, "a.pdf", pdf_of([page])))

    assert [list(row) for row in rows] == [line.split() for line in text.split("\n")]


@pytest.mark.parametrize("vertical", [False, True])
def test_readings_of_ruby_are_left_out(tmp_path: Path, vertical: bool):  # noqa: FBT001
    """Small kana over a line, or to the right of it; small print below one stays."""
    beside: Placed = (258.5, 340, 5, "とうきょう") if vertical else (20, 353, 5, "とうきょう")
    page: list[Placed] = (
        [(250, 340, 10, "東京へ行った。")] if vertical else [(20, 340, 10, "東京へ行った。")]
    )
    below: Placed = (20, 200, 5, "ちいさなもじ")
    [text] = texts(read_all(tmp_path, "a.pdf", pdf_of([[*page, beside]], vertical=vertical)))
    [other] = texts(read_all(tmp_path, "b.pdf", pdf_of([[(20, 340, 10, "東京へ行った。"), below]])))

    assert "東京へ行った。" == text
    assert "東京へ行った。\nちいさなもじ" == other
