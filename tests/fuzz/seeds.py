"""
What is changed at random: small, whole files of every format, written here.

`SEEDS` has an entry for each reader and for each target that is no reader. `collected` adds files
of a folder, each to the reader that it is recognised for.
"""

# ruff: noqa: E501 - seeds are read more easily in lines of their own
from __future__ import annotations

import gzip
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard

from seimai.pipeline.ingest import FORMATS, Input
from seimai.pipeline.ingest.contract import Broken
from seimai.pipeline.ingest.sniff import sniff
from tests.fuzz.mutate import PACKS
from tests.fuzz.office import RTF, doc, docx, msg, odp, ods, odt, ppt, pptx, xls, xlsx
from tests.pipeline.ingest.binary_office import CELLS, xlsb_of
from tests.pipeline.ingest.making import (
    PICTURE,
    SENTENCES,
    docx_of,
    paragraph,
    pdf_of,
    tar_of,
    zip_of,
)
from tests.pipeline.ingest.older_sheets import sheet
from tests.pipeline.ingest.one_file import TRACKED, WORD_2003, WORKBOOK, flat, package_of
from tests.pipeline.ingest.packing import lzh_of

LARGEST = 128 * 1024
"""Bytes of a collected file that are used: mutations of a longer one teach no more."""

ODD_MAIL = (
    "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed\n\n--b\n"
    "Content-Type: text/plain; format=flowed\n\n> 梅 \n> 咲く\nbegin 644 a.txt\n#0V%T\n`\nend\n--b\n"
    "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeQoKegpiCg==\n--b--\n"
)
"""A separator that is not named, a file among lines, a forwarded message in Base64."""
ROWS = [
    {"text": sentence, "id": str(k), "n": k, "tags": ["米", "水"], "more": {"a": None, "b": 1.5}}
    for k, sentence in enumerate(SENTENCES)
]
JSONL = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS * 3)
CSV = "id,text,注\n" + "".join(f'{k},"{one}\n""続き""",x\n' for k, one in enumerate(SENTENCES))
PLAIN = "\n".join(SENTENCES * 4)
MARKED = "".join(
    json.dumps({"text": text, "n": 2**64 + k, "m": {"n": [-(2**70)]}}, ensure_ascii=False) + "\n"
    for k, text in enumerate(
        (
            "<div><p>梅が<b>咲いた</b>。</p><p>水</p></div>",
            "# 梅\n\n**咲いた**[木](https://a.example/)\n\n- 一\n",
            "梅\n==\n\n.. note::\n\n   水\n\n:ref:`木 <a>`\n",
        )
    )
)
"""Texts that are markup, and numbers beyond 64 bits."""
PAGE = (
    "<!doctype html><html lang='ja'><head><meta charset='utf-8'><title>梅</title></head><body>"
    "<nav><a href='/'>戻る</a></nav><div class='main'><p>庭の<ruby>梅<rt>うめ</rt></ruby>が咲いた。"
    "</p><ul><li>一</li><li>二</li></ul><table><tr><td>甲</td></tr></table></div></body></html>"
)
FRAMED = (
    "<html><head><title>梅</title><meta name='googlebot' content='noindex'><img src=x><link rel=canonical "
    "href='http://a.example.jp/1'><script type='application/ld+json'>{\"datePublished\": \"2024-01-02\", "
    '"articleBody": "梅が咲いた。"}</script></head><body><div class=\'\n gnav\t"x\' id=\'a&quot;b\'><ul>'
    + "<li><a href='/1'>地図</a>" * 12
    + "</ul></div><main><article itemprop='articleBody'><h1>梅</h1>"
    + "<p>庭の梅が今年も咲いた。\n祖父が植えた木で、毎年いちばん早く春を知らせてくれる。</p>" * 4
    + "<figure><table><tr><td>甲</table><figcaption>梅の木</figcaption></figure><h2>関連記事</h2><ul>"
    "<li><a href='/2'>桃</a></ul></article><div class='comments'><p>よい梅ですね。</p></div></main><div "
    "style='display: none'>秘密</div><noscript>字</noscript><p>会員登録で続きを読む</p><footer>©</footer>"
)
FEED = (
    "<rss version='2.0' xmlns:c='http://purl.org/rss/1.0/modules/content/'><channel><title>梅</title>"
    + "".join(
        f"<item><title>題{n}</title><link>http://a.example.jp/{n}</link><pubDate>Sat, 09 Mar 2024 08:00:00 "
        "+0900</pubDate><c:encoded><![CDATA[<p>梅が<b>咲いた</b>。</p>]]></c:encoded></item>"
        for n in range(3)
    )
    + "</channel></rss>"
)
ENTRIES = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>梅</title><entry><title type='html'>題&lt;br&gt;</title>"
    "<link href='http://a.example.jp/1'/><updated>2024-03-09</updated><content type='xhtml'><div><p>梅が"
    "咲いた。</p></div></content></entry><entry><summary>&lt;p&gt;桃。&lt;/p&gt;</summary></entry></feed>"
)
WIKI = (
    "<mediawiki><siteinfo><base>http://a.example.jp/wiki/M</base></siteinfo>\n"
    + "".join(
        f"  <page><title>題{n}</title><ns>{n % 2}</ns><id>{n}</id><revision><text>'''梅'''は[[花|木]]。"
        "{{Infobox|a={{b}}}}\n{| class=x\n| a\n|}\n== 章 ==\n* 一&lt;ref&gt;註&lt;/ref&gt;\n"
        "[http://a.jp 札] &amp;amp; &lt;ruby&gt;米&lt;rt&gt;こめ&lt;/rt&gt;&lt;/ruby&gt;</text></revision></page>\n"
        for n in range(4)
    )
    + "</mediawiki>\n"
)
AOZORA = (
    "題\n人\n\n" + "-" * 55 + "\n【テキスト中に現れる記号について】\n〔〕：アクセント分解\n" + "-" * 55 + "\n\n"
    "　水車《すいしゃ》は｜米を搗《つ》く。※［＃「口＋它」、第3水準1-14-88］［＃「米」に傍点］〔Cafe'〕\n\n"
    "底本：「本」架空書房\n"
)  # fmt: skip
MARKDOWN = (
    "---\ntitle: 題\ntags: [a, b]\n---\n# 見出し {#a}\n\n[玄米](a)を**研ぐ**`x`。<br>\n\n- 一\n  1. 二\n\n"
    "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n```js\na\n```\n\n> [!NOTE]\n> 註[^1]\n\n[^1]: 脚注\n<div><p>段</p></div>\n"
)
RST = (
    "====\n題\n====\n\n:ref:`玄米 <a>` を ``x`` **研ぐ** `水 <b>`_。\n\n.. note:: 註\n\n   文\n\n   .. code-block:: c\n\n"
    "      a::\n\n.. list-table::\n\n   * - 甲\n     - 乙\n\n* 一\n* 二\n\n+---+---+\n| a | b |\n+---+---+\n\n:f: v\n"
)
PO = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n#: a\nmsgid "a"\nmsgstr "研ぐ\\t\\"米\\""\n\n'
    '#, fuzzy\nmsgid "b"\nmsgstr "c"\n\nmsgctxt "m"\nmsgid "d"\nmsgid_plural "e"\nmsgstr[0] "粒"\n"次"\n'
)
MAN = (
    '.\\" c\n.TH MAI 1 "2024"\n.SH 名前\nmai \\- \\fB米\\fR\\(co\\[u7C73]\n.TP\n.BR a (1)\n文\n.nf\nb\n.fi\n.de X\n.B x\n..\n'
    ".if n 端末\n.ie t \\{\\\n紙\n.\\}\n.el 画面\n.TS\nl l.\n甲\t乙\n.TE\n.Op Fl a Ar 量\n.ig\nc\n..\n"
)
LAW = (
    "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE Law [<!ENTITY a 'b'>]><Law><LawNum>号</LawNum><LawBody>"
    "<LawTitle>法</LawTitle><MainProvision><Article><ArticleTitle>第一条</ArticleTitle><Paragraph><ParagraphNum/>"
    "<ParagraphSentence><Sentence>米を<Ruby>研<Rt>と</Rt></Ruby>ぐ。</Sentence></ParagraphSentence></Paragraph>"
    "</Article></MainProvision></LawBody></Law>"
)
XML = (
    "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE a [<!ENTITY a 'b'>]><book><title>題</title><para>米を<em>研ぐ</em>"
    "&nbsp;&a;。<list><para>一</para></list></para><screen>a\n b</screen><!-- c --></book>"
)
MAIL = (
    "From a@example.jp Mon May  6 07:08:09 2024\n"
    "Subject: =?iso-2022-jp?B?GyRCMnE1RBsoQg==?=\nDate: Mon, 06 May 2024 07:08:09 +0900\n"
    "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    "5pyd44Gu5riv44Gr5LiJ6Zq744Gu6Ii544GM5oi744Gj44Gm44GN44Gf44CC\n--x\n"
    "Content-Type: multipart/alternative; boundary=y\n\n--y\nContent-Type: text/html; charset=shift_jis\n\n<p>a\n--y--\n"
    '--x\nContent-Type: application/zip; name="a.zip"\n\nzzzz\n--x--\n\n'
)
MEMBERS: Mapping[str, str | bytes] = {
    "a.txt": SENTENCES[0],
    "b/rows.jsonl": f'{{"text": "{SENTENCES[1]}"}}\n' * 3,
    "c.html": f"<p>{SENTENCES[2]}</p>",
    "d.zip": zip_of({"e.txt": SENTENCES[0] * 20, "f.tar": tar_of({"g.md": MARKDOWN})}),
}
PLAIN_MEMBERS = {name: data for name, data in MEMBERS.items() if isinstance(data, str)}


