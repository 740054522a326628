"""How many persons a cohort holds, by year and by who they are: what a reader sees of the cohort itself."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import ibis

from das_research.catalog.models import Text
from das_research.chain.assemble import UNKNOWN, assemble
from das_research.chain.reoffending.attributes import ATTRIBUTES, attribute_codes, check_known, with_attributes
from das_research.chain.reoffending.cohort import cohort_of
from das_research.chain.reoffending.cohorts import Cohort
from das_research.chain.reoffending.rates import periods_of
from das_research.result import TOTAL, Recipe, Result
from das_research.sensitivity import with_band

if TYPE_CHECKING:
    from das_research.access.project import Project

FUNCTION = "das_research.chain.cohort_size"
UNIT = "persoon-in-cohort"
TITLE = Text(nl="Personen in het cohort", en="Persons in the cohort")


def cohort_size(cohort: Cohort, by: Sequence[str] = ()) -> Result:
    """How many persons a cohort holds, with how it was made as its attrition.

    Parameters
    ----------
    cohort : Cohort
        From `das_research.chain.cohort`.
    by : sequence of str
        Attributes of persons at their start, as in `das_research.chain.recidivism`.

    Returns
    -------
    Result
        Measure `number`, one row a year of the cohort (and all years together, in which a person counts once for each
        year) and group. `n`: distinct persons.

    Raises
    ------
    UsageError
        When there is no such attribute.
    AccessRefused
        When the grant leaves out a column that is needed.

    Examples
    --------
    >>> das.chain.cohort_size(cohort, by=["geslacht"])  # doctest: +SKIP
    """
    return run_cohort_size(cohort.project, cohort=cohort, by=list(check_known(by)))


@with_band()
def run_cohort_size(project: "Project", cohort: Cohort | Mapping[str, Any], by: Sequence[str]) -> Result:
    """What `cohort_size` gives, from parameters in JSON values: how its recipe runs again."""
    made = cohort_of(project, cohort)
    entries = with_attributes(project, made.method, made.entries, by)
    coded = entries.mutate(**{name: entries[name].cast("string").fill_null(UNKNOWN) for name in by})
    parts = []
    for kept in (kept for size in range(len(by) + 1) for kept in combinations(by, size)):
        for period in periods_of(made)[-1:] if len(made.years) == 1 else (None, made.period):
            told = {name: ibis.literal(TOTAL) for name in by if name not in kept}
            told["period"] = coded.year.cast("string") if period is None else ibis.literal(period)
            table = coded.mutate(**told)
            parts.append(table.group_by(*by, "period").agg(number=table.count(), persons=table.person_id.nunique()))
    found = (ibis.union(*parts) if len(parts) > 1 else parts[0]).to_pyarrow().to_pylist()
    counted = {(*(row[name] for name in by), row["period"]): row for row in found}
    codes = attribute_codes(project.catalog, made.method, by, [key[:-1] for key in counted])
    rows = [
        {
            "measure": "number",
            **dict(zip(by, key, strict=True)),
            "period": period,
            "unit": UNIT,
            "value": counted.get((*key, period), {}).get("number", 0),
            "n": counted.get((*key, period), {}).get("persons", 0),
        }
        for key in product(*codes.values())
        if set(key) <= {TOTAL} or any((*key, period) in counted for period in periods_of(made))
        for period in periods_of(made)
    ]
    return assemble(
        project,
        "recidivecohort",
        rows,
        list(by),
        title=made.title(TITLE),
        measures={"number": TITLE},
        labels={
            "unit": {UNIT: Text(nl="personen", en="persons")},
            "dimension": {name: ATTRIBUTES[name] for name in by},
            **codes,
        },
        recipe=Recipe(FUNCTION, {"cohort": made.parameters, "by": list(by)}),
        attrition=made.attrition,
    )
