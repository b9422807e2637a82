"""Decoding what was damaged or cut: what is lost is counted, all around it is exact."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.decode import decode

SENTENCES = (
    "来週の会議は都合により木曜日に変更となりました。",
    "請求書の宛名は株式会社山川商店でお願いします。",
    "「もう少し待ってよ」と妹が言った。",
    "ソースコードのコメントは英語でも日本語でも構いません。",
    "駅前の喫茶店で三時に待ち合わせる予定だ。",
    "温度は12.5℃、湿度は60%である。",
    "桜の花が散ると、村はまた静かになった。",
    "次のボタンを押すと、データベースを更新します。",
)
TEXT = "\n".join(SENTENCES * 3)
BYTES_APART = ("utf-8", "cp932", "euc_jp", "utf-16-le", "utf-16-be")
ESCAPED = ("iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_2004")
words = st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=9).map("".join)


@settings(deadline=None, max_examples=200)  # A loaded machine is no fault.
@given(words, st.sampled_from((*BYTES_APART, *ESCAPED, "utf-16", "utf-32", "euc_jis_2004")))
def test_what_is_encoded_comes_back(text, encoding):
    """Japanese sentences in any order come back exactly from every encoding."""
    found = decode(text.encode(encoding))

    assert (text, 0, b"") == (found.text, found.replaced, found.dropped_tail)


@settings(deadline=None, max_examples=300)  # A loaded machine is no fault.
@given(words, st.sampled_from(BYTES_APART), st.data())
def test_cut_data_is_a_prefix(text, encoding, data):
    """Data cut anywhere is the text before the cut, and the bytes of the character in it."""
    whole = text.encode(encoding)
    cut = data.draw(st.integers(40, len(whole)))
    size = next(k for k in range(len(text), -1, -1) if len(text[:k].encode(encoding)) <= cut)
    found = decode(whole[:cut])

    assert text[:size] == found.text
    assert whole[len(text[:size].encode(encoding)) : cut] == found.dropped_tail
    assert 0 == found.replaced


@pytest.mark.parametrize("encoding", ESCAPED)
def test_escapes_cut_anywhere(encoding):
    """ISO-2022-JP cut anywhere, within its escapes too, is the text before the cut."""
    text = "見積もり No.7 を送ります。Re: 納期"
    whole = text.encode(encoding)
    for cut in range(8, len(whole)):
        decoder = codecs.getincrementaldecoder(encoding)()

        assert decoder.decode(whole[:cut]) == decode(whole[:cut]).text


def test_an_escape_cut_before_the_first_character():
    """ASCII that ends in the beginning of an escape is ASCII, and the escape is set aside."""
    for piece in (b"\x1b", b"\x1b$", b"\x1b("):
        found = decode(b"Subject: " + piece)

        assert ("Subject: ", piece) == (found.text, found.dropped_tail)


@pytest.mark.parametrize(
    "text",
    [*SENTENCES, "橋本龍之介", "東京", "千葉県船橋市湊町2-10-25", "非常口、\n立入禁止"],
)
def test_lost_escapes_of_short_texts(text):
    """Kanji without kana are restored too, and it is reported."""
    found = decode(text.encode("iso2022_jp").replace(b"\x1b", b""))

    assert (text, True) == (found.text, found.lost_escapes)


@pytest.mark.parametrize("gone", [b"\x1b$B", b"\x1b(B"])
def test_some_lost_escapes(gone):
    """Where only escapes of one kind were lost, or one of them, the others still count."""
    data = TEXT.encode("iso2022_jp")
    for damaged in (data.replace(gone, gone[1:]), data.replace(gone, gone[1:], 1)):
        found = decode(damaged)

        assert (TEXT, True) == (found.text, found.lost_escapes)


def test_shifts_to_half_width_kana():
    """Kana between SO and SI are read, before, after and without other escapes."""
    kana, wide = "ﾌﾘｶﾞﾅ", "これは見本です。"
    shifted = b"\x0e" + bytes(k & 0x7F for k in kana.encode("cp932")) + b"\x0f"

    assert kana + wide == decode(shifted + wide.encode("iso2022_jp")).text
    assert wide + kana == decode(wide.encode("iso2022_jp") + shifted).text
    assert kana + " 7" == decode(shifted + b" 7").text


def test_one_bad_byte_in_a_long_file():
    """A broken byte far inside costs itself and nothing else."""
    text = TEXT * 200
    data = text.encode()
    place = len(text[: len(text) // 2].encode())
    found = decode(data[:place] + b"\xff" + data[place:])

    assert ("utf-8", 1) == (found.encoding, found.replaced)
    assert text == found.text.replace("\ufffd", "")


def test_emoji_as_pairs_of_surrogates():
    """UTF-8 as Java and some databases write it: two halves of three bytes are one character."""
    emoji = "\ud83d\ude00".encode("utf-8", "surrogatepass")
    found = decode(SENTENCES[0].encode() + emoji + SENTENCES[1].encode())

    assert (SENTENCES[0] + "😀" + SENTENCES[1], 0) == (found.text, found.replaced)
    assert 3 == decode(SENTENCES[0].encode() + b"\xed\xa0\x80").replaced


def test_overlong_forms_are_damage():
    """A zero in two bytes is two lost characters, as in browsers."""
    assert 2 == decode(SENTENCES[0].encode() + b"\xc0\x80").replaced


def test_two_encodings_in_one_file():
    """A file that changes its encoding is read in that of its beginning, and the rest counted."""
    data = (TEXT * 4).encode() + TEXT.encode("cp932")
    found = decode(data)

    assert "utf-8" == found.encoding
    assert found.text.startswith(TEXT * 4)
    assert found.replaced > len(TEXT) // 4


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32"])
def test_an_odd_byte_at_the_end(encoding):
    """Half a unit of a wide encoding is set aside."""
    found = decode(TEXT.encode(encoding) + b"\x30")

    assert (TEXT, b"\x30", 0) == (found.text, found.dropped_tail, found.replaced)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("front", ["", "あ", "山", "「", "ほら、"])
def test_utf_16_of_one_long_line(front, encoding):
    """Wide text without a single zero byte in its beginning is read in step."""
    text = front + "本の山が崩れて、畳の上いちめんに広がった。" * 90

    assert text == decode(text.encode(encoding)).text


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "cp932", "euc_jp", "iso2022_jp"])
def test_line_ends_stay(newline, encoding):
    """Line ends are those of the file, in every encoding."""
    text = newline.join(SENTENCES)

    assert (text, newline) == _text_and_newline(text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_next_line_of_mainframes(encoding):
    """U+0085 stays a character of the text."""
    text = "\x85".join(SENTENCES)

    assert (text, "") == _text_and_newline(text.encode(encoding))


def _text_and_newline(data: bytes) -> tuple[str, str]:
    found = decode(data)
    return found.text, found.newline


@settings(deadline=None, max_examples=200)  # A loaded machine is no fault.
@given(
    st.binary(max_size=400),
    st.sampled_from([None, "utf-8", "Shift_JIS", "iso-2022-jp-2", "macroman", "utf-7", "gbk"]),
)
def test_no_bytes_raise_under_any_declaration(data, declared):
    """Whatever is declared, any bytes, with escapes in them too, give a text or a refusal."""
    for each in (data, data.replace(b"\0", b"\x1b$B"), data.replace(b"\1", b"\x0e")):
        found = decode(each, declared)
        found.text.encode()

        assert 0 <= found.confidence <= 1
