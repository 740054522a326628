"""Which cells of two Results are counted over nearly the same persons, found where the rows are.

Whatever the two queries, columns and codes are called: it is the persons that are compared. The engine counts how many
stand in each cell, and in both of two cells whose sizes are so near that few can stand in one of them alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, product
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from das_research.engines.keeping import joined_at_once, kept
from das_research.presentation.bands import Place
from das_research.result import TOTAL
from das_research.tabulation.checks import CASE, PERIOD_COLUMNS
from das_research.tabulation.cube import UNIT, prepared
from das_research.tabulation.measures import KEY_OF, WITH_COLUMN, read_measures
from das_research.tabulation.own_keys import keys_of
from das_research.tabulation.queries import Project, table_of

ENTRY = "_entry"
CASE_OF = "_case"
COUNTED = {"case_id": "_case_counted", "person_id": "_person_counted"}  # keys of which different ones are counted
Cell = tuple[Place, str]  # an address, and which of its numbers: of whom it is known, for whom it holds or does not
Near = list[tuple[Place, Place, int]]
BETWEEN = "|"
ESCAPES = {"%": "%0", BETWEEN: "%1"}


@dataclass(frozen=True, eq=False)
class Members:
    """Who stands in which cells of a Result.

    Parameters
    ----------
    rows : Table
        `UNIT`, of a cohort also `ENTRY` (a person once a year), where it is known `CASE_OF`, where keys are counted
        these by the names of `COUNTED`, and columns of texts and of yes and no, none of them empty, from which the
        cells follow.
    cells : callable
        From those columns of a row (yes is ``"1"``) to the cells that it stands in.
    about : str
        Whoever is compared: of two Results about the same, a cell is laid beside those of its own measure alone.
    counts : callable, optional
        What the number of a cell counts: ``rows``, or the different keys of a column of `COUNTED`; nothing where it is
        no number of either. By default rows.
    """

    rows: ir.Table
    cells: Callable[[Mapping[str, str]], Iterable[Cell]]
    about: str = ""
    counts: Callable[[Cell], str] = lambda _: "rows"


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


def members_of_table(project: Project, parameters: Mapping[str, Any]) -> Members:
    """Who stands in the cells of an own table.

    Parameters
    ----------
    project : Project
        Opened on the extract.
    parameters : mapping
        Of a recipe of `das_research.tabulate`.

    Raises
    ------
    UsageError
        When its query can't be run on the extract.
    """
    query = parameters["query"]
    table = table_of(project, query)
    by = list(dict.fromkeys(parameters.get("by", ())))
    measures = read_measures(table, parameters.get("measures") or {"aantal": "count"})
    also = [CASE] if CASE in table.columns else []
    narrow = prepared(table, by, measures, keys_of(project, table, query), also)
    told: dict[str, Any] = {f"by_{place}": narrow[f"_by_{name}"] for place, name in enumerate(by)}
    for place, measure in enumerate(measures):
        column: Any = narrow[measure.column] if measure.kind in WITH_COLUMN else None
        told[f"known_{place}"] = ibis.literal(True) if column is None else column.notnull()
        told[f"holds_{place}"] = column.fill_null(False) if measure.kind == "share" else told[f"known_{place}"]

    def cells(row: Mapping[str, str]) -> Iterable[Cell]:
        for codes in with_totals([row[f"by_{place}"] for place in range(len(by))]):
            named = dict(zip(by, codes, strict=True))
            period = next((named.pop(name) for name in by if name in PERIOD_COLUMNS), TOTAL)
            for number, measure in enumerate(measures):
                if row[f"known_{number}"] == "1":
                    place = (measure.name, *named.values(), period)
                    yield place, "known"
                    if measure.kind == "share":
                        yield place, "holds" if row[f"holds_{number}"] == "1" else "lacks"

    cases = {CASE_OF: ibis.coalesce(narrow[CASE].cast("string"), narrow[UNIT], "")} if also else {}
    kinds = {it.name: "" if it.kind == "sum" else COUNTED.get(KEY_OF.get(it.kind, ""), "rows") for it in measures}
    told |= {name: narrow[key].cast("string") for key, name in COUNTED.items() if name in kinds.values()}
    rows = narrow.select(**{UNIT: narrow[UNIT].fill_null("")}, **cases, **told)
    return Members(rows, cells, counts=lambda cell: kinds[cell[0][0]])


def with_totals(codes: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """These codes, with every subset of them as totals.

    Examples
    --------
    >>> list(with_totals(["a", "b"]))
    [('_T', '_T'), ('a', '_T'), ('_T', 'b'), ('a', 'b')]
    """
    for size in range(len(codes) + 1):
        for named in combinations(range(len(codes)), size):
            yield tuple(code if place in named else TOTAL for place, code in enumerate(codes))


@dataclass(frozen=True, eq=False)
class CellGroups:
    """Of some Members: each unit with its rows, the groups of rows that are cells, and how many units are in each.

    Of cells that are the same rows, such as a stock at the end of a year and at the beginning of the next, one is asked
    after.
    """

    spots: ir.Table
    groups: list[list[Cell]]
    of_spot: list[tuple[str, int]]
    sizes: NDArray[np.int64]

    def among(self, groups: NDArray[np.int64], first: int = 0) -> ir.Table:
        """Each unit once in every one of these groups that it is in; the first group of all has this number."""
        chosen = set(groups.tolist())
        return _grouped(self.spots, [(spot, group) for spot, group in self.of_spot if group in chosen], first)


def _near(
    pairs: Mapping[int, tuple[Members, Members]], unit: str, minimum: int
) -> Iterator[tuple[int, tuple[Place, Place], int]]:
    """Position of a pair, addresses of two cells, and how many units stand in one of them alone."""
    with ExitStack() as until_told:
        everybody = dict.fromkeys(members for pair in pairs.values() for members in pair)
        for members in list(everybody)[:1]:
            until_told.enter_context(joined_at_once(members.rows.get_backend()))
        standing = {members: cell_groups_of(members, unit, until_told) for members in everybody}
        ends = np.cumsum([len(it.groups) for it in standing.values()])
        first = {members: int(end) - len(it.groups) for (members, it), end in zip(standing.items(), ends, strict=True)}
        candidates = {
            at: _candidates(standing[new].sizes, standing[old].sizes, minimum) for at, (new, old) in pairs.items()
        }
        asked = {at: it for at, it in candidates.items() if len(it[0])}
        if not asked:
            return
        sides = []
        for side in (0, 1):
            groups: dict[Members, list[NDArray[np.int64]]] = {}
            for at, found in asked.items():
                groups.setdefault(pairs[at][side], []).append(found[side])
            tables = [standing[it].among(np.concatenate(chosen), first[it]) for it, chosen in groups.items()]
            sides.append(ibis.union(*tables) if len(tables) > 1 else tables[0])
        here, there = (
            np.concatenate([found[side] + first[pairs[at][side]] for at, found in asked.items()]) for side in (0, 1)
        )
        both = ibis.memtable(pa.table({"here": here, "there": there}))
        met = both.join(sides[0].rename(here="group"), "here").join(sides[1].rename(there="group"), ["there", "unit"])
        shared = met.group_by("here", "there").agg(shared=met.count()).to_pyarrow().to_pydict()
    sizes = np.concatenate([it.sizes for it in standing.values()])
    mine, other = (np.array(shared[side], "int64") for side in ("here", "there"))
    apart = sizes[mine] + sizes[other] - 2 * np.array(shared["shared"], "int64")
    few_enough = np.flatnonzero(apart < np.where(sizes[mine] < minimum, 1, minimum))
    told = {(int(mine[at]), int(other[at])): int(apart[at]) for at in few_enough}
    for at, found in asked.items():
        new, old = pairs[at]
        for group, beside in zip(*(it.tolist() for it in found), strict=True):
            if (few := told.get((group + first[new], beside + first[old]))) is not None:
                for places in product(standing[new].groups[group], standing[old].groups[beside]):
                    yield at, (places[0][0], places[1][0]), few


def _candidates(new: NDArray[np.int64], old: NDArray[np.int64], minimum: int) -> tuple[NDArray[np.int64], ...]:
    """The pairs of groups of which the sizes say that few can stand in one alone; of a small one, none."""
    order = np.argsort(old, kind="stable")
    within = np.where(new < minimum, 0, minimum - 1)
    least = np.searchsorted(old[order], new - within, side="left")
    counts = np.searchsorted(old[order], new + within, side="right") - least
    here = np.repeat(np.arange(len(new)), counts)
    steps = np.arange(len(here)) - np.repeat(np.cumsum(counts) - counts, counts)
    return here, order[np.repeat(least, counts) + steps]


def cell_groups_of(members: Members, unit: str, until_told: ExitStack, *, persons: bool = False) -> CellGroups:
    """Who stands in the groups of cells of a Result, or which cases, `persons` with whose; kept until all is told."""
    named = {"unit": members.rows[unit]} | ({"person": members.rows[UNIT]} if persons else {})
    spots = until_told.enter_context(kept(members.rows.select(**named, spot=spot_of(members)).distinct()))
    rows = cells_of_spots(members, spots.select("spot").distinct().to_pyarrow()["spot"].to_pylist())
    alike: dict[tuple[str, ...], list[Cell]] = {}
    for cell, held in rows.items():
        alike.setdefault(tuple(held), []).append(cell)
    of_spot = [(spot, group) for group, held in enumerate(alike) for spot in held]
    counted = _grouped(spots, of_spot).group.value_counts(name="size").to_pyarrow().to_pydict()
    sizes = np.zeros(len(alike), "int64")
    sizes[counted["group"]] = counted["size"]
    return CellGroups(spots, list(alike.values()), of_spot, sizes)


def spot_of(members: Members) -> ir.StringValue:
    """All columns of a row from which its cells follow, as one text."""
    begin = ibis.literal("", "string")
    return reduce(lambda it, name: it + BETWEEN + _text(members.rows[name]), _columns(members), begin)


def cells_of_spots(members: Members, spots: Iterable[str]) -> dict[Cell, list[str]]:
    """Every cell, with those of these texts whose rows stand in it."""
    columns, found = _columns(members), dict[Cell, list[str]]()
    for spot in sorted(spots):
        values = dict(zip(columns, map(_read, spot.split(BETWEEN)[1:]), strict=True))
        for cell in dict.fromkeys(members.cells(values)):
            found.setdefault(cell, []).append(spot)
    return found


def _columns(members: Members) -> list[str]:
    return [name for name in members.rows.columns if name not in (UNIT, ENTRY, CASE_OF, *COUNTED.values())]


def _grouped(spots: ir.Table, of_spot: Sequence[tuple[str, int]], first: int = 0) -> ir.Table:
    texts, groups = [spot for spot, _ in of_spot], [first + group for _, group in of_spot]
    known = ibis.memtable(pa.table({"spot": pa.array(texts, pa.string()), "group": pa.array(groups, pa.int64())}))
    return spots.join(known, "spot").drop("spot").distinct()


def _text(column: Any) -> ir.StringValue:
    if column.type().is_boolean():
        return column.ifelse("1", "0")
    return reduce(lambda text, sign: text.replace(sign, ESCAPES[sign]), ESCAPES, column)


def _read(text: str) -> str:
    return reduce(lambda read, sign: read.replace(ESCAPES[sign], sign), reversed(ESCAPES), text)
