"""Fitted models: when coefficients tell of many, and how exactly they may be told.

Rules of thumb of output checking: enough units behind every level, enough degrees of freedom, no saturated model, and
never a residual. A coefficient that one person moves is told by that person's share of its information.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations

import pandas as pd

from das_research.disclosure.own_tables import MODELS
from das_research.disclosure.why import Why
from das_research.result import TOTAL, Result

FEWEST_DEGREES = 10
JUDGED_ONLY = ("largest_share", "spare_patterns", "log_likelihood")  # exact to the last digit, they tell of one person
TESTS = ("residual_trend", "proportional_p")  # of a coefficient, without a standard error
OF_ESTIMATES = ("value", "se", "lower", "upper")
OF_COUNTS = ("n", "numerator", "denominator")
SUMMARY_DECIMALS = 2


def model_faults(result: Result, minimum: int) -> list[Why]:
    """Why a model may not leave, without names of levels; empty when it may.

    Parameters
    ----------
    result : Result
        Of shape `model`, as gate 3 computed it again.
    minimum : int
        Fewer persons than this, with or without the outcome, are too few; and of a coefficient's information no person
        may hold more than one such part.

    Returns
    -------
    list of Why
        One a rule. What can't be judged, because a number is missing, is a fault too.
    """
    if result.recipe.function not in MODELS:
        return [Why("no model")]
    table, faults = result.table, list[Why]()
    if not (table.n >= minimum).all():
        levels = int((~(table.n >= minimum) & (table.measure == "coefficient")).sum())
        faults.append(Why("levels", {"levels": levels, "n": minimum}))
    if not _least(table, "degrees_of_freedom") >= FEWEST_DEGREES:
        faults.append(Why("degrees of freedom", {"n": FEWEST_DEGREES}))
    if not _least(table, "spare_patterns") >= 1:
        faults.append(Why("saturation"))
    shares = table[table.measure == "largest_share"].value
    if shares.empty or not (shares <= 100 / minimum).all():
        faults.append(Why("influence", {"percent": f"{100 / minimum:.0f}"}))
    return faults


def _least(table: pd.DataFrame, measure: str) -> float:
    return float(table[table.measure == measure].value.min())  # nothing there is no number, which is never enough


def coarser_model(result: Result) -> Result:
    """The model as it leaves: estimates to two digits of their standard error, and no count of a level.

    Exact digits of two fits, with a person and without, are equations to solve for that person's row. Counts of
    persons at a level served to judge it; those of the whole model stay.
    """
    table = result.table[~result.table.measure.isin(JUDGED_ONLY)].copy()
    whole = table.term == TOTAL
    table[list(OF_COUNTS)] = float("nan")
    for place in table.index[~whole & (table.se > 0)]:
        error = table.loc[place, "se"]
        for number in OF_ESTIMATES:
            table.loc[place, number] = to_digits_of(table.loc[place, number], error)
    rounded = (whole & (table.value % 1 != 0)) | table.measure.isin(TESTS)
    table["value"] = table.value.where(~rounded, table.value.round(SUMMARY_DECIMALS))
    measures = {name: text for name, text in result.labels["measure"].items() if name not in JUDGED_ONLY}
    return replace(result, table=table, labels={**result.labels, "measure": measures})


def to_digits_of(number: float, error: float) -> float:
    """A number to the decimals that show two digits of its standard error."""
    return float(f"{number:.{max(0, 1 - int(f'{error:.1e}'.partition('e')[2]))}f}")


def nearly_equal(results: Mapping[str, Result], earlier: Iterable[Result], minimum: int) -> dict[str, Why]:
    """Models that differ from another by few persons: their difference tells of those.

    Parameters
    ----------
    results : mapping
        Name to what is about to leave together.
    earlier : iterable of Result
        What left the project before.
    minimum : int
        Fewer persons than this are too few.

    Returns
    -------
    dict
        Name of a model to the reason; nobody but people can judge these. Models on equally many persons are not told
        apart, nor those on other tables of equally many.

    """
    sizes = {name: size for name, result in results.items() if (size := persons_of(result)) is not None}
    reasons, few = dict[str, Why](), Why("model beside another", {"n": minimum})
    for one, other in combinations(sizes, 2):
        if 0 < abs(sizes[one] - sizes[other]) < minimum:
            reasons[one] = reasons[other] = few
    for before in earlier:
        size = persons_of(before)
        for name, here in sizes.items():
            if size is not None and 0 < abs(here - size) < minimum:
                reasons[name] = few
    return reasons


def persons_of(result: Result) -> float | None:
    """On how many persons a model was fitted; None where it is no model, or nothing of it left."""
    if result.shape != "model":
        return None
    found = result.table[(result.table.measure == "persons") & (result.table.term == TOTAL)].value
    return None if found.isna().all() else float(found.iloc[0])
