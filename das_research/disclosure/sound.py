"""Numbers that no table can have, whatever was counted: a fault of a query, of ours, or of a file."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from das_research.disclosure.own_tables import OF_CHAIN, TABULATE
from das_research.result import TOTAL, Result

CLOSE = 1e-6  # shares are quotients of whole numbers
COUNTS = {"count": True, "cases": False, "persons": False}  # whether each is in one part alone


def faults_of(result: Result) -> list[str]:
    """What can't be in a Result of counts or shares.

    Parameters
    ----------
    result : Result
        As it was computed, or as it left: of what is hidden nothing is asked.

    Returns
    -------
    list of str
        Each fault with names of measures and dimensions, and no number. Parts that together are more than their total
        are none where persons or cases are counted, which can be in several.
    """
    return list(dict.fromkeys(_faults(result))) if result.shape == "counts" else []


def _faults(result: Result) -> Iterator[str]:
    table = result.table
    for column in ("n", "numerator", "denominator"):
        below = table[(table[column] < 0) & ((table.unit == "percent") | (column != "numerator"))]
        yield from (f"a {_NAMES[column]} of {measure} is below zero" for measure in below.measure)
    shares = table[(table.unit == "percent") & table.numerator.notna() & table.denominator.notna()]
    more = shares[shares.numerator > shares.denominator]
    yield from (f"a numerator of {measure} is more than its denominator" for measure in more.measure)
    counted = _counted(result)
    if result.recipe.function in (TABULATE, *OF_CHAIN):
        asked = shares[(shares.denominator > 0) & shares.value.notna()]
        off = asked[~np.isclose(asked.value, 100 * asked.numerator / asked.denominator, rtol=CLOSE, atol=CLOSE)]
        yield from (f"a share of {measure} is not its numerator over its denominator" for measure in off.measure)
        below = table[table.measure.isin(counted) & (table.value < 0)]
        yield from (f"a number of {measure} is below zero" for measure in below.measure)
    for dimension in result.dimensions:
        yield from _faults_of_sums(result, table[table.measure.isin(counted)], dimension, counted)


def _faults_of_sums(result: Result, table: pd.DataFrame, dimension: str, counted: dict[str, bool]) -> Iterator[str]:
    others = [name for name in result.dimensions if name != dimension]
    for (measure, *_), cells in table.groupby(["measure", "period", *others], sort=False):
        totals, parts = (cells[(cells[dimension] == TOTAL) == is_total].value for is_total in (True, False))
        if result.recipe.function == TABULATE and len(parts) > 1 and totals.empty:
            yield f"{measure} has no total over {dimension}"
        if totals.empty or parts.empty or totals.isna().any():
            continue
        if parts.max() > totals.max():
            yield f"a part of {measure} by {dimension} is more than its total"
        elif parts.notna().all() and parts.sum() < totals.max():
            yield f"the parts of {measure} by {dimension} are less than their total: a code is missing"
        elif parts.notna().all() and counted[str(measure)] and parts.sum() > totals.max():
            yield f"the parts of {measure} by {dimension} are more than their total"


def _counted(result: Result) -> dict[str, bool]:
    """The measures that count units, and whether each unit is in one part of a breakdown alone."""
    if result.recipe.function == TABULATE:
        kinds = result.recipe.parameters.get("measures", {})
        return {name: COUNTS[kind] for name, kind in kinds.items() if isinstance(kind, str) and kind in COUNTS}
    if result.recipe.function not in OF_CHAIN:
        return {}
    table = result.table
    return dict.fromkeys(table[table.denominator.isna() & (table.unit != "percent")].measure, False)


_NAMES = {"n": "number of units", "numerator": "numerator", "denominator": "denominator"}
