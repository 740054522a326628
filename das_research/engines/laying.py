"""Laying rows in another database of DuckDB, in their order, while something else looks at them on their way."""

from collections.abc import Callable, Iterator

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import sqlglot
from ibis.backends.duckdb import Backend

from das_research.engines.few import few

FEW = 256  # different texts, of which each is a byte
SAMPLE = 10_000  # first rows, that tell which columns are not worth a look
GROUP = 122_880  # rows of a group as the engine writes it: what comes in other parts is put together anew


def with_few_texts(engine: Backend, table: ir.Table, like: ir.Table) -> ir.Table:
    """A table in which columns of few different texts are `few`, so that it is cheap to sort.

    Parameters
    ----------
    engine : Backend
        Where the tables are.
    table : Table
        What is to be sorted.
    like : Table
        Holds every text of the table, and is quick to read.

    Examples
    --------
    >>> import ibis
    >>> from das_research.engines import keep, memory_engine
    >>> with memory_engine() as engine:
    ...     table = keep(engine, ibis.memtable({"fase": ["vervolging", None, "opsporing"]}))
    ...     with_few_texts(engine, table, table).order_by("fase").fase.to_list()
    ['opsporing', 'vervolging', None]
    """
    texts = [name for name in table.columns if name in like.columns and table[name].type().is_string()]
    seen = like.limit(SAMPLE).select(texts).to_pyarrow() if texts else pa.table({})
    changed = {}
    for name in texts:
        if pc.count_distinct(seen[name], mode="only_valid").as_py() <= FEW:
            found = like.filter(like[name].notnull()).select(name).distinct().limit(FEW + 1).to_pyarrow()[name]
            if 0 < len(found) <= FEW:
                changed[name] = few(engine, found.to_pylist())(table[name])
    return table.mutate(**changed)


def lay_rows(
    engine: Backend,
    database: tuple[str, str],
    name: str,
    table: ir.Table,
    passed: Callable[[pa.RecordBatch], pa.RecordBatch],
) -> None:
    """Fill an empty table of another database with the rows of a table, in their order.

    Parameters
    ----------
    engine : Backend
        Where the table is computed, and the other database is open.
    database : tuple of str
        The other one.
    name : str
        Its table, with as many columns.
    table : Table
        The rows.
    passed : callable
        Gets each part of the rows as it was computed and gives it back as it is to be written.
    """
    engine._run_pre_execute_hooks(table)
    rows = engine.con.execute(engine.compile(table)).to_arrow_reader(GROUP)
    first = passed(next(rows, pa.RecordBatch.from_pylist([], rows.schema)))

    def parts() -> Iterator[pa.RecordBatch]:
        yield first
        yield from map(passed, rows)

    target = ".".join(sqlglot.to_identifier(it, quoted=True).sql(engine.dialect) for it in (*database, name))
    with engine.con.cursor() as writer:  # one connection has one query at a time
        writer.register("_rows", pa.RecordBatchReader.from_batches(first.schema, parts()))
        writer.execute(f"insert into {target} select * from _rows")
