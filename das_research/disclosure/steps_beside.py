"""Numbers of which nobody can find out who is behind them, beside those of an author's choice.

They are how many each step of a table's making left, and on how many a model rests: no cell holds who was left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from das_research.disclosure.checks import SHOWN, Check
from das_research.disclosure.estimates import is_estimate
from das_research.disclosure.own_tables import has_query, is_of_own_choice
from das_research.result import TOTAL, Result

NO_UNITS = ("percent", "number")  # of shares, sums and means
OF_A_MODEL = ("rows", "persons", "events")
Numbers = NDArray[np.float64]


def without_steps(result: Result, others: Iterable[Result], minimum: int) -> Result:
    """The Result without its attrition where one of these was its author's choice, or has a step that differs by few.

    Parameters
    ----------
    result : Result
        As it would leave.
    others : iterable of Result
        What leaves with it, and left the project before on its snapshot.
    minimum : int
        Steps of other years, fewer than this apart, tell how many are in those years alone.
    """
    beside = list(others) if result.attrition else []
    if any(map(_is_chosen, beside)) or _near(_steps([result]), _steps(beside), minimum).any():
        return replace(result, attrition=())
    return result


def beside_steps(released: Result, left: Iterable[Result], others: Iterable[Result], minimum: int) -> Iterator[Check]:
    """Whether a number of an author's choice differs by few from one of which nobody knows who is behind it.

    Numbers of a table are its cells, two codes of a breakdown together, and a total less one of its codes.

    Parameters
    ----------
    released : Result
        As it leaves.
    left : iterable of Result
        What left before, on its snapshot.
    others : iterable of Result
        What leaves with it; its steps stay behind.
    minimum : int
        A difference of fewer may tell of them, or be chance: people look at it.
    """
    if not _is_chosen(released) or released.rounded is not None:
        return
    before = list(left)
    nameless = [_steps(before), _of_models([*before, *others])]
    if released.shape == "model":
        nameless += [_units(it).to_numpy().ravel() for it in before if _is_chosen(it)]
        cells = int(_near(_of_models([released]), np.concatenate(nameless), minimum).sum())
    else:
        units, beside = _units(released), np.concatenate(nameless)
        near = _near(units.to_numpy().ravel(), beside, minimum)
        cells = int(near.reshape(units.shape).any(axis=1).sum())
        cells += _sums(released, units, beside, minimum) if released.shape == "counts" else 0
    if any(map(len, nameless)):
        given = {"n": minimum}
        yield Check("steps", "not checked", given | {"cells": cells}) if cells else Check("no steps", given=given)


def _is_chosen(result: Result) -> bool:
    return is_of_own_choice(result) or has_query(result)


def _steps(results: Iterable[Result]) -> Numbers:
    steps = [step for it in results for step in it.attrition]
    return np.array([[step.n_in, step.n_out, step.n_in - step.n_out] for step in steps], dtype=float).ravel()


def _of_models(results: Iterable[Result]) -> Numbers:
    tables = [it.table for it in results if it.shape == "model"]
    whole = [it.value[it.measure.isin(OF_A_MODEL) & (it.term == TOTAL)].dropna() for it in tables]
    return np.concatenate([np.array([]), *whole])


def _units(result: Result) -> pd.DataFrame:
    """The numbers of units of the rows that are shown."""
    table = result.table[result.table.disclosure.isin(SHOWN)]
    value = table.value.where(~table.unit.isin(NO_UNITS) & (not is_estimate(result)))
    return table[["numerator", "denominator", "n"]].assign(value=value)


def _sums(result: Result, units: pd.DataFrame, others: Numbers, minimum: int) -> int:
    """How many cells are near together with another code of their breakdown, or are what a total has but for few."""
    found, columns = 0, (*result.dimensions, "period")
    for column in columns:
        table = result.table.loc[units.index]
        for rows in table.groupby(["measure", *(it for it in columns if it != column)]).groups.values():
            is_total = (table.loc[rows, column] == TOTAL).to_numpy()
            for numbers in (units.loc[rows, name].to_numpy() for name in ("value", "numerator", "denominator")):
                parts, [total] = numbers[~is_total], [*numbers[is_total], np.nan][:1]
                found += int((_near_by_two(parts, others, minimum) | _near(total - parts, others, minimum)).sum())
    return found


def _near(numbers: Numbers, others: Numbers, minimum: int) -> NDArray[np.bool_]:
    """Which of these differ by fewer than the minimum from another, and by more than nothing."""
    apart = np.abs(np.subtract.outer(numbers, others))
    return np.any((apart > 0) & (apart < minimum), axis=1)


def _near_by_two(parts: Numbers, others: Numbers, minimum: int) -> NDArray[np.bool_]:
    """Which of these do so when one of the rest is added."""
    wanted, order = np.subtract.outer(others, parts).T, np.sort(parts)
    within = np.searchsorted(order, wanted + minimum, "left") - np.searchsorted(order, wanted - minimum, "right")
    exact = np.searchsorted(order, wanted, "right") - np.searchsorted(order, wanted, "left")
    alone = np.abs(wanted - parts[:, None])  # itself twice
    return np.any(within - exact > ((alone > 0) & (alone < minimum)), axis=1)
