"""What must stay apart and what must meet, on texts of the length of a page."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest

from seimai.pipeline.recipe import Dedup
from seimai.pipeline.shard import read_table, write_table
from seimai.pipeline.stages.group import group
from seimai.pipeline.stages.sketch import sketch
from seimai.pipeline.text import Texts
from tests.conftest import prose

PAGE = prose(1, 12)
LAW = (
    "第十二条　事業者は、前条の届出をした日から三十日以内に、その設備の点検を行い、点検の結果を"
    "記録しなければならない。ただし、やむを得ない理由があると認められるときは、この限りでない。"
)
FORM = "申込書\n氏名：{}\n電話：{}\n希望日：{}\n人数：{}\n連絡事項：{}\n"


def groups_of(folder, texts, shards=1, order=None, **settings):
    """The group of each text, named by its first text; -1 where it has none."""
    rows = list(range(len(texts))) if order is None else order
    parts = np.array_split(np.array(rows), shards)
    paths = {stage: [] for stage in ("sketch", "text", "group")}
    for k, part in enumerate(parts):
        for stage, some in paths.items():
            some.append(folder / stage / f"{k:05}.parquet")
        column = pa.array([texts[row] for row in part.tolist()], pa.large_string())
        write_table(paths["text"][-1], pa.table({"text": column}))
        write_table(paths["sketch"][-1], sketch(Texts(column), Dedup()))
    group(*paths.values(), Dedup(**settings))
    label = np.concatenate([read_table(path)["group"].to_numpy() for path in paths["group"]])
    found: dict[int, list[int]] = {}
    for row, name in zip(rows, label.tolist(), strict=True):
        if name >= 0:
            found.setdefault(name, []).append(row)
    return sorted(sorted(some) for some in found.values())


@pytest.mark.parametrize(
    "texts",
    [
        ["はがきを一枚出した。", "はかきを一枚出した。"],
        ["びょういんの前で待つ。", "びよういんの前で待つ。"],
        [
            f"{year}年度の決算は{profit}億円の黒字であった。"
            for year, profit in ((2019, 13), (2020, 47))
        ],
        [
            LAW,
            LAW.replace("第十二条", "第四十七条")
            .replace("三十日", "九十日")
            .replace("点検", "検査"),
        ],
        [
            FORM.format("山田太郎", "03-0000-0001", "四月三日", "五名", "駐車場を使います"),
            FORM.format("佐藤花子", "06-0000-0002", "六月十日", "二名", "車椅子で参ります"),
        ],
        ["ああ", "あい"],
    ],
    ids=["dakuten", "small kana", "numbers", "law", "form", "short"],
)
def test_must_stay_apart(tmp_path, texts):
    """Texts whose few differences are what they say are no duplicates of each other."""
    assert [] == groups_of(tmp_path, texts)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (LAW, LAW.replace("三十日", "九十日")),
        (PAGE + "税率は8%。", PAGE + "税率は10%。"),
        (PAGE + "納期は1,200日。", PAGE + "納期は1,300日。"),
        (PAGE + FORM.format("山田", "03", "四月三日", "五名", "なし"),
         PAGE + FORM.format("山田", "03", "四月三日", "六名", "なし")),
    ],
    ids=["law", "page", "thousands", "form"],
)  # fmt: skip
def test_one_number_in_a_long_text(tmp_path, old, new):
    """A law or a page with one number changed is a duplicate, unless numbers are distinct."""
    texts = [old, prose(50, 12), new]

    assert [[0, 2]] == groups_of(tmp_path / "ignore", texts)
    assert [] == groups_of(tmp_path / "distinct", texts, numbers="distinct")


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (LAW, LAW.replace("三十日", "30日")),
        (f"三千五百円。{PAGE}", f"3,500円。{PAGE}"),
        (f"３０日。{PAGE}", f"三〇日。{PAGE}"),
        (f"5日。{PAGE}", f"5日。{PAGE}\n© 2026 町の新聞"),
        (PAGE, f"{PAGE}\n12件の感想"),
        (f"①番。{PAGE}", f"1番。{PAGE}"),
    ],
    ids=["kanji", "comma", "zero", "footer", "counter", "circled"],
)
def test_distinct_numbers_still_meet(tmp_path, text, other):
    """Numbers written in another way, and numbers that only one text has, keep no copy apart."""
    assert [[0, 2]] == groups_of(tmp_path, [text, prose(50, 12), other], numbers="distinct")


def test_distinct_numbers_in_a_large_group(tmp_path):
    """
    Of three hundred pages of one template no two with other numbers meet.

    Those with the same number do, but for a few: a bucket that holds hundreds of texts tries eight
    of them (`TURNS`), and here no two of them are alike.
    """
    texts = [f"{PAGE}受付番号は{k % 100:03}です。{'。' * (k // 100)}" for k in range(300)]
    found = groups_of(tmp_path, texts, numbers="distinct")

    assert all([row % 100 == some[0] for row in some] == [True] * 3 for some in found)
    assert len(found) > 80


def test_other_texts_change_nothing(tmp_path):
    """Order, files, and texts that have nothing to do with them leave groups as they are."""
    random_ = random.Random(3)
    texts = [version for k in range(6) for version in (prose(k, 9), prose(k, 9) + "終わり。")]
    before = groups_of(tmp_path / "one", texts)
    more = [*texts, *(prose(100 + k, 9) for k in range(9))]
    order = random_.sample(range(len(more)), len(more))

    assert [[k, k + 1] for k in range(0, 12, 2)] == before
    assert before == groups_of(tmp_path / "other", more, shards=4, order=order)
