"""What every safe pattern must satisfy: inequalities from the duals of a reader's linear programs.

Source: Fischetti and Salazar-González 2001, "Solving the cell suppression problem on tabular data with linear
constraints", Management Science 47(7).
"""

from collections.abc import Iterable

import numpy as np

from das_research.disclosure.suppression.levels import Needs
from das_research.disclosure.suppression.limits import VIOLATED, Cut
from das_research.disclosure.suppression.solver import INFINITY, LinearProgram, Meter
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.tables.model import Model

TINY = 1e-7


class Separation:
    """Looks for what a pattern, whole or in fractions, does not satisfy.

    Parameters
    ----------
    model : Model
        All cells and sums.
    meter : Meter
        Where the work is counted.
    """

    def __init__(self, model: Model, meter: Meter):
        self.model, self._meter = model, meter
        self.columns = np.flatnonzero(model.movable)
        self._place = np.full(len(model), -1)
        self._place[self.columns] = np.arange(len(self.columns))
        self._down = (model.values - model.lower)[self.columns].astype(float)
        self._free = model.status[self.columns] == Status.FREE
        matrix = model.relations[:, self.columns]
        none, size = np.zeros(matrix.shape[0]), len(self.columns)
        self._program = LinearProgram(matrix, (none, none), (np.zeros(size), np.zeros(size)), meter=meter)

    def cuts(self, needs: Needs, pattern: np.ndarray, whole: bool, ranks: Iterable[int] | None = None) -> list[Cut]:
        """The inequalities that a pattern violates, at most one an unsafe cell and side.

        Parameters
        ----------
        needs : Needs
            What must be possible.
        pattern : array of float
            How far each cell of the model is hidden, between 0 and 1.
        whole : bool
            Whether it is a pattern of zeros and ones. Then a reader's tables are taken as they are; else changes are
            cut to what is asked, which finds better inequalities.
        ranks : iterable of int, optional
            The unsafe cells to look at, in the needs; by default all.
        """
        found: list[Cut] = []
        goals = [
            (level, -1 if (still := needs.still_of(rank)) is None else int(self._place[still]), rank, side)
            for rank in (range(len(needs)) if ranks is None else ranks)
            for side, level in _sides(needs, rank)
        ]
        reached = np.zeros((len(self.columns), 2))
        last = (-1, -1)
        for level, still, rank, side in sorted(goals):
            if not self._meter.is_left:
                break
            if (level, still) != last:
                last, reached = (level, still), np.zeros_like(reached)
                self._limit(pattern, level, still, whole)
            place = self._place[needs.cells[rank]]
            sides = (side,) if side else (1, -1)
            if sum(reached[place, max(-one, 0)] for one in sides) >= level - VIOLATED:
                continue
            duals = []
            for one in sides:
                self._program.set_cost(place, -float(one))
                if whole:
                    self._cap(place, pattern, level, still)
                solution, _ = self._program.solve()
                duals.append(self._program.reduced_costs)
                self._program.set_cost(place, 0.0)
                if solution is not None:
                    reached = np.maximum(reached, np.column_stack([solution, -solution]))
            if sum(reached[place, max(-one, 0)] for one in sides) < level - VIOLATED:
                cut = self._cut(duals, float(level), still)
                if cut is not None and cut.coefficients @ pattern[cut.cells] < cut.least - VIOLATED:
                    found.append(cut)
        return found

    def of_whole(self, needs: Needs, pattern: np.ndarray, ranks: Iterable[int] | None = None) -> list[Cut]:
        """Those that a pattern of zeros and ones violates; changes are cut to what is asked where that finds any."""
        return self.cuts(needs, pattern, False, ranks) or self.cuts(needs, pattern, True, ranks)

    def _limit(self, pattern: np.ndarray, level: float, still: int, whole: bool) -> None:
        share = pattern[self.columns]
        if whole:
            high, low = np.where(share > 0.5, INFINITY, 0.0), np.where(share > 0.5, -self._down, 0.0)
        else:
            high, low = level * share, -np.minimum(self._down, level) * share
        if still >= 0:
            high[still] = low[still] = 0.0
        self._program.set_bounds(np.arange(len(self.columns)), low, high)

    def _cap(self, place: int, pattern: np.ndarray, level: float, still: int) -> None:
        """Of the cell that is asked for, no more than is asked: else there may be no end to it."""
        self._limit(pattern, level, still, whole=True)
        self._program.set_bounds(place, -min(self._down[place], level), level)

    def _cut(self, duals: list[np.ndarray], level: float, still: int) -> Cut | None:
        """Each hidden cell gives at most its dual times how far it can move, and never more than all that is asked."""
        total = np.zeros(len(self.columns))
        for dual in duals:
            up = np.where(dual < -TINY, level, 0.0)
            down = np.where(dual > TINY, np.minimum(dual * self._down, level), 0.0)
            total += up + down
        if still >= 0:
            total[still] = 0.0
        least = level - total[~self._free].sum()
        if least <= VIOLATED:
            return None
        used = self._free & (total > TINY)
        return Cut(self.columns[used], np.minimum(total[used], least) / least, 1.0)


def _sides(needs: Needs, rank: int) -> list[tuple[int, int]]:
    """Which ways an unsafe cell must be able to move, and how far; 0 is both together."""
    up, down, width = (int(it[rank]) for it in (needs.upward, needs.downward, needs.width))
    sides = [(1, up)] * (up > 0) + [(-1, down)] * (down > 0)
    return sides + [(0, width)] * (width > up + down)


def partner_cuts(model: Model, pattern: np.ndarray) -> list[Cut]:
    """In a sum, a hidden cell that stands alone protects nothing: it has a partner, or is not hidden."""
    found, matrix = [], model.relations
    sums = abs(matrix) @ pattern
    for row in range(matrix.shape[0]):
        cells = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        if (model.status[cells] == Status.WITHHELD).any():
            continue
        for cell in cells[2 * pattern[cells] > sums[row] + VIOLATED].tolist():
            others = cells[(cells != cell) & (model.status[cells] == Status.FREE)]
            if model.status[cell] == Status.PRIMARY:
                found.append(Cut(others, np.ones(len(others)), 1.0))
            else:
                index = np.append(others, cell)
                found.append(Cut(index, np.append(np.ones(len(others)), -1.0), 0.0))
    return found
