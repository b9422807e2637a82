"""`seimai page`: what is read of one page, and why the rest is not."""

# ruff: noqa: E501 - a page on one line reads better than pieces of it
from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.ingest.pages.page_shown import COLOURS
from seimai.pipeline.ingest.pages.page_tree import Rule
from seimai.pipeline.messages import MESSAGES

pytestmark = pytest.mark.usefixtures("english")

pytest.importorskip("resiliparse")
pytest.importorskip("fastwarc")

STORY = (
    "市は十日、川沿いの遊歩道を来春から夜も通れるようにすると発表した。照明は足もとだけを照らす型にし、"
    "虫や魚への影響を抑える。住民からは散歩の時間が選べると歓迎する声が上がる。工事は来月に始まる。"
)
PAGE = (
    "<html><head><title>川の町</title></head><body onload='x()'><nav><a href='/'>地図</a></nav><article>"
    f"<p class='p'>{STORY}</p><script>alert('<p>')</script></article><div class='q'><h2>関連記事</h2><ul>"
    "<li><a href='/1'>橋のかけ替え</a></li><li><a href='/2'>堤の桜</a></li></ul></div>"
    "<p hidden>秘密</p></body></html>"
)


def record(number: int, page: str) -> bytes:
    """A record of a page."""
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
    return (
        (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://www.example.jp/{number}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        ).encode()
        + block
        + b"\r\n\r\n"
    )


def test_a_page_is_shown_with_what_was_cut(tmp_path: Path, capsys) -> None:
    """The text first, then each part that went, under the rule by which it went."""
    path = tmp_path / "a.html"
    path.write_text(PAGE, "utf-8")

    assert 0 == main(["page", str(path)])

    out = capsys.readouterr().out
    assert STORY in out
    assert out.index(STORY) < out.index("a heading of other content") < out.index("div.q")
    assert "an element that is never main text" in out
    assert "関連記事" in out


def test_programs_get_the_parts_as_json(tmp_path: Path, capsys) -> None:
    """Rule, element, characters, links and the first words of each part."""
    path = tmp_path / "a.html"
    path.write_text(PAGE, "utf-8")
    main(["page", str(path), "--format", "json"])
    said = json.loads(capsys.readouterr().out)

    assert STORY == said["text"]
    assert {"rule": "heading", "element": "div.q", "characters": 15, "links": 2} == {
        name: value for name, value in said["cut"][1].items() if name != "begins"
    }


def test_the_page_for_a_browser_runs_nothing(tmp_path: Path) -> None:
    """Parts have the colour of their rule; scripts, addresses and attributes are gone."""
    path, shown = tmp_path / "a.html", tmp_path / "b.html"
    path.write_text(PAGE, "utf-8")
    main(["page", str(path), "--html", str(shown), "--quiet"])
    text = shown.read_text("utf-8")

    assert '<div class="cut heading"' in text
    assert '<nav class="cut element"' in text
    assert "default-src 'none'" in text
    assert STORY in text
    assert not any(word in text for word in ("alert", "onload", "href", "<script"))


@pytest.mark.parametrize("place", ["#@{offset}", "#{offset}", "#https://www.example.jp/2"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_record_of_a_crawl_is_found(tmp_path: Path, capsys, place: str, packed: bool) -> None:  # noqa: FBT001
    """By its offset, as quarantine names it, or by its address."""
    first = record(1, PAGE.replace("十日", "九日"))
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    pack = (lambda data: gzip.compress(data, mtime=0)) if packed else bytes
    path.write_bytes(pack(first) + pack(record(2, PAGE)))

    assert 0 == main(["page", str(path) + place.format(offset=len(first))])
    assert STORY in capsys.readouterr().out


@pytest.mark.parametrize(
    ("place", "code"), [("none.html", "U061"), ("a.warc#7", "U062"), ("a.bin", "U062")]
)
def test_what_is_no_page_is_told(tmp_path: Path, capsys, place: str, code: str) -> None:
    """A file or a record that is not there, and bytes that are no text."""
    (tmp_path / "a.warc").write_bytes(record(1, PAGE))
    (tmp_path / "a.bin").write_bytes(bytes(range(256)) * 20)

    assert 2 == main(["page", str(tmp_path / place)])
    assert f"error[{code}]" in capsys.readouterr().err


def test_every_rule_has_a_colour_and_a_name() -> None:
    """Each rule that cuts a page has a colour and a name; a new one needs them too."""
    rules = set(Rule.__args__)

    assert rules == set(COLOURS)
    assert all(f"page.{rule}" in MESSAGES for rule in rules)
