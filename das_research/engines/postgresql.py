"""PostgreSQL as the engine of an open project: a researcher's own login, that may read and nothing else.

Needs the packages of the extra ``postgres``; whoever opens no project on a server imports nothing of this.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import psycopg
import pyarrow as pa
import sqlglot
from ibis.backends.postgres import Backend
from ibis.expr.schema import Schema

from das_research.engines.postgresql_dialect import ReadingCompiler
from das_research.engines.server_address import connect
from das_research.errors import AccessRefused, UsageError

EngineError = psycopg.Error  # its message quotes values: never pass it on


class ReadingBackend(Backend):
    """A connection that makes nothing on the server, not even for a moment, and brings no more rows than a grant says.

    Attributes
    ----------
    most_rows : int or None
        The most rows that one query may bring into a notebook; a larger answer is refused, never cut.
    """

    compiler = ReadingCompiler()
    most_rows: int | None = None

    def compile(
        self,
        expr: ir.Expr,
        /,
        *,
        limit: int | str | None = None,
        params: Mapping[ir.Expr, Any] | None = None,
        pretty: bool = False,
    ) -> str:
        """As Ibis does, from a copy: written from the tree itself, a quotient of whole numbers loses its fraction."""
        query = self.compiler.to_sqlglot(expr, limit=limit, params=params)
        return query.sql(dialect=self.dialect, pretty=pretty, unsupported_level=sqlglot.ErrorLevel.RAISE)

    def execute(self, expr: ir.Expr, /, *, limit: int | str | None = None, **options: Any) -> Any:
        """As Ibis does, within the rows that the grant allows."""
        answer = super().execute(expr, limit=self._one_more(limit), **options)
        self._check(len(answer) if isinstance(expr, ir.Table | ir.Column) else 1)
        return answer

    def to_pyarrow_batches(
        self,
        expr: ir.Expr,
        /,
        *,
        params: Mapping[ir.Scalar, Any] | None = None,
        limit: int | str | None = None,
        chunk_size: int = 100_000,
        **_: Any,
    ) -> pa.ipc.RecordBatchReader:
        """As Ibis does, within the rows that the grant allows."""
        self._run_pre_execute_hooks(expr)
        schema = expr.as_table().schema().to_pyarrow()
        query = self.compile(expr, limit=self._one_more(limit), params=params)
        return pa.ipc.RecordBatchReader.from_batches(schema, self._batches(query, schema, chunk_size))

    def _batches(self, query: str, schema: pa.Schema, size: int) -> Iterator[pa.RecordBatch]:
        rows = 0
        with self.con.transaction(), self.con.cursor(name=ibis.util.gen_name("rows")) as cursor:
            cursor.execute(query)
            while block := cursor.fetchmany(size):
                rows += len(block)
                self._check(rows)
                columns = zip(*block, strict=True)
                arrays = [_array(values, field.type) for values, field in zip(columns, schema, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _one_more(self, limit: int | str | None) -> int | str | None:
        if self.most_rows is None or (isinstance(limit, int) and limit <= self.most_rows):
            return limit
        return self.most_rows + 1

    def _check(self, rows: int) -> None:
        if self.most_rows is not None and rows > self.most_rows:
            raise UsageError(
                f"The answer has more than {self.most_rows} rows.",
                why="The grant of this project allows no larger one to leave the server (limits: rows).",
                fix="Count or sum on the server first, or take part of it: table.head(100).",
                ask="the approvers of the grant",
            )

    def _get_schema_using_query(self, query: str) -> Schema:
        """The columns of a query, asked of the server by itself: Ibis would make a view of it."""
        with self.con.cursor() as cursor, self.con.transaction():
            cursor.execute(f"select * from ({query}) as asked limit 0")
            described = [(it.name, it.type_code, it._fmod) for it in cursor.description or ()]
            spell = "select pg_catalog.format_type(%s, %s)"
            kinds = [cursor.execute(spell, (code, mod)).fetchone() for _, code, mod in described]
        mapper = self.compiler.type_mapper
        names = [name for name, _, _ in described]
        return Schema({name: mapper.from_string(kind[0]) for name, kind in zip(names, kinds, strict=True) if kind})

    def _register_in_memory_table(self, op: ops.InMemoryTable) -> None:
        """Nothing: its rows stand in the query."""

    def _make_memtable_finalizer(self, name: str) -> None:
        """Nothing to take away."""


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """A column; the server gives exact decimals where Ibis expects binary fractions."""
    if pa.types.is_floating(kind):
        values = [None if it is None else float(it) for it in values]
    return pa.array(values, type=kind)


def open_schema(server: str, login: str | None, schema: str, name: str) -> ReadingBackend:
    """Connect to one schema of a server, to read.

    Parameters
    ----------
    server : str
        Its address, without a password.
    login : str or None
        The login; None leaves it to libpq (``PGUSER``, a service, the account of the operating system).
    schema : str
        Where names of tables are looked up.
    name : str
        What the connection calls itself.
    """
    connection = connect(server, login, name)
    try:
        found = connection.execute("select has_schema_privilege(to_regnamespace(%s)::oid, 'usage')", (f'"{schema}"',))
        if found.fetchone() != (True,):
            raise AccessRefused(
                f"The login '{connection.info.user}' may not read the schema {schema} of the server.",
                why="It is not there, or the login is none of those that may use it.",
                ask="the host, who lays the extract on the server with: das project extract PROJECT --to URL",
            )
        connection.execute("select set_config('search_path', %s, false)", (f'"{schema}"',))
        return ReadingBackend.from_connection(connection)
    except BaseException:
        connection.close()
        raise


def call(backend: Backend, statement: str, values: Sequence[Any]) -> Any:
    """What one function of the host answers that writes: in a transaction that says it may."""
    with backend.con.transaction():
        backend.con.execute("set transaction read write")
        [answer] = backend.con.execute(statement, values).fetchone()
    return answer


def login_of(backend: Backend) -> str:
    """Who the server says is connected, whatever role was taken on since."""
    [login] = backend.con.execute("select session_user").fetchone()
    return login
