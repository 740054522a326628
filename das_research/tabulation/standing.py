"""Who stands in the cells of several Results together: kinds of persons, by how many units of theirs each cell holds.

What some cells tell together, added and subtracted, is of the persons for whom it does not come to nothing. Persons
alike are one kind. Where the kinds are many, those are left out for whom every such sum comes to nothing wherever it
does for enough others: they tell of no few.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack

from das_research.engines.keeping import kept
from das_research.tabulation.cube import UNIT
from das_research.tabulation.independent import Independent, directions
from das_research.tabulation.membership import COUNTED, Cell, Members
from das_research.tabulation.spots import cells_of_spots, spot_of

MOST_CELLS, MOST_KINDS, FEW_KINDS = 1_200, 4_000, 600
MOST_LEFT, MOST_LAID, AT_ONCE = 20_000, 5_000, 2_000
Document = Mapping[str, Any]


def standing_of(results: Sequence[Members | None], minimum: int) -> Document | None:
    """Who stands in the cells of Results, as far as it bears on numbers of few.

    Parameters
    ----------
    results : sequence of Members or None
        On one extract; None where it is not known.
    minimum : int
        So many persons are enough.

    Returns
    -------
    mapping or None
        ``cells``: of each number of a cell which result, its address, which of its numbers and its column, those that
        are the same of everybody having one; ``units``, ``persons``: of each column; ``kinds``: how many persons, and
        their units by column; ``whole``: whether no kind was left out. None where there is too much to compare.
    """
    known = {place: members for place, members in enumerate(results) if members is not None}
    with ExitStack() as until_told:
        tables = {place: _fetched(members, until_told) for place, members in known.items()}
    if not tables:
        return None
    texts = pa.chunked_array([it["unit"].cast(pa.string()).combine_chunks() for it in tables.values()])
    number = {text: at for at, text in enumerate(sorted(texts.unique().to_pylist()))}
    columns, cells = list[csc_array](), list[tuple[int, Cell]]()
    for place, members in known.items():
        found, matrix = _counted(members, tables[place], number)
        cells += [(place, cell) for cell in found]
        columns.append(matrix)
    matrix = csc_array(hstack(columns)) if cells else csc_array((len(number), 0), dtype=np.int64)
    first, column = _alike(matrix)
    if not len(first) or len(first) > MOST_CELLS:
        return None
    return _document(
        csr_array(matrix[:, first]), [(*cell, at) for cell, at in zip(cells, column, strict=True)], minimum
    )


def of_some(document: Document, places: Sequence[int | None]) -> Document:
    """The same of some Results: by its place each one's new place, or None where it is left out."""
    cells = [[places[it[0]], *it[1:]] for it in document["cells"] if places[it[0]] is not None]
    return {**document, "cells": cells}


def _fetched(members: Members, until_told: ExitStack) -> pa.Table:
    keys = [name for name in COUNTED.values() if name in members.rows.columns]
    told = members.rows.select(*keys, unit=members.rows[UNIT], spot=spot_of(members))
    grouped = told.group_by("unit", "spot", *keys).agg(units=told.count())
    return until_told.enter_context(kept(grouped)).to_pyarrow()


def _counted(members: Members, table: pa.Table, number: Mapping[str, int]) -> tuple[list[Cell], csc_array]:
    """The cells that count something, and of each person how many units each holds."""
    spots = sorted(set(table["spot"].to_pylist()))
    place = {spot: at for at, spot in enumerate(spots)}
    cells = {cell: held for cell, held in cells_of_spots(members, spots).items() if members.counts(cell)}
    unit = np.array([number[it] for it in table["unit"].to_pylist()], dtype=np.int64)
    spot = np.array([place[it] for it in table["spot"].to_pylist()], dtype=np.int64)
    units = np.array(table["units"].to_pylist(), dtype=np.int64)
    counted, blocks = list[Cell](), [csc_array((len(number), 0), dtype=np.int64)]
    for what in sorted({members.counts(cell) for cell in cells}):
        mine = [cell for cell in cells if members.counts(cell) == what]
        rows = [place[it] for cell in mine for it in cells[cell]]
        of = np.repeat(np.arange(len(mine)), [len(cells[cell]) for cell in mine])
        within = csr_array((np.ones(len(rows), dtype=np.int64), (rows, of)), shape=(len(spots), len(mine)))
        if what == "rows":
            stands = csr_array((units, (unit, spot)), shape=(len(number), len(spots))) @ within
        else:
            stands = _different(table[what].to_pylist(), unit, spot, len(number), within)
        by_cell = csc_array(stands)
        some = np.flatnonzero(np.diff(by_cell.indptr))
        counted += [mine[at] for at in some]
        blocks.append(by_cell[:, some])
    return counted, csc_array(hstack(blocks))


