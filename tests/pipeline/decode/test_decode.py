"""Decoding: the exact text from any Japanese encoding, and a word for what is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.decode import Decoded, decode, decode_as, incremental
from seimai.pipeline.decode.declared import declared_in, known
from seimai.pipeline.decode.plausible import LANGUAGES, codes_of, plausibility

SENTENCES = (
    "きのう買った傘を電車に忘れてしまった。",
    "本契約の有効期間は、締結の日から一年間とする。",
    "サーバーの再起動には五分ほどかかります。",
    "山の向こうに夕日が沈み、あたりは急に冷え込んだ。",
    "ファイル名に半角の記号を使わないでください。",
    "委員長の挨拶の後、出席者の自己紹介が行われた。",
    "カボチャとタマネギを薄く切り、バターで炒める。",
    "この薬は食後三十分以内に水で飲んでください。",
    "平安時代の末期に建てられた寺院である。",
    "「もう帰ろうよ」と弟が小さな声で言った。",
    "株主総会の招集通知は二週間前までに発送する。",
    "売上高は前年同期比で8.5%増加した。",
    "経済産業省",
    "議事録の確認について",
    "お問い合わせはこちらまでお願いいたします。",
)
PROSE = "".join(SENTENCES) * 3
ENCODINGS = ("utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16-le", "utf-16-be", "utf-16", "utf-32")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_single_sentences(sentence, encoding):
    """One short sentence is enough to tell its encoding."""
    found = decode(sentence.encode(encoding))

    assert (sentence, 0, None) == (found.text, found.replaced, found.refused)


@pytest.mark.parametrize(
    "encoding",
    [*ENCODINGS, "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_2004", "euc_jis_2004"],
)
def test_running_text(encoding):
    """Running text comes back exactly, with certainty."""
    found = decode(PROSE.encode(encoding))

    assert PROSE == found.text
    assert found.confidence > 0.999


def test_vendor_characters_of_windows():
    """Circled numbers, company marks, the wave dash and the ladder form of 高 are CP932."""
    text = "①㈱髙島屋様、﨑山様～ご案内。№３、㌔、Ⅷ、￢"
    found = decode(text.encode("cp932"))

    assert (text, "cp932") == (found.text, found.encoding)


# 髙﨑 in row 119 of CP932 are these bytes of rows 89 to 92 in EUC-JP and ISO-2022-JP.
_VENDOR = {"①": b"\x2d\x21", "㈱": b"\x2d\x6a", "髙": b"\x7c\x62", "﨑": b"\x79\x75"}


def jis(text: str) -> bytes:
    """The two-byte codes of JIS, with vendor rows."""
    return b"".join(
        _VENDOR.get(each) or bytes(k & 0x7F for k in each.encode("euc_jp")) for each in text
    )


def test_vendor_characters_in_euc():
    """The same characters in EUC-JP, which Python's codec refuses."""
    text = "㈱の髙﨑さんは①番の窓口にいらっしゃいます。"
    found = decode(bytes(k | 0x80 for k in jis(text)))

    assert (text, "eucjp_ms", 0) == (found.text, found.encoding, found.replaced)


def test_vendor_characters_in_iso_2022():
    """Vendor characters are read from ISO-2022-JP, as mail programs of Windows write them."""
    text = "㈱の髙﨑さんは①番の窓口にいらっしゃいます。"
    found = decode(b"\x1b$B" + jis(text) + b"\x1b(B")

    assert (text, "iso2022_jp_ms", 0) == (found.text, found.encoding, found.replaced)


def test_ibm_kanji_on_the_third_plane():
    """eucJP-ms has the IBM kanji once more in 0x8FF3 and 0x8FF4."""
    assert "ⅰ" == decode_as(b"\x8f\xf3\xf3", "eucjp_ms")


def test_jis_x_0213_in_euc():
    """Kanji of the third and fourth level are read where vendors have none."""
    text = "俱楽部の𠮟責と剝離、㐂びの頰。これは規格票の例である。"
    found = decode(text.encode("euc_jis_2004"))

    assert (text, "euc_jis_2004") == (found.text, found.encoding)


def test_half_width_kana():
    """A line of half-width kana is CP932, not kanji of EUC-JP."""
    for text in ("ﾊﾝｶｸｶﾀｶﾅﾃﾞｽ", "ｶﾌﾞｼｷｶﾞｲｼﾔ ﾔﾏﾀﾞｼｮｳﾃﾝ", "ｱｲｳ"):
        assert text == decode(text.encode("cp932")).text


def test_half_width_kana_in_iso_2022():
    """JIS X 0201 kana by escape and in 8 bits are both read."""
    seven = b"\x1b(I" + bytes(k & 0x7F for k in "ｶﾅﾓｼﾞ".encode("cp932")) + b"\x1b(B"
    wide = "これは見本です。".encode("iso2022_jp")

    assert "ｶﾅﾓｼﾞこれは見本です。" == decode(seven + wide).text
    assert "ｶﾅﾓｼﾞこれは見本です。" == decode("ｶﾅﾓｼﾞ".encode("cp932") + wide).text


