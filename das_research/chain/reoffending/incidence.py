"""Recidivism with everybody in it: who was not followed to the end is censored, who died or left competes."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations, product
from math import floor, isnan
from operator import itemgetter
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from das_research.catalog.models import Text
from das_research.chain.assemble import PERCENT, UNKNOWN
from das_research.chain.competing_risks import Incidence, cumulative_incidence
from das_research.chain.reoffending.attributes import attribute_codes, with_attributes
from das_research.chain.reoffending.cohorts import Cohort
from das_research.chain.reoffending.new_cases import with_new_cases
from das_research.chain.reoffending.out_of_sight import with_departures, with_detention
from das_research.chain.reoffending.rates import DAYS_A_YEAR, TOO_SMALL, periods_of
from das_research.engines import days, literal_date
from das_research.result import TOTAL, Step

DEPARTED = "departed"
AT_LIBERTY = "at_liberty"
NOT_SEEN = Text(
    nl="begint na de laatste dag waarop nieuwe zaken te zien zijn", en="starts after the last day new cases are seen"
)
HOW = ("event", "competing", "censored")


def estimated(
    cohort: Cohort,
    horizons: Sequence[int],
    by: Sequence[str],
    measures: Sequence[str],
    dated_by: str | None,
    end: date,
    clock: str,
) -> tuple[list[dict[str, Any]], list[Step], dict[str, dict[str, Text]]]:
    """The rows of the Result, the step after those of the cohort, and the titles of the groups' codes."""
    persons = timed(cohort, by, measures, dated_by, end, clock)
    coded = persons.mutate(**{name: persons[name].cast("string").fill_null(UNKNOWN) for name in by})
    parts = [
        part
        for kept in (kept for size in range(len(by) + 1) for kept in combinations(by, size))
        for period in dict.fromkeys([None, cohort.period if len(cohort.years) > 1 else None])
        for part in _counts(_placed(coded, by, kept, period), by, horizons, measures)
    ]
    small = ibis.union(*parts).to_pyarrow().to_pylist()
    curves, numbers = _read(small, by)
    codes = attribute_codes(cohort.project.catalog, cohort.method, by, [key[1:-1] for key in curves])
    rows = [
        {"measure": measure, "horizon": str(horizon), **dict(zip(by, key, strict=True)), "period": period}
        | _cell(cohort, (measure, *key, period), horizon, curves, numbers)
        for measure in measures
        for horizon in horizons
        for key in product(*codes.values())
        if set(key) <= {TOTAL} or any((measure, *key, str(year)) in curves for year in cohort.years)
        for period in periods_of(cohort)
    ]
    if cohort.is_too_small:
        return rows, [Step(cohort.size, 0, TOO_SMALL)], codes
    whole = curves.get((measures[0], *(TOTAL for _ in by), periods_of(cohort)[-1]))
    return rows, [Step(cohort.size, 0 if whole is None else int(whole.at_risk[0]), NOT_SEEN)], codes


def timed(
    cohort: Cohort, by: Sequence[str], measures: Sequence[str], dated_by: str | None, end: date, clock: str
) -> ir.Table:
    """The persons in sight at their start, with for every measure after how many days what happened first."""
    project, method, last = cohort.project, cohort.method, literal_date(end)
    entries = with_attributes(project, method, cohort.entries, by)
    entries = entries.filter(entries.start <= last).mutate(end=last)
    kinds = [name for name in measures if name != DEPARTED]
    followed = with_new_cases(project, method, entries, kinds or ["general"], {"end": "end"}, dated_by)
    followed = with_departures(project, method, followed)
    gone = ibis.ifelse((followed.departed <= last).fill_null(False), followed.departed, ibis.null("date"))
    followed = followed.mutate(departed=gone)
    dates = {}
    for measure in measures:
        on = followed["general" if measure == DEPARTED else measure]
        came_back = on.notnull() & (followed.departed.isnull() | (on <= followed.departed))
        how = ibis.cases((came_back, HOW[0]), (followed.departed.notnull(), HOW[1]), else_=HOW[2])
        if measure == DEPARTED:  # the other way round: who came back first can't be seen to depart untouched
            how = ibis.cases((came_back, HOW[1]), (followed.departed.notnull(), HOW[0]), else_=HOW[2])
        dates[f"how_{measure}"] = how
        dates[f"on_{measure}"] = ibis.ifelse(came_back, on, followed.departed.fill_null(last))
    followed = followed.mutate(**dates)
    passed = {measure: days(followed[f"on_{measure}"], followed.start) for measure in measures}
    if clock == AT_LIBERTY:
        until = {f"detained_{measure}": f"on_{measure}" for measure in measures}
        followed = with_detention(project, method, followed, until)
        passed = {
            measure: days(followed[f"on_{measure}"], followed.start) - followed[f"detained_{measure}"]
            for measure in measures
        }
    return followed.mutate(**{f"day_{measure}": day.cast("int64") for measure, day in passed.items()})


