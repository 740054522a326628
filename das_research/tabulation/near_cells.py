"""Which cells of two Results are counted over nearly the same persons, found where the rows are.

The engine counts how many of each two kinds of persons there are; how many stand in both of two cells follows, and is
asked of those whose sizes are so near that few can stand in one of them alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import product

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array, csr_array

from das_research.engines.keeping import joined_at_once
from das_research.presentation.bands import Place
from das_research.tabulation.cell_groups import CellGroups, Whole, cell_groups_of
from das_research.tabulation.cube import UNIT
from das_research.tabulation.membership import ENTRY, Members

Near = list[tuple[Place, Place, int]]


def nearly_the_same(pairs: Sequence[tuple[Members, Members]], minimum: int) -> list[Near]:
    """The pairs of cells of two Results whose persons differ by fewer than the minimum.

    Parameters
    ----------
    pairs : sequence of (Members, Members)
        Of a new and of an old Result, on the same extract.
    minimum : int
        So many persons in the one and not in the other, or the other way round, are enough.

    Returns
    -------
    list of list of (tuple, tuple, int)
        Of every pair: address of a cell of the new and of the old Result, and how many persons (of two cohorts: or
        entries) stand in one of them alone. Of a share are compared those of whom it is known, those for whom it holds
        and those for whom it does not, and the least difference is told that is not none. Fewer than the minimum in the
        new Result are hidden whatever they are beside: of them are told the same persons alone.
    """
    least: list[dict[tuple[Place, Place], int]] = [{} for _ in pairs]
    for unit in (UNIT, ENTRY):
        both = {at: pair for at, pair in enumerate(pairs) if all(unit in members.rows.columns for members in pair)}
        for at, places, apart in _near(both, unit, minimum):
            least[at][places] = min(filter(None, (least[at].get(places, 0), apart)), default=0)
    return [
        sorted(
            (mine, other, apart)
            for (mine, other), apart in found.items()
            if not (new.about and new.about == old.about) or mine[0] == other[0]
        )
        for (new, old), found in zip(pairs, least, strict=True)
    ]


def _near(
    pairs: Mapping[int, tuple[Members, Members]], unit: str, minimum: int
) -> Iterator[tuple[int, tuple[Place, Place], int]]:
    """Position of a pair, addresses of two cells, and how many units stand in one of them alone."""
    with ExitStack() as until_told:
        everybody = dict.fromkeys(members for pair in pairs.values() for members in pair)
        for members in list(everybody)[:1]:
            until_told.enter_context(joined_at_once(members.rows.get_backend()))
        standing = {members: cell_groups_of(members, unit, until_told) for members in everybody}
        both = {at: (standing[new], standing[old]) for at, (new, old) in pairs.items()}
        candidates = {at: _candidates(new.sizes, old.sizes, minimum) for at, (new, old) in both.items()}
        asked = {at: pair for at, pair in both.items() if len(candidates[at][0])}
        met = _met(asked)
    for at, (new, old) in asked.items():
        here, there = candidates[at]
        apart = new.sizes[here] + old.sizes[there] - 2 * _shared(new, old, met[at], here, there)
        few_enough = np.flatnonzero(apart < np.where(new.sizes[here] < minimum, 1, minimum))
        for place in few_enough.tolist():
            for mine, other in product(new.groups[here[place]], old.groups[there[place]]):
                yield at, (mine[0], other[0]), int(apart[place])


def _met(pairs: Mapping[int, tuple[CellGroups, CellGroups]]) -> dict[int, csr_array]:
    """Of every pair how many units are of each two kinds, of one Result and of the other."""
    if not pairs:
        return {}
    known = list(dict.fromkeys(it for pair in pairs.values() for it in pair))
    asked = [(known.index(new), known.index(old)) for new, old in pairs.values()]
    here, there = zip(*asked, strict=True)
    sides = [_of_several({at: known[at] for at in sorted(set(side))}) for side in (here, there)]
    both = ibis.memtable(pa.table({"here": pa.array(here, pa.int64()), "there": pa.array(there, pa.int64())}))
    every = both.join(sides[0].rename(here="place"), "here")
    every = every.join(sides[1].rename(there="place", other="kind"), ["there", "unit"])
    found = every.group_by("here", "there", "kind", "other").agg(units=every.count()).to_pyarrow()
    met = {}
    for (at, (new, old)), (mine, its) in zip(pairs.items(), asked, strict=True):
        told = found.filter((pc.field("here") == mine) & (pc.field("there") == its))
        kind, other = (
            pc.index_in(told[name], pa.array(it.kinds, pa.string())).to_numpy()
            for name, it in (("kind", new), ("other", old))
        )
        shape = len(new.kinds), len(old.kinds)
        met[at] = csr_array(coo_array((told["units"].to_numpy(), (kind, other)), shape=shape, dtype=np.int64))
    return met


def _of_several(standing: Mapping[int, CellGroups]) -> ir.Table:
    return ibis.union(*(it.units.mutate(place=ibis.literal(at, "int64")) for at, it in standing.items()))


def _shared(new: CellGroups, old: CellGroups, met: csr_array, here: Whole, there: Whole) -> Whole:
    """How many units are in both groups of each two."""
    (mine, row), (other, column) = (np.unique(groups, return_inverse=True) for groups in (here, there))
    shared = new.holds[:, mine].T @ (met @ old.holds[:, other])
    return np.asarray(shared.toarray()[row, column], dtype=np.int64)


def _candidates(new: Whole, old: Whole, minimum: int) -> tuple[Whole, ...]:
    """The pairs of groups of which the sizes say that few can stand in one alone; of a small one, none."""
    order = np.argsort(old, kind="stable")
    within = np.where(new < minimum, 0, minimum - 1)
    least = np.searchsorted(old[order], new - within, side="left")
    counts = np.searchsorted(old[order], new + within, side="right") - least
    here = np.repeat(np.arange(len(new)), counts)
    steps = np.arange(len(here)) - np.repeat(np.cumsum(counts) - counts, counts)
    return here, order[np.repeat(least, counts) + steps]
