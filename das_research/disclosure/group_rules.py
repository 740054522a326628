"""What is told of a whole group, on plain numbers.

Source: Hundepool et al., Handbook on Statistical Disclosure Control, 2nd edition (2024), chapters 4 and 5.
The least number of units stands in `das_research.disclosure.rules`, concentration in `concentration`.
"""

from typing import Any

import numpy as np


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