def _different(
    keys: Sequence[str | None], unit: NDArray[np.int64], spot: NDArray[np.int64], persons: int, within: csr_array
) -> csr_array:
    """How many different keys of each person each cell holds."""
    known = np.array([at for at, key in enumerate(keys) if key is not None], dtype=np.int64)
    order: dict[tuple[int, str | None], int] = {}
    at = np.array([order.setdefault((int(unit[it]), keys[it]), len(order)) for it in known.tolist()], dtype=np.int64)
    size = (len(order), within.shape[0])
    stands = csr_array((np.ones(len(known), dtype=np.int64), (at, spot[known])), shape=size) @ within
    stands.data[:] = 1
    owner = [person for person, _ in order]
    return csr_array((np.ones(len(owner), dtype=np.int64), (owner, range(len(owner)))), (persons, len(owner))) @ stands


def _alike(matrix: csc_array | csr_array) -> tuple[list[int], list[int]]:
    """The first of the columns (or rows) that are the same, and of every one which of these it is."""
    matrix.sort_indices()
    seen: dict[tuple[bytes, bytes], int] = {}
    first, which = list[int](), list[int]()
    for at in range(len(matrix.indptr) - 1):
        part = slice(matrix.indptr[at], matrix.indptr[at + 1])
        same = (matrix.indices[part].astype(np.int64).tobytes(), matrix.data[part].astype(np.int64).tobytes())
        if same not in seen:
            seen[same] = len(first)
            first.append(at)
        which.append(seen[same])
    return first, which


def _document(matrix: csr_array, cells: Sequence[tuple[int, Cell, int]], minimum: int) -> Document | None:
    rows, kind = _alike(matrix)
    persons: list[int] = np.bincount(kind, minlength=len(rows)).tolist()
    kinds, counted = csr_array(matrix[rows]), np.array(persons, dtype=np.int64)
    telling = _telling(kinds, counted, minimum) if len(rows) > FEW_KINDS else list(enumerate(persons))
    if telling is None:
        return None
    told = [
        [many, [[int(column), int(units)] for column, units in zip(kinds.indices[part], kinds.data[part], strict=True)]]
        for row, many in telling
        for part in [slice(kinds.indptr[row], kinds.indptr[row + 1])]
    ]
    return {
        "cells": [[result, list(place), part, column] for result, (place, part), column in cells],
        "units": matrix.sum(axis=0).tolist(),
        "persons": (matrix != 0).sum(axis=0).tolist(),
        "kinds": sorted(told, key=lambda it: (-it[0], it[1])),
        "whole": len(telling) == len(rows),
    }


def _telling(kinds: csr_array, persons: NDArray[np.int64], minimum: int) -> list[tuple[int, int]] | None:
    """Of so many kinds those that bear on sums of few, with how many persons they stand for; None where too many do."""
    known = Independent(kinds.shape[1])
    order = np.argsort(-persons, kind="stable")
    many = order[persons[order] >= minimum]
    found = [(int(many[at]), int(persons[many[at]])) for at in known.add(kinds[many].toarray())]
    few = order[persons[order] < minimum]
    shared = _layered(known, kinds, few, persons, minimum)
    found += [(shared[at], minimum) for at in known.add(kinds[shared].toarray())]
    while True:
        few, rests = _left(known, kinds, few)
        if len(few) > MOST_LEFT:
            return None
        if not len(few):
            break
        numbers, weights = directions(rests, persons[few])
        firsts = {int(it): at for at, it in reversed(list(enumerate(numbers)))}
        enough = [(int(few[at]), int(weights[it])) for it, at in sorted(firsts.items()) if weights[it] >= minimum]
        if not enough:
            found += [(int(few[at]), int(weights[it])) for it, at in sorted(firsts.items())]
            break
        added = known.add(kinds[[row for row, _ in enough]].toarray())
        found += [enough[at] for at in added]
    return found if len(found) <= MOST_KINDS else None


def _layered(
    known: Independent, kinds: csr_array, few: NDArray[np.int64], persons: NDArray[np.int64], minimum: int
) -> list[int]:
    """Kinds of few that others of few, of persons apart, make up so often that what spares enough spares them all.

    Of as many bases as the minimum, no person in two of them, fewer persons leave one untouched, and it holds the last.
    """
    some = few[:MOST_LAID]
    rests = known.rests(kinds[some].toarray())
    rests, left, added = rests[:, rests.any(axis=0)], persons[some], np.arange(0)
    for _ in range(minimum):
        still = np.flatnonzero(left)
        added = still[Independent(rests.shape[1]).add(rests[still])]
        left[added] -= 1
    return [int(it) for it in some[added]]


def _left(known: Independent, kinds: csr_array, few: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The kinds that are no sum of the known ones, and what is left of them."""
    left, rests = [], []
    for first in range(0, len(few), AT_ONCE):
        some = few[first : first + AT_ONCE]
        rest = known.rests(kinds[some].toarray())
        left.append(some[rest.any(axis=1)])
        rests.append(rest[rest.any(axis=1)])
        if sum(map(len, left)) > MOST_LEFT:
            break
    if not left:
        return few, np.zeros((0, kinds.shape[1]), dtype=np.int64)
    return np.concatenate(left), np.concatenate(rests)
