"""Series as Results, made by hand."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import disclosure_world as world
import numpy as np

from das_research.catalog import load_catalog
from das_research.result import Result

PROJECT = SimpleNamespace(catalog=load_catalog("data_catalog"))


def months(first_year: int, count: int, season: int = 12) -> list[str]:
    """Names of so many periods, from the first of a year."""
    names = {12: "{}-{:02}", 4: "{}-Q{}", 1: "{}"}
    return [names[season].format(first_year + place // season, place % season + 1) for place in range(count)]


def series(values: Iterable[float], first_year: int = 2015, season: int = 12, **row: Any) -> Result:
    """A Result of one measure over periods of a length."""
    values = list(values)
    rows = [
        world.count("in", value, period=period, **{"stage": "opsporing"} | row)
        for period, value in zip(months(first_year, len(values), season), values, strict=True)
    ]
    return world.result(rows)


def triangle(increments: Any, first_year: int = 2000) -> Result:
    """Counts by year and by age, with their total; NaN is not known yet, and counted as nothing."""
    increments = np.asarray(increments, float)
    rows = []
    for place, row in enumerate(increments):
        period = str(first_year + place)
        counts = [
            world.count("in", 0 if np.isnan(one) else one, period=period, leeftijd=str(age))
            for age, one in enumerate(row)
        ]
        rows += [*counts, world.count("in", float(np.nansum(row)), period=period)]
    return world.result(rows, ("leeftijd",))


def of(result: Result, measure: str, number: str = "value", by: str = "period") -> dict[str, float]:
    """Period, or another column, to a number of one measure."""
    rows = result.table[result.table.measure == measure]
    return dict(zip(rows[by], rows[number], strict=True))
