"""
Files that were changed at random: a reader never raises, never hangs, and always gives an item.

A few hundred mutations of each seed run here. `tests/README.md` has the figures of the long runs.
"""

# ruff: noqa: E501 - seeds are read more easily in lines of their own
from __future__ import annotations

import bz2
import gzip
import random
import time
from pathlib import Path

import pytest
import zstandard

from seimai.pipeline.ingest import Document, Input, Item, ReadOptions, Skipped, Unreadable, read

MUTATIONS = 200
SECONDS = 5
"""For one small file: a thousand times what it takes."""

PAGE = (
    "<!doctype html><html lang='ja'><head><meta charset='utf-8'><title>梅</title></head><body>"
    "<nav><a href='/'>戻る</a></nav><div class='main'><p>庭の<ruby>梅<rt>うめ</rt></ruby>が咲いた。"
    "</p><ul><li>一</li><li>二</li></ul><table><tr><td>甲</td></tr></table></div></body></html>"
).encode()


def warc(pack=bytes) -> bytes:
    """A crawl of seven records."""

    def record(kind: str, block: bytes, number: int) -> bytes:
        media = "application/http; msgtype=response" if kind == "response" else "text/plain"
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a.example.jp/{number}\r\n"
            f"WARC-Date: 2024-05-06T07:08:09Z\r\nContent-Type: {media}\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        return pack(head.encode() + block + b"\r\n\r\n")

    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    zipped = gzip.compress(PAGE)
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    blocks = [
        ("warcinfo", b"software: ours"),
        ("request", b"GET / HTTP/1.1\r\n\r\n"),
        ("response", http + b"\r\n" + PAGE),
        ("response", http + b"Content-Encoding: gzip\r\n\r\n" + zipped),
        ("response", http + b"Transfer-Encoding: chunked\r\n\r\n" + chunks),
        ("response", http.replace(b"200 OK", b"301 Moved") + b"\r\n"),
        ("conversion", "庭の梅が今年も咲いた。".encode()),
    ]
    return b"".join(record(kind, block, number) for number, (kind, block) in enumerate(blocks))


WIKI = (
    "<mediawiki><siteinfo><base>http://a.example.jp/wiki/M</base></siteinfo>\n"
    + "".join(
        f"  <page><title>題{n}</title><ns>{n % 2}</ns><id>{n}</id><revision><text>'''梅'''は[[花|木]]。"
        "{{Infobox|a={{b}}}}\n{| class=x\n| a\n|}\n== 章 ==\n* 一&lt;ref&gt;註&lt;/ref&gt;\n"
        "[http://a.jp 札] &amp;amp; &lt;ruby&gt;米&lt;rt&gt;こめ&lt;/rt&gt;&lt;/ruby&gt;</text></revision></page>\n"
        for n in range(4)
    )
    + "</mediawiki>\n"
).encode()  # fmt: skip
AOZORA = (
    "題\n人\n\n" + "-" * 55 + "\n【テキスト中に現れる記号について】\n〔〕：アクセント分解\n" + "-" * 55 + "\n\n"
    "　水車《すいしゃ》は｜米を搗《つ》く。※［＃「口＋它」、第3水準1-14-88］［＃「米」に傍点］〔Cafe'〕\n\n"
    "底本：「本」架空書房\n"
).encode("cp932")  # fmt: skip
MARKDOWN = (
    "---\ntitle: 題\ntags: [a, b]\n---\n# 見出し {#a}\n\n[玄米](a)を**研ぐ**`x`。<br>\n\n- 一\n  1. 二\n\n"
    "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n```js\na\n```\n\n> [!NOTE]\n> 註[^1]\n\n[^1]: 脚注\n<div><p>段</p></div>\n"
).encode()  # fmt: skip
RST = (
    "====\n題\n====\n\n:ref:`玄米 <a>` を ``x`` **研ぐ** `水 <b>`_。\n\n.. note:: 註\n\n   文\n\n   .. code-block:: c\n\n"
    "      a::\n\n.. list-table::\n\n   * - 甲\n     - 乙\n\n* 一\n* 二\n\n+---+---+\n| a | b |\n+---+---+\n\n:f: v\n"
).encode()  # fmt: skip
PO = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n#: a\nmsgid "a"\nmsgstr "研ぐ\\t\\"米\\""\n\n'
    '#, fuzzy\nmsgid "b"\nmsgstr "c"\n\nmsgctxt "m"\nmsgid "d"\nmsgid_plural "e"\nmsgstr[0] "粒"\n"次"\n'
).encode()  # fmt: skip
MAN = (
    '.\\" c\n.TH MAI 1 "2024"\n.SH 名前\nmai \\- \\fB米\\fR\\(co\\[u7C73]\n.TP\n.BR a (1)\n文\n.nf\nb\n.fi\n.de X\n.B x\n..\n'
    ".if n 端末\n.ie t \\{\\\n紙\n.\\}\n.el 画面\n.TS\nl l.\n甲\t乙\n.TE\n.Op Fl a Ar 量\n.ig\nc\n..\n"
).encode()  # fmt: skip
LAW = (
    "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE Law [<!ENTITY a 'b'>]><Law><LawNum>号</LawNum><LawBody>"
    "<LawTitle>法</LawTitle><MainProvision><Article><ArticleTitle>第一条</ArticleTitle><Paragraph><ParagraphNum/>"
    "<ParagraphSentence><Sentence>米を<Ruby>研<Rt>と</Rt></Ruby>ぐ。</Sentence></ParagraphSentence></Paragraph>"
    "</Article></MainProvision></LawBody></Law>"
).encode()  # fmt: skip
XML = (
    "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE a [<!ENTITY a 'b'>]><book><title>題</title><para>米を<em>研ぐ</em>"
    "&nbsp;&a;。<list><para>一</para></list></para><screen>a\n b</screen><!-- c --></book>"
).encode()  # fmt: skip

