"""Which rows of whole numbers are sums of others: elimination modulo a prime, in arithmetic that rounds nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PRIME = 1_048_573  # sums of 4,096 products of numbers under it are whole in a float of 64 bits
MOST = 4_096
AT_ONCE = 128
Whole = NDArray[np.int64]


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
        self.rows: Whole = np.zeros((0, width), dtype=np.int64)
        self.leads: list[int] = []

    def rests(self, rows: Whole) -> Whole:
        """What is left of rows when the independent ones are taken off; nothing of what is a sum of them."""
        left = rows % PRIME
        if not self.leads:
            return left
        taken = left[:, self.leads].astype(float) @ self.rows.astype(float)
        return (left - (taken % PRIME).astype(np.int64)) % PRIME

    def add(self, rows: Whole) -> list[int]:
        """Take in those of these rows, one after the other, that are no sum of those before them; which they were."""
        found = []
        for first in range(0, len(rows), AT_ONCE):
            left = self.rests(rows[first : first + AT_ONCE])
            while len(some := np.flatnonzero(left.any(axis=1))):
                at = int(some[0])
                lead = int(np.flatnonzero(left[at])[0])
                new = left[at] * pow(int(left[at, lead]), -1, PRIME) % PRIME
                for others in (left, self.rows):
                    others -= others[:, [lead]] * new
                    others %= PRIME
                self.rows = np.vstack([self.rows, new])
                self.leads.append(lead)
                found.append(first + at)
        return found


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
    numbers = np.unique(alike, axis=0, return_inverse=True)[1].ravel()
    return numbers.astype(np.int64), np.bincount(numbers, weights=weights).astype(np.int64)
