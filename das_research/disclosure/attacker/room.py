"""How many numbers a reader can believe of a group that rounded numbers bound; only whole tables that fit count."""

from collections.abc import Sequence
from math import ceil, floor

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, vstack

from das_research.disclosure.attacker.atoms import Atoms
from das_research.disclosure.attacker.bounds import NEARLY, Reader
from das_research.disclosure.attacker.seen import Seen


class Room:
    """How far each atom can go up and down from one table in which the rounded numbers are what they are shown to be.

    Parameters
    ----------
    atoms : Atoms
        The cells that are seen.
    reader : Reader
        All that is known of them.
    """

    def __init__(self, atoms: Atoms, reader: Reader):
        self._reader = reader
        self._more = self._less = np.zeros(atoms.matrix.shape[1], dtype=np.int64)
        near = [row for row, cell in enumerate(atoms.cells) if cell.within]
        table = reader.table_with(atoms.matrix[near], np.array([atoms.cells[row].value for row in near]))
        if table is None:
            return
        # what is known exactly moves not at all; a bound from both sides leaves what lies between it and the table
        rows = csc_matrix(vstack([reader.shown, reader.outside, reader.hidden]))
        fixed, without_end = np.zeros(reader.shown.shape[0]), np.full(reader.hidden.shape[0], np.inf)
        held, hidden = reader.outside @ table, reader.hidden @ table
        self._more = _least(rows, np.concatenate([fixed, reader.limits[:, 1] - held, without_end]))
        less = _least(rows, np.concatenate([fixed, held - reader.limits[:, 0], hidden - reader.least]))
        self._less = np.minimum(less, table)

    def is_enough(self, group: csr_matrix, cells: Sequence[Seen], minimum: int) -> tuple[int, int, bool]:
        """What can be proved of a group, and whether it may be: as many numbers as the base, or surely enough units.

        Parameters
        ----------
        group : csr_matrix
            1 at its atoms; -1 at those that are taken off.
        cells : sequence of Seen
            By which it is told, one of them rounded.
        minimum : int
            Of a number that is surely not under it nothing needs to be hidden.

        Returns
        -------
        int, int, bool
            The least and the greatest number where they had to be asked, else how many numbers are possible at least.
        """
        need = min(cell.base for cell in cells if cell.within)
        places = group.indices[group.data != 0]
        if not len(places):
            return 0, 0, True  # it holds no units
        room = int(min((self._more[places] + self._less[places]).max() + 1, 1e15))
        if room >= need:
            return 0, room, True
        low = max(0, ceil(self._reader.farthest(group, upward=False) - NEARLY))
        high = floor(min(self._reader.farthest(group, upward=True), 1e15) + NEARLY)
        if low >= minimum:
            return low, high, True
        found = 0
        for number in range(low, high + 1):
            found += self._reader.some_table(group, number, number) is not None
            if found >= need:
                return low, high, True
        return low, high, False


def _least(rows: csc_matrix, room: np.ndarray) -> np.ndarray:
    """The least room among the rows that an atom is in."""
    least = np.full(rows.shape[1], np.inf)
    columns = np.repeat(np.arange(rows.shape[1]), np.diff(rows.indptr))
    np.minimum.at(least, columns, room[rows.indices])
    return least
