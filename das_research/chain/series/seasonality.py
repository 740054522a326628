"""The season of a series and its trend, by STL.

Sources: R.B. Cleveland, W.S. Cleveland, J.E. McRae and I. Terpenning, STL: a seasonal-trend decomposition procedure
based on loess, Journal of Official Statistics 6 (1990), 3-73; the strengths by X. Wang, K. Smith and R. Hyndman,
Characteristic-based clustering for time series data, Data Mining and Knowledge Discovery 13 (2006), 335-364.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from das_research.catalog.models import Text
from das_research.chain.series.observed import Numbers, check_length, observe
from das_research.chain.series.results import recipe_of, series_result, titled
from das_research.errors import UsageError
from das_research.result import Result

if TYPE_CHECKING:
    from das_research.access.project import Project

FUNCTION = "das_research.chain.seasonality"
NOTHING = 1e-18  # of the mean square: what varies by rounding alone
MEASURES = {
    "trend": Text(nl="trend", en="trend"),
    "seasonal": Text(nl="seizoen", en="season"),
    "adjusted": Text(nl="gecorrigeerd voor seizoen", en="seasonally adjusted"),
    "seasonal_strength": Text(nl="sterkte van het seizoen", en="strength of the season"),
    "trend_strength": Text(nl="sterkte van de trend", en="strength of the trend"),
}


def seasonality(_: "Project", result: Result, robust: bool = True, **address: str) -> Result:
    """Take a series of months or quarters apart into its trend, its season and the rest.

    Parameters
    ----------
    _ : Project
        From `das_research.open_project`.
    result : Result
        With months or quarters, as `das_research.chain.flow` gives them with ``every="month"``.
    robust : bool
        Let odd periods count less.
    **address
        Column and code of the series, as ``stage="opsporing", measure="in"``; what is not named is at its total.

    Returns
    -------
    Result
        Shape `series`. Of every period `observed`, `trend`, `seasonal` and `adjusted` (observed less seasonal), in the
        unit of the series. Of the whole `seasonal_strength` and `trend_strength`, 0-1: how much less the rest varies
        than the rest with season, or with trend. `n` is the fewest under the series.

    Raises
    ------
    UsageError
        When the series has no season (years), is shorter than two seasons, skips a period, or is not one.

    Examples
    --------
    >>> flow = das.chain.flow(project, 2012, 2024, every="month")  # doctest: +SKIP
    >>> das.chain.seasonality(project, flow, stage="opsporing", measure="in")  # doctest: +SKIP
    """
    observed = observe(result, address)
    if observed.season == 1:
        raise UsageError("A series of years has no season.", fix="Compute it by quarter or month.")
    check_length(observed, 2 * observed.season + 1, "A season shows when it returns: two of them, and one period more.")
    from statsmodels.tsa.seasonal import STL  # seconds to import

    found = STL(observed.values, period=observed.season, robust=bool(robust)).fit()
    unit = observed.rows[0]["unit"]
    parts = {"trend": found.trend, "seasonal": found.seasonal, "adjusted": observed.values - found.seasonal}
    rows: list[dict[str, Any]] = [
        {"measure": measure, "period": row["period"], "unit": unit, "value": value, "revision": row["revision"]}
        for measure, values in parts.items()
        for row, value in zip(observed.rows, values, strict=True)
    ]
    for measure, values in (("seasonal_strength", found.seasonal), ("trend_strength", found.trend)):
        strength = _strength(values, found.resid, float(np.mean(observed.values**2)))
        rows.append({"measure": measure, "unit": "ratio", "value": strength})
    return series_result(
        result,
        observed,
        rows,
        figure="season",
        title=titled(result, Text(nl="Seizoen en trend", en="Season and trend")),
        measures=MEASURES,
        recipe=recipe_of(FUNCTION, result, robust=bool(robust), **address),
    )


def _strength(part: Numbers, rest: Numbers, size: float) -> float:
    together = float(np.var(part + rest))
    return max(0.0, 1 - float(np.var(rest)) / together) if together > NOTHING * size else 0.0
