"""Who stands in which cells of a Result, by the rows under it; of an own table here.

Whatever the query, columns and codes are called: it is persons that Results are compared by.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import ibis
import ibis.expr.types as ir

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
    kinds = {it.name: COUNTED.get(KEY_OF.get(it.kind, ""), "rows") for it in measures}  # of a sum, what is added up
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
