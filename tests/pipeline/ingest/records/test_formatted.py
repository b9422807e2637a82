"""Texts of records that are markup, and how they are told from texts about it."""

from __future__ import annotations

import json

import pytest

from seimai.pipeline.ingest import ReadOptions
from seimai.pipeline.ingest.records.formatted import markup_of
from tests.pipeline.ingest.making import SENTENCES, read_all, texts

HTML = f"<div><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}<br>{SENTENCES[2]}</p></div>"
MARKDOWN = (
    f"# 港の朝\n\n{SENTENCES[0]}**詳しくは**[こちら](https://a.example.jp/)。\n\n- {SENTENCES[1]}\n"
)
RST = f"港の朝\n======\n\n.. note::\n\n   {SENTENCES[0]}\n\n:ref:`次 <next>` を見る。\n"
PLAIN = "\n".join(SENTENCES)

CASES = {
    "a page": ("<!DOCTYPE html>\n<html><body>文</body></html>", "html"),
    "a fragment": (HTML, "html"),
    "breaks between lines": ("一行目です。<br>二行目です。<br/>三行目です。<BR>", "html"),
    "links in a text": (
        '詳細は<a href="/a">案内</a>と<a href="/b">地図</a>をご覧ください。', "html",
    ),
    "a readme": (MARKDOWN, "markdown"),
    "a table of Markdown": ("| 名 | 数 |\n|---|---|\n| 米 | 2 |\n\n## 註\n\n- 一\n", "markdown"),
    "code in a readme": ("## 使い方\n\n```html\n<p>文</p><p>文</p>\n```\n\n- 終わり\n", "markdown"),
    "a manual for Sphinx": (RST, "rst"),
    "prose": (PLAIN, None),
    "nothing": ("", None),
    "a text about HTML": ("段落は「<p>」で始め、「</p>」で閉じる。改行は「<br>」である。", None),
    "one tag": ("改行には <br> を書く。" + PLAIN, None),
    "a formula": ("a < b かつ c > d のとき、a <b> と書かない。", None),
    "items with dashes": ("- 一つ目\n- 二つ目\n- 三つ目\n- 四つ目\n", None),
    "comments of a shell": ("# 更新する\napt update\n# 入れる\napt install\n# 終わり\n", None),
    "a face": ("楽しかった(*^_^*) またね ＼(^o^)／ **", None),
    "a list of prices": ("品名 | 価格\n米 | 二千円\n味噌 | 五百円\n", None),
    "a namespace": ("std::vector は便利である。std::string も同じ。", None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_markup_is_told_from_plain_text(case):
    """What a text is written in is judged by its signs, of more than one kind."""
    text, expected = CASES[case]

    assert expected == markup_of(text)


@pytest.mark.parametrize(
    ("text", "named", "expected"),
    [
        (HTML, "html", [SENTENCES[0], SENTENCES[1], SENTENCES[2]]),
        (MARKDOWN, "markdown", ["港の朝", f"{SENTENCES[0]}詳しくはこちら。", f"・{SENTENCES[1]}"]),
        (RST, "rst", ["港の朝", SENTENCES[0], "次 を見る。"]),
        (PLAIN, "markdown", None),
    ],
)
def test_texts_of_records_are_read_as_the_recipe_says(tmp_path, text, named, expected):
    """By its name, by `auto`, and not at all where the recipe says nothing."""
    data = json.dumps({"text": text}).encode() + b"\n"
    asked, auto, plain = (
        texts(read_all(tmp_path, "a.jsonl", data, ReadOptions(text_format=one)))
        for one in (named, "auto", "plain")
    )

    assert [text] == plain
    if expected:
        assert expected == [line for line in asked[0].split("\n") if line]
        assert asked == auto
    else:
        assert [text] == auto


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
def test_every_format_of_records_knows_text_format(tmp_path, name):
    """Lines, lists and tables are read by the same rule."""
    data = {
        "a.jsonl": json.dumps({"text": HTML}) + "\n",
        "a.json": json.dumps([{"text": HTML}]),
        "a.csv": f'text,n\n"{HTML}",1\n',
    }[name]
    [text] = texts(read_all(tmp_path, name, data.encode(), ReadOptions(text_format="html")))

    assert SENTENCES[0] in text
    assert "<" not in text


@pytest.mark.parametrize(
    "piece", ["<p ", "<a href=", "**a", "](", "`a <", "|--", "# ", "::", ":a:`"]
)
def test_judging_takes_no_longer_for_hostile_texts(piece):
    """Only the beginning is looked at, by patterns that take linear time."""
    assert markup_of(piece * (500_000 // len(piece))) in {None, "html", "markdown", "rst"}
