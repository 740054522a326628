"""Who stands in the cells of one Result: units that stand in the same rows are one kind, and are counted once."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_array

from das_research.engines.keeping import kept
from das_research.tabulation.cube import UNIT
from das_research.tabulation.membership import Cell, Members
from das_research.tabulation.spots import cells_of_spots, spot_of, spots_in

Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CellGroups:
    """The groups of rows that are cells of some Members, and who is in them.

    Of cells that are the same rows, such as a stock at the end of a year and at the beginning of the next, one is asked
    after.

    Parameters
    ----------
    units : Table
        Each ``unit`` once, with its ``kind``: all spots that it has, as one text.
    kinds : list of str
        Every kind.
    groups : list of list of (tuple, str)
        Of every group the cells that are these rows.
    spots : list of frozenset of str
        Of every group its spots.
    holds : sparse array
        Of every kind which groups it is in.
    sizes : array
        How many units are in each group.
    """

    units: ir.Table
    kinds: list[str]
    groups: list[list[Cell]]
    spots: list[frozenset[str]]
    holds: csr_array
    sizes: Whole

    def among(self, groups: Sequence[int] | Whole) -> ir.Table:
        """Each unit once in every one of these groups that it is in."""
        chosen = np.unique(np.asarray(groups, dtype=np.int64))
        kind, group = self.holds[:, chosen].nonzero()
        texts = pa.array(self.kinds, pa.string()).take(pa.array(kind, pa.int64()))
        known = ibis.memtable(pa.table({"kind": texts, "group": pa.array(chosen[group], pa.int64())}))
        return self.units.join(known, "kind").drop("kind")


def cell_groups_of(members: Members, unit: str, until_told: ExitStack, *, persons: bool = False) -> CellGroups:
    """Who stands in the groups of cells of a Result, or which cases, `persons` with whose; kept until all is told."""
    named = {"unit": members.rows[unit]} | ({"person": members.rows[UNIT]} if persons else {})
    rows = members.rows.select(**named, spot=spot_of(members)).distinct()
    units = until_told.enter_context(
        kept(rows.group_by(*named).agg(kind=rows.spot.group_concat("", order_by=rows.spot)))
    )
    counted = units.group_by("kind").agg(units=units.count()).order_by("kind").to_pyarrow().to_pydict()
    spots_of = [spots_in(members, kind) for kind in counted["kind"]]
    spots = sorted({spot for held in spots_of for spot in held})
    alike: dict[tuple[str, ...], list[Cell]] = {}
    for cell, held in cells_of_spots(members, spots).items():
        alike.setdefault(tuple(held), []).append(cell)
    within = _incidence(list(alike), spots).T
    holds = csr_array(_incidence(spots_of, spots) @ within, dtype=np.int64).sign()
    sizes = np.array(counted["units"], dtype=np.int64) @ holds
    return CellGroups(units, counted["kind"], list(alike.values()), list(map(frozenset, alike)), holds, sizes)


def _incidence(several: Sequence[Sequence[str]], spots: Sequence[str]) -> csr_array:
    """Of several sets of spots which of all they hold."""
    place = {spot: at for at, spot in enumerate(spots)}
    held = [place[spot] for some in several for spot in some]
    ends = np.cumsum([0, *map(len, several)])
    return csr_array((np.ones(len(held), dtype=np.int64), held, ends), shape=(len(several), len(spots)))
