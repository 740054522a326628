"""Tables that an engine computes once and keeps, as long as somebody asks for them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import sqlglot
from ibis.backends.duckdb import Backend

from das_research.engines.behind import later, run_later, waited

SCARCE = 1_500_000_000  # bytes in use, from where on tables are packed
TEMP, MAIN = "temp", "memory"  # databases of an engine in memory: one of its own tables, one that can be packed
KEPT = "_das_tables"  # the names of the tables that it keeps, and in which of its databases


def keep(engine: Backend, table: ir.Table) -> ir.Table:
    """Compute a table once and keep it in the engine until that closes; texts that are `few` stay few."""
    return _computed(engine, table, TEMP)


def _computed(engine: Backend, table: ir.Table, database: str) -> ir.Table:
    kept = _named(engine, "table", table, database)
    _kept(engine)[kept.op().name] = database
    name, mapper, types = f'{database}.main."{kept.op().name}"', engine.compiler.type_mapper, table.schema()

    def as_ibis_knows_it(con: Any) -> None:
        for (column, wanted), given in zip(types.items(), con.table(name).types, strict=True):
            wanted = wanted.copy(nullable=True)
            if given.id != "enum" and mapper.from_string(str(given)) != wanted:  # a sum is wider than Ibis knows
                quoted = sqlglot.to_identifier(column, quoted=True).sql(engine.dialect)
                con.execute(f"alter table {name} alter {quoted} type {mapper.to_string(wanted)}")

    later(engine, as_ibis_knows_it)
    return kept


def keep_numbered(engine: Backend, table: ir.Table, name: str) -> ir.Table:
    """Keep a table, with the place of every row in its order, from 0, in a column of this name, as short as can be.

    Examples
    --------
    >>> from das_research.engines import memory_engine
    >>> with memory_engine() as engine:
    ...     keep_numbered(engine, ibis.memtable({"key": ["b", "a"]}).order_by("key"), "node").to_pyarrow().to_pylist()
    [{'key': 'a', 'node': 0}, {'key': 'b', 'node': 1}]
    """
    kept = keep(engine, table)
    return kept.mutate(**{name: kept.rowid().cast("int32")})


def keep_packed(engine: Backend, table: ir.Table) -> ir.Table:
    """Keep a table that is large and stays: where memory grows scarce it is packed, to a third or less of its room.

    What isn't packed the engine puts on disk when it has no more memory, which takes longer than to pack it.

    Examples
    --------
    >>> from das_research.engines import memory_engine
    >>> with memory_engine() as engine:
    ...     keep_packed(engine, ibis.memtable({"row": [1, 2]})).row.sum().to_pyarrow().as_py()
    3
    """
    kept = _computed(engine, table, MAIN)
    later(engine, _pack)
    return kept


def _pack(con: Any) -> None:
    [[used]] = con.execute("select sum(memory_usage_bytes) from duckdb_memory()").fetchall()
    if used > SCARCE:
        con.execute(f"checkpoint {MAIN}")


@contextmanager
def for_now(engine: Backend) -> Iterator[list[ir.Table]]:
    """A block of which nothing stays that is kept in it but the tables that it puts in this list.

    What nobody asks for any more would fill the memory, and then the disk.

    Examples
    --------
    >>> from das_research.engines import memory_engine
    >>> with memory_engine() as engine:
    ...     with for_now(engine) as stay:
    ...         step = keep(engine, ibis.memtable({"row": [1, 2]}))
    ...         stay.append(keep(engine, step.filter(step.row > 1)))
    ...     [it.row.to_list() for it in stay]
    [[2]]
    """
    stay: list[ir.Table] = []
    before = set(_kept(engine))
    yield stay
    _drop(engine, _kept(engine).keys() - before - _names(stay))


def forget(engine: Backend, *tables: ir.Table) -> None:
    """Drop the tables that an engine keeps for these expressions: nobody asks for them any more.

    Examples
    --------
    >>> from das_research.engines import memory_engine
    >>> with memory_engine() as engine:
    ...     step = keep(engine, ibis.memtable({"row": [1, 2]}))
    ...     last = keep(engine, step.filter(step.row > 1))
    ...     forget(engine, step)
    ...     last.row.to_list(), step.op().name in engine.list_tables(database="main")
    ([2], False)
    """
    _drop(engine, _names(tables) & _kept(engine).keys())


def _kept(engine: Backend) -> dict[str, str]:
    return engine.__dict__.setdefault(KEPT, {})


def _names(tables: Iterable[ir.Table]) -> set[str]:
    return {it.name for table in tables for it in table.op().find(ops.DatabaseTable)}


def _drop(engine: Backend, names: Iterable[str]) -> None:
    for name in sorted(names):
        run_later(engine, f'drop table {_kept(engine).pop(name)}."{name}"')


def view(engine: Backend, table: ir.Table) -> ir.Table:
    """A table that is computed wherever it is asked for, of the columns asked for, and spelled out once.

    Not of tables in memory: the engine would lose sight of them.
    """
    return _named(engine, "view", table)


def _named(engine: Backend, what: str, table: ir.Table, database: str = TEMP) -> ir.Table:
    engine._run_pre_execute_hooks(table)
    name = ibis.util.gen_name(what)
    temporary = "temp " if database == TEMP else ""
    run_later(engine, f'create {temporary}{what} {database}.main."{name}" as {engine.compile(table)}')
    place = ops.Namespace(catalog=database, database="main")
    return ops.DatabaseTable(name, schema=table.schema(), source=engine, namespace=place).to_expr()


def splink_database(engine: Backend) -> Any:
    """The same engine as Splink wants it, so that no record leaves it to be compared."""
    from splink import DuckDBAPI

    database = DuckDBAPI(connection=waited(engine))
    database._con = engine.con  # it takes no other connection than DuckDB's own, but what runs behind comes first
    return database


def stacked(tables: Sequence[ir.Table], schema: Mapping[str, str]) -> ir.Table:
    """Tables under each other; where there are none, no rows of these columns."""
    return ibis.union(*tables) if tables else ibis.memtable([], schema=schema)


def some(table: ir.Table) -> bool:
    """Whether a table has a row."""
    return bool(table.limit(1).count().to_pyarrow().as_py())


def only_row(table: ir.Table) -> dict[str, Any]:
    """The one row of a table, computed."""
    return table.to_pyarrow().to_pylist()[0]
