"""Two ways to say which share of cases goes on: of those that entered in a year, and of those that were done in it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from das_research.catalog.models import Text
from das_research.chain.assemble import PERCENT, assemble, check_years, in_period, period_of, revision_of, stage_labels
from das_research.chain.calendar import years_and_all
from das_research.chain.cohort import Part, cohort_step, in_cohort, in_years, parts_per_stage_and_year, share_of
from das_research.chain.journey import ON, OPEN, OUT, journeys
from das_research.result import Recipe, Result
from das_research.sensitivity import CASES_ONLY, with_band

if TYPE_CHECKING:
    from das_research.access.project import Project

MEASURES = {
    "of_entered": Text(nl="van wat binnenkwam, ging verder", en="of what entered, went on"),
    "of_ended": Text(nl="van wat klaar was, ging verder", en="of what was done, went on"),
    "left": Text(nl="van wat binnenkwam, verliet de keten", en="of what entered, left the chain"),
    "open": Text(nl="van wat binnenkwam, is nog open", en="of what entered, is still open"),
}


@with_band(CASES_ONLY)
def conversion_by_year(project: "Project", first_year: int, last_year: int) -> Result:
    """The share that goes on from every stage, year by year: by cohort, and by period.

    By cohort: of the cases that entered a stage in a year, what became of them by the last day the sources cover.
    Recent cohorts had less time, and are more often open. By period: of the cases that went on or left in a year,
    whenever they entered, the share that went on. That is known at once and never changes, but it mixes cohorts: when
    the inflow falls, the cases that take long, which go on more often, weigh more.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`.
    first_year, last_year : int
        Calendar years, both included.

    Returns
    -------
    Result
        Dimension `stage`; measures in percent for every year and all years: by cohort `of_entered + left + open = 100`,
        by period `of_ended`. `n`: distinct persons (cases where the chain knows no persons), the smaller of those in
        the numerator and those outside it.

    Raises
    ------
    UsageError
        When the years can't be used.
    AccessRefused
        When the grant leaves out a column that is needed.

    Examples
    --------
    >>> das.chain.conversion_by_year(project, 2015, 2020)  # doctest: +SKIP
    """
    check_years(project, first_year, last_year)
    journey = journeys(project)
    counted = parts_per_stage_and_year(what_went_on(journey, first_year, last_year))
    whole, years = period_of(first_year, last_year), years_and_all(first_year, last_year)
    stages = project.catalog.chain.stages
    rows = [
        {"stage": stage.id, "period": period, "revision": revision_of(project, int(period[-4:])), **row}
        for place, stage in enumerate(stages)
        for period, code in years.items()
        for row in _rows(counted.get((stage.id, code), {}), last=place == len(stages) - 1, leaves=bool(stage.leave))
    ]
    return assemble(
        project,
        "conversie-naar-jaar",
        rows,
        ["stage"],
        title=in_period(Text(nl="Welk deel verder gaat", en="Which share goes on"), whole),
        measures=MEASURES,
        labels={"stage": stage_labels(project)},
        recipe=Recipe("das_research.chain.conversion_by_year", {"first_year": first_year, "last_year": last_year}),
        attrition=[cohort_step(project, first_year, last_year)],
    )


def what_went_on(journey: ir.Table, first_year: int, last_year: int) -> list[Part]:
    """What entered and what was done, with the cases for which each measure holds."""
    entered = in_cohort(journey, first_year, last_year)
    ended = in_years(journey, "ended", first_year, last_year)
    ways = {"of_entered": ON, "left": OUT, "open": OPEN}
    return [(entered, {way: entered.how == how for way, how in ways.items()}), (ended, {"of_ended": ended.how == ON})]


def _rows(found: Mapping[str, int], *, last: bool, leaves: bool) -> list[dict[str, Any]]:
    impossible = {"of_entered": last, "of_ended": last, "left": not leaves, "open": last and not leaves}
    return [
        {
            "measure": measure,
            "unit": PERCENT,
            **({"kind": "cannot occur"} if impossible[measure] else share_of(found, measure)),
        }
        for measure in MEASURES
    ]
