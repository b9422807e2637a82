"""The report tells from where texts came, what could not be read, and what cleaners took out."""

from __future__ import annotations

import json
import re
import zipfile

import numpy as np
import pyarrow as pa
import pytest

from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.job import Job
from seimai.pipeline.messages import use_language
from seimai.pipeline.report import page as frame
from seimai.pipeline.report import unread, whence
from seimai.pipeline.report.markup import LONG, Head, table
from seimai.pipeline.report.texts import Struck, Text, excerpt, excerpt_at, with_struck
from seimai.pipeline.report.unread import find_unread
from seimai.pipeline.report.whence import Tally, trace
from seimai.pipeline.stages.gone import Gone
from tests.conftest import prose, recipe_of

MENU = "ホーム\nログイン\n会員登録\nマイページ\n"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run over folders with good texts, texts of hosts, and files that cannot be read."""
    folder = tmp_path_factory.mktemp("whence")
    rows = [
        {
            "id": f"u{k}",
            "text": prose(k),
            "url": f"https://www.example.{'jp' if k % 3 else 'com'}/{k}",
        }
        for k in range(9)
    ]
    rows += [
        {"id": "short", "text": "短い。", "url": "https://www.example.com/short"},
        {"id": "twin", "text": prose(1), "url": "https://twin.example.jp/"},
        {"id": "blank", "text": " \n"},
    ]
    for name in ("営業/見積", "総務"):
        (folder / "in" / name).mkdir(parents=True)
    (folder / "in" / "営業" / "rows.jsonl").write_text(
        "\n".join([*map(json.dumps, rows), "{broken"]), "utf-8"
    )
    (folder / "in" / "営業" / "見積" / "空.txt").write_text("", "utf-8")
    (folder / "in" / "営業" / "見積" / "空白.txt").write_text("\n  \n", "utf-8")
    (folder / "in" / "総務" / "案内.txt").write_text(MENU + prose(50) + "\n", "utf-8")
    recipe = recipe_of(
        folder / "in",
        clean=["line_ends", "boilerplate"],
        limits={"text.length_count": {"min": 60}},
        dedup={},
        report={"samples": 6, "removed_lines": True},
    )
    out = folder / "out"
    content = run(recipe, out, open_executor=in_process_executor)
    return Job(recipe, out), content


@pytest.fixture(scope="module")
def page(finished):
    """The report of `finished`."""
    return (finished[0].out / "release" / "report.html").read_text("utf-8")


def shards(job: Job, stage: str) -> list[str]:
    """The shards of a stage in order."""
    return sorted(path.stem for path in (job.out / "stages" / stage).glob("*.parquet"))


# --- where from ----------------------------------------------------------------------------


def test_characters_add_up(finished):
    """What was read is kept, outside a limit or a duplicate, and is what run.json says."""
    job, content = finished
    found = trace(job, shards(job, "text")).characters

    assert found["read"] == found["limits"] + found["duplicates"] + found["kept"]
    assert content["characters"] == {"read": found["read"], "kept": found["kept"]}
    assert found["duplicates"] == len(prose(1))


def test_hosts_and_folders_are_counted(finished):
    """Each host and folder has its texts, those kept, and the characters of both."""
    job, _ = finished
    found = trace(job, shards(job, "text"))
    hosts = {one.name: one for one in found.hosts.most(10)}
    folders = {one.name: one for one in found.folders.most(10)}

    assert {"www.example.jp", "www.example.com", "twin.example.jp"} == set(hosts)
    assert (4, 3) == (hosts["www.example.com"].texts, hosts["www.example.com"].kept)
    assert {"営業", "総務"} == {name.split("/")[-2] for name in folders}


def test_many_hosts_take_bounded_room(monkeypatch):
    """Of more names than there is room for the largest stay, with what they have."""
    monkeypatch.setattr(whence, "MOST_HELD", 50)
    tally = Tally()
    for k in range(40):
        names = pa.chunked_array([["large.example.jp", *(f"h{k}-{j}.jp" for j in range(20))]])
        sizes = np.array([1000, *[1] * 20])
        tally.add(names, np.stack([np.ones_like(sizes), np.ones_like(sizes), sizes, sizes]))

    assert len(tally.sums) <= 50
    assert tally.let_go
    assert 40_000 == tally.most(1)[0].characters


def test_head_says_when_how_long_and_from_what(page, finished):
    """Date, duration and inputs stand at the head of the page, in both languages."""
    head = page[page.index("<header>") : page.index("</header>")]

    assert f'<time datetime="{finished[1]["made"]}">' in head
    assert re.search(r"took .*[0-9.]+ s", head)
    assert "入力 4件" in head


def test_both_shares_are_headlines(page, finished):
    """The share of texts stands beside that of characters."""
    counts = finished[1]["counts"]

    assert f"<strong>{100 * counts['kept'] / counts['read']:.1f}<small>%</small></strong>" in page


# --- what could not be read ----------------------------------------------------------------


def test_inputs_that_gave_nothing_are_named(finished):
    """Empty files come first, with one cause each; an input that gave texts says so."""
    job, content = finished
    keys = [one["key"] for one in content["inputs"]]
    found = find_unread(job, shards(job, "text"), shards(job, "quarantine"), keys)
    named = [(one.name.rpartition("/")[2], one.cause, one.nothing) for one in found.inputs]

    assert [
        ("空.txt", "empty", True),
        ("空白.txt", "empty", True),
        ("rows.jsonl", "json", False),
        ("rows.jsonl", "no_text", False),
    ] == named


def test_files_in_which_nothing_stands_are_named(tmp_path, curate):
    """An empty archive in another one is no fault: the report names it all the same."""
    with zipfile.ZipFile(tmp_path / "資料.zip", "w") as archive:
        archive.writestr("会議.txt", prose(60))
        archive.writestr("空.zip", b"PK\x05\x06" + bytes(18))
    content = curate(recipe_of(tmp_path / "資料.zip"), tmp_path / "out")
    page = (tmp_path / "out" / "release" / "report.html").read_text("utf-8")

    assert ["資料.zip!/空.zip"] == content["empty"]
    assert "資料.zip!/空.zip" in page


def test_details_are_cut_in_the_language_they_are_told_in():
    """The line to write into a recipe is whole, and no sentence is half Japanese."""
    names = ", ".join(f"“{name}”" for name in ("honbun", "mokuji", "chosha"))
    told = unread.detail_told(
        f"no text column of the usual names; there are {names}; to read one, write e.g. "
        "`text: honbun` into the source of the recipe"
    )
    english, japanese = re.findall(r"<span[^>]*>([^<]*)</span>", told)

    assert english.endswith("into the source of the recipe")
    assert "`text: honbun`" in japanese
    assert "write" not in japanese
    assert re.search(r"…</span>", unread.detail_told("x" * 500))


def test_empty_texts_fail_no_limit(finished):
    """A text of blanks has one cause, in quarantine, and is not rejected by every limit."""
    _, content = finished

    assert 2 == content["quarantine_causes"]["empty"]
    assert 1 == content["quarantine_causes"]["no_text"]
    assert 1 == next(row["texts"] for row in content["reasons"] if row["reason"] != "dedup")


def test_named_inputs_are_bounded(finished, monkeypatch):
    """Of many inputs some are named and the others counted."""
    monkeypatch.setattr(unread, "MOST_NAMED", 1)
    job, content = finished
    keys = [one["key"] for one in content["inputs"]]
    found = find_unread(job, shards(job, "text"), shards(job, "quarantine"), keys)

    assert 1 == len(found.inputs)
    assert 3 == found.more


# --- what cleaners took out ----------------------------------------------------------------


def test_cut_lines_are_struck_through(page):
    """A sample shows the lines that went, in del, with what they were."""
    assert "<del>ログイン</del>" in page
    assert "<del>会員登録</del>" in page
    assert "ボタン・リンク" in page
    assert "4 lines and" in page


def test_lines_are_only_stored_when_asked_for(tmp_path, write_lines, curate):
    """Without the option the lines are counted, and the page says how to see them."""
    recipe = recipe_of(
        write_lines(tmp_path / "in.jsonl", [{"text": MENU + prose(3)}]), clean=["boilerplate"]
    )
    curate(recipe, tmp_path / "out")
    page = (tmp_path / "out" / "release" / "report.html").read_text("utf-8")

    assert "<del>" not in page
    assert "4 lines and" in page
    assert "removed_lines: true" in page


def a_text(text: str, *gone: Gone) -> Text:
    """A text from which lines went."""
    return Text("id", "crawl", None, text, len(text), (), np.nan, len(gone), gone)


def test_lines_are_struck_where_they_stood():
    """What went before a line is shown before it, what went at the end below all."""
    text = a_text(
        "一行目。\n二行目。",
        Gone("boilerplate", "上", "", 0),
        Gone("boilerplate", "間", "", 1),
        Gone("footers", "下", "", 2),
    )
    shown = [
        piece.lines[0].text if isinstance(piece, Struck) else piece[0].strip()
        for piece in with_struck(text, excerpt(text)).pieces
    ]

    assert ["上", "一行目。", "間", "二行目。", "下"] == shown


def test_excerpts_end_with_sentences():
    """An excerpt begins and ends with sentences where they are short enough."""
    text = a_text("米を研いで水に浸ける。" * 100)
    middle = text.text.index("米", 500)
    cuts = [excerpt(text), excerpt(text, [(middle, middle + 1)])]

    for cut in cuts:
        said = "".join(piece[0] for piece in cut.pieces)
        assert said.startswith("米")
        assert said.endswith("。")


def test_excerpts_around_a_line_hold_it():
    """The part around a line far below holds the beginning of the line."""
    text = a_text("\n".join(f"{k}行目に書いてあること。" for k in range(200)))
    said = "".join(piece[0] for piece in excerpt_at(text, 150).pieces)

    assert "150行目" in said
    assert excerpt_at(text, 10_000).cut_before


# --- lists and language --------------------------------------------------------------------


def test_long_lists_can_be_searched():
    """A list has its field and its button, which stay hidden without script."""
    made = table([Head("head.file")], [["a"], ["b"]], LONG)

    assert 'class="search" hidden' in made
    assert 'type="search"' in made
    assert "Show all 2" in made
    assert "search" not in table([Head("head.file")], [["a"]])


def test_page_opens_in_the_language_asked_for():
    """`--lang ja` makes a page that is Japanese first; else the reader's browser decides."""
    use_language("ja")
    japanese = frame.whole_page("t", "t", "")
    use_language(None)
    either = frame.whole_page("t", "t", "")

    assert '<html lang="ja" data-first="ja"' in japanese
    assert "data-first" not in either.partition("<head>")[0]
