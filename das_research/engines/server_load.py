"""Laying a table of DuckDB on a PostgreSQL server: the text of CSV, block by block, from one C program to another."""

import io
from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import psycopg
import pyarrow as pa
import pyarrow.csv
from ibis.backends.sql.datatypes import PostgresType
from psycopg import sql

BLOCK_ROWS = 100_000
COLLATIONS = ("pg_c_utf8", "C.utf8", "C")  # by code point, the first two with capitals of every alphabet
NO_HEAD = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")


def create_and_fill(cursor: psycopg.Cursor, schema: str, name: str, table: ir.Table) -> None:
    """Create a table on the server and copy the rows of one of an engine into it.

    Texts are compared and sorted by code point there, as DuckDB does, whatever language the database is in.

    Parameters
    ----------
    cursor : Cursor
        In the transaction that lays an extract.
    schema, name : str
        Where it comes to stand.
    table : Table
        Columns of numbers, texts, dates, booleans, or lists of texts.
    """
    place = sql.Identifier(schema, name)
    collation = _collation(cursor)
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(column), _spelled(kind, collation))
        for column, kind in table.schema().items()
    ]
    cursor.execute(sql.SQL("create table {} ({})").format(place, sql.SQL(", ").join(columns)))
    with cursor.copy(sql.SQL("copy {} from stdin (format csv)").format(place)) as copy:
        for batch in _as_text(table).to_pyarrow_batches(chunk_size=BLOCK_ROWS):
            copy.write(_csv(batch))
    cursor.execute(sql.SQL("analyze {}").format(place))


def _collation(cursor: psycopg.Cursor) -> str:
    found = cursor.execute("select collname from pg_collation where collname = any(%s)", (list(COLLATIONS),)).fetchall()
    return min((name for (name,) in found), key=COLLATIONS.index)


def _spelled(kind: dt.DataType, collation: str) -> sql.Composable:
    name = sql.SQL(PostgresType.to_string(kind.copy(nullable=True)))
    return sql.SQL("{} collate {}").format(name, sql.Identifier(collation)) if _of_texts(kind) else name


def _of_texts(kind: Any) -> bool:
    return kind.is_string() or (kind.is_array() and kind.value_type.is_string())


def _as_text(table: ir.Table) -> ir.Table:
    """The table with every list as PostgreSQL writes one; CSV has no word for it."""
    lists = [column for column, kind in table.schema().items() if kind.is_array()]
    return table.mutate(**{column: _array(table[column]) for column in lists}) if lists else table


def _array(column: Any) -> ir.StringValue:
    quoted = column.map(lambda it: '"' + it.replace("\\", "\\\\").replace('"', '\\"') + '"')
    inside = quoted.join(",").fill_null("")  # the engine joins nothing to null
    return column.notnull().ifelse("{" + inside + "}", None)


def _csv(batch: pa.RecordBatch) -> memoryview:
    """Text stands in quotes and a missing value doesn't, so that an empty text stays one."""
    stream = io.BytesIO()
    pyarrow.csv.write_csv(batch, stream, NO_HEAD)
    return stream.getbuffer()
