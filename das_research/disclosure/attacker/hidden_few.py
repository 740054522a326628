"""How large a hidden cell of few can be, by all numbers of several tables at once: by linear programs over kinds."""

from collections.abc import Collection, Iterable, Iterator
from math import ceil, floor

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack, vstack

from das_research.disclosure.attacker.bounds import NEARLY
from das_research.disclosure.attacker.kinds import Kinds
from das_research.disclosure.attacker.programs import WITHOUT_END, solved
from das_research.disclosure.attacker.proof import Policy
from das_research.disclosure.attacker.readings import OUTCOME

LARGE = 10**15
Bounded = tuple[int, int, int]  # a hidden column, and between what it lies


def too_closely_bounded(
    kinds: Kinds, asked: Iterable[int], others: Iterable[Collection[int]], minimum: int, policy: Policy
) -> list[Bounded]:
    """The hidden cells that can be told too closely by all that is shown, and not by some of it already.

    Parameters
    ----------
    kinds : Kinds
        Who is under the cells.
    asked : iterable of int
        Columns of hidden cells.
    others : iterable of collection of int
        Columns that are shown: what some of these tell by themselves is not told anew.
    minimum : int
        Fewer must not be told.
    policy : {'exact', 'threshold', 'wide'}
        As of `attack.attack`.

    Raises
    ------
    ReleaseRefused
        When a program does not come to an end.
    """
    everything = _Room(kinds, kinds.shown)
    left = list(asked)
    if policy == "threshold":
        left = everything.not_reached(left, minimum)
    for some in others:
        told = {column for column, _, _ in _told(_Room(kinds, some), left, minimum, policy)} if left else set()
        left = [column for column in left if column not in told]
    return list(_told(everything, left, minimum, policy))


def _told(room: "_Room", asked: Iterable[int], minimum: int, policy: Policy) -> Iterator[Bounded]:
    for column in asked:
        high = room.farthest(column, upward=True)
        low = 0 if policy == "threshold" else room.farthest(column, upward=False)
        wide = {
            "exact": high > low,
            "threshold": high >= minimum,
            "wide": high - low >= minimum - 1 and high >= minimum,
        }
        if not wide[policy]:
            yield column, low, high


class _Room:
    """How many persons there can be of each kind, in real numbers, by what some columns show."""

    def __init__(self, kinds: Kinds, shown: Iterable[int]):
        columns, hidden = sorted(shown), sorted(kinds.hidden)
        self._units = csr_array(kinds.units.T)
        # a zero would be shown
        least = [int(OUTCOME not in dict(kinds.hidden[it].where)) for it in hidden]
        self._equal = self._units[columns], kinds.totals[columns]
        self._most = -self._units[hidden], -np.array(least, dtype=float)
        self._bounds = (0 if kinds.is_whole else None, None)

    def farthest(self, column: int, *, upward: bool) -> int:
        """How large or small a column can be."""
        price = self._units[[column]].toarray()[0] * (-1 if upward else 1)
        found = solved(price, self._equal, self._bounds, self._most, may_have_no_end=True)
        if found.status == WITHOUT_END:
            return LARGE if upward else 0
        return floor(-found.fun + NEARLY) if upward else max(0, ceil(found.fun - NEARLY))

    def not_reached(self, asked: list[int], minimum: int) -> list[int]:
        """Which columns are not shown to be able to hold so many, by programs that raise all at once."""
        left = asked
        while left:
            raised, kinds = self._units[left], self._units.shape[1]
            zeros = csr_array((self._equal[0].shape[0], len(left))), csr_array((self._most[0].shape[0], len(left)))
            found = solved(
                np.concatenate([np.zeros(kinds), -np.ones(len(left))]),
                (hstack([self._equal[0], zeros[0]]), self._equal[1]),
                [self._bounds] * kinds + [(0, minimum + 1)] * len(left),
                (
                    vstack([hstack([self._most[0], zeros[1]]), hstack([-raised, eye_array(len(left))])]),
                    np.concatenate([self._most[1], np.zeros(len(left))]),
                ),
            )
            reached = raised @ found.x[:kinds] >= minimum
            if not reached.any():
                break
            left = [column for column, is_reached in zip(left, reached, strict=True) if not is_reached]
        return left
