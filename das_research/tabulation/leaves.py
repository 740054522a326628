"""What a query reads: its leaves must be tables of the project, or nobody could compute it again."""

from collections.abc import Collection, Iterator

import sqlglot
from sqlglot import exp

from das_research.engines import tables_read
from das_research.errors import UsageError


def check_leaves(query: str, dialect: str, tables: Collection[str]) -> None:
    """Refuse a query that reads anything but tables of the project.

    A guard rail that speaks early: the wall is that nothing else is in the extract, and that gate 3 runs the query
    there again.

    Parameters
    ----------
    query : str
        In the engine's own words.
    dialect : str
        The engine, as sqlglot names it.
    tables : collection of str
        Names of the project's tables.

    Raises
    ------
    UsageError
        With what it reads besides; of a file or a function only its kind, for a name could hold a value.

    Examples
    --------
    >>> check_leaves("SELECT count(*) FROM zaken", "duckdb", ["zaken"])
    >>> check_leaves("SELECT * FROM read_csv('/tmp/namen.csv')", "duckdb", ["zaken"])
    Traceback (most recent call last):
    das_research.errors.UsageError: The table reads what is not of the project: a function that reads elsewhere.
    ...
    """
    foreign = sorted(set(_foreign(query, dialect, tables)))
    if foreign:
        raise UsageError(
            f"The table reads what is not of the project: {', '.join(foreign)}.",
            why="Gate 3 computes it again on the extract alone, where that isn't.",
            fix=f"Make it from project.tables: {', '.join(tables)}. A list of codes goes in with .isin([...]).",
        )


def _foreign(query: str, dialect: str, tables: Collection[str]) -> Iterator[str]:
    try:
        tree = sqlglot.parse_one(query, read=dialect)
    except sqlglot.errors.SqlglotError:
        yield "a query that can't be read"
        return
    if not isinstance(tree, exp.Query):
        yield "a statement that is no query"
    for leaf in tables_read(tree):
        if not isinstance(leaf.this, exp.Identifier):
            yield "a function that reads elsewhere"
        elif leaf.name not in tables:
            memtable = leaf.name.startswith("ibis_")
            yield "a table of this session's memory" if memtable else "a table that the project doesn't have"
