"""RSS and Atom: entries are documents, their HTML is read as that of pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, Skipped, Unreadable
from tests.pipeline.ingest.making import read_all

pytest.importorskip("resiliparse")

RSS = """<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>川の町</title><language>ja</language>
<item><title>遊歩道 &amp;amp; 橋</title><link>https://www.example.jp/1</link><guid>g1</guid>
<pubDate>Sat, 09 Mar 2024 08:00:00 +0900</pubDate><description>市は…</description>
<content:encoded><![CDATA[<p>市は遊歩道を開いた。</p><ul><li>北の橋</li></ul>]]></content:encoded></item>
<item><title>堤</title><description>&lt;b&gt;堤&lt;/b&gt;を&lt;br&gt;直す。</description></item>
<item><title>題だけ</title><link>https://www.example.jp/3</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja"><title>川の町</title><entry>
<title type="html">遊歩道&lt;br&gt;</title><id>u:1</id><link rel="self" href="https://www.example.jp/f"/>
<link href="https://www.example.jp/1"/><updated>2024-03-10T00:00:00Z</updated>
<published>2024-03-09T00:00:00Z</published><summary>要約。</summary><content type="xhtml"><div
xmlns="http://www.w3.org/1999/xhtml"><p>市は<em>遊歩道</em>を開いた。</p></div></content></entry>
<entry><title>字</title><content type="text">1 &lt; 2 である。</content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>川の町</title></channel><item>
<title>遊歩道</title><link>https://www.example.jp/1</link><dc:date>2004-03-09</dc:date>
<description>市は遊歩道を開いた。</description></item></rdf:RDF>"""


@pytest.fixture
def load(tmp_path: Path):
    """A function that reads text as a file of a name."""
    return lambda text, name="a.xml", encoding="utf-8": read_all(
        tmp_path, name, text.encode(encoding)
    )


@pytest.mark.parametrize("name", ["a.xml", "a.rss", "a.txt", "feed"])
@pytest.mark.parametrize("encoding", ["utf-8", "shift_jis", "euc_jp"])
def test_entries_of_rss_are_documents(load, name: str, encoding: str) -> None:
    """Titles, addresses and dates go with the fullest text; entries without text are counted."""
    first, second, third = load(RSS.format(encoding=encoding), name, encoding)

    assert isinstance(first, Document)
    assert "市は遊歩道を開いた。\n\n  • 北の橋" == first.text
    assert ("entry 0", "g1", "https://www.example.jp/1", "2024-03-09T08:00:00+09:00") == (
        first.place,
        first.id,
        first.url,
        first.date,
    )
    assert {"title": "遊歩道 & 橋", "feed": "川の町", "lang": "ja"} == first.extra
    assert isinstance(second, Document)
    assert "堤を\n直す。" == second.text
    assert Skipped("entry 2", "empty", format="feed") == third


def test_entries_of_atom_are_documents(load) -> None:
    """Content as elements, text that is no markup, the link to the page before that to the feed."""
    first, second = load(ATOM)

    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert ("市は遊歩道を開いた。", "1 < 2 である。") == (first.text, second.text)
    assert ("https://www.example.jp/1", "2024-03-09T00:00:00Z", "u:1") == (
        first.url,
        first.date,
        first.id,
    )
    assert {"title": "遊歩道", "feed": "川の町", "lang": "ja"} == first.extra


def test_entries_of_rss_in_rdf_are_documents(load) -> None:
    """RSS 1.0 has its items beside the channel."""
    [only] = load(RDF)

    assert isinstance(only, Document)
    assert ("市は遊歩道を開いた。", "2004-03-09", "feed") == (only.text, only.date, only.format)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<rss><channel/></rss>", Skipped),
        ("<rss><channel><item><description>川。", Document),
        ("川。", Unreadable),
    ],
)
def test_broken_feeds_are_counted(load, text: str, kind: type) -> None:
    """A feed that is cut off gives what it has; one without entries is empty."""
    [only] = load(text, "a.rss")

    assert isinstance(only, kind)


def test_a_page_about_feeds_is_a_page(load) -> None:
    """An article that shows RSS is none."""
    [only] = load(
        "<html><body><p>&lt;rss&gt; は要約の形式である。<pre>&lt;rss</pre></body></html>", "a"
    )

    assert isinstance(only, Document)
    assert "html" == only.format
