"""Of which counts of rows one unit or a few have too many: a query can give rows to somebody as an amount is high."""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Disclosure
from das_research.tabulation.cube import TOO_LARGE, Address, Found, kept_rows
from das_research.tabulation.dominance import UNJUDGED, judged_by_cell
from das_research.tabulation.measures import EXACT, Measure

PARTS = {"count": ("count",), "mean": ("count",), "share": ("met", "unmet")}


def rows_of_one(
    table: ir.Table,
    by: Sequence[str],
    measures: Sequence[Measure],
    cells: Mapping[Address, Sequence[Found]],
    rules: Disclosure,
) -> frozenset[tuple[str, Address]]:
    """The cells of counts, shares and means in which the rows of one unit or a few break a rule of concentration.

    Parameters
    ----------
    table : Table
        As `das_research.tabulation.cube.prepared` gives it.
    by : sequence of str
        The dimensions.
    measures : sequence of Measure
        All measures of the table.
    cells : mapping
        What was found in each cell for each measure: where nobody can have so many rows the engine is not asked.
    rules : Disclosure
        As those of `das_research.tabulation.dominance.concentrated`.

    Returns
    -------
    frozenset of (str, tuple)
        Name of the measure and codes of the cell.
    """
    asked = [
        (measure, part)
        for place, measure in enumerate(measures)
        for part in (PARTS.get(measure.kind, ()) if rules.judges_sums else ())
        if any(_could_be(*_rows_and_units(found[place], part), rules) for found in cells.values())
    ]
    if not asked:
        return frozenset()
    with kept_rows(table, UNJUDGED, TOO_LARGE) as rows:
        weights = {(measure.name, part): _weight(rows, measure, part) for measure, part in asked}
        judged = judged_by_cell(rows, by, {name: (weight, weight) for name, weight in weights.items()}, rules)
    return frozenset(
        (name, address) for (name, _), told in judged.items() for address, it in told.items() if it["broken"]
    )


def _weight(table: ir.Table, measure: Measure, part: str) -> Any:
    """What a row adds to a number of rows that a measure tells."""
    column: Any = table[measure.column] if measure.column else ibis.literal(True)
    counts = (column if part == "met" else ~column) if measure.kind == "share" else column.notnull()
    return counts.fill_null(False).cast("int64").cast(EXACT)


def _rows_and_units(found: Found, part: str) -> tuple[int, int]:
    count, met = (int(found.get(name) or 0) for name in ("count", "met"))
    rows = {"met": met, "unmet": count - met}.get(part, count)
    return rows, int(found.get({"met": "n_met", "unmet": "n_unmet"}.get(part, "n")) or 0)


def _could_be(rows: int, units: int, rules: Disclosure) -> bool:
    """Whether a rule can be broken where everybody has a row; fewer units than the minimum are hidden anyway.

    Examples
    --------
    >>> [_could_be(rows, 10, Disclosure(dominance=50)) for rows in (10, 18, 19)]  # the largest of 19 can be ten
    [False, False, True]
    """
    if units < rules.minimum or rows <= units:
        return False
    few = [size for size, percent in rules.dominances.items() if 100 * (rows - units + size) > percent * rows]
    p = rules.p_percent
    return bool(few) or (p is not None and 100 * (units - 2) < p * (rows - units + 1))
