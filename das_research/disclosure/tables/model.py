"""One model of all that leaves together: linked tables share their margins, earlier releases are fixed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from das_research.disclosure.tables.cells import Address, Cell, Status, Table, Zeros
from das_research.disclosure.tables.relations import Relation, bottom_up, relations_of
from das_research.errors import ReleaseRefused


@dataclass(frozen=True, eq=False)
class Model:
    """All cells of a release and every sum between them, as arrays.

    Parameters
    ----------
    addresses : tuple of Address
        One a cell; the arrays are in this order.
    values, units : array of int
        The numbers, and how many contribute.
    status : array of int
        A `Status` a cell. Zeros are fixed, unless they are protected.
    lower : array of int
        What an attacker knows beforehand of a hidden cell: at least 1 where zeros are shown, else at least 0.
    relations : csr_array
        One row a sum: -1 at the total, 1 at its parts; times the values it is zero. Sub-totals come first.
    alike : array of int
        A number a cell, the same for cells that hold the same units: a total of one part, beside zeros that are shown.
    """

    addresses: tuple[Address, ...]
    values: np.ndarray
    units: np.ndarray
    status: np.ndarray
    lower: np.ndarray
    relations: csr_array
    alike: np.ndarray

    def __len__(self) -> int:
        return len(self.addresses)

    @property
    def movable(self) -> np.ndarray:
        """Which cells can be hidden at all."""
        return self.status != Status.FIXED

    @property
    def must_hide(self) -> np.ndarray:
        """Which cells are hidden whatever else is."""
        return np.isin(self.status, (Status.PRIMARY, Status.WITHHELD))

    def part(self, cells: np.ndarray) -> "Model":
        """The model of some cells; what stands in no sum with the others, or is seen, has no part in how they move."""
        matrix = self.relations[:, cells]
        names = ("values", "units", "status", "lower", "alike")
        arrays: dict[str, Any] = {name: getattr(self, name)[cells] for name in names}
        addresses = tuple(self.addresses[cell] for cell in cells)
        return replace(self, addresses=addresses, relations=matrix[np.diff(matrix.indptr) > 0], **arrays)


def build_model(
    tables: Sequence[Table],
    *,
    earlier: Sequence[Table] = (),
    zeros: Zeros = "published",
    identities: Iterable[Relation] = (),
    differences: Iterable[tuple[Address, Address]] = (),
    minimum: int = 0,
) -> Model:
    """The model of tables that leave together.

    Parameters
    ----------
    tables : sequence of Table
        What is about to leave. Cells with the same address are one cell.
    earlier : sequence of Table
        What left before: its cells are `FIXED` where they were shown, and `PRIMARY` or `WITHHELD` where they were
        hidden.
    zeros : {'published', 'structural', 'protected'}
        Zeros are shown, and a reader knows of every hidden cell that it is at least 1; or they can't be other than
        zero, which comes to the same; or they may be hidden, so that a hidden cell may be zero.
    identities : iterable of (Address, tuple of Address)
        Sums between measures: a total and its parts.
    differences : iterable of (Address, Address)
        Pairs of a cell and one that lies within it by another definition: a longer and a shorter period, a region as it
        is and as it was. What the one has more becomes a cell that is never shown.
    minimum : int
        Such a difference of fewer units, but some, is unsafe.

    Returns
    -------
    Model

    Raises
    ------
    ReleaseRefused
        When tables don't add up, contradict each other or what left before, hold a negative number, lack a total, or
        use a code outside its hierarchy. Says how many and where by name of measure and dimension, never a number.
    """
    cells = _united(tables, earlier)
    sums = [relation for table in (*tables, *earlier) for relation in relations_of(table)]
    pairs = list(differences)
    _check_known(cells, [*identities, *((large, (small,)) for large, small in pairs)])
    apart = {Address(f"{large.measure} less {small}", large.place): (large, small) for large, small in pairs}
    for address, (large, small) in apart.items():
        cells[address] = _apart(cells[large], cells[small], minimum)
    relations = bottom_up([*sums, *identities, *((large, (small, it)) for it, (large, small) in apart.items())])
    addresses = tuple(sorted(cells))
    place = {address: i for i, address in enumerate(addresses)}
    values = np.array([cells[address].value for address in addresses], dtype=np.int64)
    status = np.array([cells[address].status for address in addresses], dtype=np.int8)
    is_open = zeros != "protected"
    unseen = np.array([address in apart for address in addresses], dtype=bool)
    if is_open:
        status[(values == 0) & ~unseen] = Status.FIXED
    matrix = _matrix(relations, place)
    _check_sums(matrix @ values, relations)
    return Model(
        addresses=addresses,
        values=values,
        units=np.array([cells[address].contributors for address in addresses], dtype=np.int64),
        status=status,
        lower=np.where(unseen, 0, np.minimum(values, 1)) if is_open else np.zeros_like(values),
        relations=matrix,
        alike=alike_cells(matrix, values, status),
    )


def _united(tables: Sequence[Table], earlier: Sequence[Table]) -> dict[Address, Cell]:
    """Every cell once, with the highest of its statuses."""
    cells: dict[Address, Cell] = {}
    for table, before in (*((it, False) for it in tables), *((it, True) for it in earlier)):
        for codes, cell in table.cells.items():
            address = table.address(codes)
            known = cells.get(address, cell)
            if cell.value < 0:
                raise ReleaseRefused(
                    f"A number of '{table.measure}' is negative.",
                    why="Bounds on a hidden number rest on numbers that can't be below zero.",
                    fix="Release the positive and the negative part as two measures.",
                )
            if known.value != cell.value:
                raise ReleaseRefused(
                    f"A number of '{table.measure}' differs from {'what left before' if before else 'another table'}.",
                    why="Two numbers at one address contradict each other: their difference would tell of few units.",
                    fix="Name the populations apart, or release the revised table as a new measure.",
                )
            if {known.status, cell.status} == {Status.PRIMARY, Status.FIXED}:
                raise ReleaseRefused(
                    f"An unsafe number of '{table.measure}' was seen before.",
                    why="What readers have seen can't be protected any more.",
                    fix="Leave the table out, or this breakdown of it.",
                    ask="the data protection officer",
                )
            units = min(known.contributors, cell.contributors)
            cells[address] = Cell(cell.value, max(known.status, cell.status), units)
    return cells


def _apart(large: Cell, small: Cell, minimum: int) -> Cell:
    """What one cell has more than another that lies within it."""
    value, units = large.value - small.value, large.contributors - small.contributors
    if value < 0 or units < 0:
        raise ReleaseRefused(
            "A number is higher than one that it is a part of.",
            why="By the definitions that were given, the one holds all units of the other.",
            fix="Leave this pair out, or mend the definitions.",
        )
    return Cell(value, Status.PRIMARY if 0 < units < minimum else Status.WITHHELD, units)


def _check_known(cells: dict[Address, Cell], relations: Iterable[Relation]) -> None:
    named = {address for total, parts in relations for address in (total, *parts)}
    if named - cells.keys():
        raise ReleaseRefused(
            f"{len(named - cells.keys())} cells of a sum between measures are in no table.",
            why="A sum with a part that is not known protects nothing.",
            fix="Give the measures with all their cells, or the sum without these.",
        )


def _matrix(relations: Sequence[Relation], place: dict[Address, int]) -> csr_array:
    rows, columns, signs = [], [], []
    for row, (total, parts) in enumerate(relations):
        rows += [row] * (len(parts) + 1)
        columns += [place[total], *(place[part] for part in parts)]
        signs += [-1, *(1 for _ in parts)]
    shape = (len(relations), len(place))
    return csr_array((np.array(signs, dtype=np.int64), (rows, columns)), shape=shape, dtype=np.int64)


def alike_cells(matrix: csr_array, values: np.ndarray, status: np.ndarray) -> np.ndarray:
    """Labels of cells that are the same units by what everybody sees."""
    counted = matrix[:, (values != 0) | (status != Status.FIXED)]
    places = np.flatnonzero((values != 0) | (status != Status.FIXED))
    pairs = np.flatnonzero(np.diff(counted.indptr) == 2)
    ends = np.array([places[counted.indices[counted.indptr[row] :][:2]] for row in pairs]).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(values), len(values)))
    return connected_components(graph, directed=False)[1]


def _check_sums(differences: np.ndarray, relations: Sequence[Relation]) -> None:
    wrong = [relations[row] for row in np.flatnonzero(differences).tolist()]
    if wrong:
        measures = sorted({total.measure for total, _ in wrong})
        places = [{name for part in parts for name, _ in part.place} for _, parts in wrong]
        dimensions = sorted(set().union(*places))
        raise ReleaseRefused(
            f"{len(wrong)} totals of {', '.join(measures)} are not the sum of their parts.",
            why=f"The parts overlap or some are missing, by {', '.join(dimensions) or 'measure'}: hidden cells can't "
            "be protected in a table that does not add up.",
            fix="Add the missing parts, or count units that stand in one part only.",
        )
