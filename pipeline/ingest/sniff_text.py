"""
What kind of text a text is, by how it begins: XML of some kind, roff, gettext, Aozora Bunko; and
whether it can be nothing but records in JSON.
"""

from __future__ import annotations

import json
import re

import orjson

XML_KINDS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"<mediawiki[\s>]"), "mediawiki"),
    (re.compile(rb"<Law(?:\s[^<>]*)?>\s*<LawNum[\s>]"), "law"),
    (re.compile(rb"<(?:DataRoot|law_full_text|LawFullText)[\s>]"), "law"),
    (re.compile(rb"<rss[\s>]"), "feed"),
    (re.compile(rb"<feed\s[^<>]{0,1000}?(?:w3\.org/2005/Atom|purl\.org/atom)"), "feed"),
    (re.compile(rb"<rdf:RDF\s[^<>]{0,2000}?purl\.org/(?:rss|net/rss)"), "feed"),
    (re.compile(rb"<svg[\s>]"), "an image"),
    (re.compile(rb"<html[\s>]", re.IGNORECASE), "html"),
    *(
        (re.compile(rb"<office:document\s[^<>]{0,9000}?opendocument\." + kind), name)
        for kind, name in ((rb"text", "odt"), (rb"spreadsheet", "ods"), (rb"presentation", "odp"))
    ),
    (re.compile(rb"<pkg:package\s.{0,3000}?[\"/]word/", re.DOTALL), "docx"),
    (re.compile(rb"<pkg:package\s.{0,3000}?[\"/]ppt/", re.DOTALL), "pptx"),
    (re.compile(rb"<w:wordDocument\s[^<>]{0,3000}?office/word/2003/wordml"), "docx"),
    (re.compile(rb"<(?:ss:)?Workbook\s[^<>]{0,3000}?microsoft-com:office:spreadsheet"), "xlsx"),
)
"""Elements that name their format, in a file that begins as XML."""
WITHOUT_DECLARATION = 6
"""The first of these elements (this many) are believed without an XML declaration as well."""

_DECLARED = re.compile(rb"<\?xml[\s?]")
_ROFF = re.compile(
    rb"(?:(?:[.']\\[\"#]|\\[\"#]|'\\\"|[.'](?:ie?|el|ds|de|nr|so)\s)[^\n]*\n|[.']?[ \t\r]*\n)*+"
    rb"[.'](?:TH|Dd|so)[ \t]"
)
_TITLE = re.compile(rb"^\.TH[ \t]", re.MULTILINE)
_SECTION = re.compile(rb"^\.SH[ \t]", re.MULTILINE)
_GETTEXT = re.compile(rb"^msgid \"[^\n]*\n(?:\"[^\n]*\n)*+msgstr(?:\[0\])? \"", re.MULTILINE)

SPELLINGS = ("utf-8", "cp932", "euc_jp", "utf-16-le", "utf-16-be")
NOTE, LEGEND, BOOK, HOUSE, RUBY = (
    "［＃",
    "【テキスト中に現れる記号について】",
    "\n底本：",
    "青空文庫",
    "》",
)


def shape(head: bytes, by_name: str | None) -> str | None:
    """
    The format that the beginning of a text speaks for, or None for text as such.

    `by_name` is None, `text` or `xml`: other names are believed.
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if by_name == "xml" or _DECLARED.match(start):
        found = [
            (match.start(), name) for pattern, name in XML_KINDS if (match := pattern.search(start))
        ]
        # The outermost element says it: an article may quote an <svg>.
        return min(found)[1] if found else "xml"
    if by_name is None:
        for pattern, name in XML_KINDS[:WITHOUT_DECLARATION]:
            if pattern.match(start):
                return name
    if _ROFF.match(start) or (_TITLE.search(start) and _SECTION.search(start)):
        return "man"
    if _GETTEXT.search(start):
        return "po"
    if any(_is_aozora(head, spelling) for spelling in SPELLINGS):
        return "aozora"
    return None


def _is_aozora(head: bytes, spelling: str) -> bool:
    note, legend, book, house, ruby = (
        mark.encode(spelling) for mark in (NOTE, LEGEND, BOOK, HOUSE, RUBY)
    )
    if legend in head:
        return True
    if book in head or book.replace(b"\n", b"\r\n") in head:
        return house in head or note in head or ruby in head
    return note in head and ruby in head


def json_records(head: bytes, *, cut: bool) -> str | None:
    r"""
    `jsonl` or `json` where a text can be nothing but records, whatever it is called.

    That is a list of objects, or at least two lines, each of which is an object; one alone may be
    an example in a text. `cut` says that the text goes on behind `head`.

    >>> json_records(b'{"text": "a"}\n{"text": "b"}\n', cut=False)
    'jsonl'
    >>> json_records(b'[{"text": "a"}, {"te', cut=True)
    'json'
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"{":
        lines = start.split(b"\n")
        lines = [line for line in (lines[:-1] if cut else lines) if line.strip()]
        return "jsonl" if len(lines) > 1 and all(map(_is_object, lines)) else None
    if start[:1] == b"[" and start[1:].lstrip()[:1] == b"{":
        return "json" if (_is_list_of_objects(start) if not cut else _begins_list(start)) else None
    return None


def _is_object(line: bytes) -> bool:
    try:
        found = orjson.loads(line)
    except ValueError:
        return False
    return isinstance(found, dict) and bool(found)


def _is_list_of_objects(text: bytes) -> bool:
    try:
        found = orjson.loads(text)
    except ValueError:
        return False
    return isinstance(found, list) and all(isinstance(one, dict) and one for one in found)


def _begins_list(text: bytes) -> bool:
    """Whether the first element of a list is a whole object, and others follow."""
    # The last character may be half there.
    rest = text[1:].decode("utf-8", "ignore").lstrip()
    try:
        found, end = json.JSONDecoder().raw_decode(rest)
    except (ValueError, RecursionError):  # as deep as that is no list of records
        return False
    return isinstance(found, dict) and bool(found) and rest[end:].lstrip()[:1] == ","
