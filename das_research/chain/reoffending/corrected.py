"""Recidivism by year, observed and corrected for shifts in who is in the cohort."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from das_research.catalog.models import Text
from das_research.chain.assemble import PERCENT, UNITS, UNKNOWN, assemble
from das_research.chain.reoffending.attributes import ATTRIBUTES, check_known, with_attributes
from das_research.chain.reoffending.cohort import cohort_of
from das_research.chain.reoffending.cohorts import Cohort
from das_research.chain.reoffending.new_cases import KINDS, end_of, with_new_cases
from das_research.chain.reoffending.rates import (
    MEASURES,
    NOT_YET,
    TOO_SMALL,
    check_observed,
    complete_years,
    end_of_observation,
    horizons_of,
    lag_told,
)
from das_research.chain.reoffending.standardised import METHODS, Standardised
from das_research.errors import UsageError
from das_research.result import Recipe, Result, Step
from das_research.sensitivity import with_band

if TYPE_CHECKING:
    from das_research.access.project import Project

FUNCTION = "das_research.chain.corrected_recidivism"
TITLE = Text(nl="Feitelijke en gecorrigeerde recidive", en="Observed and adjusted recidivism")
OBSERVED, CORRECTED = "observed", "corrected"


def corrected_recidivism(
    cohort: Cohort,
    horizon_years: int = 2,
    *,
    kind: str = "general",
    corrected_for: Sequence[str] = tuple(ATTRIBUTES),
    method: str = "model",
    reference: Sequence[int] = (),
    lag_days: int | None = None,
) -> Result:
    """The share that reoffends in each year of a cohort, as observed and as if every year had the same composition.

    Parameters
    ----------
    cohort : Cohort
        From `das_research.chain.cohort`; of at least two years.
    horizon_years : int
        One to ten whole years.
    kind : {'general', 'serious', 'very_serious', 'special'}
        Which reoffending.
    corrected_for : sequence of str
        What is corrected for: attributes of persons at their start, as in `das_research.chain.recidivism`.
    method : {'model', 'direct'}
        A logistic model and its mean prediction over the reference (g-computation), or shares by stratum weighted by
        the reference, over the strata that every year has.
    reference : sequence of int
        The years whose persons together are the reference; default all that can be followed so long.
    lag_days : int, optional
        As in `das_research.chain.recidivism`.

    Returns
    -------
    Result
        Measures `observed` and `corrected` in percent, a row a year; all years together have `observed` alone.
        Corrected, `numerator` and `denominator` are in persons of the reference: how many would reoffend. `n` is that
        of the observed share: distinct persons, the smaller of those who reoffended and those who did not. Years
        that can't be followed so long yet are unknown.

    Raises
    ------
    UsageError
        When a choice can't be used, fewer than two years can be followed so long, or the model can't be fitted.
    AccessRefused
        When the grant leaves out a column that is needed.

    Notes
    -----
    What is assumed: that the attributes tell all that shifted; of the model also that an attribute makes the same
    difference to the odds in every year and next to every other attribute. The error takes persons as independent,
    though one can be in several years. What no attribute tells (country of birth, addiction, the city) stays in.

    Examples
    --------
    >>> das.chain.corrected_recidivism(cohort, horizon_years=2)  # doctest: +SKIP
    """
    (horizon,) = horizons_of(horizon_years)
    return run_corrected(
        cohort.project,
        cohort=cohort,
        horizon_years=horizon,
        kind=kind,
        corrected_for=list(check_known(corrected_for)),
        method=method,
        reference=sorted(set(reference)),
        lag_days=lag_days,
    )


@with_band()
def run_corrected(
    project: "Project",
    cohort: Cohort | Mapping[str, Any],
    horizon_years: int,
    kind: str,
    corrected_for: Sequence[str],
    method: str,
    reference: Sequence[int],
    lag_days: int | None,
) -> Result:
    """What `corrected_recidivism` gives, from parameters in JSON values: how its recipe runs again."""
    for what, asked, known in (("kind of recidivism", kind, KINDS), ("method", method, tuple(METHODS))):
        if asked not in known:
            raise UsageError(f"There is no {what} '{asked}'.", fix=f"Choose one of: {', '.join(known)}.")
    made = cohort_of(project, cohort)
    end = end_of_observation(project, made.method, lag_days)
    check_observed(made.years, [horizon_years], end)
    years = complete_years(made.years, horizon_years, end)
    cells = _cells(made, horizon_years, kind, corrected_for, years)
    found = [year for year in years if year in set(cells.year)]
    small = made.is_too_small
    standard = {} if small else _standardised(cells, found, corrected_for, method, reference)
    last = Step(made.size, 0, TOO_SMALL) if small else Step(made.size, int(cells.persons.sum()), NOT_YET)
    return assemble(
        project,
        "recidive-gecorrigeerd",
        [
            *(row for year in made.years for row in _rows(cells, year, standard.get(year))),
            *_whole(made, cells, list(standard)),
        ],
        [],
        title=made.title(TITLE, *lag_told(lag_days)),
        measures={
            OBSERVED: Text(nl=f"feitelijke {MEASURES[kind].nl}", en=f"observed {MEASURES[kind].en}"),
            CORRECTED: Text(nl=f"gecorrigeerde {MEASURES[kind].nl}", en=f"adjusted {MEASURES[kind].en}"),
        },
        labels={"unit": {PERCENT: UNITS[PERCENT]}},
        recipe=Recipe(
            FUNCTION,
            {
                "cohort": made.parameters,
                "horizon_years": horizon_years,
                "kind": kind,
                "corrected_for": list(corrected_for),
                "method": method,
                "reference": list(reference),
                "lag_days": lag_days,
            },
        ),
        attrition=[*made.attrition, last],
    )


def _cells(made: Cohort, horizon: int, kind: str, of: Sequence[str], years: Sequence[int]) -> pd.DataFrame:
    """How many persons of each year and combination of attributes there are, and how many of them reoffended."""
    entries = with_attributes(made.project, made.method, made.entries, of)
    entries = entries.filter(entries.year.isin(list(years)))
    entries = entries.mutate(end=end_of(entries.start, horizon))
    followed = with_new_cases(made.project, made.method, entries, [kind], {"horizon": "end"})
    coded = followed.mutate(**{name: followed[name].cast("string").fill_null(UNKNOWN) for name in of})
    counts = {"persons": coded.count(), "reoffended": coded.count(where=coded[kind].notnull())}
    table = coded.group_by("year", *of).agg(**counts).to_pandas()
    return table.sort_values(["year", *of]).reset_index(drop=True)


def _standardised(
    cells: pd.DataFrame, years: Sequence[int], of: Sequence[str], method: str, reference: Sequence[int]
) -> dict[int, Standardised]:
    if len(years) < 2:
        raise UsageError(
            "A correction compares years, and fewer than two can be followed so long.",
            fix="Choose a cohort of more years, or a shorter horizon.",
        )
    strange = sorted(set(reference) - set(years))
    if strange:
        raise UsageError(
            f"The year {strange[0]} can't be a reference.",
            fix=f"Choose from {years[0]} to {years[-1]}, or leave it out.",
        )
    return METHODS[method](cells, years, list(of), list(reference) or list(years))


def _rows(cells: pd.DataFrame, year: int, standard: Standardised | None) -> list[dict[str, Any]]:
    here = {"period": str(year), "unit": PERCENT}
    if standard is None:
        empty = here | {"denominator": 0, "n": 0, "kind": "unknown"}
        return [{"measure": OBSERVED, **empty}, {"measure": CORRECTED, **empty}]
    found = _observed(cells, [year])
    lower, upper = standard.limits
    return [
        {"measure": OBSERVED, **here, **found},
        {"measure": CORRECTED, **here, "value": 100 * standard.share, "numerator": standard.expected,
         "denominator": standard.reference, "se": 100 * standard.se, "lower": 100 * lower, "upper": 100 * upper,
         "n": found["n"]},
    ]  # fmt: skip


def _whole(made: Cohort, cells: pd.DataFrame, complete: Sequence[int]) -> list[dict[str, Any]]:
    """All years together, so that what is hidden of one is hidden of all; no other composition is theirs."""
    here = {"period": made.period, "unit": PERCENT, "denominator": 0, "n": 0}
    impossible = {"measure": CORRECTED, **here, "kind": "cannot occur"}
    if not complete:
        return [{"measure": OBSERVED, **here, "kind": "unknown"}, impossible | {"kind": "unknown"}]
    revision = {} if len(complete) == len(made.years) else {"revision": "provisional"}
    return [{"measure": OBSERVED, **here, **_observed(cells, complete), **revision}, impossible]


def _observed(cells: pd.DataFrame, years: Sequence[int]) -> dict[str, Any]:
    """The share of these years; under several years at least as many persons as under each."""
    by_year = cells[cells.year.isin(list(years))].groupby("year")[["persons", "reoffended"]].sum()
    persons, reoffended = int(by_year.persons.sum()), int(by_year.reoffended.sum())
    few = min(int(by_year.reoffended.max()), int((by_year.persons - by_year.reoffended).max()))
    return {"value": 100 * reoffended / persons, "numerator": reoffended, "denominator": persons, "n": few}