def warc(pack: Callable[[bytes], bytes] = bytes) -> bytes:
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
    page = PAGE.encode()
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page)
    blocks = [
        ("warcinfo", b"software: ours"),
        ("request", b"GET / HTTP/1.1\r\n\r\n"),
        ("response", http + b"\r\n" + page),
        ("response", http + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(page, mtime=0)),
        ("response", http + b"Transfer-Encoding: chunked\r\n\r\n" + chunks),
        ("response", http.replace(b"200 OK", b"301 Moved") + b"\r\n"),
        ("conversion", SENTENCES[0].encode()),
    ]
    return b"".join(record(kind, block, number) for number, (kind, block) in enumerate(blocks))


def parquet(compression: str = "snappy") -> bytes:
    """A table of three row groups, with columns of several kinds."""
    import pyarrow.parquet as pq

    target = io.BytesIO()
    table = pa.Table.from_pylist(ROWS * 3).append_column("raw", pa.array([b"\xff\0"] * 9))
    pq.write_table(table, target, row_group_size=3, compression=compression)
    return target.getvalue()


def arrow(*, stream: bool, compression: str | None = None) -> bytes:
    """An Arrow file or stream of three batches."""
    target = io.BytesIO()
    table = pa.Table.from_pylist(ROWS * 3)
    table = table.append_column("word", pa.array(["米", "水", "米"] * 3).dictionary_encode())
    opened = pa.ipc.new_stream if stream else pa.ipc.new_file
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with opened(target, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=3)
    return target.getvalue()


