"""What an author can vary of a cohort: two that differ by few persons, subtracted, tell of those few."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from das_research.presentation.bands import Place, place_of
from das_research.result import TOTAL, Result

FUNCTIONS = tuple(f"das_research.chain.{name}" for name in ("cohort_size", "recidivism", "corrected_recidivism"))
OWN = ("where", "same_days", "washout_years")  # a line or a number of the author's choice
OF_A_REFERENCE = "corrected"  # counts persons of a reference, as many as there are
NEVER_ASKED: tuple[Any, ...] = (None, 0, [], ())


def own_choices(result: Result) -> list[str]:
    """What of a Result of a cohort is its author's own: lines, numbers of days or years, and a lag.

    The named choices of the catalogue are few and known; these are as many as there are days. So a Result with such a
    choice leaves only where who is in it was compared with who is in others; see `das_research.disclosure.near`.

    Parameters
    ----------
    result : Result
        Of any function.

    Returns
    -------
    list of str
        Names of parameters; none where the method's own cohort was followed, and of every other function.
    """
    if result.recipe.function not in FUNCTIONS:
        return []
    parameters = result.recipe.parameters
    cohort = parameters.get("cohort", {})
    asked = {name: cohort.get(name) for name in OWN} | {"lag_days": parameters.get("lag_days")}
    return [name for name, value in asked.items() if value not in NEVER_ASKED or (name == "lag_days" and value == 0)]


def too_near_a_cohort(
    result: Result, others: Iterable[Result], minimum: int, *, by_person: bool = False
) -> frozenset[Place]:
    """The cells that differ by few from those of the same group, counted by other named choices or another horizon.

    Parameters
    ----------
    result : Result
        As it was computed; of a function without a cohort nothing is near.
    others : iterable of Result
        What is shown already, or leaves with it.
    minimum : int
        Fewer persons than this are few.
    by_person : bool
        Whether cohorts of the authors' own were compared person by person within the project: their numbers are not
        then, since cohorts of other persons can have nearly the same.

    Returns
    -------
    frozenset of tuple
        Addresses of cells of the Result.
    """
    if result.recipe.function not in FUNCTIONS:
        return frozenset()
    shown: dict[tuple[str, ...], list[float]] = {}
    for other in others:
        compared = by_person and other.project == result.project and (own_choices(result) or own_choices(other))
        if other.recipe.function in FUNCTIONS and _index(other) == _index(result) and not compared:
            for _, what, number in _numbers(other):
                shown.setdefault(what, []).append(number)
    return frozenset(
        place
        for place, what, number in _numbers(result)
        if any(0 < abs(number - before) < minimum for before in shown.get(what, ()))
    )


def _index(result: Result) -> str:
    return str(result.recipe.parameters.get("cohort", {}).get("index"))


def _numbers(result: Result) -> Iterator[tuple[Place, tuple[str, ...], float]]:
    """Of every cell its address, and what it counts: who is in the group, and to whom something happened."""
    for row in result.table[result.table.value.notna()].to_dict("records"):
        group = sorted(f"{name}={row[name]}" for name in result.dimensions if name != "horizon" and row[name] != TOTAL)
        place, here = place_of(row, result.dimensions), (str(row["period"]), *group)
        if row["measure"] == OF_A_REFERENCE:
            continue
        if pd.isna(row["numerator"]):
            yield place, ("persons", *here), float(row["value"])
            continue
        measure = "general" if row["measure"] == "observed" else str(row["measure"])
        yield place, (measure, *here), float(row["numerator"])
        if row["unit"] == "percent":
            yield place, ("persons", *here), float(row["denominator"])
