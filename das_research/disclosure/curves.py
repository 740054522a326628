"""Curves of steps over time: every published step rests on enough events, and enough are left after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from das_research.result import TOTAL, Result

POINT = "completed_share"
QUANTILES = {"first_quartile": 25.0, "median": 50.0, "third_quartile": 75.0}


def protect_curve(result: Result, minimum: int) -> tuple[Result, "pd.Series[bool]", list[str]]:
    """Merge the steps of a curve until each rests on the minimum, and drop the tail where too few are left.

    A point is published when, since the point before, at least the minimum ended; no case or at least the minimum was
    lost from sight; and at least the minimum is left after it. All groups of a breakdown share their points: a step of
    one group can't be found as the total less the others. Breakdowns are collapsed when that shows more points.

    Parameters
    ----------
    result : Result
        Of shape `curve`: points of `completed_share`, with the events since the point before and the number at risk
        after it, and quantiles.
    minimum : int
        The least number of cases.

    Returns
    -------
    Result, Series of bool, list of str
        The Result with numerator and denominator of the merged steps, the rows to hide, and the breakdowns collapsed.
    """
    table = result.table
    dimensions = [name for name in result.dimensions if name != "days" and (table[name] == TOTAL).any()]
    best: tuple[int, list[str], dict[int, tuple[float, float]]] = (-1, [], {})
    for size in range(len(dimensions) + 1):
        for collapsed in combinations(dimensions, size):
            steps = _steps(result, collapsed, minimum)
            if len(steps) > best[0]:
                best = (len(steps), list(collapsed), steps)
    _, names, steps = best
    merged = table.copy()
    for index, (events, at_risk) in steps.items():
        merged.loc[index, ["numerator", "denominator"]] = [events, at_risk]
    quantiles = _quantiles(result, table.loc[list(steps)])
    last_day = pd.Series(quantiles, dtype="float64").reindex(table.index)
    for limit in ("lower", "upper"):
        merged[limit] = merged[limit].mask(merged[limit] > last_day)
    hidden = pd.Series(~table.index.isin([*steps, *quantiles]), index=table.index)
    return result.with_table(merged), hidden, names


@dataclass(frozen=True)
class _Group:
    """The points of one curve, on the days of all: row of the table, events since the day before, at risk after it."""

    rows: list[int]
    events: list[float]
    at_risk: list[float]

    def rests(self, start: int, end: int, minimum: int) -> bool:
        """Whether the step over these points may be published."""
        events, left = sum(self.events[start : end + 1]), self.at_risk[end + 1]
        lost = self.at_risk[start] - events - left
        if end == 0 and events == 0:
            return lost == 0 and left >= minimum
        return events >= minimum and left >= minimum and (lost == 0 or lost >= minimum)


def _steps(result: Result, collapsed: Sequence[str], minimum: int) -> dict[int, tuple[float, float]]:
    """Row of the table to the events and the number at risk of the merged step that ends there."""
    points = result.table[result.table.measure == POINT]
    for name in collapsed:
        points = points[points[name] == TOTAL]
    if points.empty or not (points.n >= minimum).all():
        return {}
    points = points.assign(day=points.days.astype(int))
    days = sorted(set(points.day))
    keys = [name for name in (*result.dimensions, "period") if name != "days"]
    groups = [_aligned(group, days) for _, group in points.groupby(keys, sort=False)]
    steps: dict[int, tuple[float, float]] = {}
    start = 0
    for end in range(len(days)):
        if all(group.rests(start, end, minimum) for group in groups):
            for group in groups:
                steps[group.rows[end]] = sum(group.events[start : end + 1]), group.at_risk[start]
            start = end + 1
    return steps


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
