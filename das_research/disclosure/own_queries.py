"""What the query of a researcher's own table does that no rule judges: people are told of it by name."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import sqlglot
from sqlglot import exp

from das_research.catalog.tables import PERSON, PERSON_KEYS, PERSON_LINKS
from das_research.result import Result

OF_ONE = frozenset({PERSON, PERSON_LINKS["strict"], "case_id"})  # rows with one value of these are of one person
HOLDS = (exp.Select, exp.Window, exp.Tuple, exp.Is, exp.Count, exp.Group, exp.Distinct)  # and asks not who it is
CHOOSES = (exp.Alias, exp.Paren, exp.Cast, exp.Coalesce, exp.Min, exp.Max, exp.First, exp.Last, exp.AnyValue)


def reads_row_by_row(result: Result) -> bool:
    """Whether the query of an own table makes no value out of rows of several persons, such as a largest one.

    A value for all to have, or a code, can be that of one of them.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from das_research.result import Recipe
    >>> [
    ...     reads_row_by_row(SimpleNamespace(recipe=Recipe("das_research.tabulate", {"query": query})))
    ...     for query in (
    ...         "select v * 2 as v from t",
    ...         "select max(v) over (partition by person_id) as v from t",
    ...         "select person_id, max(v) as v from t group by 1",
    ...         "select max(v) over () as v from t",
    ...         "select soort, max(v) as v from t group by soort",
    ...         "select (select v from s) as v from t",
    ...     )
    ... ]
    [True, True, True, False, False, False]
    """
    tree = _parsed(result)
    if tree is None:
        return False
    tables = (exp.From, exp.Join, exp.SetOperation, exp.In)
    makes_a_value = any(not isinstance(it.parent, tables) for it in tree.find_all(exp.Subquery))
    return not makes_a_value and all(map(_is_of_one, tree.find_all(exp.Window, exp.AggFunc)))


def _is_of_one(made: exp.Expr) -> bool:
    """Whether a value is made of rows of one person or case."""
    if isinstance(made, exp.Window):
        return any(_is_key(it) for it in made.args.get("partition_by") or ())
    if made.find_ancestor(exp.Window, exp.Select) is not made.find_ancestor(exp.Select):
        return True  # its window is asked
    select = made.find_ancestor(exp.Select)
    group = select.args.get("group") if select else None
    return select is not None and any(_is_key(_named(it, select)) for it in (group.expressions if group else ()))


def _named(it: exp.Expr, select: exp.Select) -> exp.Expr:
    """What a column is grouped by, where that is the number of its place."""
    return select.selects[int(it.this) - 1].unalias() if isinstance(it, exp.Literal) and not it.is_string else it


def _is_key(it: exp.Expr) -> bool:
    return isinstance(it, exp.Column) and it.name.casefold() in OF_ONE


def _is_any_key(it: exp.Expr) -> bool:
    return isinstance(it, exp.Column) and it.name.casefold() in {*PERSON_KEYS, *OF_ONE}


def computes_with_keys(result: Result) -> bool:
    """Whether the query of an own table makes a value or a choice by who a row is of, as no rule of many needs.

    Keys lie in a query to be kept, counted, grouped and joined by.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from das_research.result import Recipe
    >>> [
    ...     computes_with_keys(SimpleNamespace(recipe=Recipe("das_research.tabulate", {"query": f"select {query}"})))
    ...     for query in (
    ...         "person_id, v from t",
    ...         "t.person_id, v from t join s on t.person_id = s.person_id where t.person_id is not null",
    ...         "person_id, count(distinct case_id) as v from t group by person_id",
    ...         "person_id, v from t where person_id <> 'a'",
    ...         "person_id, case when case_id = 'a' then v end as v from t",
    ...         "person_id, substring(person_id, 1, 2) as v from t",
    ...     )
    ... ]
    [False, False, False, True, True, True]
    """
    tree = _parsed(result)
    return tree is None or any(map(_is_asked, filter(_is_any_key, tree.find_all(exp.Column))))


def _is_asked(key: exp.Expr) -> bool:
    above = key.parent
    while isinstance(above, CHOOSES):
        above = above.parent
    if isinstance(above, exp.EQ):
        return not all(map(_is_any_key, (above.left, above.right)))
    return not (isinstance(above, HOLDS) or (isinstance(above, exp.In) and above.args.get("query")))


def joins_by_key(result: Result, keys: Collection[str]) -> bool:
    """Whether the query of an own table lays rows of one beside rows of the same alone, and not of all of a year.

    Else the persons that are counted are not those whose values stand in a cell: one of few is repeated for many.

    Parameters
    ----------
    result : Result
        An own table.
    keys : collection of str
        The columns that name a case, a person or another thing.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from das_research.result import Recipe
    >>> def asked(join):
    ...     return SimpleNamespace(recipe=Recipe("das_research.tabulate", {"query": f"select s.v from t {join}"}))
    >>> [
    ...     joins_by_key(asked(join), ["case_id"])
    ...     for join in (
    ...         "join s on t.case_id = s.case_id and t.jaar = s.jaar",
    ...         "semi join s on t.jaar = s.jaar",
    ...         "join s using (jaar)",
    ...         "join s on t.jaar = s.jaar or t.case_id = s.case_id",
    ...         "join s on t.case_id = t.case_id",
    ...         "join (select soort as case_id from t) s on t.case_id = s.case_id",
    ...         "cross join s",
    ...     )
    ... ]
    [True, True, False, False, False, False, False]
    """
    tree = _parsed(result)
    if tree is None:
        return False
    names = {it.casefold() for it in keys}
    return not _renames(tree, names) and all(_is_by_key(join, names) for join in tree.find_all(exp.Join))


def _renames(tree: exp.Expr, keys: AbstractSet[str]) -> bool:
    """Whether something else is called a key, by which anything can be joined."""
    for alias in tree.find_all(exp.Alias, exp.TableAlias):
        if isinstance(alias, exp.TableAlias):
            if any(it.name.casefold() in keys for it in alias.columns):
                return True
        elif alias.alias.casefold() in keys:
            columns = [it.name.casefold() for it in alias.this.find_all(exp.Column)]
            if not columns or not keys >= set(columns):
                return True
    return False


def _parsed(result: Result) -> exp.Expr | None:
    """The query of an own table; None where it has none that can be read."""
    try:
        return sqlglot.parse_one(_query_in(result.recipe.parameters), read="duckdb")
    except (KeyError, sqlglot.errors.SqlglotError):
        return None


def _query_in(parameters: Mapping[str, Any]) -> str:
    return str(parameters["query"] if "query" in parameters else _query_in(parameters["of"]["parameters"]))


def _is_by_key(join: exp.Join, keys: AbstractSet[str]) -> bool:
    if join.kind in ("SEMI", "ANTI") or join.side in ("SEMI", "ANTI"):  # lays nothing beside a row
        return True
    if any(it.name.casefold() in keys for it in join.args.get("using") or ()):
        return True
    on = join.args.get("on")
    every = on.flatten() if isinstance(on, exp.And) else [on]
    return any(
        isinstance(one, exp.EQ)
        and isinstance(one.left, exp.Column)
        and isinstance(one.right, exp.Column)
        and {one.left.name.casefold(), one.right.name.casefold()} <= keys
        and one.left.table != one.right.table
        for one in every
    )
