"""A first pattern, fast: unsafe numbers must not follow from the shown ones by adding and subtracting.

What may change while the shown numbers stay is a linear space. A cell is shown when that leaves no unsafe cell at a
standstill (Langsrud 2024, "Secondary cell suppression by Gaussian elimination", reversed: there the shown cells span a
space that must not hold an unsafe one). All arithmetic is in whole numbers modulo a prime, so it is exact but for a
chance of some in a thousand million, which the audit after it covers. Bounds of hidden numbers it does not see at all.
"""

import numpy as np

from das_research.disclosure.tables.cells import Status
from das_research.disclosure.tables.model import Model

PRIME = 2**31 - 1
LARGE = 10_000  # from so many cells that can be hidden, repair by itself hides fewer, and sooner

Row = dict[int, int]


def first_pattern(model: Model, cost: np.ndarray) -> np.ndarray:
    """Which cells to hide so that no unsafe one follows by adding and subtracting.

    Parameters
    ----------
    model : Model
        All cells and sums.
    cost : array of int
        What hiding each cell costs; dear cells are shown first.

    Returns
    -------
    array of bool
        The hidden cells. In a large model those that are hidden whatever else is, and no more.
    """
    if np.count_nonzero(model.movable) > LARGE:
        return model.must_hide.copy()
    space = _Space(model)
    hidden = model.must_hide.copy()
    free = np.flatnonzero(model.status == Status.FREE)
    for cell in sorted(free.tolist(), key=lambda cell: (-int(cost[cell]), -int(model.values[cell]), cell)):
        hidden[cell] = not space.show(cell)
    return hidden


class _Space:
    """How every cell moves with the few that can still move by themselves."""

    def __init__(self, model: Model):
        movable = np.flatnonzero(model.movable)
        self.rows: dict[int, Row] = {int(cell): {int(cell): 1} for cell in movable}
        self.using: dict[int, set[int]] = {int(cell): {int(cell)} for cell in movable}
        self.unsafe = set(np.flatnonzero(model.status == Status.PRIMARY).tolist())
        matrix = model.relations
        for first, last in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
            sums: Row = {}
            for cell, sign in zip(matrix.indices[first:last].tolist(), matrix.data[first:last].tolist(), strict=True):
                _add(sums, self.rows.get(cell, {}), sign)
            if sums:
                totals = matrix.indices[first:last][matrix.data[first:last] < 0].tolist()
                self._eliminate(sums, next((total for total in totals if total in sums), self._rarest(sums)))

    def show(self, cell: int) -> bool:
        """Let a cell stand still, unless an unsafe one would then stand still too."""
        row = self.rows[cell]
        if not row:
            return True
        rarest = self._rarest(row)
        for other in self.using[rarest] & self.unsafe:
            if _same_direction(self.rows[other], row, rarest):
                return False
        self._eliminate(dict(row), rarest)
        return True

    def _rarest(self, row: Row) -> int:
        return min(row, key=lambda column: (len(self.using[column]), column))

    def _eliminate(self, row: Row, pivot: int) -> None:
        """Put 0 = row into all rows: the pivot no longer moves by itself."""
        inverse = pow(row[pivot], -1, PRIME)
        for cell in list(self.using[pivot]):
            target = self.rows[cell]
            factor = target[pivot] * inverse
            for column, number in row.items():
                changed = (target.get(column, 0) - factor * number) % PRIME
                if changed:
                    target[column] = changed
                    self.using[column].add(cell)
                elif column in target:
                    del target[column]
                    self.using[column].discard(cell)


def _add(sums: Row, row: Row, sign: int) -> None:
    for column, number in row.items():
        changed = (sums.get(column, 0) + sign * number) % PRIME
        if changed:
            sums[column] = changed
        else:
            sums.pop(column, None)


def _same_direction(one: Row, other: Row, column: int) -> bool:
    if len(one) != len(other) or one.keys() != other.keys():
        return False
    here, there = one[column], other[column]
    return all((one[name] * there - other[name] * here) % PRIME == 0 for name in one)
