"""What an engine computes once: for as long as nobody can change what it is made from, or for a block."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import ibis.expr.types as ir
import sqlglot

from das_research.engines.tables import keep

KEPT, ALL = "_das_kept", "_das_all_kept"
MOST = 4  # tables; what was asked for longest ago makes room


def keeps(engine: Any) -> None:
    """Note on an engine that its tables stay as they are, so that `once` may keep what is computed of them.

    The note lives on the engine, and what is kept goes when the engine closes.
    """
    setattr(engine, KEPT, {})


def once(made_from: Sequence[ir.Table], how: Hashable, make: Callable[..., ir.Table]) -> ir.Table:
    """What is made from some tables, computed now and kept where their engine keeps; else wherever it is asked for.

    Parameters
    ----------
    made_from : sequence of Table
        Of one engine.
    how : Hashable
        Everything else that the made table follows from, and a word that tells this maker from others.
    make : callable
        From these tables to the one that is kept; called only where it is not there yet.

    Returns
    -------
    Table
        The same rows, in no order.

    Examples
    --------
    >>> from das_research.engines import memory_engine
    >>> with memory_engine() as engine:
    ...     engine.con.execute("create table zaken as select i % 3 as soort from range(9) as r(i)") and None
    ...     keeps(engine)
    ...     asked = [
    ...         once([engine.table("zaken")], "by kind", lambda it: it.group_by("soort").agg(zaken=it.count()))
    ...         for _ in range(2)
    ...     ]
    ...     asked[0] is asked[1], asked[0].zaken.sum().to_pyarrow().as_py()
    (True, 9)
    """
    try:
        [engine] = {id(it): it for it in (table.get_backend() for table in made_from)}.values()
    except Exception:  # Ibis has no common error for a table of no engine or of several
        return make(*made_from)
    kept: dict[Hashable, ir.Table] | None = getattr(engine, KEPT, None)
    if kept is None:
        return make(*made_from)
    asked = (*(table.op() for table in made_from), how)
    found = kept.pop(asked) if asked in kept else keep(engine, make(*made_from))
    kept[asked] = found
    if not getattr(engine, ALL, False):
        _make_room(engine)
    return found


@contextmanager
def all_kept(engine: Any) -> Iterator[None]:
    """A block in which nothing that `once` keeps makes room: what is made of it there may be computed later there.

    Examples
    --------
    >>> from das_research.engines import memory_engine
    >>> with memory_engine() as engine:
    ...     engine.con.execute("create table zaken as select * from range(9)") and None
    ...     keeps(engine)
    ...     with all_kept(engine):
    ...         asked = [once([engine.table("zaken")], place, lambda it: it.count().as_table()) for place in range(6)]
    ...         len(asked[0].to_pandas())
    ...     len(engine.list_tables())
    1
    5
    """
    setattr(engine, ALL, True)
    try:
        yield
    finally:
        setattr(engine, ALL, False)
        _make_room(engine)


def _make_room(engine: Any) -> None:
    kept = getattr(engine, KEPT, None) or {}
    while len(kept) > MOST:
        _drop(engine, kept.pop(next(iter(kept))))


@contextmanager
def kept(table: ir.Table) -> Iterator[ir.Table]:
    """A table that is computed once for this block; wherever it is asked for, on a server of which one may only read.

    Examples
    --------
    >>> from das_research.engines import memory_engine
    >>> with memory_engine() as engine:
    ...     engine.con.execute("create table zaken as select * from range(9)") and None
    ...     with kept(engine.table("zaken")) as zaken:
    ...         zaken.count().to_pyarrow().as_py()
    9
    """
    if table.get_backend().name != "duckdb":
        yield table
        return
    with table.cache() as computed:
        yield computed


@contextmanager
def joined_at_once(engine: Any) -> Iterator[None]:
    """A block in which a server joins no row by row: of what is computed within a query it knows no number of rows."""
    if engine.name != "postgres":
        yield
        return
    engine.con.execute("select set_config('enable_nestloop', 'off', false)")
    try:
        yield
    finally:
        engine.con.execute("select set_config('enable_nestloop', 'on', false)")


def _drop(engine: Any, table: ir.Table) -> None:
    name = sqlglot.to_identifier(table.op().name, quoted=True).sql(engine.dialect)
    engine.con.execute(f"drop table temp.main.{name}")