def seven() -> bytes:
    """A 7z archive."""
    py7zr = pytest.importorskip("py7zr")
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w") as archive:
        for name, content in MEMBERS.items():
            archive.writestr(content, name)
    return target.getvalue()


def pages() -> list[list[tuple[float, float, float, str]] | bytes]:
    """Pages of a PDF."""
    lines = [(40.0, 350 - 18.0 * k, 12.0, sentence) for k, sentence in enumerate(SENTENCES)]
    return [lines, lines, PICTURE]


Made = Callable[[], list[tuple[str, bytes]]]


def _spellings(name: str, text: str) -> list[tuple[str, bytes]]:
    """A text in the encodings that it may come in."""
    encodings = ("utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16", "utf-8-sig")
    return [(name, text.encode(encoding, "replace")) for encoding in encodings]


MADE: dict[str, Made] = {
    "jsonl": lambda: [*_spellings("a.jsonl", JSONL), ("a.jsonl", MARKED.encode())],
    "json": lambda: [
        *_spellings("a.json", json.dumps(ROWS, ensure_ascii=False)),
        ("a.json", json.dumps(ROWS[0], indent=1).encode()),
    ],
    "parquet": lambda: [("a.parquet", parquet(one)) for one in ("none", "snappy", "zstd", "gzip")],
    "arrow": lambda: [
        ("a.arrow", arrow(stream=True)),
        ("a.arrow", arrow(stream=False)),
        ("a.arrow", arrow(stream=True, compression="zstd")),
        ("a.arrow", arrow(stream=False, compression="lz4")),
    ],
    "csv": lambda: [
        *_spellings("a.csv", CSV),
        *_spellings("a.tsv", CSV.replace(",", "\t")),
        *_spellings("a.csv", CSV.replace("text", "声")),
    ],
    "text": lambda: _spellings("a.txt", PLAIN),
    "html": lambda: [*_spellings("a.html", PAGE), *_spellings("a.html", FRAMED)],
    "feed": lambda: [("a.xml", FEED.encode()), ("a.atom", ENTRIES.encode())],
    "warc": lambda: [
        ("a.warc", warc()),
        ("a.warc.gz", warc(lambda data: gzip.compress(data, mtime=0))),
        ("a.warc.zst", warc(zstandard.compress)),
    ],
    "mediawiki": lambda: [("a.xml", WIKI.encode())],
    "aozora": lambda: [("a.txt", AOZORA.encode("cp932")), ("a.txt", AOZORA.encode())],
    "markdown": lambda: _spellings("a.md", MARKDOWN),
    "rst": lambda: [("a.rst", RST.encode())],
    "po": lambda: [("a.po", PO.encode())],
    "man": lambda: [("a.1", MAN.encode()), ("a.1", MAN.encode("euc_jp"))],
    "law": lambda: [("a.xml", LAW.encode())],
    "xml": lambda: _spellings("a.xml", XML),
    "zip": lambda: [("a.zip", zip_of(MEMBERS))],
    "tar": lambda: [("a.tar", tar_of(MEMBERS)), ("a.tar.gz", gzip.compress(tar_of(MEMBERS), mtime=0))],
    "7z": lambda: [("a.7z", seven())],
    "lzh": lambda: [
        ("a.lzh", lzh_of(PLAIN_MEMBERS, method, level))
        for level, method in enumerate(("lh5", "lh1", "lh7", "lh4"))
    ],
    "pdf": lambda: [
        ("a.pdf", pdf_of(pages(), info="/Title(x)")),
        ("v.pdf", pdf_of(pages(), vertical=True)),
    ],
    "docx": lambda: [("a.docx", docx()), ("a.xml", package_of(docx_of(paragraph("梅")))), ("b.xml", WORD_2003.encode())],
    "xlsx": lambda: [
        ("a.xlsx", xlsx()),
        ("a.xlsb", xlsb_of({"一": CELLS}, SENTENCES)),
        ("a.xml", WORKBOOK.encode()),
    ],
    "pptx": lambda: [("a.pptx", pptx())],
    "odt": lambda: [("a.odt", odt()), ("a.fodt", flat("text", TRACKED + "<text:p>梅</text:p>"))],
    "ods": lambda: [("a.ods", ods())],
    "odp": lambda: [("a.odp", odp())],
    "rtf": lambda: [("a.rtf", RTF)],
    "doc": lambda: [("a.doc", doc())],
    "xls": lambda: [("a.xls", xls()), *((f"{k}.xls", sheet(k)) for k in (2, 3, 4))],
    "ppt": lambda: [("a.ppt", ppt())],
    "msg": lambda: [("a.msg", msg())],
    "ole": lambda: [("a.doc", doc()), ("a.xls", xls()), ("a.ppt", ppt()), ("a.msg", msg())],
    "eml": lambda: [("a.eml", MAIL.partition("\n")[2].encode()), ("b.eml", ODD_MAIL.encode())],
    "mbox": lambda: [("a.mbox", (MAIL * 3).encode())],
    "sql": lambda: [("a.db", PLAIN.encode()), ("a.db", PLAIN.encode("cp932"))],
    "datasets": lambda: [("data-00000-of-00001.arrow", arrow(stream=True))],
}  # fmt: skip
"""By reader; for `sql` the values of a table, for `datasets` the file of a saved data set."""

