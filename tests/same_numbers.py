"""Results of two engines, compared; and what is computed of a project's tables on every engine."""

import json
from collections.abc import Callable
from typing import Any

from ibis import _

import das_research as das
from das_research.result import Result


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


def of_the_survey(project: Any) -> Result:
    """Two estimates by year and sex."""
    return das.chain.estimate(
        project.tables.veiligheidsmonitor.mutate(jaar=_.enquetedatum.year()),
        {"slachtoffers": ("share", "traditioneel"), "melding": ("ratio", "gemeld", "delicten")},
        by=["jaar", "geslacht"],
    )
