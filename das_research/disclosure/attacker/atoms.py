"""Atoms: the finest groups of units that any file tells apart; every cell that is seen is a sum of them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack

from das_research.disclosure.attacker.codes import OTHERS
from das_research.disclosure.attacker.known import Bound, Seen, Where
from das_research.disclosure.attacker.readings import WHOLE
from das_research.disclosure.attacker.within import WITH
from das_research.errors import ReleaseRefused

MOST = 300_000
Place = Mapping[str, frozenset[str]]


class Differ(ReleaseRefused):
    """Two files show the same units differently."""


@dataclass(frozen=True, eq=False)
class Atoms:
    """Cells that are seen, as sums of atoms: of one kind of units, or of several that others published the sum of.

    Parameters
    ----------
    cells : tuple of Seen
        One a row.
    matrix : csr_matrix
        1 where the atom is in the cell.
    others : tuple of (csr_matrix, Seen)
        Of what no file shows, with a cell that tells of it: the atoms.
    bounds : tuple of Bound
        What others published of the same units; one a row of `bounded`.
    bounded : csr_matrix
        1 where the atom is under the published number; how many times, where it adds up what overlaps.
    """

    cells: tuple[Seen, ...]
    matrix: csr_matrix
    others: tuple[tuple[csr_matrix, Seen], ...]
    bounds: tuple[Bound, ...]
    bounded: csr_matrix

    def without(self, bounds: Collection[Bound]) -> "Atoms":
        """The same atoms, of which some published numbers say nothing."""
        kept = [row for row, bound in enumerate(self.bounds) if bound not in bounds]
        return replace(self, bounds=tuple(self.bounds[row] for row in kept), bounded=self.bounded[kept])


def atoms_of(cells: Sequence[Seen], bounds: Sequence[Bound] = ()) -> list[Atoms]:
    """Every kind of units that is counted, with its atoms; together those of which others published a sum.

    Parameters
    ----------
    cells : sequence of Seen
        Of all files together. Cells of the same units are one; a cell that is shown anywhere is shown.
    bounds : sequence of Bound
        What others published of what the cells count.

    Raises
    ------
    ReleaseRefused
        When two files show different numbers of the same units, or there are too many atoms to judge.
    """
    by_counted: dict[str, dict[tuple, Seen]] = {}
    for cell in cells:
        known = by_counted.setdefault(cell.counted, {})
        earlier = known.setdefault(cell.where, cell)
        both = None not in (earlier.value, cell.value)
        if both and bool(earlier.within) != bool(cell.within):
            raise Differ(
                "Two files show the same units, one rounded and one not.",
                why="The one tells what the rounding of the other hides.",
                fix="Hand it over as it left before, or not at all.",
                ask="the data protection officer",
            )
        if both and earlier.value != cell.value:
            raise Differ(
                "Two files show different numbers of the same units.",
                why="Their difference would tell of few units.",
                fix="Compute both again in the project as it is now.",
                ask="the data protection officer",
            )
        if earlier.value is None and cell.value is not None:
            known[cell.where] = cell
    told = [bound for bound in bounds if all(counted in by_counted for counted, _ in bound.parts)]
    parts = [part for bound in told for part in bound.parts]
    kinds = {
        counted: _kind(tuple(known.values()), [where for of, where in parts if of == counted])
        for counted, known in by_counted.items()
    }
    return [
        _together(kinds, several, tuple(bound for bound in told if bound.counted in several))
        for several in _added_up(kinds, told)
    ]


def _added_up(kinds: Collection[str], bounds: Sequence[Bound]) -> list[list[str]]:
    """The kinds of units, those together of which a sum was published."""
    groups = {counted: {counted} for counted in kinds}
    for bound in bounds:
        joined = set[str]().union(*(groups[counted] for counted, _ in bound.parts))
        groups |= dict.fromkeys(joined, joined)
    ordered = [[other for other in kinds if other in groups[counted]] for counted in kinds]
    return [group for counted, group in zip(kinds, ordered, strict=True) if group[0] == counted]


def _together(kinds: Mapping[str, "_Kind"], several: Sequence[str], bounds: tuple[Bound, ...]) -> Atoms:
    """The atoms of several kinds, beside one another; published numbers may be sums over them."""
    sizes = [kinds[counted].matrix.shape[1] for counted in several]
    begins = dict(zip(several, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))

    def beside(counted: str, rows: csr_matrix) -> csr_matrix:
        begin, after = begins[counted], sum(sizes) - begins[counted] - rows.shape[1]
        shapes = ((rows.shape[0], begin), (rows.shape[0], after))
        before, behind = (csr_matrix(shape, dtype=np.int64) for shape in shapes)
        return csr_matrix(hstack([before, rows, behind]), dtype=np.int64)

    nothing = csr_matrix((0, sum(sizes)), dtype=np.int64)
    told = [sum(beside(counted, kinds[counted].told[where]) for counted, where in bound.parts) for bound in bounds]
    return Atoms(
        tuple(cell for counted in several for cell in kinds[counted].cells),
        csr_matrix(vstack([nothing, *(beside(counted, kinds[counted].matrix) for counted in several)])),
        tuple((beside(counted, rows), cell) for counted in several for rows, cell in kinds[counted].others),
        bounds,
        csr_matrix(vstack([nothing, *told])),
    )


@dataclass(frozen=True, eq=False)
class _Kind:
    """The cells of one kind of units as sums of its atoms; and the same of every place that is told of besides."""

    cells: tuple[Seen, ...]
    matrix: csr_matrix
    others: tuple[tuple[csr_matrix, Seen], ...]
    told: Mapping[Where, csr_matrix]


def _kind(cells: tuple[Seen, ...], wheres: Sequence[Where]) -> _Kind:
    places, told = [dict(cell.where) for cell in cells], [dict(where) for where in wheres]
    names = sorted({name for place in (*places, *told) for name in place})
    classes = {name: _classes([place.get(name) for place in (*places, *told)], WHOLE.get(name)) for name in names}
    sizes = [len(classes[name][1]) for name in names]
    if prod(sizes) > MOST:
        raise ReleaseRefused(
            "Whether the release is safe could not be judged.",
            why=f"Its tables tell more than {MOST:,} groups apart.",
            fix="Release tables of fewer dimensions together, or with fewer codes.",
        )
    number = np.arange(prod(sizes)).reshape(sizes)

    def rows_of(wheres: Sequence[Place]) -> csr_matrix:
        rows, columns = [], []
        for row, place in enumerate(wheres):
            inside = [classes[name][0](place.get(name)) for name in names]
            atoms = number[np.ix_(*inside)].ravel() if names else number.ravel()
            rows += [row] * len(atoms)
            columns += atoms.tolist()
        ones = np.ones(len(rows), dtype=np.int64)
        return csr_matrix((ones, (rows, columns)), shape=(len(wheres), prod(sizes)))

    unseen = [
        (rows_of([{**place, name: frozenset({OTHERS})}]), cell)
        for place, cell in zip(places, cells, strict=True)
        for name, codes in place.items()
        if OTHERS in codes
    ]
    unseen += [(rows_of([place]), cell) for place, cell in _left_out(cells)]
    return _Kind(cells, rows_of(places), tuple(unseen), {where: rows_of([dict(where)]) for where in wheres})


def _left_out(cells: Sequence[Seen]) -> Iterator[tuple[Place, Seen]]:
    """Of every whole that is told in part what is not told, at each place, with a cell that stands there."""
    for name, codes in WHOLE.items():
        here = [cell for cell in cells if any(other in WHOLE for other, _ in cell.where)]
        left = codes - frozenset().union(*(dict(cell.where).get(name, frozenset()) for cell in here))
        places = {tuple(it for it in cell.where if it[0] not in WHOLE): cell for cell in reversed(here)}
        yield from (({**dict(place), name: left}, cell) for place, cell in places.items() if left)


def _classes(
    sets: Sequence[frozenset[str] | None], whole: frozenset[str] | None = None
) -> tuple[Callable[[frozenset[str] | None], list[int]], list[set]]:
    """Codes that no cell tells apart, as one; and which of these a set of codes holds. None holds all."""
    different = list(dict.fromkeys(it for it in sets if it is not None))
    different += [frozenset({OTHERS})] * any(OTHERS in it for it in different)
    different += [] if whole is None else [whole]
    signatures: dict[tuple[bool, ...], set[str]] = {}
    for code in sorted(set().union(*different)):
        signatures.setdefault(tuple(code in it for it in different), set()).add(code)
    groups = list(signatures.values())

    def inside(codes: frozenset[str] | None) -> list[int]:
        return [i for i, group in enumerate(groups) if codes is None or group <= codes]

    return inside, groups


def differences(atoms: Atoms) -> list[tuple[int, int]]:
    """Pairs of cells of which one lies within the other, so that their difference is a group of units as well.

    Parameters
    ----------
    atoms : Atoms
        All cells of one kind of units.

    Returns
    -------
    list of (int, int)
        Rows of the smaller and the larger cell: both shown, or of different releases; or the one is a part of the other
        that overlaps with the rest of it, which then is in no cell.
    """
    sizes = np.diff(atoms.matrix.indptr)
    shared = (atoms.matrix @ atoms.matrix.T).tocoo()
    nested = (shared.data == sizes[shared.row]) & (sizes[shared.row] < sizes[shared.col])
    pairs = zip(shared.row[nested].tolist(), shared.col[nested].tolist(), strict=True)
    return sorted(pair for pair in pairs if _is_told(atoms.cells[pair[0]], atoms.cells[pair[1]]))


def beside_bounds(atoms: Atoms) -> list[tuple[int, int, int]]:
    """Cells that are shown and lie within what others published, or hold all of it and more.

    Parameters
    ----------
    atoms : Atoms
        All cells of one kind of units.

    Returns
    -------
    list of (int, int, int)
        Row of the cell, row of the published number, and 1 where that is the larger of the two, else -1.
    """
    inside, outside = np.diff(atoms.matrix.indptr), np.diff(atoms.bounded.indptr)
    once = atoms.bounded.minimum(1)
    twice = (atoms.bounded - once).sum(axis=1).A1 > 0
    shared = (atoms.matrix @ once.T).tocoo()
    found = []
    for cell, bound, both in zip(shared.row.tolist(), shared.col.tolist(), shared.data.tolist(), strict=True):
        nested = both == min(inside[cell], outside[bound]) and (inside[cell] != outside[bound] or twice[bound])
        sign = 1 if inside[cell] <= outside[bound] else -1
        if nested and atoms.cells[cell].value is not None and not (twice[bound] and sign < 0):
            found.append((cell, bound, sign))
    return sorted(found)


def is_part_beside_others(one: Seen, other: Seen) -> bool:
    """Whether two cells that lie within each other are a whole and a part of it, of which other parts overlap."""
    here, there = dict(one.where), dict(other.where)
    return WITH in here and all(here.get(name) == there.get(name) for name in (here.keys() | there.keys()) - {WITH})


def _is_told(one: Seen, other: Seen) -> bool:
    return one.release != other.release or None not in (one.value, other.value) or is_part_beside_others(one, other)
