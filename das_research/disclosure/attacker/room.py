"""How many numbers a reader can believe of a group that rounded numbers bound; only whole tables that fit count."""

from collections.abc import Iterator
from math import ceil, floor

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, vstack

from das_research.disclosure.attacker.atoms import Atoms
from das_research.disclosure.attacker.bounds import NEARLY, Reader
from das_research.disclosure.attacker.insiders import Budget, reader_of

FEWEST = 2  # numbers: what somebody can't tell apart is not known


class Room:
    """How far each atom can go up and down from one table that fits, with all else as it is.

    Parameters
    ----------
    atoms : Atoms
        The cells that are seen.
    reader : Reader
        All that is known of them.
    table : array of int or None
        The table; None where none is at hand.
    """

    def __init__(self, atoms: Atoms, reader: Reader, table: np.ndarray | None):
        self.atoms, self.table, self._reader = atoms, table, reader
        self._more = self._less = np.zeros(atoms.matrix.shape[1], dtype=np.int64)
        if table is None:
            return
        # what is known exactly moves not at all; a bound from both sides leaves what lies between it and the table
        rows = csc_matrix(vstack([reader.shown, reader.outside, reader.hidden]))
        fixed, without_end = np.zeros(reader.shown.shape[0]), np.full(reader.hidden.shape[0], np.inf)
        held, hidden = reader.outside @ table, reader.hidden @ table
        self._more = _least(rows, np.concatenate([fixed, reader.limits[:, 1] - held, without_end]))
        less = _least(rows, np.concatenate([fixed, held - reader.limits[:, 0], hidden - reader.least]))
        self._less = np.minimum(less, table)

    @classmethod
    def of(cls, atoms: Atoms, reader: Reader) -> "Room":
        """The room around a table in which the rounded numbers are what they are shown to be."""
        near = [row for row, cell in enumerate(atoms.cells) if cell.within]
        return cls(
            atoms, reader, reader.table_with(atoms.matrix[near], np.array([atoms.cells[it].value for it in near]))
        )

    @property
    def numbers(self) -> np.ndarray:
        """Of every cell how many numbers are possible at least."""
        of_atoms = np.minimum(self._more + self._less, 1e15)
        return self.atoms.matrix.multiply(of_atoms).max(axis=1).toarray().ravel() + 1

    def is_enough(self, group: csr_matrix, need: int, minimum: int) -> tuple[int, int, bool]:
        """What can be proved of a group, and whether it may be: so many numbers are possible, or enough units sure.

        Parameters
        ----------
        group : csr_matrix
            1 at its atoms; -1 at those that are taken off.
        need : int
            How many numbers must be possible.
        minimum : int
            Of a number that is surely not under it nothing needs to be hidden.

        Returns
        -------
        int, int, bool
            The least and the greatest number where they had to be asked, else how many numbers are possible at least.
        """
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


class RoundedInsiders:
    """What the only one in a cell can tell of rounded cells, knowing that there is nobody else in it.

    Parameters
    ----------
    room : Room
        Around what readers see.
    zeros_shown : bool
        Whether true zeros are shown.
    """

    def __init__(self, room: Room, zeros_shown: bool):
        self._room, self._zeros_shown = room, zeros_shown
        cells, matrix = room.atoms.cells, room.atoms.matrix
        self._bases = np.array([cell.base if cell.within else 0 for cell in cells], dtype=np.int64)
        nobody = [row for row, cell in enumerate(cells) if cell.value == 0 and not cell.within]
        somebody = np.ones(matrix.shape[1], dtype=np.int64)
        somebody[matrix[nobody].indices] = 0
        self._units, self._sizes = csr_matrix(matrix.multiply(somebody)), matrix @ somebody

    def told(self, row: int, own: int, minimum: int, budget: Budget) -> Iterator[tuple[int, int, int]]:
        """The rounded cells of which fewer numbers are possible than the base less the own number, with bounds.

        Parameters and what is yielded as in `insiders.Insiders.told`.
        """
        known = reader_of(self._room.atoms, row, own, zeros_shown=self._zeros_shown)
        mine = Room(self._room.atoms, known, self._table(row, own, known))
        budget.spend(known)
        needs = np.where(self._bases, np.maximum(self._bases - own, FEWEST), 0)
        shared = (self._units @ self._units[[row]].T).toarray().ravel()
        needs[shared == self._sizes] = 0  # nobody else can be in what lies within the own cell
        for other in np.flatnonzero(mine.numbers < needs).tolist():
            need = int(needs[other])
            budget.spend(known, FEWEST + need)
            low, high, is_safe = mine.is_enough(self._room.atoms.matrix[[other]], need, minimum)
            if not is_safe:
                yield other, low, high

    def _table(self, row: int, own: int, known: Reader) -> np.ndarray | None:
        """A table in which the cell holds the own number: what is shown, but for one atom of it where that will do."""
        atoms, table = self._room.atoms, self._room.table
        value, places = atoms.cells[row].value, atoms.matrix[[row]].indices
        if table is not None and value is not None:
            table = table.copy()
            table[places[table[places].argmax()]] += own - value
            if known.fits(table):
                return table
        return known.table_at_once()


def _least(rows: csc_matrix, room: np.ndarray) -> np.ndarray:
    """The least room among the rows that an atom is in."""
    least = np.full(rows.shape[1], np.inf)
    columns = np.repeat(np.arange(rows.shape[1]), np.diff(rows.indptr))
    np.minimum.at(least, columns, room[rows.indices])
    return least
