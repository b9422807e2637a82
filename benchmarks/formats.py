"""
Reading: MB/s of each format, next to the bare library on the same bytes.

`python -m benchmarks.formats [--corpus DIR]` writes some texts of DIR (by default of the shipped
sample) in every format and times `read` on the file, and what the library that does the parsing
takes to give the same texts, without looking at encodings, limits and faults. Pages are also read
as published where DIR/raw/html is there. Figures are megabytes of the file, unpacked.
"""

from __future__ import annotations

import argparse
import csv
import email
import email.policy
import gzip
import io
import sys
import tempfile
import zipfile
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import fastwarc
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from lxml import etree
from markdown_it import MarkdownIt
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from benchmarks.measuring import ROOT, folder_of_raw, seconds, table
from seimai.pipeline.ingest import Document, find_inputs, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST = 8_000_000
"""Characters of text that are written: enough for the clock, little enough to wait for."""

PAGE = (
    '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>{title}</title></head><body>'
    '<nav><ul><li><a href="/">トップ</a></li><li><a href="/map">地図</a></li></ul></nav>'
    '<main><h1>{title}</h1>{body}</main><footer>無断転載を禁じます</footer></body></html>'
)  # fmt: skip


Put: TypeAlias = "Callable[[str, bytes], Path]"


class Format(NamedTuple):
    """A file that was written, and what the bare library does with it."""

    name: str
    path: Path
    size: int
    """Bytes, unpacked."""
    library: str
    bare: Callable[[], object]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", help="folder of JSONL files; default: the shipped sample")
    formats(parser.parse_args().corpus)


def formats(corpus: str | None) -> None:
    """Print the table of formats for a corpus."""
    texts = _texts(corpus)
    with tempfile.TemporaryDirectory(prefix="seimai-formats-") as folder:
        made = list(_made(texts, Path(folder), partial(_put, Path(folder))))
        raw = folder_of_raw(corpus, "html")
        if raw:
            made += _published(raw, partial(_put, Path(folder)))
        rows = []
        for one in made:
            spent = seconds({"this": lambda path=one.path: _read(path), "bare": one.bare})
            ours, bare = one.size / 1e6 / spent["this"], one.size / 1e6 / spent["bare"]
            size = f"{one.size / 1e6:.1f}"
            rows.append(
                [one.name, size, f"{ours:.0f}", one.library, f"{bare:.0f}", f"{ours / bare:.2f}"]
            )
    table(["format", "MB", "this, MB/s", "library", "library, MB/s", "this / library"], rows)


def _put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def _texts(corpus: str | None) -> list[str]:
    texts: list[str] = []
    held = 0
    where = str(Path(corpus) / "*.jsonl*") if corpus else str(ROOT / "configs" / "sample")
    for source in find_inputs([where]):
        for item in read(source):
            if isinstance(item, Document) and item.text.strip():
                texts.append(item.text)
                held += len(item.text)
                if held > MOST:
                    return texts
    return texts


def _read(path: Path) -> None:
    for source in find_inputs([str(path)]):
        for item in read(source):
            if not isinstance(item, Document) and getattr(item, "cause", "") != "warcinfo":
                sys.exit(f"{path.name}: {item}")


def _made(texts: list[str], folder: Path, put: Put) -> Iterator[Format]:
    lines = b"".join(
        orjson.dumps({"id": str(k), "text": text}) + b"\n" for k, text in enumerate(texts)
    )

    path = put("a.jsonl", lines)
    yield Format("JSON lines", path, len(lines), "orjson", lambda p=path: _json_lines(p.open("rb")))
    packed = put("a.jsonl.zst", zstandard.compress(lines))
    yield Format(
        "JSON lines, zstd", packed, len(lines), "zstandard, orjson",
        lambda: _json_lines(io.BufferedReader(zstandard.open(packed, "rb"))),
    )  # fmt: skip
    data = b"[" + b",\n".join(lines.splitlines()) + b"]"
    listed = put("a.json", data)
    yield Format(
        "JSON list", listed, len(data), "orjson", lambda: orjson.loads(listed.read_bytes())
    )
    parquet = folder / "a.parquet"
    columns = pa.table({"id": [str(k) for k in range(len(texts))], "text": texts})
    pq.write_table(columns, parquet, compression="zstd")
    size = columns.nbytes
    yield Format("Parquet", parquet, size, "pyarrow", lambda: pq.read_table(parquet).to_pylist())
    written = io.StringIO()
    csv.writer(written).writerows(
        [["id", "text"], *([str(k), text] for k, text in enumerate(texts))]
    )
    data = written.getvalue().encode()
    table_path = put("a.csv", data)
    yield Format("CSV", table_path, len(data), "csv", lambda: _csv(table_path))
    pages = [_page(text) for text in texts]
    yield _folder("plain text", put, texts, "txt", "open", lambda data: data.decode())
    yield _folder("HTML", put, pages, "html", "resiliparse", _bare_html)
    yield _folder("Markdown", put, texts, "md", "markdown-it", _bare_markdown)
    yield _folder("mail", put, list(map(_mail, texts)), "eml", "email", _bare_mail)
    yield _warc(put, [page.encode() for page in pages], "WARC, gzip")
    zipped = folder / "a.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for k, text in enumerate(texts):
            archive.writestr(f"{k}.txt", text)
    size = sum(len(text.encode()) for text in texts)
    yield Format("ZIP of texts", zipped, size, "zipfile", lambda: _bare_zip(zipped))
    data = (
        "".join(map(_wiki, range(len(texts)), texts))
        .join(['<mediawiki xml:lang="ja">', "</mediawiki>"])
        .encode()
    )
    dump = put("dump.xml", data)
    yield Format("MediaWiki dump", dump, len(data), "lxml", lambda: _bare_xml(dump))


