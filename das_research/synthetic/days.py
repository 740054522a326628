"""Days by table: years, ages and spellings of many dates at once, for which dates themselves are slow."""

import re

import numpy as np
import pyarrow as pa

from das_research.synthetic.chance import Dates, Whole
from das_research.synthetic.identifiers import written

BEGIN = np.datetime64("1850-01-01")
ISO = ("%Y-%m-%d",)  # of a layout that names no form of its dates
_DAYS = np.arange(BEGIN, np.datetime64("2201-01-01"))
_YEAR = _DAYS.astype("datetime64[Y]").astype(np.int64) + 1970
_MONTH = _DAYS.astype("datetime64[M]").astype(np.int64) % 12 + 1
_DAY = (_DAYS - _DAYS.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
_OF_YEAR = (_DAYS - _DAYS.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64) + 1
_IN_ORDER = _YEAR * 10_000 + _MONTH * 100 + _DAY
_OFFSET = BEGIN.astype(np.int64)
_ZERO = np.zeros(len(_DAYS), dtype=np.int64)
DIRECTIVES = {
    "%Y": (4, _YEAR), "%y": (2, _YEAR % 100), "%m": (2, _MONTH), "%d": (2, _DAY), "%j": (3, _OF_YEAR),
    "%H": (2, _ZERO), "%M": (2, _ZERO), "%S": (2, _ZERO),
}  # fmt: skip


def year_of(days: Dates) -> Whole:
    """The calendar year; of no date, a year long ago.

    Examples
    --------
    >>> year_of(np.array(["2024-02-29", "NaT"], "M8[D]")).tolist()
    [2024, 1850]
    """
    return _YEAR[_place(days)]


def new_year(years: Whole) -> Dates:
    """The first of January of each year."""
    return (years - 1970).astype("datetime64[Y]").astype("datetime64[D]")


def age_on(day: Dates, birth: Dates) -> Whole:
    """Whole years lived on a day.

    Examples
    --------
    >>> days = np.array(["2020-03-01", "2020-02-29"], "M8[D]")
    >>> age_on(days, np.array(["2002-03-01", "2002-03-01"], "M8[D]")).tolist()
    [18, 17]
    """
    return (_IN_ORDER[_place(day)] - _IN_ORDER[_place(birth)]) // 10_000


def spelled(days: Dates, form: str) -> pa.Array:
    """Dates in the form of strptime, of its directives for days; an unknown date is null.

    Examples
    --------
    >>> spelled(np.array(["2024-02-29", "NaT"], "M8[D]"), "%d-%m-%Y").to_pylist()
    ['29-02-2024', None]
    """
    place, number = _place(days), np.zeros(len(days), dtype=np.int64)
    for directive in re.findall("%.", form):
        width, table = DIRECTIVES[directive]
        number = number * 10**width + table[place]
    template = re.sub("%.", lambda found: "#" * DIRECTIVES[found[0]][0], form)
    return written(template, np.where(np.isnat(days), -1, number))


def _place(days: Dates) -> Whole:
    """The position of each day in the tables; that of the first for no date."""
    return np.maximum(days.astype("datetime64[D]").astype(np.int64) - _OFFSET, 0)
