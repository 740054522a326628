"""Estimates of a survey beside one another: respondents have no names, so it is their numbers that are compared."""

from collections.abc import Iterable, Mapping
from itertools import combinations

import pandas as pd

from das_research.disclosure.own_tables import ESTIMATE, small_difference
from das_research.disclosure.why import Why
from das_research.result import TOTAL, Result

PLACE = "place"


def is_estimate(result: Result) -> bool:
    """Whether a Result is a researcher's own estimate of a survey."""
    return result.recipe.function == ESTIMATE


def nearly_alike(results: Mapping[str, Result], earlier: Iterable[Result], minimum: int) -> dict[str, Why]:
    """Estimates of which a shown cell rests on a few respondents more or less than that of another, at equal codes.

    Parameters
    ----------
    results : mapping
        Name to what is about to leave together, as it was protected.
    earlier : iterable of Result
        What left the project before.
    minimum : int
        Fewer respondents than this are too few.

    Returns
    -------
    dict
        Name of an estimate to the reason. One respondent in the place of another, and the same group under other
        codes, are not seen.
    """
    mine = {name: result for name, result in results.items() if is_estimate(result)}
    before = [result for result in earlier if is_estimate(result)]
    reason, found = Why("estimate beside another", {"n": minimum}), dict[str, Why]()
    for one, other in combinations(mine, 2):
        if _differ_by_few(mine[one], mine[other], minimum):
            found |= {one: reason, other: reason}
    for name, result in mine.items():
        if any(_differ_by_few(result, old, minimum) for old in before):
            found[name] = reason
    return found


def _differ_by_few(one: Result, other: Result, minimum: int) -> bool:
    """Whether two cells at equal codes and period do; a dimension that one lacks is at its total there."""
    parts = []
    for side, result in (("one", one), ("other", other)):
        rows = result.table[(result.table.disclosure == "shown") & result.table.denominator.notna()]
        codes = rows[[*result.dimensions, "period"]].apply(lambda row: tuple(sorted(set(row) - {TOTAL})), axis=1)
        parts.append(rows.assign(**{PLACE: codes.astype(object), "measure": side + rows.measure}))
    both = pd.concat(parts)
    return not both.empty and small_difference(both, [PLACE], minimum)
