"""The breakdowns of a Result, and the fewest cells to hide so that no unsafe one can be seen or recomputed."""

import re
from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from das_research.disclosure.own_tables import is_own, small_difference, uncounted
from das_research.result import TOTAL, Result

RECIDIVISM = "das_research.chain.recidivism"

# Per function: sets of measures that can be hidden together, so that the measures which stay don't add up to them.
# flow: open_begin + in = on + out + open_end, and what goes on is what the next stage takes in but for without_before.
# conversion: reached_later + left + open = 100, and reached_next is a part of reached_later.
# recidivism: very_serious is a part of serious, and serious and special are parts of general.
# conversion_by_year: of_entered + left + open = 100, and of_ended is of other cases.
# leakage: nothing adds up but the years.
FAMILIES: dict[str, dict[str, frozenset[str]]] = {
    "das_research.chain.flow": {
        "measures but in": frozenset({"open_begin", "on", "out", "open_end", "without_before"}),
    },
    "das_research.chain.conversion": {
        "left, open": frozenset({"left", "open"}),
        "reached_later, left, open": frozenset({"reached_later", "left", "open"}),
        "reached_next": frozenset({"reached_next"}),
    },
    "das_research.chain.conversion_by_year": {
        "left, open": frozenset({"left", "open"}),
        "of_entered, left, open": frozenset({"of_entered", "left", "open"}),
        "of_ended": frozenset({"of_ended"}),
    },
    "das_research.chain.leakage": {},
    "das_research.chain.share_within": {name: frozenset({name}) for name in ("of_started", "of_ended")},
    "das_research.chain.share_within_norm": {name: frozenset({name}) for name in ("of_started", "of_ended")},
    RECIDIVISM: {
        "very_serious": frozenset({"very_serious"}),
        "serious, very_serious": frozenset({"serious", "very_serious"}),
        "special": frozenset({"special"}),
        "earlier_offence": frozenset({"earlier_offence"}),
        "departed": frozenset({"departed"}),
        "frequency": frozenset({"frequency"}),
    },
}
QUARTERS = {"1": ("01", "03"), "2": ("04", "06"), "3": ("07", "09"), "4": ("10", "12")}  # first and last month
# Per function: a measure and a part of it; their difference is a number of units too.
PARTS = {
    "das_research.chain.flow": (("in", "without_before"),),
    "das_research.chain.conversion": (("reached_later", "reached_next"),),
    RECIDIVISM: (
        ("general", "serious"),
        ("serious", "very_serious"),
        ("general", "very_serious"),
        ("general", "special"),
        ("frequency", "general"),  # cases of persons, and the persons: the difference are their further cases
    ),
}
# Per function: measures that are all of the units of their denominator.
WHOLES = {
    "das_research.chain.conversion": (("reached_later", "left", "open"),),
    "das_research.chain.conversion_by_year": (("of_entered", "left", "open"),),
}
# Per function: what was there and came in, and what left and is there still.
BALANCES = {"das_research.chain.flow": ((("open_begin", "in"), ("on", "out", "open_end")),)}
# Per function: a dimension whose later codes hold what the earlier ones count, and that has no total.
NESTED = {RECIDIVISM: "horizon"}

ASKED_OF_ALL = ("by", "first_year", "last_year", "every")  # parameters that do not change who is counted


def counts_the_same(one: Result, other: Result) -> bool:
    """Whether two Results count the same units by their definition and parameters, whatever they tell apart."""
    here, there = (
        {name: it for name, it in result.recipe.parameters.items() if name not in ASKED_OF_ALL}
        for result in (one, other)
    )
    alike = (one.recipe.function, one.definition) == (other.recipe.function, other.definition)
    return alike and here == there


def smallest_cover(result: Result, unsafe: "pd.Series[bool]", minimum: int) -> tuple["pd.Series[bool]", list[str]]:
    """The rows to hide: whole breakdowns, chosen so that every unsafe row is hidden and as few others as possible.

    Parameters
    ----------
    result : Result
        A table of counts or shares.
    unsafe : Series of bool
        The rows that may not be shown by themselves.
    minimum : int
        A difference of two shown measures that is smaller is unsafe too.

    Returns
    -------
    Series of bool, list of str
        The rows to hide, and the breakdowns that were collapsed. Where collapsing all of them is not enough, the
        unsafe rows that are left are hidden as well: nothing that adds up to them is shown.
    """
    candidates = dict(_breakdowns(result))
    nothing = pd.Series(False, index=result.table.index)
    best: tuple[int, pd.Series[bool], list[str]] | None = None
    for size in range(len(candidates) + 1):
        for names in combinations(candidates, size):
            mask = nothing.copy()
            for name in names:
                mask |= candidates[name]
            fewer = best is None or mask.sum() < best[0]
            if fewer and not (unsafe & ~mask).any() and not _small_difference(result, ~mask, minimum):
                best = int(mask.sum()), mask, list(names)
    if best is not None:
        return best[1], best[2]
    mask = nothing.copy()
    for rows in candidates.values():
        mask |= rows
    return mask | unsafe, list(candidates)


