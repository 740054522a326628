"""The shares of a cohort that came back, and how often: the Result that a project releases."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from das_research.catalog.models import Text
from das_research.chain.assemble import PERCENT, UNITS, assemble
from das_research.chain.reoffending.attributes import ATTRIBUTES, check_known
from das_research.chain.reoffending.cohort import cohort_of
from das_research.chain.reoffending.cohorts import Cohort
from das_research.chain.reoffending.documented import chosen
from das_research.chain.reoffending.incidence import DEPARTED, estimated
from das_research.chain.reoffending.rates import (
    FREQUENCY,
    PER_YEAR,
    check_observed,
    end_of_observation,
    horizons_of,
    lag_told,
    observed,
)
from das_research.chain.reoffending.rates import MEASURES as OBSERVED
from das_research.errors import UsageError
from das_research.result import Recipe, Result
from das_research.sensitivity import with_band

if TYPE_CHECKING:
    from das_research.access.project import Project

FUNCTION = "das_research.chain.recidivism"
OBSERVATIONS = ("completed", "censored")
CLOCKS = ("calendar", "at_liberty")
TITLE = Text(nl="Recidive", en="Recidivism")
HORIZON = Text(nl="termijn in jaren", en="horizon in years")
IN_UNITS = {
    PERCENT: UNITS[PERCENT],
    PER_YEAR: Text(nl="zaken per jaar in vrijheid", en="cases per year at liberty"),
}
MEASURES = OBSERVED | {DEPARTED: Text(nl="overleden of vertrokken", en="died or left the country")}


def recidivism(
    cohort: Cohort,
    horizon_years: int | Sequence[int] = 2,
    by: Sequence[str] = (),
    *,
    measures: Sequence[str] | None = None,
    observation: str = "completed",
    clock: str = "calendar",
    dated_by: str | None = None,
    lag_days: int | None = None,
) -> Result:
    """The share of a cohort with a new case within so many years of the start, of several kinds, and how many cases.

    A new case is one whose offence is dated after the start and whose disposal is in the catalogue's list of new
    disposals. An offence committed by the day of the start is no recidivism, whenever its case came: it is
    `earlier_offence`. Observation ends a lag before the last day of the sources, since later cases are not all
    registered and disposed of.

    Parameters
    ----------
    cohort : Cohort
        From `das_research.chain.cohort`.
    horizon_years : int or sequence of int
        One to ten whole years, or several such.
    by : sequence of str
        ``geslacht``, ``leeftijdsgroep``, ``delictgroep``, ``eerdere_zaken``: who persons were at their start; what is
        not known counts as `onbekend`.
    measures : sequence of str, optional
        Which of those below; default all, but for `departed`.
    observation : {'completed', 'censored'}
        ``completed``: a year of the cohort counts once every person in it can be followed so long; the dead and
        departed stay in. ``censored``: everybody is followed as long as possible, and the share is the cumulative
        incidence of Aalen and Johansen; death and departure compete where the project has a table that tells of them.
    clock : {'calendar', 'at_liberty'}
        Whether days in detention after the start count as time; ``at_liberty`` asks for ``censored``.
    dated_by : str, optional
        How a new offence is dated, as ``pleegdatum`` or ``inschrijving``; default the method's first.
    lag_days : int, optional
        How long before the last day of the sources the observation ends; default the method's.

    Returns
    -------
    Result
        Dimension `horizon` (years) and the attributes (total `_T`); `period` is a year of the cohort, or all of them.
        Measures `general`, `serious`, `very_serious`, `special` (same main group of offences as the index case),
        `earlier_offence` and, censored, `departed`, in percent: `numerator` persons it happened to, `denominator`
        persons of the cohort, a person once a year. `frequency`: new cases (`numerator`) per year at liberty
        (`denominator`), both within the horizon. `n`: distinct persons, the smaller of those in the numerator and
        outside it. Censored shares have `se` and 95% limits. A year that can't be followed so long yet is unknown; all
        years together then hold the others, and are provisional. Of a cohort smaller than the method allows everything
        is unknown.

    Raises
    ------
    UsageError
        When a choice can't be used, or no year of the cohort can be followed so long.
    AccessRefused
        When the grant leaves out a table or column that is needed.

    Notes
    -----
    After the method of the WODC's Recidivemonitor as far as it was read; what was not is marked unverified in the
    catalogue. The frequency subtracts detention from the time in which somebody can reoffend; the prevalence does so
    only with ``clock="at_liberty"``. A horizon of the censored estimate is so many times 365.25 days, rounded.

    Examples
    --------
    >>> cohort = das.chain.cohort(project, index="volwassen_daders", years=range(2015, 2021))  # doctest: +SKIP
    >>> das.chain.recidivism(cohort, horizon_years=2, by=["leeftijdsgroep"])  # doctest: +SKIP
    """
    asked: dict[str, Any] = {
        "horizon_years": list(horizons_of(horizon_years)),
        "by": list(check_known(by)),
        "measures": list(_measures(measures, observation)),
        "observation": observation,
        "clock": clock,
        "dated_by": chosen("way to date a new offence", cohort.method.documentation.dates, dated_by)[0],
        "lag_days": lag_days,
    }
    return run_recidivism(cohort.project, cohort=cohort, **asked)


@with_band()
def run_recidivism(
    project: "Project",
    cohort: Cohort | Mapping[str, Any],
    horizon_years: Sequence[int],
    by: Sequence[str],
    measures: Sequence[str],
    observation: str,
    clock: str,
    dated_by: str,
    lag_days: int | None,
) -> Result:
    """What `recidivism` gives, from parameters in JSON values: how its recipe runs again."""
    _check_choices(observation, clock)
    made, horizons = cohort_of(project, cohort), horizons_of(horizon_years)
    end = end_of_observation(project, made.method, lag_days)
    if observation == "completed":
        check_observed(made.years, horizons, end)
        rows, steps, codes = observed(made, horizons, by, measures, dated_by, end)
    else:
        rows, steps, codes = estimated(made, horizons, by, measures, dated_by, end, clock)
    return assemble(
        project,
        "recidive",
        rows,
        ["horizon", *by],
        title=made.title(TITLE, *lag_told(lag_days)),
        measures={name: MEASURES[name] for name in measures},
        labels={
            "horizon": {str(years): _in_years(years) for years in horizons},
            "unit": {unit: IN_UNITS[unit] for unit in dict.fromkeys(row["unit"] for row in rows)},
            "dimension": {"horizon": HORIZON, **{name: ATTRIBUTES[name] for name in by}},
            **codes,
        },
        recipe=Recipe(
            FUNCTION,
            {
                "cohort": made.parameters,
                "horizon_years": list(horizons),
                "by": list(by),
                "measures": list(measures),
                "observation": observation,
                "clock": clock,
                "dated_by": dated_by,
                "lag_days": lag_days,
            },
        ),
        attrition=[*made.attrition, *steps],
    )


def _measures(asked: Sequence[str] | None, observation: str) -> tuple[str, ...]:
    """The measures, each once, in their order; those that this way of observing gives."""
    known = [name for name in MEASURES if name != (DEPARTED if observation == "completed" else FREQUENCY)]
    if asked is None:
        return tuple(name for name in known if name != DEPARTED)
    for name in asked:
        if name not in known:
            raise UsageError(
                f"There is no measure '{name}' of recidivism {observation}.", fix=f"Choose from: {', '.join(known)}."
            )
    return tuple(name for name in known if name in asked)


def _check_choices(observation: str, clock: str) -> None:
    for name, value, known in (("observation", observation, OBSERVATIONS), ("clock", clock, CLOCKS)):
        if value not in known:
            raise UsageError(f"There is no {name} '{value}'.", fix=f"Choose one of: {', '.join(known)}.")
    if clock == "at_liberty" and observation != "censored":
        raise UsageError(
            "Time at liberty can't be followed in completed windows.",
            why="Who is detained long does not complete one, and leaving them out would change who is in the cohort.",
            fix='Add observation="censored".',
        )


def _in_years(years: int) -> Text:
    return Text(nl=f"{years} jaar", en="1 year" if years == 1 else f"{years} years")
