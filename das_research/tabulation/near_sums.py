"""Which sums of cells of two Results are counted over nearly the same persons, though no two of their cells are.

One code of an own table can be several of another, less a few persons: the codes are added up, and the one subtracted.
Cells of one level (the same measure, by the same columns) are laid beside those of another.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_array

from das_research.engines.keeping import joined_at_once
from das_research.presentation.bands import Place
from das_research.result import TOTAL
from das_research.tabulation.cell_groups import CellGroups, cell_groups_of
from das_research.tabulation.cube import UNIT
from das_research.tabulation.membership import CASE_OF, Members
from das_research.tabulation.small_cuts import small_cuts

Near = tuple[tuple[Place, ...], tuple[Place, ...], int]
Groups = tuple[int, ...]
Counts = NDArray[np.int64]
Name = tuple[str, str, tuple[bool, ...]]  # of a level: a measure, of whom, and which columns are totals


def nearly_the_same_sums(new: Members, old: Members, minimum: int) -> list[Near]:
    """The sums of cells of two Results whose persons differ by fewer than the minimum.

    Parameters
    ----------
    new, old : Members
        On the same extract. Where both know the cases they are compared by case, since one person can have some in
        several cells; told are the persons of the cases that stand in one of two sums alone.
    minimum : int
        So many are enough. Cells of fewer are in no sum: they are hidden.

    Returns
    -------
    list of (tuple of tuple, tuple of tuple, int)
        Addresses of the cells of the new and of the old Result that are added up, several on one side at least, and how
        many persons tell them apart. Left out are sums that are cells of both.
    """
    unit = CASE_OF if all(CASE_OF in it.rows.columns for it in (new, old)) else UNIT
    with ExitStack() as until_told:
        until_told.enter_context(joined_at_once(new.rows.get_backend()))
        mine, other = (_Side(cell_groups_of(it, unit, until_told, persons=True), minimum) for it in (new, old))
        return sorted(_of_both(mine, other, minimum))


@dataclass(frozen=True, eq=False)
class _Side:
    """One of the two: its groups of rows that are cells, and the levels that they make up."""

    own: CellGroups
    minimum: int

    @cached_property
    def cases(self) -> ir.Table:
        """Each case with its person, once in every group."""
        return self.own.among(np.arange(len(self.own.groups)))

    @cached_property
    def is_large(self) -> NDArray[np.bool_]:
        """Of every group whether the persons in it are enough."""
        return self.persons(self.cases) >= self.minimum

    @cached_property
    def levels(self) -> dict[Groups, list[Name]]:
        """The groups that make up a level, and what it is called: several measures are often of the same rows."""
        groups: dict[Name, list[int]] = {}
        for group, cells in enumerate(self.own.groups):
            for name in dict.fromkeys(_name(place, part) for place, part in cells):
                groups.setdefault(name, []).append(group)
        found: dict[Groups, list[Name]] = {}
        for name, held in groups.items():
            found.setdefault(tuple(held), []).append(name)
        return found

    def rows_of(self, groups: Sequence[int]) -> frozenset[str]:
        return frozenset[str]().union(*(self.own.spots[group] for group in groups))

    def is_cell(self, groups: Sequence[int]) -> bool:
        """Whether groups are of the rows of a single cell."""
        return self.rows_of(groups) in self._cells

    @cached_property
    def _cells(self) -> set[frozenset[str]]:
        return set(self.own.spots)

    def persons(self, cases: ir.Table) -> Counts:
        """How many persons these cases are of, in every group."""
        counted = cases.group_by("group").agg(persons=cases.person.nunique()).to_pyarrow()
        found = np.zeros(len(self.own.groups), "int64")
        found[counted["group"].to_numpy()] = counted["persons"].to_numpy()
        return found

    def places(self, groups: Sequence[int]) -> Iterator[tuple[Place, ...]]:
        """The addresses of these groups, in every level that they are of."""
        for held, names in self.levels.items():
            for name in names if set(groups) <= set(held) else ():
                cells = ((place for place, part in self.own.groups[it] if _name(place, part) == name) for it in groups)
                yield tuple(sorted(next(places) for places in cells))


def _name(place: Place, part: str) -> Name:
    measure, *codes = place
    return measure, part, tuple(code == TOTAL for code in codes)


def _of_both(new: _Side, old: _Side, minimum: int) -> Iterator[Near]:
    shared = _shared(new, old)
    absent, absent_there = _absent(new, old), _absent(old, new)
    asked: dict[tuple[Groups, Groups], None] = {}
    for mine, other in product(new.levels, old.levels):
        here, there = (_large(side, groups) for side, groups in ((new, mine), (old, other)))
        few, few_there = (np.setdiff1d(groups, large) for groups, large in ((mine, here), (other, there)))
        alone = absent[old.rows_of(other)][here] + shared[here][:, few_there].sum(axis=1)
        alone_there = absent_there[new.rows_of(mine)][there] + shared[few][:, there].sum(axis=0)
        for one, two in small_cuts(shared[here][:, there], alone, alone_there, minimum):
            ones, others = tuple(here[one].tolist()), tuple(there[two].tolist())
            is_sum = max(len(ones), len(others)) > 1 and min(len(ones), len(others)) > 0
            if is_sum and not (new.is_cell(ones) and old.is_cell(others)):
                asked[ones, others] = None
    for (ones, others), apart in zip(asked, _apart(new, old, list(asked)), strict=True):
        if apart < minimum:
            for places in product(new.places(ones), old.places(others)):
                yield *places, apart


def _large(side: _Side, groups: Sequence[int]) -> Counts:
    held = np.array(groups, "int64")
    return held[side.is_large[held]]


def _shared(new: _Side, old: _Side) -> Any:
    """How many persons have a case in both of each two groups."""
    met = new.cases.rename(here="group").join(old.cases.select("unit", there="group"), "unit")
    found = met.group_by("here", "there").agg(shared=met.person.nunique()).to_pyarrow()
    here, there, shared = (found[name].to_numpy() for name in ("here", "there", "shared"))
    return coo_array((shared, (here, there)), shape=(len(new.own.groups), len(old.own.groups)), dtype="int64").tocsr()


def _absent(side: _Side, other: _Side) -> dict[frozenset[str], Counts]:
    """Of the rows of each level of the other side: how many persons of every group have a case that is not there."""
    found: dict[frozenset[str], Counts] = {}
    for groups in other.levels:
        if (rows := other.rows_of(groups)) not in found:
            there = other.own.among(np.array(groups)).select("unit").distinct()
            found[rows] = side.persons(side.cases.anti_join(there, "unit"))
    return found


def _apart(new: _Side, old: _Side, asked: Sequence[tuple[Groups, Groups]]) -> Sequence[int]:
    """How many persons have a case in one of two sums alone."""
    if not asked:
        return []
    sides = []
    for place, side in enumerate((new, old)):
        pairs = [(number, group) for number, sums in enumerate(asked) for group in sums[place]]
        number, group = (pa.array(it, pa.int64()) for it in zip(*pairs, strict=True))
        known = ibis.memtable(pa.table({"number": number, "group": group}))
        told = side.own.among(np.array([group for _, group in pairs])).join(known, "group")
        sides.append(told.select("number", "unit", "person").distinct())
    both = ibis.union(*sides)
    alone = both.group_by("number", "unit", "person").agg(sides=both.count())
    alone = alone.filter(alone.sides == 1)
    counted = alone.group_by("number").agg(apart=alone.person.nunique()).to_pyarrow().to_pydict()
    found: Mapping[int, int] = dict(zip(counted["number"], counted["apart"], strict=True))
    return [found.get(number, 0) for number in range(len(asked))]