def test_lost_escapes_are_put_back_and_reported():
    """ISO-2022-JP without its escape characters is restored, and says so."""
    text = "明日の会議は中止になりました。よろしくお願いします。"
    found = decode(text.encode("iso2022_jp").replace(b"\x1b", b""))

    assert (text, True) == (found.text, found.lost_escapes)


@pytest.mark.parametrize("text", ["$Bill paid (Bob) $10", "cost$BUDGET$B12(B)", "x=$@list(B)"])
def test_dollars_in_plain_text_are_not_lost_escapes(text):
    """Program text with $B and (B stays what it is."""
    assert (text, "utf-8") == (decode(text.encode()).text, decode(text.encode()).encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "utf-16-le"])
def test_a_cut_character_is_dropped_and_kept_aside(encoding):
    """Text up to the cut is exact, and the bytes of the half character are reported."""
    data = PROSE.encode(encoding)
    found = decode(data[:-1])

    assert PROSE[:-1] == found.text
    assert data[: len(data) - 1].endswith(found.dropped_tail)
    assert found.dropped_tail
    assert 0 == found.replaced


def test_a_cut_in_iso_2022():
    """A cut after the first byte of a character loses that character only."""
    data = "今日は良い天気ですね。".encode("iso2022_jp")

    assert "今日は良い天気ですね" == decode(data[:-4]).text


@pytest.mark.parametrize(("encoding", "lost"), [("utf-8", 1), ("cp932", 1), ("euc_jp", 1)])
def test_a_stray_byte_costs_little(encoding, lost):
    """One wrong byte between characters is one replacement; all around it is exact."""
    front, back = PROSE[:100], PROSE[100:]
    found = decode(front.encode(encoding) + b"\xff" + back.encode(encoding))

    assert (f"{front}\ufffd{back}", lost) == (found.text, found.replaced)


def test_a_real_replacement_character_is_not_a_loss():
    """U+FFFD that is written in the file is a character of it."""
    assert 0 == decode("壊れた\ufffd文字".encode()).replaced


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        ("我们昨天去公园看了很多漂亮的花，天气非常好。", "gb18030", "gb18030"),
        ("我們昨天去公園看了很多漂亮的花，天氣非常好。", "big5", "big5hkscs"),
        ("우리는 어제 공원에서 예쁜 꽃을 많이 보았습니다.", "euc_kr", "cp949"),
        ("Le café est fermé à cause de la grève.", "latin-1", "cp1252"),
        ("Größe und Länge müssen übereinstimmen.", "latin-1", "cp1252"),
        ("Привет, как у вас дела сегодня?", "cp1251", "cp1251"),
    ],
)
def test_neighbours_are_named(text, encoding, named):
    """Chinese, Korean and western files are named, and read as what they are."""
    found = decode(text.encode(encoding))

    assert (text, named) == (found.text, found.encoding)


def test_utf_7_is_refused():
    """UTF-7 is a way around filters and nothing else today."""
    assert "utf-7" == decode("今日は良い天気ですね。".encode("utf-7")).refused


@pytest.mark.parametrize("text", ["C++, a+b+c", "key: +AAAAAAAA/zzz+/=", "1+1=2 +81-3-0000-0000"])
def test_plus_signs_are_not_utf_7(text):
    """Sums, telephone numbers and base64 are plain text."""
    assert None is decode(text.encode()).refused


def test_noise_is_refused():
    """Bytes without order, and zeros, are called binary in any encoding."""
    noise = bytes(k * k * 97 % 251 for k in range(3_000))

    assert "binary" == decode(noise).refused
    assert "binary" == decode(bytes(500)).refused


def test_declarations_are_evidence_not_truth():
    """A wrong declaration is recorded and overruled; a right one decides what bytes leave open."""
    found = decode(PROSE.encode("euc_jp"), declared="Shift_JIS")
    open_case = "橋本".encode("gb18030")

    assert (PROSE, "cp932", "euc_jp") == (found.text, found.declared, found.encoding)
    assert "橋本" == decode(open_case, declared="gb2312").text


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (b'<meta charset="Shift_JIS">', "html", "cp932"),
        (b"<META content='text/html; charset=x-euc-jp'>", "html", "euc_jp"),
        (b'<?xml version="1.0" encoding="ISO-2022-JP"?>', None, "iso2022_jp"),
        (b"charset=utf-8 in plain words", None, None),
        (b'<meta charset="nonsense-9">', "html", None),
    ],
)
def test_declarations_inside(data, kind, expected):
    """Meta tags and XML declarations are found, and names mean what files mean by them."""
    assert expected == declared_in(data, kind)


