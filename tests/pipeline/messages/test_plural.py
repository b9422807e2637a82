"""One thing is told in the singular."""

from __future__ import annotations

import pytest

from seimai.pipeline.messages import counted, numbered, sentence
from seimai.pipeline.report.markup import both
from seimai.pipeline.report.words import WORDS

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("said", "template", "count"),
    [
        ("1 text has the id", "{count} texts have the id", 1),
        ("1 text has the id", "{count} texts have the id", "1"),
        ("2 texts have the id", "{count} texts have the id", "2"),
        ("0 texts have the id", "{count} texts have the id", 0),
        ("1,001 texts", "{count:,} texts", 1001),
        ("1 textbook", "{count} textbook", 1),
        ("1 text that was cut", "{count} texts that were cut", 1),
        ("1 of 9 records", "{count} of 9 records", 1),
    ],
)
def test_the_noun_follows_the_number(said, template, count):
    """Only the number one changes a noun, and the verb right after it."""
    assert said == numbered(template, {"count": count})


def test_what_is_filled_in_stays():
    """A value such as a file named “1 texts” is not put into the singular."""
    assert "1 text of 1 texts" == numbered("{n} texts of {path}", {"n": 1, "path": "1 texts"})


def test_counted_writes_thousands():
    """A number with its noun, as it stands in a card."""
    assert ("1 record", "12,000 records") == (counted(1, "records"), counted(12_000, "records"))


def test_screens_use_it():
    """A sentence of the terminal and one of the report."""
    assert "1 text" == sentence("unit.texts", count="1")
    assert "1 texts" not in both(WORDS["twins.size"], count="1")
