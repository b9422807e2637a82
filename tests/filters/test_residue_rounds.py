"""What is known of a text beforehand changes nothing: the first round, and lines not asked."""

from __future__ import annotations

import numpy as np
import pytest

from seimai.filters.residue import LOOKS, boilerplate
from seimai.filters.residue.forms import forms_of
from seimai.filters.residue.shapes import line_shapes
from seimai.filters.residue.words import find_words
from seimai.pipeline.cleaner import load_cleaners
from seimai.pipeline.text import Texts

SENTENCE = "夏は三十分、冬なら一時間ほど、米を水につけておくと芯までふっくらと炊ける。"
LINKS = "ホーム ログイン 会員登録 カテゴリー 関連記事 もっと見る お問い合わせ"
PAGE = "\n".join([*LINKS.split(), SENTENCE * 4, "関連記事", "カテゴリー", "もっと見る"])
JOINED = f"{LINKS} {SENTENCE * 8} {LINKS}"
MASKED = f"{PAGE}\n電話 <PHONE>\nホーム\nログイン"
MASKED_JOINED = f"{LINKS} {SENTENCE * 8} <EMAIL> {LINKS}"
PLAIN = f"{SENTENCE}\n\n{SENTENCE}"


def forms_in(*texts):
    """The forms of the lines of texts in which nothing is taken for a sentence."""
    batch = Texts.of(*texts)
    shape = line_shapes(batch)
    none = np.zeros(batch.lines.start.size, np.bool_)
    return forms_of(batch, shape, find_words(batch, none, shape.stops), none)


CLEANER = load_cleaners(["boilerplate"])[0]


@pytest.mark.parametrize("first", [0, 3])
def test_the_look_of_a_batch_is_the_first_round(first):
    """Texts are cleaned alike whether their batch was looked at, or another one, or none."""
    texts = [PAGE, PLAIN, JOINED, MASKED, MASKED_JOINED, PAGE]
    LOOKS.clear()
    wanted = CLEANER.many(texts)
    due = CLEANER.due(Texts.of(*texts[first:]))

    assert wanted == CLEANER.many(texts)
    assert wanted == [boilerplate(text) for text in texts]
    assert [PLAIN != text for text in texts[first:]] == due.tolist()
    assert wanted[:2] == [SENTENCE * 4, PLAIN]


def test_looks_are_forgotten():
    """No text that was looked at is held longer than until some are cleaned."""
    CLEANER.due(Texts.of(PAGE, PLAIN, JOINED))
    assert {PAGE, JOINED} <= LOOKS.keys()

    CLEANER.many([PLAIN, PLAIN])

    assert {} == LOOKS


COUNTERS = (
    "本日：12", "総アクセス数: 1,024", "12件中 1〜10件目", "3 件中 表示", "いいね! 12",
    "参考になった 5人", "1 | 2 | 3", "Since 2004/4/1", "あなたは１２３４人目のお客様です",
)  # fmt: skip
WEEKS = (
    "日 月 火 水 木 金 土", "月火水木金土日", "（日｜月｜火｜水｜木｜金｜土）", "S M T W T F S",
    "s|m|t|w|t|f|s", "|日|月|火|水|木|金|土|",
)  # fmt: skip
WIKI = ("{{出典}}", "[[Category:米]]", "[[画像:米.jpg]]")


@pytest.mark.parametrize("line", [*COUNTERS, *WEEKS, *WIKI])
def test_no_line_of_a_form_is_left_unasked(line):
    """Whatever is of a form as a whole passes the quick look before its pattern."""
    assert [True, False] == forms_in(line, SENTENCE).sure.tolist()


@pytest.mark.parametrize(("count", "several"), [(2, False), (3, True)])
def test_prices_and_amounts_count_from_three_on(count, several):
    """Fewer of them in a text are facts that it is about, though another text has some as well."""
    found = forms_in("\n".join(["3,300円（税込）"] * count), "\n".join(["茄子 四本"] * count), "米")

    assert [several] * count + [False] * (count + 1) == found.price.tolist()
    assert [False] * count + [several] * count + [False] == found.amount.tolist()
