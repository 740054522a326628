"""Inequalities that safe patterns satisfy, and what they tell of a pattern without solving anything."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

VIOLATED = 1e-4


@dataclass(frozen=True, eq=False)
class Cut:
    """Coefficients * pattern, over the cells that may be hidden, is at least so much."""

    cells: np.ndarray
    coefficients: np.ndarray
    least: float


class Limits:
    """The inequalities that every safe pattern satisfies, to see at once what one can't do without.

    Parameters
    ----------
    cells : int
        Of the model.
    """

    def __init__(self, cells: int):
        self.rows, self._least, self._of_cell = csr_array((0, cells)), np.empty(0), csc_array((0, cells))

    def add(self, cuts: Sequence[Cut]) -> None:
        """More of them, but for those that hold of the cheapest patterns alone: that a hidden cell has a partner."""
        cuts = [cut for cut in cuts if cut.least > 0]
        if not cuts:
            return
        starts = np.cumsum([0, *(len(cut.cells) for cut in cuts)])
        numbers, cells = (np.concatenate([getattr(cut, name) for cut in cuts]) for name in ("coefficients", "cells"))
        more = csr_array((numbers, cells, starts), shape=(len(cuts), self.rows.shape[1]))
        self.rows = vstack([self.rows, more], format="csr")
        self._of_cell = csc_array(self.rows)
        self._least = np.append(self._least, [cut.least for cut in cuts])

    def needs(self, hidden: np.ndarray, cell: int) -> bool:
        """Whether a pattern violates one of them when it shows a cell more."""
        first, last = self._of_cell.indptr[cell : cell + 2]
        rows = self._of_cell.indices[first:last]
        if not len(rows):
            return False
        left = self.rows[rows] @ hidden - self._of_cell.data[first:last]
        return bool((left < self._least[rows] - VIOLATED).any())

    @property
    def named(self) -> np.ndarray:
        """The cells that stand in one of them."""
        return np.diff(self._of_cell.indptr) > 0

    def beyond(self, hidden: np.ndarray) -> tuple[csr_array, np.ndarray]:
        """Those that a pattern violates as it is: their coefficients, and what they still ask."""
        left = self._least - self.rows @ hidden
        rows = np.flatnonzero(left > VIOLATED)
        return self.rows[rows], left[rows]
