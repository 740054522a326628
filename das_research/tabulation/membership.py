"""Which cells of two Results are counted over nearly the same persons, found where the rows are.

Whatever the two queries, columns and codes are called: it is the persons that are compared. The engine tells of every
combination of cells how many persons stand in just those; what two cells share is added up from that small table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from scipy import sparse

from das_research.presentation.bands import Place
from das_research.result import TOTAL
from das_research.tabulation.checks import PERIOD_COLUMNS, key_column
from das_research.tabulation.cube import UNIT, prepared
from das_research.tabulation.measures import WITH_COLUMN, read_measures
from das_research.tabulation.queries import Project, table_of

ENTRY = "_entry"
Cell = tuple[Place, str]  # an address, and which of its numbers: of whom it is known, for whom it holds or does not
BETWEEN, NEXT = "|", "\n"
ESCAPES = {"%": "%0", BETWEEN: "%1", NEXT: "%2"}


@dataclass(frozen=True)
class Members:
    """Who stands in which cells of a Result.

    Parameters
    ----------
    rows : Table
        `UNIT`, of a cohort also `ENTRY` (a person once a year), and columns of texts and of yes and no, none of them
        empty, from which the cells follow.
    cells : callable
        From those columns of a row (yes is ``"1"``) to the cells that it stands in.
    about : str
        Whoever is compared: of two Results about the same, a cell is laid beside those of its own measure alone.
    """

    rows: ir.Table
    cells: Callable[[Mapping[str, str]], Iterable[Cell]]
    about: str = ""


def nearly_the_same(new: Members, old: Members, minimum: int) -> list[tuple[Place, Place, int]]:
    """The pairs of cells of two Results whose persons differ by fewer than the minimum.

    Parameters
    ----------
    new, old : Members
        Of the two Results, on the same extract.
    minimum : int
        So many persons in the one and not in the other, or the other way round, are enough.

    Returns
    -------
    list of (tuple, tuple, int)
        Address of a cell of the new and of the old Result, and how many persons (of two cohorts: or entries) stand in
        one of them alone. Of a share are compared those of whom it is known, those for whom it holds and those for
        whom it does not, and the least difference is told that is not none.
    """
    least: dict[tuple[Place, Place], int] = {}
    for unit in (UNIT, ENTRY):
        if unit in new.rows.columns and unit in old.rows.columns:
            for pair, apart in _near(new, old, unit, minimum):
                least[pair] = min(filter(None, (least.get(pair, 0), apart)), default=0)
    same = bool(new.about) and new.about == old.about
    return sorted((mine, other, apart) for (mine, other), apart in least.items() if not same or mine[0] == other[0])


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
    table = table_of(project, parameters["query"])
    by = list(dict.fromkeys(parameters.get("by", ())))
    measures = read_measures(table, parameters.get("measures") or {"aantal": "count"})
    narrow = prepared(table, by, measures, key_column(table, person=project.catalog.chain.person))
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

    return Members(narrow.select(**{UNIT: narrow[UNIT].fill_null("")}, **told), cells)


def with_totals(codes: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """These codes, with every subset of them as totals.

    Examples
    --------
    >>> list(with_totals(["a", "b"]))
    [('_T', '_T'), ('a', '_T'), ('_T', 'b'), ('a', 'b')]
    """
    for size in range(len(codes) + 1):
        for kept in combinations(range(len(codes)), size):
            yield tuple(code if place in kept else TOTAL for place, code in enumerate(codes))


def _near(new: Members, old: Members, unit: str, minimum: int) -> Iterable[tuple[tuple[Place, Place], int]]:
    ours, theirs = (_profiles(members.rows, unit, side) for members, side in ((new, "new"), (old, "old")))
    joined = ours.outer_join(theirs, unit)
    small = joined.group_by("new", "old").agg(units=joined.count()).to_pyarrow().to_pydict()
    weights = np.array(small["units"], dtype="int64")
    (mine, inside), (other, beside) = (
        _standing(members, small[side]) for members, side in ((new, "new"), (old, "old"))
    )
    shared = sparse.coo_array(inside.T @ sparse.diags_array(weights, dtype="int64") @ beside)
    apart = (inside.T @ weights)[shared.row] + (beside.T @ weights)[shared.col] - 2 * shared.data
    for place in np.flatnonzero(apart < minimum):
        yield (mine[shared.row[place]][0], other[shared.col[place]][0]), int(apart[place])


def _profiles(rows: ir.Table, unit: str, side: str) -> ir.Table:
    """Of every unit, in one text, the different rows it has."""
    columns = [name for name in rows.columns if name not in (UNIT, ENTRY)]
    spot = reduce(lambda text, name: text + BETWEEN + _text(rows[name]), columns, ibis.literal("", "string"))
    spots = rows.select(rows[unit].name(unit), spot=spot).distinct()
    return spots.group_by(unit).agg(**{side: spots.spot.group_concat(NEXT, order_by=spots.spot)})


def _text(column: Any) -> ir.StringValue:
    if column.type().is_boolean():
        return column.ifelse("1", "0")
    return reduce(lambda text, sign: text.replace(sign, ESCAPES[sign]), ESCAPES, column)


def _standing(members: Members, profiles: Sequence[str | None]) -> tuple[list[Cell], sparse.csr_array]:
    """The cells that occur, and of every profile (a row) which of them it stands in."""
    columns = [name for name in members.rows.columns if name not in (UNIT, ENTRY)]
    numbers: dict[Cell, int] = {}
    known: dict[str, list[int]] = {}
    rows, places = [], []
    for row, profile in enumerate(profiles):
        stands = set()
        for spot in () if profile is None else profile.split(NEXT):
            if spot not in known:
                values = dict(zip(columns, map(_read, spot.split(BETWEEN)[1:]), strict=True))
                known[spot] = [numbers.setdefault(cell, len(numbers)) for cell in members.cells(values)]
            stands.update(known[spot])
        rows += [row] * len(stands)
        places += sorted(stands)
    found = sparse.csr_array((np.ones(len(rows), "int64"), (rows, places)), shape=(len(profiles), len(numbers)))
    return list(numbers), found


def _read(text: str) -> str:
    return reduce(lambda read, sign: read.replace(ESCAPES[sign], sign), reversed(ESCAPES), text)
