"""Interrupted time series: whether a series stands higher, or runs otherwise, from a dated break on.

Sources: A.K. Wagner, S.B. Soumerai, F. Zhang and D. Ross-Degnan, Segmented regression analysis of interrupted time
series studies, J. of Clinical Pharmacy and Therapeutics 27 (2002), 299-309; standard errors by W.K. Newey and
K.D. West, Econometrica 55 (1987), 703-708; tests of what is left by G.M. Ljung and G.E.P. Box, Biometrika 65 (1978),
297-303, and J. Durbin and G.S. Watson, Biometrika 37 (1950), 409-428.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from das_research.catalog.models import Text
from das_research.chain.series.observed import Observed, check_length, observe
from das_research.chain.series.results import recipe_of, series_result, titled
from das_research.chain.series.steps import Steps, design, fit, steps_of, usual_lags
from das_research.result import TOTAL, Result

if TYPE_CHECKING:
    from das_research.access.project import Project

FUNCTION = "das_research.chain.interrupted"
LEAST_FREE = 4  # periods beyond the coefficients, or no error is known
MEASURES = {
    "level": Text(nl="niveau", en="level"),
    "slope": Text(nl="verloop per periode", en="slope a period"),
    "p_value": Text(nl="overschrijdingskans", en="p-value"),
    "degrees_of_freedom": Text(nl="vrijheidsgraden", en="degrees of freedom"),
    "durbin_watson": Text(nl="Durbin-Watson", en="Durbin-Watson"),
    "ljung_box_p": Text(nl="Ljung-Box, overschrijdingskans", en="Ljung-Box, p-value"),
    "placebo_breaks": Text(
        nl="breuken op andere momenten vóór de eerste", en="breaks at other moments before the first"
    ),
    "placebo_share": Text(nl="waarvan even duidelijk", en="of which as clear"),
}
BEGIN = Text(nl="begin van de reeks", en="begin of the series")


def interrupted(
    project: "Project",
    result: Result,
    breaks: Sequence[str] | None = None,
    *,
    slopes: bool = True,
    seasonal: bool = True,
    lags: int | None = None,
    **address: str,
) -> Result:
    """Segmented regression of a series on its breaks: by how much level and slope changed at each, and how surely.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`; its catalogue has the breaks.
    result : Result
        With years, quarters or months.
    breaks : sequence of str, optional
        Ids of breaks of the catalogue, or days as ``2020-03-15``. Default: all the catalogue has for the figure within
        these years. A period that a day cuts in two lies before it.
    slopes : bool
        Also a change of slope at each break; else of level alone.
    seasonal : bool
        Hold months or quarters constant, where the series has two seasons or more.
    lags : int, optional
        Periods over which what is left may hang together; default ``4 (n / 100)^(2/9)``, rounded down.
    **address
        Column and code of the series; what is not named is at its total.

    Returns
    -------
    Result
        Shape `series`, dimension `break` (`_T`: the begin of the series and the whole). `level` and `slope`: at `_T` at
        the first period, at a break what changed, with Newey-West `se` and 95% limits by Student's t, and `p_value` of
        the change of level. Checks: `durbin_watson`, `ljung_box_p` (small: what is left hangs together beyond the lags
        that the errors allow for), and a placebo in time: breaks are laid at every other moment before the first with
        as many periods beside them; `placebo_share` is the percentage whose change of level is as clear as that of the
        first. Large: it is nothing special.

    Raises
    ------
    UsageError
        When the figure has no break in these years, one lies outside the series or within three periods of its ends or
        of another, or the series is too short.

    Examples
    --------
    >>> das.chain.interrupted(project, flow, ["corona-2020"], stage="opsporing", measure="in")  # doctest: +SKIP
    """
    observed = observe(result, address)
    steps = steps_of(project.catalog, result, observed, breaks, [name for name in address if name in result.dimensions])
    with_season = seasonal and observed.season > 1 and len(observed.periods) >= 2 * observed.season
    matrix = design(len(observed.values), list(steps.places), slopes, observed.season if with_season else 1)
    why = f"The model has {matrix.shape[1]} coefficients, and its errors need {LEAST_FREE} periods beyond them."
    check_length(observed, matrix.shape[1] + LEAST_FREE, why)
    used = usual_lags(len(observed.values)) if lags is None else int(lags)
    rows = [
        *_changes(observed, steps, matrix, slopes, used),
        *_placebo(observed, steps, slopes, observed.season if with_season else 1, used),
    ]
    return series_result(
        result,
        observed,
        rows,
        figure="interrupted-series",
        title=titled(result, Text(nl="Breuken in de reeks", en="Breaks in the series")),
        measures={name: text for name, text in MEASURES.items() if any(row["measure"] == name for row in rows)},
        recipe=recipe_of(
            FUNCTION,
            result,
            breaks=list(steps.names),
            slopes=bool(slopes),
            seasonal=bool(seasonal),
            lags=lags,
            **address,
        ),
        dimensions={"break": (Text(nl="breuk", en="break"), {TOTAL: BEGIN, **steps.titles})},
    )


def _changes(
    observed: Observed, steps: Steps, matrix: "np.typing.NDArray[np.float64]", slopes: bool, lags: int
) -> Iterator[dict[str, Any]]:
    """Level and slope at the begin and at every break, and what is left over."""
    from statsmodels.stats.diagnostic import acorr_ljungbox
    from statsmodels.stats.stattools import durbin_watson

    unit = observed.rows[0]["unit"]
    found = fit(observed.values, matrix, lags)
    pairs = 2 if slopes else 1
    places = {TOTAL: (0, 1)} | {
        name: tuple(2 + pairs * i + j for j in range(pairs)) for i, name in enumerate(steps.names)
    }
    for name, columns in places.items():
        for measure, column in zip(("level", "slope"), columns, strict=False):
            yield {"measure": measure, "break": name, "unit": unit, **found.numbers(column)}
        if name != TOTAL and (chance := found.p_value(columns[0])) is not None:
            yield {"measure": "p_value", "break": name, "unit": "coefficient", "value": chance}
    yield {"measure": "degrees_of_freedom", "unit": "number", "value": found.freedom}
    if found.errors.any():
        yield {"measure": "durbin_watson", "unit": "coefficient", "value": durbin_watson(found.rest)}
        far = min(max(lags, 2 * observed.season if observed.season > 1 else 2), len(observed.values) // 3)
        left = acorr_ljungbox(found.rest, lags=[far])
        yield {"measure": "ljung_box_p", "unit": "coefficient", "value": float(left["lb_pvalue"].iloc[0])}


def _placebo(observed: Observed, steps: Steps, slopes: bool, season: int, lags: int) -> Iterator[dict[str, Any]]:
    """The same first break at other moments of the series before it, where nothing is said to have happened."""
    first, *_ = steps.places
    after = (steps.places[1] if len(steps.places) > 1 else len(observed.values)) - first
    before, values = observed.values[:first], observed.values[: first + after]
    season = season if len(before) >= 2 * season else 1
    width = design(len(before), [first // 2], slopes, season).shape[1] + LEAST_FREE
    moments = list(range(3, len(before) - 2)) if len(before) >= width else []
    if moments:
        clear = [_clearness(before, place, slopes, season, lags) for place in moments]
        real = _clearness(values, first, slopes, season, lags)
        share = 100 * sum(one >= real for one in clear) / len(clear)
        yield {"measure": "placebo_share", "unit": "percent", "value": share, "break": steps.names[0]}
    yield {"measure": "placebo_breaks", "unit": "number", "value": len(moments), "break": steps.names[0]}


def _clearness(values: "np.typing.NDArray[np.float64]", place: int, slopes: bool, season: int, lags: int) -> float:
    found = fit(values, design(len(values), [place], slopes, season), lags)
    return float(abs(found.coefficients[2]) / found.errors[2]) if found.errors[2] > 0 else float("inf")
