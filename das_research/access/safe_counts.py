"""Rows by year as a preview may show them: nobody can reckon a small number from them, nor from two previews.

A preview may be read by people outside the project, and whoever writes grants can ask for two that differ by one
condition. So, with the catalogue's minimum ``m``:

- which years have a line follows from the whole table and not from the grant, and there is no total;
- a number under ``m`` is hidden, and what is shown is rounded down to a multiple of ``m``;
- where the grant has conditions, a year with fewer than ``3m`` rows is hidden whatever they leave; one from which they
  leave out fewer than ``m`` shows the number without them; and between these every number that is shown stands for
  ``m`` or more.

So even who knows a year's own number exactly can not tell few from none, nor one number of few from another.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Text

ALL_YEARS = Text(nl="alle jaren", en="all years")
OTHER_YEARS = Text(nl="andere jaren, of onbekend", en="other years, or unknown")


@dataclass(frozen=True)
class YearRows:
    """The number of rows of one year, rounded; None where it is hidden."""

    year: Text
    rows: int | None


def hidden_below(minimum: int, conditions: bool) -> int:
    """Fewer rows than this are never shown."""
    return 3 * minimum if conditions else minimum


def shown(kept: int, of: int, minimum: int, conditions: bool) -> int | None:
    """How many rows a line shows; None where that is hidden.

    Parameters
    ----------
    kept : int
        Rows that the grant gives.
    of : int
        Rows that it would give without its conditions.
    minimum : int
        The catalogue's minimum.
    conditions : bool
        Whether it has any.

    Examples
    --------
    >>> [shown(kept, 112, 10, True) for kept in (112, 111, 103, 102, 12, 9, 0)]
    [110, 110, 110, 90, 10, None, None]
    >>> [shown(rows, rows, 10, False) for rows in (9, 10, 15)]
    [None, 10, 10]
    """
    if of < hidden_below(minimum, conditions):
        return None
    if of - kept < minimum:
        return of // minimum * minimum
    if kept < minimum:
        return None
    last = (of - minimum + 1) // minimum - 1  # the step that takes what is left, where no whole one fits any more
    return min(kept // minimum, last) * minimum


def parts_of(counts: dict[str, int], minimum: int) -> dict[str, int | None]:
    """How many rows stand in each part of a whole, as a preview may show them.

    Examples
    --------
    >>> parts_of({"linked": 57, "not_linked": 45}, 10), parts_of({"linked": 3, "not_linked": 26}, 10)
    ({'linked': 50, 'not_linked': 40}, {'linked': None, 'not_linked': None})
    """
    return {name: shown(count, sum(counts.values()), minimum, True) for name, count in counts.items()}


def rows_by_year(
    table: ir.Table, rows: ir.Table, condition: ir.BooleanValue | None, minimum: int, dated: bool
) -> tuple[YearRows, ...]:
    """The lines of one table.

    Parameters
    ----------
    table : Table
        The whole table, as every grant finds it.
    rows : Table
        What the grant gives of it without its conditions.
    condition : BooleanValue or None
        Its conditions on ``rows``; None when it has none.
    minimum : int
        The catalogue's minimum.
    dated : bool
        Whether its rows have a moment.
    """
    conditions = condition is not None
    kept = rows.count(where=condition) if conditions else rows.count()
    if not dated:
        [counted] = rows.aggregate(of=rows.count(), kept=kept).to_pyarrow().to_pylist()
        return (YearRows(ALL_YEARS, shown(counted["kept"], counted["of"], minimum, conditions)),)
    whole = table.group_by(year=table.moment.year()).aggregate(rows=table.count()).to_pyarrow().to_pylist()
    enough = [line["year"] for line in whole if line["year"] is not None and line["rows"] >= minimum]
    years = range(min(enough), max(enough) + 1) if enough else range(0)
    year = rows.moment.year()
    place = ibis.ifelse(year.between(years.start, years.stop - 1), year, ibis.null("int32"))
    counted_by = rows.group_by(year=place).aggregate(of=rows.count(), kept=kept).to_pyarrow().to_pylist()
    found = {line["year"]: (line["kept"], line["of"]) for line in counted_by}
    lines = [YearRows(_year(it), shown(*found.get(it, (0, 0)), minimum, conditions)) for it in years]
    outside = sum(line["rows"] for line in whole if line["year"] not in years)
    if not years or outside >= minimum:
        other = shown(*found.get(None, (0, 0)), minimum, conditions)
        lines.append(YearRows(OTHER_YEARS if years else ALL_YEARS, other))
    return tuple(lines)


def _year(year: int) -> Text:
    return Text(nl=str(year), en=str(year))
