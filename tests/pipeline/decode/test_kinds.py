"""Decoding what is not running prose: lists, half-width kana, old law, neighbours, no text."""

from __future__ import annotations

import codecs

import pytest

from seimai.pipeline.decode import decode
from seimai.pipeline.decode.learn import learn_half_kana
from seimai.pipeline.decode.plausible import HALF_KANA

NAMES = ("佐藤一郎 田中花子", "小笠原直樹", "橋本龍之介", "勅使河原明", "長谷川由美", "近藤勇")
ADDRESSES = (
    "東京都千代田区丸の内1-2-3",
    "〒530-0001 大阪府大阪市北区梅田2丁目4番9号",
    "京都府京都市下京区烏丸通塩小路下ル",
    "三重県津市広明町13番地",
)
KANJI = (
    "春夏秋冬",
    "子丑寅卯辰巳午未申酉戌亥",
    "民事訴訟法、刑事訴訟法、行政事件訴訟法",
    "氏名,住所,電話番号,生年月日",
    "国破山河在城春草木深",
    "入学試験問題用紙",
)
OLD_LAW = ("私権ノ享有ハ出生ニ始マル", "命令ヲ以テ之ヲ定ム", "左ノ場合ニ於テハ此ノ限ニ在ラス")
KATAKANA = ("コンピューターネットワーク", "バナナ、リンゴ、オレンジ", "ヘルプ")
TALK = ("えっ、まじで？", "「……そうか」", "うるさいなあ、もう。", "なんでやねん！")
HEADLINES = (
    "首相、来月訪米へ　首脳会談で調整",
    "東証大幅反落　終値3万円割れ",
    "非常口",
    "県警、詐欺容疑で男を逮捕",
)
SCRAPS = (
    "id,name,price\r\n1,りんご,120",
    "// TODO: 後で直す",
    "<td>合計</td><td>1,200円</td>",
    'print("こんにちは")',
    "価格：￥1,980（税込）",
)
EBCDIC = bytes.fromhex(
    "0e45664562449a48e645eb449d457746ef449749f44bb1448d44a4448d4491434147e8476347a2438a435843ce"
    "45414ed04446459b45f7448d44a4448e43410f"
)
"""本日の処理は正常に終了しました。得意先コード一覧を出力します。 in IBM-939."""
SHORT = (*NAMES, *ADDRESSES, *KANJI, *OLD_LAW, *KATAKANA, *TALK, *HEADLINES, *SCRAPS)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16-le"])
@pytest.mark.parametrize("text", SHORT)
def test_short_texts_of_all_kinds(text, encoding):
    """Names, addresses, lists of kanji, katakana, talk and scraps of code tell their encoding."""
    found = decode(text.encode(encoding))

    assert (text, 0, None) == (found.text, found.replaced, found.refused)


@pytest.mark.parametrize(
    "text",
    [
        "ﾔﾏﾀﾞ ﾀﾛｳ",
        "ｶ)ﾔﾏﾓﾄｼﾖｳｶｲ",
        "ﾃｨｯｼｭ5箱ﾊﾟｯｸ",
        "ｶﾗｰTV 32ｲﾝﾁ ﾌﾞﾗｯｸ",
        "ｴﾗｰ:ﾌｧｲﾙが見つかりません",
        "ﾓｰﾀ駆動部ﾄﾙｸ値",
        "ﾎﾞｰﾙﾍﾟﾝ(黒) 10本入",
    ],
)
def test_half_width_kana_of_lists(text):
    """Half-width kana that follow each other as in words are kana, alone or in other text."""
    found = decode(text.encode("cp932"))

    assert (text, "cp932") == (found.text, found.encoding)


@pytest.mark.parametrize("newline", ["\n", "\r\n", ""])
def test_files_of_banks(newline):
    """Records of half-width kana and figures, with line ends or without, are CP932."""
    people = ("ﾔﾏﾀﾞ ﾀﾛｳ", "ｽｽﾞｷ ﾊﾅｺ", "ｶ)ｱｵｿﾞﾗﾌﾄﾞｳｻﾝ")
    records = [f"20009ﾐｽﾞﾎ           001ﾎﾝﾃﾝ      {name:<30}{7000:010d}0" for name in people]
    text = newline.join(["1210ｶ)ﾔﾏﾓﾄｼﾖｳｶｲ        0925", *records, "8000003", "9"])

    assert text == decode(text.encode("cp932")).text


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8"])
def test_records_filled_with_zeros(encoding):
    """Fixed-length records are text with zeros in it, not UTF-16 and not binary."""
    data = b"".join(name.encode(encoding).ljust(40, b"\0") for name in NAMES)
    found = decode(data)

    assert (data.decode(encoding), None) == (found.text, found.refused)


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8"])
@pytest.mark.parametrize("declared", [None, "Shift_JIS", "EUC-JP", "UTF-8", "iso-8859-1"])
def test_a_page_with_little_japanese(encoding, declared):
    """Two words in much ASCII are enough, whatever the header says."""
    script = "<script>" + "var a = 1;\n" * 400 + "</script>"
    text = f"<html><title>製品情報</title>{script}<p>株式会社山田商店</p></html>"

    assert text == decode(text.encode(encoding), declared, "html").text