def _published(raw: Path, put: Put) -> list[Format]:
    """Pages as published, one by one and as a crawl."""
    pages = [path.read_bytes() for path in sorted(raw.glob("*.html"))]
    return [
        _folder("HTML, raw/html", put, pages, "htm", "resiliparse", _bare_html),
        _warc(put, pages, "WARC of raw/html"),
    ]


def _folder(
    name: str, put: Put, contents: list[str] | list[bytes], ending: str, library: str, bare: Any
) -> Format:
    """A folder of one-document files; the files are opened on both sides."""
    size = 0
    for k, content in enumerate(contents):
        data = content if isinstance(content, bytes) else content.encode()
        size += len(data)
        first = put(f"{ending}/{k:05}.{ending}", data)
    paths = sorted(first.parent.iterdir())
    return Format(
        name, first.parent, size, library, lambda: [bare(path.read_bytes()) for path in paths]
    )


def _warc(put: Put, pages: list[bytes], name: str) -> Format:
    records = b"".join(gzip.compress(_record(k, page)) for k, page in enumerate(pages))
    path = put(f"{len(name)}.warc.gz", records)
    return Format(
        name, path, sum(map(len, pages)), "fastwarc, resiliparse", lambda: _bare_warc(path)
    )


def _record(number: int, page: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://www.example.jp/{number}\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def _page(text: str) -> str:
    title, _, rest = text.partition("\n")
    body = "".join(f"<p>{escape(line)}</p>\n" for line in rest.split("\n") if line.strip())
    return PAGE.format(title=escape(title[:100]), body=body)


def _mail(text: str) -> str:
    message = email.message.EmailMessage()
    message["Subject"], message["From"] = "お知らせ", "a@example.jp"
    message.set_content(text, cte="base64")
    return message.as_string()


def _wiki(number: int, text: str) -> str:
    return (
        f"<page><title>項目{number}</title><ns>0</ns><id>{number}</id>"
        f"<revision><id>1</id><text>{escape(text)}</text></revision></page>\n"
    )


# --- the bare libraries --------------------------------------------------------------------


def _json_lines(stream: Any) -> list[str]:
    with stream:
        return [orjson.loads(line)["text"] for line in stream]


def _csv(path: Path) -> list[str]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def _bare_html(data: bytes) -> str:
    """As resiliparse comes: its own guess at the encoding, its own choice of the main content."""
    page = bytes_to_str(data, detect_encoding(data, from_html_meta=True))
    return str(extract_plain_text(page, main_content=True))


def _bare_markdown(data: bytes) -> int:
    return len(MarkdownIt("commonmark").enable("table").parse(data.decode()))


def _bare_mail(data: bytes) -> str:
    body = email.message_from_bytes(data, policy=email.policy.default).get_body()
    return str(body.get_content()) if body else ""


def _bare_warc(path: Path) -> list[str]:
    with path.open("rb") as file:
        records = fastwarc.ArchiveIterator(
            file, record_types=fastwarc.WarcRecordType.response, parse_http=True, auto_decode="all"
        )
        return [_bare_html(record.reader.read()) for record in records]


def _bare_zip(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name).decode() for name in archive.namelist()]


def _bare_xml(path: Path) -> list[str]:
    texts = []
    for _, element in etree.iterparse(path, tag="page", huge_tree=True):
        texts.append(element.findtext("revision/text"))
        element.clear()
    return texts


if __name__ == "__main__":
    main()
