"""Counting by year, as the catalogue says it: here alone stands what a `Counting` means on a table."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Counting, DayOfYear
from das_research.conditions import condition_to_expression
from das_research.errors import UsageError

KEYS = {"persons": "person_id", "cases": "case_id"}
EXACT = "decimal(18, 6)"  # sums of decimals do not depend on the order in which an engine adds


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
    rows = counted_rows(table, counting, years)
    return rows.group_by("year", *by).agg(value=number_of(rows, counting), rows=rows.count())


def counted_rows(table: ir.Table, counting: Counting, years: Sequence[int]) -> ir.Table:
    """The rows that a counting counts, with the ``year`` in which each counts.

    Raises
    ------
    UsageError
        When a line names a column the table does not have, or the counting has neither a moment nor a stock.

    Examples
    --------
    >>> from datetime import date
    >>> zaken = ibis.memtable({"zaak": [1, 2], "dag": [date(2020, 1, 1), date(2021, 6, 1)]})
    >>> counted_rows(zaken, Counting(table="zaken", moment="dag"), [2020, 2021]).order_by("zaak").year.to_list()
    [2020, 2021]
    """
    rows = table.filter(condition_to_expression(table, counting.where))
    return _on_a_day(rows, counting.stock, years) if counting.stock else _in_a_year(rows, counting, years)


def number_of(rows: ir.Table, counting: Counting, where: ir.BooleanValue | None = None) -> ir.Value:
    """The number that a counting gives of these rows, as a sum that no engine's order of adding changes.

    Parameters
    ----------
    rows : Table
        From `counted_rows`.
    counting : Counting
        What to count.
    where : BooleanValue, optional
        Only the rows for which this holds.

    Raises
    ------
    UsageError
        When the counting says too little.
    """
    weight = rows[counting.weight].cast(EXACT) if counting.weight else None
    if counting.what == "rows":
        return rows.count(where=where) if weight is None else _sum(weight, where)
    if counting.what == "sum" and counting.column:
        column = rows[counting.column]
        exact = column if column.type().is_integer() else column.cast(EXACT)
        return _sum(exact if weight is None else exact * weight, where)
    if counting.what == "mean_days" and counting.days:
        begin, end = (rows[name] for name in counting.days)
        return end.delta(begin, unit="day").mean(where=where)
    if counting.what in KEYS:
        return rows[KEYS[counting.what]].nunique(where=where)
    raise UsageError(
        f"A counting of '{counting.what}' says too little.",
        fix="Give a 'column' to a sum, and two dates as 'days' to mean_days.",
    )


def _sum(column: ir.Value, where: ir.BooleanValue | None) -> ir.Value:
    total = column.sum(where=where).fill_null(0)
    return total if column.type().is_integer() else total.cast("float64")


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
