"""Results of two engines, compared; and what is computed of a project's tables on every engine."""

import json
from collections.abc import Callable
from typing import Any

from ibis import _

import das_research as das
from das_research.chain.reoffending.cohorts import Cohort
from das_research.result import Result

YEARS = (2020, 2022)

OF_THE_CHAIN: dict[str, Callable[[Any], Result]] = {
    "flow": lambda project: das.chain.flow(project, *YEARS),
    "conversion": lambda project: das.chain.conversion(project, *YEARS, by=["delictgroep"]),
    "durations": lambda project: das.chain.durations(project, "vervolging", *YEARS, by=["delictgroep"]),
    "durations between": lambda project: das.chain.durations_between(
        project, "registratie-beslissing", *YEARS, by=["leeftijdsgroep"]
    ),
    "flow by month": lambda project: das.chain.flow(project, *YEARS, every="month"),
    "conversion by year": lambda project: das.chain.conversion_by_year(project, *YEARS),
    "leakage": lambda project: das.chain.leakage(project, *YEARS, grace_days=100),
    "share within": lambda project: das.chain.share_within(
        project, "instroom-beslissing", 60, *YEARS, by=["delictgroep"]
    ),
    "share within a norm": lambda project: das.chain.share_within_norm(project, "politierechter", *YEARS),
    "deliveries": lambda project: das.chain.deliveries(project),
}


def numbers(result: Result) -> Result:
    """A Result but for the words of the query under it, which are those of an engine."""
    return Result.from_json(json.dumps(json.loads(result.to_json()) | {"recipe": {"function": "", "parameters": {}}}))


def with_sex(project: Any) -> Any:
    """The cases with the sex of their person, and whether they are about property."""
    persons = project.tables.persons.select("person_id", "geslacht")
    return project.tables.cases.join(persons, "person_id").mutate(vermogen=_.delictgroep == "vermogen")


MODELS: dict[str, Callable[[Any], Result]] = {
    "a logistic model": lambda project: das.chain.logistic(
        with_sex(project), "vermogen", ["geslacht", "leeftijdsgroep"], errors="clustered"
    ),
    "a cox model": lambda project: das.chain.cox(
        project.tables.strafzaken.join(with_sex(project), "case_id")
        .mutate(dagen=_.beslisdatum.delta(_.instroomdatum, unit="day"))
        .filter(_.dagen >= 0),
        "dagen", "vermogen", ["geslacht"], errors="clustered",
    ),
}  # fmt: skip


def a_cohort(project: Any) -> Cohort:
    """A cohort for which every rule about a person's earlier events counts."""
    return das.chain.cohort(project, years=range(2017, 2020), same_days=30, washout_years=1, once="period")


OF_COHORTS: dict[str, Callable[[Cohort], Result]] = {
    "size": lambda cohort: das.chain.cohort_size(cohort, by=["geslacht"]),
    "completed": lambda cohort: das.chain.recidivism(cohort, [1, 2], by=["eerdere_zaken"]),
    "at liberty": lambda cohort: das.chain.recidivism(
        cohort, 2, measures=["general", "departed"], observation="censored", clock="at_liberty"
    ),
    "corrected": lambda cohort: das.chain.corrected_recidivism(
        cohort, 1, corrected_for=["leeftijdsgroep", "delictgroep"]
    ),
}


def of_the_survey(project: Any) -> Result:
    """Two estimates by year and sex."""
    return das.chain.estimate(
        project.tables.veiligheidsmonitor.mutate(jaar=_.enquetedatum.year()),
        {"slachtoffers": ("share", "traditioneel"), "melding": ("ratio", "gemeld", "delicten")},
        by=["jaar", "geslacht"],
    )


def sums_of(project: Any) -> Result:
    """Uneven amounts, exact in eighths, in groups of which some are of few."""
    cases = project.tables.cases.select("case_id", "delictgroep", "leeftijdsgroep")
    table = project.tables.events.join(cases, "case_id").mutate(
        jaar=_.moment.year(), bedrag=_.moment.day() * _.moment.day() * _.moment.day() / 8
    )
    measures = {"totaal": ("sum", "bedrag"), "gemiddeld": ("mean", "bedrag")}
    return das.tabulate(table, by=["delictgroep", "leeftijdsgroep", "jaar"], measures=measures)
