"""What gets lost between two links of the chain: a number of its own, which says how well the sources fit together."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from das_research.catalog.models import Text
from das_research.chain.assemble import PERCENT, assemble, check_years, in_period, period_of, revision_of, stage_labels
from das_research.chain.calendar import how_far_followed, years_and_all
from das_research.chain.cohort import Part, in_cohort, in_years, parts_per_stage_and_year, share_of
from das_research.chain.journey import OPEN, journeys
from das_research.engines import literal_date
from das_research.errors import UsageError
from das_research.result import Recipe, Result, Step
from das_research.sensitivity import CASES_ONLY, with_band

if TYPE_CHECKING:
    from das_research.access.project import Project

MEASURES = {
    "never_seen": Text(nl="zou verder gaan, en is nergens later gezien", en="would go on, and was never seen later"),
    "without_before": Text(nl="kwam binnen zonder eerdere fase", en="entered without an earlier stage"),
}


@with_band(CASES_ONLY)
def leakage(project: "Project", first_year: int, last_year: int, grace_days: int = 365) -> Result:
    """The cases that are lost from sight between the sources of two stages, and those that turn up from nowhere.

    Lost are cases of which a stage's own source says in a year that they go on (`pass_on` of the stage), that no later
    stage ever shows, and that did not leave the chain either. They stand in the open stock of their stage and would
    stay there. From nowhere come cases that enter a stage and that no earlier stage shows.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`.
    first_year, last_year : int
        Calendar years in which the stage says so, or the case enters; both included.
    grace_days : int
        How long a later stage may take to show a case: of who was passed on less than this before the last day the
        sources cover, nothing can be said yet, and they don't count.

    Returns
    -------
    Result
        Dimension `stage`; measures in percent for every year and all years: `never_seen`, of the cases that the stage
        passed on; `without_before`, of the cases that entered. The numerator is the number of cases. `n`: distinct
        persons (cases where the chain knows no persons), the smaller of those in the numerator and those outside it.
        A year of which not all cases had their time is provisional; one of which none had is unknown.

    Raises
    ------
    UsageError
        When the years or the days can't be used.
    AccessRefused
        When the grant leaves out a column that is needed.

    Examples
    --------
    >>> das.chain.leakage(project, 2015, 2020)  # doctest: +SKIP
    """
    check_years(project, first_year, last_year)
    if grace_days < 0:
        raise UsageError(f"A time of {grace_days} days is not possible.", fix="Choose grace_days=0 or more.")
    latest = project.observed_until - timedelta(days=grace_days)
    journey = journeys(project, told=True)
    passed = in_years(journey, "told_on", first_year, last_year)
    lost, strange = what_is_lost(journey, first_year, last_year, latest)
    counted = parts_per_stage_and_year([lost, strange])
    whole = period_of(first_year, last_year)
    rows = [
        {"stage": stage.id, "period": period, **row}
        for position, stage in enumerate(project.catalog.chain.stages)
        for period, code in years_and_all(first_year, last_year).items()
        for row in _rows(project, counted.get((stage.id, code), {}), position, period, latest)
    ]
    before, after = (table.count().to_pyarrow().as_py() for table in (passed, lost[0]))
    return assemble(
        project,
        "lekkage",
        rows,
        ["stage"],
        title=in_period(
            Text(nl="Wat tussen de schakels uit zicht raakt", en="What is lost from sight between the links"), whole
        ),
        measures=MEASURES,
        labels={"stage": stage_labels(project)},
        recipe=Recipe(
            "das_research.chain.leakage",
            {"first_year": first_year, "last_year": last_year, "grace_days": grace_days},
        ),
        attrition=[Step(before, after, Text(nl="te kort gevolgd", en="not followed long enough"))],
    )


def what_is_lost(journey: ir.Table, first_year: int, last_year: int, latest: date) -> tuple[Part, Part]:
    """What was passed on by a day and what entered, with the cases that are lost and those that come from nowhere."""
    passed = in_years(journey, "told_on", first_year, last_year)
    had_time = passed.filter(passed.told_on <= literal_date(latest))
    entered = in_cohort(journey, first_year, last_year)
    return (had_time, {"never_seen": had_time.how == OPEN}), (entered, {"without_before": entered.without_before})


def _rows(
    project: "Project", found: Mapping[str, int], position: int, period: str, latest: date
) -> Iterator[dict[str, Any]]:
    if not project.catalog.chain.stages[position].pass_on:
        yield {"measure": "never_seen", "unit": PERCENT, "kind": "cannot occur"}
    else:  # of a year that can't be followed so long, 0 cases
        yield {"measure": "never_seen", **share_of(found, "never_seen"), **how_far_followed(period, latest)}
    revision = revision_of(project, int(period[-4:]))
    share = {"unit": PERCENT, "kind": "cannot occur"} if position == 0 else share_of(found, "without_before")
    yield {"measure": "without_before", "revision": revision, **share}
