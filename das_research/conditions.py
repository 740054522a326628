"""The closed grammar of conditions (column, operator, values) as Ibis: here alone stands what an operator means."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Condition
from das_research.errors import UsageError

OPERATORS: dict[str, Callable[[ir.Column, list[Any]], ir.BooleanValue]] = {
    "is": lambda column, values: column.isin(values),
    "in": lambda column, values: column.isin(values),
    "is_not": lambda column, values: column.notin(values),
    "not_in": lambda column, values: column.notin(values),
    "at_least": lambda column, values: column >= values[0],
    "at_most": lambda column, values: column <= values[0],
    "known": lambda column, _: column.notnull(),
    "unknown": lambda column, _: column.isnull(),
}


def condition_to_expression(table: ir.Table, conditions: Sequence[Condition]) -> ir.BooleanValue:
    """The rows for which every condition holds.

    A missing value satisfies ``unknown`` and nothing else: not even ``is_not``, since nobody knows what it is.

    Parameters
    ----------
    table : Table
        The table the columns belong to.
    conditions : sequence of Condition
        All must hold; without any, every row does.

    Returns
    -------
    BooleanValue
        True or false for every row, never null.

    Raises
    ------
    UsageError
        When the table has no such column, or a comparison has no value.

    Examples
    --------
    >>> zaken = ibis.memtable({"zaak": [1, 2, 3], "beslissing": ["sepot", "dagvaarding", None]})
    >>> geen_sepot = Condition(column="beslissing", operator="is_not", values=("sepot",))
    >>> zaken.filter(condition_to_expression(zaken, [geen_sepot])).zaak.to_list()
    [2]
    """
    return ibis.and_(ibis.literal(True), *(_one(table, condition) for condition in conditions))


def _one(table: ir.Table, condition: Condition) -> ir.BooleanValue:
    if condition.column not in table.columns:
        raise UsageError(
            f"A condition names the column '{condition.column}', which the table does not have.",
            fix=f"Use one of: {', '.join(table.columns)}.",
        )
    if condition.operator not in ("known", "unknown") and not condition.values:
        raise UsageError(
            f"The condition on '{condition.column}' compares with nothing.",
            fix=f"Give 'values' to the operator '{condition.operator}'.",
        )
    column = table[condition.column]
    values = [_typed(column, value) for value in condition.values]
    return OPERATORS[condition.operator](column, values).fill_null(False)


def _typed(column: ir.Column, value: Any) -> Any:
    """The value as the column writes it: YAML reads a code of digits as a number."""
    if column.type().is_string():
        return str(value)
    return ibis.date(value.isoformat()) if isinstance(value, date) else value