@pytest.mark.parametrize("name", [None, "", "x" * 300, "日本語", "\0"])
def test_strange_names_mean_nothing(name):
    """The name of a charset that does not exist is None, and no error."""
    assert None is known(name)


@pytest.mark.parametrize(
    ("text", "newline"),
    [
        ("あ\r\nい\r\n", "\r\n"),
        ("あ\nい\n", "\n"),
        ("あ\rい\r", "\r"),
        ("あ", ""),
        ("あ\r\nい\r\nう\n", "\r\n"),
    ],
)
def test_line_ends_are_told(text, newline):
    """The usual line end is reported; the text keeps its own."""
    found = decode(text.encode())

    assert (text, newline) == (found.text, found.newline)


def test_byte_order_marks():
    """A mark decides, is not part of the text, and is recorded."""
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        found = decode("短い".encode(encoding))

        assert "短い" == found.text
        assert found.declared.startswith(encoding)


def test_long_ascii_before_the_first_kana():
    """What stands after much ASCII is still judged by itself."""
    text = "var x = 1;\n" * 3_000 + PROSE

    for encoding in ("cp932", "euc_jp", "utf-8"):
        assert text == decode(text.encode(encoding)).text


def test_empty_bytes_are_an_empty_text():
    """No bytes are an empty text, with certainty."""
    assert Decoded("", "utf-8") == decode(b"")


@settings(deadline=None)  # A loaded machine is no fault.
@given(st.binary(max_size=300))
def test_no_bytes_raise(data):
    """Any bytes give a text that can be written as UTF-8, and a confidence between 0 and 1."""
    found = decode(data)
    found.text.encode("utf-8")

    assert 0 <= found.confidence <= 1


@settings(deadline=None)  # A loaded machine is no fault.
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1b\0+$"), max_size=200)
)
def test_utf_8_of_some_length_is_utf_8(text):
    """Valid UTF-8 with a kanji in it is never taken for anything else."""
    whole = "漢字" + text

    assert whole == decode(whole.encode()).text


@settings(deadline=None)  # A loaded machine is no fault.
@given(st.integers(1, 400), st.sampled_from(["cp932", "euc_jp", "utf-8", "utf-16-le"]))
def test_streams_are_read_as_wholes_are(size, encoding):
    """Decoding piece by piece gives the text of the whole."""
    data = PROSE.encode(encoding)
    decoder = incremental(encoding)
    pieces = [decoder.decode(data[k : k + size]) for k in range(0, len(data), size)]

    assert PROSE == "".join(pieces) + decoder.decode(b"", final=True)


@settings(deadline=None)  # A loaded machine is no fault.
@given(st.integers(1, 400))
def test_streams_with_vendor_characters_in_escapes_are_read_as_wholes_are(size):
    """Pieces of ISO-2022-JP that no codec of Python reads give the text of the whole."""
    data = PROSE.encode("iso2022_jp") + b"\n\x1b$B\x2d\x21\x1b(B\n" + PROSE.encode("iso2022_jp")
    decoder = incremental("iso2022_jp_ms")
    pieces = [decoder.decode(data[k : k + size]) for k in range(0, len(data), size)]

    assert "iso2022_jp_ms" == decode(data).encoding
    assert f"{PROSE}\n①\n{PROSE}" == decode_as(data, "iso2022_jp_ms")
    assert f"{PROSE}\n①\n{PROSE}" == "".join(pieces) + decoder.decode(b"", final=True)


def test_languages_know_their_own():
    """A sentence is most plausible in its own language."""
    samples = {
        "ja": "今日は朝から雨が降っています。",
        "zh-hans": "这个问题我们还没有解决。",
        "zh-hant": "這個問題我們還沒有解決。",
        "ko": "이 문제는 아직 해결되지 않았습니다.",
        "en": "This question is not yet solved.",
    }
    for language, text in samples.items():
        codes = codes_of(text)

        scores = {name: plausibility(codes, name) for name in LANGUAGES}
        best = {name for name, score in scores.items() if score == max(scores.values())}

        # ASCII says nothing of the language around it, so English alone is any of them.
        assert best == (set(LANGUAGES) if language == "en" else {language})


def test_endless_escapes_do_not_raise() -> None:
    """An escape sequence that never ends is damage, not an error of the program."""
    found = decode(b"\x1b$B2q5D\x1b((((((((((")

    assert found.encoding is not None
    assert found.text.startswith("会議")


@pytest.mark.parametrize(
    "declared", ["rot13", "idna", "zlib", "undefined", "punycode", "unicode_escape", "\0", "あ"]
)
def test_declarations_that_are_no_encoding_of_files_mean_nothing(declared):
    """A page may declare anything that Python has a codec for; it is read as if it did not."""
    for encoding in ("utf-8", "cp932", "euc_jp"):
        found = decode(PROSE.encode(encoding), declared)

        assert (PROSE, None) == (found.text, found.declared)
