"""Who stands in the cells of what is told of a cohort: how gate 3 compares cohorts person by person."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from das_research.chain.assemble import UNKNOWN
from das_research.chain.reoffending.attributes import with_attributes
from das_research.chain.reoffending.cohort import cohort_of
from das_research.chain.reoffending.cohorts import Cohort
from das_research.chain.reoffending.corrected import CORRECTED, OBSERVED
from das_research.chain.reoffending.incidence import happened, timed
from das_research.chain.reoffending.rates import (
    complete_years,
    end_of_observation,
    followed_so_long,
    horizons_of,
    met_within,
    periods_of,
)
from das_research.tabulation.cube import UNIT
from das_research.tabulation.membership import ENTRY, Cell, Members, with_totals

if TYPE_CHECKING:
    from das_research.access.project import Project

CHOICES_OF_CELLS = ("by", "measures", "horizon_years")  # of two Results that differ in these alone the cohort is one


def members_of_size(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands in the cells of `das_research.chain.cohort_size`, from the parameters of its recipe."""
    made, by = cohort_of(project, parameters["cohort"]), list(parameters["by"])
    entries = with_attributes(project, made.method, made.entries, by)

    def cells(row: Mapping[str, str]) -> Iterable[Cell]:
        return ((("number", *group), "known") for group in _groups(made, by, row))

    return Members(_rows(entries, by, {}), cells, _about(parameters))


def members_of_recidivism(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands in the cells of `das_research.chain.recidivism`, from the parameters of its recipe."""
    made, by, measures = cohort_of(project, parameters["cohort"]), list(parameters["by"]), list(parameters["measures"])
    horizons, dated_by = horizons_of(parameters["horizon_years"]), parameters["dated_by"]
    end = end_of_observation(project, made.method, parameters["lag_days"])
    seen: Mapping[int, Sequence[int]]
    if parameters["observation"] == "completed":
        persons, met = followed_so_long(made, horizons, by, measures, dated_by), met_within
        seen = {horizon: complete_years(made.years, horizon, end) for horizon in horizons}
    else:
        persons, met = timed(made, by, measures, dated_by, end, parameters["clock"]), happened
        seen = dict.fromkeys(horizons, made.years)
    complete = {horizon: [str(year) for year in years] for horizon, years in seen.items()}
    pairs = [(measure, horizon) for measure in measures for horizon in horizons]
    told = {f"{measure}_{horizon}": met(persons, measure, horizon) for measure, horizon in pairs}

    def cells(row: Mapping[str, str]) -> Iterable[Cell]:
        for *codes, period in _groups(made, by, row):
            for measure, horizon in pairs:
                if row["year"] in complete[horizon]:
                    yield from _parts((measure, str(horizon), *codes, period), row[f"{measure}_{horizon}"])

    return Members(_rows(persons, by, told), cells, _about(parameters))


def members_of_corrected(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands in the cells of `das_research.chain.corrected_recidivism`, from the parameters of its recipe.

    What is corrected rests on the persons of its year, and on those of the reference.
    """
    made, horizon, kind = cohort_of(project, parameters["cohort"]), parameters["horizon_years"], parameters["kind"]
    end = end_of_observation(project, made.method, parameters["lag_days"])
    complete = [str(year) for year in complete_years(made.years, horizon, end)]
    reference = [str(year) for year in parameters["reference"]] or complete
    persons = followed_so_long(made, [horizon], [], [kind], None)

    def cells(row: Mapping[str, str]) -> Iterable[Cell]:
        if row["year"] in complete:
            for (period,) in _groups(made, [], row):
                yield from _parts((OBSERVED, period), row["met"])
            yield from _parts((CORRECTED, row["year"]), row["met"])
        if row["year"] in reference:
            yield from (((CORRECTED, year), "reference") for year in complete)

    return Members(_rows(persons, [], {"met": met_within(persons, kind, horizon)}), cells, _about(parameters))


def _rows(persons: ir.Table, by: Sequence[str], told: Mapping[str, ir.Value]) -> ir.Table:
    year = persons.year.cast("string")
    codes = {f"by_{name}": persons[name].cast("string").fill_null(UNKNOWN) for name in by}
    entry = persons.person_id + ibis.literal(" ") + year
    return persons.select(**{UNIT: persons.person_id, ENTRY: entry}, year=year, **codes, **told)


def _groups(made: Cohort, by: Sequence[str], row: Mapping[str, str]) -> Iterable[tuple[str, ...]]:
    """The codes of the groups and the period of every cell that a row stands in."""
    for codes in with_totals([row[f"by_{name}"] for name in by]):
        for period in dict.fromkeys((row["year"], periods_of(made)[-1])):
            yield (*codes, period)


def _parts(place: tuple[str, ...], met: str) -> Iterable[Cell]:
    yield place, "known"
    yield place, "holds" if met == "1" else "lacks"


def _about(parameters: Mapping[str, Any]) -> str:
    return json.dumps({name: it for name, it in parameters.items() if name not in CHOICES_OF_CELLS}, sort_keys=True)
