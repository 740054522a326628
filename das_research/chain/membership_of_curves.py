"""Who stands under the points of curves of durations: how gate 3 compares them with each other and with tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from das_research.chain.assemble import UNKNOWN, period_of
from das_research.chain.between import MOMENTS
from das_research.chain.cohort import lies_in
from das_research.chain.durations import stays
from das_research.chain.journey import journeys_through
from das_research.chain.named_spans import find_span
from das_research.chain.spans import timed_cases
from das_research.disclosure.curves import DAYS_ASKED, POINT
from das_research.result import TOTAL
from das_research.tabulation.cube import UNIT
from das_research.tabulation.membership import ENTRY, Cell, Members, with_totals

if TYPE_CHECKING:
    from das_research.access.project import Project


def members_of_durations(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands under the points of `das_research.chain.durations`, from the parameters of its recipe.

    Parameters
    ----------
    project : Project
        Opened on the extract.
    parameters : mapping
        Those of the recipe, and `at_days`: the days that are asked after.

    Returns
    -------
    Members
        Of a group everybody, at the address of its curve without a day (``_T``); of a point those whose case was done
        by that day, and those whose case was not, or went out of sight before. Cases are the entries.
    """
    stage, by = parameters["stage"], list(parameters["by"])
    years = parameters["first_year"], parameters["last_year"]
    return _of_curve(stays(project, journeys_through(project, stage, by), *years), stage, by, parameters)


def members_of_durations_between(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands under the points of `das_research.chain.durations_between`; as `members_of_durations`."""
    named, by = find_span(project, parameters["span"]), list(parameters["by"])
    timed = timed_cases(project, named.span, by)
    moment = timed[MOMENTS[parameters["period_of_the"]]]
    chosen = timed.filter(timed.lasted >= 0, lies_in(moment, parameters["first_year"], parameters["last_year"]))
    return _of_curve(chosen, named.id, by, parameters)


def _of_curve(cohort: ir.Table, id: str, by: Sequence[str], parameters: Mapping[str, Any]) -> Members:
    asked, period = list(parameters[DAYS_ASKED]), period_of(parameters["first_year"], parameters["last_year"])
    done_by = ((~cohort.is_open & (cohort.lasted <= day), str(place)) for place, day in enumerate(asked))
    never = ibis.literal(str(len(asked)))
    done = ibis.cases(*done_by, else_=never) if asked else never
    codes = {f"by_{name}": cohort[name].cast("string").fill_null(UNKNOWN) for name in by}

    def cells(row: Mapping[str, str]) -> Iterable[Cell]:
        for group in with_totals([row[f"by_{name}"] for name in by]):
            yield (POINT, id, TOTAL, *group, period), "known"
            for place, day in enumerate(asked):
                yield (POINT, id, str(day), *group, period), "holds" if int(row["done"]) <= place else "lacks"

    return Members(cohort.select(**{UNIT: cohort.person_id, ENTRY: cohort.case_id}, **codes, done=done), cells)
