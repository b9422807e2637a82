"""What a page says of itself, wherever and however it says it."""

# ruff: noqa: E501 - a page on one line reads better than pieces of it
from __future__ import annotations

from typing import Any

import pytest

from seimai.pipeline.ingest import Document, ReadOptions, read
from seimai.pipeline.ingest.contract import Input
from seimai.pipeline.ingest.pages.html import extract

pytest.importorskip("resiliparse")


def facts(page: str) -> dict[str, Any]:
    """The facts of a page."""
    return extract(page)[1]


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ('<meta property="article:published_time" content="2024-03-09T08:00:00+09:00">',
         "2024-03-09T08:00:00+09:00"),
        ('<meta name="cXenseParse:recs:publishtime" content="2024-03-09T08:00">', "2024-03-09T08:00"),
        ('<meta name="DC.date.created" content="2024-03-09">', "2024-03-09"),
        ('<meta itemprop="datePublished" content="2024-03-09">', "2024-03-09"),
        ('<meta name="pubdate" content="20240309">', "20240309"),
        ('</head><body><span itemprop="datePublished">2024年3月9日</span>', "2024年3月9日"),
        ('</head><body><time itemprop="datePublished" datetime="2024-03-09">九日</time>', "2024-03-09"),
        ('</head><body><time datetime="2024-03-08">昨日</time><h1>題</h1><time datetime="2024-03-09">今日</time>', "2024-03-09"),
        ('<script type="application/ld+json">{"datePublished": "2024-03-09"}</script>', "2024-03-09"),
        ('<meta name="date" content="きのう"><meta name="pubdate" content="2024-03-09">', "2024-03-09"),
    ],
)  # fmt: skip
def test_the_date_of_a_page_is_found(said: str, date: str) -> None:
    """Meta tags of several families, `itemprop`, `time` after the heading, and JSON-LD."""
    assert date == facts(f"<html><head>{said}")["date"]


def test_a_date_after_the_article_is_that_of_another() -> None:
    """The lists below an article have dates, too."""
    story = "<p>市は十日、遊歩道を開いた。川の音が近い。人が集まり、夜まで歩いた。</p>" * 5
    page = f'<article>{story}</article><ul><li><time datetime="2020-01-01">旧</time></li></ul>'

    assert "date" not in facts(page)


def test_names_addresses_and_changes() -> None:
    """The author, the site, the last change, and an address where there is no canonical one."""
    found = facts(
        '<head><meta property="article:author" content="https://social.example.jp/u">'
        '<meta name="author" content="川守 &amp; 山守"><meta property="og:site_name" content="川の町">'
        '<meta property="og:url" content="https://www.example.jp/1">'
        '<meta property="article:modified_time" content="2024-04-01"></head>'
    )

    assert {
        "author": "川守 & 山守",
        "site_name": "川の町",
        "canonical": "https://www.example.jp/1",
        "modified": "2024-04-01",
    } == found


@pytest.mark.parametrize("stray", ["<img src='x'>", "<p>文</p>", "<div><noscript>"])
def test_the_head_may_end_early(stray: str) -> None:
    """One stray element ends the head for a parser; what a site forbids is seen all the same."""
    found = facts(
        f'<head><title>題</title>{stray}<link rel="canonical" href="https://www.example.jp/1">'
        '<meta name="robots" content="noai"><meta name="GPTBot" content="noindex"></head><body>川。'
    )

    assert ("https://www.example.jp/1", "noai", "gptbot: noindex") == (
        found["canonical"],
        found["robots"],
        found["robots_agents"],
    )


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("googlebot", True),
        ("googlebot-news", True),
        ("CCBot", True),
        ("Google-Extended", True),
        ("GPTBot", True),
        ("Applebot-Extended", True),
        ("bingbot", True),
        ("anthropic-ai", True),
        ("viewport", False),
        ("twitter:card", False),
        ("generator", False),
    ],
)
def test_robots_are_known_by_their_names(name: str, known: bool) -> None:  # noqa: FBT001
    """A tag for one robot is kept with its name."""
    found = facts(f'<head><meta name="{name}" content="noindex, nofollow"></head>')

    assert ({"robots_agents": f"{name.lower()}: noindex, nofollow"} if known else {}) == found


def test_a_file_has_its_own_date_and_no_other(tmp_path) -> None:
    """`date` is what the page says of itself; no crawl has seen a file."""
    path = tmp_path / "a.html"
    path.write_text('<meta name="date" content="2024-03-09"><p>川。</p>', "utf-8")
    [found] = read(Input(str(path), "a.html"), ReadOptions())

    assert isinstance(found, Document)
    assert ("2024-03-09", None) == (found.date, found.extra)


@pytest.mark.parametrize("body", ["", "</body>", "<template><meta name='robots' content='x'>"])
def test_a_page_that_says_nothing_has_no_facts(body: str) -> None:
    """A page without title, date and licence has none of them made up."""
    assert {} == {name: value for name, value in facts(body).items() if name != "robots"}
