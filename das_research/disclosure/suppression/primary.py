"""The rules that make a number unsafe by itself, on plain numbers.

Source: Hundepool et al., Handbook on Statistical Disclosure Control, 2nd edition (2024), chapters 4 and 5.
Rules of concentration stand in `concentration`.
"""

from typing import Any

import numpy as np


def below_minimum(units: Any, minimum: int) -> np.ndarray:
    """Minimum frequency: unsafe when some units, but fewer than the minimum, contribute.

    Parameters
    ----------
    units : array of int
        Contributors a cell.
    minimum : int
        The least number that is safe.

    Returns
    -------
    array of bool

    Examples
    --------
    >>> below_minimum([0, 1, 9, 10], 10).tolist()
    [False, True, True, False]
    """
    units = np.asarray(units)
    return (units > 0) & (units < minimum)


def group_disclosed(parts: Any, percent: float = 100.0) -> np.ndarray:
    """Group disclosure: unsafe are the parts of a total of which one holds (nearly) all.

    Parameters
    ----------
    parts : array of int, shape (totals, parts)
        One row a total, one column a part.
    percent : float
        A part with more than this percentage is unsafe, and one with all of them always.

    Returns
    -------
    array of bool, same shape
        The part that tells something of (nearly) every unit of its total.

    Examples
    --------
    >>> group_disclosed([[20, 0, 0], [19, 1, 0], [10, 10, 0]], 90).tolist()
    [[True, False, False], [True, False, False], [False, False, False]]
    """
    parts = np.asarray(parts)
    totals = parts.sum(axis=1, keepdims=True)
    return (totals > 0) & ((parts == totals) | (100 * parts > percent * totals))


def within_group(parts: Any) -> np.ndarray:
    """Within-group disclosure: all units but one sit in one part, so that this one knows it of all the others.

    Parameters
    ----------
    parts : array of int, shape (totals, parts)
        One row a total, one column a part.

    Returns
    -------
    array of bool, same shape
        The part with all but one, where there are two units or more.

    Examples
    --------
    >>> within_group([[19, 1, 0], [18, 1, 1]]).tolist()
    [[True, False, False], [False, False, False]]
    """
    parts = np.asarray(parts)
    totals = parts.sum(axis=1, keepdims=True)
    return (totals > 1) & (parts == totals - 1)


def share_unsafe(numerator: Any, denominator: Any, minimum: int, least_denominator: int | None = None) -> np.ndarray:
    """Minimum denominator: unsafe is a share over too few units, or with few in it or few outside it.

    Parameters
    ----------
    numerator, denominator : array of int
        Units with, and units at risk. Over no units at all there is no share, and nothing unsafe.
    minimum : int
        Fewer in the numerator, or outside it, than this are unsafe, none included.
    least_denominator : int, optional
        The least denominator; by default the minimum.

    Returns
    -------
    array of bool

    Examples
    --------
    >>> share_unsafe([50, 5, 100, 0, 0], [100, 100, 100, 100, 0], 10).tolist()
    [False, True, True, True, False]
    """
    inside, under = np.asarray(numerator), np.asarray(denominator)
    few = (inside < minimum) | (under - inside < minimum) | (under < (least_denominator or minimum))
    return (under > 0) & few
