"""Where a case is, and when: the one place that says so. Flows, shares and durations all read it from here."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.coarsening import coarsening_in_words, coarsenings
from das_research.catalog.models import Stage
from das_research.chain.moments import last_told, moments
from das_research.engines import literal_date, only_row
from das_research.engines.keeping import once
from das_research.errors import AccessRefused

if TYPE_CHECKING:
    from das_research.access.project import Project

ON, OUT, OPEN = "on", "out", "open"


def journeys(project: "Project", attributes: Sequence[str] = (), *, told: bool = False) -> ir.Table:
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
    told : bool
        Whether to look up what the stages themselves said of what goes on.

    Returns
    -------
    Table
        `case_id, person_id` (where the person of a case is not known: the case), the attributes, `stage`, `entered`,
        `how` (on, out or open), `ended` (null when open), `reached_next` (whether it entered the very next stage),
        `without_before` (whether it entered none of the stages before). With `told` also `told_on`: the last day on
        which the stage itself said that the case goes on; null: it never did.

    Raises
    ------
    AccessRefused
        When the project was not given a column that is needed.
    """
    stages = project.catalog.chain.stages
    wide = _every_case(project, attributes)
    if told:
        said = once([observed_events(project)], ("told", stages), lambda events: last_told(events, stages))
        wide = wide.left_join(said, "case_id").drop("case_id_right")
    return ibis.union(*(_in_stage(wide, stages, place, attributes, told=told) for place in range(len(stages))))


def journeys_through(project: "Project", stage: str, attributes: Sequence[str] = ()) -> ir.Table:
    """The rows of `journeys` of one stage: of every case that entered it, one."""
    stages = project.catalog.chain.stages
    position = [it.id for it in stages].index(stage)
    return _in_stage(_every_case(project, attributes), stages, position, attributes)


def side_by_side(project: "Project") -> tuple[ir.Table, dict[str, dict[str, Any]]]:
    """One row for each case with its `person_id`; and of every stage, by its id, the columns of `journeys` in that row.

    Also `went_on`: whether it entered a later stage. Of a stage that a case did not enter, `entered` is null, and the
    others mean nothing.
    """
    stages = project.catalog.chain.stages
    wide = _every_case(project)
    return wide, {
        stage.id: {**_stay(wide, stages, place), "went_on": _went_on(wide, stages, place)}
        for place, stage in enumerate(stages)
    }


def cases_that(project: "Project", meets: Callable[[ir.DateColumn, ir.DateColumn], ir.BooleanValue]) -> tuple[int, int]:
    """How many cases entered any stage; and how many of them in which some stage meets a condition.

    Parameters
    ----------
    project : Project
        As for `journeys`.
    meets : callable
        From the day a case entered a stage and the day it ended there (null when open) to whether it does.
    """
    wide, by_stage = side_by_side(project)
    stays = by_stage.values()
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


def _in_stage(
    wide: ir.Table, stages: Sequence[Stage], position: int, attributes: Sequence[str], *, told: bool = False
) -> ir.Table:
    stay = _stay(wide, stages, position)
    if told:
        stay["told_on"] = wide[f"told_on_{position}"]
    entered = wide.filter(stay["entered"].notnull())
    return entered.select("case_id", "person_id", *attributes, stage=ibis.literal(stages[position].id), **stay)


def _stay(wide: ir.Table, stages: Sequence[Stage], position: int) -> dict[str, Any]:
    """Of one stage the columns that `journeys` gives, for cases that entered it."""
    before = [wide[f"entered_{i}"] for i in range(position)]
    after = [wide[f"entered_{i}"] for i in range(position + 1, len(stages))]
    ended = wide[f"ended_{position}"]
    return {
        "entered": wide[f"entered_{position}"],
        "how": ibis.cases((_went_on(wide, stages, position), ON), (ended.notnull(), OUT), else_=OPEN),
        "ended": ended,
        "reached_next": after[0].notnull() if after else ibis.literal(False),
        "without_before": ibis.and_(ibis.literal(True), *(moment.isnull() for moment in before)),
    }


def _went_on(wide: ir.Table, stages: Sequence[Stage], position: int) -> ir.BooleanValue:
    after = (wide[f"entered_{i}"].notnull() for i in range(position + 1, len(stages)))
    return ibis.or_(ibis.literal(False), *after)
