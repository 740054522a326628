"""How many persons are under numbers: what a whole has more than a part of it are those who are not in that part.

Cases add up where persons do not: one can have cases of several codes and years. So the column of persons tells of few
where the cases tell of none.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations

from das_research.disclosure.breakdowns import counts_the_same, months_of
from das_research.result import TOTAL, Result

Codes = frozenset[tuple[str, str]]
Spot = tuple[str, Codes]  # measure, and the codes that are no totals


def persons_tell(result: Result, others: Iterable[Result], minimum: int) -> bool:
    """Whether two numbers of persons, of which the one holds the other, differ by few.

    Parameters
    ----------
    result : Result
        As it would leave: a hidden row has no number of persons.
    others : iterable of Result
        What else leaves or left on the same snapshot; of the same definition it tells the same persons.
    minimum : int
        Fewer persons than this are few.
    """
    mine, beside = _persons(result), dict[Spot, dict[str, float]]()
    for other in (it for it in others if counts_the_same(result, it)):
        for spot, periods in _persons(other).items():
            beside.setdefault(spot, {}).update(periods)
    return any(
        0 < whole - part < minimum
        for parts, wholes in ((mine, mine), (mine, beside), (beside, mine))
        for (measure, codes), told in parts.items()
        for above in _upward(codes)
        for period, part in told.items()
        for whole in _around(wholes.get((measure, above), {}), period)
    )


def _persons(result: Result) -> dict[Spot, dict[str, float]]:
    found: dict[Spot, dict[str, float]] = {}
    is_share = result.table.numerator.notna() & result.table.denominator.notna()  # told is the smaller side of it
    for row in result.table[result.table.n.notna() & ~is_share].to_dict("records"):
        codes = frozenset((name, str(row[name])) for name in result.dimensions if row[name] != TOTAL)
        found.setdefault((str(row["measure"]), codes), {})[str(row["period"])] = float(row["n"])
    return found


def _upward(codes: Collection[tuple[str, str]]) -> Iterator[Codes]:
    """The codes, and what is left of them where some are at their total."""
    for size in range(len(codes) + 1):
        yield from map(frozenset, combinations(sorted(codes), size))


def _around(told: dict[str, float], period: str) -> Iterator[float]:
    """The numbers of a period and of those that hold it."""
    first, last = months_of(period)
    for other, number in told.items():
        begin, end = months_of(other)
        if other in (period, TOTAL) or (period != TOTAL and begin <= first and last <= end):
            yield number
