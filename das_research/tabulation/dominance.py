"""Of which sums and means one unit or a few make up too much: by the catalogue's rules, computed where the rows are.

Rules after A. Hundepool and others, Handbook on Statistical Disclosure Control, 2nd edition (2024), section 4.2.1: a
cell is unsafe when its n largest contributions are more than k % of it ((n,k)-dominance), or when the others but the
two largest come to less than p % of the largest (p% rule: who is second knows the largest so well). What a unit adds is
summed first. Where somebody adds less than nothing the rules mean nothing, and nothing is judged. Neither rule sees
what `das_research.tabulation.commonest` does: that nearly everybody adds the same.

The engine compares exactly, and gives out whole percents of a cell and no contribution.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Disclosure
from das_research.tabulation.commonest import nearly_all_alike
from das_research.tabulation.cube import TOO_LARGE, UNIT, Address, computed_rows, every_subset, grouped_codes, kept_rows
from das_research.tabulation.measures import EXACT, SQUARED, Measure

ADDED = ("sum", "mean")
COUNTED = ("count", "share")  # what a sum can be subtracted from, besides another sum
WIDE, FACTOR, WHOLE = "decimal(28, 6)", "decimal(8, 4)", "decimal(8, 0)"  # products of them fit in 38 digits

UNJUDGED = "How much of a sum is one person's could not be computed."
MOST = 99_999_999  # percent: what fits in a whole factor
SPREAD = "spread"  # of a mean: the squares that its standard error tells
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Concentrated:
    """What the rules found, by name of the measure and codes of the cell; see `das_research.presentation.dominance`."""

    needs: Mapping[tuple[str, Address], int]
    known: Mapping[tuple[str, Address], int]
    apart: frozenset[tuple[str, Address]]
    signed: frozenset[str]
    spread: frozenset[str]


def concentrated(
    table: ir.Table, by: Sequence[str], measures: Sequence[Measure], rules: Disclosure
) -> Concentrated | None:
    """How much of every sum and mean is one unit's, and which measures differ by little but one unit's value.

    Parameters
    ----------
    table : Table
        As `das_research.tabulation.cube.prepared` gives it: dimensions as texts, and the unit of every row.
    by : sequence of str
        The dimensions.
    measures : sequence of Measure
        All measures of the table.
    rules : Disclosure
        Its `dominance`, `dominance_of` and `p_percent`.

    Returns
    -------
    Concentrated or None
        None where the catalogue has no such rule. Empty for a table without sums and means.
    """
    if not rules.judges_sums:
        return None
    if not any(measure.kind in ADDED for measure in measures):
        return Concentrated({}, {}, frozenset(), frozenset(), frozenset())
    with kept_rows(table, UNJUDGED, TOO_LARGE) as rows:
        return _concentrated(rows, by, measures, rules)


def _concentrated(table: ir.Table, by: Sequence[str], measures: Sequence[Measure], rules: Disclosure) -> Concentrated:
    weighed = {measure.name: _weight(table, measure) for measure in measures if measure.kind in (*ADDED, *COUNTED)}
    added = [measure.name for measure in measures if measure.kind in ADDED]
    asked: dict[tuple[str, ...], tuple[Any, Any]] = {(name,): (weighed[name], weighed[name]) for name in added}
    squares = {measure.name: _square(weighed[measure.name]) for measure in measures if measure.kind == "mean"}
    nothing = ibis.literal(0).cast(EXACT)  # nobody asks how far squares must be off, which are too large for it
    asked |= {(SPREAD, name): (square, nothing) for name, square in squares.items()}
    for one, other in combinations(weighed, 2):
        less = weighed[one] - weighed[other]
        asked |= {(one, other, name): (less, weighed[name]) for name in (one, other) if name in added}
    judged = judged_by_cell(table, by, asked, rules)

    needs, known, signed = {}, {}, set()
    for name in added:
        for address, told in judged[name,].items():
            known[name, address] = told["known"]
            if told["broken"]:
                needs[name, address] = told["level"]
            if told["negative"]:
                signed.add(name)
    spread = frozenset(name for name in squares if any(told["broken"] for told in judged[SPREAD, name].values()))
    apart = {
        (measure.name, address)
        for measure in measures
        if measure.kind in ADDED
        for address in nearly_all_alike(table, by, table[measure.column].cast(EXACT), rules.minimum)
    }
    dominated = frozenset(needs)
    for one, other in combinations(weighed, 2):
        pair = [name for name in (one, other) if name in added]
        for address, levels in _differences({name: judged[one, other, name] for name in pair}).items():
            hidden = [name for name in pair if (name, address) in dominated]
            if hidden:  # is as uncertain as the difference must be, where it can't be told closer than that
                least = min(hidden, key=lambda name: levels[name])
                needs[least, address] = max(needs[least, address], levels[least])
            else:
                apart |= {(name, address) for name in pair}
    return Concentrated(needs, known, frozenset(apart), frozenset(signed), spread)


def _differences(judged: Mapping[str, Mapping[Address, Told]]) -> dict[Address, dict[str, int]]:
    """The cells in which the difference of two measures breaks a rule, and its level in percent of each of them."""
    found: dict[Address, dict[str, int]] = {}
    for name, cells in judged.items():
        for address, told in cells.items():
            if told["broken"]:
                found.setdefault(address, {})[name] = told["level"]
    return found


def _weight(table: ir.Table, measure: Measure) -> Any:
    """What a row adds to a measure."""
    if measure.kind == "count":
        return ibis.literal(1).cast(EXACT)
    return ibis.coalesce(table[measure.column].cast("int64" if measure.kind == "share" else EXACT), 0).cast(EXACT)


def _square(weight: Any) -> Any:
    """What a row adds to the sum of squares, which a standard error tells."""
    return (weight.cast(SQUARED) * weight.cast(SQUARED)).cast(WIDE)


def _sizes(rules: Disclosure) -> list[int]:
    """Of how many of the largest the sum is asked."""
    of_p = (1, 2) if rules.p_percent is not None else ()
    return sorted({rules.coalition, *rules.dominances, *of_p})


def judged_by_cell(
    table: ir.Table, by: Sequence[str], asked: Mapping[tuple[str, ...], tuple[Any, Any]], rules: Disclosure
) -> dict[tuple[str, ...], dict[Address, Told]]:
    """Of every weight the cells to which somebody adds something; all are asked of the engine at once.

    Of each cell whether a rule is broken, and in percent of another weight its `level`, how far above it a reader must
    be able to believe it, and what those who gave most know of it.
    """
    codes = [f"_by_{column}" for column in by]
    several = [
        table.select(*codes, UNIT, _asked=ibis.literal(at), _weight=weight.cast(WIDE), _against=against.cast(WIDE))
        for at, (weight, against) in enumerate(asked.values())
    ]
    weighed = ibis.union(*several)
    cells = ibis.union(*(_largest(weighed, kept, by, _sizes(rules)) for kept in every_subset(by)))
    cells = cells.filter(cells["total"] > 0)
    told = {"known": _known(cells, rules), "level": _level(cells, rules)}
    told |= {"negative": cells["negative"] > 0, "broken": _broken(cells, rules)}
    found: dict[tuple[str, ...], dict[Address, Told]] = {name: {} for name in asked}
    names = list(asked)
    for row in computed_rows(cells.select("_asked", *codes, **told), UNJUDGED, TOO_LARGE):
        found[names[row["_asked"]]][tuple(row[code] for code in codes)] = row
    return found


def _largest(table: ir.Table, kept: Sequence[str], by: Sequence[str], sizes: Iterable[int]) -> ir.Table:
    """Of every cell the sum of what its units come to by size, and what so many of the largest do."""
    codes = ["_asked", *(f"_by_{column}" for column in kept)]
    units = table.group_by([*codes, UNIT]).agg(
        signed=table["_weight"].sum().cast(WIDE), against=table["_against"].sum().cast(WIDE).abs()
    )
    units = units.mutate(size=units["signed"].abs())
    place = ibis.row_number().over(group_by=codes, order_by=[units["size"].desc(), units[UNIT]])
    ranked = units.mutate(place=place)
    told = {_top(size): ranked["size"].sum(where=ranked.place < size).cast(WIDE) for size in sizes}
    told |= {
        "total": ranked["size"].sum().cast(WIDE),
        "against": ranked["against"].sum().cast(WIDE),
        "negative": (ranked["signed"] < 0).cast("int64").sum(),
    }
    return grouped_codes(ranked.group_by(codes).agg(**told), kept, by, ["_asked", *told])


def _top(size: int) -> str:
    return f"top_{size}"


def _broken(cells: ir.Table, rules: Disclosure) -> Any:
    """Whether one of the rules is."""
    broken: Any = ibis.literal(False)
    for size, percent in rules.dominances.items():
        broken |= cells[_top(size)] * _factor(100) > cells["total"] * _factor(percent)
    if rules.p_percent is not None:
        broken |= (cells["total"] - cells[_top(2)]).cast(WIDE) * _factor(100) < cells[_top(1)] * _factor(
            rules.p_percent
        )
    return broken


def _known(cells: ir.Table, rules: Disclosure) -> Any:
    """How many percent those who gave most come to."""
    nothing = ibis.literal(0).cast(WIDE)
    return _percents(cells[_top(rules.coalition)] * _factor(100), nothing, cells["against"])


def _level(cells: ir.Table, rules: Disclosure) -> Any:
    """How far above a cell, in percent, a reader must be able to believe it: as far as the rule that asks most.

    That is 100/k * (x1 + ... + xn) - X of every (n,k), and p/100 * x1 - (X - x1 - x2).
    """
    total, against = cells["total"], cells["against"]
    asked = [
        _percents(cells[_top(size)] * ibis.literal(100 * 100).cast(WHOLE), total, against, percent)
        for size, percent in rules.dominances.items()
    ]
    if rules.p_percent is not None:
        others = (total - cells[_top(2)]).cast(WIDE)
        asked.append(_percents(cells[_top(1)] * _factor(rules.p_percent), others, against))
    return ibis.greatest(ibis.literal(1), *asked)


def _factor(number: float) -> Any:
    return ibis.literal(Decimal(str(number))).cast(FACTOR)


def _percents(hundredfold: Any, there: Any, whole: Any, factor: float = 1) -> Any:
    """How many whole percents of a whole, with what is there, come to a part by a factor; none or less where that does.

    They are rounded up, and nothing before them: found in fractions, and set right by comparing exactly. Of what is
    next to nothing a part is so many that nobody asks how many more.
    """
    whole = whole.nullif(0)
    near = hundredfold.cast("float64") / ibis.literal(float(factor)) - there.cast("float64") * 100
    near = (near / whole.cast("float64")).ceil()
    near = ibis.least(ibis.greatest(near, ibis.literal(0.0)), ibis.literal(float(MOST))).cast("int64")
    there = there * ibis.literal(100).cast(WHOLE)
    more, less = ((there + whole * (near - step).cast(WHOLE)).cast(WIDE) * _factor(factor) for step in (0, 1))
    return near + (hundredfold > more).cast("int64") - (hundredfold <= less).cast("int64")
