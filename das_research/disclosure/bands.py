"""The band of a released number: how far it moves with the link of persons, and never by how few persons.

What lies between a number and its band is a count of persons whose records the links bring together or not. So a band
is judged like a cell: it is rounded outward to a multiple of the minimum, and stands with totals alone, since the
bands of a breakdown would add up to one another.
"""

from collections.abc import Hashable, Mapping
from math import ceil, isclose
from typing import Any

import pandas as pd

from das_research.disclosure.breakdowns import whole_period
from das_research.presentation.bands import Band, place_of
from das_research.result import TOTAL, Result

NEARLY = 1e-9  # a share may miss the multiple that it equals by so much


def released_band(result: Result, minimum: int) -> Band | None:
    """The band that may leave with a protected Result.

    Parameters
    ----------
    result : Result
        Its cells are hidden or shown already; `n` is still there.
    minimum : int
        A band tells of no fewer units than this, or of none.

    Returns
    -------
    Band or None
        Without cells where no number depends on the link. Else the cells that are no part of a shown total: each end of
        the band lies at the number itself, or at a multiple of the minimum from it, the next further away. None where
        nothing of it may be told: a curve, and a table without such a cell.
    """
    if result.band is None or not result.band.cells:
        return result.band
    if result.shape != "counts":
        return None
    cells = {}
    for row in _wholes(result).to_dict("records"):
        place, step = place_of(row, result.dimensions), _step(row, minimum)
        known = result.band.cells.get(place, (None, None))
        if step and None not in known:
            highest = 100.0 if row["unit"] == "percent" else float("inf")
            ends = tuple(_outward(row["value"], float(str(value)), step, highest) for value in known)
            cells[place] = (ends[0], ends[1])
    return Band(cells) if cells else None


def _wholes(result: Result) -> pd.DataFrame:
    """The shown rows that are no part of a total: by every dimension, and by the period, where there is one."""
    table = result.table[(result.table.disclosure != "hidden") & result.table.value.notna()]
    for name in result.dimensions:
        if (result.table[name] == TOTAL).any():
            table = table[table[name] == TOTAL]
    whole = whole_period(result.table.period)
    return table if whole is None else table[table.period == whole]


def _step(row: Mapping[Hashable, Any], minimum: int) -> float:
    """How far a number moves when the minimum of units comes or goes; 0 where that can't be said.

    Of a share or a rate that is told by its numerator, of a mean by its denominator. A count moves by the minimum
    itself, and by more where a person counts several times.
    """
    value, units = abs(row["value"]), row["n"]
    if (pd.isna(row["numerator"]) and pd.isna(row["denominator"])) or row["numerator"] == value:
        return max(float(minimum), value * minimum / units) if units and units > 0 else 0.0
    under = row["denominator"] if pd.isna(row["numerator"]) else row["numerator"]
    return value * minimum / under if under and under > 0 else 0.0


def _outward(value: float, other: float, step: float, highest: float) -> float:
    """The other value, moved away from the number to the next whole step."""
    if isclose(value, other, rel_tol=NEARLY, abs_tol=NEARLY):
        return value
    steps = max(1, ceil(abs(other - value) / step - NEARLY))
    return max(0.0, min(highest, value + (steps if other > value else -steps) * step))
