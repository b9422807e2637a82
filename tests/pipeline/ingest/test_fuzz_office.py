"""Damaged archives, documents and mails: never an exception, never a hang, always a reason."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, Item, Limits, ReadOptions, Skipped, Unreadable
from tests.pipeline.ingest.making import (
    PICTURE,
    SENTENCES,
    docx_of,
    odf_of,
    paragraph,
    pdf_of,
    pptx_of,
    read_all,
    shape,
    tar_of,
    xlsx_of,
    zip_of,
)

MUTATIONS = 200
"""Of each kind of file; the README of the tests has the figures of a run with 20,000."""

OPTIONS = ReadOptions(max_record=1 << 20, limits=Limits(always=4 << 20))
"""Small limits, so that what a mutation inflates is soon told."""

MEMBERS = {
    "a.txt": SENTENCES[0],
    "b/rows.jsonl": f'{{"text": "{SENTENCES[1]}"}}\n' * 3,
    "c.html": f"<p>{SENTENCES[2]}</p>",
    "d.zip": zip_of({"e.txt": SENTENCES[0] * 20}),
}
MAIL = (
    "From a@example.jp Mon May  6 07:08:09 2024\n"
    "Subject: =?iso-2022-jp?B?GyRCMnE1RBsoQg==?=\nDate: Mon, 06 May 2024 07:08:09 +0900\n"
    "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    "5pyd44Gu5riv44Gr5LiJ6Zq744Gu6Ii544GM5oi744Gj44Gm44GN44Gf44CC\n--x\n"
    'Content-Type: application/zip; name="a.zip"\n\nzzzz\n--x--\n\n'
)
RTF = (
    rb"{\rtf1\ansi\ansicpg932{\fonttbl{\f0\fcharset128 \'82\'6c;}}{\info{\title x}}\f0 "
    rb"\'92\'a9\'82\'cc\'8d`\par {\b \u26085?\u26412?}"
    rb"\tab {\*\x y}\uc2\u28207\'8d\'60\bin3 {}{\par}"
)


@cache
def seven() -> bytes:
    """A 7z archive."""
    import io

    py7zr = pytest.importorskip("py7zr")
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w") as archive:
        for name, content in MEMBERS.items():
            archive.writestr(content, name)
    return target.getvalue()


def pages() -> list[bytes | list[tuple[float, float, float, str]]]:
    """Pages of a PDF."""
    lines = [(40.0, 350 - 18.0 * k, 12.0, sentence) for k, sentence in enumerate(SENTENCES)]
    return [lines, lines, PICTURE]


SEEDS = {
    "a.zip": lambda: zip_of(MEMBERS),
    "a.tar": lambda: tar_of(MEMBERS),
    "a.tar.gz": lambda: gzip.compress(tar_of(MEMBERS), mtime=0),
    "a.7z": seven,
    "a.pdf": lambda: pdf_of(pages(), info="/Title(x)"),
    "v.pdf": lambda: pdf_of(pages(), vertical=True),
    "a.docx": lambda: docx_of(
        paragraph(SENTENCES[0])
        + f"<w:tbl><w:tr><w:tc>{paragraph(SENTENCES[1])}</w:tc></w:tr></w:tbl>",
        f'<w:footnote w:id="2">{paragraph(SENTENCES[2])}</w:footnote>',
    ),
    "a.xlsx": lambda: xlsx_of(
        {"一": '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1"><v>4.5</v></c></row>', "二": ""},
        f"<si><t>{SENTENCES[0]}</t></si>",
    ),
    "a.pptx": lambda: pptx_of(shape(SENTENCES[0]), shape(SENTENCES[1], "title")),
    "a.odt": lambda: odf_of("text", f"<text:p>{SENTENCES[0]}<text:s text:c='3'/></text:p>"),
    "a.ods": lambda: odf_of(
        "spreadsheet",
        "<table:table table:name='x'><table:table-row table:number-rows-repeated='9'>"
        f"<table:table-cell><text:p>{SENTENCES[0]}</text:p></table:table-cell>"
        "</table:table-row></table:table>",
    ),
    "a.rtf": lambda: RTF,
    "a.mbox": (MAIL * 3).encode,
    "a.eml": MAIL.partition("\n")[2].encode,
}


def mutated(data: bytes, pick: random.Random) -> bytes:
    """A file with a few faults: bytes changed, cut out, put in, doubled, or the end lost."""
    result = bytearray(data)
    for _ in range(pick.choice((1, 1, 2, 4, 16))):
        at = pick.randrange(len(result) or 1)
        size = pick.choice((1, 2, 4, 8, 64))
        match pick.randrange(7):
            case 0:
                result[at : at + 1] = bytes([pick.randrange(256)])
            case 1:
                result[at : at + size] = pick.randbytes(size)
            case 2:
                del result[at : at + size]
            case 3:
                result[at:at] = result[at : at + size] * pick.choice((1, 2, 50))
            case 4:
                result[at : at + size] = pick.choice((b"\0", b"\xff")) * size
            case 5:
                other = pick.randrange(len(result) or 1)
                result[at : at + size] = result[other : other + size]
            case _:
                if pick.random() < 0.3:
                    del result[at:]
    return bytes(result)


def mutations(name: str, count: int, seed: int = 0) -> Iterator[bytes]:
    """Mutations of a seed; those of office documents have their parts damaged, not only the zip."""
    pick = random.Random(f"{name} {seed}")
    data = SEEDS[name]()
    inside = (
        _parts(data) if name.rpartition(".")[2] in {"docx", "xlsx", "pptx", "odt", "ods"} else {}
    )
    for _ in range(count):
        if inside and pick.random() < 0.7:
            chosen = pick.choice(sorted(inside))
            yield zip_of({**inside, chosen: mutated(inside[chosen], pick)})
        else:
            yield mutated(data, pick)


def _parts(data: bytes) -> dict[str, bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check(items: list[Item]) -> None:
    """What has to hold for everything that any reader gives."""
    for item in items:
        assert isinstance(item, Document | Unreadable | Skipped)
        if isinstance(item, Document):
            assert 3 * OPTIONS.max_record >= len(item.text)
            item.text.encode()
        elif isinstance(item, Unreadable):
            assert item.detail
            assert "/tmp" not in item.detail  # noqa: S108 - no path of ours is in a record
        item.place.encode()


@pytest.mark.parametrize("name", SEEDS)
def test_seeds_are_whole(tmp_path: Path, name: str):
    """What is mutated is read without a fault before."""
    found = read_all(tmp_path, name, SEEDS[name](), OPTIONS)

    check(found)
    assert {"needs_ocr"} >= {item.cause for item in found if isinstance(item, Unreadable)}
    assert any(isinstance(item, Document) for item in found)


@pytest.mark.parametrize("name", SEEDS)
def test_mutations_are_survived(tmp_path: Path, name: str):
    """Whatever happens to the bytes of a file, reading it ends with documents or reasons."""
    for data in mutations(name, MUTATIONS):
        check(read_all(tmp_path, name, data, OPTIONS))
