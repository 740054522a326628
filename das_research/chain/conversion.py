"""What became of the cases that entered a stage: the shares that went on, left the chain or are open."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from das_research.catalog.models import Text
from das_research.chain.assemble import PERCENT, assemble, check_attributes, check_years, period_of, stage_labels
from das_research.chain.cohort import cohort_step, cohort_title, group_labels, in_cohort, per_group
from das_research.chain.journey import ON, OPEN, OUT, journeys
from das_research.result import TOTAL, Recipe, Result
from das_research.sensitivity import CASES_ONLY, with_band

if TYPE_CHECKING:
    from das_research.access.project import Project

MEASURES = {
    "reached_next": Text(nl="bereikte de volgende fase", en="reached the next stage"),
    "reached_later": Text(nl="bereikte een latere fase", en="reached a later stage"),
    "left": Text(nl="verliet de keten", en="left the chain"),
    "open": Text(nl="nog open", en="still open"),
}


@with_band(CASES_ONLY)
def conversion(project: "Project", first_year: int, last_year: int, by: Sequence[str] = ()) -> Result:
    """The shares of a cohort that reached the next stage, reached any later one, left the chain, or are open.

    The cohort of a stage are the cases that first entered it in these years, followed to the last day the sources
    cover: recent cases had less time.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`.
    first_year, last_year : int
        Calendar years of entry, both included.
    by : sequence of str
        Attributes of cases to break down by; what is not known counts as `onbekend`.

    Returns
    -------
    Result
        Dimension `stage` (the one the cases start from) and the attributes (total `_T`). Measures in percent, with
        numerator and denominator in cases: `reached_next`, and `reached_later + left + open = 100`. `n`: distinct
        persons (cases where the chain knows no persons): the smaller of those in the numerator and those outside it.

    Raises
    ------
    UsageError
        When the years or the attributes can't be used.
    AccessRefused
        When the grant leaves out a column that is needed.

    Examples
    --------
    >>> das.chain.conversion(project, 2015, 2020, by=["delictgroep"])  # doctest: +SKIP
    """
    check_years(project, first_year, last_year)
    by = check_attributes(project, by)
    stages = [stage.id for stage in project.catalog.chain.stages]
    journey = journeys(project, by)
    cohort = in_cohort(journey, first_year, last_year)
    counted = {tuple(row.pop(it) for it in ("stage", *by)): row for row in per_group(cohort, by, _measures, "stage")}
    labels = group_labels(project, by, (key[1:] for key in counted))
    period = period_of(first_year, last_year)
    rows = [
        row
        for position, stage in enumerate(stages)
        for key in product(*labels.values())
        if (stage, *key) in counted or set(key) <= {TOTAL}
        for row in _rows(
            counted.get((stage, *key), {}),
            {"stage": stage, **dict(zip(by, key, strict=True)), "period": period},
            last=position == len(stages) - 1,
            leaves=bool(project.catalog.chain.stages[position].leave),
        )
    ]
    return assemble(
        project,
        "conversie",
        rows,
        ["stage", *by],
        title=cohort_title(project, Text(nl="Wat er van zaken werd", en="What became of cases"), first_year, last_year),
        measures=MEASURES,
        labels={"stage": stage_labels(project), **labels},
        recipe=Recipe(
            "das_research.chain.conversion", {"first_year": first_year, "last_year": last_year, "by": list(by)}
        ),
        attrition=[cohort_step(project, first_year, last_year)],
    )


def what_became(cohort: ir.Table) -> dict[str, ir.BooleanValue]:
    """Of every measure the cases for which it holds."""
    return {
        "reached_next": cohort.reached_next,
        "reached_later": cohort.how == ON,
        "left": cohort.how == OUT,
        "open": cohort.how == OPEN,
    }


def _measures(cohort: ir.Table) -> dict[str, ir.IntegerScalar]:
    became = what_became(cohort)
    counts = {measure: cohort.count(where=met) for measure, met in became.items()}
    persons = {f"n_{measure}": cohort.person_id.nunique(where=met) for measure, met in became.items()}
    others = {f"n_not_{measure}": cohort.person_id.nunique(where=~met) for measure, met in became.items()}
    return {"cohort": cohort.count(), **counts, **persons, **others}


def _rows(found: Mapping[str, int], place: Mapping[str, str], *, last: bool, leaves: bool) -> list[dict[str, Any]]:
    impossible = {"reached_next": last, "reached_later": last, "left": not leaves, "open": last and not leaves}
    size = found.get("cohort", 0)
    rows: list[dict[str, Any]] = []
    for measure in MEASURES:
        row = {"measure": measure, **place, "unit": PERCENT}
        if impossible.get(measure):
            rows.append(row | {"kind": "cannot occur"})
            continue
        count = found.get(measure, 0)
        share = 100 * count / size if size else None
        persons = min(found.get(f"n_{measure}", 0), found.get(f"n_not_{measure}", 0))
        rows.append(row | {"value": share, "numerator": count, "denominator": size, "n": persons})
    return rows
