"""One series out of a Result: its periods in order, none missing, and what stands under each number."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from das_research.errors import UsageError
from das_research.presentation.addresses import is_total, refuse_unknown
from das_research.presentation.wide import shown_number
from das_research.result import TOTAL, Result

Numbers = NDArray[np.float64]
PERIOD = re.compile(r"(?P<year>\d{4})(-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")
NAMES = {1: "years", 4: "quarters", 12: "months"}


@dataclass(frozen=True)
class Observed:
    """A series of whole periods.

    Parameters
    ----------
    periods : tuple of str
        As a Result writes them: `2019`, `2019-Q3` or `2019-03`; rising, without a gap.
    values : array
        The number of each.
    rows : tuple of dict
        The rows of the Result they come from.
    season : int
        Periods in a year: 1, 4 or 12.
    """

    periods: tuple[str, ...]
    values: Numbers
    rows: tuple[dict[str, Any], ...]
    season: int

    def place_of(self, day: date) -> int:
        """The place of the first period that lies wholly on or after a day; one that a day cuts in two lies before."""
        return sum(first_day(period) < day for period in self.periods)

    @property
    def fewest(self) -> float:
        """The fewest units under any of its numbers; none where that is not known of all."""
        return float(min(row["n"] for row in self.rows)) if all(row["n"] >= 0 for row in self.rows) else float("nan")


def observe(result: Result, address: Mapping[str, str]) -> Observed:
    """The series at an address of a Result.

    Parameters
    ----------
    result : Result
        With periods that are years, quarters or months.
    address : mapping
        Column and code of everything but the period; what is not named is at its total, and the measure the only one.

    Raises
    ------
    UsageError
        When no series or several stand there, a period is missing or unknown, or periods are of several lengths.
    """
    table = result.table
    refuse_unknown("column", list(address), ("measure", *result.dimensions))
    for column in ("measure", *result.dimensions):
        codes = table[column].unique()
        if column in address:
            table = table[table[column] == str(address[column])]
        elif TOTAL in codes:
            table = table[table[column] == TOTAL]
        elif len(codes) > 1:
            raise UsageError(
                f"Several series stand there: {column} has several codes.",
                fix=f"Name one of them: {column}=...",
            )
    rows = sorted(
        (row for row in table.to_dict("records") if not is_total(str(row["period"]))), key=lambda row: row["period"]
    )
    if not rows:
        raise UsageError(
            "There is no series.",
            why="No number has a period, or nothing stands at that address.",
            fix="Name the codes that the table has: result.table shows them.",
        )
    season = _season(tuple(str(row["period"]) for row in rows))
    known = [shown_number(row) is not None for row in rows]
    if not all(known):
        raise UsageError(
            f"{known.count(False)} of the {len(known)} periods have no number.",
            why="A series that skips periods tells another season and another course.",
            fix="Choose years, or an address, in which every period has one.",
        )
    values = np.array([row["value"] for row in rows], "float64")
    named = [{str(column): value for column, value in row.items()} for row in rows]
    return Observed(tuple(row["period"] for row in named), values, tuple(named), season)


def first_day(period: str) -> date:
    """The first day of a period.

    Examples
    --------
    >>> first_day("2019-Q3"), first_day("2019-03"), first_day("2019")
    (datetime.date(2019, 7, 1), datetime.date(2019, 3, 1), datetime.date(2019, 1, 1))
    """
    found = PERIOD.fullmatch(period)
    if found is None:
        raise UsageError(f"'{period}' is no year, quarter or month.", fix="Write 2019, 2019-Q3 or 2019-03.")
    month = int(found["month"] or (int(found["quarter"]) * 3 - 2 if found["quarter"] else 1))
    return date(int(found["year"]), month, 1)


def _season(periods: tuple[str, ...]) -> int:
    kinds = set()
    for period in periods:
        first_day(period)
        kinds.add(12 if re.search(r"-\d", period) else 4 if "Q" in period else 1)
    if len(kinds) > 1:
        raise UsageError("The periods are of several lengths.", fix="Take years, quarters or months alone.")
    (season,) = kinds
    places = [day.year * season + (day.month - 1) * season // 12 for day in map(first_day, periods)]
    if places != list(range(places[0], places[0] + len(places))):
        raise UsageError(
            f"The series skips {NAMES[season]}, or has some twice.",
            why="Every period between the first and the last must be there once.",
            fix="Count the periods in which nothing happened too: they are zero.",
        )
    return season


def check_length(observed: Observed, least: int, why: str) -> None:
    """Refuse a series of fewer periods than a method needs."""
    if len(observed.periods) < least:
        raise UsageError(
            f"The series has {len(observed.periods)} {NAMES[observed.season]}, and {least} are needed.",
            why=why,
            fix="Take a longer series.",
        )
