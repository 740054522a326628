"""Repair of large models: every unsafe cell is looked at among the cells near it, and farther only where that fails.

What is found so is as safe as ever, since a witness is a witness; only more may be hidden than if all were looked at.
"""

from collections.abc import Callable

import numpy as np

from das_research.disclosure.suppression.audit import Reader
from das_research.disclosure.suppression.levels import Needs
from das_research.disclosure.suppression.limits import Limits
from das_research.disclosure.suppression.repair import (
    RECOUNT,
    Repair,
    in_order,
    perhaps_needless,
    repaired,
    repaired_globally,
    without_the_needless,
)
from das_research.disclosure.suppression.solver import Meter
from das_research.disclosure.suppression.start import LARGE
from das_research.disclosure.suppression.witnesses import Witnesses
from das_research.disclosure.tables.model import Model

STEPS = (2, 3, 4, 5, 6)  # from a cell to those in one sum with it, and on
BUILD = 1_000_000  # the work of making a small program, beside that of solving it


Way = Callable[..., tuple[np.ndarray, Witnesses]]


class Near:
    """Which cells lie so many sums from another."""

    def __init__(self, model: Model):
        self._sums, self._of_cell = model.relations, model.relations.tocsc()

    def around(self, cell: int, steps: int) -> np.ndarray:
        """The cells that so many steps lead to; a step leads to all cells of a sum.

        Returns
        -------
        array of bool
        """
        found = np.zeros(self._sums.shape[1], dtype=bool)
        found[cell] = True
        last = np.array([cell])
        for _ in range(steps):
            sums = np.unique(_joined(self._of_cell.indptr, self._of_cell.indices, last))
            reached = np.unique(_joined(self._sums.indptr, self._sums.indices, sums))
            last = reached[~found[reached]]
            found[last] = True
        return found


def is_large(model: Model) -> bool:
    """Whether looking at all cells for each unsafe one would take too long."""
    return bool(np.count_nonzero(model.movable) > LARGE)


def ways_of(model: Model) -> tuple[Way, Way]:
    """How a model of this size is repaired, and cleaned of what is not needed."""
    if is_large(model):
        return repaired_nearby, without_the_needless_nearby
    return repaired, without_the_needless


def repaired_nearby(
    model: Model, needs: Needs, hidden: np.ndarray, price: np.ndarray, meter: Meter
) -> tuple[np.ndarray, Witnesses]:
    """As `repair.repaired`, of a large model."""
    hidden, known, near = hidden.copy(), Witnesses(model, needs), Near(model)
    for rank in in_order(needs, known.unsafe):
        if not meter.is_left:
            break
        if not _proved(model, known, rank, hidden, near, meter):
            repair_nearby(model, rank, hidden, known, price, meter, near)
    return hidden, known


def repair_nearby(
    model: Model, rank: int, hidden: np.ndarray, known: Witnesses, price: np.ndarray, meter: Meter, near: Near
) -> None:
    """As `repair.repaired_globally`, first among the cells near the unsafe one."""
    for steps in STEPS:
        meter.spent += BUILD
        mask = near.around(int(known.needs.cells[rank]), steps) & model.movable
        changes = Repair(model, hidden, price, meter, mask).protect(known.needs, rank)
        for change in changes or []:
            known.add(np.rint(change).astype(np.int64), hidden)
        # a change may have fractions: a whole one is looked for on what is hidden now
        if rank not in known.unsafe or (changes and _proved(model, known, rank, hidden, near, meter, steps)):
            return
        if not meter.is_left:
            return
    repaired_globally(model, known.needs, rank, hidden, known, price, meter)


def without_the_needless_nearby(
    model: Model,
    hidden: np.ndarray,
    known: Witnesses,
    cost: np.ndarray,
    meter: Meter,
    limits: Limits | None = None,
) -> tuple[np.ndarray, Witnesses]:
    """As `repair.without_the_needless`, of a large model."""
    hidden, near = hidden.copy(), Near(model)
    for cell in perhaps_needless(model, hidden, cost, meter, limits):
        fewer = known.drop(cell)
        meter.spent += RECOUNT * len(known.all)
        hidden[cell] = False
        if all(_proved(model, fewer, rank, hidden, near, meter) for rank in fewer.unsafe.tolist()):
            known = fewer
        else:
            hidden[cell] = True
    return hidden, known


def _proved(
    model: Model, known: Witnesses, rank: int, hidden: np.ndarray, near: Near, meter: Meter, steps: int = STEPS[1]
) -> bool:
    if rank not in known.unsafe:
        return True
    meter.spent += BUILD
    mask = near.around(int(known.needs.cells[rank]), steps)
    return Reader(model, hidden & mask, meter).prove(known, rank)


def _joined(starts: np.ndarray, indices: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.concatenate([indices[starts[row] : starts[row + 1]] for row in rows] or [np.empty(0, dtype=int)])