def _breakdowns(result: Result) -> Iterator[tuple[str, "pd.Series[bool]"]]:
    """Each breakdown that can be collapsed, with the rows that then are hidden."""
    table = result.table
    for dimension in result.dimensions:
        codes = table[dimension]
        if (codes == TOTAL).any() and (codes != TOTAL).any():
            yield dimension, codes != TOTAL
    whole = whole_period(table.period)
    if whole is not None and (table.period != whole).any():
        yield "period", table.period != whole
    nested = NESTED.get(result.recipe.function)
    if nested is not None and table[nested].nunique() > 1:
        yield f"{nested} but the shortest", table[nested] != min(table[nested], key=int)
    measures = list(dict.fromkeys(table.measure))
    unknown = {f"measures but {measures[0]}": frozenset(measures[1:])} if len(measures) > 1 else {}
    for name, parts in FAMILIES.get(result.recipe.function, unknown).items():
        yield name, table.measure.isin(parts)


def whole_period(periods: "pd.Series[str]") -> str | None:
    """The period that the others are parts of; None when there is none.

    Examples
    --------
    >>> whole_period(pd.Series(["2019", "2020", "2019/2020"])), whole_period(pd.Series(["2019-Q1", "2019-04", "2019"]))
    ('2019/2020', '2019')
    >>> whole_period(pd.Series(["2019-01", "2019-02"])) is None
    True
    """
    spans = {period: months_of(period) for period in periods.unique() if period != TOTAL}
    if (periods == TOTAL).any():
        return TOTAL
    for period, (first, last) in spans.items():
        if all(first <= begin and end <= last for begin, end in spans.values()):
            return period
    return None


def months_of(period: str) -> tuple[str, str]:
    """The first and last month of years, a year, a quarter or a month; any other period is nothing but itself."""
    first, _, last = period.partition("/")
    year, _, quarter = period.partition("-Q")
    if quarter in QUARTERS:
        return f"{year}-{QUARTERS[quarter][0]}", f"{year}-{QUARTERS[quarter][1]}"
    if re.fullmatch(r"\d{4}(/\d{4})?", period):
        return f"{first}-01", f"{last or first}-12"
    return first, last or first


def _small_difference(result: Result, shown: "pd.Series[bool]", minimum: int) -> bool:
    """Whether two shown measures, or a whole and a part, differ by a number of units that is too small."""
    if _small_overlap(result, shown, minimum):
        return True
    if is_own(result):
        return small_difference(result.table[shown], [*result.dimensions, "period"], minimum)
    for larger, part in PARTS.get(result.recipe.function, ()):
        table = result.table[shown & result.table.measure.isin((larger, part))]
        units = table.numerator.where(table.numerator.notna(), table.value)
        wide = (
            units.groupby([*(table[name] for name in (*result.dimensions, "period")), table.measure]).first().unstack()
        )
        if {larger, part} <= set(wide.columns):
            difference = wide[larger] - wide[part]
            if ((difference > 0) & (difference < minimum)).any():
                return True
    return _small_steps(result, shown, minimum)


def _small_steps(result: Result, shown: "pd.Series[bool]", minimum: int) -> bool:
    """Whether a longer horizon of the same persons adds few: so many it happened to between the two."""
    nested = NESTED.get(result.recipe.function)
    if nested is None:
        return False
    table = result.table[shown & result.table.numerator.notna()]
    others = [name for name in (*result.dimensions, "period", "measure") if name != nested]
    order = table.assign(step=table[nested].astype(int)).sort_values("step", kind="stable")
    before = order.groupby(others)[["numerator", "denominator"]].shift()
    same = (order.measure == "frequency") | (order.denominator == before.denominator)
    more = (order.numerator - before.numerator)[same]
    return bool(((more > 0) & (more < minimum)).any())


def _small_overlap(result: Result, shown: "pd.Series[bool]", minimum: int) -> bool:
    """Whether the parts of a breakdown overlap, and few stand in two of them, or few of the whole are not in one."""
    return any(
        ((few > 0) & (few < minimum)).any()
        for over, left in _wholes_and_parts(result, result.table[shown])
        for few in (over.abs(), left[over > 0])
    )


def parts_overlap(result: Result) -> bool:
    """Whether some parts of a whole are together more than it, so that one unit stands in several."""
    return any((over > 0).any() for over, _ in _wholes_and_parts(result, result.table))


def _wholes_and_parts(result: Result, table: pd.DataFrame) -> Iterator[tuple["pd.Series[float]", "pd.Series[float]"]]:
    """By each breakdown what the parts are together more than their whole, and what it is more than the largest."""
    table = table[~table.measure.isin(uncounted(result))] if is_own(result) else table
    whole_codes: dict[str, str | None] = dict.fromkeys(result.dimensions, TOTAL)
    if result.recipe.function not in BALANCES:  # a stock is of a day, and no period holds another's
        whole_codes["period"] = whole_period(result.table.period)
    for units in (table.denominator.fillna(table.value), table.numerator.where(table.denominator.notna())):
        counted = table.assign(units=units)[units.notna()]
        for name, code in whole_codes.items():
            place = [it for it in ("measure", "period", *result.dimensions) if it != name]
            is_whole = counted[name] == code
            whole = counted[is_whole].groupby(place).units.max()
            parts = counted[~is_whole].groupby(place).units
            over = (parts.sum() - whole).dropna()
            yield over, (whole - parts.max()).reindex(over.index)
