"""Sums of own tables, and sums under their means, hidden cell by cell: as magnitudes, by the levels of their rules.

What adds up is what adds up of counts. A reader knows that nobody adds less than nothing; and those who gave most know
that it is there, so that no hidden cell is taken to hold less than what they gave, all of them together: then the only
one in a cell helps nobody to find out another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import ceil, gcd
from typing import Any

import numpy as np
import pandas as pd

from das_research.disclosure.own_tables import TABULATE, uncounted
from das_research.disclosure.suppression.levels import Level, Needs
from das_research.disclosure.suppression.suppress import Suppression, suppress
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.tables.model import Model
from das_research.disclosure.together.alike import classes_of
from das_research.disclosure.together.cells import Cells, cells_of, groups_of, hidden_rows, rows_of
from das_research.disclosure.together.nested_codes import Hierarchies, nested_of
from das_research.disclosure.together.numbers import PERIOD, Number, Told, kind_of, place_of, status_of
from das_research.disclosure.together.sums import rest, sums_of
from das_research.errors import ReleaseRefused
from das_research.presentation.bands import place_of as address_of

UNIT = "number"  # of sums and means, as own tables have it
MICRO, DIGITS = 6, 15  # decimals of an amount, and the digits that a number of a Result keeps of it
MOST = 10**11  # of the unit in which all amounts are whole: of more a solver can't tell one from none
MARGIN = 20  # percent, of a sum that is unsafe though nobody makes up too much: a choice of this project
ALL = 100


@dataclass(frozen=True, eq=False)
class Amount:
    """A sum that a row tells, beside what is known and asked of it in percent."""

    number: Number
    need: int
    known: int


@dataclass(frozen=True, eq=False)
class Amounts:
    """What is hidden of sums and means.

    Parameters
    ----------
    rows, hidden : dict of str to set of int
        Name of a Result to the rows that were protected so, and to those of them to hide.
    patterns : dict of tuple of str to Suppression
        Names of the Results of a group that shares sums, to its pattern.
    """

    rows: dict[str, set[int]] = field(default_factory=dict)
    hidden: dict[str, set[int]] = field(default_factory=dict)
    patterns: dict[tuple[str, ...], Suppression] = field(default_factory=dict)


def amount_rows(told: Told) -> pd.Index:
    """The rows of an own table that tell a sum, or a mean and so the sum under it."""
    result = told.result
    if result.recipe.function != TABULATE:
        return result.table.index[:0]
    of_sums = result.table.measure.isin(uncounted(result)) & (result.table.unit == UNIT)
    return result.table.index[of_sums & (result.table.kind != "cannot occur")]


def is_fit(told: Told) -> bool:
    """Whether sums can be hidden cell by cell: not beside another measure that tells little but one unit's value."""
    return told.result.dominance is not None and not told.result.dominance.apart


def protect_amounts(
    results: Mapping[str, Told],
    known: Mapping[str, Told],
    minimum: int,
    level: Level,
    seconds: float,
    hierarchies: Hierarchies,
) -> Amounts:
    """Hide as few sums and means as it takes.

    Parameters
    ----------
    results : mapping of str to Told
        Those that leave together, and can be protected so.
    known : mapping of str to Told
        Those of which it is known what is hidden: that left before, or go by whole breakdowns.
    minimum : int
        A sum that is a whole number under it is a count by another name.
    level : {'exact', 'threshold', 'wide'}
        Bounds from below are asked of by the last alone.
    seconds : float
        How long to look for fewer, see `suppress`.
    hierarchies : mapping
        Dimension to code to the code above it.

    Returns
    -------
    Amounts
        Without Results whose sums do not add up or are too large to be told apart, or that can't be protected so.
    """
    fit = {name: it for name, it in results.items() if len(amount_rows(it))}
    told = {**fit, **known}
    if not told.keys() & fit.keys():
        return Amounts()
    amounts, unit = _amounts_of(told, minimum)
    numbers = [it.number for it in amounts]
    made, nested = {name: it.result for name, it in told.items()}, nested_of(numbers, hierarchies)
    every = sums_of(numbers, made, (), 1, nested)
    sums = [it for it in every if not rest(numbers, it)]  # of what left before, parts may not be known any more
    broken = {numbers[at].result for it in every if rest(numbers, it) for at in it[0]}
    if broken & fit.keys() or max((it.value for it in numbers), default=0) > MOST:
        return Amounts()
    cells = cells_of(numbers, classes_of(numbers, minimum), sums, 0)
    asked = _asked(cells, amounts, minimum * unit)
    cells = replace(cells, model=_as_magnitudes(cells, amounts))
    found, told_by = Amounts(), rows_of(numbers, cells)
    for names, part in groups_of(numbers, cells):
        mine = [name for name in names if name in fit]
        if not mine:
            continue
        try:
            needs = _needs(part.model, asked[part.places], level)
            pattern = suppress(part.model, needs, part.cost, seconds=seconds, insiders=False)
        except ReleaseRefused:
            continue
        found.patterns[tuple(mine)] = pattern
        rows = hidden_rows(told_by, part.places[pattern.hidden])
        for name in mine:
            found.rows[name] = set(amount_rows(results[name]))
            found.hidden[name] = rows[name]
    return found


