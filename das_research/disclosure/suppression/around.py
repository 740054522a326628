"""Improvement around some cells: the cheapest way to hide anew what a few hidden cells near each other do."""

from collections import Counter

import numpy as np

from das_research.disclosure.suppression.audit import Reader
from das_research.disclosure.suppression.cuts import Separation
from das_research.disclosure.suppression.levels import Needs
from das_research.disclosure.suppression.limits import Cut, Limits
from das_research.disclosure.suppression.solver import DUAL_SIMPLEX, LinearProgram, Meter
from das_research.disclosure.suppression.witnesses import Witness, Witnesses
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.tables.model import Model

BEGIN, LEAST, MOST, GROWTH = 12.0, 3.0, 30.0, 1.4  # how many hidden cells are hidden anew, and how that changes
ROUNDS, WORK = 15, 300e6  # of inequalities around the same cells, and how much work they may take
NODES = 30  # of one search for a pattern of zeros and ones
STUCK = 10  # unsafe cells that can't move, after which a pattern is looked at no further


class Around:
    """Looks for a cheaper pattern that differs from a safe one around a few of its cells only.

    Parameters
    ----------
    model : Model
        All cells and sums.
    cost : array of int
        What hiding each cell costs.
    separation : Separation
        Finds what a pattern violates.
    limits : Limits
        The inequalities that are known.
    meter : Meter
        Where the work is counted.
    """

    def __init__(self, model: Model, cost: np.ndarray, separation: Separation, limits: Limits, meter: Meter):
        self._model, self._cost, self._separation, self._limits, self._meter = model, cost, separation, limits, meter
        self._free, self._size = model.status == Status.FREE, BEGIN
        self._chance, self._often = np.random.default_rng(0), Counter[int]()

    def cheaper(self, hidden: np.ndarray, known: Witnesses) -> tuple[np.ndarray, Witnesses, list[Cut]]:
        """A safe pattern that costs less, around cells that are another at every call.

        Parameters
        ----------
        hidden : array of bool
            A safe pattern; not changed.
        known : Witnesses
            Its proof.

        Returns
        -------
        array of bool, Witnesses, list of Cut
            The given pattern where none was found; and inequalities that were not known.
        """
        anew = self._near_each_other(np.flatnonzero(hidden & self._free))
        fixed, tables, cuts = hidden.copy(), list(known.all), list[Cut]()
        fixed[anew] = False
        columns = np.union1d(anew, np.flatnonzero(self._free & ~fixed & self._limits.named))
        program, until = self._program(columns, fixed), self._meter.spent + WORK
        for _ in range(ROUNDS):
            solution, proved = program.solve(may_stop=True)
            if solution is None or program.objective > self._cost[anew].sum() - 0.5:
                self._size = min(self._size * GROWTH, MOST) if proved else max(self._size / GROWTH, LEAST)
                return hidden, known, cuts
            pattern = fixed.copy()
            pattern[columns[solution > 0.5]] = True
            stuck, proof = self._stuck(pattern, known.needs, tables)
            if not stuck:
                return pattern, proof, cuts
            if self._meter.spent > until or not (found := self._separation.of_whole(known.needs, pattern, stuck)):
                break
            cuts += found
            for cut in found:
                _add(program, columns, fixed, cut)
        self._size = max(self._size / GROWTH, LEAST)
        return hidden, known, cuts

    def _near_each_other(self, secondary: np.ndarray) -> np.ndarray:
        """Some of these cells, by inequalities in which they stand together, from one that chance chooses."""
        rows = self._limits.rows[:, secondary]
        chosen = np.zeros(len(secondary))
        chosen[self._chance.integers(len(secondary))] = 1.0
        while (count := int(chosen.sum())) < min(self._size, len(secondary)):
            beside = (rows.T @ (rows @ chosen) + 1e-6) * self._chance.random(len(secondary)) * (1 - chosen)
            more = min(count, int(np.ceil(self._size)) - count, len(secondary) - count)
            chosen[np.argsort(-beside, kind="stable")[:more]] = 1.0
        return secondary[chosen > 0]

    def _program(self, columns: np.ndarray, fixed: np.ndarray) -> LinearProgram:
        matrix, least = self._limits.beyond(fixed)
        none, size = np.full(len(least), np.inf), len(columns)
        program = LinearProgram(
            matrix[:, columns], (least, none), (np.zeros(size), np.ones(size)),
            self._cost[columns].astype(float), DUAL_SIMPLEX, self._meter,
        )  # fmt: skip
        program.set_integer(True)
        program.set_option("mip_max_nodes", NODES)
        return program

    def _stuck(self, pattern: np.ndarray, needs: Needs, tables: list[Witness]) -> tuple[list[int], Witnesses]:
        """The unsafe cells that a pattern does not protect, or enough of them; and its witnesses."""
        known = Witnesses(self._model, needs, [it for it in tables if pattern[it.cells].all()])
        before, reader, stuck = len(known.all), Reader(self._model, pattern, self._meter), list[int]()
        for rank in sorted(known.unsafe.tolist(), key=lambda rank: -self._often[rank]):
            if len(stuck) == STUCK:
                break
            if not reader.prove(known, rank):
                stuck.append(rank)
        self._often.update(stuck)
        tables += known.all[before:]
        return stuck, known


def _add(program: LinearProgram, columns: np.ndarray, fixed: np.ndarray, cut: Cut) -> None:
    """An inequality of which some cells are fixed."""
    inside = np.isin(cut.cells, columns) & ~fixed[cut.cells]
    place = np.searchsorted(columns, cut.cells[inside])
    program.add_row(place, cut.coefficients[inside], cut.least - cut.coefficients @ fixed[cut.cells])
