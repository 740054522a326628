"""The cases that entered a stage in some years, and what is measured of them group by group."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Text
from das_research.chain.assemble import PERCENT, UNKNOWN, attribute_labels, period_of
from das_research.chain.journey import cases_that
from das_research.result import TOTAL, Step
from das_research.style.numbers import format_date, format_period

if TYPE_CHECKING:
    from das_research.access.project import Project

Measures = Callable[[ir.Table], Mapping[str, ir.Scalar]]
Part = tuple[ir.Table, Mapping[str, ir.BooleanValue]]  # cases, and by measure those of them for which it holds
ENTERED = Text(nl="binnenkwamen", en="entered")
NOT_ENTERED = Text(nl="kwam niet in deze jaren binnen", en="did not enter in these years")


def in_cohort(journey: ir.Table, first_year: int, last_year: int) -> ir.Table:
    """The journeys of cases that entered their stage in these years."""
    return in_years(journey, "entered", first_year, last_year)


def in_years(table: ir.Table, moment: str, first_year: int, last_year: int) -> ir.Table:
    """The rows whose moment lies in these years, with `year`: the year of that moment, as text."""
    chosen = table.filter(lies_in(table[moment], first_year, last_year))
    return chosen.mutate(year=chosen[moment].year().cast("string"))


def lies_in(day: ir.DateValue, first_year: int, last_year: int) -> ir.BooleanValue:
    """Whether a day lies in these years."""
    return day.between(ibis.date(f"{first_year}-01-01"), ibis.date(f"{last_year}-12-31"))


def cohort_step(project: "Project", first_year: int, last_year: int) -> Step:
    """How many cases entered a stage at any time, and how many of them one in the years of the cohort."""
    known, chosen = cases_that(project, lambda entered, _: lies_in(entered, first_year, last_year))
    return Step(known, chosen, NOT_ENTERED)


def stage_step(journey: ir.Table, first_year: int, last_year: int) -> Step:
    """The same of the journeys through one stage, of which every case has one."""
    chosen = lies_in(journey.entered, first_year, last_year)
    found = journey.agg(known=journey.count(), chosen=journey.count(where=chosen)).to_pyarrow().to_pylist()[0]
    return Step(found["known"], found["chosen"], NOT_ENTERED)


def cohort_title(project: "Project", what: Text, first_year: int, last_year: int, entered: Text = ENTERED) -> Text:
    """A title that says which cases are followed, and until when."""
    period, day = period_of(first_year, last_year), project.observed_until
    years = {"nl": format_period(period, "nl"), "en": format_period(period, "en")}
    end = {"nl": format_date(day, "nl"), "en": format_date(day, "en")}
    unit = project.catalog.chain.unit
    return Text(
        nl=f"{what.nl}: {unit.nl} die in {years['nl']} {entered.nl}, gevolgd tot en met {end['nl']}",
        en=f"{what.en}: {unit.en} that {entered.en} in {years['en']}, followed through {end['en']}",
    )


def per_group(cohort: ir.Table, by: Sequence[str], measures: Measures, *also: str) -> list[dict[str, Any]]:
    """The measures for every combination of the attributes' codes and totals.

    Parameters
    ----------
    cohort : Table
        Journeys with the attributes.
    by : sequence of str
        The attributes.
    measures : callable
        From a table to its aggregates by name.
    *also : str
        Further columns to group by, which have no total: the stage.

    Returns
    -------
    list of dict
        The attributes (total ``_T``, what is not known ``onbekend``), the further columns, the measures.
    """
    coded = cohort.mutate(**{name: cohort[name].cast("string").fill_null(UNKNOWN) for name in by})
    parts = []
    for kept in (kept for size in range(len(by) + 1) for kept in combinations(by, size)):
        table = coded.mutate(**{name: ibis.literal(TOTAL) for name in by if name not in kept})
        grouped = table.group_by(*by, *also) if by or also else table
        parts.append(grouped.agg(**measures(table)))
    return ibis.union(*parts).to_pyarrow().to_pylist()  # together, so that the engine follows the cases once


def parts_per_stage_and_year(parts: Sequence[Part]) -> dict[tuple[str, str], dict[str, int]]:
    """By stage and year (all years ``_T``) what `part_of` tells of the measures of each part, which has a `year`."""
    cells: dict[tuple[str, str], dict[str, int]] = {}
    for table, holds in parts:
        marked = table.mutate(**holds)
        for row in per_group(marked, ["year"], partial(_measured, list(holds)), "stage"):
            cells.setdefault((row.pop("stage"), row.pop("year")), {}).update(row)
    return cells


def _measured(measures: Sequence[str], table: ir.Table) -> dict[str, ir.Scalar]:
    return {name: it for measure in measures for name, it in part_of(table, measure, table[measure]).items()}


def persons_per_group(cohort: ir.Table, by: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Distinct persons for every combination of the attributes' codes and totals."""
    counted = per_group(cohort, by, lambda table: {"n": table.person_id.nunique()})
    return {tuple(row[name] for name in by): row["n"] for row in counted}


def part_of(table: ir.Table, name: str, met: ir.BooleanValue) -> dict[str, ir.Scalar]:
    """The aggregates under a share: the rows that meet something, all rows, and the distinct persons on each side."""
    return {
        name: table.count(where=met),
        f"of_{name}": table.count(),
        f"n_{name}": table.person_id.nunique(where=met),
        f"n_not_{name}": table.person_id.nunique(where=~met),
    }


def share_of(found: Mapping[str, int], name: str) -> dict[str, Any]:
    """The share that `part_of` counted, in percent, with the numbers under it; of nothing there can be no share."""
    count, size = found.get(name, 0), found.get(f"of_{name}", 0)
    persons = min(found.get(f"n_{name}", 0), found.get(f"n_not_{name}", 0))
    row: dict[str, Any] = {"unit": PERCENT, "numerator": count, "denominator": size, "n": persons}
    return row | ({"value": 100 * count / size} if size else {"kind": "cannot occur"})


def group_labels(
    project: "Project", by: Sequence[str], groups: Iterable[tuple[str, ...]]
) -> dict[str, dict[str, Text]]:
    """Attribute to the titles of its codes in these groups and of its total, in the order they are read."""
    columns = zip(*groups, (TOTAL,) * len(by), strict=True)
    return {name: attribute_labels(project, name, sorted(set(codes))) for name, codes in zip(by, columns, strict=True)}
