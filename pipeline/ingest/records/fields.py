"""
Which column of a record is the text, the id, the address: by name, the same for every format.

What the recipe names is taken, one column or several; else the usual names are tried in order, as
they stand first and then without regard to capitals. All other columns pass through in `extra`,
unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seimai.pipeline.ingest.contract import Document, ReadOptions, Unreadable
from seimai.pipeline.ingest.records.formatted import plain_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TEXT = (
    "text", "content", "body", "raw_content", "raw_text", "main_text", "page_content",
    "text_content", "document", "article", "本文", "テキスト", "内容", "文章",
)  # fmt: skip
ID = ("id", "doc_id", "docid", "docId", "document_id", "uuid", "_id", "ID")
URL = ("url", "uri", "URL", "warc_target_uri", "WARC-Target-URI", "link", "source_url")
LICENSE = ("license", "licence", "License", "ライセンス")
DATE = (
    "date", "timestamp", "published", "published_at", "created", "created_at", "crawl_date",
    "日付", "公開日",
)  # fmt: skip
SOURCE = ("source", "dataset", "corpus", "出典")

_NAMES = {"id": ID, "url": URL, "license": LICENSE, "date": DATE, "source": SOURCE}
_OTHERS = ("url", "license", "date", "source")


def named_columns(options: ReadOptions) -> tuple[str, ...]:
    """The text columns that the recipe names; none where it leaves the choice to us."""
    if options.text is None:
        return ()
    return (options.text,) if isinstance(options.text, str) else options.text


def find_text_columns(columns: Iterable[str], options: ReadOptions) -> tuple[str, ...]:
    """
    The text columns of a table: those of the recipe that are there, else one by its name.

    >>> find_text_columns(["ID", "Text"], ReadOptions())
    ('Text',)
    """
    present = list(columns)
    named = named_columns(options)
    if named:
        return tuple(name for name in named if name in present)
    usual = _usual(present)
    return (usual,) if usual is not None else ()


def _usual(present: Iterable[str]) -> str | None:
    """The first of the usual names, as it is spelled among those that are there."""
    for name in TEXT:
        if name in present:
            return name
    spelled = {name.strip().casefold(): name for name in present if isinstance(name, str)}
    return next((spelled[name] for name in TEXT if name in spelled), None)


def without_columns(columns: Iterable[Any], options: ReadOptions, likely: Any = None) -> str:
    """
    That a table has no text column, which ones it has, and what to write into the recipe.

    >>> without_columns(["番号", "経過"], ReadOptions(), "経過")
    'no text column of the usual names; there are “番号”, “経過”; to read one, write e.g. `text: 経過` into the source of the recipe'
    """  # noqa: E501 - a line of output is not wrapped
    detail = f"no text column {_wanted(options)}; there are {listed(columns)}"
    return detail + _line_to_add(likely)


def _line_to_add(likely: Any) -> str:
    """What to write into a recipe so that a column is read; nothing for odd names."""
    if not isinstance(likely, str) or not likely.strip() or set(likely) & set("\n:#\"'`{}[],"):
        return ""
    return f"; to read one, write e.g. `text: {likely[:40]}` into the source of the recipe"


def _wanted(options: ReadOptions) -> str:
    named = named_columns(options)
    return listed(named) if named else "of the usual names"


def _as_id(value: Any) -> str | None:
    """An id is a string or a whole number; anything else is not one."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def shaper(
    options: ReadOptions, media_type: str, encoding: str | None = "utf-8"
) -> Callable[[dict[str, Any], str], Document | Unreadable]:
    """
    A function that makes a `Document` of a record (which it may change) and its place.

    Where a record has several of the usual names the first in our order is taken; the others stay
    in `extra`. A column is only taken when its value is of the right kind, so that `source: {…}`
    or `date: 3.5` pass through untouched. Of several columns that the recipe names, the text has
    a line `column: value` for each (`_joined`).
    """
    named = named_columns(options)
    first_text = named[0] if named else TEXT[0]
    several = named if len(named) > 1 else ()
    plain = options.text_format == "plain"
    id_names = (options.id,) if options.id else ID
    chosen = [(getattr(options, field), _NAMES[field]) for field in _OTHERS]
    others = [(own,) if own else usual for own, usual in chosen]

    def take(record: dict[str, Any], names: tuple[str, ...]) -> str | None:
        for name in names:
            if name in record:
                value = record[name]
                if isinstance(value, str):
                    del record[name]
                    return value
        return None

    def shape(record: dict[str, Any], place: str) -> Document | Unreadable:
        name = first_text
        if several:
            text = _joined(record, several)
            if text is None:
                return _without_text(record, place, options)
        else:
            if name not in record:
                usual = None if named else _usual(record)
                if usual is None:
                    return _without_text(record, place, options)
                name = usual
            text = record[name]
            if not isinstance(text, str):
                detail = f"the text column “{name}” holds {kind_of(text)}, not a string"
                return Unreadable(place, "no_text", detail)
            del record[name]
        if not plain:
            text = plain_from(text, options)
        own_id = None
        for name in id_names:
            if name in record:
                own_id = _as_id(record[name])
                if own_id is not None:
                    del record[name]
                    break
        url = take(record, others[0])
        licence = take(record, others[1])
        date = take(record, others[2])
        source = take(record, others[3])
        return Document(
            text, place, own_id, url, licence, date, source, None, encoding, encoding, 0,
            media_type, record or None,
        )  # fmt: skip

    return shape


def _joined(record: dict[str, Any], names: tuple[str, ...]) -> str | None:
    r"""
    The text of several columns, a line `column: value` for each, and None where all are empty.

    A value of several lines begins on the line after its column's name. Columns with nothing in
    them are left out, as are nested values, which stay where they were.

    >>> _joined(
    ...     {"件名": "雨漏り", "対応": "", "経過": "屋根を見た。\n瓦を替えた。"},
    ...     ("件名", "対応", "経過"),
    ... )
    '件名: 雨漏り\n経過:\n屋根を見た。\n瓦を替えた。'
    """
    parts = []
    for name in names:
        value = record.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            written = str(record.pop(name)).strip()
            if written:
                parts.append(f"{name}:{chr(10) if chr(10) in written else ' '}{written}")
    return "\n".join(parts) or None


def _without_text(record: dict[str, Any], place: str, options: ReadOptions) -> Unreadable:
    detail = f"no text column {_wanted(options)}; the record has {listed(record)}"
    return Unreadable(place, "no_text", detail + _line_to_add(longest_column(record)))


def longest_column(record: dict[str, Any]) -> str | None:
    """The column with the longest string: what most probably is the text of an unnamed one."""
    strings = {name: len(value) for name, value in record.items() if isinstance(value, str)}
    return max(strings, key=lambda name: strings[name], default=None)


def listed(names: Iterable[Any], most: int = 20) -> str:
    """Names in a sentence, not more than a reader wants to see."""
    every = [f"“{str(name)[:40]}”" for name in names]
    if not every:
        return "no columns"
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")


def kind_of(value: Any) -> str:
    """What a JSON value is, in JSON's own words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return "a string" if isinstance(value, str) else f"a value of type {type(value).__name__}"
