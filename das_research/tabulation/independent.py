"""Which rows of whole numbers are sums of others: elimination modulo a prime, in arithmetic that rounds nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PRIME = 1_048_573  # sums of 4,096 products of numbers under it are whole in a float of 64 bits
MOST = 4_096
AT_ONCE = 64
Whole = NDArray[np.int64]
Small = NDArray[np.float64]  # whole numbers modulo the prime, each the one nearest to zero: half the prime at most


class Independent:
    """Independent rows, as they are found.

    Parameters
    ----------
    width : int
        How many numbers a row has, at most `MOST`.

    Examples
    --------
    >>> known = Independent(3)
    >>> known.add(np.array([[1, 1, 0], [0, 1, 1], [1, 2, 1]]))
    [0, 1]
    >>> known.rests(np.array([[1, 2, 1], [0, 0, 2]])).any(axis=1).tolist()
    [False, True]
    """

    def __init__(self, width: int):
        if width > MOST:
            raise ValueError(f"at most {MOST} numbers a row")
        self.leads: list[int] = []
        self._rows: Small = np.zeros((0, width))

    @property
    def rows(self) -> Whole:
        """The independent rows: of the `leads` each has a one in its own, and nothing in those of others."""
        return _whole(self._rows)

    def rests(self, rows: Whole) -> Whole:
        """What is left of rows when the independent ones are taken off; nothing of what is a sum of them."""
        return _whole(self._left(rows))

    def add(self, rows: Whole) -> list[int]:
        """Take in those of these rows, one after the other, that are no sum of those before them; which they were."""
        found = []
        for first in range(0, len(rows), AT_ONCE):
            left = self._left(rows[first : first + AT_ONCE])
            leads = _eliminated(left)
            new = left[list(leads)]
            self._rows = np.vstack([_small(self._rows - self._rows[:, list(leads.values())] @ new), new])
            self.leads += leads.values()
            found += [first + at for at in leads]
        return found

    def _left(self, rows: Whole) -> Small:
        some = _small(rows.astype(float))
        return _small(some - some[:, self.leads] @ self._rows)


def _eliminated(rows: Small) -> dict[int, int]:
    """Take off each row, one after the other, from all others: which are left, with the column that leads each."""
    leads: dict[int, int] = {}
    for at, row in enumerate(rows):
        if len(some := np.flatnonzero(row)):
            leads[at] = lead = int(some[0])
            row[:] = _small(row * pow(int(row[lead]), -1, PRIME))
            factors = rows[:, lead].copy()
            factors[at] = 0
            others = np.flatnonzero(factors)
            rows[others] = _small(rows[others] - factors[others, None] * row)
    return leads


def _small(rows: Small) -> Small:
    return rows - np.rint(rows / PRIME) * PRIME


def _whole(rows: Small) -> Whole:
    return rows.astype(np.int64) % PRIME


def signed(rows: Whole, most: int) -> Whole | None:
    """Numbers modulo the prime as whole numbers about zero; None where one would be larger."""
    whole = rows % PRIME
    near = np.where(whole > PRIME // 2, whole - PRIME, whole)
    return near if (np.abs(near) <= most).all() else None


def directions(rests: Whole, weights: Whole) -> tuple[Whole, Whole]:
    """Of every row the number of its direction, and of every direction its weight: multiples of one row have one.

    Examples
    --------
    >>> numbers, weights = directions(np.array([[1, 2], [2, 4], [1, 0]]), np.array([3, 4, 5]))
    >>> numbers.tolist(), weights.tolist()
    ([1, 1, 0], [5, 7])
    """
    leads = (rests != 0).argmax(axis=1)
    heads: Sequence[int] = rests[np.arange(len(rests)), leads].tolist()
    inverse = {head: pow(head, -1, PRIME) for head in set(heads)}
    alike = rests * np.array([inverse[head] for head in heads], dtype=np.int64)[:, None] % PRIME
    texts = [row.tobytes() for row in alike.astype(">u4")]  # their order is that of the numbers in them
    place = {text: at for at, text in enumerate(sorted(set(texts)))}
    numbers = np.array([place[text] for text in texts], dtype=np.int64)
    return numbers, np.bincount(numbers, weights=weights).astype(np.int64)
