"""The periods of a Result: calendar years, quarters or months, and all of them together."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import ibis.expr.types as ir

from das_research.chain.assemble import period_of
from das_research.errors import UsageError
from das_research.result import TOTAL

if TYPE_CHECKING:
    from das_research.access.project import Project

Every = Literal["year", "quarter", "month"]
MONTHS: dict[Every, int] = {"year": 12, "quarter": 3, "month": 1}
Periods = dict[str, tuple[date, date]]  # name to first and last day


def periods_of(project: "Project", first_year: int, last_year: int, every: Every = "year") -> Periods:
    """The periods of these years in order, and last the whole of them; one that was not observed at all is left out.

    Raises
    ------
    UsageError
        When years are not cut so.
    """
    if every not in MONTHS:
        raise UsageError(f"Years can't be cut into '{every}'.", fix=f"Choose every= one of: {', '.join(MONTHS)}.")
    found = {
        _name(year, month, every): (date(year, month, 1), _last_day(year, month, MONTHS[every]))
        for year in range(first_year, last_year + 1)
        for month in range(1, 13, MONTHS[every])
    }
    observed = {name: days for name, days in found.items() if days[0] <= project.observed_until}
    return observed | {period_of(first_year, last_year): (date(first_year, 1, 1), date(last_year, 12, 31))}


def place_among(day: ir.DateValue, first_year: int, every: Every = "year") -> ir.IntegerValue:
    """The place of a day's period among those of `periods_of`: 1 in the first, less before it.

    Examples
    --------
    >>> import ibis
    >>> days = ibis.memtable({"day": [date(2018, 12, 31), date(2019, 1, 1), date(2020, 5, 1)]})
    >>> [days.select(place=place_among(days.day, 2019, every)).place.to_list() for every in MONTHS]
    [[0, 1, 2], [0, 1, 6], [0, 1, 17]]
    """
    if every == "year":
        return day.year() - (first_year - 1)
    return (day.year() - first_year) * (12 // MONTHS[every]) + (day.quarter() if every == "quarter" else day.month())


def years_and_all(first_year: int, last_year: int) -> dict[str, str]:
    """Every year and all of them together: how a Result writes it, to the code by which years are counted.

    Examples
    --------
    >>> years_and_all(2019, 2020)
    {'2019': '2019', '2020': '2020', '2019/2020': '_T'}
    """
    years = {str(year): str(year) for year in range(first_year, last_year + 1)}
    return years | {period_of(first_year, last_year): TOTAL}


def how_far_followed(period: str, latest: date) -> dict[str, str]:
    """What to say of years whose cases must have begun by a day to be followed long enough.

    Examples
    --------
    >>> how_far_followed("2019", date(2020, 6, 1)), how_far_followed("2019/2020", date(2020, 6, 1))
    ({'revision': 'final'}, {'revision': 'provisional'})
    >>> how_far_followed("2021", date(2020, 6, 1))
    {'revision': 'provisional', 'kind': 'unknown'}
    """
    if date(int(period[-4:]), 12, 31) <= latest:
        return {"revision": "final"}
    return {"revision": "provisional"} | ({"kind": "unknown"} if date(int(period[:4]), 1, 1) > latest else {})


def _name(year: int, month: int, every: Every) -> str:
    """How a Result writes it: `2019`, `2019-Q1`, `2019-01`."""
    return {"year": f"{year}", "quarter": f"{year}-Q{(month + 2) // 3}", "month": f"{year}-{month:02}"}[every]


def _last_day(year: int, month: int, months: int) -> date:
    return date(year + (month + months > 12), (month + months - 1) % 12 + 1, 1) - timedelta(days=1)
