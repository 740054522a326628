"""What a query reads: its leaves must be tables of the project, or nobody could compute it again.

Nor may it ask the clock, chance or the session: what it gives another day is not what is compared then.
"""

import re
from collections.abc import Collection, Iterator

import sqlglot
from sqlglot import exp

from das_research.engines import tables_read
from das_research.errors import UsageError

CHANGING = re.compile(
    r"current_\w+|get_current_\w+|localtime|localtimestamp|(transaction|statement|clock)_timestamp|timeofday|now|today"
    r"|rand\w*|uuid\w*|gen_random_uuid|setseed|shuffle|monotonically_increasing_id|spark_partition_id|input_file_\w+"
    r"|session_user|user|version|getvariable|getenv|txid_\w+|pg_(?!typeof)\w+|in_search_path|nextval|currval"
    r"|curdate|curtime|sysdate|systimestamp"
)
OF_NOW = {"age": 1, "unix_timestamp": 0}  # with so many arguments only


def check_leaves(query: str, dialect: str, tables: Collection[str]) -> None:
    """Refuse a query that reads anything but tables of the project, or gives another day something else.

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
    >>> check_leaves("SELECT * FROM zaken WHERE jaar < year(today())", "duckdb", ["zaken"])
    Traceback (most recent call last):
    das_research.errors.UsageError: The table asks the clock, chance or the session.
    ...
    """
    foreign = sorted(set(_foreign(query, dialect, tables)))
    if foreign:
        raise UsageError(
            f"The table reads what is not of the project: {', '.join(foreign)}.",
            why="Gate 3 computes it again on the extract alone, where that isn't.",
            fix=f"Make it from project.tables: {', '.join(tables)}. A list of codes goes in with .isin([...]).",
        )
    if _changes(sqlglot.parse_one(query, read=dialect)):
        raise UsageError(
            "The table asks the clock, chance or the session.",
            why="It would be another table whenever it is computed, and gate 3 compares what left with what leaves.",
            fix="Write the date or number that is meant; a sample is drawn by a column of the tables.",
        )


def _changes(tree: exp.Expr) -> bool:
    return tree.find(exp.TableSample) is not None or any(map(_is_changing, tree.find_all(exp.Func)))


def _is_changing(function: exp.Func) -> bool:
    named = [function.name] if isinstance(function, exp.Anonymous) else type(function).sql_names()
    given = function.expressions if isinstance(function, exp.Anonymous) else [*filter(None, function.args.values())]
    names = {name.casefold() for name in named}
    return any(map(CHANGING.fullmatch, names)) or any(OF_NOW.get(name) == len(given) for name in names)


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
