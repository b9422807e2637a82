"""Databases: rows of a query become documents, and no secret is ever written."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from seimai.pipeline.engine.planning.plan import patterns
from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest import Document, ReadOptions, find_inputs, read
from seimai.pipeline.ingest.sources.databases import sql_pattern
from seimai.pipeline.recipe import Recipe
from tests.conftest import prose
from tests.pipeline.ingest.making import SENTENCES, causes, texts


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of three articles; `SEIMAI_TEST_DB` is its address."""
    path = tmp_path / "articles-s3cret.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE article (number INTEGER, body TEXT, score REAL)")
        rows = [(7 + k, sentence, k / 2) for k, sentence in enumerate(SENTENCES)]
        connection.executemany("INSERT INTO article VALUES (?, ?, ?)", rows)
    connection.close()
    monkeypatch.setenv("SEIMAI_TEST_DB", f"sqlite:///{path}")
    return path


def ask(query: str, options: ReadOptions | None = None, address: str = "${SEIMAI_TEST_DB}"):
    """What reading a query gives."""
    [source] = find_inputs([sql_pattern(address, query)])
    return list(read(source, options))


@pytest.mark.usefixtures("database")
def test_rows_are_documents():
    """The text, the key as id, and the other columns as they are."""
    found = ask("SELECT * FROM article ORDER BY number", ReadOptions(id="number"))

    assert list(SENTENCES) == texts(found)
    assert isinstance(found[0], Document)
    assert ("7", "row 0", {"score": 0.0}) == (found[0].id, found[0].place, found[0].extra)


@pytest.mark.usefixtures("database")
def test_rows_without_a_text_are_told():
    """A null is one record, a query without texts is one for all."""
    assert ["no_text"] == causes(ask("SELECT NULL AS text"))
    assert ["no_text_column"] == causes(ask("SELECT number FROM article"))
    assert ["too_large"] == causes(ask("SELECT 'long' AS text", ReadOptions(max_record=5)))


@pytest.mark.usefixtures("database")
def test_nothing_can_be_changed():
    """A query that writes to the database is refused."""
    with pytest.raises(Problem, match="I002"):
        ask("DELETE FROM article")

    assert 3 == len(ask("SELECT body FROM article"))


def test_faults_name_no_secret(database: Path, monkeypatch: pytest.MonkeyPatch):
    """What cannot be opened is told by the name in the recipe, not by the address."""
    with pytest.raises(Problem) as found:
        ask("SELECT * FROM nothing")
    assert "SEIMAI_TEST_DB" in str(found.value)
    assert "s3cret" not in str(found.value)

    monkeypatch.setenv("SEIMAI_TEST_DB", f"sqlite:///{database}-s3cret-missing")
    with pytest.raises(Problem) as found:
        ask("SELECT 1 AS text")
    assert "s3cret" not in str(found.value)
    assert not database.with_name(f"{database.name}-s3cret-missing").exists()


def test_a_missing_variable_and_a_missing_driver_are_told():
    """The name of the variable, or the package to install."""
    with pytest.raises(Problem, match="I003"):
        ask("SELECT 1", address="${SEIMAI_NOT_SET}")
    with pytest.raises(Problem, match="E001") as found:
        ask("SELECT 1", address="mysql+pymysql://reader@127.0.0.1/corpus")
    assert "pymysql" in found.value.hint


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ({"database": "sqlite:///a.db"}, "R036"),
        ({"query": "SELECT 1", "files": ["a"]}, "R036"),
        ({"database": "sqlite:///a.db", "query": "SELECT 1", "files": ["a"]}, "R022"),
        ({"database": "postgresql://u:p@host/db", "query": "SELECT 1"}, "R037"),
        ({"files": ["a.txt", "https://u:p@host/b.txt"]}, "R037"),
        ({"files": ["https://host/b.txt?X-Amz-Signature=00"]}, "R037"),
    ],
)
def test_recipes_are_checked(source, code):
    """A database needs a query and no other kind of source; no address holds a secret."""
    with pytest.raises(ValueError, match="source") as found:
        Recipe.model_validate({"recipe": "x", "source": [{"name": "a", **source}]})

    assert code in {error["type"] for error in found.value.errors()}


def test_a_variable_may_stand_for_the_password():
    """User and password can be variables of their own."""
    address = "postgresql://${DB_USER}:${DB_PASSWORD}@host/corpus"
    source = {"name": "a", "database": address, "query": "SELECT 1"}
    recipe = Recipe.model_validate({"recipe": "x", "source": [source]})

    assert "corpus-" in find_inputs(patterns(recipe.source[0]))[0].key


def test_no_file_of_a_run_holds_the_address(database: Path, tmp_path: Path, curate):
    """A whole run leaves what the variable stands for nowhere."""
    with sqlite3.connect(database) as connection:
        rows = [(100 + k, prose(k), 0.0) for k in range(5)]
        connection.executemany("INSERT INTO article VALUES (?, ?, ?)", rows)
    connection.close()
    source = {
        "name": "db",
        "database": "${SEIMAI_TEST_DB}",
        "query": "SELECT number, body FROM article",
        "id": "number",
    }
    out = tmp_path / "out"
    curate(Recipe.model_validate({"recipe": "x", "source": [source]}), out)

    assert 8 == json.loads((out / "release" / "run.json").read_text())["counts"]["read"]
    for path in out.rglob("*"):
        if path.is_file():
            assert b"s3cret" not in path.read_bytes()


@pytest.mark.usefixtures("database")
def test_a_text_that_is_not_utf8_costs_its_row():
    """SQLite lets any bytes be text; the rows after such a text are read."""
    found = ask("SELECT CAST(x'93FA' AS TEXT) AS text UNION ALL SELECT body FROM article")

    assert list(SENTENCES) == texts(found)
    assert ["no_text"] == causes(found)
    assert b"\x93\xfa" == found[0].first_bytes