def _amounts_of(told: Mapping[str, Told], minimum: int) -> tuple[list[Amount], int]:
    """Every amount, in the largest unit in which all are whole, and how many of those are one."""
    exact: dict[tuple[str, int], int] = {}
    for name, one in told.items():
        under = one.result.table.loc[amount_rows(one)]
        values = under.value * under.denominator.fillna(1)
        known = values[values.notna() & (values >= 0)]
        exact |= {
            (name, label): _micro(value) for label, value in zip(known.index.tolist(), known.tolist(), strict=True)
        }
    unit = gcd(*exact.values(), 10**MICRO) or 1
    amounts = []
    for name, it in told.items():
        alone = it.is_concentrated(minimum)
        labels = amount_rows(it)
        rows: list[dict[str, Any]] = it.result.table.loc[labels].to_dict("records")  # type: ignore[assignment]
        for label, row in zip(labels.tolist(), rows, strict=True):
            if (name, label) in exact:
                amounts.append(_amount(name, label, row, it, exact[name, label] // unit, bool(alone[label])))
    return amounts, 10**MICRO // unit


def _micro(value: float) -> int:
    return round(Decimal(f"{value:.{DIGITS}g}") * 10**MICRO)


def _amount(name: str, label: int, row: dict[str, Any], told: Told, value: int, alone: bool) -> Amount:
    result, dominance = told.result, told.result.dominance
    place = address_of(row, result.dimensions)
    need = dominance.needs.get(place, 0) if dominance else 0
    units = 0 if row["n"] != row["n"] else int(row["n"])
    nobody = value == 0 and units == 0
    status = status_of(bool(told.unsafe[label]), None if told.hidden is None else bool(told.hidden[label]))
    number = Number(
        result=name,
        row=label,
        role="amount",
        measure=row["measure"],
        period=str(row[PERIOD]),
        kind=kind_of(result, row["measure"], "amount"),
        place=place_of(row, result.dimensions),
        value=value,
        units=units,
        status=Status.FIXED if nobody and status == Status.FREE else status,
        zero_is_told=False,
        chance=value,
        cost=max(units, 1),
    )
    known = dominance.known.get(place, 0 if value == 0 else ALL) if dominance else 0
    return Amount(number, need if alone else max(need, MARGIN), known)


def _asked(cells: Cells, amounts: Sequence[Amount], minimum: int) -> np.ndarray:
    """How far above each cell a reader must be able to believe it."""
    asked = np.ones(len(cells.model), dtype=np.int64)
    for cell, it in zip(cells.of, amounts, strict=True):
        value = it.number.value
        few = minimum - value if value < minimum and it.need >= MARGIN else 0
        asked[cell] = max(asked[cell], ceil(value * it.need / 100), few)
    return asked


def _as_magnitudes(cells: Cells, amounts: Sequence[Amount]) -> Model:
    """The model, in which a hidden cell holds at least what those who gave most to it know."""
    lower = np.zeros(len(cells.model), dtype=np.int64)
    for cell, it in zip(cells.of, amounts, strict=True):
        lower[cell] = max(lower[cell], min(it.number.value, ceil(it.number.value * it.known / 100)))
    return replace(cells.model, lower=lower)


def _needs(model: Model, asked: np.ndarray, level: Level) -> Needs:
    """What must be possible of the unsafe cells of a model."""
    cells = np.flatnonzero(model.status == Status.PRIMARY)
    up, none = asked[cells], np.zeros(len(cells), dtype=np.int64)
    down = np.minimum(up, (model.values - model.lower)[cells]) if level == "wide" else none
    return Needs(cells, up, down, none + 1)
