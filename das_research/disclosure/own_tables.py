"""What only a researcher's own table can do: it is any query, over columns and codes that its author made."""

import hashlib
import json
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd

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
