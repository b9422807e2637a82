"""Mending: what was read wrongly comes back or stays, and nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seimai.pipeline.decode.mend import SIGNS, mend
from seimai.pipeline.decode.misread import CHUNK, passages, readings

SENTENCES = (
    "だしは昆布を水に一晩つけ、朝になったら弱い火にかける。",
    "沸く前に昆布を引き上げ、削り節をひとつかみ入れてから、すぐに火を止めるとよい。",
    "Docker のイメージを build するときは、前の層をそのまま使うことができます。",
    "申込書は三月十日までに、受付の窓口へお持ちください（郵送もできます）。",
    "サーバーのログには、エラーの番号と時刻だけが残っていました。",
)
TEXT = "\n".join(SENTENCES)


def _latin(data: bytes) -> str:
    return data.decode("latin-1")


def _windows(data: bytes) -> str:
    """Windows-1252; the bytes it does not define stay as they are."""
    return "".join(
        chr(byte) if byte in b"\x81\x8d\x8f\x90\x9d" else bytes((byte,)).decode("cp1252")
        for byte in data
    )


RUINS = {
    "utf-8 as latin": lambda text: _latin(text.encode()),
    "utf-8 as windows": lambda text: _windows(text.encode()),
    "euc_jp as latin": lambda text: _latin(text.encode("euc_jp")),
    "cp932 as latin": lambda text: _latin(text.encode("cp932")),
    "cp932 as windows": lambda text: _windows(text.encode("cp932")),
    "utf-8 as latin, twice": lambda text: _latin(_latin(text.encode()).encode()),
    "utf-8 as windows, twice": lambda text: _windows(_windows(text.encode()).encode()),
    "cp932, then utf-8 as latin": lambda text: _latin(_latin(text.encode("cp932")).encode()),
}
"""Ways to ruin a text in which no byte is lost."""

LOSSY = {
    "utf-8 as cp932": lambda text: text.encode().decode("cp932", "replace"),
    "utf-8 as cp1252": lambda text: text.encode().decode("cp1252", "replace"),
    "utf-8 as gbk": lambda text: text.encode().decode("gbk", "replace"),
    "utf-8 as euc_jp": lambda text: text.encode().decode("euc_jp", "replace"),
    "euc_jp as cp932": lambda text: text.encode("euc_jp").decode("cp932", "replace"),
    "cp932 as utf-8": lambda text: text.encode("cp932").decode("utf-8", "replace"),
}


@pytest.mark.parametrize("name", RUINS)
def test_whole_texts_come_back(name):
    """A text of which no byte was lost is exactly what it was."""
    assert TEXT == mend(RUINS[name](TEXT))


@pytest.mark.parametrize("name", RUINS)
@pytest.mark.parametrize("place", range(len(SENTENCES)))
def test_single_lines_come_back(name, place):
    """A ruined line is mended, and the correct lines around it are left alone."""
    lines = [*SENTENCES]
    lines[place] = RUINS[name](lines[place])

    assert TEXT == mend("\n".join(lines))


@pytest.mark.parametrize("name", LOSSY)
def test_what_is_lost_is_not_made_up(name):
    """Where bytes were lost, every repaired run of characters is one of the true text."""
    ruin = LOSSY[name](TEXT)
    mended = mend(ruin)

    assert mended.count("\ufffd") == ruin.count("\ufffd")
    for run in _runs(mended, ruin):
        assert run in TEXT


def _runs(mended: str, ruin: str) -> list[str]:
    """Runs of hiragana that the repair brought; ruins of these encodings hold hardly any."""
    runs = "".join(one if "ぁ" <= one <= "ん" else " " for one in mended).split()
    return [run for run in runs if run not in ruin]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SENTENCES), st.sampled_from([None, *RUINS])), max_size=6))
def test_any_mixture_comes_back_or_stays(lines):
    """Lines ruined in different ways are each what they were, or as they were found."""
    ruined = [sentence if name is None else RUINS[name](sentence) for sentence, name in lines]
    mended = mend("\n".join(ruined)).split("\n") if lines else []

    for (sentence, _), ruin, now in zip(lines, ruined, mended, strict=True):
        assert now in (sentence, ruin)


PIECES = st.sampled_from(
    [
        *"縺繧繝縲邵郢ãÃçï銆銇銈銉､･¤¥‚ƒ\x82\x83$@B(\ufffd・?ｱﾞ｡米のと A\n\x80\xa0\uf8f0€〜①",
        *(RUINS[name](sentence) for name in RUINS for sentence in SENTENCES[:2]),
        *(LOSSY[name](sentence) for name in LOSSY for sentence in SENTENCES[:2]),
        *SENTENCES,
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=80))
@example("縺薙ｌ縺ｯ縺")
@example("\ufffd､ｳ､ﾎ･ﾕ･｡")
@example("Ã£Â\x81Â“" * 8)
def test_mending_twice_is_mending_once(text):
    """Whatever the text, mending ends, raises nothing, never adds and finds no more to do."""
    mended = mend(text)

    assert len(mended) <= len(text)
    assert mended == mend(mended)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_signs_tell_the_truth(text):
    """A text without any of the signs stays as it is."""
    text = "".join(character for character in text if character not in SIGNS)

    assert text == mend(text)


@pytest.mark.parametrize("reading", readings(), ids=lambda reading: reading.name)
def test_passages_are_proved_by_their_bytes(reading):
    """What is taken back gives, read wrongly again, exactly what stood there."""
    for make in (*RUINS.values(), *LOSSY.values()):
        line = make(TEXT.replace("\n", " "))
        for one in passages(line, reading):
            row = "".join(reading.bytes_of[character] for character in line[one.start : one.stop])

            assert row in {
                _latin(one.text.encode(codec, "ignore")) for codec in (reading.true, "euc_jis_2004")
            }


@pytest.mark.parametrize(
    ("name", "codec"),
    [("cp932", "cp932"), ("gb18030", "gb18030"), ("latin", "latin-1")],
)
def test_the_tables_are_what_decoders_do(name, codec):
    """The bytes of a character are read as that character by the wrong decoder."""
    (reading,) = [one for one in readings() if one.name == f"utf-8 as {name}"]
    strange = {
        character
        for character, row in reading.bytes_of.items()
        if row.encode("latin-1").decode(codec, "replace") != character
    }

    # Windows-1252 in the place of Latin-1; a JIS minus, wave dash, … in the place of Windows'.
    assert strange <= set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ〜−‖—¢£¬\xa0\x80")


@pytest.mark.parametrize(
    ("true", "character"),
    [("utf-8", "∪"), ("utf-8", "・"), ("euc_jp", "剥"), ("euc_jp", "髙"), ("euc_jp", "纊")],
)
def test_what_windows_writes_in_two_ways_is_lost(true, character):
    """Where two rows of bytes give a character and either could be meant, neither is taken."""
    (reading,) = [one for one in readings() if one.name == f"{true} as cp932"]
    ways = [
        data
        for lead in range(0x81, 0xFD)
        for trail in range(0x40, 0xFD)
        if (data := bytes((lead, trail))).decode("cp932", "replace") == character
    ]

    assert (len(ways) == 1 and character != "・") == (character in reading.bytes_of)


def test_a_torn_beginning_is_not_guessed():
    """Behind a loss EUC-JP may begin in the middle of a character; kana have to tell."""
    (reading,) = [one for one in readings() if one.name == "euc_jp as cp932"]
    kanji = "地方自治".encode("euc_jp").decode("cp932")

    assert [] == list(passages(f"\ufffd{kanji}", reading))
    assert ["地方自治"] == [one.text for one in passages(kanji, reading)]


def test_long_lines_are_read_in_parts():
    """A line longer than what is decoded at a time loses nothing where the parts meet."""
    for shift in range(3):
        text = "a" * shift + SENTENCES[0].replace("、", "") * (CHUNK // 60)

        assert text == mend(_latin(text.encode()))
        assert text == mend(_latin(text.encode("euc_jp")))
