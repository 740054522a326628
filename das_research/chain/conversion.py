"""What became of the cases that entered a stage: the shares that went on, left the chain or are open."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Text
from das_research.chain.assemble import (
    PERCENT,
    UNKNOWN,
    assemble,
    attribute_labels,
    check_attributes,
    check_years,
    cohort_title,
    period_of,
    stage_labels,
)
from das_research.chain.journey import ON, OPEN, OUT, journeys
from das_research.result import TOTAL, Recipe, Result, Step

if TYPE_CHECKING:
    from das_research.access import Project

MEASURES = {
    "reached_next": Text(nl="bereikte de volgende fase", en="reached the next stage"),
    "reached_later": Text(nl="bereikte een latere fase", en="reached a later stage"),
    "left": Text(nl="verliet de keten", en="left the chain"),
    "open": Text(nl="nog open", en="still open"),
}


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
    """
    check_years(project, first_year, last_year)
    by = check_attributes(project, by)
    stages = [stage.id for stage in project.catalog.chain.stages]
    journey = journeys(project, by)
    cohort = in_cohort(journey, first_year, last_year)
    counted = {
        tuple(row.pop(name) for name in ("stage", *by)): row
        for row in per_group(cohort, by, _measures)
    }  # fmt: skip
    codes = {name: {key[i] for key in counted} | {TOTAL} for i, name in enumerate(by, start=1)}
    labels = {name: attribute_labels(project, name, sorted(codes[name])) for name in by}
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
        attrition=[cohort_step(journey, cohort)],
    )


def in_cohort(journey: ir.Table, first_year: int, last_year: int) -> ir.Table:
    """The journeys of cases that entered their stage in these years."""
    return journey.filter(journey.entered.between(ibis.date(f"{first_year}-01-01"), ibis.date(f"{last_year}-12-31")))


def cohort_step(journey: ir.Table, cohort: ir.Table) -> Step:
    """How many cases entered at any time, and how many of them in the years of the cohort."""
    counts = [table.case_id.nunique().to_pyarrow().as_py() for table in (journey, cohort)]
    return Step(counts[0], counts[1], Text(nl="kwam niet in deze jaren binnen", en="did not enter in these years"))


def per_group(cohort: ir.Table, by: Sequence[str], measures: Any, *also: str) -> list[dict[str, Any]]:
    """The measures per stage for every combination of the attributes' codes and totals.

    Parameters
    ----------
    cohort : Table
        Journeys with the attributes.
    by : sequence of str
        The attributes.
    measures : callable
        From a table to its aggregates by name.
    *also : str
        Further columns to group by, which have no total.
    """
    coded = cohort.mutate(**{name: cohort[name].cast("string").fill_null(UNKNOWN) for name in by})
    rows = []
    for size in range(len(by) + 1):
        for kept in combinations(by, size):
            table = coded.mutate(**{name: ibis.literal(TOTAL) for name in by if name not in kept})
            rows += table.group_by("stage", *by, *also).agg(**measures(table)).to_pyarrow().to_pylist()
    return rows


def _measures(cohort: ir.Table) -> dict[str, ir.IntegerScalar]:
    became = {
        "reached_next": cohort.reached_next,
        "reached_later": cohort.how == ON,
        "left": cohort.how == OUT,
        "open": cohort.how == OPEN,
    }
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