INSIDE = {"docx", "xlsx", "pptx", "odt", "ods", "odp"}
"""Readers whose files are ZIP archives of parts: mostly the parts are changed."""

PACKED = ("jsonl", "json", "csv", "text", "arrow", "tar", "mediawiki", "pdf")
"""What the compressed targets hold."""

TARGETS = (*FORMATS, *PACKS, "decode", "auto")
"""Each reader, each compression, the decoder by itself, and whatever a file is recognised as."""


@cache
def seeds(target: str) -> tuple[tuple[str, str, bytes], ...]:
    """The seeds of a target: the reader, a file name and the bytes of each."""
    if target in MADE:
        return tuple((target, name, data) for name, data in MADE[target]())
    if target in PACKS:
        return tuple((one, *MADE[one]()[0]) for one in PACKED if one in MADE)
    every = (seed for name in MADE if name not in {"sql", "datasets"} for seed in seeds(name))
    if target == "decode":
        return tuple(one for one in every if one[0] in {"text", "html", "xml", "csv", "aozora"})
    return tuple(every)


def collected(folder: Path) -> dict[str, list[tuple[str, str, bytes]]]:
    """Files below a folder, by the reader that they are recognised for."""
    found: defaultdict[str, list[tuple[str, str, bytes]]] = defaultdict(list)
    for path in _files(folder):
        try:
            reader = sniff(Input(str(path), path.name))
        except (Broken, OSError):
            continue
        with path.open("rb") as file:
            found[reader].append((reader, path.name, file.read(LARGEST)))
    return found


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