def happened(persons: ir.Table, measure: str, horizon: int) -> ir.BooleanValue:
    """Whom something happened to within a horizon, of persons that `timed` gave."""
    return (persons[f"how_{measure}"] == HOW[0]) & (persons[f"day_{measure}"] <= _days(horizon))


def _placed(coded: ir.Table, by: Sequence[str], kept: Sequence[str], period: str | None) -> ir.Table:
    told = {name: ibis.literal(TOTAL) for name in by if name not in kept}
    told["period"] = coded.year.cast("string") if period is None else ibis.literal(period)
    return coded.mutate(**told)


def _counts(table: ir.Table, by: Sequence[str], horizons: Sequence[int], measures: Sequence[str]) -> list[ir.Table]:
    """Of every measure the numbers a day, and (as the day of minus a horizon) the persons under them."""
    parts = []
    for measure in measures:
        told = {"measure": ibis.literal(measure), "day": table[f"day_{measure}"], "how": table[f"how_{measure}"]}
        named = table.select(*by, "period", "person_id", **told)
        numbers = {name: named.count(where=named.how == name).cast("int64") for name in HOW}
        parts.append(named.group_by("measure", *by, "period", "day").agg(**numbers))
        for horizon in horizons:
            counted = named.mutate(
                met=(named.how == HOW[0]) & (named.day <= _days(horizon)), day=ibis.literal(-horizon, type="int64")
            )
            persons = {
                HOW[0]: counted.person_id.nunique(where=counted.met).cast("int64"),
                HOW[1]: counted.person_id.nunique(where=~counted.met).cast("int64"),
                HOW[2]: counted.count(where=counted.met).cast("int64"),
            }
            parts.append(counted.group_by("measure", *by, "period", "day").agg(**persons))
    return parts


def _days(horizon: int) -> int:
    return floor(horizon * DAYS_A_YEAR + 0.5)


def _read(
    small: Sequence[Mapping[str, Any]], by: Sequence[str]
) -> tuple[dict[tuple[str, ...], Incidence], dict[tuple[Any, ...], tuple[int, int, int]]]:
    """The curve of every group, and of every group and horizon the persons inside and outside and the events."""
    daily: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    persons: dict[tuple[Any, ...], tuple[int, int, int]] = {}
    for row in sorted(small, key=itemgetter("day")):
        key = (row["measure"], *(row[name] for name in by), row["period"])
        if row["day"] < 0:
            persons[(*key, -row["day"])] = tuple(row[name] for name in HOW)
        else:
            daily.setdefault(key, []).append(row)
    columns = {
        key: [np.array([row[name] for row in rows], "float64") for name in ("day", *HOW)] for key, rows in daily.items()
    }
    return {key: cumulative_incidence(*numbers) for key, numbers in columns.items()}, persons


def _cell(
    cohort: Cohort,
    key: tuple[str, ...],
    horizon: int,
    curves: Mapping[tuple[str, ...], Incidence],
    persons: Mapping[tuple[Any, ...], tuple[int, int, int]],
) -> dict[str, Any]:
    small = cohort.is_too_small
    curve = curves.get(key)
    if small or curve is None:
        return {"unit": PERCENT, "denominator": 0, "n": 0, "kind": "unknown" if small else "cannot occur"}
    if curve.days[-1] < _days(horizon) and curve.free[-1] > 0:
        return {"unit": PERCENT, "denominator": 0, "n": 0, "kind": "unknown"}  # nobody is followed so long
    inside, outside, events = persons[(*key, horizon)]
    share, se, lower, upper = curve.at(_days(horizon))
    row = {"unit": PERCENT, "value": 100 * share, "se": 100 * se}
    row |= {"numerator": events, "denominator": curve.at_risk[0], "n": min(inside, outside)}
    return row | ({} if isnan(lower) else {"lower": 100 * lower, "upper": 100 * upper})
