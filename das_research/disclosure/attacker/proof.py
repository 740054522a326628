"""What can be proved of a group of units, and whether that is allowed."""

from collections.abc import Sequence
from math import ceil, floor
from typing import Literal

import numpy as np
from scipy.sparse import csr_matrix

from das_research.disclosure.attacker.bounds import NEARLY, Reader

Policy = Literal["exact", "threshold", "wide"]


def proved(
    reader: Reader,
    group: csr_matrix,
    before: list[int],
    minimum: int,
    policy: Policy,
    tables: list[np.ndarray],
    tells: bool = False,
) -> tuple[int, int, bool]:
    """What can be proved of a group, and whether that is allowed. Tables met on the way are kept for other groups."""
    ends, reached = [], list(before)
    for upward in (True, False):
        ends.append(reader.farthest(group, upward))
        if np.isfinite(ends[-1]) and reader.fits(reader.last):
            tables.append(reader.last)
            reached.append(int((group @ reader.last)[0]))
            if is_possible(reached, minimum, policy):
                return min(reached), max(reached), True
    high = floor(min(ends[0], 1e15) + NEARLY)
    low = max(0, ceil(ends[1] - NEARLY))
    is_allowed = _is_allowed(low, high, minimum, policy, tells)
    if high == 0 or low >= minimum or not is_allowed:
        return low, high, is_allowed
    # the bounds allow it in fractions: only whole tables count
    for least, most in ((max(low, minimum if policy != "exact" else low), np.inf), (low, low + NEARLY)):
        table = None if is_possible(reached, minimum, policy) else reader.some_table(group, least, most)
        if table is not None:
            tables.append(table)
            reached.append(int((group @ table)[0]))
    if policy == "exact" and reached and not is_possible(reached, minimum, policy):
        table = reader.some_table(group, min(reached) + 1, np.inf)
        reached += [] if table is None else [int((group @ table)[0])]
    return (*((min(reached), max(reached)) if reached else (low, low)), is_possible(reached, minimum, policy))


def _is_allowed(low: int, high: int, minimum: int, policy: Policy, zero_tells: bool = False) -> bool:
    """Whether bounds tell nothing; where nobody is in it, or surely enough are, there is nothing to tell."""
    return (high == 0 and not zero_tells) or low >= minimum or is_possible([low, high], minimum, policy)


def is_possible(reached: Sequence[int], minimum: int, policy: Policy) -> bool:
    """Whether tables that fit, by the numbers that a group has in them, show that enough is possible.

    That it is nobody, or surely enough, no table can show: only bounds can.
    """
    if not reached or (max(reached) < minimum and (policy != "exact" or min(reached) == max(reached))):
        return False
    return policy != "wide" or max(reached) - min(reached) >= minimum - 1


def are_possible(numbers: np.ndarray, minimum: int, policy: Policy) -> np.ndarray:
    """The same of many groups, one a row."""
    return np.array([is_possible(row, minimum, policy) for row in numbers.tolist()], dtype=bool)
