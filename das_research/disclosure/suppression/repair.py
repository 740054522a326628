"""Repair: which more cells to hide so that an unsafe one can move; and which of them turn out not to be needed."""

from collections.abc import Iterator

import numpy as np

from das_research.disclosure.suppression.audit import Reader, audit
from das_research.disclosure.suppression.levels import Needs
from das_research.disclosure.suppression.limits import Limits
from das_research.disclosure.suppression.moves import Moves
from das_research.disclosure.suppression.solver import Meter
from das_research.disclosure.suppression.witnesses import Witnesses
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.tables.model import Model
from das_research.errors import ReleaseRefused

SHORT = 1e-4  # price of moving a cell that is hidden already, so that no more of them move than must
MOVED = 1e-6
RECOUNT = 300  # the work of counting anew what a witness proves


class Repair(Moves):
    """The cheapest way to move a cell: a flow through shown cells at their price, and through hidden ones for nothing.

    The price of a cell is divided by how far it would have to move, since it is hidden whole (the heuristic of Kelly,
    Golden and Assad 1992, "Cell suppression: disclosure protection for sensitive tabular data").

    Parameters
    ----------
    model : Model
        All cells and sums.
    hidden : array of bool
        The pattern; it grows.
    price : array of float
        What hiding each cell costs.
    meter : Meter
        Where the work is counted.
    among : array of bool, optional
        The cells that may move; by default all that can be hidden.
    """

    def __init__(
        self, model: Model, hidden: np.ndarray, price: np.ndarray, meter: Meter, among: np.ndarray | None = None
    ):
        super().__init__(model, model.movable if among is None else among, meter)
        self.hidden, self._price = hidden, price

    def cheapest(self, cell: int, goal: int) -> tuple[float, np.ndarray] | None:
        """The cheapest change that moves a cell as far as is asked: its price, and the change; None where none does."""
        price = np.where(self.hidden, 0.0, self._price)[self.columns]
        reach = np.maximum(np.minimum(self.down, abs(goal)), 1)
        self.set_prices(price / abs(goal) + SHORT, price / reach + SHORT)
        self._program.forget()
        change = self.least(cell, goal)
        return None if change is None else (float(price[np.abs(change[self.columns]) > MOVED].sum()), change)

    def hide(self, change: np.ndarray) -> None:
        """Hide what a change moves."""
        self.hidden |= np.abs(change) > MOVED

    def protect(self, needs: Needs, rank: int) -> list[np.ndarray] | None:
        """Hide what one unsafe cell needs.

        Returns
        -------
        list of array of float, or None
            The changes that were made possible; None where nothing that may move is enough.
        """
        found: list[tuple[float, list[np.ndarray]]] = []
        with self.without(needs.still_of(rank)):
            for goals in needs.ways(rank):
                moves = [move for goal in goals if (move := self.cheapest(int(needs.cells[rank]), goal)) is not None]
                if len(moves) == len(goals):
                    found.append((sum(price for price, _ in moves), [change for _, change in moves]))
        if not found:
            return None
        _, changes = min(found, key=lambda way: way[0])
        for change in changes:
            self.hide(change)
        return changes


def repaired(
    model: Model, needs: Needs, hidden: np.ndarray, price: np.ndarray, meter: Meter
) -> tuple[np.ndarray, Witnesses]:
    """The pattern, with as much more hidden as makes every unsafe cell safe, and the witnesses of it.

    Parameters
    ----------
    model, needs
        All cells and sums, and what must be possible.
    hidden : array of bool
        A pattern; not changed.
    price : array of float
        What hiding each cell costs.
    meter : Meter
        Where the work is counted; where it stands still, cells are left that `known` does not prove safe.

    Returns
    -------
    array of bool, Witnesses

    Raises
    ------
    ReleaseRefused
        When nothing that may be hidden is enough.
    """
    hidden, known = hidden.copy(), Witnesses(model, needs)
    reader = Reader(model, hidden, meter)
    audit(reader, known)
    repair = Repair(model, hidden, price, meter)
    for rank in in_order(needs, known.unsafe):
        if not meter.is_left:
            break
        if rank in known.unsafe:
            repaired_globally(model, needs, rank, hidden, known, price, meter, repair)
    return hidden, known


