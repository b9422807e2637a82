"""What cleaners take out of a text is told line by line, with the place where it stood."""

from __future__ import annotations

import pyarrow as pa
import pytest

from seimai.pipeline.cleaner import Cleaner, load_cleaners
from seimai.pipeline.stages.clean import clean_texts
from seimai.pipeline.stages.gone import Gone, gone_lines, line_count

PAGE = (
    "ホーム > 台所 > 鍋\nログイン\n会員登録\n\n"
    "土鍋は使う前に粥を炊き、細かな隙間を塞いでおく。そうすれば水が漏れず、長く使える。\n\n"
    "関連記事\n鍋敷きの選び方と置き場所につい…\n割れたときの継ぎ方\nもっと見る\nシェアする\n\n"
    "洗ったあとは、底を上にして一晩乾かす。\n\n"
    "ツイート シェア はてブ\nサイトマップ | お問い合わせ\n© 2020 台所だより"
)
CLEAN = ("control", "line_ends", "boilerplate", "footers", "personal")


def without_x(text: str) -> str:
    """A cleaner that cannot say what it takes."""
    return "\n".join(line for line in text.split("\n") if "x" not in line)


@pytest.fixture(scope="module")
def gone():
    """What the cleaners of the recipes take out of a page."""
    return gone_lines(PAGE, load_cleaners(CLEAN))


def test_every_line_is_there_or_gone(gone):
    """The clean text and what went make up the text, each line once."""
    clean = clean_texts(pa.array([PAGE], pa.large_string()), load_cleaners(CLEAN)).column[0].as_py()
    stayed = [line for line in clean.split("\n") if line]

    assert sorted(line for line in PAGE.split("\n") if line) == sorted(
        stayed + [one.text for one in gone]
    )


def test_lines_have_a_kind(gone):
    """Breadcrumbs, buttons, headings of lists and notices are called what they are."""
    kinds = {one.text: one.kind for one in gone}

    assert "crumbs" == kinds["ホーム > 台所 > 鍋"]
    assert "button" == kinds["ログイン"]
    assert "related" == kinds["関連記事"]
    assert "rights" == kinds["© 2020 台所だより"]


def test_lines_stood_where_they_say(gone):
    """A line that went before the first sentence stood before line 0, the last below all."""
    lines = {one.text: one.line for one in gone}
    clean = clean_texts(pa.array([PAGE], pa.large_string()), load_cleaners(CLEAN)).column[0].as_py()
    below = clean.split("\n").index("洗ったあとは、底を上にして一晩乾かす。")

    assert 0 == lines["ログイン"]
    assert 0 < lines["関連記事"] <= below
    assert below < lines["© 2020 台所だより"]


def test_a_cleaner_that_cannot_tell_is_compared():
    """Of a cleaner without spans the lines that are no longer there tell what it took."""
    cleaner = Cleaner("own", without_x, None, 1)

    assert (Gone("own", "bx", "", 1), Gone("own", "dx", "", 2)) == gone_lines(
        "a\nbx\nc\ndx", [cleaner]
    )


def test_a_cleaner_that_is_wrong_about_itself_costs_nothing():
    """Spans that raise are replaced by a comparison, spans outside of the text are left out."""

    def broken(text: str) -> list[tuple[int, int]]:
        raise ValueError(text)

    raising = Cleaner("own", without_x, None, 1, where=broken)
    outside = Cleaner("own", without_x, None, 1, where=lambda _: [(2, 4), (90, 95), (-1, 2)])

    assert (Gone("own", "bx", "", 1),) == gone_lines("a\nbx\nc", [raising])
    assert (Gone("own", "bx", "", 1),) == gone_lines("a\nbx\nc", [outside])


def test_masks_are_not_gone():
    """Personal data in the place of which a mask stands is not a line that went."""
    text = "連絡は mori@example.com まで。\n折り返しお返事します。"

    assert () == gone_lines(text, load_cleaners(["personal"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PAGE, 11),
        ("米を研ぐ。\r\n水を張る。\r\n", 0),
        ("", 0),
        ("連絡は mori@example.com まで。", 0),
    ],
    ids=["page", "line ends", "empty", "mask"],
)
def test_lines_that_go_are_counted(text, expected):
    """The count of a batch is that of the lines, and blank lines are none."""
    cleaners = load_cleaners(CLEAN)
    cleaned = clean_texts(pa.array([text], pa.large_string()), cleaners)

    assert expected == cleaned.removed_lines[0]
    assert expected == len(gone_lines(text, cleaners))


def test_blank_lines_do_not_count():
    """Only lines with something in them are counted."""
    assert 2 == line_count("\n米\n \n水\n\u3000\n")