SEEDS = {
    "warc": (warc(), warc(gzip.compress), warc(zstandard.compress)),
    "mediawiki": (WIKI, bz2.compress(WIKI)),
    "aozora": (AOZORA,),
    "markdown": (MARKDOWN,),
    "rst": (RST,),
    "po": (PO,),
    "man": (MAN,),
    "law": (LAW,),
    "xml": (XML,),
}
NASTY = (
    b"\0", b"\xff", b"\x1b$B", b"<", b"]]>", b"<![CDATA[", b"&#0;", b"&#x110000;", b"&a;", b"{{", b"}}", b"[[", b"{|",
    b"<page>", b"</page>", b"WARC/1.0\r\n", b"\r\n\r\n", b"Content-Length: 99999999999999999999\r\n", b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd", "《".encode(), "［＃".encode(), b"```", b"---\n", b"\n.. x::\n", b"\n::\n", b'msgstr "', b"\\(",
    b"\n.de\n", b"\n.ie", b"\\{", b"<!--", b"<!DOCTYPE [", b"<a>" * 300, b"> " * 300, b"- " * 300, b"[" * 300, b"*" * 300,
    b"\xed\xa0\x80", b"\xe2\x80\xa8", b"HTTP/1.1 200\r\n", b"-1", b"1" * 40,
)  # fmt: skip
"""What has a meaning in one of the formats, or in none."""


def mutated(seed: bytes, dice: random.Random) -> bytes:
    """A file like the seed, changed in one to eight places."""
    data = bytearray(seed)
    for _ in range(dice.randint(1, 8)):
        if not data:
            break
        at = dice.randrange(len(data))
        size = dice.choice((1, 2, 8, 64, 512))
        change = dice.randrange(7)
        if change == 0:
            data[at] ^= 1 << dice.randrange(8)
        elif change == 1:
            del data[at : at + size]
        elif change == 2:
            data[at:at] = dice.randbytes(size)
        elif change == 3:
            data[at:at] = data[at : at + size]
        elif change == 4:
            data[at:at] = dice.choice(NASTY)
        elif change == 5:
            data[at : at + size] = dice.choice(NASTY)
        else:
            del data[at:]
    return bytes(data)


def check(items: list[Item], data: bytes, *, records: bool) -> None:
    """What holds of the items of any file whatsoever."""
    assert items or not data.strip()
    assert all(isinstance(item, Document | Unreadable | Skipped) for item in items)
    for item in items:
        if isinstance(item, Document):
            item.text.encode("utf-8")
        elif isinstance(item, Unreadable):
            assert len(item.first_bytes) <= 200
    if records:
        places = [int(item.place[1:]) for item in items if item.place]
        assert sorted(places) == places
        # One item a place: none is read twice. A gap may stand where a record began.
        assert len(places) - len(set(places)) <= sum(isinstance(item, Unreadable) for item in items)


def fuzz(name: str, folder: Path, count: int) -> tuple[int, int, float]:
    """Read so many mutations: the documents and faults there were, and the longest time."""
    documents = faults = 0
    longest = 0.0
    path = folder / "seed"
    for seed in SEEDS[name]:
        dice = random.Random(f"{name} {len(seed)}")
        for _ in range(count // len(SEEDS[name])):
            data = mutated(seed, dice)
            path.write_bytes(data)
            begun = time.process_time()
            items = list(read(Input(str(path), "seed", len(data)), ReadOptions(format=name)))
            longest = max(longest, time.process_time() - begun)
            check(items, data, records=name in {"warc", "mediawiki"})
            documents += sum(isinstance(item, Document) for item in items)
            faults += sum(isinstance(item, Unreadable) for item in items)
    return documents, faults, longest


@pytest.mark.parametrize("name", SEEDS)
def test_changed_files_never_break_a_reader(name: str, tmp_path: Path) -> None:
    """Whatever is changed in a file, reading it gives items, in time, and raises nothing."""
    if name == "warc":
        pytest.importorskip("fastwarc")
    documents, _, longest = fuzz(name, tmp_path, MUTATIONS)

    assert documents
    assert longest < SECONDS


@pytest.mark.parametrize("name", SEEDS)
def test_nothing_and_noise_give_at_most_one_fault(name: str, tmp_path: Path) -> None:
    """An empty file and a file of noise are read to an end by every reader."""
    path = tmp_path / "noise"
    for data in (b"", b"\n", bytes(range(256)) * 20, b"<" * 5000, "梅".encode() * 2000):
        path.write_bytes(data)
        items = list(read(Input(str(path), "noise", len(data)), ReadOptions(format=name)))

        assert len(items) <= 2
