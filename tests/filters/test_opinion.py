"""The learned second opinion on lines: its independence of the batch, and its file."""

from __future__ import annotations

from seimai.filters.residue.opinion import LINE_FACTS, PLACE_FACTS, WEIGHTS, opinions
from seimai.filters.residue.weighing import weighed
from seimai.pipeline.text import Texts

PAGE = (
    "ホーム\nログイン\n会員登録\n\n米は水で研ぐ。研ぎ汁は庭木にやるとよいと祖母に聞いた。\n"
    "2019年3月4日\n土鍋で炊く\n\n関連記事\n味噌の仕込み\n梅を干す日\nカテゴリー\nもっと見る"
)
STORY = "川の水は冷たかった。\n岸で犬が待っていた。\n\n春になった。"


def test_an_opinion_does_not_depend_on_the_batch() -> None:
    """The lines of a text have the same numbers, to the last bit, alone and among other texts."""
    alone = Texts.of(PAGE)
    batch = Texts.of(STORY, PAGE, "", PAGE.replace("土鍋", "鉄鍋"), PAGE)
    expected = opinions(alone, weighed(alone)[1])
    found = opinions(batch, weighed(batch)[1])
    first = batch.lines.first

    assert expected.tobytes() == found[first[1] : first[2]].tobytes()
    assert expected.tobytes() == found[first[4] : first[5]].tobytes()


def test_prose_is_not_asked_about() -> None:
    """In a text that shows nothing of a page the model has no opinion."""
    texts = Texts.of(STORY)
    beside = Texts.of(PAGE, STORY)
    first = beside.lines.first

    assert [0.0] * 3 == opinions(texts, weighed(texts)[1]).tolist()
    assert [0.0] * 3 == opinions(beside, weighed(beside)[1])[first[1] : first[2]].tolist()


def test_the_file_has_a_row_for_every_fact() -> None:
    """The names in the file are those of the facts, in their order."""
    names = [row.split("\t")[0] for row in WEIGHTS.read_text("utf-8").splitlines()[1:]]

    assert [*LINE_FACTS, "there is a line", *PLACE_FACTS, "bias"] == names
