"""How long cases stay in a stage: the share that was done after so many days, with cases still open counted rightly."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from math import ceil, isnan
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
import numpy as np

from das_research.catalog.models import Text
from das_research.chain.assemble import DAYS, PERCENT, assemble, check_attributes, check_years, period_of, stage_labels
from das_research.chain.cohort import cohort_step, cohort_title, group_labels, in_cohort, per_group
from das_research.chain.journey import OPEN, journeys
from das_research.chain.product_limit import Survival, product_limit
from das_research.engines import days, literal_date
from das_research.errors import UsageError
from das_research.result import TOTAL, Recipe, Result
from das_research.sensitivity import CASES_ONLY, with_band

if TYPE_CHECKING:
    from das_research.access.project import Project

MEASURES = {
    "completed_share": Text(nl="afgerond", en="completed"),
    "first_quartile": Text(nl="een kwart afgerond na", en="a quarter completed after"),
    "median": Text(nl="de helft afgerond na", en="half completed after"),
    "third_quartile": Text(nl="driekwart afgerond na", en="three quarters completed after"),
}
QUANTILES = {"first_quartile": 0.25, "median": 0.5, "third_quartile": 0.75}


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
    if step_days < 1:
        raise UsageError(f"A step of {step_days} days is not possible.", fix="Choose step_days=1 or more.")
    check_years(project, first_year, last_year)
    by = check_attributes(project, by)
    journey = journeys(project, by)
    journey = journey.filter(journey.stage == stage)
    cohort = in_cohort(journey, first_year, last_year)
    curves = _curves(cohort, by, project.observed_until)
    persons = {tuple(row[name] for name in by): row["n"] for row in per_group(cohort, by, _persons)}
    labels = group_labels(project, by, curves)
    period = period_of(first_year, last_year)
    rows = [
        {"stage": stage, **dict(zip(by, key, strict=True)), "period": period, "n": persons[key], **row}
        for key in product(*labels.values())
        if key in curves
        for row in (*_points(curves[key], step_days), *_quantiles(curves[key]))
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
        attrition=[cohort_step(journey, cohort)],
    )


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


def _curves(cohort: ir.Table, by: Sequence[str], observed_until: date) -> dict[tuple[str, ...], Survival]:
    """The curve of every group, from the numbers of cases that ended, or were last seen open, after so many days."""
    ended = cohort.ended.fill_null(literal_date(observed_until))
    timed = cohort.mutate(lasted=days(ended, cohort.entered), is_open=cohort.how == OPEN)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in sorted(per_group(timed, by, _ends, "lasted"), key=itemgetter("lasted")):
        groups.setdefault(tuple(row[name] for name in by), []).append(row)
    return {key: _survival(counts) for key, counts in groups.items()}


def _ends(cohort: ir.Table) -> dict[str, ir.IntegerScalar]:
    return {"ended": cohort.count(where=~cohort.is_open), "open": cohort.count(where=cohort.is_open)}


def _persons(cohort: ir.Table) -> dict[str, ir.IntegerScalar]:
    return {"n": cohort.person_id.nunique()}


def _survival(counts: Sequence[Mapping[str, Any]]) -> Survival:
    lasted, ended, open_ = (np.array([row[name] for row in counts], "float64") for name in ("lasted", "ended", "open"))
    return product_limit(lasted, ended, open_)


def _points(curve: Survival, step_days: int) -> list[dict[str, Any]]:
    points = []
    before = -1
    for step in range(ceil(curve.days[-1] / step_days) + 1):
        here = curve.index_at(step * step_days)
        open_share, se = (curve.share[here], curve.se[here]) if here >= 0 else (1.0, 0.0)
        limits = (curve.lower[here], curve.upper[here]) if here >= 0 else (np.nan, np.nan)
        points.append(
            {
                "measure": "completed_share",
                "days": str(step * step_days),
                "unit": PERCENT,
                "value": 100 * (1 - open_share),
                "numerator": curve.events[before + 1 : here + 1].sum(),
                "denominator": curve.at_risk[before + 1] if before + 1 < len(curve.days) else 0,
                "se": 100 * se,
                "lower": 100 * (1 - limits[1]),
                "upper": 100 * (1 - limits[0]),
            }
        )
        before = here
    return points


def _quantiles(curve: Survival) -> list[dict[str, Any]]:
    rows = []
    for measure, completed in QUANTILES.items():
        value, lower, upper = (None if isnan(day) else day for day in curve.quantile(completed))
        row = {"measure": measure, "days": TOTAL, "unit": DAYS, "value": value}
        rows.append(row | ({} if value is None else {"lower": lower, "upper": upper}))
    return rows
