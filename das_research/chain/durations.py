"""How long cases stay in a stage: the share that was done after so many days, with cases still open counted rightly."""

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from das_research.catalog.models import Text
from das_research.chain.assemble import assemble, check_attributes, check_years, period_of, stage_labels
from das_research.chain.cohort import cohort_title, group_labels, lies_in, persons_per_group, stage_step
from das_research.chain.journey import OPEN, journeys_through
from das_research.chain.survival import MEASURES, check_step, curve_rows, curves
from das_research.engines import days, literal_date
from das_research.errors import UsageError
from das_research.result import Recipe, Result
from das_research.sensitivity import CASES_ONLY, with_band

if TYPE_CHECKING:
    from das_research.access.project import Project


@with_band(CASES_ONLY)
def durations(
    project: "Project", stage: str, first_year: int, last_year: int, by: Sequence[str] = (), step_days: int = 7
) -> Result:
    """The Kaplan-Meier curve of the days from entering a stage to going on or leaving the chain.

    The cohort are the cases that first entered the stage in these years. A case that is open counts up to the last day
    the sources cover.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`.
    stage : str
        Id of a stage.
    first_year, last_year : int
        Calendar years of entry, both included.
    by : sequence of str
        Attributes of cases to break down by.
    step_days : int
        Days between two points of the curve.

    Returns
    -------
    Result
        Shape `curve`; dimensions `stage`, `days` and the attributes. Measure `completed_share` in percent: one row a
        point, with Greenwood's `se` and 95% limits (log(-log)); `numerator` are the cases done since the point before,
        `denominator` those still open after it. Measures `first_quartile`, `median` and `third_quartile` in days (their
        `days` is `_T`), with 95% limits; unknown where the curve does not reach them. `n`: distinct persons of the
        cohort, or cases where the chain knows no persons.

    Raises
    ------
    UsageError
        When the stage, the years, the attributes or the step can't be used.
    AccessRefused
        When the grant leaves out a column that is needed.

    Notes
    -----
    The product-limit estimator of Kaplan and Meier (1958); see `das_research.chain.product_limit` for every source.

    Examples
    --------
    >>> das.chain.durations(project, "berechting", 2015, 2020, by=["delictgroep"])  # doctest: +SKIP
    """
    _check_stage(project, stage)
    check_step(step_days)
    check_years(project, first_year, last_year)
    by = check_attributes(project, by)
    journey = journeys_through(project, stage, by)
    cohort = stays(project, journey, first_year, last_year)
    groups = curves(cohort, by)
    persons = persons_per_group(cohort, by)
    labels = group_labels(project, by, groups)
    period = period_of(first_year, last_year)
    rows = [
        {"stage": stage, **dict(zip(by, key, strict=True)), "period": period, "n": persons[key], **row}
        for key in product(*labels.values())
        if key in groups
        for row in curve_rows(groups[key], step_days)
    ]
    title = stage_labels(project)[stage]
    what = Text(nl=f"Doorlooptijd in de fase {title.nl}", en=f"Duration in the stage {title.en}")
    return assemble(
        project,
        "doorlooptijd",
        rows,
        ["stage", "days", *by],
        title=cohort_title(project, what, first_year, last_year),
        measures=MEASURES,
        labels={"stage": {stage: title}, **labels},
        recipe=Recipe(
            "das_research.chain.durations",
            {"stage": stage, "first_year": first_year, "last_year": last_year, "by": list(by), "step_days": step_days},
        ),
        shape="curve",
        attrition=[stage_step(journey, first_year, last_year)],
    )


def stays(project: "Project", journey: ir.Table, first_year: int, last_year: int) -> ir.Table:
    """The journeys of cases that entered their stage in these years, with how long each `lasted` or `is_open`."""
    cohort = journey.filter(lies_in(journey.entered, first_year, last_year))
    ended = cohort.ended.fill_null(literal_date(project.observed_until))
    return cohort.mutate(lasted=days(ended, cohort.entered), is_open=cohort.how == OPEN)


def _check_stage(project: "Project", stage: str) -> None:
    """Refuse a stage that is not there, and one that no case can be seen to end."""
    stages = project.catalog.chain.stages
    known = [it.id for it in stages]
    if stage not in known:
        raise UsageError(f"There is no stage '{stage}'.", fix=f"Choose from: {', '.join(known)}.")
    if stages[-1].id == stage and not stages[-1].leave:
        raise UsageError(
            f"No duration of the stage '{stage}' is known.",
            why="It is the last of the chain, and the catalogue names no event by which a case leaves it.",
            fix=f"Choose from: {', '.join(known[:-1])}.",
        )
