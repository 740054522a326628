"""The rules of concentration: a sum tells too much of whoever contributes most of it, in a census and in a survey.

Source: Hundepool et al., Handbook on Statistical Disclosure Control, 2nd edition (2024), section 4.2.1.
Contributions are summed per owner before a rule is asked, and parameters of the rules and weights are never published.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

Weighting = Literal["known", "secret", "repeated"]


def dominated(
    contributions: Sequence[float],
    n: int,
    percent: float,
    weights: Sequence[float] | None = None,
    weighting: Weighting = "known",
) -> bool:
    """(n,k)-dominance: unsafe when the n largest contributions are more than k percent of the cell.

    Parameters
    ----------
    contributions : sequence of float
        Not negative, one an owner.
    n : int
        How many of the largest.
    percent : float
        k.
    weights : sequence of float, optional
        Of a survey: how many each respondent stands for. The cell is the weighted sum.
    weighting : {'known', 'secret', 'repeated'}
        What a reader is taken to know of the weights, see `p_percent_level`.

    Examples
    --------
    >>> dominated([60, 30, 10], 2, 85), dominated([50, 30, 20], 2, 85)
    (True, False)

    The cell of the Handbook, 100 of weight 4 and 10 of weight 7, is 470; its two largest are 100 and 100.

    >>> [dominated([100, 10], 2, 40, [4, 7], how) for how in ("known", "secret", "repeated")]
    [True, False, True]
    """
    return dominance_level(contributions, n, percent, weights, weighting) > 0


def p_percent_level(
    contributions: Sequence[float],
    percent: float,
    coalition: int = 1,
    weights: Sequence[float] | None = None,
    weighting: Weighting = "known",
) -> float:
    """How far a reader's bound must stay away, by the p%-rule; 0 where the cell is safe.

    The largest contributor's share must not be known within p percent by the next largest (or a coalition of them), who
    subtract what they gave themselves: the rest must be p% of the largest.

    Parameters
    ----------
    contributions : sequence of float
        Not negative, one an owner.
    percent : float
        p.
    coalition : int
        How many of the next largest put their numbers together.
    weights : sequence of float, optional
        Of a survey: how many each respondent stands for. The cell is the weighted sum.
    weighting : {'known', 'secret', 'repeated'}
        A reader knows the weights, and takes away what respondents come to with all they stand for (4.11): the most
        cautious, and so the default. Or knows none, and takes away what they gave (4.9). Or each respondent is taken
        for as many alike as the weight says, the last of them in part, as tau-ARGUS does.

    Returns
    -------
    float
        p/100 * x1 - (X - x1 - x2 - ...), never below 0: the level of protection the cell needs both ways.

    Examples
    --------
    >>> p_percent_level([80, 15, 5], 10), p_percent_level([60, 30, 10], 10)
    (3.0, 0.0)

    100 of weight 2 and 1 of weight 3 are 203, after the Handbook: with two of 100, who gave 100 knows the other within
    3 percent; by what was seen in the sample, 102 are left.

    >>> [p_percent_level([100, 1], 10, 1, [2, 3], how) for how in ("known", "secret", "repeated")]
    [10.0, 0.0, 7.0]
    """
    values, counted = _checked(contributions, weights)
    total = float(values @ counted)
    if weighting == "repeated":
        rest = total - _largest(values, counted, 1 + coalition)
        return max(0.0, percent * _largest(values, counted, 1) / 100 - rest)
    taken = values * counted if weighting == "known" else values
    levels = [
        percent * value / 100 + own + np.sort(np.delete(taken, place))[::-1][:coalition].sum() - total
        for place, (value, own) in enumerate(zip(values, taken, strict=True))
    ]
    return max(0.0, *map(float, levels)) if levels else 0.0


def dominance_level(
    contributions: Sequence[float],
    n: int,
    percent: float,
    weights: Sequence[float] | None = None,
    weighting: Weighting = "known",
) -> float:
    """How far a reader's upper bound must lie above a dominated cell: 100/k * (x1 + ... + xn) - X; 0 where it is safe.

    Parameters as in `dominated`.

    Examples
    --------
    >>> dominance_level([80, 15, 5], 1, 64), dominance_level([80, 15, 5], 1, 80)
    (25.0, 0.0)
    """
    values, counted = _checked(contributions, weights)
    if weighting == "repeated":
        largest = _largest(values, counted, n)
    else:
        largest = float(np.sort(values * counted if weighting == "known" else values)[::-1][:n].sum())
    total = float(values @ counted)
    return max(0.0, 100 * largest / percent - total) if 100 * largest > percent * total else 0.0


def _checked(contributions: Sequence[float], weights: Sequence[float] | None) -> tuple[np.ndarray, np.ndarray]:
    values = np.asarray(contributions, dtype=float)
    counted: Any = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=float)
    if (values < 0).any():
        raise ValueError("rules of concentration mean nothing for negative contributions")
    if len(counted) != len(values) or not (counted > 0).all():
        raise ValueError("every contribution has a weight above zero")
    return values, counted


def _largest(values: np.ndarray, counted: np.ndarray, units: float) -> float:
    """What so many units of the largest contributions come to, the last of them in part."""
    order = np.argsort(-values, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(counted[order])[:-1]])
    return float(values[order] @ np.clip(units - before, 0.0, counted[order]))
