"""Secondary suppression over one model: a fast start, its audit and repair, and the search for the cheapest pattern."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import connected_components

from das_research.disclosure.suppression.insider import safe_from_insiders
from das_research.disclosure.suppression.levels import Needs
from das_research.disclosure.suppression.nearby import ways_of
from das_research.disclosure.suppression.optimum import Pattern, Search
from das_research.disclosure.suppression.repair import not_in_time
from das_research.disclosure.suppression.solver import Meter
from das_research.disclosure.suppression.start import first_pattern
from das_research.disclosure.suppression.witnesses import Witness
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.tables.model import Model
from das_research.errors import ReleaseRefused

WORK_A_SECOND = 150e6  # of a `Meter`, roughly, in processor time of the machine where it was measured
SECONDS = 30.0
FIRST = 10.0  # times the work goes at most to a first safe pattern


@dataclass(frozen=True, eq=False)
class Suppression:
    """A pattern under which no unsafe number can be recomputed, and how good it is.

    Parameters
    ----------
    hidden : array of bool
        The cells to hide, primary and secondary, in the order of the model. Which is which stands in the dossier only.
    secondary : array of bool
        Those that are hidden for others.
    cost, bound : int
        What the secondary cells cost, and what no safe pattern goes under.
    certificates : tuple of Witness
        Whole tables that fit what is shown and prove every need; to be kept in the dossier, never published.
    work : int
        What the solver did.
    """

    hidden: np.ndarray
    secondary: np.ndarray
    cost: int
    bound: int
    certificates: tuple[Witness, ...]
    work: int

    @property
    def is_cheapest(self) -> bool:
        """Whether it is proved that no pattern costs less."""
        return self.cost <= self.bound

    @property
    def gap(self) -> float:
        """How much more it costs than the bound, as a part of its cost."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0


def suppress(
    model: Model, needs: Needs, cost: np.ndarray | None = None, *, seconds: float = SECONDS, insiders: bool = True
) -> Suppression:
    """Hide as few cells as it takes.

    Parameters
    ----------
    model : Model
        All that leaves together, with its unsafe cells.
    needs : Needs
        What must be possible of the unsafe cells, see `levels`.
    cost : array of int, optional
        What hiding each cell costs, 1 or more; by default 1. `value_cost` hides small numbers first.
    seconds : float
        How long to look for fewer, roughly: it is counted in work of the solver, not by the clock, so that the same
        tables give the same pattern on every machine. A first safe pattern, with what insiders know by it, may take ten
        times as long, and is refused where that is not enough; what is given out is safe however little that is.
    insiders : bool
        Whether the only one in a hidden cell must not work out another unsafe number.

    Returns
    -------
    Suppression

    Raises
    ------
    ReleaseRefused
        When nothing that may be hidden is enough, nothing would be left to publish, no safe pattern was found in time,
        or the solver fails.

    Examples
    --------
    Three kinds and their total, of which one has 3: with two hidden, 3 and 12, either can be 1 to 14.

    >>> from das_research.disclosure.suppression.levels import count_needs
    >>> from das_research.disclosure.tables.cells import Cell, Dimension, Table
    >>> from das_research.disclosure.tables.model import build_model
    >>> kinds = Dimension.flat("soort", ["gw", "vm", "wv"])
    >>> cells = {("wv",): Cell(3, Status.PRIMARY), ("gw",): Cell(12), ("vm",): Cell(40), ("_T",): Cell(55)}
    >>> model = build_model([Table("zaken", (kinds,), cells)])
    >>> found = suppress(model, count_needs(model, 10), value_cost(model))
    >>> [model.addresses[cell].place for cell in found.hidden.nonzero()[0]], found.is_cheapest
    ([(('soort', 'gw'),), (('soort', 'wv'),)], True)
    """
    cost = np.ones(len(model), dtype=np.int64) if cost is None else np.asarray(cost)
    if (cost[model.status == Status.FREE] < 1).any():
        raise ValueError("hiding a cell costs 1 or more")
    hidden, certificates = model.must_hide.copy(), list[Witness]()
    total, bound, work = 0, 0, 0
    parts = [part for part in _components(model) if len(_needs_of(needs, part))]
    size = sum(len(part) for part in parts)
    for cells in parts:
        part = model.part(cells)
        meter = Meter(WORK_A_SECOND * seconds * len(cells) / size)
        pattern = _cheapest(part, _needs_of(needs, cells), cost[cells], meter, insiders=insiders)
        hidden[cells] = pattern.hidden
        certificates += [Witness(cells[it.cells], it.changes) for it in pattern.known.all]
        total, bound, work = total + pattern.cost, bound + pattern.bound, work + meter.spent
    if hidden.any() and not model.values[~hidden].any():
        raise ReleaseRefused(
            "Nothing of the tables is left to publish.",
            why="Every number would have to be hidden to protect the unsafe ones.",
            fix="Release a coarser table: fewer codes, a longer period, or a larger region.",
        )
    secondary = hidden & (model.status == Status.FREE)
    return Suppression(hidden, secondary, total, bound, tuple(certificates), work)


def value_cost(model: Model) -> np.ndarray:
    """A cost by which small numbers are hidden first: the number itself."""
    return np.maximum(model.values, 1)


def _cheapest(model: Model, needs: Needs, cost: np.ndarray, meter: Meter, *, insiders: bool) -> Pattern:
    repair, _ = ways_of(model)
    first = Meter(max(meter.limit * FIRST, WORK_A_SECOND))
    hidden, known = repair(model, needs, first_pattern(model, cost), cost.astype(float), first)
    if insiders and not len(known.unsafe):
        hidden, known = safe_from_insiders(model, hidden, known, cost, first)
    if len(known.unsafe):
        raise not_in_time()
    total = int(cost[hidden & (model.status == Status.FREE)].sum())
    return Search(model, cost, Pattern(hidden, known, total), meter, insiders=insiders).run()


def _components(model: Model) -> list[np.ndarray]:
    """The cells that can be hidden, in parts that no sum connects."""
    movable = np.flatnonzero(model.movable)
    linked = abs(model.relations[:, movable])
    count, label = connected_components(linked.T @ linked, directed=False)
    return [movable[label == part] for part in range(count)]


def _needs_of(needs: Needs, cells: np.ndarray) -> Needs:
    place = {int(cell): i for i, cell in enumerate(cells)}
    here = np.array([rank for rank, cell in enumerate(needs.cells.tolist()) if cell in place], dtype=np.int64)
    local = np.array([place[cell] for cell in needs.cells[here].tolist()], dtype=np.int64)
    return Needs(local, needs.upward[here], needs.downward[here], needs.width[here])
