"""Where a case is, and when: the one place that says so. Flows, shares and durations all read it from here."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from das_research.catalog.coarsening import coarsening_in_words, coarsenings
from das_research.catalog.models import Occurrence, Stage
from das_research.engines import literal_date
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
    cases = cases_with_person(project, attributes)
    events = observed_events(project)
    entries = {f"entered_{i}": events.moment.min(where=events.event == stage.enter) for i, stage in enumerate(stages)}
    leavings = {f"left_{i}": events.moment.max(where=occurs(events, stage.leave)) for i, stage in enumerate(stages)}
    passed = {f"told_on_{i}": events.moment.max(where=occurs(events, stage.pass_on)) for i, stage in enumerate(stages)}
    moments = events.group_by("case_id").agg(**entries, **leavings, **passed)
    wide = cases.inner_join(moments, "case_id")
    return ibis.union(*(_in_stage(wide, stages, position, attributes) for position in range(len(stages))))


def observed_events(project: "Project") -> ir.Table:
    """`case_id, event, outcome, moment` of every event up to the last day the sources cover."""
    events = granted(project, "events", ["case_id", "event", "outcome", "moment"])
    return events.filter(events.moment <= literal_date(project.observed_until))


def cases_with_person(project: "Project", attributes: Sequence[str] = ()) -> ir.Table:
    """`case_id, person_id` and the attributes; where the person of a case is not known, the case in its place."""
    if not project.catalog.chain.person:
        cases = granted(project, "cases", ["case_id", *attributes])
        return cases.mutate(person_id=cases.case_id)
    cases = granted(project, "cases", ["case_id", "person_id", *attributes])
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


def occurs(events: ir.Table, any_of: Iterable[Occurrence]) -> ir.BooleanValue:
    """Whether an event is one of these."""
    met = (
        (events.event == it.event) & (events.outcome.isin(it.outcomes).fill_null(False) if it.outcomes else True)
        for it in any_of
    )
    return ibis.or_(ibis.literal(False), *met)


def _in_stage(wide: ir.Table, stages: Sequence[Stage], position: int, attributes: Sequence[str]) -> ir.Table:
    entered = wide[f"entered_{position}"]
    before = [wide[f"entered_{i}"] for i in range(position)]
    after = [wide[f"entered_{i}"] for i in range(position + 1, len(stages))]
    went_on = ibis.least(*after) if len(after) > 1 else after[0] if after else ibis.null("date")  # Spark asks for two
    left_chain = wide[f"left_{position}"]
    end = ibis.coalesce(went_on, left_chain)
    return wide.filter(entered.notnull()).select(
        "case_id",
        "person_id",
        *attributes,
        stage=ibis.literal(stages[position].id),
        entered=entered,
        how=ibis.cases((went_on.notnull(), ON), (left_chain.notnull(), OUT), else_=OPEN),
        ended=ibis.ifelse(end.isnull(), ibis.null("date"), ibis.greatest(entered, end)),
        reached_next=after[0].notnull() if after else ibis.literal(False),
        without_before=ibis.and_(True, *(moment.isnull() for moment in before)),
        told_on=wide[f"told_on_{position}"],
    )
