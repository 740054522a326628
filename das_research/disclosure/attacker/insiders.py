"""Insiders: what the only one in a hidden cell can tell of other cells, knowing that there is nobody else in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from das_research.disclosure.attacker.atoms import Atoms
from das_research.disclosure.attacker.blocks import GIVEN, blocks_of
from das_research.disclosure.attacker.bounds import Reader, narrowed
from das_research.disclosure.attacker.known import Seen
from das_research.disclosure.attacker.proof import proved

QUESTIONS = 20_000  # to the solver, of all insiders together; a large one counts for several
NUMBERS = 20_000  # of a question that counts once
GOLDEN = (5**0.5 - 1) / 2


@dataclass
class Budget:
    """How many questions may be asked of insiders: counted, so that no clock decides what is found.

    Parameters
    ----------
    left : int
        How many more.
    """

    left: int = QUESTIONS

    def spend(self, reader: Reader, times: int = 1) -> None:
        """Count questions of a size."""
        self.left -= times * (1 + (reader.shown.nnz + reader.hidden.nnz) // NUMBERS)


def known_alone(atoms: Atoms, alone: Iterable[Seen]) -> dict[int, int]:
    """The rows of hidden and rounded cells that somebody is the only one in, each with their own number.

    Parameters
    ----------
    atoms : Atoms
        All cells of one kind of units.
    alone : iterable of Seen
        Cells with one contributor, each with its number; without one it is 1.
    """
    ones = {(one.counted, one.where): one.value or 1 for one in alone}
    unknown = ((row, cell) for row, cell in enumerate(atoms.cells) if cell.value is None or cell.within)
    at = {row: (cell.counted, cell.where) for row, cell in unknown}
    return {row: ones[place] for row, place in at.items() if place in ones}


def reader_of(atoms: Atoms, row: int, own: int, *, zeros_shown: bool) -> Reader:
    """All that the only one in a cell knows: who knows better than what was published does not believe it."""
    known = Reader(atoms, zeros_shown, {row: own})
    if atoms.bounds and not known.agrees():
        return Reader(atoms.without(atoms.bounds), zeros_shown, {row: own})
    return known


class Insiders:
    """All that the only ones in hidden cells can be asked, of one kind of units.

    Parameters
    ----------
    atoms : Atoms
        All cells of the kind.
    zeros_shown : bool
        Whether true zeros are shown.
    tables : sequence of array of int
        Some that fit all that is seen.
    """

    def __init__(self, atoms: Atoms, zeros_shown: bool, tables: Sequence[np.ndarray]):
        self.atoms, self._zeros_shown = atoms, zeros_shown
        reader = Reader(atoms, zeros_shown)
        self._base = tables[0] if tables else reader.any_table()
        self._blocks = blocks_of(reader, self._base)
        self._numbers = atoms.matrix @ np.column_stack([self._base, *tables])
        self._hidden = np.array([cell.value is None for cell in atoms.cells], dtype=bool)
        nobody = [row for row, cell in enumerate(atoms.cells) if cell.value == 0 and not cell.within]
        somebody = np.ones(atoms.matrix.shape[1], dtype=bool)
        somebody[atoms.matrix[nobody].indices] = False
        self._units = atoms.matrix[:, np.flatnonzero(somebody)]

    def told(self, row: int, own: int, minimum: int, budget: Budget) -> Iterator[tuple[int, int, int]]:
        """The hidden cells of few that the only one in a cell knows exactly, each with its bounds.

        Parameters
        ----------
        row, own : int
            The cell, and its number.
        minimum : int
            Fewer units than this are unsafe.
        budget : Budget
            Of which the questions are taken.
        """
        mine = self._blocks_of(row)
        still = self._hidden & ~_moves(self._numbers[:, self._numbers[row] == own], minimum)
        asked = [
            it for it in np.flatnonzero(still).tolist() if mine & self._blocks_of(it) and not self._is_same(row, it)
        ]
        if not asked:
            return
        known = reader_of(self.atoms, row, own, zeros_shown=self._zeros_shown)
        part = _Part(known, self._base, np.isin(self._blocks, sorted(mine)))
        for it in part.unmoved(self.atoms.matrix[asked], asked, minimum, budget):
            beyond = self._blocks_of(it) - mine
            if beyond:
                part = _Part(known, self._base, np.isin(self._blocks, sorted(mine | beyond)))
            low, high, is_safe = part.bounds(self.atoms.matrix[[it]], minimum, budget)
            if not is_safe:
                yield it, low, high

    def _blocks_of(self, row: int) -> set[int]:
        return set(self._blocks[self.atoms.matrix[[row]].indices].tolist()) - {GIVEN}

    def _is_same(self, one: int, other: int) -> bool:
        """Whether two cells hold the same units, but for what is nobody."""
        return set(self._units[[one]].indices.tolist()) == set(self._units[[other]].indices.tolist())


class _Part:
    """The atoms of some blocks as an insider sees them; the others stand still, and are one more that is 1."""

    def __init__(self, reader: Reader, base: np.ndarray, within: np.ndarray):
        self._columns, self._still = np.flatnonzero(within), np.where(within, 0, base)
        self._reader = reader.narrowed(self._columns, self._still)
        self._most = np.append(base[self._columns], 1)
        self._tables: list[np.ndarray] = []

    def unmoved(self, groups: csr_matrix, rows: Sequence[int], minimum: int, budget: Budget) -> list[int]:
        """Which cells stand still in all tables that lie far apart in many of them at once."""
        groups, left = self._narrowed(groups), np.array(rows)
        most, turn = self._most + minimum, 0
        while len(left):
            # prices that no two cells share, other ones every time: of cells that make up a sum the one goes up then
            prices = np.modf(GOLDEN * np.arange(1 + turn, 1 + turn + len(left)))[0] - 0.5
            for upward in (True, False):
                budget.spend(self._reader)
                table = self._reader.table_far(prices @ groups, upward, most)
                self._tables += [] if table is None else [table]
            still = ~_moves(self._numbers(groups), minimum)
            if still.all():
                break
            groups, left, turn = groups[still], left[still], turn + len(left)
        return left.tolist()

    def bounds(self, group: csr_matrix, minimum: int, budget: Budget) -> tuple[int, int, bool]:
        """What an insider can prove of one cell, and whether that is allowed."""
        group = self._narrowed(group)
        budget.spend(self._reader, 2)
        return proved(self._reader, group, self._numbers(group)[0].tolist(), minimum, "exact", self._tables)

    def _numbers(self, groups: csr_matrix) -> np.ndarray:
        empty = np.zeros((groups.shape[0], 0), dtype=np.int64)
        return groups @ np.column_stack(self._tables) if self._tables else empty

    def _narrowed(self, groups: csr_matrix) -> csr_matrix:
        return narrowed(groups, self._columns, self._still)


def _moves(numbers: np.ndarray, minimum: int) -> np.ndarray:
    """Of every row whether its numbers in tables that fit show that it is not known to be so many, and few."""
    if not numbers.shape[1]:
        return np.zeros(len(numbers), dtype=bool)
    least, most = numbers.min(axis=1), numbers.max(axis=1)
    return (most >= minimum) | (least != most)
