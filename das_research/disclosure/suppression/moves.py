"""The least change of a table that moves one cell as far as is asked, while every sum stays true."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from scipy.sparse import hstack

from das_research.disclosure.suppression.solver import DUAL_SIMPLEX, INFINITY, LinearProgram, Meter
from das_research.disclosure.tables.model import Model

NEARLY = 1e-6
DIVES = 8  # numbers with fractions that are made whole one after the other, before all are searched together
NODES = 200  # how long a whole change is looked for where the least one has fractions


class Moves:
    """Changes of a table in which some cells may move, none below what is known of it.

    Parameters
    ----------
    model : Model
        All cells and sums.
    may_move : array of bool
        The cells that may change; the others stay.
    meter : Meter
        Where the work is counted.
    """

    def __init__(self, model: Model, may_move: np.ndarray, meter: Meter):
        self.model, self.columns, self.meter = model, np.flatnonzero(may_move), meter
        self._size, self._held = len(self.columns), set[int]()
        self._place = np.full(len(model), -1)
        self._place[self.columns] = np.arange(self._size)
        self.down = (model.values - model.lower)[self.columns].astype(float)
        matrix = model.relations[:, self.columns]
        matrix = matrix[np.diff(matrix.indptr) > 0]
        none = np.zeros(matrix.shape[0])
        self._high = np.concatenate([np.full(self._size, INFINITY), self.down])
        self._cost = np.concatenate([np.ones(self._size), 1 + 1 / np.maximum(self.down, 0.5)])
        bounds = (np.zeros(2 * self._size), self._high)
        both = hstack([matrix, -matrix])  # upward and downward apart
        self._program = LinearProgram(both, (none, none), bounds, self._cost, DUAL_SIMPLEX, meter)
        self._program.set_option("mip_max_nodes", NODES)

    def set_prices(self, up: np.ndarray, down: np.ndarray) -> None:
        """What it costs to move each of the columns by one, upward and downward."""
        self._cost = np.concatenate([up, down])
        self._program.set_cost(np.arange(2 * self._size), self._cost)

    def still(self, cell: int, is_still: bool = True) -> None:
        """Keep a cell as it is, or let it go again."""
        pair = self._pair(cell)
        self._program.set_bounds(pair, 0.0, 0.0 if is_still else self._high[pair])
        (self._held.add if is_still else self._held.discard)(cell)

    @contextmanager
    def without(self, cell: int | None) -> Iterator[None]:
        """Meanwhile a cell stays as it is."""
        if cell is None or cell in self._held or self._place[cell] < 0:
            yield
            return
        self.still(cell)
        yield
        self.still(cell, False)

    def least(self, cell: int, goal: int) -> np.ndarray | None:
        """The cheapest change by which a cell moves exactly so far; below zero: downward.

        Returns
        -------
        array of float or None
            The change of every cell of the model, fractions included; None where there is none.
        """
        pair = self._pair(cell)
        if -goal > self.down[self._place[cell]]:
            return None
        self._program.set_bounds(pair, *[[max(goal, 0), max(-goal, 0)]] * 2)
        solution, _ = self._program.solve()
        self._program.set_bounds(pair, 0.0, self._high[pair])
        return None if solution is None else self._change(solution)

    def whole(self, cell: int, goal: int) -> np.ndarray | None:
        """A change in whole numbers by which a cell moves so far; None where none was found.

        Returns
        -------
        array of int or None
        """
        pair = self._pair(cell)
        if -goal > self.down[pair[0]]:
            return None
        self._program.set_bounds(pair, *[[max(goal, 0), max(-goal, 0)]] * 2)
        solution, _ = self._program.solve()
        if solution is not None and not _is_whole(solution):
            solution = self._made_whole(solution)
        self._program.set_bounds(pair, 0.0, self._high[pair])
        return None if solution is None else np.rint(self._change(solution)).astype(np.int64)

    def _made_whole(self, solution: np.ndarray) -> np.ndarray | None:
        """A solution of whole numbers near one with fractions: these one after the other, else all in one search."""
        fixed = list[int]()
        found: np.ndarray | None = solution
        while len(fixed) < DIVES and found is not None and not _is_whole(found):
            fixed.append(int(np.abs(found - np.rint(found)).argmax()))
            self._program.set_bounds(fixed[-1], *[np.ceil(found[fixed[-1]])] * 2)
            found, _ = self._program.solve()
        self._program.set_bounds(fixed, 0.0, self._high[fixed])
        if found is None or not _is_whole(found):
            self._program.set_integer(True)
            found, _ = self._program.solve(may_stop=True)
            self._program.set_integer(False)
        return found

    def extent(self, cell: int, sign: int, far: int) -> int:
        """How far a cell can move to one side, in whole numbers, and no further than is asked for."""
        pair = self._pair(cell)
        column = pair[0] if sign > 0 else pair[1]
        self._program.set_cost(np.arange(2 * self._size), 0.0)
        self._program.set_cost(column, -1.0)
        reach = np.minimum(float(far), self._high[pair])
        self._program.set_bounds(pair, 0.0, np.where(pair == column, reach, 0.0))
        solution, _ = self._program.solve()
        self._program.set_bounds(pair, 0.0, self._high[pair])
        self._program.set_cost(np.arange(2 * self._size), self._cost)
        return 0 if solution is None else int(np.floor(solution[column] + NEARLY))

    def _pair(self, cell: int) -> np.ndarray:
        place = self._place[cell]
        return np.array([place, place + self._size])

    def _change(self, solution: np.ndarray) -> np.ndarray:
        change = np.zeros(len(self.model))
        change[self.columns] = solution[: self._size] - solution[self._size :]
        return change


def _is_whole(numbers: np.ndarray) -> bool:
    return bool(np.abs(numbers - np.rint(numbers)).max(initial=0) <= NEARLY)
