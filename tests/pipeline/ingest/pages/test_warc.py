"""WARC and WET: pages of a crawl, whatever became of the records around them."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from pathlib import Path

import pytest
import zstandard

from seimai.pipeline.ingest import Document, ReadOptions, Skipped, Unreadable
from seimai.pipeline.ingest.pages.http_body import undo
from tests.pipeline.ingest.making import kinds, read_all

pytest.importorskip("fastwarc")
pytest.importorskip("resiliparse")

PAGE = (
    "<html lang='ja'><head><title>梅</title></head><body><p>庭の梅が今年も咲いた。"
    "祖父が植えた木で、毎年いちばん早く春を知らせてくれる。</p></body></html>"
)
WORDS = "庭の梅が今年も咲いた。"


def record(
    kind: str, block: bytes, number: int = 1, length: int | None = None, more: str = ""
) -> bytes:
    """A WARC record."""
    http = "application/http; msgtype=response" if kind == "response" else "text/plain"
    size = len(block) if length is None else length
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a.example.jp/{number}\r\n"
        f"WARC-Date: 2024-05-06T07:08:09Z\r\nWARC-Record-ID: <urn:uuid:{number:032d}>\r\n{more}"
        f"Content-Type: {http}\r\nContent-Length: {size}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def response(
    body: bytes = PAGE.encode(), headers: str = "Content-Type: text/html", status: str = "200 OK"
) -> bytes:
    """An HTTP response."""
    return f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode() + body


@pytest.fixture
def load(tmp_path: Path):
    """A function that reads bytes as a WARC file."""
    return lambda data, name="a.warc", options=None: read_all(tmp_path, name, data, options)


CRAWL = [
    record("warcinfo", b"software: ours\r\n"),
    record("request", b"GET / HTTP/1.1\r\n\r\n"),
    record("response", response(), 1, more="WARC-Payload-Digest: sha1:AAAA\r\n"),
    record("response", response(status="301 Moved", body=b""), 2),
    record("response", response(status="404 Not Found"), 3),
    record("response", response(headers="Content-Type: image/png", body=b"\x89PNG"), 4),
    record("response", response(body=b""), 5),
    record("revisit", response(body=b""), 6),
    record("metadata", b"via: x\r\n"),
    record("conversion", WORDS.encode(), 7),
]
CAUSES = [
    "warcinfo", "request", "document", "redirect", "status", "media_type", "empty", "revisit",
    "metadata", "document",
]  # fmt: skip


@pytest.mark.parametrize("packing", ["plain", "gzip", "zstd", "one gzip member"])
def test_every_record_is_a_document_or_counted(load, packing: str) -> None:
    """Each record gives one item, compressed or not."""
    pack = {"plain": bytes, "gzip": gzip.compress, "zstd": zstandard.compress}.get(packing)
    data = b"".join(map(pack, CRAWL)) if pack else gzip.compress(b"".join(CRAWL))

    assert CAUSES == kinds(load(data))


def test_a_page_carries_its_address_date_and_digest(load) -> None:
    """What the crawl knows of a page is kept with its text."""
    page = load(CRAWL[2])[0]

    assert WORDS in page.text
    assert ("http://a.example.jp/1", "2024-05-06T07:08:09Z", "text/html", "@0") == (
        page.url,
        page.extra["crawled"],
        page.media_type,
        page.place,
    )
    assert {"title": "梅", "payload_digest": "sha1:AAAA"}.items() <= page.extra.items()


def test_the_date_of_a_page_is_its_own(load) -> None:
    """What a page says of its date goes to `date`, the crawl's date to `crawled`."""
    page = PAGE.replace("<title>", "<meta name='date' content='2024-03-09'><title>")
    [found] = load(record("response", response(page.encode())))

    assert ("2024-03-09", "2024-05-06T07:08:09Z") == (found.date, found.extra["crawled"])


def test_comments_below_a_page_are_counted(load) -> None:
    """Beside the page stands how many blocks of comments were left out of it."""
    story = "<article>" + "<p>庭の梅が今年も咲いた。祖父が植えた木である。</p>" * 6 + "</article>"
    page = (
        f"<html lang='ja'><body>{story}<div id='comments'><p>よい梅です。</p></div></body></html>"
    )
    found, skipped = load(record("response", response(page.encode())))

    assert "よい梅" not in found.text
    assert Skipped("@0", "comments", 1, "warc") == skipped


