"""Queries in the words of an engine, read and changed."""

from collections.abc import Mapping

import ibis.expr.types as ir
import sqlglot
from ibis.backends.sql import SQLBackend

from das_research.errors import UsageError


def tables_read(tree: sqlglot.exp.Expr) -> list[sqlglot.exp.Table]:
    """Where a parsed query reads a table or a function of tables, and no name that the query gives itself."""
    own = {cte.alias for cte in tree.find_all(sqlglot.exp.CTE)}
    return [
        table
        for table in tree.find_all(sqlglot.exp.Table)
        if table.db or table.name not in own or not isinstance(table.this, sqlglot.exp.Identifier)
    ]


def with_columns_replaced(engine: SQLBackend, query: str, replaced: Mapping[str, tuple[str, str]]) -> ir.Table:
    """The table of a query in which one column of some tables is another one of the same table.

    Parameters
    ----------
    engine : SQLBackend
        Any engine; where the tables are.
    query : str
        In the engine's own words.
    replaced : mapping
        Table to the column and the one that stands in its place.

    Raises
    ------
    UsageError
        When the query can't be read, or the engine can't run it so.
    """
    try:
        tree = sqlglot.parse_one(query, read=engine.dialect)
        for table in tables_read(tree):
            if table.name in replaced:
                column, other = replaced[table.name]
                source = sqlglot.exp.Table(this=table.this, db=table.args.get("db"), catalog=table.args.get("catalog"))
                columns = [
                    sqlglot.exp.alias_(
                        sqlglot.column(other if name == column else name, quoted=True), name, quoted=True
                    )
                    for name in engine.table(table.name).columns
                ]
                table.replace(sqlglot.select(*columns).from_(source).subquery(table.alias or table.name))
        return engine.sql(tree.sql(engine.dialect))
    except Exception:  # the words of parser and engine can quote a value
        raise UsageError("The query can't be run by another link of persons.") from None
