"""The search for the cheapest safe pattern: a bound that no pattern goes under, and patterns that come near it."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.sparse import csc_array

from das_research.disclosure.suppression.around import Around
from das_research.disclosure.suppression.cuts import Separation, partner_cuts
from das_research.disclosure.suppression.insider import safe_from_insiders
from das_research.disclosure.suppression.limits import Cut, Limits
from das_research.disclosure.suppression.nearby import is_large, ways_of
from das_research.disclosure.suppression.solver import DUAL_SIMPLEX, LinearProgram, Meter
from das_research.disclosure.suppression.witnesses import Witnesses
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.tables.model import Model

ROUNDS = 60  # of inequalities for a pattern in fractions
STANDSTILL = 4  # rounds in which the bound may stand still
CLEANING = 0.4  # of the work goes at most to a first look at which hidden cells are not needed
INSIDERS = 0.1  # of the work goes at most to what insiders know by one pattern; unless all was proved, it is not taken
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
    model : Model
        All cells and sums.
    cost : array of int
        What hiding each cell costs.
    first : Pattern
        A safe pattern, with witnesses of all that must be possible.
    meter : Meter
        How much work may be done.
    insiders : bool
        Whether a pattern is safe only when insiders know no other unsafe number.
    """

    def __init__(self, model: Model, cost: np.ndarray, first: Pattern, meter: Meter, *, insiders: bool):
        self.model, self.cost, self.best, self.meter, self._insiders = model, cost, first, meter, insiders
        self._needs = first.known.needs  # of insiders only those pairs that some pattern did not keep apart
        self.free = np.flatnonzero(model.status == Status.FREE)
        self._place = np.full(len(model), -1)
        self._place[self.free] = np.arange(len(self.free))
        self._separation, self._limits = Separation(model, meter), Limits(len(model))
        self._around = Around(model, cost, self._separation, self._limits, meter)
        size = len(self.free)
        self._program = LinearProgram(
            csc_array((0, size)), (np.empty(0), np.empty(0)), (np.zeros(size), np.ones(size)),
            cost[self.free].astype(float), DUAL_SIMPLEX, meter,
        )  # fmt: skip

    def run(self) -> Pattern:
        """The best pattern that was found."""
        cleaning = Meter(self.meter.limit * CLEANING)
        self._take(*ways_of(self.model)[1](self.model, self.best.hidden, self.best.known, self.cost, cleaning))
        self.meter.spent += cleaning.spent
        if self._goes_on:
            self._in_fractions()
        while self._goes_on:
            before = self.meter.spent
            if not self._in_whole():
                break
            until = 2 * self.meter.spent - before  # as much work as that search was
            while self._goes_on and self.meter.spent < until and not is_large(self.model):
                self._improve()
        return self.best

    @property
    def _goes_on(self) -> bool:
        return not self.best.is_cheapest and self.meter.is_left and len(self.free) > 0

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
            cuts = partner_cuts(self.model, pattern) + self._separation.cuts(self._needs, pattern, whole=False)
            if not cuts:
                break
            self._add(cuts)
        if not self.best.is_cheapest:
            self._follow(pattern)

    def _in_whole(self) -> bool:
        """One search for the cheapest pattern that satisfies all inequalities so far; whether another may find more."""
        self._program.set_integer(True)
        self._program.set_option("mip_max_nodes", NODES)
        self._program.start_from(self.best.hidden[self.free].astype(float))
        solution, proved = self._program.solve(may_stop=True)
        self._bound(self._program.objective if proved else self._program.bound)
        self._program.set_integer(False)
        if solution is None or self.best.is_cheapest:
            return False
        pattern = self._whole_model(np.rint(solution))
        self._add(cuts := self._separation.of_whole(self._needs, pattern))
        asked = len(self._needs)
        self._follow(pattern)
        return bool(cuts) or len(self._needs) > asked

    def _follow(self, pattern: np.ndarray) -> None:
        """A safe pattern that hides first what another hides, wholly or in part."""
        if not self.meter.is_left:
            return
        price = self.cost * (1.0 - pattern) + 1e-3
        start = self.model.must_hide | (pattern > 1 - NEARLY)
        repair, clean = ways_of(self.model)
        hidden, known = repair(self.model, self._needs, start, price, self.meter)
        if not len(known.unsafe):
            self._take(*clean(self.model, hidden, known, self.cost, self.meter, self._limits))

    def _improve(self) -> None:
        """A cheaper pattern around some of the cells of the best one, where there is one."""
        hidden, known, cuts = self._around.cheaper(self.best.hidden, self.best.known.asked_for(self._needs))
        self._add(cuts)
        if self._cost_of(hidden) < self.best.cost:
            self._take(*ways_of(self.model)[1](self.model, hidden, known, self.cost, self.meter, self._limits))

    def _take(self, hidden: np.ndarray, known: Witnesses) -> None:
        """Take a pattern for the best one where it costs less, with what keeps insiders from knowing another's."""
        if self._insiders and self._cost_of(hidden) < self.best.cost:
            meter = Meter(self.meter.limit * INSIDERS)
            hidden, known = safe_from_insiders(self.model, hidden, known, self.cost, meter)
            self.meter.spent += meter.spent
            if len(known.unsafe):
                return
            self._needs = known.needs
        if self._cost_of(hidden) < self.best.cost:
            self.best = Pattern(hidden, known, self._cost_of(hidden), self.best.bound)

    def _cost_of(self, hidden: np.ndarray) -> int:
        return int(self.cost[self.free][hidden[self.free]].sum())

    def _bound(self, value: float) -> None:
        if np.isfinite(value):
            self.best.bound = max(self.best.bound, ceil(value - NEARLY * max(1.0, abs(value))))

    def _whole_model(self, solution: np.ndarray) -> np.ndarray:
        pattern = self.model.must_hide.astype(float)
        pattern[self.free] = np.clip(solution, 0.0, 1.0)
        return pattern

    def _add(self, cuts: list[Cut]) -> None:
        self._limits.add(cuts)
        for cut in cuts:
            self._program.add_row(self._place[cut.cells], cut.coefficients, cut.least)