def in_order(needs: Needs, ranks: np.ndarray) -> list[int]:
    """Unsafe cells, those that need most first."""
    return sorted(ranks.tolist(), key=lambda rank: (-int(needs.upward[rank] + needs.downward[rank]), rank))


def repaired_globally(
    model: Model,
    needs: Needs,
    rank: int,
    hidden: np.ndarray,
    known: Witnesses,
    price: np.ndarray,
    meter: Meter,
    repair: Repair | None = None,
) -> None:
    """Hide what one unsafe cell needs, wherever it is; `hidden` and `known` grow.

    Where the meter stands still it may stay unsafe.

    Raises
    ------
    ReleaseRefused
        When nothing that may be hidden is enough.
    """
    changes = (repair or Repair(model, hidden, price, meter)).protect(needs, rank)
    if changes is None:
        raise cannot_protect()
    for change in changes:
        known.add(np.rint(change).astype(np.int64), hidden)
    if rank in known.unsafe:  # a change has fractions
        _settle(model, needs, rank, hidden, known, price, meter)


def perhaps_needless(
    model: Model, hidden: np.ndarray, cost: np.ndarray, meter: Meter, limits: Limits | None
) -> Iterator[int]:
    """The secondary cells that no inequality shows to be needed, the dearest first, until the meter stands still.

    Each is asked of the pattern as it is by then.
    """
    secondary = np.flatnonzero(hidden & (model.status == Status.FREE))
    for cell in sorted(secondary.tolist(), key=lambda cell: (-int(cost[cell]), -int(model.values[cell]), cell)):
        if not meter.is_left:
            return
        if limits is None or not limits.needs(hidden, cell):
            yield cell


def without_the_needless(
    model: Model,
    hidden: np.ndarray,
    known: Witnesses,
    cost: np.ndarray,
    meter: Meter,
    limits: Limits | None = None,
) -> tuple[np.ndarray, Witnesses]:
    """The pattern without secondary cells that all unsafe ones can do without, the dearest first.

    Parameters and returns as in `repaired`; the pattern is safe, and `known` proves it. Stops where the meter does.
    What no pattern may violate, `limits`, tells of many cells without a program that they are needed.
    """
    hidden = hidden.copy()
    reader, often = Reader(model, hidden, meter), np.zeros(len(known.needs))
    for cell in perhaps_needless(model, hidden, cost, meter, limits):
        fewer = known.drop(cell)
        kept = len(fewer.all)
        meter.spent += RECOUNT * len(known.all)
        reader.still(cell)
        lacking = sorted(fewer.unsafe.tolist(), key=lambda rank: -often[rank])
        stuck = next((rank for rank in lacking if not reader.prove(fewer, rank)), None)
        if stuck is None:
            hidden[cell], known = False, fewer
        else:
            reader.still(cell, False)
            often[stuck] += 1  # and is looked at first from now on
            known.take(fewer.all[kept:])
    return hidden, known


def not_in_time() -> ReleaseRefused:
    """What is said when no safe pattern was found by the end of the work that may be done."""
    return ReleaseRefused(
        "The tables can't leave: which numbers to hide was not found in time.",
        why="They hold too many unsafe numbers that touch one another.",
        fix="Release a coarser table: fewer codes, longer periods, or fewer tables together.",
    )


def cannot_protect() -> ReleaseRefused:
    """What is said when an unsafe number follows from what can't be hidden."""
    return ReleaseRefused(
        "The tables can't leave: an unsafe number can be worked out whatever is hidden.",
        why="What left before, or what everybody knows, gives it or bounds it too closely.",
        fix="Release a coarser table: fewer codes, longer periods, or without the breakdown that left before.",
    )


def _settle(
    model: Model, needs: Needs, rank: int, hidden: np.ndarray, known: Witnesses, price: np.ndarray, meter: Meter
) -> None:
    """Prove one cell on the pattern; hide the cheapest cells, of its own sums first, until that can be done."""
    sums = abs(model.relations)
    beside = sums.T @ sums[:, [int(needs.cells[rank])]].toarray().ravel() > 0
    while meter.is_left and not Reader(model, hidden, meter).prove(known, rank):
        free = np.flatnonzero(~hidden & (model.status == Status.FREE))
        if not len(free):
            raise cannot_protect()
        hidden[min(free.tolist(), key=lambda cell: (not beside[cell], price[cell], cell))] = True
