"""The walk over the source of a page against a plain one, and its numbers."""

# ruff: noqa: E501 - a page on one line reads better than pieces of it
from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.ingest.pages.page_source import source_of
from seimai.pipeline.kernels.page import (
    APARTNESS,
    BEFORE,
    CLASS,
    CLOSE,
    END,
    GOOD,
    HALF,
    HEADED,
    INNER,
    LAST,
    LINKED,
    LINKS,
    PARENT,
    SENTENCES,
    START,
    TAG,
    TEXT,
    elements,
)
from seimai.pipeline.kernels.page_tags import NAMES, TAGS, UNSEEN, VOID

pytest.importorskip("resiliparse")

NONE = np.zeros(0, np.uint8)
_TOKEN = re.compile(r'<!--.*?-->|<!?/?[a-zA-Z](?:[^>"]|"[^"]*")*>|&\w{1,5};|\s+|.', re.DOTALL)


def plain(source: str) -> list[tuple[str, int, int, int, int, int]]:
    """Name, parent, characters, characters in links, links and `h1` of each element, simply."""
    rows: list[list] = []
    stack: list[int] = []
    for piece in _TOKEN.findall(source):
        if piece.startswith(("<!", "<?")):
            continue
        if piece.startswith("</"):
            name = piece[2:-1].strip()
            if any(rows[row][0] == name for row in stack):
                while rows[stack.pop()][0] != name:
                    pass
        elif piece.startswith("<") and len(piece) > 1:
            name = re.match(r"<([^\s/>]+)", piece)[1]
            if TAGS.get(name, 0) & VOID and name not in ("meta", "link"):
                continue
            rows.append([name, stack[-1] if stack else -1, 0, 0, 0, 0, "href=" in piece])
            kind = TAGS.get(name, 0)
            around = [*stack, len(rows) - 1]
            if not any(TAGS.get(rows[row][0], 0) & UNSEEN for row in stack):
                for row in around:
                    rows[row][4] += name == "a" and "href=" in piece
                    rows[row][5] += name == "h1"
            if not kind & VOID:
                stack.append(len(rows) - 1)
        elif piece.strip() and piece != "\u3000":
            if any(TAGS.get(rows[row][0], 0) & UNSEEN for row in stack):
                continue
            linked = any(rows[row][0] == "a" and rows[row][6] for row in stack)
            for row in stack:
                rows[row][2] += 1
                rows[row][3] += linked
    return [tuple(row[:6]) for row in rows]


PIECES = st.lists(
    st.sampled_from(
        ["<div>", "</div>", "<p>", "</p>", "<a href=x>", "<a name=y>", "</a>", "<h1>", "</h1>", "<ul><li>",
         "</ul>", "<br>", "<img src=q>", "<select><option>一", "</select>", "<rt>", "<ruby>", "川を渡る。",
         "ab c.", "&amp;", "&nbsp;", "\n", " ", "\u3000", "<b>", "</b>", "<!-- <p> -->", "<x-y>", "</x-y>",
         "<table><tr><td>", "</table>", "<svg><text>字</text></svg>", "<button>押す</button>", "😀", "é"]
    ),
    max_size=40,
)  # fmt: skip


@given(PIECES)
def test_the_walk_is_that_of_a_plain_one(pieces: list[str]) -> None:
    """Whatever is put together, elements, parents and counts are the same."""
    source = source_of("<body>" + "".join(pieces))
    table, _, _, _, _ = elements(np.frombuffer(source, np.uint8), NONE)
    text = source.decode()

    got = [
        (NAMES[row[TAG]] or re.match(rb"<([^\s/>]+)", source[row[START] :])[1].decode(),
         *row[[PARENT, TEXT, LINKED, LINKS, HEADED]].tolist())
        for row in table
    ]  # fmt: skip
    assert plain(text) == got


def rows(page: str, apart: np.ndarray = NONE) -> dict[str, np.ndarray]:
    """The row of the first element of each name."""
    source = source_of(page)
    table, _, _, _, _ = elements(np.frombuffer(source, np.uint8), apart)
    return {NAMES[row[TAG]]: row for row in reversed(table)}


def test_places_are_those_of_the_source() -> None:
    """The tags, what is between them, the class, and the last element inside."""
    source = source_of('<body><div class="a b"><p>川<b>。</b></p></div><ul></ul>')
    table, _, _, _, _ = elements(np.frombuffer(source, np.uint8), NONE)
    row = next(row for row in table if NAMES[row[TAG]] == "div")
    start = int(row[CLASS]) & ((1 << HALF) - 1)

    assert (
        b'<div class="a b"><p>\xe5\xb7\x9d<b>\xe3\x80\x82</b></p></div>'
        == source[row[START] : row[END]]
    )
    assert b"<p>\xe5\xb7\x9d<b>\xe3\x80\x82</b></p>" == source[row[INNER] : row[CLOSE]]
    assert b"a b" == source[start : start + (int(row[CLASS]) >> HALF)]
    assert "b" == NAMES[table[row[LAST], TAG]]
    assert 0 == row[BEFORE]


