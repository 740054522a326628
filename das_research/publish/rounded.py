"""Each number rounded by itself, as it is published: it protects nobody, so small numbers were hidden before."""

from dataclasses import replace

import pandas as pd

from das_research.presentation.rounding import EXACT_BESIDE
from das_research.result import Result, Rounded

OWN = ("das_research.tabulate", "das_research.chain.estimate")
OF_OWN = ("rows", "cases", "persons")  # units of an own table that are counted; a sum has another
NO_UNITS = ("percent", "days")  # of a measure of the catalogue


def each_rounded(released: Result, base: int) -> Result:
    """A Result as readers see it: every count that was released, rounded by itself; shares follow from these.

    Totals may then differ from the sums of their parts. What is hidden stays hidden; a measure that counts no units, as
    a sum, a mean or a rate, or of which a shown number is no whole one, stays as it is. A band by cell goes: it lies
    whole numbers from the exact one.

    Parameters
    ----------
    released : Result
        As gate 3 let it out.
    base : int
        Of which every count becomes a multiple.
    """
    if released.shape != "counts":
        return released
    table = released.table.copy()
    told = (table.disclosure == "shown") & table.value.notna()
    by_units = table.unit.isin(OF_OWN) if released.recipe.function in OWN else ~table.unit.isin(NO_UNITS)
    is_share = (table.unit == "percent") & table.denominator.gt(0) & _is_whole(table.numerator, table.denominator)
    is_count = by_units & table.denominator.isna() & _is_whole(table.value)
    is_share, is_count = (
        it & told & (it | ~told).groupby(table.measure).transform("all") for it in (is_share, is_count)
    )
    for column, rows in (("value", is_count), ("numerator", is_share), ("denominator", is_share)):
        table.loc[rows, column] = nearest(table.loc[rows, column], base)
    below = table.denominator.where(table.denominator > 0)
    table.loc[is_share, "value"] = (100 * table.numerator / below)[is_share]
    rounded = is_share | is_count
    table.loc[rounded, list(EXACT_BESIDE)] = float("nan")
    table.loc[rounded, "disclosure"] = "rounded"
    table.loc[rounded, "kind"] = table.value[rounded].map(lambda it: "zero" if it == 0 else "number")
    table.loc[is_share & below.isna(), "kind"] = "unknown"
    how = Rounded(base, base // 2 + 1, adds_up=False)
    if not rounded.any():
        return released
    band = None if released.band is not None and released.band.cells else released.band
    return replace(released.with_table(table), rounded=how, band=band)


def nearest(numbers: "pd.Series[float]", base: int) -> "pd.Series[float]":
    """The nearest multiples, half a base upward.

    Examples
    --------
    >>> nearest(pd.Series([2.0, 3.0, 12.0, 13.0]), 5).tolist(), nearest(pd.Series([5.0]), 10).tolist()
    ([0.0, 5.0, 10.0, 15.0], [10.0])
    """
    return (2 * numbers + base) // (2 * base) * base


def _is_whole(*columns: "pd.Series[float]") -> "pd.Series[bool]":
    whole = columns[0].notna()
    for column in columns:
        whole &= (column % 1 == 0) & (column >= 0)
    return whole
