"""How a Result gets its band: the same function, run again on the same project by the strict and by the loose link.

A decorator around every function that computes a Result: none of them knows that there are three links.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from das_research.errors import DasError
from das_research.presentation.bands import LOOSE, STRICT, Band, place_of
from das_research.result import Result

P = ParamSpec("P")
Open = TypeVar("Open")

CASES_ONLY = False


def with_band(
    reads_persons: Callable[..., bool] | bool = True,
) -> Callable[[Callable[Concatenate[Open, P], Result]], Callable[Concatenate[Open, P], Result]]:
    """Give the Result of a function its band.

    Parameters
    ----------
    reads_persons : callable or bool
        Whether a number can depend on who is one person, from the function's own arguments; `CASES_ONLY` where numbers
        count cases or rows, and persons only stand behind them in `n`. Where it can't, and where the three links give
        the same persons in the whole extract, nothing is computed again.

    Returns
    -------
    callable
        For a function that takes an open project first and gives a Result.
    """

    def decorate(function: Callable[Concatenate[Open, P], Result]) -> Callable[Concatenate[Open, P], Result]:
        @wraps(function)
        def compute(project: Open, *args: P.args, **kwargs: P.kwargs) -> Result:
            result = function(project, *args, **kwargs)
            links = getattr(project, "person_links")  # noqa: B009, any project: each function says what else it needs
            if links == "none":
                return result
            asked = reads_persons(project, *args, **kwargs) if callable(reads_persons) else reads_persons
            if links == "same" or not asked:
                return replace(result, band=Band())
            return replace(result, band=_band(project, result, lambda at: function(at, *args, **kwargs)))

        return compute

    return decorate


def _band(project: Any, result: Result, compute: Callable[[Any], Result]) -> Band | None:
    """The band of a Result; None where it can't be computed by another link."""
    try:
        strict, loose = (_values(compute(project.at(link))) for link in (STRICT, LOOSE))
    except DasError:
        return None
    standard = _values(result)
    cells = {place: (strict.get(place), loose.get(place)) for place, value in standard.items() if value is not None}
    differs = any(values != (standard[place],) * 2 for place, values in cells.items())
    return Band(cells if differs else {})


def _values(result: Result) -> Mapping[tuple[str, ...], float | None]:
    return {
        place_of(row, result.dimensions): None if pd.isna(row["value"]) else float(row["value"])
        for row in result.table.to_dict("records")
    }
