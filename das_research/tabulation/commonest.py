"""Of which sums and means nearly everybody has one and the same value: then it tells what the few others have.

A sum of noughts and ones is a count, and what is missing to all of them is one too; the mean of what everybody has
alike is the value of each. Under every sum and mean, less than the minimum of persons with another value than the
commonest is as unsafe as a share of few, or of all but few.
"""

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.tabulation.cube import TOO_LARGE, UNIT, Address, computed_rows, every_subset, grouped_codes

PERSONS, OTHERS = "persons", "others"


def nearly_all_alike(table: ir.Table, by: Sequence[str], value: ir.Value, minimum: int) -> frozenset[Address]:
    """The cells of enough persons in which fewer than the minimum have another value than the commonest.

    Parameters
    ----------
    table : Table
        As `das_research.tabulation.cube.prepared` gives it.
    by : sequence of str
        The dimensions.
    value : Value
        What is added, as exact as it is added; where it is missing, nothing is.
    minimum : int
        So many persons are enough.

    Examples
    --------
    >>> rows = ibis.memtable({UNIT: list("abcdef"), "_by_soort": list("xxxyyy"), "bedrag": [1, 1, 0, 5, 7, 9]})
    >>> nearly_all_alike(rows, ["soort"], rows.bedrag, 2)  # of y three have another than any
    frozenset({('x',)})
    """
    known = table.mutate(_value=value)
    known = known.filter(known["_value"].notnull())
    cells = ibis.union(*(_others(known, kept, by) for kept in every_subset(by)))
    few = cells.filter(cells[OTHERS] < minimum, cells[PERSONS] >= minimum)
    rows = computed_rows(few, "Whether nearly everybody has the same could not be computed.", TOO_LARGE)
    return frozenset(tuple(row[f"_by_{column}"] for column in by) for row in rows)


def _others(known: ir.Table, kept: Sequence[str], by: Sequence[str]) -> ir.Table:
    """Of every cell how many persons have another value than that of the most persons."""
    codes = [f"_by_{column}" for column in kept]
    values = known.group_by([*codes, "_value"]).agg(size=known[UNIT].nunique())
    order = [values["size"].desc(), values["_value"]]
    place = ibis.row_number().over(group_by=codes or None, order_by=order)
    commonest = values.mutate(place=place).filter(ibis._.place == 0).select(*codes, commonest="_value")
    joined: Any = known.join(commonest, codes) if codes else known.cross_join(commonest)
    units: Any = joined[UNIT]
    asked = {PERSONS: units.nunique(), OTHERS: units.nunique(where=joined["_value"] != joined["commonest"])}
    grouped = joined.group_by(codes).agg(**asked) if codes else joined.agg(**asked)
    return grouped_codes(grouped, kept, by, asked)