@pytest.mark.parametrize("claimed", ["UTF-8", "Shift_JIS", "EUC-JP", "ISO-2022-JP", "UTF-16"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16-be"])
def test_declarations_of_xml_that_are_wrong(claimed, encoding):
    """A document is read as what it is, not as what its first line says."""
    text = f'<?xml version="1.0" encoding="{claimed}"?><a>見出し</a>'

    assert text == decode(text.encode(encoding), None, "xml").text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    "text", ["カタカナだけ", "漢字熟語", "藤井水産株式会社", "会議", "番号,品名\r\n7,茶\r\n"]
)
def test_wide_encodings_without_a_mark(text, encoding):
    """Two bytes or four a character are told without a mark, with and without ASCII."""
    assert text == decode(text.encode(encoding)).text
    assert text * 60 == decode((text * 60).encode(encoding)).text


def test_windows_names_of_signs():
    """Where vendor characters show that a file is from Windows, its signs have Windows' names."""
    row = {"①": b"\xad\xa1", "～": b"\xa1\xc1", "－": b"\xa1\xdd", "￠": b"\xa1\xf1"}
    plain = "東京～大阪間は－１０℃、￠は通貨。"
    data = b"".join(row.get(each) or each.encode("euc_jp") for each in plain)

    assert "①" + plain == decode(row["①"] + data).text
    assert plain.replace("～", "〜").replace("－", "−").replace("￠", "¢") == decode(data).text
    assert "①～" == decode(b"\x1b$B\x2d\x21\x21\x41\x1b(B").text


def test_jis_x_0213_in_shift_jis():
    """A file that CP932 cannot explain and Shift_JIS-2004 can is that."""
    text = "俱楽部で𠮟られた子供の頰は赤い。"
    found = decode(text.encode("shift_jis_2004"))

    assert (text, "shift_jis_2004") == (found.text, found.encoding)


def test_dictionary_forms_before_rare_names():
    """Where rows of vendors and of JIS X 0213 collide, the kanji that is met with is meant."""
    text = "夏の蟬の声と醬油の匂い。"
    found = decode(text.encode("euc_jis_2004"))

    assert (text, "euc_jis_2004") == (found.text, found.encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("konnte die Datei »Bericht« nicht öffnen", "cp1252"),
        ("Nie można było otworzyć pliku, ponieważ ścieżka jest błędna", "cp1250"),
        ("Dosya açılamadı, lütfen şifreyi doğru girdiğinizden emin olun", "cp1254"),
        ("Το αρχείο δεν βρέθηκε στον φάκελο που δώσατε", "cp1253"),
        ("Файл не найден, проверьте путь и повторите попытку", "koi8-r"),
        ("Файл не найден, проверьте путь и повторите попытку", "cp866"),
        ("ไม่พบแฟ้มที่ต้องการ กรุณาตรวจสอบชื่ออีกครั้ง", "cp874"),
        ("El nombre de la sesión no es válido: ¿otra vez?", "cp1252"),
        ("요청하신 파일을 찾을 수 없습니다.", "cp949"),
    ],
)
def test_alphabets_of_others(text, encoding):
    """Western, eastern European, Greek, Russian, Thai and Korean files do not become Japanese."""
    found = decode(text.encode(encoding))

    assert (text, encoding) == (found.text, found.encoding)


def test_chinese_in_seven_bits_and_korean_by_escapes():
    """HZ and ISO-2022-KR are named and read."""
    chinese, korean = "我们昨天去公园看了很多漂亮的花", "우리는 어제 공원에서 꽃을 보았습니다"
    assert (chinese, "hz") == _text_and_name(chinese.encode("hz"))
    assert (korean, "iso2022_kr") == _text_and_name(korean.encode("iso2022_kr"))
    assert "foo ~{ab~} bar" == decode(b"foo ~{ab~} bar").text


def _text_and_name(data: bytes) -> tuple[str, str]:
    found = decode(data)
    return found.text, found.encoding


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp"])
def test_a_mark_before_another_encoding(encoding):
    """UTF-8's mark before CP932 is recorded, and the text is read as what it is."""
    found = decode(codecs.BOM_UTF8 + "".join(TALK + HEADLINES).encode(encoding))

    assert ("".join(TALK + HEADLINES), "utf-8-sig") == (found.text, found.declared)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\2\0\0\0\x93\x82\xba\xb3",
        b"\xca\xfe\xba\xbe\0\0\0\x34\0\x1d\x0a\0\6\0\x0f\x09\0\x10\0\x11\x01\0\x06<init>\x01\0\x03()V",
        bytes(range(1, 32)) * 9,
        EBCDIC,
    ],
)
def test_what_is_no_text(data):
    """Images, classes, control characters and EBCDIC are refused or admitted to be unknown."""
    found = decode(data)

    assert "binary" == found.refused or found.confidence <= 0.5


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("charset=UTF-8;", "utf-8"),
        ("text/html; charset=EUC-JP", "euc_jp"),
        ("'Shift-JIS'", "cp932"),
        ("SJIS-win", "cp932"),
        ("Windows-31J", "cp932"),
        ("eucJP-win", "euc_jp"),
        ("cp50221", "iso2022_jp"),
        ("csISO2022JP", "iso2022_jp"),
        ("utf8mb4", "utf-8"),
        ("utf_8", "utf-8"),
        ("none", None),
        ("_autodetect_jp", None),
    ],
)
def test_names_as_they_are_declared(header, meant):
    """Names are understood as servers, mail programs and databases spell them."""
    assert meant == decode("短い文".encode(), header).declared


def test_half_width_kana_are_counted_by_neighbours():
    """A voicing mark is likely after what can be voiced, and hardly begins a word."""
    rows = {
        row.split()[1]: dict(zip(HALF_KANA, map(int, row.split()[2:]), strict=True))
        for row in learn_half_kana(["ガギグ", "カキク", "ナニヌ"] * 40).splitlines()
    }

    assert [*HALF_KANA, "^"] == list(rows)
    assert rows["ｶ"]["ﾞ"] * 3 < min(rows["ﾅ"]["ﾞ"], rows["^"]["ﾞ"])
    assert rows["ﾅ"]["ﾆ"] * 3 < rows["ｶ"]["ﾆ"]