def test_a_fault_of_ours_costs_one_record(load, monkeypatch) -> None:
    """Whatever goes wrong with one page, the others are read, and its offset is told."""
    from seimai.pipeline.ingest.pages import warc

    known = warc.extracted

    def broken(page, *rest):
        if "桃" in page:
            raise RuntimeError
        return known(page, *rest)

    monkeypatch.setattr(warc, "extracted", broken)
    first = record("response", response())
    second = record("response", response(PAGE.replace("梅", "桃").encode()), 2)
    found = load(first + second + record("response", response(), 3))

    assert [Document, Unreadable, Document] == [type(one) for one in found]
    assert f"@{len(first)}" == found[1].place


def test_what_the_response_says_of_robots_is_kept(load) -> None:
    """X-Robots-Tag may stand in several headers; all of them go with the page."""
    headers = "Content-Type: text/html\r\nX-Robots-Tag: noindex\r\nX-Robots-Tag: noai"
    page = load(record("response", response(headers=headers)))[0]

    assert "noindex, noai" == page.extra["robots_header"]


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("Content-Type: text/html; charset=Shift_JIS", "cp932"),
        ("Content-Type: text/html; charset=utf-8", "cp932"),
        ("Content-Type: text/html", "euc_jp"),
        ("content-type:text/html;charset=nonsense", "iso2022_jp"),
        ("X-Nothing: 1", "utf-8"),
    ],
)
def test_the_text_is_right_whatever_the_header_says(load, header: str, encoding: str) -> None:
    """A charset in the header that is right, wrong or missing does not change the text."""
    page = load(record("response", response(PAGE.encode(encoding), header)))[0]

    assert WORDS in page.text
    assert 0 == page.replaced


def chunked(data: bytes, size: int = 50) -> bytes:
    """Data in HTTP chunks."""
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


def chunked_gzip(data: bytes) -> bytes:
    """Data compressed, then in chunks."""
    return chunked(gzip.compress(data))


def deflated(data: bytes) -> bytes:
    """A bare deflate stream, as some servers send it."""
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("Transfer-Encoding: chunked", chunked),
        ("Content-Encoding: gzip", gzip.compress),
        ("Content-Encoding: x-gzip\r\nTransfer-Encoding: chunked", chunked_gzip),
        ("Content-Encoding: deflate", zlib.compress),
        ("Content-Encoding: deflate", deflated),
        ("Content-Encoding: zstd", zstandard.compress),
        ("Content-Encoding: gzip", bytes),
        ("Transfer-Encoding: chunked", bytes),
        ("Content-Encoding: identity", bytes),
    ],
)  # fmt: skip
def test_codings_are_undone(load, coding: str, encode) -> None:
    """Chunks and compression are undone; a header about a coding that is not there is no harm."""
    body = response(encode(PAGE.encode()), f"Content-Type: text/html\r\n{coding}")
    page = load(record("response", body))[0]

    assert WORDS in page.text


def test_a_body_that_was_cut_is_marked() -> None:
    """What there is of cut chunks and cut gzip comes out, and is called truncated."""
    data = bytes(range(256)) * 40

    assert (data[:4000], "truncated") == undo(chunked(data, 4000)[:4006], "chunked", "", 10**6)
    body = undo(gzip.compress(data)[:-12], "", "gzip", 10**6)
    assert "truncated" == body.fault
    assert data.startswith(body.data)


def test_a_page_that_expands_without_end_is_stopped(load) -> None:
    """A small gzip body of many zeros is too large, and the next page is read."""
    bomb = response(
        gzip.compress(bytes(5_000_000)), "Content-Type: text/html\r\nContent-Encoding: gzip"
    )
    items = load(record("response", bomb) + CRAWL[2], options=ReadOptions(max_record=1_000_000))

    assert ["too_large", "document"] == kinds(items)


