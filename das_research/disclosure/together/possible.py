"""Certificates: whole tables that might have been, each of which shows that unsafe numbers can't be known.

Together they tell the truth, since each differs from it in few numbers only. They go to the last look of gate 3, which
verifies them, and nowhere else.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from das_research.disclosure.suppression.suppress import Suppression
from das_research.disclosure.suppression.witnesses import Witness
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.together.cells import Cells
from das_research.disclosure.together.numbers import Number, Told
from das_research.result import Result

MOST = 12  # tables: the first ones hold most of what is to be shown, and each is read as a whole release
Changes = dict[int, int]  # cell to how much it differs


def possible_tables(
    told: Mapping[str, Told],
    numbers: Sequence[Number],
    of: Sequence[int],
    patterns: Sequence[tuple[Cells, Suppression]],
) -> list[dict[str, Result]]:
    """The certificates of patterns.

    Parameters
    ----------
    told : mapping of str to Told
        The Results.
    numbers : sequence of Number
        Their numbers.
    of : sequence of int
        The cell of every number.
    patterns : sequence of (Cells, Suppression)
        The cells of a group of Results, and what is hidden of them.

    Returns
    -------
    list of dict of str to Result
        Of each table the Results with the numbers that they have in it; what is shown is as it is.
    """
    tables: list[Changes] = []
    for cells, pattern in patterns:
        for witness in _needed(cells, pattern):
            changes = dict(zip(cells.places[witness.cells].tolist(), witness.changes.tolist(), strict=True))
            # two that differ in other cells fit together: sums are linear, and each cell keeps above its least
            room = next((it for it in tables if not it.keys() & changes.keys()), None)
            if room is not None:
                room |= changes
            elif len(tables) < MOST:
                tables.append(changes)
    return [_with(told, numbers, of, changes) for changes in tables]


def _needed(cells: Cells, pattern: Suppression) -> list[Witness]:
    """Of every unsafe cell the witness in which it is largest, each once."""
    found: dict[int, Witness] = {}
    best: dict[int, tuple[int, int]] = {}
    for place, witness in enumerate(pattern.certificates):
        for cell, change in zip(witness.cells.tolist(), witness.changes.tolist(), strict=True):
            if cells.model.status[cell] == Status.PRIMARY and change > best.get(cell, (0, 0))[0]:
                best[cell] = (change, place)
    for cell in np.flatnonzero(cells.model.status == Status.PRIMARY).tolist():
        if cell in best:
            found.setdefault(best[cell][1], pattern.certificates[best[cell][1]])
    return list(found.values())


def _with(
    told: Mapping[str, Told], numbers: Sequence[Number], of: Sequence[int], changes: Changes
) -> dict[str, Result]:
    changed: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for number, cell in zip(numbers, of, strict=True):
        if cell in changes and number.role not in ("complement", "rows"):
            changed[number.result].append((number.row, number.role, number.value + changes[cell]))
    found = {}
    for name, it in told.items():
        table = it.result.table.copy()
        for row, column, value in changed[name]:
            table.loc[row, column] = value
        found[name] = it.result.with_table(table)
    return found
