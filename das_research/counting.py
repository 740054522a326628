"""Counting by year, as the catalogue says it: here alone stands what a `Counting` means on a table."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Counting, DayOfYear
from das_research.conditions import condition_to_expression
from das_research.errors import UsageError

KEYS = {"persons": "person_id", "cases": "case_id"}


def counted(table: ir.Table, counting: Counting, years: Sequence[int], by: Sequence[str] = ()) -> ir.Table:
    """The number of each year.

    Parameters
    ----------
    table : Table
        The table the counting names, with unified codes; for persons and cases with ``person_id`` or ``case_id``.
    counting : Counting
        What to count.
    years : sequence of int
        The calendar years asked for; a year without rows has no row.
    by : sequence of str
        Columns to break down by.

    Returns
    -------
    Table
        ``year``, the columns of `by`, ``value`` (a sum of weights where there are weights; days for `mean_days`) and
        ``rows``, the number of rows under it.

    Raises
    ------
    UsageError
        When a line names a column the table does not have, or the counting says too little.

    Examples
    --------
    >>> from datetime import date
    >>> rows = {"zaak": [1, 2, 3], "dag": [date(2020, 1, 1), date(2020, 12, 31), date(2021, 6, 1)]}
    >>> zaken = ibis.memtable(rows)
    >>> counted(zaken, Counting(table="zaken", moment="dag"), [2020]).value.to_list()
    [2]
    """
    rows = table.filter(condition_to_expression(table, counting.where))
    rows = _on_a_day(rows, counting.stock, years) if counting.stock else _in_a_year(rows, counting, years)
    return rows.group_by("year", *by).agg(value=_value(rows, counting), rows=rows.count())


def _in_a_year(rows: ir.Table, counting: Counting, years: Sequence[int]) -> ir.Table:
    if counting.moment is None:
        raise UsageError("A counting by year needs a date.", fix="Give it a 'moment', or a 'stock'.")
    named = rows.mutate(year=rows[counting.moment].year().cast("int64"))
    return named.filter(named.year.isin(list(years)))


def _on_a_day(rows: ir.Table, stock: DayOfYear, years: Sequence[int]) -> ir.Table:
    days = ibis.memtable({"year": list(years), "day": [f"{year}-{stock.day}" for year in years]})
    days = days.mutate(day=days.day.cast("date"), year=days.year.cast("int64"))
    begun = rows.join(days, rows[stock.begin] <= days.day)
    return begun.filter(begun[stock.end].isnull() | (begun[stock.end] > begun.day))


def _value(rows: ir.Table, counting: Counting) -> ir.Value:
    weight = rows[counting.weight] if counting.weight else None
    if counting.what == "rows":
        return rows.count() if weight is None else weight.sum()
    if counting.what == "sum" and counting.column:
        return (rows[counting.column] if weight is None else rows[counting.column] * weight).sum()
    if counting.what == "mean_days" and counting.days:
        begin, end = (rows[name] for name in counting.days)
        return end.delta(begin, unit="day").mean()
    if counting.what in KEYS:
        return rows[KEYS[counting.what]].nunique()
    raise UsageError(
        f"A counting of '{counting.what}' says too little.",
        fix="Give a 'column' to a sum, and two dates as 'days' to mean_days.",
    )
