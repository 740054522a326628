"""How closely a hidden group is bounded by all that is seen; anything but a clear answer counts as a leak."""

from collections.abc import Mapping
from copy import copy

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, hstack, vstack

from das_research.disclosure.attacker.atoms import Atoms
from das_research.disclosure.attacker.known import Seen
from das_research.errors import NotJudged

NEARLY = 1e-6
SECONDS = 300.0  # of one question; not answered by then is not safe, so that a busy machine alone should not come to it


class Reader:
    """All that a reader knows of the atoms of one kind of units.

    Parameters
    ----------
    atoms : Atoms
        The cells that are seen.
    zeros_shown : bool
        Whether true zeros are shown, so that a hidden cell holds at least one unit.
    told : mapping of int to int
        What the reader knows besides of hidden cells, as the only one in a cell does: row to number.
    """

    def __init__(self, atoms: Atoms, zeros_shown: bool, told: Mapping[int, int] | None = None):
        shown = {row: cell for row, cell in enumerate(atoms.cells) if cell.value is not None}
        known = {row: cell.value for row, cell in shown.items() if not cell.within} | dict(told or {})
        near = [row for row, cell in shown.items() if cell.within and row not in known]
        hidden = [row for row in range(len(atoms.cells)) if row not in shown and row not in known]
        self.shown, self.hidden = atoms.matrix[list(known)], atoms.matrix[hidden]
        self.values = np.array(list(known.values()), dtype=np.int64)
        self.least = np.array([atoms.cells[row].least * zeros_shown for row in hidden], dtype=np.int64)
        self.outside = csr_matrix(vstack([atoms.bounded, atoms.matrix[near]]))
        limits = [(bound.low, bound.high) for bound in atoms.bounds] + [believable(shown[row]) for row in near]
        self.limits = np.array(limits, dtype=np.int64).reshape(-1, 2)
        self._size = atoms.matrix.shape[1]

    def fits(self, numbers: np.ndarray) -> bool:
        """Whether whole numbers of the atoms agree with all that is seen; whole-number arithmetic."""
        return bool(
            numbers.dtype == np.int64
            and len(numbers) == self._size
            and (numbers >= 0).all()
            and (self.shown @ numbers == self.values).all()
            and (self.hidden @ numbers >= self.least).all()
            and (self.outside @ numbers >= self.limits[:, 0]).all()
            and (self.outside @ numbers <= self.limits[:, 1]).all()
        )

    def agrees(self) -> bool:
        """Whether some table fits all that is seen and published, fractions allowed.

        Raises
        ------
        ReleaseRefused
            When the solver fails.
        """
        status, message = self._solved(np.zeros(self._size))[:2]
        if status not in (0, 2):
            raise not_judged(message)
        return status == 0

    def farthest(self, group: csr_matrix, upward: bool) -> float:
        """The highest or the lowest number a group can have, fractions allowed, so that whole ones lie within.

        Raises
        ------
        ReleaseRefused
            When the solver fails, or the files contradict each other.
        """
        goal = np.asarray(group.todense()).ravel().astype(float)
        status, message, numbers, least = self._solved(-goal if upward else goal)
        if status == 3:
            return float("inf") if upward else float("-inf")
        if status == 2:
            raise not_judged("the files contradict each other, so no table fits them")
        if status != 0:
            raise not_judged(message)
        self.last = np.rint(numbers).astype(np.int64)
        return -least if upward else least

    def any_table(self) -> np.ndarray:
        """Whole numbers of the atoms that agree with all.

        Raises
        ------
        ReleaseRefused
            When there are none, or the solver fails.
        """
        found = self.some_table(csr_matrix((1, self._size)), -np.inf, np.inf)
        if found is None:
            raise not_judged("the files contradict each other, so no table of whole numbers fits them")
        return found

    def table_at_once(self) -> np.ndarray | None:
        """Whole numbers of the atoms that agree with all; None where a solver without them does not come upon any."""
        return self.table_far(np.zeros(self._size), True, np.full(self._size, np.inf))

    def table_far(self, goal: np.ndarray, upward: bool, most: np.ndarray) -> np.ndarray | None:
        """A table by which a sum of atoms at these prices lies far up or down; None where none was found at once.

        Parameters
        ----------
        goal : array of float
            The prices.
        upward : bool
            Which way.
        most : array of int
            What no atom goes above.
        """
        status, _, numbers, _ = self._solved(-goal if upward else goal, most)
        table = np.rint(numbers).astype(np.int64) if status == 0 else None
        return table if table is not None and self.fits(table) else None

    def narrowed(self, columns: np.ndarray, still: np.ndarray) -> "Reader":
        """The same of some atoms; all others stand still, together as one more atom that is 1.

        Parameters
        ----------
        columns : array of int
            The atoms.
        still : array of int
            The numbers of all others, and 0 at these.
        """
        found, size = copy(self), len(columns)
        shown, hidden, outside = (np.diff(it[:, columns].indptr) > 0 for it in (self.shown, self.hidden, self.outside))
        one = csr_matrix(([1], ([0], [size])), shape=(1, size + 1), dtype=np.int64)
        found.shown = csr_matrix(vstack([narrowed(self.shown[shown], columns, still), one]))
        found.values = np.append(self.values[shown], 1)
        found.hidden, found.least = narrowed(self.hidden[hidden], columns, still), self.least[hidden]
        found.outside, found.limits = narrowed(self.outside[outside], columns, still), self.limits[outside]
        found._size = size + 1
        return found

    def _solved(self, price: np.ndarray, most_of_each: np.ndarray | None = None) -> tuple[int, str, np.ndarray, float]:
        above = vstack([-self.hidden, -self.outside, self.outside])
        most = np.concatenate([-self.least, -self.limits[:, 0], self.limits[:, 1]])
        result = linprog(
            price,
            A_eq=self.shown if self.shown.shape[0] else None,
            b_eq=self.values if self.shown.shape[0] else None,
            A_ub=above if above.shape[0] else None,
            b_ub=most if above.shape[0] else None,
            bounds=(0, None) if most_of_each is None else np.column_stack([np.zeros(self._size), most_of_each]),
            method="highs",
            options={"time_limit": SECONDS},
        )
        return result.status, str(result.message), result.x, result.fun

    def some_table(self, group: csr_matrix, least: float, most: float) -> np.ndarray | None:
        """Whole numbers of the atoms that agree with all, by which the group lies between these; None where none is."""
        return self.table_with(group, np.array([least]), np.array([most]))

    def table_with(self, groups: csr_matrix, least: np.ndarray, most: np.ndarray | None = None) -> np.ndarray | None:
        """Whole numbers of the atoms that agree with all, by which groups lie between these, or are the first.

        None where there are none.

        Raises
        ------
        ReleaseRefused
            When the solver fails.
        """
        found = milp(
            np.zeros(self._size),
            integrality=np.ones(self._size),
            bounds=Bounds(0, np.inf),
            constraints=[
                LinearConstraint(
                    vstack([self.shown, self.hidden, self.outside, groups]),
                    np.concatenate([self.values, self.least, self.limits[:, 0], least]),
                    np.concatenate(
                        [
                            self.values,
                            np.full(len(self.least), np.inf),
                            self.limits[:, 1],
                            least if most is None else most,
                        ]
                    ),
                )
            ],
            options={"time_limit": SECONDS},
        )
        if found.x is None:
            if found.status == 2:
                return None
            raise not_judged(str(found.message))
        numbers = np.rint(found.x).astype(np.int64)
        if not self.fits(numbers):
            raise not_judged("its table does not agree with what is seen")
        return numbers


def narrowed(groups: csr_matrix, columns: np.ndarray, still: np.ndarray) -> csr_matrix:
    """Groups of atoms as groups of some of them, and of all others as one."""
    return csr_matrix(hstack([groups[:, columns], csr_matrix((groups @ still)[:, None])]), dtype=np.int64)


def believable(cell: Seen) -> tuple[int, int]:
    """What a rounded number can stand for."""
    value = cell.value or 0
    return max(0, value - cell.within + 1), value + cell.within - 1


def not_judged(why: str) -> NotJudged:
    """What is said when the attack did not come to an end."""
    return NotJudged(
        "Whether the release is safe could not be judged.",
        why=f"The attack did not come to an end: {why}.",
        ask="the maintainers, with the shape of the tables",
    )
