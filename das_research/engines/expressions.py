"""What DuckDB can say of a value and Ibis can't, or not as fast."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import cache

import ibis
import ibis.expr.types as ir
from ibis import udf
from ibis.expr.datatypes import DataType

JOINED_ABOVE = 4  # texts in a list, for which DuckDB joins


def in_first_row(value: ir.Value, row: ir.IntegerValue) -> ir.Scalar:
    """Of a group the known value in its first row, by the number of that; Ibis would have all rows sorted for it.

    Examples
    --------
    >>> from das_research.engines import keep, memory_engine
    >>> rows = {"person": [1, 1, 1, 2], "row": [3, 1, 2, 4], "name": ["c", None, "b", None]}
    >>> with memory_engine() as engine:
    ...     rows = keep(engine, ibis.memtable(rows))
    ...     found = rows.group_by("person").agg(name=in_first_row(rows.name, rows["row"])).order_by("person")
    ...     found.name.to_list()
    ['b', None]
    """
    return _arg_min(value.type())(value, row)


@cache
def _arg_min(kind: DataType) -> Callable:
    def one(value: object, row: int) -> object: ...

    return udf.agg.builtin(one, name="arg_min", signature=((kind, "int64"), kind))


@udf.scalar.builtin(name="strip_accents")
def without_accents(text: str) -> str:
    """The letters of a text without what stands above or below them."""


@udf.scalar.builtin(name="hash", signature=(("string", "string", "int8"), "uint64"))
def number_of(text: str, domain: str, attempt: int) -> int:
    """A text of a domain as one of 2^64 numbers, another at each attempt; another engine gives others: store none."""


def short(text: ir.StringValue) -> ir.Value:
    """A text as one of 2^64 numbers, to look it up by that: two share one by chance alone. Null stays null."""
    return ibis.ifelse(text.notnull(), number_of(text, "", 0), ibis.null("uint64"))


@udf.scalar.builtin(name="try_strptime")
def _try_strptime(text: str, spelling: str) -> datetime: ...


def one_of(text: ir.StringValue, spellings: Collection[str]) -> ir.BooleanValue:
    """Whether a text is one of these, as a pattern where they are many; null stays null.

    DuckDB would join with a long list, and what comes out of a join stands in no order.

    Examples
    --------
    >>> table = ibis.memtable({"code": ["D1", "D10", None]})
    >>> one_of(table.code, ["D1", *"ABCDE"]).to_list()
    [True, False, None]
    """
    if len(spellings) <= JOINED_ABOVE:
        return text.isin(spellings)
    return text.re_search(f"^(?:{'|'.join(map(re.escape, spellings))})$")


def parse_date(text: ir.StringValue, spelling: str) -> ir.DateValue:
    """The date a text spells in a format of strptime, without its time of day; null when it doesn't fit."""
    return _try_strptime(text, spelling).date()


def days(later: ir.DateValue, earlier: ir.DateValue) -> ir.IntegerValue:
    """Whole days between two dates."""
    return later.delta(earlier, unit="day")


def literal_date(day: date) -> ir.DateScalar:
    """A day as an expression."""
    return ibis.date(day.isoformat())
