"""Where a case is, and when: the one place that says so. Flows, shares and durations all read it from here."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.coarsening import coarsening_in_words, coarsenings
from das_research.catalog.models import Stage
from das_research.chain.moments import moments
from das_research.engines import literal_date, only_row
from das_research.engines.keeping import once
from das_research.errors import AccessRefused

if TYPE_CHECKING:
    from das_research.access.project import Project

ON, OUT, OPEN = "on", "out", "open"


def journeys(project: "Project", attributes: Sequence[str] = ()) -> ir.Table:
    """One row for each case and each stage that it entered.

    A case enters a stage at the first entering event of that stage. It goes on at its first entry of any later stage,
    even where an event stands that would have ended it: later stages know better. Otherwise it leaves the chain at the
    last leaving event of the stage. What has done neither is open on the last day the sources cover; events after that
    day don't count.

    Parameters
    ----------
    project : Project
        Its tables `cases` and `events` are read.
    attributes : sequence of str
        Columns of `cases` to carry along.

    Returns
    -------
    Table
        `case_id, person_id` (where the person of a case is not known: the case), the attributes, `stage`, `entered`,
        `how` (on, out or open), `ended` (null when open), `reached_next` (whether it entered the very next stage),
        `without_before` (whether it entered none of the stages before), `told_on` (the last day on which the stage
        itself said that the case goes on; null: it never did).

    Raises
    ------
    AccessRefused
        When the project was not given a column that is needed.
    """
    stages = project.catalog.chain.stages
    wide = _every_case(project, attributes)
    return ibis.union(*(_in_stage(wide, stages, position, attributes) for position in range(len(stages))))


def journeys_through(project: "Project", stage: str, attributes: Sequence[str] = ()) -> ir.Table:
    """The rows of `journeys` of one stage: of every case that entered it, one."""
    stages = project.catalog.chain.stages
    position = [it.id for it in stages].index(stage)
    return _in_stage(_every_case(project, attributes), stages, position, attributes)


def cases_that(project: "Project", meets: Callable[[ir.DateColumn, ir.DateColumn], ir.BooleanValue]) -> tuple[int, int]:
    """How many cases entered any stage; and how many of them in which some stage meets a condition.

    Parameters
    ----------
    project : Project
        As for `journeys`.
    meets : callable
        From the day a case entered a stage and the day it ended there (null when open) to whether it does.
    """
    stages = project.catalog.chain.stages
    wide = _every_case(project)
    stays = [_stay(wide, stages, position) for position in range(len(stages))]
    entered = ibis.or_(*(it["entered"].notnull() for it in stays))
    met = ibis.or_(*(it["entered"].notnull() & meets(it["entered"], it["ended"]).fill_null(False) for it in stays))
    found = only_row(wide.agg(entered=wide.count(where=entered), met=wide.count(where=met)))
    return found["entered"], found["met"]


def _every_case(project: "Project", attributes: Sequence[str] = ()) -> ir.Table:
    """One row a case: its person, what `moments` gives, and the attributes. Computed once, but for the attributes."""
    stages = project.catalog.chain.stages
    wide = once(
        [cases_with_person(project), observed_events(project)],
        ("journeys", stages),
        lambda cases, events: cases.inner_join(moments(events, stages), "case_id"),
    )
    return wide.inner_join(granted(project, "cases", ["case_id", *attributes]), "case_id") if attributes else wide


def observed_events(project: "Project") -> ir.Table:
    """`case_id, event, outcome, moment` of every event up to the last day the sources cover."""
    events = granted(project, "events", ["case_id", "event", "outcome", "moment"])
    return events.filter(events.moment <= literal_date(project.observed_until))


def cases_with_person(project: "Project") -> ir.Table:
    """`case_id, person_id`; where the person of a case is not known, the case in its place."""
    if not project.catalog.chain.person:
        cases = granted(project, "cases", ["case_id"])
        return cases.mutate(person_id=cases.case_id)
    cases = granted(project, "cases", ["case_id", "person_id"])
    return cases.mutate(person_id=ibis.coalesce(cases.person_id, cases.case_id))


def granted(project: "Project", table: str, columns: Sequence[str]) -> ir.Table:
    """These columns of a table of the project as they were delivered, or a refusal that names those it lacks."""
    whole = getattr(project.tables, table)
    missing = [column for column in columns if column not in whole.columns]
    coarse = {name: how for name, how in coarsenings(project.grant, table).items() if name in columns}
    if not missing and not coarse:
        return whole.select(*columns)
    if not missing:
        told = [f"{table}.{name}: {coarsening_in_words(project.catalog, how).en}" for name, how in coarse.items()]
        raise AccessRefused(
            f"This needs {', '.join(f'{table}.{name}' for name in coarse)} as it was delivered.",
            why=f"The grant of the project {project.id} gives it coarser ({'; '.join(told)}).",
            fix="Use das.tabulate for a table of one's own with the coarse column.",
            ask="the steward of the data, who can widen the grant",
        )
    raise AccessRefused(
        f"This needs {', '.join(f'{table}.{column}' for column in missing)}.",
        why=f"The grant of the project {project.id} does not name it.",
        ask="the steward of the data, who can widen the grant",
    )


def _in_stage(wide: ir.Table, stages: Sequence[Stage], position: int, attributes: Sequence[str]) -> ir.Table:
    stay = _stay(wide, stages, position)
    entered = wide.filter(stay["entered"].notnull())
    return entered.select("case_id", "person_id", *attributes, stage=ibis.literal(stages[position].id), **stay)


def _stay(wide: ir.Table, stages: Sequence[Stage], position: int) -> dict[str, Any]:
    """Of one stage the columns that `journeys` gives, for cases that entered it."""
    entered = wide[f"entered_{position}"]
    before = [wide[f"entered_{i}"] for i in range(position)]
    after = [wide[f"entered_{i}"] for i in range(position + 1, len(stages))]
    went_on, left_chain = wide[f"went_on_{position}"], wide[f"left_{position}"]
    end = ibis.coalesce(went_on, left_chain)
    return {
        "entered": entered,
        "how": ibis.cases((went_on.notnull(), ON), (left_chain.notnull(), OUT), else_=OPEN),
        "ended": (end < entered).ifelse(entered, end),
        "reached_next": after[0].notnull() if after else ibis.literal(False),
        "without_before": ibis.and_(True, *(moment.isnull() for moment in before)),
        "told_on": wide[f"told_on_{position}"],
    }
