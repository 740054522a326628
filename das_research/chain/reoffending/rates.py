"""Recidivism as observed: of the persons of a cohort who were followed so long, how many came back, and how often."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import RecidivismMethod, Text
from das_research.chain.assemble import PERCENT, UNKNOWN
from das_research.chain.reoffending.attributes import attribute_codes, with_attributes
from das_research.chain.reoffending.cohorts import Cohort
from das_research.chain.reoffending.new_cases import (
    EARLIER_OFFENCE,
    end_of,
    with_new_cases,
)
from das_research.chain.reoffending.out_of_sight import with_detention
from das_research.engines import days
from das_research.errors import UsageError
from das_research.result import TOTAL, Step

if TYPE_CHECKING:
    from das_research.access.project import Project

FREQUENCY, PER_YEAR = "frequency", "zaken_per_jaar"
DAYS_A_YEAR = 365.25
MEASURES = {
    "general": Text(nl="algemene recidive", en="general reoffending"),
    "serious": Text(nl="ernstige recidive", en="serious reoffending"),
    "very_serious": Text(nl="zeer ernstige recidive", en="very serious reoffending"),
    "special": Text(nl="speciale recidive", en="special reoffending"),
    EARLIER_OFFENCE: Text(nl="nieuwe zaak om een eerder misdrijf", en="new case of an earlier crime"),
    FREQUENCY: Text(nl="nieuwe zaken per jaar in vrijheid", en="new cases per year at liberty"),
}
NOT_YET = Text(nl="nog niet lang genoeg te volgen", en="not to be followed long enough yet")
TOO_SMALL = Text(nl="het cohort is kleiner dan de methode toelaat", en="the cohort is smaller than the method allows")
HORIZONS = range(1, 11)
ALL_YEARS = 0


def lag_told(lag_days: int | None) -> list[Text]:
    """What a title says of a lag that is not the method's."""
    if lag_days is None:
        return []
    return [Text(nl=f"gezien tot {lag_days} dagen voor het einde", en=f"seen until {lag_days} days before the end")]


def end_of_observation(project: "Project", method: RecidivismMethod, lag_days: int | None) -> date:
    """The last day on which a new offence can be seen: the last of the sources, less the lag of registration."""
    lag = method.registration_lag.days if lag_days is None else lag_days
    if lag < 0:
        raise UsageError("A lag can't be below zero.", fix="Choose lag_days=0 or more.")
    return project.observed_until - timedelta(days=lag)


def horizons_of(horizon_years: int | Sequence[int]) -> tuple[int, ...]:
    """The horizons asked for, rising; each of one to ten whole years."""
    asked = sorted({horizon_years} if isinstance(horizon_years, int) else set(horizon_years))
    if not asked or not set(asked) <= set(HORIZONS):
        raise UsageError("A horizon is one to ten whole years.", fix="Try horizon_years=2, or horizon_years=[1, 2, 5].")
    return tuple(asked)


def complete_years(years: Sequence[int], horizon: int, end: date) -> list[int]:
    """The years whose every person can be followed so long: also who started on the last day of the year.

    Examples
    --------
    >>> complete_years([2019, 2020, 2021], 2, date(2022, 12, 31))
    [2019, 2020]
    """
    return [year for year in years if date(year + horizon, 12, 31) <= end]


def check_observed(years: Sequence[int], horizons: Sequence[int], end: date) -> None:
    """Refuse horizons that no year of the cohort has reached."""
    for horizon in horizons:
        if not complete_years(years, horizon, end):
            longest = end.year - years[0] - (end < date(end.year, 12, 31))
            raise UsageError(
                f"Nobody can be followed for {horizon} years.",
                why=f"New offences are seen until {end.isoformat()}, and the cohort starts in {years[0]}.",
                fix=f"Choose horizon_years={longest} or less." if longest >= 1 else "Choose earlier years.",
            )


def observed(
    cohort: Cohort,
    horizons: Sequence[int],
    by: Sequence[str],
    measures: Sequence[str],
    dated_by: str | None,
    end: date,
) -> tuple[list[dict[str, Any]], list[Step], dict[str, dict[str, Text]]]:
    """The rows of the Result, the step after those of the cohort, and the titles of the groups' codes."""
    project, method = cohort.project, cohort.method
    followed = followed_so_long(cohort, horizons, by, measures, dated_by)
    if FREQUENCY in measures:
        entries = _ending(cohort, horizons, by)
        detained = {f"detained_{horizon}": f"end_{horizon}" for horizon in horizons}
        followed = with_detention(project, method, entries, detained, onto=followed)
    complete = {horizon: complete_years(cohort.years, horizon, end) for horizon in horizons}
    counted = _per_group(followed, cohort, by, measures, complete)
    codes = attribute_codes(project.catalog, method, by, [key[:-1] for key in counted])
    rows = [
        {"measure": measure, "horizon": str(horizon), **dict(zip(by, key, strict=True)), "period": period}
        | _cell(cohort, measure, horizon, counted.get((*key, period), {}), period, complete[horizon])
        for measure in measures
        for horizon in horizons
        for key in product(*codes.values())
        if set(key) <= {TOTAL} or any((*key, str(year)) in counted for year in cohort.years)
        for period in periods_of(cohort)
    ]
    if cohort.is_too_small:
        return rows, [Step(cohort.size, 0, TOO_SMALL)], codes
    whole = counted.get((*(TOTAL for _ in by), periods_of(cohort)[-1]), {})
    return rows, [Step(cohort.size, whole.get(f"followed_{horizons[-1]}", 0), NOT_YET)], codes


