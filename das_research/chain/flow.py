"""How many cases stand in each stage, enter it, go on from it and leave the chain there, period by period."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from das_research.catalog.models import Text
from das_research.chain.assemble import CASES, assemble, check_years, in_period, period_of, stage_labels
from das_research.chain.calendar import Every, Periods, periods_of
from das_research.chain.journey import cases_that, side_by_side
from das_research.chain.presence import count_presence
from das_research.engines import literal_date
from das_research.result import Recipe, Result, Step
from das_research.sensitivity import CASES_ONLY, with_band

if TYPE_CHECKING:
    from das_research.access.project import Project

MEASURES = {
    "open_begin": Text(nl="open aan het begin", en="open at the beginning"),
    "in": Text(nl="ingestroomd", en="entered"),
    "on": Text(nl="doorgestroomd", en="went on"),
    "out": Text(nl="uitgestroomd", en="left the chain"),
    "open_end": Text(nl="open aan het einde", en="open at the end"),
    "without_before": Text(nl="ingestroomd zonder eerdere fase", en="entered without an earlier stage"),
}


@with_band(CASES_ONLY)
def flow(project: "Project", first_year: int, last_year: int, every: Every = "year") -> Result:
    """Stocks and flows of every stage, for every calendar year, quarter or month, and for the whole period.

    A case counts in a stage from the day it entered to the day it went on or left. Cases that entered before the first
    year and were not done by then are in its opening stock. In every stage and period
    ``open_begin + in - on - out = open_end``, and one period ends as the next begins: both are checked.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`.
    first_year, last_year : int
        Calendar years, both included.
    every : {'year', 'quarter', 'month'}
        The periods that the years are cut into. One that begins after the last observed day is left out.

    Returns
    -------
    Result
        Dimension `stage`; measures `open_begin, in, on, out, open_end`, and for the whole period `without_before`:
        entries of cases that were in no earlier stage, a part of `in` that tells how well the sources link. Unit:
        cases. `n`: distinct persons, or cases where the chain knows no persons. A period not observed to its end is
        provisional.

    Raises
    ------
    UsageError
        When the years are in the wrong order or were not observed.
    AccessRefused
        When the grant leaves out a column that is needed.

    Examples
    --------
    >>> das.chain.flow(project, 2012, 2024)  # doctest: +SKIP
    """
    check_years(project, first_year, last_year)
    years = period_of(first_year, last_year)
    periods = periods_of(project, first_year, last_year, every)
    counted = count_presence(*side_by_side(project), periods, every)
    _check_balance(counted, [stage.id for stage in project.catalog.chain.stages], periods)
    rows = [
        row
        for position in range(len(project.catalog.chain.stages))
        for period, (_, last) in periods.items()
        for row in _rows(
            project,
            position,
            period,
            counted,
            "final" if last <= project.observed_until else "provisional",
            whole=period == years,
        )
    ]
    parameters = {"first_year": first_year, "last_year": last_year} | ({} if every == "year" else {"every": every})
    return assemble(
        project,
        "stroom",
        rows,
        ["stage"],
        title=in_period(Text(nl="Stroom door de keten", en="Flow through the chain"), years),
        measures=MEASURES,
        labels={"stage": stage_labels(project)},
        recipe=Recipe("das_research.chain.flow", parameters),
        attrition=_attrition(project, first_year, last_year),
    )


def _rows(
    project: "Project",
    position: int,
    period: str,
    counted: Mapping[tuple[str, str], Mapping[str, int]],
    revision: str,
    *,
    whole: bool,
) -> list[dict[str, Any]]:
    stages = project.catalog.chain.stages
    stage = stages[position]
    impossible = {"on": position == len(stages) - 1, "out": not stage.leave, "without_before": position == 0}
    measures = [measure for measure in MEASURES if measure != "without_before" or whole]
    found = counted.get((stage.id, period), {})
    rows = []
    for measure in measures:
        row: dict[str, Any] = {
            "measure": measure,
            "stage": stage.id,
            "period": period,
            "unit": CASES,
            "revision": revision,
        }
        if impossible.get(measure):
            rows.append(row | {"kind": "cannot occur"})
        else:
            rows.append(row | {"value": found.get(measure, 0), "n": found.get(f"n_{measure}", 0)})
    return rows


def _check_balance(counted: Mapping[tuple[str, str], Mapping[str, int]], stages: list[str], periods: Periods) -> None:
    """A flow that doesn't add up is an error in this program, never something to publish."""
    following = {one: other for one, other in pairwise(periods) if periods[other][0] > periods[one][1]}
    for stage in stages:
        for period in periods:
            now = counted.get((stage, period), {})
            balance = now.get("open_begin", 0) + now.get("in", 0) - now.get("on", 0) - now.get("out", 0)
            if balance != now.get("open_end", 0):
                raise ArithmeticError(f"the flow of {stage} in {period} does not balance")
            after = counted.get((stage, following.get(period, "")), {})
            if period in following and now.get("open_end", 0) != after.get("open_begin", 0):
                raise ArithmeticError(f"{stage} does not begin {following[period]} as it ended {period}")


def _attrition(project: "Project", first_year: int, last_year: int) -> list[Step]:
    begin, end = literal_date(date(first_year, 1, 1)), literal_date(date(last_year, 12, 31))
    known = project.tables.cases.count().to_pyarrow().as_py()
    entered, present = cases_that(project, lambda entry, ended: (entry <= end) & (ended.isnull() | (ended >= begin)))
    return [
        Step(known, entered, Text(nl="kwam geen fase van de keten binnen", en="entered no stage of the chain")),
        Step(entered, present, Text(nl="stond in deze jaren in geen fase", en="was in no stage in these years")),
    ]
