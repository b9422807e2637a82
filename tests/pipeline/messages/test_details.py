"""Every detail that a reader can put into quarantine has its Japanese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from seimai.pipeline.engine.workers import slow_records
from seimai.pipeline.ingest.documents.pdf_pages import WORDS
from seimai.pipeline.ingest.one_record import GAVE_UP
from seimai.pipeline.ingest.pages.warc import DETAILS as OF_RESPONSES
from seimai.pipeline.messages.details import DETAILS, STEPS, in_japanese

ROOT = Path(__file__).parents[3] / "pipeline"
PLACE_OF_DETAIL = {"Broken": 1, "Unreadable": 2, "Unfinished": 3}
"""Which argument of what readers raise and yield is the detail."""
NO_SENTENCES = {"", "{}", "{}{}", "{} {}", "{}: {}"}
"""What is made of variables alone; the strings of these are found where they are assigned."""
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龯]")


def _written(node: ast.expr | None) -> str | None:
    """A string of the source; each hole of a format string as `{}`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    return None


def _details() -> Iterator[str]:
    """All sentences that readers write as details."""
    for folder in ("ingest", "engine"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                found = None
                if isinstance(node, ast.Assign):
                    names = {getattr(target, "id", "") for target in node.targets}
                    found = _written(node.value) if "detail" in names else None
                elif isinstance(node, ast.Call):
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    at = PLACE_OF_DETAIL.get(name, len(node.args))
                    found = _written(node.args[at]) if at < len(node.args) else None
                if found and found not in NO_SENTENCES:
                    yield found


FOUND = sorted(set(_details()))


def test_the_source_is_searched():
    """The search below finds the sentences of every folder of readers."""
    assert len(FOUND) > 120
    assert "the file has no bytes" in FOUND


@pytest.mark.parametrize("detail", FOUND)
def test_every_detail_has_its_japanese(detail):
    """A new sentence of a reader comes with a line in `messages/details.py`."""
    filled = detail.replace("the {} rows from here on {}", "the 3 rows from here on are missing")
    if filled.startswith("are "):  # What stands behind the number of rows.
        filled = f"the 3 rows from here on {filled}"
    assert JAPANESE.search(in_japanese(filled.replace("{}", "X")))


@pytest.mark.parametrize(
    "sentence", [*WORDS.values(), GAVE_UP + ": X", *(one for _, one in OF_RESPONSES.values())]
)
def test_what_others_say_has_its_japanese(sentence):
    """Words for errors of pdfium and for content codings have Japanese too."""
    assert JAPANESE.search(in_japanese(sentence.format(largest=1)))


@pytest.mark.parametrize("english", DETAILS)
def test_both_have_the_same_holes(english):
    """No Japanese sentence asks for what the English one does not tell."""
    assert set(re.findall(r"{(\w+)}", DETAILS[english])) <= set(re.findall(r"{(\w+)}", english))


def test_what_took_too_long():
    """The step is told in Japanese, and which record it was stays."""
    slow = slow_records.SlowRecord("a.jsonl", "row 3", "a.jsonl-3", "measure")
    assert in_japanese(slow.detail(60)) == (
        "指標の計算に 60 秒を超える時間がかかりました (id a.jsonl-3)"
    )
    assert set(STEPS) == set(slow_records.STEPS.values())


def test_a_detail_within_a_detail():
    """What a sentence quotes of another is told in Japanese as well."""
    assert in_japanese("the line holds a list, not an object") == (
        "行の中身がオブジェクトではなくリストです"
    )


def test_what_a_library_said_stays():
    """Words that are none of ours are shown as they are, line breaks included."""
    assert (
        in_japanese("the part “a.xml” is damaged: bad\ntag")
        == "部品「a.xml」が壊れています: bad\ntag"
    )