@pytest.mark.parametrize(
    "bad",
    [
        record("response", response(), 8, length=12),
        record("response", response(), 8, length=100_000),
        record("response", response(), 8, length=10**25),
        record("response", response(), 8).replace(b"Content-Length", b"Contend-Length"),
        record("response", response(), 8).replace(b"WARC/1.0", b"WXRC/1.0"),
        record("response", response(), 8).replace(b"\r\n\r\n", b"\r\n"),
        b"\x00\xff" * 500 + b"\r\n",
    ],
    ids=["short", "long", "endless", "no length", "no record", "no end of header", "noise"],
)
def test_a_bad_record_costs_itself_only(load, bad: bytes) -> None:
    """Where a record lies about itself one unreadable item stands, and reading goes on after it."""
    found = Counter(kinds(load(CRAWL[2] + bad + CRAWL[9])))

    assert 2 == found.pop("document")
    assert 1 == sum(found.values())


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_damaged_member_costs_itself_only(load, pack) -> None:
    """After a damaged member reading goes on at the next one."""
    members = [pack(record("conversion", WORDS.encode() * 50, n)) for n in range(5)]
    middle = len(members[2]) // 2
    members[2] = members[2][:middle] + bytes(20) + members[2][middle + 20 :]
    items = load(b"".join(members))

    assert ["document"] * 2 + ["damaged"] + ["document"] * 2 == kinds(items)
    assert ["http://a.example.jp/3", "http://a.example.jp/4"] == [item.url for item in items[3:]]


def test_a_cut_file_gives_what_came_before(load) -> None:
    """A file that ends inside a record gives the records before it and one truncated item."""
    whole = b"".join(gzip.compress(record("conversion", WORDS.encode(), n)) for n in range(3))

    assert ["document", "document", "truncated"] == kinds(load(whole[:-30]))
    plain = b"".join(record("conversion", WORDS.encode(), n) for n in range(3))
    assert ["document", "document", "truncated"] == kinds(load(plain[:-30]))


def test_a_wrong_checksum_is_not_believed(load) -> None:
    """A member whose checksum is wrong gives no document."""
    member = bytearray(gzip.compress(record("conversion", WORDS.encode())))
    member[-6] ^= 1

    assert ["damaged"] == kinds(load(bytes(member)))


def test_records_over_the_limit_are_passed_over(load) -> None:
    """A record of more than the limit is too large; the next one is read."""
    large = record("conversion", b"x" * 3_000_000)
    items = load(large + CRAWL[9], options=ReadOptions(max_record=1_000_000))

    assert ["too_large", "document"] == kinds(items)


def test_pages_without_japanese_are_counted_where_it_is_asked_for(load) -> None:
    """With `language` set, a page without kana is skipped with its cause; without, it is read."""
    foreign = record("response", response("<html><p>今天天气很好。</p></html>".encode()))

    assert ["document"] == kinds(load(foreign))
    assert ["language"] == kinds(load(foreign, options=ReadOptions(language="ja")))
    assert ["document"] == kinds(load(CRAWL[2], options=ReadOptions(language="ja")))


FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>川の町</title>'
    "<item><title>堤</title><link>https://www.example.jp/1</link><description>堤を直す。</description></item>"
    "<item><title>題</title></item></channel></rss>"
)


@pytest.mark.parametrize("said", ["application/rss+xml", "text/xml; charset=utf-8", ""])
def test_entries_of_a_feed_in_a_crawl_are_documents(load, said: str) -> None:
    """A feed among the pages gives its entries, with their record's place and facts."""
    headers = f"Content-Type: {said}" if said else "Server: a"
    found, empty = load(record("response", response(FEED.encode(), headers), 7))

    assert ("@0!/entry 0", "堤を直す。", "https://www.example.jp/1", "川の町") == (
        found.place,
        found.text,
        found.url,
        found.extra["feed"],
    )
    assert "crawled" in found.extra
    assert Skipped("@0!/entry 1", "empty", format="warc") == empty


def test_xml_that_is_no_feed_stays_a_media_type(load) -> None:
    """A map of a site is XML, and no feed."""
    body = response(b"<?xml version='1.0'?><urlset><url/></urlset>", "Content-Type: text/xml")

    assert [Skipped("@0", "media_type", format="warc")] == load(record("response", body))


def test_it_is_recognised_by_content(load) -> None:
    """A crawl with another name is one all the same."""
    assert CAUSES == kinds(load(b"".join(CRAWL), "crawl.data"))
    assert isinstance(load(b"".join(CRAWL), "crawl.data")[0], Skipped)


def test_noise_under_the_name_of_a_crawl_is_unreadable(load) -> None:
    """A file that only has the name gives one unreadable item."""
    items = load(b"no crawl at all\n" * 100, "b.warc.gz")

    assert ["damaged"] == kinds(items)
    assert isinstance(items[0], Unreadable)
