"""Of which sums and means one unit makes up too much: by the catalogue's rules, computed where the rows are.

Rules after A. Hundepool and others, Statistical Disclosure Control (Wiley, 2012), chapter 4: a cell is unsafe when its
largest contribution is more than k % of the total (dominance), or when the others but the two largest come to less
than p % of the largest (p % rule: who is second knows the largest so well). Contributions count by their size, whatever
their sign.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Disclosure
from das_research.tabulation.cube import UNIT, Address, grouped_codes
from das_research.tabulation.measures import EXACT, Measure

ADDED = ("sum", "mean")
COUNTED = ("count", "share")  # what a sum can be subtracted from, besides another sum


def dominated(
    table: ir.Table, by: Sequence[str], measures: Sequence[Measure], rules: Disclosure
) -> frozenset[tuple[str, Address]] | None:
    """The cells that one unit dominates, and those of which two measures differ by little but one unit's value.

    Parameters
    ----------
    table : Table
        As `das_research.tabulation.cube.prepared` gives it: dimensions as texts, and the unit of every row.
    by : sequence of str
        The dimensions.
    measures : sequence of Measure
        All measures of the table.
    rules : Disclosure
        Its `dominance` and `p_percent`.

    Returns
    -------
    frozenset of (str, tuple of str), or None
        Name of the measure and the codes of the cell; None where the catalogue has neither rule. Empty for a table
        without sums and means.
    """
    if rules.dominance is None and rules.p_percent is None:
        return None
    weighed = {measure.name: _weight(table, measure) for measure in measures if measure.kind in (*ADDED, *COUNTED)}
    added = [measure.name for measure in measures if measure.kind in ADDED]
    found = {(name, address) for name in added for address in _unsafe(table, by, weighed[name], rules)}
    for one, other in combinations(weighed, 2):
        if {one, other} & set(added):
            told = set(_unsafe(table, by, weighed[one] - weighed[other], rules))
            found |= {(name, address) for name in (one, other) if name in added for address in told}
    return frozenset(found)


def _weight(table: ir.Table, measure: Measure) -> Any:
    """What a row adds to a measure."""
    if measure.kind == "count":
        return ibis.literal(1).cast(EXACT)
    return ibis.coalesce(table[measure.column].cast("int64" if measure.kind == "share" else EXACT), 0).cast(EXACT)


def _unsafe(table: ir.Table, by: Sequence[str], weight: Any, rules: Disclosure) -> Iterator[Address]:
    """The cells in which the units' sums of a weight break a rule."""
    weighed = table.mutate(_weight=weight)
    parts = [_largest(weighed, kept, by) for size in range(len(by) + 1) for kept in combinations(by, size)]
    for row in ibis.union(*parts).to_pyarrow().to_pylist():
        total, first, second = (Decimal(row[name] or 0) for name in ("total", "first", "second"))
        if total and breaks_rule(total, first, second, rules):
            yield tuple(row[f"_by_{column}"] for column in by)


def _largest(table: ir.Table, kept: Sequence[str], by: Sequence[str]) -> ir.Table:
    """Of every cell the sum of what its units come to, and what the two largest do."""
    codes = [f"_by_{column}" for column in kept]
    units = table.group_by([*codes, UNIT]).agg(size=table["_weight"].sum().cast(EXACT).abs())
    place = ibis.row_number().over(group_by=codes or None, order_by=[units["size"].desc(), units[UNIT]])
    ranked = units.mutate(place=place)
    asked = {
        "total": ranked["size"].sum().cast(EXACT).cast("string"),
        "first": ranked["size"].max(where=ranked.place == 0).cast("string"),
        "second": ranked["size"].max(where=ranked.place == 1).cast("string"),
    }
    return grouped_codes(ranked.group_by(codes).agg(**asked) if codes else ranked.agg(**asked), kept, by, asked)


def breaks_rule(total: Decimal, first: Decimal, second: Decimal, rules: Disclosure) -> bool:
    """Whether a total with these two largest contributions tells too much of one of them.

    Examples
    --------
    >>> rules = Disclosure(dominance=50, p_percent=10)
    >>> breaks_rule(Decimal(100), Decimal(51), Decimal(10), rules)  # 51 is more than half of 100
    True
    >>> breaks_rule(Decimal(100), Decimal(49), Decimal(47), rules)  # the others come to 4, less than 10 % of 49
    True
    >>> breaks_rule(Decimal(100), Decimal(40), Decimal(30), rules)  # 30 is left, 40 is less than half
    False
    """
    if rules.dominance is not None and 100 * first > Decimal(str(rules.dominance)) * total:
        return True
    rest = total - first - second
    return rules.p_percent is not None and 100 * rest < Decimal(str(rules.p_percent)) * first
