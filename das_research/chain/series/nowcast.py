"""Nowcast: what the last periods of a series will be once all of it has come in."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from das_research.catalog.models import Text
from das_research.chain.series.chain_ladder import Ladder, Tried, chain_ladder, interval, try_back
from das_research.chain.series.observed import Numbers, Observed, observe
from das_research.chain.series.results import recipe_of, series_result, titled
from das_research.errors import UsageError
from das_research.presentation.addresses import refuse_unknown
from das_research.result import TOTAL, Recipe, Result

if TYPE_CHECKING:
    from das_research.access.project import Project

FUNCTION = "das_research.chain.nowcast"
LEAST = 3  # periods, or nobody can tell how they differ; and, for trying back, so many that came in whole
MEASURES = {
    "known": Text(nl="bekend tot nu toe", en="known so far"),
    "nowcast": Text(nl="verwacht", en="expected"),
    "development": Text(nl="groei van deze leeftijd naar de volgende", en="growth from this age to the next"),
    "tried": Text(nl="terug in de tijd beproefd", en="tried back in time"),
    "within_limits": Text(nl="waarvan binnen de marge", en="of which within the limits"),
    "missed": Text(nl="gemiddeld ernaast", en="missed by, on average"),
    "missed_before": Text(nl="gemiddeld ernaast zonder bijschatting", en="missed by without nowcast, on average"),
}


def nowcast(_: "Project", result: Result, age: str, **address: str) -> Result:
    """Expect what is still to come of the last periods, from how earlier ones came in.

    Parameters
    ----------
    _ : Project
        From `das_research.open_project`.
    result : Result
        Counts by period and by `age`: how many of a period became known so many periods later, as ``das.tabulate``
        gives them of two dates. Of the last period age 0 is known, of the one before 0 and 1, and so on.
    age : str
        The dimension with the age, in whole periods from 0.
    **address
        Column and code of the series; what is not named is at its total.

    Returns
    -------
    Result
        Shape `series`, dimension `age`. Of every period `known`, and `nowcast` with Mack's `se` and 95% limits (log
        normal), provisional where it is not all known. Of every age `development`: by how much a period grows from it
        to the next. Of the whole, from what was known at earlier moments alone: `tried` (how often), `within_limits`
        (percent), `missed` and, had nobody expected anything, `missed_before` (mean absolute percent).

    Raises
    ------
    UsageError
        When ages are no whole numbers from 0, a number is negative or missing, something is known too early, or the
        series is too short.

    Examples
    --------
    >>> late = das.tabulate(reported, by=["period", "leeftijd"])  # doctest: +SKIP
    >>> das.chain.nowcast(project, late, age="leeftijd")  # doctest: +SKIP
    """
    refuse_unknown("dimension", [age], result.dimensions)
    whole = observe(result, {**address, age: TOTAL})
    cells = _increments(result, whole, age, address)
    triangle = _triangle(cells, whole)
    return nowcast_result(result, whole, triangle, recipe_of(FUNCTION, result, age=age, **address))


def nowcast_result(result: Result, whole: Observed, triangle: Numbers, recipe: Recipe) -> Result:
    """The Result of a triangle: a row a period of the series, a column an age."""
    return series_result(
        result,
        whole,
        list(_rows(whole, chain_ladder(triangle), try_back(triangle, LEAST))),
        figure="nowcast",
        title=titled(result, Text(nl="Bijgeschat", en="Nowcast")),
        measures=MEASURES,
        recipe=recipe,
        dimensions={"age": (Text(nl="leeftijd", en="age"), {TOTAL: Text(nl="alle", en="all")})},
    )


def _increments(result: Result, whole: Observed, age: str, address: dict[str, str]) -> Numbers:
    """A row a period, a column an age: what became known then."""
    table = result.table
    for column in ("measure", *result.dimensions):
        if column == age:
            table = table[table[column] != TOTAL]
        elif column in address:
            table = table[table[column] == str(address[column])]
        elif (table[column] == TOTAL).any():
            table = table[table[column] == TOTAL]
    table = table[table.period.isin(whole.periods)]
    if not table.kind.isin(("number", "zero")).all():
        raise UsageError("A period has an age of which no number is known.", fix="Count what did not happen as zero.")
    ages = sorted({str(code) for code in table[age]}, key=lambda code: (len(code), code))
    if ages != [str(place) for place in range(len(ages))]:
        raise UsageError(
            f"The codes of {age} are no ages.",
            why="They must be whole numbers from 0 without a gap: periods from one date to the other.",
            fix="Merge the highest into one, and count from 0.",
        )
    if len(ages) < 2:
        raise UsageError("There is one age only, so nothing is still to come.", fix="Cut time into shorter periods.")
    wide = table.assign(place=table[age].astype(int)).pivot(index="period", columns="place", values="value")
    return wide.reindex(list(whole.periods)).fillna(0.0).to_numpy("float64")


def _triangle(increments: Numbers, whole: Observed) -> Numbers:
    """What was known of each period at each age; not known yet what comes after the last period."""
    size, ages = increments.shape
    if size < max(ages, LEAST):
        raise UsageError(
            f"The series has {size} periods, and {max(ages, LEAST)} are needed.",
            why=f"Periods come in over {ages} ages, and one at least must have come in whole.",
            fix="Take a longer series, or coarser ages.",
        )
    later = np.add.outer(np.arange(size), np.arange(ages)) >= size
    if (increments[later] != 0).any():
        raise UsageError(
            "Something is known of a period at an age that it does not have yet.",
            why=f"The last period is {whole.periods[-1]}; at age 1 and on nothing of it can be known.",
            fix="Count age in periods of the same length, from the same calendar.",
        )
    if (increments < 0).any():
        raise UsageError("A count is below zero.", fix="Give what became known at each age, not what changed.")
    return np.where(later, np.nan, increments.cumsum(axis=1))


def _rows(whole: Observed, ladder: Ladder, tried: Tried | None) -> Iterator[dict[str, Any]]:
    unit = whole.rows[0]["unit"]
    for place, row in enumerate(whole.rows):
        coming = place > len(whole.rows) - 1 - len(ladder.factors)
        at = {"period": row["period"], "unit": unit, "revision": "provisional" if coming else row["revision"]}
        yield {"measure": "known", **at, "value": ladder.latest[place]}
        numbers: dict[str, Any] = {"value": ladder.ultimate[place]}
        if coming:
            low, high = interval(ladder.ultimate[place], ladder.errors[place])
            numbers |= {"se": ladder.errors[place], "lower": low, "upper": high}
        yield {"measure": "nowcast", **at, **numbers}
    for age, factor in enumerate(ladder.factors):
        yield {"measure": "development", "age": str(age), "unit": "ratio", "value": factor}
    yield {"measure": "tried", "unit": "number", "value": tried.tried if tried else 0}
    if tried:
        share = 100 * tried.within / tried.tried
        yield {"measure": "within_limits", "unit": "percent", "value": share}
        yield {"measure": "missed", "unit": "percent", "value": tried.missed}
        yield {"measure": "missed_before", "unit": "percent", "value": tried.missed_before}
