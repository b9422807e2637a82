"""
Files changed at random: bytes, pieces, words that mean something in a format, ends cut off.

Every change hangs on the dice alone, so that an input can be made again from its number.
"""

# ruff: noqa: E501 - a table of words is read more easily in long lines
from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import zstandard

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

SIZES = (1, 1, 2, 4, 8, 64, 512, 4096)
"""How many bytes a change takes: mostly few."""

WORDS = (
    b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b$B", b"\x1b(B", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\x85",
    b"\r", b"\n\n\n", b'"', b'""', b"\\", b"\\ud800", b"-1", b"1" * 40, b"1e999", b"NaN", b"%s%n", b"../", b"C:\\", b"/",
    b"<", b">", b"</", b"<!--", b"-->", b"]]>", b"<![CDATA[", b"<!DOCTYPE a [", b"<!ENTITY a '&a;'>", b"&#0;", b"&a;",
    b"&#x110000;", b"&#xd800;", b"<a>" * 300, b"<p", b"<script>", b"<table>", b"</html>", b"<br/>",
    b" class='", b' class="', b" id=", b"<figure>", b"<noscript>", b"<frameset>", b"<nav>", b"</a>", b"<svg>",
    b"<template>", b"<plaintext>", b"<textarea>", b" hidden ", b"<div>" * 300, b"\v", b"\f",
    b"[" * 300, b"{" * 300, b"(" * 300, b"{{", b"}}", b"[[", b"{|", b"<page>", b"</page>", b"<ref>",
    b"WARC/1.0\r\n", b"\r\n\r\n", b"Content-Length: 99999999999999999999\r\n", b"Content-Length: -1\r\n",
    b"HTTP/1.1 200\r\n", b"Content-Encoding: br\r\n", b"Transfer-Encoding: chunked\r\n", b"ffffffff\r\n",
    b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"BZh9", b"\xfd7zXZ\0", b"PK\3\4", b"PK\5\6", b"PK\1\2", b"7z\xbc\xaf\x27\x1c",
    "《".encode(), "［＃".encode(), "｜".encode("cp932"), b"```", b"---\n", b"\n.. x::\n", b"\n::\n", b"`" * 300,
    b"> " * 300, b"- " * 300, b"*" * 300, b"_" * 300, b"| " * 300, b'msgstr "', b'msgid "', b"\\(", b"\n.de x\n", b"\n.ie",
    b"\\{", b"\\}", b"\n.so x\n", b"\n.TS\n", b"\\f", b"\\*", b"=?utf-8?B?", b"=?iso-2022-jp?Q?", b"--x\n", b"--x--\n",
    b"\nFrom a Mon May  6 07:08:09 2024\n", b"Content-Type: multipart/mixed; boundary=x\n\n", b"\\u-1?", b"\\bin99999999 ",
    b"\\'", b"{\\*\\", b"\\par", b"%PDF-", b" 0 R", b"endobj", b"stream\n", b"/Kids[", b"/Length ", b"<<", b">>", b"xref\n",
    b"ustar", b"PAR1", b"ARROW1", b"\xff\xff\xff\xff", b"\0" * 512, b"r:id=", b"<w:p>", b"<c t='s'><v>9999999</v></c>",
    b"number-rows-repeated='99999999'", b"xml:space='preserve'", b"utf-16", b"shift_jis", b"idna", b"unicode_escape",
)  # fmt: skip
"""What has a meaning in one of the formats, or in none."""

Pack = Callable[[bytes], bytes]
PACKS: dict[str, Pack] = {
    "gzip": lambda data: gzip.compress(data, 1, mtime=0),
    "bzip2": lambda data: bz2.compress(data, 1),
    "xz": lambda data: lzma.compress(data, preset=0),
    "zstd": lambda data: zstandard.compress(data, 1),
}
"""Compressed streams by the name of their target."""


def mutated(data: bytes, dice: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """Bytes like those given, changed in one to sixteen places; pieces may come from others."""
    result = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 3, 5, 8, 16))):
        at = dice.randrange(len(result) + 1)
        size = dice.choice(SIZES)
        match dice.randrange(11):
            case 0 if at < len(result):
                result[at] ^= 1 << dice.randrange(8)
            case 1:
                result[at : at + 1] = bytes([dice.randrange(256)])
            case 2:
                result[at : at + size] = dice.randbytes(min(size, 64))
            case 3:
                del result[at : at + size]
            case 4:
                result[at:at] = result[at : at + size] * dice.choice((1, 1, 2, 50))
            case 5:
                result[at : at + size] = dice.choice((b"\0", b"\xff", b" ", b"\n")) * min(size, 64)
            case 6:
                result[at:at] = dice.choice(WORDS)
            case 7:
                result[at : at + size] = dice.choice(WORDS)
            case 8:
                other = dice.choice(others) if others else bytes(result)
                start = dice.randrange(len(other) + 1)
                result[at:at] = other[start : start + size]
            case 9:
                other_at = dice.randrange(len(result) + 1)
                result[at : at + size] = result[other_at : other_at + size]
            case _ if dice.random() < 0.2:
                del result[at:]
    return bytes(result)


def mutated_inside(data: bytes, dice: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """An archive of the ZIP kind with one of its members changed, and whole as an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chosen = dice.choice(sorted(parts))
    parts[chosen] = mutated(parts[chosen], dice, others)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def mutated_packed(data: bytes, dice: random.Random, pack: Pack) -> bytes:
    """A compressed stream with a fault: before packing, after it, or behind it."""
    match dice.randrange(6):
        case 0:
            return pack(mutated(data, dice))
        case 1:
            packed = pack(data)
            return packed[: dice.randrange(len(packed) + 1)]
        case 2:
            return pack(data) + dice.choice((pack(data), b"\0" * 512, b"x", dice.randbytes(20)))
        case 3:
            half = dice.randrange(len(data) + 1)
            return pack(data[:half]) + mutated(pack(data[half:]), dice)
        case _:
            return mutated(pack(data), dice)
