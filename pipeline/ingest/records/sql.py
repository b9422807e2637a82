"""
Databases: the rows of a query through any SQLAlchemy address, streamed.

The recipe holds the address with names of environment variables in it (`${DB_URL}`); what they
stand for is put in here, at the moment of connecting, and is never part of a name, a message or a
file. Nothing is committed.
"""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xxhash

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Cause,
    Input,
    Items,
    ReadOptions,
    Unreadable,
)
from seimai.pipeline.ingest.one_record import careful
from seimai.pipeline.ingest.records.fields import (
    find_text_columns,
    longest_column,
    shaper,
    without_columns,
)
from seimai.pipeline.ingest.sources.databases import parts
from seimai.pipeline.ingest.sources.find import filled

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDIA_TYPE = "application/sql"
ROWS = 500
"""Rows fetched at a time: about 3 MB of usual documents."""

DRIVERS = {
    "postgresql": "psycopg[binary]", "mysql": "pymysql", "mariadb": "pymysql",
    "oracle": "oracledb", "mssql": "pyodbc",
}  # fmt: skip
"""Packages to install, by the beginning of the address."""


def read_sql(source: Input, options: ReadOptions) -> Items:
    """Documents of a query; `place` is `row N`. A fault after some rows ends it with one record."""
    try:
        import sqlalchemy
    except ImportError as error:
        raise Problem("E001", what="SQL", package="sqlalchemy", install="seimai[sql]") from error
    template, query = parts(source.path)
    address, secrets = _filled(template)
    row = 0
    try:
        for row, record in enumerate(_rows(sqlalchemy, address, query)):
            if not row:
                columns = find_text_columns(record, options)
                if not columns:
                    detail = without_columns(record, options, longest_column(record))
                    yield Unreadable("", "no_text_column", detail)
                    return
                shape = careful(shaper(options, MEDIA_TYPE, None))
            text = record[columns[0]]
            if isinstance(text, str) and 3 * len(text) > options.max_record:
                detail = f"the text has more than {options.max_record} bytes"
                first = text[:FIRST_BYTES].encode("utf-8", "replace")[:FIRST_BYTES]
                yield Unreadable(f"row {row}", "too_large", detail, first)
                continue
            item = shape(record, f"row {row}")
            if isinstance(item, Unreadable) and isinstance(text, bytes):
                item.first_bytes = text[:FIRST_BYTES]
            yield item
    except (ImportError, sqlalchemy.exc.NoSuchModuleError) as error:
        kind = template.partition(":")[0].partition("+")[0]
        package = DRIVERS.get(kind, "sqlalchemy")
        raise Problem("E001", what=f"SQL ({kind})", package=package, install=package) from error
    except (sqlalchemy.exc.SQLAlchemyError, OSError, ValueError) as error:
        said = _without(f"{type(error).__name__}: {getattr(error, 'orig', None) or error}", secrets)
        if not row:
            raise Problem("I002", source=source.key, cause=said) from None
        lost = isinstance(error, OSError | sqlalchemy.exc.OperationalError)
        cause: Cause = "unreachable" if lost else "damaged"
        yield Unreadable(f"row {row + 1}", cause, f"the query failed: {said}", rest=True)


def state_of(source: Input, query: str) -> str:
    """Digest of what another query gives: as long as it stays, so does what `source` gives."""
    import sqlalchemy

    template, _ = parts(source.path)
    address, secrets = _filled(template)
    state = xxhash.xxh3_128()
    try:
        for record in _rows(sqlalchemy, address, query):
            state.update(repr(sorted(record.items())).encode())
    except (sqlalchemy.exc.SQLAlchemyError, OSError, ValueError) as error:
        said = _without(f"{type(error).__name__}: {getattr(error, 'orig', None) or error}", secrets)
        raise Problem("I002", source=source.key, cause=said) from None
    return state.hexdigest()


def _filled(template: str) -> tuple[str, list[str]]:
    """The address with its variables filled in, and what must not be seen of it."""
    address, secrets = filled(template)
    for user, password in re.findall(r"://([^:/@]*):?([^@]*)@", address):
        # A driver may tell a part of an address that came as a whole.
        secrets += [part for part in (user, password) if part]
    return address, secrets


def _without(said: str, secrets: list[str]) -> str:
    line = said.splitlines()[0][:FIRST_BYTES] if said else ""
    for secret in sorted(secrets, key=len, reverse=True):
        line = line.replace(secret, "***")
    return line


def _leniently(data: bytes) -> str | bytes:
    """A text of SQLite; what is not UTF-8 stays bytes, which the shaper refuses by name."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data


def _rows(sqlalchemy: Any, address: str, query: str) -> Iterator[dict[str, Any]]:
    engine = sqlalchemy.create_engine(address, poolclass=sqlalchemy.pool.NullPool)
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    # SQLite would make a new, empty database of a name that is misspelled.
    if file and not Path(file).is_file():
        raise FileNotFoundError("there is no such database file")
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA query_only = ON")
                # It lets any bytes be text; one that is not UTF-8 must not end the query.
                connection.connection.dbapi_connection.text_factory = _leniently
            streaming = connection.execution_options(stream_results=True, yield_per=ROWS)
            with closing(streaming.execute(sqlalchemy.text(query))) as result:
                for record in result.mappings():
                    yield dict(record)
    finally:
        engine.dispose()
