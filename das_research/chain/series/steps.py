"""Breaks as steps of a regression: where they lie in a series, and the columns they add."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from scipy.special import stdtr, stdtrit

from das_research.catalog.breaks import breaks_between
from das_research.catalog.models import Catalog, Text
from das_research.chain.series.observed import NAMES, Numbers, Observed
from das_research.errors import UsageError
from das_research.result import Result

NOTHING = 1e-9  # of the largest number: what is left of a series without noise
BESIDE = 3  # periods on each side of a break: two give a line, a third how far it can be trusted


@dataclass(frozen=True)
class Steps:
    """Breaks in the order of time: what they are called, and the first period after each."""

    names: tuple[str, ...]
    titles: dict[str, Text]
    places: tuple[int, ...]


def steps_of(
    catalog: Catalog, result: Result, observed: Observed, asked: Sequence[str] | None, dimensions: Collection[str]
) -> Steps:
    """The breaks that were asked for, or all that the catalogue has in these years, as steps of a series.

    Raises
    ------
    UsageError
        When there is none, or one lies outside the series or too near to its ends or another.
    """
    first, last = int(observed.periods[0][:4]), int(observed.periods[-1][:4])
    if asked is None:
        known = result.definition in catalog.figures
        found = breaks_between(catalog, result.definition, first, last, dimensions) if known else []
        days = {one.id: (one.date, one.title) for one in found}
    else:
        days = {name: _day_of(catalog, name) for name in ([asked] if isinstance(asked, str) else asked)}
    if not days:
        raise UsageError(
            "No break is known in this series.",
            why="The catalogue has none for the figure in these years, or it is no figure of the catalogue.",
            fix='Name one: breaks=["corona-2020"], or a day: breaks=["2020-03-15"].',
        )
    ordered = sorted(days, key=lambda name: (days[name][0], name))
    places = [observed.place_of(days[name][0]) for name in ordered]
    edges = [0, *places, len(observed.periods)]
    for name, place, left, right in zip(ordered, places, edges, edges[2:], strict=False):
        if not 0 < place < len(observed.periods):
            raise UsageError(
                f"The break '{name}' lies outside the series.",
                why=f"It is of {days[name][0]}, and the series of {observed.periods[0]} to {observed.periods[-1]}.",
                fix="Take other years, or leave it out of breaks=.",
            )
        if min(place - left, right - place) < BESIDE:
            raise UsageError(
                f"The break '{name}' has fewer than {BESIDE} {NAMES[observed.season]} beside it.",
                why="So near to an end of the series, or to another break, nobody can tell what it did.",
                fix="Take more years or shorter periods, or leave one out of breaks=.",
            )
    return Steps(tuple(ordered), {name: days[name][1] for name in ordered}, tuple(places))


def _day_of(catalog: Catalog, name: str) -> tuple[date, Text]:
    if name in catalog.breaks:
        return catalog.breaks[name].date, catalog.breaks[name].title
    try:
        return date.fromisoformat(name), Text(nl=name, en=name)
    except ValueError:
        raise UsageError(
            f"There is no break '{name}'.", fix="Write a day as 2020-03-15, or an id: das catalog search TEXT finds it."
        ) from None


def design(size: int, places: Sequence[int], slopes: bool, season: int) -> Numbers:
    """The columns of a segmented regression.

    Parameters
    ----------
    size : int
        Periods.
    places : sequence of int
        The first period after each break.
    slopes : bool
        Whether the slope changes too.
    season : int
        Periods in a year; with more than one, what each differs from the mean of all.

    Returns
    -------
    array
        One, the periods from 0, then of each break a step and, with slopes, the periods since; then the season.

    Examples
    --------
    >>> design(5, [3], slopes=True, season=1).astype(int).tolist()
    [[1, 0, 0, 0], [1, 1, 0, 0], [1, 2, 0, 0], [1, 3, 1, 0], [1, 4, 1, 1]]
    """
    time = np.arange(size)
    columns: list[Any] = [np.ones(size), time]
    for place in places:
        columns += [time >= place, *([np.maximum(time - place, 0)] if slopes else [])]
    columns += [(time % season == part) * 1.0 - (time % season == season - 1) for part in range(season - 1)]
    return np.column_stack(columns).astype("float64")


def usual_lags(size: int) -> int:
    """The lags that Newey and West's rule of thumb gives.

    Examples
    --------
    >>> usual_lags(13), usual_lags(156)
    (2, 4)
    """
    return int(4 * (size / 100) ** (2 / 9))


@dataclass(frozen=True)
class Fitted:
    """Least squares of a series: coefficients, their errors (0 where nothing is left to judge by), and what is left."""

    coefficients: Numbers
    errors: Numbers
    rest: Numbers
    freedom: int

    def numbers(self, column: int) -> dict[str, float]:
        """A coefficient with its error and 95% limits by Student's t, where there is one."""
        value, error = float(self.coefficients[column]), float(self.errors[column])
        if error == 0:
            return {"value": value}
        spread = float(stdtrit(self.freedom, 0.975)) * error
        return {"value": value, "se": error, "lower": value - spread, "upper": value + spread}

    def p_value(self, column: int) -> float | None:
        """How often a coefficient so far from 0 would be seen if it were 0; None without an error."""
        error = float(self.errors[column])
        return 2 * float(stdtr(self.freedom, -abs(self.coefficients[column]) / error)) if error else None


def fit(values: Numbers, matrix: Numbers, lags: int) -> Fitted:
    """Least squares with Newey-West errors, corrected for the number of coefficients."""
    from statsmodels.regression.linear_model import OLS  # seconds to import

    if not 0 <= lags < len(values):
        raise UsageError(f"{lags} lags are not possible.", fix=f"Choose from 0 to {len(values) - 1}.")
    how = {"maxlags": lags, "use_correction": True}
    found = OLS(values, matrix).fit(cov_type="HAC", cov_kwds=how)
    variance = np.diag(found.cov_params()).clip(0)
    exact = float(np.abs(found.resid).max()) <= NOTHING * max(1.0, float(np.abs(values).max()))
    errors = np.zeros(len(variance)) if exact else np.sqrt(variance)
    return Fitted(found.params, errors, found.resid, len(values) - matrix.shape[1])
