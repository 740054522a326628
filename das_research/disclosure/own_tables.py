"""What only a researcher's own table can do: it is any query, over columns and codes that its author made."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd
import sqlglot
from sqlglot import exp

from das_research.disclosure.cohorts import FUNCTIONS as COHORTS
from das_research.disclosure.cohorts import own_choices
from das_research.result import Recipe, Result

TABULATE, ESTIMATE = "das_research.tabulate", "das_research.chain.estimate"
TABLES = (TABULATE, ESTIMATE)
FIGURE = "das_research.figures.compute"
WITHIN, LEAKAGE, GRACE_DAYS = "das_research.chain.share_within", "das_research.chain.leakage", 365
OF_CHAIN = (
    *(f"das_research.chain.{name}" for name in ("flow", "conversion", "conversion_by_year", "share_within_norm")),
    WITHIN,
    LEAKAGE,
)
CURVES, STEP_DAYS = ("das_research.chain.durations", "das_research.chain.durations_between"), 7
MODELS = ("das_research.chain.cox", "das_research.chain.logistic")
COUNTED = ("count", "cases", "persons", "share")


def has_query(result: Result) -> bool:
    """Whether a Result is computed from a query that its author wrote: a table of their own, or a model of one."""
    return _reads_query(result.recipe.function, result.recipe.parameters)


def _reads_query(function: str, parameters: dict[str, Any]) -> bool:
    of = parameters.get("of")
    return function in (*TABLES, *MODELS) or (isinstance(of, dict) and _reads_query(of["function"], of["parameters"]))


def names_persons(result: Result) -> bool:
    """Whether a Result is of a cohort, or an own table whose rows name persons or cases: it can be told who is in it.

    Those of a survey name nobody.
    """
    return result.recipe.function in (TABULATE, *COHORTS)


def is_of_persons(result: Result) -> bool:
    """Whether it can be told who is under the cells of a Result: one that names persons, or counts cases of theirs."""
    return names_persons(result) or result.recipe.function in (FIGURE, *OF_CHAIN, *CURVES)


def is_of_own_choice(result: Result) -> bool:
    """Whether who is under the cells of a Result was its author's choice.

    So is any own table, an own cohort, a share by a number of days of the author's own, and a curve by such a step or
    between events of the author's own.
    """
    function, parameters = result.recipe.function, result.recipe.parameters
    if function in CURVES:
        return parameters.get("step_days", STEP_DAYS) != STEP_DAYS or isinstance(parameters.get("span"), dict)
    days = function == WITHIN or (function == LEAKAGE and parameters.get("grace_days", GRACE_DAYS) != GRACE_DAYS)
    return function == TABULATE or days or bool(own_choices(result))


def is_own(result: Result) -> bool:
    """Whether a Result is a researcher's own table."""
    return result.recipe.function in TABLES


def uncounted(result: Result) -> list[str]:
    """The measures of an own table that are not numbers of units, or shares of them."""
    asked = result.recipe.parameters.get("measures", {})
    kinds = {name: what if isinstance(what, str) else what[0] for name, what in asked.items()}
    return [str(measure) for measure in result.table.measure.unique() if kinds.get(measure) not in COUNTED]


def reads_row_by_row(result: Result) -> bool:
    """Whether the query of an own table makes no value out of several rows, such as a largest one for all to have.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> [
    ...     reads_row_by_row(SimpleNamespace(recipe=Recipe(TABULATE, {"query": query})))
    ...     for query in (
    ...         "select v * 2 as v from t",
    ...         "select max(v) over () as v from t",
    ...         "select (select v from s) as v from t",
    ...     )
    ... ]
    [True, False, False]
    """
    tree = _parsed(result)
    if tree is None:
        return False
    tables = (exp.From, exp.Join, exp.SetOperation)
    makes_a_value = any(not isinstance(it.parent, tables) for it in tree.find_all(exp.Subquery))
    return not makes_a_value and not tree.find(exp.Window, exp.AggFunc)


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
    >>> [
    ...     joins_by_key(SimpleNamespace(recipe=Recipe(TABULATE, {"query": f"select s.v from t {join}"})), ["case_id"])
    ...     for join in (
    ...         "join s on t.case_id = s.case_id and t.jaar = s.jaar",
    ...         "semi join s on t.jaar = s.jaar",
    ...         "join s using (jaar)",
    ...         "join s on t.jaar = s.jaar or t.case_id = s.case_id",
    ...         "cross join s",
    ...     )
    ... ]
    [True, True, False, False, False]
    """
    tree = _parsed(result)
    if tree is None:
        return False
    return all(_is_by_key(join, {it.casefold() for it in keys}) for join in tree.find_all(exp.Join))


def _parsed(result: Result) -> exp.Expr | None:
    """The query of an own table; None where it has none that can be read."""
    try:
        return sqlglot.parse_one(result.recipe.parameters["query"], read="duckdb")
    except (KeyError, sqlglot.errors.SqlglotError):
        return None


def _is_by_key(join: exp.Join, keys: Collection[str]) -> bool:
    if join.kind in ("SEMI", "ANTI") or join.side in ("SEMI", "ANTI"):  # lays nothing beside a row
        return True
    if any(it.name.casefold() in keys for it in join.args.get("using") or ()):
        return True
    on = join.args.get("on")
    every = on.flatten() if isinstance(on, exp.And) else [on]
    return any(
        isinstance(one, exp.EQ)
        and all(isinstance(side, exp.Column) and side.name.casefold() in keys for side in (one.left, one.right))
        for one in every
    )


def small_difference(table: pd.DataFrame, address: list[str], minimum: int) -> bool:
    """Whether two measures of one cell count nearly the same units: what one leaves out can then be subtracted.

    Parameters
    ----------
    table : DataFrame
        The rows that would be shown.
    address : list of str
        The columns that, with the measure, name a cell.
    minimum : int
        Fewer units than this are too few.
    """
    is_share = table.denominator.notna()
    for units in (table.denominator.where(is_share, table.value), table.numerator.where(is_share)):
        wide = units.groupby([*(table[name] for name in address), table.measure]).first().unstack()
        for one, other in combinations(wide.columns, 2):
            difference = (wide[one] - wide[other]).abs()
            if ((difference > 0) & (difference < minimum)).any():
                return True
    return False


def without_query(result: Result) -> Result:
    """The Result without the text of its query, in which the author may have written anything: its hash stays.

    The text itself stays in the run's folder, in the project zone.
    """
    return replace(result, recipe=hashed(result.recipe)) if has_query(result) else result


def recipe_of(released: Result, kept: Recipe | None) -> Recipe | None:
    """The recipe of what left before; of one with a query that which its run keeps, where it is still the same."""
    if not has_query(released):
        return released.recipe
    return kept if kept is not None and hashed(kept) == released.recipe else None


def asked_as(recipe: Recipe) -> str:
    """A recipe as a key."""
    return json.dumps([recipe.function, recipe.parameters], sort_keys=True)


def hashed(recipe: Recipe) -> Recipe:
    """A recipe of which only the function and the hash of its parameters can be read."""
    text = json.dumps(recipe.parameters, sort_keys=True, ensure_ascii=False)
    return Recipe(recipe.function, {"sha256": hashlib.sha256(text.encode()).hexdigest()})
