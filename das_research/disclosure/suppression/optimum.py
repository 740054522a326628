"""The search for the cheapest safe pattern: a bound that no pattern goes under, and patterns that come near it."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.sparse import csc_array

from das_research.disclosure.suppression.cuts import Cut, Separation, partner_cuts
from das_research.disclosure.suppression.levels import Needs
from das_research.disclosure.suppression.nearby import ways_of
from das_research.disclosure.suppression.solver import DUAL_SIMPLEX, LinearProgram, Meter
from das_research.disclosure.suppression.witnesses import Witnesses
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.tables.model import Model

ROUNDS = 60  # of inequalities for a pattern in fractions
STANDSTILL = 4  # rounds in which the bound may stand still
NODES = 300  # of one search for a pattern of zeros and ones
NEARLY = 1e-6


@dataclass(eq=False)
class Pattern:
    """A safe pattern, with the witnesses that prove it and a bound on what the cheapest one costs.

    Parameters
    ----------
    hidden : array of bool
        The cells to hide.
    known : Witnesses
        The proof.
    cost : int
        Of its secondary cells.
    bound : int
        No safe pattern costs less.
    """

    hidden: np.ndarray
    known: Witnesses
    cost: int
    bound: int = 0

    @property
    def is_cheapest(self) -> bool:
        """Whether it is proved that no safe pattern costs less."""
        return self.cost <= self.bound


class Search:
    """Improves a safe pattern until it is proved to be the cheapest, or the work is done.

    Parameters
    ----------
    model, needs
        All cells and sums, and what must be possible.
    cost : array of int
        What hiding each cell costs.
    first : Pattern
        A safe pattern.
    meter : Meter
        How much work may be done.
    """

    def __init__(self, model: Model, needs: Needs, cost: np.ndarray, first: Pattern, meter: Meter):
        self.model, self.needs, self.cost, self.best, self.meter = model, needs, cost, first, meter
        self.free = np.flatnonzero(model.status == Status.FREE)
        self._place = np.full(len(model), -1)
        self._place[self.free] = np.arange(len(self.free))
        self._separation = Separation(model, needs, meter)
        size = len(self.free)
        self._program = LinearProgram(
            csc_array((0, size)), (np.empty(0), np.empty(0)), (np.zeros(size), np.ones(size)),
            cost[self.free].astype(float), DUAL_SIMPLEX, meter,
        )  # fmt: skip

    def run(self) -> Pattern:
        """The best pattern that was found."""
        if not self.best.is_cheapest and self.meter.is_left and len(self.free):
            self._in_fractions()
        while not self.best.is_cheapest and self.meter.is_left and len(self.free):
            if not self._in_whole():
                break
        return self.best

    def _in_fractions(self) -> None:
        """Inequalities for patterns in fractions, and every few rounds a pattern that follows one of them."""
        pattern, standstill, before = self._whole_model(np.zeros(len(self.free))), 0, -1.0
        self._add(partner_cuts(self.model, pattern))
        for number in range(ROUNDS):
            solution, _ = self._program.solve()
            if solution is None:
                return
            bound = self._program.objective
            self._bound(bound)
            pattern = self._whole_model(solution)
            standstill = 0 if bound > before + 1e-3 * max(bound, 1) else standstill + 1
            before = max(before, bound)
            if self.best.is_cheapest or not self.meter.is_left or standstill == STANDSTILL:
                break
            if number % 5 == 4:
                self._follow(pattern)
            cuts = partner_cuts(self.model, pattern) + self._separation.cuts(pattern, whole=False)
            if not cuts:
                break
            self._add(cuts)
        if not self.best.is_cheapest:
            self._follow(pattern)

    def _in_whole(self) -> bool:
        """One search for the cheapest pattern that satisfies all inequalities so far; whether there were new ones."""
        self._program.set_integer(True)
        self._program.set_option("mip_max_nodes", NODES)
        self._program.start_from(self.best.hidden[self.free].astype(float))
        solution, proved = self._program.solve(may_stop=True)
        self._bound(self._program.objective if proved else self._program.bound)
        self._program.set_integer(False)
        if solution is None or self.best.is_cheapest:
            return False
        pattern = self._whole_model(np.rint(solution))
        cuts = self._separation.cuts(pattern, whole=False) + self._separation.cuts(pattern, whole=True)
        if not cuts:
            self._follow(pattern)
            return False
        self._add(cuts)
        self._follow(pattern)
        return True

    def _follow(self, pattern: np.ndarray) -> None:
        """A safe pattern that hides first what another hides, wholly or in part."""
        if not self.meter.is_left:
            return
        price = self.cost * (1.0 - pattern) + 1e-3
        start = self.model.must_hide | (pattern > 1 - NEARLY)
        repair, clean = ways_of(self.model)
        hidden, known = repair(self.model, self.needs, start, price, self.meter)
        if len(known.unsafe):
            return
        hidden, known = clean(self.model, hidden, known, self.cost, self.meter)
        cost = int(self.cost[hidden & (self.model.status == Status.FREE)].sum())
        if cost < self.best.cost:
            self.best = Pattern(hidden, known, cost, self.best.bound)

    def _bound(self, value: float) -> None:
        if np.isfinite(value):
            self.best.bound = max(self.best.bound, ceil(value - NEARLY * max(1.0, abs(value))))

    def _whole_model(self, solution: np.ndarray) -> np.ndarray:
        pattern = self.model.must_hide.astype(float)
        pattern[self.free] = np.clip(solution, 0.0, 1.0)
        return pattern

    def _add(self, cuts: list[Cut]) -> None:
        for cut in cuts:
            self._program.add_row(self._place[cut.cells], cut.coefficients, cut.least)
