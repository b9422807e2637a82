"""What a file claims about its encoding, and what those names mean in practice."""

from __future__ import annotations

import codecs
import re

LOOK = 4096
"""Browsers look at 1,024 bytes; real pages put scripts before their meta tags."""

MEANT = {
    # Everybody who says Shift_JIS means what Windows writes.
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "windows-31j": "cp932", "ms_kanji": "cp932", "csshiftjis": "cp932", "ms932": "cp932",
    "shift_jisx0213": "cp932", "windows-932": "cp932", "cswindows31j": "cp932",
    "sjis-win": "cp932", "x-ms-cp932": "cp932", "ibm-943": "cp932", "ibm-943c": "cp932",
    "shift_jis_2004": "cp932", "x-mac-japanese": "cp932", "macjapanese": "cp932",
    "euc-jp": "euc_jp", "x-euc-jp": "euc_jp", "eucjp": "euc_jp", "ujis": "euc_jp",
    "euc_jp": "euc_jp", "eucjp-ms": "euc_jp", "cp51932": "euc_jp", "euc": "euc_jp",
    "x-euc": "euc_jp", "cseucpkdfmtjapanese": "euc_jp", "eucjp-win": "euc_jp",
    "eucjp-open": "euc_jp", "x-eucjp": "euc_jp", "euc_jis_2004": "euc_jp", "euc_jisx0213": "euc_jp",
    "iso-2022-jp": "iso2022_jp", "jis": "iso2022_jp", "csiso2022jp": "iso2022_jp",
    "iso-2022-jp-ms": "iso2022_jp", "cp50220": "iso2022_jp", "cp50221": "iso2022_jp",
    "utf-8": "utf-8", "utf8": "utf-8", "x-utf-8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8", "x-unicode-2-0-utf-8": "utf-8", "utf_8_sig": "utf-8",
    "utf-7": "utf-7", "utf_7": "utf-7", "unicode-1-1-utf-7": "utf-7",
    "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "unicode": "utf-16-le",
    "utf_16": "utf-16-le", "utf_16_le": "utf-16-le", "utf_16_be": "utf-16-be",
    "utf-32": "utf-32-le", "utf_32_le": "utf-32-le", "utf_32_be": "utf-32-be",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs",
    "euc-kr": "cp949", "euc_kr": "cp949", "ks_c_5601-1987": "cp949", "cp949": "cp949",
    "korean": "cp949",
    "iso-8859-1": "cp1252", "iso8859_1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "windows-1252": "cp1252", "windows-1251": "cp1251", "koi8-r": "koi8-r",
    "koi8_r": "koi8-r", "windows-874": "cp874", "tis_620": "cp874", "iso8859_9": "cp1254",
}  # fmt: skip
"""Names as they are declared, and the encoding that files with them are in (after WHATWG)."""

_META = re.compile(
    rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
_XML = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})")


_WRAPPING = re.compile(r"^.*\bcharset\s*=|[\s\"';]+")
"""What people leave around the name: all of the header, quotation marks, semicolons."""

PYTHONS_OWN = {"punycode", "unicode_escape", "raw_unicode_escape"}
"""Ways to write text within Python and names of hosts; no file is in them."""


def known(name: str | None) -> str | None:
    """Our name of a declared encoding; None for names that mean nothing."""
    if not name:
        return None
    plain = _WRAPPING.sub("", name.lower())
    if plain in MEANT:
        return MEANT[plain]
    try:
        found = codecs.lookup(plain).name.replace("-", "_") if plain.isascii() else None
        # Python also calls what turns bytes into bytes (rot13) and names of hosts (idna) encodings.
        if found is None or found in PYTHONS_OWN:
            return None
        b"a".decode(plain, "replace")
    except (LookupError, ValueError):
        return None
    return MEANT.get(found, MEANT.get(found.replace("_", "-"), found))


def declared_in(data: bytes, kind: str | None) -> str | None:
    """The encoding that an XML declaration or a meta tag at the beginning claims."""
    head = data[:LOOK]
    match = _XML.match(head)
    if match is None and (kind == "html" or b"<meta" in head or b"<META" in head):
        match = _META.search(head)
    return known(match[1].decode("ascii")) if match else None
