"""Witnesses: whole tables that fit all that is shown, and have an unsafe number elsewhere.

A witness proves by addition alone that a number can't be known; it rests on no solver and no tolerance.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from das_research.disclosure.suppression.levels import Needs
from das_research.disclosure.tables.model import Model


@dataclass(frozen=True, eq=False)
class Witness:
    """How a table that fits differs from the true one.

    Parameters
    ----------
    cells : array of int
        Places of the cells that differ.
    changes : array of int
        By how much.
    """

    cells: np.ndarray
    changes: np.ndarray


@dataclass(eq=False)
class Witnesses:
    """The witnesses of a pattern, and what they prove of each unsafe cell.

    Parameters
    ----------
    model : Model
        All cells and sums.
    needs : Needs
        What must be possible.
    """

    model: Model
    needs: Needs
    all: list[Witness] = field(default_factory=list)
    _told: dict[Witness, tuple[frozenset[int], np.ndarray, np.ndarray]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._change = np.zeros(len(self.model), dtype=np.int64)
        self._still = np.array(self.needs.still, dtype=np.int64)
        self.up, self.down = (np.zeros(len(self.needs), dtype=np.int64) for _ in range(2))
        self._count(self.all)
        self._indexed, self._moving = 0, np.zeros(len(self.model), dtype=np.int64)
        self._of_cell: dict[int, list[Witness]] = defaultdict(list)

    def add(self, change: np.ndarray, hidden: np.ndarray) -> bool:
        """Add a table, given by how it differs from the true one.

        Parameters
        ----------
        change : array of int
            One a cell of the model.
        hidden : array of bool
            The pattern.

        Returns
        -------
        bool
            Whether it fits: whole numbers that add up, with every shown cell as it is and none below what is known.
        """
        model = self.model
        fits = not change[~hidden].any() and not (model.values + change < model.lower).any()
        if not fits or (model.relations @ change).any():
            return False
        cells = np.flatnonzero(change)
        witness = Witness(cells, change[cells])
        self.take([witness])
        return True

    def drop(self, shown: int) -> "Witnesses":
        """Those that still fit when one more cell is shown."""
        kept = [witness for witness in self.all if shown not in self._told[witness][0]]
        return Witnesses(self.model, self.needs, kept, self._told)

    def take(self, others: Sequence[Witness]) -> None:
        """Take witnesses of the same pattern, or of one that hides less."""
        self.all += others
        self._count(others)

    def asked_for(self, needs: Needs) -> "Witnesses":
        """The same tables, and what they prove of other needs."""
        return Witnesses(self.model, needs, [*self.all])

    @property
    def unsafe(self) -> np.ndarray:
        """Ranks, in the needs, of the cells of which something that must be possible is not proved."""
        needs = self.needs
        short = (self.up < needs.upward) | (self.down < needs.downward) | (self.up + self.down < needs.width)
        return np.flatnonzero(short)

    def of(self, rank: int) -> list[Witness]:
        """The witnesses of one unsafe cell: the one highest up, and the one furthest down."""
        cell = self.needs.cells[rank]
        moves = [(int(witness.changes[witness.cells == cell].sum()), witness) for witness in self.all]
        best = [max(moves, key=lambda move: move[0]), min(moves, key=lambda move: move[0])] if moves else []
        return [witness for change, witness in best if change]

    def moving_without(self, still: int) -> np.ndarray:
        """Which cells of the model move in some witness in which another cell does not."""
        for witness in self.all[self._indexed :]:
            self._moving[witness.cells] += 1
            for cell in witness.cells.tolist():
                self._of_cell[cell].append(witness)
        self._indexed = len(self.all)
        moving = self._moving.copy()
        for witness in self._of_cell[still]:
            moving[witness.cells] -= 1
        return moving > 0

    def _count(self, witnesses: Sequence[Witness]) -> None:
        told = [self._told.get(it) or self._tell(it) for it in witnesses]
        if told:
            ranks, far = (np.concatenate([it[at] for it in told]) for at in (1, 2))
            np.maximum.at(self.up, ranks, far)
            np.maximum.at(self.down, ranks, -far)

    def _tell(self, witness: Witness) -> tuple[frozenset[int], np.ndarray, np.ndarray]:
        """The cells that a witness moves, and of which needs how far."""
        self._change[witness.cells] = witness.changes
        far = self._change[self.needs.cells]
        if len(self._still):
            far[-len(self._still) :][self._change[self._still] != 0] = 0
        self._change[witness.cells] = 0
        ranks = np.flatnonzero(far)
        self._told[witness] = frozenset(witness.cells.tolist()), ranks, far[ranks]
        return self._told[witness]
