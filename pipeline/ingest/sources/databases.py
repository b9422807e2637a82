"""
How a database and a query travel as the path of an input.

The address keeps the names of environment variables that a recipe has in it (`${DB_URL}`); what
they stand for is never part of a name.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode

import xxhash

from seimai.pipeline.ingest.contract import Input

SQL = "sql://?"
"""How the database and the query of a recipe travel as the path of an input."""

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def sql_pattern(database: str, query: str) -> str:
    """The database and the query of a recipe as one pattern for `find_inputs`."""
    return SQL + urlencode({"database": database, "query": query})


def sql_input(pattern: str) -> Input:
    """The input of such a pattern; its key names the database, not the way to it."""
    database, query = parts(pattern)
    name = database.partition("?")[0].rstrip("/").rpartition("/")[2]
    name = VARIABLE.sub(r"\1", name).rpartition("@")[2] or "database"
    return Input(
        pattern,
        f"{name}-{xxhash.xxh3_64_hexdigest(f'{database} {query}'.encode())[:8]}",
        format="sql",
    )


def parts(pattern: str) -> tuple[str, str]:
    """The database and the query that a pattern stands for."""
    asked = parse_qs(pattern.removeprefix(SQL), keep_blank_values=True)
    return asked.get("database", [""])[-1], asked.get("query", [""])[-1]
