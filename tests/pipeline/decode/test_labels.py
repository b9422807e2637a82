"""
A few words among a thousand lines of ASCII: tables, logs, sources.

`labels.txt` holds labels of several offices and languages. Half of them, by their hash, were looked
at while the prior of the candidates was set; the other half was not.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from seimai.pipeline.decode import decode

ENCODINGS = {
    "ja": ("cp932", "euc_jp"),
    "zh-hans": ("gb18030",),
    "zh-hant": ("big5",),
    "ko": ("cp949",),
}
FLOORS = {
    ("ja", "cp932"): (0.99, 0.99),
    ("ja", "euc_jp"): (0.96, 0.94),
    ("zh-hans", "gb18030"): (0.97, 0.77),
    ("zh-hant", "big5"): (0.99, 0.77),
    ("ko", "cp949"): (0.98, 0.98),
}
"""
Shares that have to come back exactly, of the half that was looked at and of the other.

What is lost are single words of two characters: 部门 in GB18030 is 何壇 in EUC-JP, and nothing but
what one expects of a file says which. We expect Japanese.
"""

HEADERS = (
    "品番,数,棚", "氏名,住所", "日付,金額", "商品,価格", "顧客番号,氏名,電話番号",
    "コード,サイズ,カラー", "商品コード,商品名,単価,在庫数,備考", "番号,お客様の声,対応",
)  # fmt: skip
ROWS = "".join(f"MD-{k:04d},{k},A-1\n" for k in range(1000))
SOURCE = "int count(int *a, int n) {\n    return n ? *a + count(a + 1, n - 1) : 0;\n}\n" * 17
LOG = "".join(f"2024-05-06 07:08:{k:02d} INFO worker-{k} is done in {k} ms\n" for k in range(20))


def labels() -> Iterator[tuple[str, str, bool]]:
    """Language, label, and whether it is of the half that nobody looked at."""
    for line in Path(__file__).with_name("labels.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            about, _, words = line.partition(": ")
            for word in words.split():
                held = int(hashlib.sha256(word.encode()).hexdigest(), 16) % 2 == 1
                yield about.split()[0], word, held


def scenes(word: str) -> tuple[str, ...]:
    """A label over a table, in a source, over a log, and in each row."""
    rows = "".join(f"{k},{word}\n" for k in range(40))
    return f"{word}\n{ROWS}", f"// {word}\n{SOURCE}", f"{word}\n{LOG}", f"id,name\n{rows}"


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp"])
@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_heading_above_rows_of_ascii(header, newline, encoding):
    """However many rows there are, the heading is read by itself."""
    for count in (0, 3, 10, 50, 200, 1000):
        text = newline.join([header, *ROWS.split("\n")[:count], ""])

        assert text == decode(text.encode(encoding)).text


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp"])
@pytest.mark.parametrize(
    "text",
    [f"// 在庫の数を数える\n{SOURCE}", f"ログ開始\n{LOG}", "品番,数,棚\n" + "hello world\n" * 20],
)
def test_a_note_among_ascii(text, encoding):
    """One note of Japanese in a source, a log or a list of English words."""
    assert text == decode(text.encode(encoding)).text


@pytest.mark.parametrize(("language", "encoding"), FLOORS)
def test_single_labels_among_ascii(language, encoding):
    """Shares of labels that are read exactly, of Japanese and of its neighbours."""
    right: Counter[bool] = Counter()
    total: Counter[bool] = Counter()
    for spoken, word, held in labels():
        if spoken == language:
            for text in scenes(word):
                total[held] += 1
                right[held] += decode(text.encode(encoding)).text == text
    seen, unseen = FLOORS[language, encoding]

    assert seen <= right[False] / total[False]
    assert unseen <= right[True] / total[True]


def test_confidence_is_of_the_words_and_not_of_the_rows():
    """A thousand rows make a reading no surer, and a wrong reading is hardly ever called sure."""
    sure: Counter[bool] = Counter()
    for language, word, _ in labels():
        for encoding in ENCODINGS[language]:
            alone = decode(f"{word}\n".encode(encoding))
            text = f"{word}\n{ROWS}"
            found = decode(text.encode(encoding))

            assert abs(alone.confidence - found.confidence) < 0.25 or alone.text != word + "\n"
            sure[found.text == text] += found.confidence >= 0.99

    assert sure[False] <= 0.01 * sure[True]


def test_a_word_again_and_again_is_the_evidence_of_one_word():
    """A column that says the same in every row makes nothing surer than its first cell."""
    once, often = (f"id,state\n{rows}" for rows in ("1,欠席\n", "1,欠席\n" * 500))

    assert once == decode(once.encode("euc_jp")).text
    assert often == decode(often.encode("euc_jp")).text
    assert decode(often.encode("euc_jp")).confidence < 0.999


LATIN = (
    "café", "naïve", "© 2024", "25 °C", "3 × 4 m", "£5", "a · b", "a\u00a0b", "±5 %", "10 µF",
    "Müller", "« oui »", "Ångström", "ß", "¿ Qué ?", "Łódź", "Привет", "α",
)  # fmt: skip


@pytest.mark.parametrize("words", LATIN)
def test_pairs_of_bytes_that_are_utf8_as_well(words):
    """A pair may be é in UTF-8 or a character elsewhere; what stands around it decides."""
    for text in (*scenes(words), f"{ROWS}{words}", f"{LOG}1,{words}\n"):
        assert text == decode(text.encode()).text
