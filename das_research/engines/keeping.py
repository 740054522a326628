"""What an engine computes once, as many functions ask for it: only where nobody can change what it is made from."""

from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
import sqlglot

from das_research.engines.duckdb import keep

KEPT = "_das_kept"
MOST = 4  # tables; what was asked for longest ago makes room


def keeps(engine: Any) -> None:
    """Note on an engine that its tables stay as they are, so that `once` may keep what is computed of them.

    The note lives on the engine, and what is kept goes when the engine closes.
    """
    setattr(engine, KEPT, {})


def once(table: ir.Table) -> ir.Table:
    """The same table, computed now and kept where its engine keeps; any other is computed wherever it is asked for.

    Parameters
    ----------
    table : Table
        What it is made from and how is all that tells it from others: two that are written alike are one.

    Returns
    -------
    Table
        Equal rows, in no order.

    Examples
    --------
    >>> from das_research.engines import memory_engine
    >>> with memory_engine() as engine:
    ...     engine.con.execute("create table zaken as select i % 3 as soort from range(9) as r(i)") and None
    ...     keeps(engine)
    ...     counted = [(it := engine.table("zaken")).group_by("soort").agg(zaken=it.count()) for _ in range(2)]
    ...     once(counted[0]) is once(counted[1]), once(counted[0]).zaken.sum().to_pyarrow().as_py()
    (True, 9)
    """
    try:
        engine = table.get_backend()
    except Exception:  # Ibis has no common error for a table of no engine or of several
        return table
    kept: dict[ops.Node, ir.Table] | None = getattr(engine, KEPT, None)
    if kept is None:
        return table
    asked = table.op()
    found = kept.pop(asked) if asked in kept else keep(engine, table)
    kept[asked] = found
    while len(kept) > MOST:
        _drop(engine, kept.pop(next(iter(kept))))
    return found


def _drop(engine: Any, table: ir.Table) -> None:
    name = sqlglot.to_identifier(table.op().name, quoted=True).sql(engine.dialect)
    engine.con.execute(f"drop table temp.main.{name}")