def followed_so_long(
    cohort: Cohort, horizons: Sequence[int], by: Sequence[str], measures: Sequence[str], dated_by: str | None
) -> ir.Table:
    """The entries of a cohort with their attributes, and what they did within each horizon, rising."""
    kinds = [name for name in measures if name != FREQUENCY]
    ends = {str(horizon): f"end_{horizon}" for horizon in horizons}
    return with_new_cases(cohort.project, cohort.method, _ending(cohort, horizons, by), kinds, ends, dated_by)


def met_within(persons: ir.Table, measure: str, horizon: int) -> ir.BooleanValue:
    """Whom something happened to within a horizon, of entries that `followed_so_long` gave."""
    if measure == FREQUENCY:
        return persons[f"cases_{horizon}"] > 0
    return (persons[measure] <= persons[f"end_{horizon}"]).fill_null(False)


def _ending(cohort: Cohort, horizons: Sequence[int], by: Sequence[str]) -> ir.Table:
    entries = with_attributes(cohort.project, cohort.method, cohort.entries, by)
    return entries.mutate(**{f"end_{horizon}": end_of(entries.start, horizon) for horizon in horizons})


def periods_of(cohort: Cohort) -> list[str]:
    """Every year, and all of them together where there are several."""
    years = [str(year) for year in cohort.years]
    return years if len(years) == 1 else [*years, cohort.period]


def _per_group(
    followed: ir.Table,
    cohort: Cohort,
    by: Sequence[str],
    measures: Sequence[str],
    complete: Mapping[int, Sequence[int]],
) -> dict[tuple[str, ...], dict[str, int]]:
    """Codes of the groups and the period to the numbers of who was followed so long."""
    several = len(cohort.years) > 1
    groups = {name: followed[name].cast("string").fill_null(UNKNOWN) for name in by}
    parts = []
    for kept in (kept for size in range(len(by) + 1) for kept in combinations(by, size)):
        for whole in (False, True) if several else (False,):
            codes = {name: groups[name] if name in kept else ibis.literal(TOTAL) for name in by}
            year = ibis.literal(ALL_YEARS, "int64") if whole else followed.year
            numbers = dict(_numbers(followed, cohort.years, measures, complete, persons=whole))
            counted = followed.group_by(**codes, year=year).agg(**numbers)
            parts.append(counted if whole or not several else _with_persons(counted, measures, list(complete)))
    parts = [part.select(*parts[0].columns) for part in parts] if len(parts) > 1 else parts
    found = ibis.union(*parts) if len(parts) > 1 else parts[0]  # together: the engine follows the persons once
    rows = found.to_pyarrow().to_pylist()
    periods = {ALL_YEARS: cohort.period} | {year: str(year) for year in cohort.years}
    return {(*(row[name] for name in by), periods[row["year"]]): row for row in rows}


def _with_persons(counted: ir.Table, measures: Sequence[str], horizons: Sequence[int]) -> ir.Table:
    """Within one year every row is a person: those inside and outside follow from the rows."""
    names = [(f"{measure}_{horizon}", f"followed_{horizon}") for measure in measures for horizon in horizons]
    inside = {f"{name}_in": counted[name] for name, _ in names}
    outside = {f"{name}_out": counted[followed] - counted[name] for name, followed in names}
    return counted.mutate(**inside, **outside)


def _numbers(
    table: ir.Table,
    years: Sequence[int],
    measures: Sequence[str],
    complete: Mapping[int, Sequence[int]],
    *,
    persons: bool,
) -> Iterator[tuple[str, ir.IntegerScalar]]:
    """Rows followed so long and those with a new case; where a person can have several rows, persons too."""
    for horizon, seen_years in complete.items():
        seen = [] if len(seen_years) == len(years) else [table.year.isin(list(seen_years))]
        where = ibis.and_(*seen) if seen else None
        yield f"followed_{horizon}", table.count(where=where)
        for measure in measures:
            met = met_within(table, measure, horizon)
            if measure == FREQUENCY:
                yield f"cases_{horizon}", table[f"cases_{horizon}"].sum(where=where).fill_null(0).cast("int64")
                free = days(table[f"end_{horizon}"], table.start) - table[f"detained_{horizon}"]
                yield f"days_{horizon}", free.sum(where=where).fill_null(0).cast("int64")
            name = f"{measure}_{horizon}"
            yield name, table.count(where=ibis.and_(*seen, met))
            if persons:
                yield f"{name}_in", table.person_id.nunique(where=ibis.and_(*seen, met))
                yield f"{name}_out", table.person_id.nunique(where=ibis.and_(*seen, ~met))


def _cell(
    cohort: Cohort, measure: str, horizon: int, found: Mapping[str, int], period: str, complete: Sequence[int]
) -> dict[str, Any]:
    unit = PER_YEAR if measure == FREQUENCY else PERCENT
    followed, whole = found.get(f"followed_{horizon}", 0), period == cohort.period
    years = set(cohort.years) if whole else {int(period)}
    unseen = cohort.is_too_small or not years & set(complete)
    if unseen or not followed:
        return {"unit": unit, "denominator": 0, "n": 0, "kind": "unknown" if unseen else "cannot occur"}
    name = f"{measure}_{horizon}"
    count = found[name]
    # within one year every row is a person
    persons = min(found.get(f"{name}_in", count), found.get(f"{name}_out", followed - count))
    above, below = float(count), float(followed)
    if measure == FREQUENCY:
        above, below = found[f"cases_{horizon}"], found[f"days_{horizon}"] / DAYS_A_YEAR
        if not below:
            return {"unit": unit, "denominator": 0, "n": 0, "kind": "cannot occur"}
    value = above / below * (1 if measure == FREQUENCY else 100)
    row = {"unit": unit, "value": value, "numerator": above, "denominator": below, "n": persons}
    return row | ({} if years <= set(complete) else {"revision": "provisional"})
