"""Numbers and sums as the model that suppression works on: one cell a number, and one for the rest of a sum."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from das_research.disclosure.tables.cells import Address, Status
from das_research.disclosure.tables.model import Model, alike_cells
from das_research.disclosure.together.measures import Pair, Sum
from das_research.disclosure.together.numbers import Number


@dataclass(frozen=True, eq=False)
class Cells:
    """A model, and which of its cells the numbers are.

    Parameters
    ----------
    model : Model
        The cells, with what nobody shows: the rests of sums.
    of : list of int
        The cell of every number.
    cost : array of int
        What hiding each cell costs.
    places : array of int
        Where its cells stand in the whole model.
    """

    model: Model
    of: list[int]
    cost: np.ndarray
    places: np.ndarray

    def only(self, places: np.ndarray) -> "Cells":
        """The same of some cells, which share no sum with others."""
        return Cells(self.model.part(places), self.of, self.cost[places], places)


def cells_of(
    numbers: Sequence[Number],
    classes: Sequence[int],
    sums: Sequence[Sum],
    minimum: int,
    unions: Sequence[Sum] = (),
    within: Sequence[Pair] = (),
) -> Cells:
    """The cells of numbers.

    Parameters
    ----------
    numbers : sequence of Number
        Of all Results.
    classes : sequence of int
        A label a number, the same for numbers that are the same.
    sums : sequence of (tuple of int, tuple of int)
        Positions of numbers that together are those together, but for a rest.
    minimum : int
        A rest of fewer units, but some, is unsafe.
    unions : sequence of (tuple of int, tuple of int)
        Positions of numbers that together are those together, without a rest; what stands on both sides says nothing.
    within : sequence of (int, int)
        Positions of a whole and of a part that overlaps with others: what the whole has more is a number too.
    """
    labels = sorted(set(classes))
    place = {label: cell for cell, label in enumerate(labels)}
    of = [place[label] for label in classes]
    made = _Made(numbers, of, len(labels))
    for one in sums:
        made.add([of[at] for at in one[0]], [of[at] for at in one[1]], minimum)
    for one in unions:
        these, those = (Counter(of[at] for at in side) for side in one)
        made.add([*(these - those).elements()], [*(those - these).elements()], minimum)
    for whole, part in within:
        made.add_part(of[whole], of[part], minimum)
    return Cells(made.model(), of, np.array(made.cost, dtype=np.int64), np.arange(len(made.values)))


def groups_of(numbers: Sequence[Number], cells: Cells) -> list[tuple[list[str], Cells]]:
    """The Results that share numbers or sums, with the model of their cells."""
    size = len(cells.model)
    first: dict[str, int] = {}
    pairs = [(first.setdefault(number.result, cells.of[at]), cells.of[at]) for at, number in enumerate(numbers)]
    matrix = abs(cells.model.relations)
    ends = np.array(pairs).reshape(-1, 2)
    graph = matrix.T @ matrix + coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    names: dict[int, list[str]] = defaultdict(list)
    for name, cell in first.items():
        names[int(label[cell])].append(name)
    return [(names[part], cells.only(np.flatnonzero(label == part))) for part in range(count)]


def rows_of(numbers: Sequence[Number], cells: Cells) -> dict[int, list[tuple[str, int]]]:
    """Cell to the Results and rows that tell its number."""
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for number, cell in zip(numbers, cells.of, strict=True):
        found[cell].append((number.result, number.row))
    return found


def hidden_rows(rows: Mapping[int, Sequence[tuple[str, int]]], hidden: np.ndarray) -> dict[str, set[int]]:
    """Of every Result the rows that tell a number of these cells; see `rows_of`."""
    found: dict[str, set[int]] = defaultdict(set)
    for cell in hidden.tolist():
        for result, row in rows.get(cell, ()):
            found[result].add(row)
    return found


class _Made:
    """The arrays of a model, as they grow."""

    def __init__(self, numbers: Sequence[Number], of: Sequence[int], count: int):
        self.addresses = [Address("", ())] * count
        self.values, self.units, self.cost = [0] * count, [0] * count, [1] * count
        self.status, self.lower = [Status.FREE] * count, [0] * count
        for cell, number in zip(of, numbers, strict=True):
            self.addresses[cell] = Address(number.kind, tuple(sorted(number.place)))
            self.values[cell] = number.value
            self.units[cell] = min(self.units[cell] or number.units, number.units)
            self.status[cell] = max(self.status[cell], number.status)
            self.cost[cell] = max(self.cost[cell], number.cost)
            if number.zero_is_told:
                self.lower[cell] = min(number.value, 1)
                self.status[cell] = Status.FIXED if number.value == 0 else self.status[cell]
        self._sums: dict[tuple[int, tuple[int, ...]], None] = {}
        self._within = set[tuple[int, int]]()

    def add(self, these: list[int], those: list[int], minimum: int) -> None:
        """These cells together are those, but for a rest; nothing where all have been seen already."""
        common = set(these) & set(those)
        if not these or all(self.status[cell] == Status.FIXED for cell in (*these, *those)) or common:
            return
        rest = sum(self.values[cell] for cell in these) - sum(self.values[cell] for cell in those)
        if rest:
            (those if rest > 0 else these).append(self._rest(abs(rest), minimum))
        if len(these) > 1 and len(those) == 1:
            these, those = those, these
        if len(these) > 1:
            whole = self._unseen(sum(self.values[cell] for cell in these), Status.WITHHELD)
            self._sums[whole, tuple(sorted(these))] = None
            these = [whole]
        self._sums[these[0], tuple(sorted(those))] = None

    def add_part(self, whole: int, part: int, minimum: int) -> None:
        """This cell lies within that: nobody sees whether the rest of it is nobody."""
        is_out = self.status[whole] == self.status[part] == Status.FIXED
        if whole != part and (whole, part) not in self._within and not is_out:
            self._within.add((whole, part))
            self._sums[whole, (part, self._rest(self.values[whole] - self.values[part], minimum))] = None

    def _rest(self, value: int, minimum: int) -> int:
        return self._unseen(value, Status.PRIMARY if 0 < value < minimum else Status.WITHHELD)

    def _unseen(self, value: int, status: Status) -> int:
        self.addresses.append(Address("rest", (("number", str(len(self.addresses))),)))
        self.values.append(value)
        self.units.append(value)
        self.status.append(status)
        self.lower.append(0)
        self.cost.append(1)
        return len(self.values) - 1

    def model(self) -> Model:
        """The model of all cells and sums, those of smaller totals first."""
        sums = sorted(self._sums, key=lambda it: (self.values[it[0]], it))
        rows = [row for row, (_, parts) in enumerate(sums) for _ in range(len(parts) + 1)]
        columns = [cell for whole, parts in sums for cell in (whole, *parts)]
        signs = [sign for _, parts in sums for sign in (-1, *[1] * len(parts))]
        shape = (len(sums), len(self.values))
        matrix = csr_array((np.array(signs, dtype=np.int64), (rows, columns)), shape=shape, dtype=np.int64)
        values, status = np.array(self.values, dtype=np.int64), np.array(self.status, dtype=np.int8)
        return Model(
            addresses=tuple(self.addresses),
            values=values,
            units=np.array(self.units, dtype=np.int64),
            status=status,
            lower=np.array(self.lower, dtype=np.int64),
            relations=matrix,
            alike=alike_cells(matrix, values, status),
        )