def test_what_is_seen_is_that_of_the_elements() -> None:
    """Without blanks, hidden text and readings; each element knows where its own begins."""
    source = source_of(
        "<p>川 é😀</p><p hidden>秘</p><p>&amp;<ruby>山<rt>やま</rt></ruby>\u3000の<b>奥</b></p>"
    )
    table, _, _, _, seen = elements(np.frombuffer(source, np.uint8), NONE)
    bold = next(row for row in table if NAMES[row[TAG]] == "b")

    assert "川é😀&山の奥" == "".join(map(chr, seen))
    assert "奥" == "".join(map(chr, seen[bold[BEFORE] : bold[BEFORE] + bold[TEXT]]))


@pytest.mark.parametrize(
    ("line", "good", "sentences"),
    [
        ("市は遊歩道を夜も開くという。", 14, 1),
        ("以上です。", 0, 1),
        ("市は遊歩道を夜も開くという", 0, 0),
        ("<a href=x>市は遊歩道を夜も開くという。</a>", 0, 0),
        ("市は<a href=x>遊歩道</a>を夜も開くというのだ。", 13, 1),
        ("The path opens at night. ", 20, 1),
        ("1. 2. 3. 4. 5. 6. 7. 8. ", 0, 0),
        ("市は遊歩道を<br>夜も開くという、。", 0, 1),
    ],
)
def test_running_text_has_the_end_of_a_sentence_outside_links(
    line: str, good: int, sentences: int
) -> None:
    """Characters outside links of lines that end a sentence there, and are no mere word or two."""
    found = rows(f"<p>{line}</p>")["p"]

    assert (good, sentences) == (found[GOOD], found[SENTENCES])


@pytest.mark.parametrize(
    ("tag", "apartness"),
    [
        ("<p hidden>", 1),
        ('<p style="color:red; DISPLAY : none">', 1),
        ("<p aria-hidden=TRUE>", 1),
        ('<p style="display:no">', 0),
        ('<p aria-hidden="false">', 0),
        ("<p data-hidden>", 0),
    ],
)
def test_what_is_hidden_counts_for_nothing(tag: str, apartness: int) -> None:
    """By its attribute, its style or for screen readers."""
    found = rows(f"<body>{tag}川</p>")

    assert (apartness, 1 - apartness) == (found["p"][APARTNESS], found["body"][TEXT])


def test_elements_may_be_left_out_or_counted_although_hidden() -> None:
    """1 in `apart` leaves an element out, 2 counts a hidden one."""
    marks = np.zeros(9, np.uint8)
    marks[3] = 1

    assert 1 == rows("<body><p>川</p>山", marks)["body"][TEXT]
    marks[3] = 2
    assert 2 == rows("<body><p hidden>川</p>山", marks)["body"][TEXT]


@pytest.mark.parametrize(
    "name", ["a", "p", "div", "nav", "amp-sidebar", "h1", "blockquote", "script", "figcaption"]
)
def test_names_are_known_in_any_case(name: str) -> None:
    """Names of tags in any case give the number of the tag, and each tag its own."""
    source = f"<{name.upper()}></{name}>".encode()
    table, _, _, _, _ = elements(np.frombuffer(source, np.uint8), NONE)

    assert [name] == [NAMES[row[TAG]] for row in table]


@given(st.binary(max_size=200))
def test_any_bytes_end(data: bytes) -> None:
    """Bytes that no parser wrote neither crash nor hang."""
    table, breaks, hidden, _, seen = elements(np.frombuffer(b"<p" + data, np.uint8), NONE)

    assert len(table) <= len(data) + 2
    assert len(breaks) <= len(data)
    assert hidden >= 0
    assert len(seen) <= len(data) + 2
    assert (table[:, START] <= table[:, END]).all()


@pytest.mark.parametrize(
    "tag", ['<img src=a <-">', '<br "x>', '<img ="a alt="b>c">', '<p a"b="c">']
)
def test_a_quote_in_the_name_of_an_attribute_hides_nothing(tag: str) -> None:
    """What follows a tag with a `"` where no value begins is read as it stands."""
    source = source_of(f"<body>{tag}<p>川の町</p><p>山</p></body>")
    table, _, _, _, seen = elements(np.frombuffer(source, np.uint8), NONE)

    assert "川の町山" == "".join(map(chr, seen))
    assert ["p", "p"] == [NAMES[tag] for tag in table[-2:, TAG].tolist()]
