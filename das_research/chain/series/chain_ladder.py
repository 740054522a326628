"""The chain ladder: what is still to come of recent periods, from how earlier ones grew with age.

Source: T. Mack, Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN Bulletin
23 (1993), 213-225.
"""

from dataclasses import dataclass

import numpy as np

from das_research.chain.series.observed import Numbers
from das_research.errors import UsageError


@dataclass(frozen=True)
class Ladder:
    """What a triangle tells.

    Parameters
    ----------
    factors : array
        By how much a period grows from each age to the next.
    latest : array
        What is known of each period.
    ultimate : array
        What it is expected to be at the last age.
    errors : array
        The standard error of that, of the process and of the factors together; 0 where nothing is to come.
    """

    factors: Numbers
    latest: Numbers
    ultimate: Numbers
    errors: Numbers


def chain_ladder(triangle: Numbers) -> Ladder:
    """Complete a triangle.

    Parameters
    ----------
    triangle : array
        A row a period in order of time, a column an age: what was known of the period at that age, all together. NaN
        where it is not known yet; every row is known from its first age to its last without a gap.

    Raises
    ------
    UsageError
        When an age is known of no two periods, or nothing was known at it.

    Examples
    --------
    Of two earlier periods 100 became 150 and 200 became 250, so a period grows by 400/300.

    >>> found = chain_ladder(np.array([[100.0, 150], [200, 250], [90, np.nan]]))
    >>> found.factors.round(4).tolist(), found.ultimate.round(1).tolist()
    ([1.3333], [150.0, 250.0, 120.0])
    """
    ages = triangle.shape[1]
    factors, spread, weights = np.ones(ages - 1), np.zeros(ages - 1), np.zeros(ages - 1)
    for age in range(ages - 1):
        both = ~np.isnan(triangle[:, age + 1])
        before, after = triangle[both, age], triangle[both, age + 1]
        weights[age] = before.sum()
        if weights[age] <= 0:
            raise UsageError(
                f"Nothing was known of any period at age {age}, so nobody can tell how a period grows from there.",
                fix="Take a longer series, or coarser ages.",
            )
        factors[age] = after.sum() / weights[age]
        some = before > 0
        if some.sum() > 1:
            ratios = after[some] / before[some]
            spread[age] = (before[some] * (ratios - factors[age]) ** 2).sum() / (some.sum() - 1)
        elif age > 1:  # one period alone: as Mack takes it, from the two ages before
            small = min(spread[age - 2], spread[age - 1])
            spread[age] = min(spread[age - 1] ** 2 / spread[age - 2], small) if spread[age - 2] > 0 else small
        else:
            raise UsageError(
                f"Only one period is known beyond age {age}, so nobody can tell how periods differ.",
                fix="Take a longer series.",
            )
    known = (~np.isnan(triangle)).sum(axis=1) - 1
    latest = triangle[np.arange(len(triangle)), known]
    full, squares = triangle.copy(), np.zeros(len(triangle))
    for row, age in enumerate(known):
        for step in range(age, ages - 1):
            if full[row, step] > 0:
                squares[row] += spread[step] / factors[step] ** 2 * (1 / full[row, step] + 1 / weights[step])
            full[row, step + 1] = full[row, step] * factors[step]
    return Ladder(factors, latest, full[:, -1], full[:, -1] * np.sqrt(squares))


def interval(ultimate: float, error: float) -> tuple[float, float]:
    """95% limits of a period's last number, on the scale of its logarithm, as Mack proposes.

    Examples
    --------
    >>> [round(limit, 1) for limit in interval(120, 12)]
    [98.2, 145.2]
    """
    if ultimate <= 0 or error <= 0:
        return ultimate, ultimate
    spread = np.sqrt(np.log1p((error / ultimate) ** 2))
    centre = np.log(ultimate) - spread**2 / 2
    low, high = (float(np.exp(centre + sign * 1.959963984540054 * spread)) for sign in (-1, 1))
    return low, high


@dataclass(frozen=True)
class Tried:
    """What a nowcast would have been worth: every period at every age, from what was known at that moment alone.

    Parameters
    ----------
    within : int
        How often the last number lay within the limits.
    tried : int
        How many were tried.
    missed, missed_before : float
        How far the nowcast, and how far what was known then, lay from the last number: mean absolute percent.
    """

    within: int
    tried: int
    missed: float
    missed_before: float


def try_back(triangle: Numbers, least: int) -> Tried | None:
    """Nowcast the periods that are complete by now from the triangle as it stood then.

    Parameters
    ----------
    triangle : array
        As `chain_ladder` takes it, of a full triangle: each period one age shorter than the one before.
    least : int
        Periods that must have been complete at such a moment.

    Returns
    -------
    Tried or None
        None where the series is too short for any.
    """
    size, ages = triangle.shape
    misses, before, within = [], [], 0
    for moment in range(ages - 1 + least, size):  # how many periods had begun
        then = triangle[:moment].copy()
        for row in range(moment):
            then[row, moment - row :] = np.nan
        found = chain_ladder(then)
        for row in range(moment - ages + 1, moment):
            truth = triangle[row, -1]
            if np.isnan(truth) or truth <= 0:
                continue
            low, high = interval(found.ultimate[row], found.errors[row])
            within += bool(low <= truth <= high)
            misses.append(abs(found.ultimate[row] / truth - 1))
            before.append(abs(found.latest[row] / truth - 1))
    if not misses:
        return None
    return Tried(within, len(misses), 100 * float(np.mean(misses)), 100 * float(np.mean(before)))
