"""
Benchmark files as items: a question, its choices, its answer, and the passage that it is about.

JSON lines, JSON, CSV, TSV and Parquet, with columns found by name, and the layouts in which
Japanese benchmarks are handed out. A line that is no item is an error here: a benchmark that was
half read would be half looked for, and nobody would know.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from seimai.pipeline.errors import Problem

QUESTION = (
    *("question", "questions", "query", "input", "prompt", "problem", "sentence", "sentence1"),
    *("text", "質問", "問題", "問題文", "設問", "question_text"),
)
CHOICES = ("choices", "options", "candidates", "endings", "選択肢")
PASSAGE = ("passage", "context", "paragraph", "article", "document", "文章", "本文", "文脈")
ANSWER = ("answer", "answers", "label", "output", "target", "正解", "解答", "答え", "答")
ID = ("id", "q_id", "qid", "question_id", "sentence_pair_id", "idx")
"""Names of columns, in the order in which they are looked for; small letters."""

_LETTER = re.compile(r"(?:choice|option|選択肢)?[_ ]?([a-h]|[0-9])", re.IGNORECASE)
"""`A`, `choice0`, `option_1`: a column that holds one of the choices."""

_INPUT_MARK = re.compile(r"(?:^|\n)\s*(質問|問題|文章|選択肢|本文)\s*[:：]\s*")
"""What llm-jp-eval puts before the parts of an input."""


@dataclass(frozen=True)
class Item:
    """One item of a benchmark."""

    name: str
    """Its id, or where it has none its number in its file, from 0."""
    question: str
    choices: tuple[str, ...] = ()
    answer: str = ""
    passage: str = ""


@dataclass(frozen=True)
class Columns:
    """What the columns are called; what is left out is found by name."""

    question: str | None = None
    choices: tuple[str, ...] = ()
    answer: str | None = None
    passage: str | None = None
    id: str | None = None


def read_items(data: bytes, name: str, layout: str, columns: Columns) -> list[Item]:
    """All items in the bytes of a benchmark file; a `Problem` where it cannot be read as such."""
    try:
        rows = _rows(data, name, layout)
        items = [
            item
            for number, row in enumerate(rows)
            for item in _items(row, str(number), layout, columns)
        ]
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        cause = f"{type(error).__name__}: {error}".split("\n", 1)[0]
        raise Problem("C001", path=name, cause=cause) from error
    if not any(item.question or item.passage for item in items):
        raise Problem("C002", path=name)
    return items


def _rows(data: bytes, name: str, layout: str) -> Iterable[Any]:
    """The records of a file by its ending: mappings, or lists where a table has no head."""
    ending = Path(name).suffix.lower()
    if ending == ".parquet":
        import pyarrow.parquet as pq

        return list(pq.read_table(io.BytesIO(data)).to_pylist())
    text = data.decode("utf-8-sig")
    if ending in (".csv", ".tsv"):
        return _table(text, "\t" if ending == ".tsv" else ",", headless=layout in HEADLESS)
    if ending in (".jsonl", ".ndjson") or layout == "jcommonsenseqa":
        return [orjson.loads(line) for line in text.splitlines() if line.strip()]
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:  # JGLUE calls its JSON lines .json
        return [orjson.loads(line) for line in text.splitlines() if line.strip()]
    return found if isinstance(found, list) else [found]


def _table(text: str, delimiter: str, *, headless: bool) -> list[Any]:
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    if not rows:
        return []
    if headless:
        return rows
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def _items(row: Any, number: str, layout: str, columns: Columns) -> Iterator[Item]:
    if isinstance(row, list):
        yield _headless(row, number)
    elif layout == "llm-jp-eval" or (layout == "auto" and isinstance(row.get("samples"), list)):
        for k, sample in enumerate(row.get("samples", [row])):
            yield _of_prompt(str(sample["input"]), str(sample.get("output", "")), f"{number}.{k}")
    elif isinstance(row.get("data"), list) or isinstance(row.get("paragraphs"), list):
        yield from _squad(row)
    else:
        yield from _named(row, number, columns)


HEADLESS = frozenset({"mgsm-ja", "jmmlu"})
"""Layouts whose tables have no names of columns: the question, the choices if any, the answer."""


def _headless(row: list[str], number: str) -> Item:
    question, *choices = row
    answer = choices.pop() if choices else ""
    return Item(number, question, tuple(choices), answer)


def _squad(row: Mapping[str, Any]) -> Iterator[Item]:
    """JSQuAD: articles with paragraphs, each with its questions."""
    for article in row.get("data", [row]):
        for paragraph in article["paragraphs"]:
            for one in paragraph["qas"]:
                answers = one.get("answers") or [{}]
                # `タイトル [SEP] 本文` is how JSQuAD writes a passage.
                passage = paragraph["context"].partition("[SEP]")
                yield Item(
                    str(one.get("id", "")),
                    one["question"],
                    answer=str(answers[0].get("text", "")),
                    passage=(passage[2] or passage[0]).strip(),
                )


def _of_prompt(text: str, answer: str, number: str) -> Item:
    """An input of llm-jp-eval: lines of `文章：`, `質問：`, `選択肢：0.…,1.…`, or a question."""
    parts = _INPUT_MARK.split(text)
    named = dict(zip(parts[1::2], parts[2::2], strict=True))
    question = named.get("質問") or named.get("問題") or (parts[0] if not named else "")
    listed = re.split(r"(?:^|[,、\n])\s*\d+\s*[.．:：]", named.get("選択肢", ""))
    choices = tuple(one.strip() for one in listed if one.strip())
    passage = named.get("文章") or named.get("本文") or ""
    return Item(number, question.strip(), choices, answer, passage.strip())


def _named(row: Mapping[str, Any], number: str, columns: Columns) -> Iterator[Item]:
    """An item by the names of its columns; a pair of sentences is a question and a passage."""
    low = {str(key).strip().lower(): value for key, value in row.items()}

    def take(own: str | None, names: Iterable[str]) -> Any:
        if own is not None:
            return row[own]
        return next((low[name] for name in names if low.get(name) not in (None, "", [])), "")

    listed: Any = [row[name] for name in columns.choices] or take(None, CHOICES)
    if isinstance(listed, dict):  # `{"text": [...], "label": [...]}`
        listed = listed.get("text", list(listed.values()))
    if not listed:
        listed = [value for key, value in low.items() if _LETTER.fullmatch(key)]
    choices = [listed] if isinstance(listed, str) else listed
    passage = take(columns.passage, (*PASSAGE, "sentence2"))
    answer = take(columns.answer, ANSWER)
    yield Item(
        str(take(columns.id, ID) or number),
        _one(take(columns.question, QUESTION)),
        tuple(str(one) for one in choices if one is not None),
        _one(answer),
        _one(passage),
    )


def _one(value: Any) -> str:
    """A value as one text: of a list its first entry, of a mapping its text."""
    while isinstance(value, list | dict):
        first = value.get("text") if isinstance(value, dict) else next(iter(value), "")
        value = first or ""
    return str(value)
