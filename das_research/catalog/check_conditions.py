"""Rules for the closed grammar of conditions: the column, the number of values and what they are."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from das_research.catalog.models import Condition
from das_research.catalog.names import Fault, unknown
from das_research.catalog.tables import Column
from das_research.catalog.yaml_lines import Location

PRESENCE = ("known", "unknown")
LISTS = ("in", "not_in")
COMPARISONS = ("at_least", "at_most")
VALUE_TYPES: dict[str, tuple[type, ...]] = {
    "code": (str,),
    "text": (str,),
    "date": (date,),
    "integer": (int,),
    "decimal": (int, float),
    "boolean": (bool,),
}


def condition_faults(condition: Condition, columns: Mapping[str, Column], at: Location) -> Iterator[Fault]:
    """What is wrong with one condition on a table of these columns."""
    column = columns.get(condition.column)
    if column is None:
        yield (*at, "column"), unknown("column", condition.column, columns)
        return
    operator, count = condition.operator, len(condition.values)
    if operator in PRESENCE:
        if count:
            yield (*at, "values"), f"the operator '{operator}' takes no values"
        return
    if column.type not in VALUE_TYPES:
        yield (*at, "operator"), f"'{column.name}' can only be known or unknown"
        return
    if operator in LISTS and not count:
        yield (*at, "operator"), f"the operator '{operator}' needs one value or more"
    if operator not in LISTS and count != 1:
        yield (*at, "operator"), f"the operator '{operator}' takes exactly one value"
    if operator in COMPARISONS and column.type not in ("date", "integer", "decimal"):
        yield (*at, "operator"), f"'{operator}' needs a date or a number, and '{column.name}' has type {column.type}"
    for position, value in enumerate(condition.values):
        yield from _value_faults(value, column, (*at, "values", position))


def _value_faults(value: Any, column: Column, at: Location) -> Iterator[Fault]:
    if not has_type(value, column.type):
        hint = "; write it in quotes" if str in VALUE_TYPES[column.type] else ""
        yield at, f"'{value}' is not of type {column.type}, as '{column.name}' is{hint}"
    elif column.codes is not None and value not in column.codes:
        yield at, unknown("code", value, column.codes)


def has_type(value: Any, kind: str) -> bool:
    """Whether a value of the catalogue fits a variable of this type."""
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, VALUE_TYPES[kind])
