"""Each number rounded by itself, as it is published: it protects nobody, so small numbers were hidden before."""

from dataclasses import replace

import pandas as pd

from das_research.result import Result, Rounded

LEFT_OUT = ["se", "lower", "upper", "n"]  # exact digits beside a rounded number


def each_rounded(released: Result, base: int) -> Result:
    """A Result as readers see it: every count that was released, rounded by itself; shares follow from these.

    Totals may then differ from the sums of their parts. What is hidden stays hidden; what is no whole number, or has
    one under it as a mean or a rate does, stays as it is.

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
    is_share = (
        told & (table.unit == "percent") & table.denominator.gt(0) & _is_whole(table.numerator, table.denominator)
    )
    is_count = told & (table.unit != "percent") & table.denominator.isna() & _is_whole(table.value)
    for column, rows in (("value", is_count), ("numerator", is_share), ("denominator", is_share)):
        table.loc[rows, column] = nearest(table.loc[rows, column], base)
    below = table.denominator.where(table.denominator > 0)
    table.loc[is_share, "value"] = (100 * table.numerator / below)[is_share]
    rounded = is_share | is_count
    table.loc[rounded, LEFT_OUT] = float("nan")
    table.loc[rounded, "disclosure"] = "rounded"
    table.loc[rounded, "kind"] = table.value[rounded].map(lambda it: "zero" if it == 0 else "number")
    table.loc[is_share & below.isna(), "kind"] = "unknown"
    how = Rounded(base, base // 2 + 1, adds_up=False)
    return replace(released.with_table(table), rounded=how) if rounded.any() else released


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
