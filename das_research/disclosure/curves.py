"""Curves of steps over time: every published step rests on enough events, and enough are left after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from das_research.presentation.bands import Place, place_of
from das_research.result import TOTAL, Result

POINT = "completed_share"
DAYS_ASKED = "at_days"  # besides the parameters of a recipe: of which days it is asked who stands under them
QUANTILES = {"first_quartile": 25.0, "median": 50.0, "third_quartile": 75.0}


def protect_curve(
    result: Result, minimum: int, too_near: frozenset[Place] = frozenset()
) -> tuple[Result, "pd.Series[bool]", list[str]]:
    """Merge the steps of a curve until each rests on the minimum, and drop the tail where too few are left.

    A point is published when at least the minimum ended since the point before, and at least the minimum is left after
    it. All groups of a breakdown share their points: a step of one group can't be found as the total less the others.
    Breakdowns are collapsed when that shows more points. The counts under a point served to judge it and stay behind;
    shares are cut to a tenth of a percent, so that the cases lost from sight between two points can't be computed.

    Parameters
    ----------
    result : Result
        Of shape `curve`: points of `completed_share`, with the events since the point before and the number at risk
        after it, and quantiles.
    minimum : int
        The least number of cases.
    too_near : frozenset of tuple
        Addresses of points, and of groups as `place_of_group` has them, that tell too much beside what is shown
        elsewhere. A day of such a point goes in all groups, and a group with its breakdown; of the days that are shown
        without them none is added.

    Returns
    -------
    Result, Series of bool, list of str
        The Result with coarser numbers, the rows to hide, and the breakdowns that were collapsed.
    """
    table = result.table
    dimensions = [name for name in result.dimensions if name != "days" and (table[name] == TOTAL).any()]
    best: tuple[list[int], list[str]] = ([], [])
    for size in range(len(dimensions) + 1):
        for collapsed in combinations(dimensions, size):
            points = _published(result, collapsed, minimum)
            if len(points) > len(best[0]) or (size == len(dimensions) and not best[0]):
                best = (points, list(collapsed))
    points, names = _far_enough(result, *best, too_near) if too_near else best
    quantiles = _quantiles(result, table.loc[points])
    coarse = table.copy()
    coarse[["numerator", "denominator"]] = float("nan")
    on_curve = coarse.measure == POINT
    last_day = pd.Series(quantiles, dtype="float64").reindex(table.index)
    for number in ("value", "se", "lower", "upper"):
        coarse[number] = coarse[number].where(~on_curve, coarse[number].round(1))
        coarse[number] = coarse[number].mask(coarse[number] > last_day)
    hidden = pd.Series(~table.index.isin([*points, *quantiles]), index=table.index)
    return result.with_table(coarse), hidden, names


def place_of_group(row: Mapping[Any, Any], result: Result) -> Place:
    """The address of the curve that a row of a Result is of, without a day."""
    return place_of({**row, "measure": POINT, "days": TOTAL}, result.dimensions)


def days_of(result: Result) -> list[int]:
    """The days of the points that are shown."""
    shown = result.table[(result.table.disclosure == "shown") & (result.table.measure == POINT)]
    return sorted(set(shown.days.astype(int)))


def number_of_groups(result: Result) -> dict[Place, tuple[str, list[float]]]:
    """The number of persons under every curve, where it is told; and of every point that it tells none by itself."""
    rows = result.table.to_dict("records")
    points = {place_of(row, result.dimensions): (str(row["unit"]), list[float]()) for row in rows}
    return points | {place_of_group(row, result): ("persons", [float(row["n"])]) for row in rows if pd.notna(row["n"])}


def _far_enough(
    result: Result, points: list[int], collapsed: list[str], too_near: frozenset[Place]
) -> tuple[list[int], list[str]]:
    """Of these points those that are not too near something else, and the breakdowns that went."""
    rows = dict(zip(points, result.table.loc[points].to_dict("records"), strict=True))
    near = {at: row for at, row in rows.items() if place_of_group(row, result) in too_near}
    left = [name for name in result.dimensions if name not in ("days", *collapsed)]
    by = [name for name in left if (result.table[name] == TOTAL).any()]
    for gone in (gone for size in range(len(by) + 1) for gone in combinations(by, size)):
        if all(any(row[name] != TOTAL for name in gone) for row in near.values()):
            kept = {at: row for at, row in rows.items() if all(row[name] == TOTAL for name in gone)}
            days = {row["days"] for row in kept.values() if place_of(row, result.dimensions) in too_near}
            return [at for at, row in kept.items() if row["days"] not in days], [*collapsed, *gone]
    return [], collapsed


@dataclass(frozen=True)
class _Group:
    """The points of one curve, on the days of all: row of the table, events since the day before, at risk after it."""

    rows: list[int]
    events: list[float]
    at_risk: list[float]

    def rests(self, start: int, end: int, minimum: int) -> bool:
        """Whether the step over these points may be published; that nothing ended on the first day always may."""
        events = sum(self.events[start : end + 1])
        return (events >= minimum or (end == 0 and events == 0)) and self.at_risk[end + 1] >= minimum


def _published(result: Result, collapsed: Sequence[str], minimum: int) -> list[int]:
    """The rows of the table that are points of the merged curves."""
    points = result.table[result.table.measure == POINT]
    for name in collapsed:
        points = points[points[name] == TOTAL]
    if points.empty or not (points.n >= minimum).all():
        return []
    points = points.assign(day=points.days.astype(int))
    days = sorted(set(points.day))
    keys = [name for name in (*result.dimensions, "period") if name != "days"]
    groups = [_aligned(group, days) for _, group in points.groupby(keys, sort=False)]
    published: list[int] = []
    start = 0
    for end in range(len(days)):
        if all(group.rests(start, end, minimum) for group in groups):
            published += [group.rows[end] for group in groups]
            start = end + 1
    return published


def _aligned(points: pd.DataFrame, days: list[int]) -> _Group:
    found = {row.day: (row.Index, row.numerator, row.denominator) for row in points.itertuples()}
    rows, events, at_risk = zip(*(found.get(day, (-1, 0.0, 0.0)) for day in days), strict=True)
    return _Group(list(rows), list(events), [*at_risk, 0.0])


def _quantiles(result: Result, shown: pd.DataFrame) -> dict[Any, float]:
    """Row of each quantile that lies on the published part of its curve, to the last day of that part."""
    keys = [name for name in (*result.dimensions, "period") if name != "days"]
    ends = {
        tuple(group[keys].iloc[0]): (group.value.max(), group.days.astype(int).max())
        for _, group in shown.groupby(keys, sort=False)
    }
    found: dict[Any, float] = {}
    for index, cell in result.table[result.table.measure.isin(QUANTILES)].to_dict("index").items():
        completed, day = ends.get(tuple(cell[key] for key in keys), (0.0, 0))
        if completed >= QUANTILES[cell["measure"]] and cell["value"] <= day:
            found[index] = float(day)
    return found
