"""Counts of lines over the pages of sites."""

from __future__ import annotations

import random
from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.stages.line_counts import (
    PARTS,
    LineCounts,
    Rule,
    count_lines,
    gather,
    merge,
    recurring,
    site_of,
    spread,
)
from seimai.pipeline.text import Texts

MENU, FOOT = "ホーム 会社概要 採用", "代表 山田太郎"
NOTICE = "当店は創業以来、手研ぎを守っています。"
PHRASE = "いかがでしたか。"
LINES = st.lists(st.sampled_from([MENU, FOOT, NOTICE, PHRASE, "米", "", "  "]), max_size=5)
PAGES = st.lists(st.tuples(st.sampled_from(["a.jp", "b.jp", "c.jp"]), LINES), max_size=8)


def counted(pages):
    """The counts of pages, each a site and its lines."""
    texts = Texts.of(*("\n".join(lines) for _, lines in pages))
    return count_lines(texts, [f"p{k}" for k in range(len(pages))], [site for site, _ in pages])


def rows(counts):
    """Counts as something to compare."""
    return list(zip(*(column.tolist() for column in vars(counts).values()), strict=True))


def named(pages):
    """The same counts by plain Python, in no order."""
    found = defaultdict(set)
    for k, (site, lines) in enumerate(pages):
        for line in lines:
            if len(line.strip()) > 1:
                found[line, site].add(k)
    return sorted(len(pages) for pages in found.values())


@settings(deadline=None)
@given(PAGES)
def test_counts_are_those_of_a_plain_count(pages):
    """A page counts once for a line, blank lines and single characters not at all."""
    counts = counted(pages)

    assert named(pages) == sorted(counts.pages.tolist())
    assert rows(counts) == sorted(rows(counts))


@settings(deadline=None)
@given(PAGES, st.randoms(use_true_random=False))
def test_counts_of_parts_add_up(pages, dice):
    """However pages are cut into batches and in whatever order, the sum is the same."""
    texts = [Texts.of("\n".join(lines)) for _, lines in pages]
    each = [count_lines(text, [f"p{k}"], [pages[k][0]]) for k, text in enumerate(texts)]
    random.Random(dice.random()).shuffle(each)
    cut = dice.randint(0, len(each))

    assert rows(counted(pages)) == rows(merge(each))
    assert rows(merge(each)) == rows(merge([merge(each[:cut]), merge(each[cut:])]))


def test_files_hold_the_counts_in_parts(tmp_path):
    """What is spread over parts comes back merged, and a shard written again counts once."""
    lines = [f"行の{k}" for k in range(300)]
    pages = [("a.jp", lines), ("b.jp", lines[:100]), ("a.jp", lines[50:150])]
    first, second = counted(pages[:2]), counted(pages[2:])
    for name, counts in (("00000", first), ("00001", second), ("00000", first)):
        spread(counts, tmp_path, name)
    parts = list(gather(tmp_path))

    assert PARTS == len(parts)
    assert rows(merge([first, second])) == [row for part in parts for row in rows(part)]
    few = merge(gather(tmp_path, least=2))
    assert 100 == np.unique(few.line).size
    # The other sites of such a line are not forgotten.
    assert 150 == len(few)
    assert 0 == len(merge(gather(tmp_path / "nowhere")))


def site(name, count, *lines):
    """`count` pages of a site, each with these lines and one of its own."""
    return [(name, [*lines, f"{name}の{k}番の話は、ほかにない。"]) for k in range(count)]


def going(pages, rule):
    """The lines that may go, by page."""
    texts = Texts.of(*("\n".join(lines) for _, lines in pages))
    ids = [f"p{k}" for k in range(len(pages))]
    sites = [site for site, _ in pages]
    flags = recurring(texts, ids, sites, counted(pages), rule)
    strings = [line for _, lines in pages for line in lines]
    owner = texts.lines.owner
    return [
        {line for line, page, out in zip(strings, owner, flags, strict=True) if out and page == k}
        for k in range(len(pages))
    ]


def test_what_is_no_sentence_goes_from_every_page():
    """A line on enough pages of its site is boilerplate by rule; on fewer it stays."""
    pages = [*site("a.jp", 5, MENU), *site("b.jp", 4, MENU)]

    assert [{MENU}] * 5 + [set()] * 4 == going(pages, Rule(pages=5))


def test_a_heading_stays_in_the_middle():
    """What comes again between lines of its own text is a heading; three together are a menu."""

    def pages(*lines):
        return [("a.jp", [f"{k}番の話。", *lines, f"{k}番の話の続き。"]) for k in range(6)]

    assert [set()] * 6 == going(pages(FOOT), Rule())
    assert [{FOOT, MENU, "地図"}] * 6 == going(pages(FOOT, MENU, "地図"), Rule())


def test_one_copy_of_a_sentence_stays():
    """A sentence goes from all but one page of its site."""
    gone = going(site("a.jp", 12, NOTICE), Rule(sentence_pages=10))

    assert 11 == sum({NOTICE} == lines for lines in gone)
    assert 1 == sum(not lines for lines in gone)


def test_a_phrase_of_many_sites_stays():
    """A sentence that more than two sites have is not theirs."""
    pages = [page for name in ("a.jp", "b.jp", "c.jp") for page in site(name, 12, PHRASE, MENU)]

    assert [{MENU}] * 36 == going(pages, Rule())


def test_nothing_is_known_of_a_line_that_was_not_counted():
    """Texts that the counts do not know lose nothing."""
    empty = merge([])
    flags = recurring(Texts.of(MENU), ["x"], ["a.jp"], empty, Rule(pages=1))
    others = counted(site("z.jp", 3, FOOT))

    assert isinstance(empty, LineCounts)
    assert [False] == flags.tolist()
    assert [False] == recurring(Texts.of(MENU), ["x"], ["a.jp"], others, Rule(pages=1)).tolist()


def test_a_site_is_its_host():
    """A port and www are no part of a site; what has no address is known by its source."""
    assert ["example.jp", "rice.example.jp", "crawl", "crawl"] == [
        site_of("http://www.example.jp/a"),
        site_of("https://rice.example.jp:443/"),
        site_of(None, "crawl"),
        site_of("http://[broken", "crawl"),
    ]
