"""Curves of durations: from a table with one row a case to the small table of points and quantiles of every group."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from math import ceil, isnan
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from das_research.catalog.models import Text
from das_research.chain.assemble import DAYS, PERCENT, UNKNOWN
from das_research.chain.product_limit import Survival, product_limit
from das_research.errors import UsageError
from das_research.result import TOTAL

MEASURES = {
    "completed_share": Text(nl="afgerond", en="completed"),
    "first_quartile": Text(nl="een kwart afgerond na", en="a quarter completed after"),
    "median": Text(nl="de helft afgerond na", en="half completed after"),
    "third_quartile": Text(nl="driekwart afgerond na", en="three quarters completed after"),
}
QUANTILES = {"first_quartile": 0.25, "median": 0.5, "third_quartile": 0.75}

Groups = dict[tuple[str, ...], Survival]
Places = NDArray[Any]


def curves(timed: ir.Table, by: Sequence[str] = ()) -> Groups:
    """The product-limit curve of every group, and of every total over groups.

    The engine reads the rows once and counts them by group and day; what is estimated from these counts is exact.

    Parameters
    ----------
    timed : Table
        One row a case: `lasted`, whole days from the start; `is_open`, whether the end was not seen by then; and the
        columns to break down by.
    by : sequence of str
        The columns to break down by; what is not known is `onbekend`.

    Returns
    -------
    dict
        Code of every column (total `_T`) to the curve, the totals first and codes in their order; empty without rows.

    Examples
    --------
    >>> import ibis
    >>> stays = ibis.memtable({"lasted": [2, 5, 5, 9], "is_open": [False, False, True, False], "kind": list("aabb")})
    >>> {group: curve.quantile(0.5)[0] for group, curve in curves(stays, ["kind"]).items()}
    {('_T',): 5.0, ('a',): 2.0, ('b',): 9.0}
    """
    counted = timed.group_by(*by, "lasted").agg(cases=timed.count(), open=timed.count(where=timed.is_open))
    texts = {name: counted[name].cast("string").fill_null(UNKNOWN) for name in by}
    small = counted.mutate(**texts).to_pyarrow()
    coded = {name: pd.factorize(small[name].to_numpy(zero_copy_only=False), sort=True) for name in by}
    numbers = [small[name].to_numpy() for name in ("lasted", "cases", "open")]
    found: Groups = {}
    for kept in (kept for size in range(len(by) + 1) for kept in combinations(by, size)):
        for group, days, cases, open_ in _grouped([coded[name][0] for name in kept], *numbers):
            of_group = {name: str(coded[name][1][place]) for name, place in zip(kept, group, strict=True)}
            found[tuple(of_group.get(name, TOTAL) for name in by)] = product_limit(days, cases - open_, open_)
    return found


def _grouped(groups: Sequence[Places], days: Places, *counts: Places) -> Iterator[tuple[Any, ...]]:
    """Of every group: its places, its distinct days, rising, and the counts on each of them."""
    if not len(days):
        return
    order = np.lexsort((days, *groups[::-1]))
    keys = [it[order] for it in (*groups, days)]
    group_changes, changes = (_starts(it) for it in (keys[:-1], keys))
    sums = [np.add.reduceat(it[order], changes).astype("float64") for it in counts]
    begins = np.searchsorted(changes, group_changes)
    for begin, end in pairwise([*begins, len(changes)]):
        first = changes[begin]
        rows = slice(begin, end)
        yield [it[first] for it in keys[:-1]], keys[-1][changes[rows]].astype("float64"), *(it[rows] for it in sums)


def _starts(keys: Sequence[Places]) -> Places:
    """Where sorted keys change: the place of every first row."""
    if not keys:
        return np.array([0])
    return np.flatnonzero(np.concatenate([[True], np.any([it[1:] != it[:-1] for it in keys], axis=0)]))


def curve_rows(curve: Survival, step_days: int) -> list[dict[str, Any]]:
    """The points and quantiles of a curve as rows of a Result.

    A point has in percent the share completed, its standard error and limits; `numerator` are the cases done since the
    point before, `denominator` those still open after it. A quantile that the curve does not reach is unknown.
    """
    return [*_points(curve, step_days), *_quantiles(curve)]


def check_step(step_days: int) -> None:
    """Refuse a step of no days."""
    if step_days < 1:
        raise UsageError(f"A step of {step_days} days is not possible.", fix="Choose step_days=1 or more.")


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
        row: Mapping[str, Any] = {"measure": measure, "days": TOTAL, "unit": DAYS, "value": value}
        rows.append({**row} if value is None else {**row, "lower": lower, "upper": upper})
    return rows
