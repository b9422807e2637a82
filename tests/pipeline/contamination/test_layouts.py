"""Benchmark files in all layouts become items, or a problem that names the file."""

from __future__ import annotations

import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seimai.pipeline.contamination.layouts import Columns, Item, read_items
from seimai.pipeline.errors import Problem

WANTED = Item("7", "米を搗く道具は？", ("臼", "鍬"), "0")


def read(data, name, layout="auto", **columns):
    """The items of a file given as text."""
    return read_items(data.encode(), name, layout, Columns(**columns))


@pytest.mark.parametrize(
    ("name", "layout", "data"),
    [
        (
            "a.jsonl",
            "jcommonsenseqa",
            '{"id": 7, "query": "米を搗く道具は？", "choice0": "臼", "choice1": "鍬", "label": 0}',
        ),
        (
            "a.json",
            "auto",
            '[{"id": 7, "question": "米を搗く道具は？", "choices": ["臼", "鍬"], "answer": 0}]',
        ),
        ("a.csv", "auto", "id,問題,A,B,正解\n7,米を搗く道具は？,臼,鍬,0\n"),
        (
            "a.tsv",
            "auto",
            "id\tquestion\tchoice0\tchoice1\tlabel\n7\t米を搗く道具は？\t臼\t鍬\t0\n",
        ),
    ],
)
def test_columns_are_found_by_name(name, layout, data):
    """JSON lines, JSON, CSV and TSV with the usual names give the same item."""
    assert [WANTED] == read(data, name, layout)


def test_tables_without_a_head_are_read_by_their_layout():
    """JMMLU has question, choices and answer in a row, MGSM a question and its number."""
    assert [Item("0", "米を搗く道具は？", ("臼", "鍬", "鎌", "鋤"), "A")] == read(
        "米を搗く道具は？,臼,鍬,鎌,鋤,A\n", "a.csv", "jmmlu"
    )
    assert [Item("0", "二升と三升で何升？", (), "5")] == read(
        "二升と三升で何升？\t5\n", "a.tsv", "mgsm-ja"
    )


def test_an_input_of_llm_jp_eval_is_taken_apart():
    """Question, choices and passage stand in one text, each behind its word."""
    prompt = "文章：谷の水車は一日に二俵の米を搗く。\n質問：米を搗くのは？\n選択肢：0.水車,1.馬"
    data = json.dumps({"instruction": "答えよ", "samples": [{"input": prompt, "output": "0"}]})

    assert [
        Item("0.0", "米を搗くのは？", ("水車", "馬"), "0", "谷の水車は一日に二俵の米を搗く。")
    ] == read(data, "a.json", "llm-jp-eval")


def test_articles_with_questions_are_taken_apart():
    """JSQuAD has several questions of one passage, whose title is left out."""
    qas = [{"id": "q1", "question": "誰の田か", "answers": [{"text": "村の田"}]}]
    paragraph = {"context": "棚田 [SEP] 棚田は村の田である。", "qas": qas}
    data = json.dumps({"data": [{"paragraphs": [paragraph]}]})

    assert [Item("q1", "誰の田か", (), "村の田", "棚田は村の田である。")] == read(
        data, "a.json", "jglue"
    )


def test_parquet_and_named_columns():
    """Columns may have names of their own, also in Parquet."""
    file = io.BytesIO()
    pq.write_table(pa.table({"とい": ["米を搗く道具は？"], "肢": [["臼", "鍬"]]}), file)
    columns = Columns("とい", ("肢",))

    (item,) = read_items(file.getvalue(), "a.parquet", "auto", columns)

    assert item.question == WANTED.question


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [("{", "a.jsonl", "C001"), ('{"n": 1}', "a.jsonl", "C002"), ("x,y\n1,2\n", "a.csv", "C002")],
)
def test_what_is_no_benchmark_is_a_problem(data, name, code):
    """A broken file and one without questions are told by name."""
    with pytest.raises(Problem) as caught:
        read(data, name)

    assert code == caught.value.code
