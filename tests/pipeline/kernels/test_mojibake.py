"""The patterns of wrong decoding, against regular expressions over the roles of characters."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import mojibake as kernels
from seimai.pipeline.text import Texts

ROLES = kernels.roles()
LETTERS = ".uoscghelda"
"""A letter for each role: u and o are upper Latin-1, s c g e leads, h half-width kana, l lost."""

RUN = re.compile(rf"[uos]{{{kernels.RUN},}}")
PATTERNS = (
    (re.compile("(?=l)"), 1),
    (re.compile("(?=s.s)"), 3),
    (re.compile("(?=c[^c].?c|c[hel])"), 3),
    (re.compile("(?=g[^g].?g)"), 3),
    (re.compile("(?=e[^e]e)"), 3),
    (re.compile("(?=d.d.d.)"), 6),
)
"""What a ruin looks like in roles, wherever it begins, and how many characters it marks."""

PRICES = re.compile("[$][0-9][$][0-9][$][0-9]")
REFERENCE = re.compile(f"&#[0-9a-fA-FxX]{{2,{kernels.LONGEST_REFERENCE - 2}}};")

FAMILIES = [
    "Ã\x81“¤‚ƒé",
    "\x81“”米",
    "縺繧ｱ\ufffd､米",
    "銇銈米を",
    "､･ｱ米",
    "$3la",
    "&#x12;5fg",
    "米を 🍙\n",
]
"""Characters that make patterns only together: one run of a text takes one of these sets."""

RUNS = st.one_of([st.text(st.sampled_from(family), max_size=12) for family in FAMILIES])
TEXTS = st.lists(st.lists(RUNS, max_size=4).map("".join), max_size=4)

quickly = settings(max_examples=60, deadline=None)


def marked_plainly(text):
    """Which characters are marked, by the patterns one after the other."""
    roles = "".join(LETTERS[ROLES[ord(character)]] for character in text)
    runs = [run.span() for run in RUN.finditer(roles) if re.search("[us]", run[0])]
    marked = {k for begin, end in runs for k in range(begin, end)}
    for pattern, width in PATTERNS:
        for hit in pattern.finditer(roles):
            begin = hit.start()
            in_run = any(a <= begin < b for a, b in runs)
            if not in_run and not PRICES.match(text, begin):
                marked.update(range(begin, min(begin + width, len(text))))
    for hit in REFERENCE.finditer(text):
        marked.update(range(*hit.span()))
    return [k in marked for k in range(len(text))]


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_marks_equal_the_patterns(texts):
    """Characters are marked where a pattern stands, and nothing reaches into the next text."""
    made = Texts.of(*texts)
    expected = [marked_plainly(text) for text in texts]

    marks, counts = kernels.mark_mojibake(made.codes, made.start, ROLES)

    assert [mark for text in expected for mark in text] == marks.tolist()
    assert [sum(text) for text in expected] == counts.tolist()


def ruined_share(text):
    """The share of a text that is marked."""
    made = Texts.of(text)
    return int(kernels.mark_mojibake(made.codes, made.start, ROLES)[1][0]) / max(len(text), 1)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("utf-8", "cp932"),
        ("utf-8", "cp1252"),
        ("utf-8", "latin-1"),
        ("utf-8", "gbk"),
        ("euc_jp", "cp932"),
        ("euc_jp", "latin-1"),
        ("euc_jp", "utf-8"),
        ("cp932", "cp1252"),
        ("cp932", "latin-1"),
        ("cp932", "utf-8"),
    ],
)
def test_every_wrong_pair_of_encodings_is_seen(written, read):
    """A sentence written in one encoding and read in another is mostly marked."""
    ruin = "このおこめはとてもおいしいです".encode(written).decode(read, "replace")

    assert ruined_share(ruin) > 0.4


@given(st.text(st.sampled_from("米を研ぐ。、「」アー々ヶａA1 \n…！🍙$%&#;é")))
@quickly
def test_clean_japanese_is_never_marked(text):
    """Whatever is made of ordinary characters has no mark, unless it spells a pattern of signs."""
    clean = text.replace("$", "円").replace("&#", "と")

    assert 0 == ruined_share(clean) or "éééé" in clean


@pytest.mark.parametrize("text", ["繧繝縁の畳", "naïve café", "$1$2$3", "ｱｲｳｴｵ", "&amp;", "&#x;"])
def test_look_alikes_are_not_marked(text):
    """Weaving patterns, European words, prices and half-width lists are no ruins."""
    assert 0 == ruined_share(text)


@pytest.mark.parametrize(
    ("digits", "marked"), [("9", False), ("12", True), ("x0001F35", True), ("x0001F35A", False)]
)
def test_references_have_two_to_eight_digits(digits, marked):
    """Shorter and longer ones are no characters, whatever stands around them."""
    text = f"a&#{digits};b"
    expected = [marked and 0 < k < len(text) - 1 for k in range(len(text))]
    made = Texts.of(text)

    assert expected == marked_plainly(text)
    assert expected == kernels.mark_mojibake(made.codes, made.start, ROLES)[0].tolist()


@pytest.mark.parametrize("character", "…—©\xa0")
def test_a_run_is_looked_at_once(character):
    """A line of dots over 400,000 characters takes about a hundred times what 4,000 take."""
    short, long = (Texts.of(character * length) for length in (4_000, 400_000))

    def seconds(texts, times):
        begun = time.process_time()
        for _ in range(times):
            _, counts = kernels.mark_mojibake(texts.codes, texts.start, ROLES)
            assert [0] == counts.tolist()
        return time.process_time() - begun

    seconds(short, 1)  # the kernel is loaded at its first call
    # A second look at every place made it ten thousand times.
    assert seconds(long, 1) < 10 * seconds(short, 100) + 0.1
