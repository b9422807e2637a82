"""Personal data as forms, small towns and disguises have it, and what only looks so."""

from __future__ import annotations

import pytest

from seimai.filters.personal import find

FOUND = (
    ("電話 72-3311", "PHONE", "72-3311"),
    ("ＴＥＬ：３４－５６７８　内線 2", "PHONE", "３４－５６７８"),
    ("電話番号／(82)1234", "PHONE", "(82)1234"),
    ("電話 3456-7890（市内）", "PHONE", "3456-7890"),
    ("お届け先電話番号８１－３－１２３４－５６７８", "PHONE", "８１－３－１２３４－５６７８"),
    ("電話 81-90-1234-5678", "PHONE", "81-90-1234-5678"),
    ("自宅 ０三－五五五〇－一二三四", "PHONE", "０三－五五五〇－一二三四"),
    ("電話（〇四五）六七一―二一二一", "PHONE", "（〇四五）六七一―二一二一"),
    ("mayumi アットマーク example.com まで", "EMAIL", "mayumi アットマーク example.com"),
    ("k.tanaka at example dot jp", "EMAIL", "k.tanaka at example dot jp"),
    ("club＊example.org（＊は＠に）", "EMAIL", "club＊example.org"),
    ("staff_at_example.jp（_at_を@に）", "EMAIL", "staff_at_example.jp"),
    ("個　人　番　号　1 2 3 4 5 6 7 8 9 0 1 8", "MY_NUMBER", "1 2 3 4 5 6 7 8 9 0 1 8"),
    ("口座番号　３　４　５　６　７　８　９", "BANK_ACCOUNT", "３　４　５　６　７　８　９"),
    ("当座 No.0034567（りそな銀行 梅田支店）", "BANK_ACCOUNT", "0034567"),
    ("基礎年金番号 2 3 4 5 - 6 7 8 9 0 1", "PENSION_NUMBER", "2 3 4 5 - 6 7 8 9 0 1"),
    ("旅券番号 T R 0 1 2 3 4 5 6", "PASSPORT", "T R 0 1 2 3 4 5 6"),
    ("免許証番号 6 2 9 8 7 6 5 4 3 2 1 0", "DRIVER_LICENSE", "6 2 9 8 7 6 5 4 3 2 1 0"),
    ("保険証の記号 大建-12-3 番号 456", "HEALTH_INSURANCE", "大建-12-3"),
    ('{"zip": "1000001"}', "POSTAL_CODE", "1000001"),
    ("ゆうびん番号は980-8671", "POSTAL_CODE", "980-8671"),
    ("大阪市中央区大手前二ノ一ノ二十二に住む", "ADDRESS", "大阪市中央区大手前二ノ一ノ二十二"),
    ("静岡市葵区追手町５・１・２", "ADDRESS", "静岡市葵区追手町５・１・２"),
    ("バースデー：1995.07.07", "BIRTH_DATE", "1995.07.07"),
    ("氏　名　　森　田　健　一　　男", "PERSON_NAME", "森　田　健　一"),
    ("担当 斎藤まで", "PERSON_NAME", "斎藤"),
    ("担当者：岩崎（経理）", "PERSON_NAME", "岩崎"),
    ("被告人大野光男を懲役三年に処する。", "PERSON_NAME", "大野光男"),
    ("代表取締役永井秀樹から報告を受けた", "PERSON_NAME", "永井秀樹"),
)
NOT_FOUND = (
    "電話 2025-2026年度版", "FAX 300-1000枚", "電話機 型式 22-3456型", "電話 50-1000円",
    "製造番号 81-3-1234-5678", "普通 1234567（全国の支部）",
    "TELAS 33-1234", "電話会議 10-1230", "3456-7890 は部品の番号", "meet at station dot com",
    "look at me dot it", "アットホームな職場です", "page.html#section.jp", "snake_at_home.py",
    "1 2 3 4 5 6 7 8 9 0 1 8", "口座は 1 2 3 件", "普通 1 2 3 4 5 6 7 段階の評価",
    "archive.zip 1234567 バイト", "大阪市一・二・三年生の部", "東京都内で二・二六事件が起きた",
    "東京都の第一・二・三区", "青森市 1・2・3位", "バースデーカード 2026年版", "今 日 は 晴 れ",
    "氏名　必 ず 記 入", "担当：営業（東京）", "担当 総務まで", "被告人質問が行われた",
    "市長選挙の公示", "社長室長に聞く", "校長先生のお話",
)  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "hidden"), FOUND)
def test_what_forms_and_disguises_hold_is_found_whole(text, kind, hidden):
    """The kind is found where it stands, no more of the text and no less."""
    assert (kind, hidden) in [
        (span.kind, text[span.start : span.end]) for span in find(text, kinds=(kind,))
    ]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_so_stays(text):
    """Years, counts, school classes, file names and words of courts are nobody's data."""
    assert [] == [text[span.start : span.end] for span in find(text)]
