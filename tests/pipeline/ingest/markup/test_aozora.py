"""Aozora Bunko: notation, head and colophon."""

from __future__ import annotations

from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, Input, read
from seimai.pipeline.ingest.markup.aozora import plain_text, split

RULE = "-" * 55
WORK = f"""水車小屋の朝
――ある村の話――
山田太郎
鈴木花子訳

{RULE}
【テキスト中に現れる記号について】

《》：ルビ
（例）水車《すいしゃ》

〔〕：アクセント分解された欧文をかこむ
{RULE}

［＃５字下げ］一［＃「一」は中見出し］

　水車《すいしゃ》は朝から｜米を搗《つ》いていた。※［＃「口＋它」、第3水準1-14-88］る声がした［＃「声」に傍点］。
〔Cafe'〕の主人は笑った。



底本：「村の話」架空書房
　　　1950（昭和25）年1月1日発行
入力：田中
青空文庫作成ファイル：
このファイルは、図書館で作られました。
"""
TEXT = "一\n\n　水車は朝から米を搗いていた。咜る声がした。\nCaféの主人は笑った。"


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "euc_jp", "utf-16"])
def test_a_work_is_recognised_and_read(tmp_path: Path, encoding: str) -> None:
    """A work in any encoding gives its text, with head and colophon in the extra columns."""
    path = tmp_path / "1_ruby.txt"
    path.write_bytes(WORK.replace("\n", "\r\n").encode(encoding))
    (item,) = read(Input(str(path), path.name))

    assert isinstance(item, Document)
    assert TEXT == item.text
    assert "text/x-aozora" == item.media_type
    colophon = item.extra.pop("colophon")
    assert colophon.startswith("底本：「村の話」")
    assert colophon.endswith("作られました。")
    assert {
        "title": "水車小屋の朝",
        "subtitle": "――ある村の話――",
        "author": "山田太郎",
        "translator": "鈴木花子",
        "teihon": "「村の話」架空書房",
    } == item.extra


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("漢字《かんじ》です", "漢字です"),
        ("水木｜歌女寿《かめじゅ》と", "水木歌女寿と"),
        ("一｜二三", "一｜二三"),
        ("筋※［＃「筋」の「月」に代えて「角」、U+4225、98-8］瓊", "筋䈥瓊"),
        ("※［＃「插」でつくりの縦棒が下に突き抜けている、第4水準2-13-28］", "揷"),
        ("※［＃小書き片仮名ヰ、131-16］", "\N{KATAKANA LETTER SMALL WI}"),
        ("※［＃「广＋寺」、394-10］", "〓"),
        ("※［＃始め二重山括弧、1-1-52］題※［＃終わり二重山括弧、1-1-53］《だい》", "《題》"),
        ("声［＃「※［＃「口＋它」、第3水準1-14-88］」に傍点］", "声"),
        ("いよ／＼ますます／″＼", "いよ〳〵ますます〴〵"),
        ("［＃改ページ］\n\n\n\n次", "次"),
        ("※印と［注］と《", "※印と［注］と《"),
    ],
)
def test_notation_becomes_text(written: str, text: str) -> None:
    """Ruby and notes go, characters without a code come in, the rest stays."""
    assert text == plain_text(written)


def test_accents_are_joined_only_where_the_legend_says_so() -> None:
    """〔Cafe'〕 is joined when asked for; Japanese in such brackets is a bracket."""
    assert "Café Straße à Übung" == plain_text("〔Cafe' Stras&e a` U:bung〕", accents=True)
    assert "〔支那〕" == plain_text("〔支那〕", accents=True)
    assert "〔Cafe'〕" == plain_text("〔Cafe'〕")


def test_a_work_without_legend_has_its_head_before_the_first_blank_line() -> None:
    """Works without ruby have no legend; a text without colophon keeps its first lines."""
    text, extra = split("題\n人\n\n本文。\n\n底本：「本」\n")

    assert ("本文。", "題", "人") == (text, extra["title"], extra["author"])
    assert ("題\n人\n\n本文。", {}) == split("題\n人\n\n本文。")
