"""The audit: whether every unsafe cell can move as it must while all that is shown stays."""

import numpy as np

from das_research.disclosure.suppression.moves import Moves
from das_research.disclosure.suppression.solver import Meter
from das_research.disclosure.suppression.witnesses import Witnesses
from das_research.disclosure.tables.model import Model


class Reader(Moves):
    """What a reader can work out who knows the shown numbers, the sums, and the lower bounds of hidden cells.

    Parameters
    ----------
    model : Model
        All cells and sums.
    hidden : array of bool
        The pattern.
    meter : Meter
        Where the work is counted.
    """

    def __init__(self, model: Model, hidden: np.ndarray, meter: Meter):
        super().__init__(model, hidden, meter)
        self.hidden = hidden

    def prove(self, known: Witnesses, rank: int) -> bool:
        """Look for the witnesses that one unsafe cell lacks; whether it now has all.

        Parameters
        ----------
        known : Witnesses
            Those there are; what is found is added.
        rank : int
            The cell, in the needs.
        """
        cell = int(known.needs.cells[rank])
        with self.without(known.needs.still_of(rank)):
            for goals in known.needs.ways(rank):
                if all(self._reaches(known, rank, cell, goal) for goal in goals):
                    return True
            up, down, width = (int(it[rank]) for it in (known.needs.upward, known.needs.downward, known.needs.width))
            if width <= up + down + 1 or known.up[rank] < up or known.down[rank] < down:
                return False
            farthest = self.extent(cell, 1, width)
            return self._reaches(known, rank, cell, farthest) and self._reaches(known, rank, cell, farthest - width)

    def _reaches(self, known: Witnesses, rank: int, cell: int, goal: int) -> bool:
        if goal <= known.up[rank] if goal >= 0 else -goal <= known.down[rank]:
            return True
        change = self.whole(cell, goal)
        return change is not None and known.add(change, self.hidden)


def audit(reader: Reader, known: Witnesses) -> np.ndarray:
    """Look for all witnesses that are missing.

    Parameters
    ----------
    reader : Reader
        The pattern.
    known : Witnesses
        Those there are; what is found is added.

    Returns
    -------
    array of int
        Ranks of the cells that stay unsafe, or that were not looked at when the reader's meter stood still.
    """
    for rank in known.unsafe.tolist():
        if not reader.meter.is_left:
            break
        reader.prove(known, rank)
    return known.unsafe
