"""The shapes of lines, against plain Python with patterns."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.filters.residue.shapes import Shapes, classes
from seimai.pipeline.kernels import shapes as kernels

ALPHABET = "米ぐをはカKé１2019/-.年月日:：()（[]）、,。．！? \t\u3000>»=「」ー"
LINES = st.lists(st.text(st.sampled_from(ALPHABET), max_size=40), max_size=4)

DATE = re.compile(
    r"(?<!\d)\d{4}(?!\d)[ \t\u00a0\u3000]?(年|[-/.])[ \t\u00a0\u3000]?\d{1,2}(?!\d)(月|[-/.])"
    r"(\d{1,2}(?!\d)日?)?"
)
TIME = re.compile(r"(?<!\d)\d{1,2}(?!\d):\d\d(?!\d)(?::\d\d(?!\d))?")
COUNTER = re.compile(r"[(（\[](?=\d)[\d,]+[)）\]]")
CLOSING = ")]）」』】］〕〉》"
HIRAGANA, KANJI, KATAKANA = r"[ぁ-ゟ]", "[々〆〇㐀-鿿]", "[ァ-ヺー]"


def shape_of(line):
    """All counts of one line."""
    found = dict.fromkeys(Shapes._fields, 0)
    patterns = {
        "kana": HIRAGANA,
        "latins": "[A-Za-zÀ-ɏ]",
        "figures": r"\d",
        "gaps": "[ \t\u3000]+",
        "tabs": "\t",
        "stops": "[。．]",
        "calls": "[！？!?]",
        "commas": "[、,]",
        "colons": "[:：]",
        "arrows": "(?<!-)[>»]",
        "signs": "[=]",
    }
    found |= {name: len(re.findall(pattern, line)) for name, pattern in patterns.items()}
    letters = (HIRAGANA, KANJI, KATAKANA, patterns["latins"], r"\d")
    found["letters"] = sum(len(re.findall(pattern, line)) for pattern in letters)
    particle = f"(?<=[々〆〇㐀-鿿ァ-ヺー{re.escape(CLOSING)}])[はがをにでともの]"
    found["particles"] = len(set(re.findall(particle, line)))
    place = 0
    while place < len(line):
        name, match = _stamp(line, place)
        if match:
            found[name] += 1
            found["stamped"] += match.end() - place
            place = match.end()
        else:
            place += 1
    bare = line.rstrip(CLOSING)
    if bare:
        found["ended"] = 1 if bare[-1] in "。．｡" else 2 if bare[-1] in "！？!?" else 0
    return found


def _stamp(line, place):
    before = line[place - 1] if place else ""
    date = DATE.match(line, place)
    if date and not date[3]:
        # Without a day it is a date only if written as 年 and 月.
        date = date if (date[1], date[2]) == ("年", "月") else None
    if date:
        return "dates", date
    time = TIME.match(line, place)
    if time:
        return "times", time
    counter = COUNTER.match(line, place)
    # A bracket behind a digit, a sign or a Latin letter belongs to them: f(1), a[0][1].
    if counter and re.fullmatch(f"[ \t\u3000]|{HIRAGANA}|{KANJI}|{KATAKANA}", before):
        return "counters", counter if len(counter[0]) <= 2 + 7 else None
    return "", None


@settings(deadline=None, max_examples=300)
@given(LINES)
def test_shapes_agree_with_patterns(lines):
    """Every count of every line is the one that patterns find."""
    kind, particle, _ = classes()
    codes = np.array([ord(c) for line in lines for c in line], np.uint32)
    end = np.cumsum([len(line) for line in lines]).astype(np.int64)
    start = end - np.array([len(line) for line in lines], np.int64)
    found = kernels.line_shapes(codes, start, end, kind, particle)
    rows = Shapes(*found.tolist())

    assert [shape_of(line) for line in lines] == [
        {name: row[k] for name, row in rows._asdict().items()} for k in range(len(lines))
    ]


def test_examples():
    """Dates, times and counters as they stand on pages."""
    kind, particle, _ = classes()

    def shape(line):
        codes = np.array([ord(c) for c in line], np.uint32)
        ends = [np.array([place], np.int64) for place in (0, len(line))]
        return Shapes(*kernels.line_shapes(codes, *ends, kind, particle)[:, 0].tolist())

    assert 3 == shape("2021-09-06 2021年9月 2021/9/6").dates
    assert (1, 1) == shape("もち米 2021年09月07日 18:54")[13:15]
    assert 2 == shape("お米 (27) 水（1,370）").counters
    assert 0 == shape("sleep(1), a[1][2], 12345-6-7").counters
    assert 0 == shape("ぐ(,) え（,1）").counters
    assert 0 == shape("12345-6-7").dates
    assert 2 == shape("米が水を吸う。").particles
    assert (1, 2, 0) == tuple(shape(line).ended for line in ("「よい。」", "よい！", "よい"))
