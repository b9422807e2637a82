"""
Which column of a record is the text, the id, the address: by name, the same for every format.

What the recipe names is taken; else the usual names are tried in order. All other columns pass
through in `extra`, unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seimai.pipeline.ingest.contract import Document, ReadOptions, Unreadable

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

_NAMES = {"text": TEXT, "id": ID, "url": URL, "license": LICENSE, "date": DATE, "source": SOURCE}
_OTHERS = ("url", "license", "date", "source")


def find_text_column(columns: Iterable[str], options: ReadOptions) -> str | None:
    """The name of the text column of a table, or None."""
    present = list(columns)
    wanted = (options.text,) if options.text else TEXT
    return next((name for name in wanted if name in present), None)


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
    or `date: 3.5` pass through untouched.
    """
    text_names = (options.text,) if options.text else TEXT
    first_text = text_names[0]
    id_names = (options.id,) if options.id else ID
    chosen = [(getattr(options, field), _NAMES[field]) for field in _OTHERS]
    others = [(named,) if named else usual for named, usual in chosen]

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
        if name not in record:
            for name in text_names:
                if name in record:
                    break
            else:
                return _without_text(record, place, text_names)
        text = record[name]
        if not isinstance(text, str):
            return Unreadable(
                place, "no_text", f"the text column “{name}” holds {kind_of(text)}, not a string"
            )
        del record[name]
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


def _without_text(record: dict[str, Any], place: str, names: tuple[str, ...]) -> Unreadable:
    wanted = f"“{names[0]}”" if len(names) == 1 else "of the usual names"
    return Unreadable(place, "no_text", f"no text column {wanted}; the record has {listed(record)}")


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
