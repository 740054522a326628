"""When a span between two events began and ended in every case: the one place that says which event counts."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from das_research.catalog.models import Span, Text
from das_research.chain.journey import cases_with_person, granted, observed_events
from das_research.chain.moments import occurs
from das_research.engines import days, literal_date
from das_research.engines.keeping import once
from das_research.result import Step

if TYPE_CHECKING:
    from das_research.access.project import Project

FIRST_AFTER = "first after"


def timed_cases(project: "Project", span: Span, attributes: Sequence[str] = ()) -> ir.Table:
    """One row for each case in which the span started by the last day the sources cover.

    Parameters
    ----------
    project : Project
        Its tables `cases` and `events` are read.
    span : Span
        What starts and ends it, and which of several events counts.
    attributes : sequence of str
        Columns of `cases` to carry along.

    Returns
    -------
    Table
        `case_id, person_id` (where the person of a case is not known: the case), the attributes, `started`, `ended`
        (null: not by that last day), `lasted` (whole days to the end, or to that last day), `is_open`. Where the end
        that counts lies before the start, `lasted` is negative.

    Raises
    ------
    AccessRefused
        When the project was not given a column that is needed.
    """
    made_from = [cases_with_person(project), observed_events(project)]
    how = ("span", span.start, span.end, span.count_start, span.count_end)
    timed = once(made_from, how, lambda cases, events: cases.inner_join(_moments(events, span), "case_id"))
    if attributes:
        timed = timed.inner_join(granted(project, "cases", ["case_id", *attributes]), "case_id")
    until = timed.ended.fill_null(literal_date(project.observed_until))
    return timed.select(
        "case_id",
        "person_id",
        *attributes,
        "started",
        "ended",
        lasted=days(until, timed.started),
        is_open=timed.ended.isnull(),
    )


def span_steps(
    project: "Project", span: Span, timed: ir.Table, kept: Sequence[tuple[ir.BooleanValue, Text]] = ()
) -> list[Step]:
    """The attrition of a span: the cases the project knows, those that started, whose end is no earlier, and so on.

    Parameters
    ----------
    project : Project
        Its table `cases` is counted.
    span : Span
        Where it takes the first end on or after the start, none can lie before it.
    timed : Table
        Of `timed_cases`.
    kept : sequence of tuple
        Further conditions on `timed`, each on top of those before, and why the others went.
    """
    conditions = [timed.lasted >= 0]
    reasons = [Text(nl="het einde ligt voor het begin", en="the end lies before the start")]
    for condition, reason in kept:
        conditions.append(conditions[-1] & condition)
        reasons.append(reason)
    counts = {f"step_{place}": timed.count(where=condition) for place, condition in enumerate(conditions)}
    found = timed.agg(started=timed.count(), **counts).to_pyarrow().to_pylist()[0]
    numbers = [project.tables.cases.count().to_pyarrow().as_py(), found["started"], *(found[name] for name in counts)]
    whys = [Text(nl="is nooit begonnen", en="never started"), *reasons]
    steps = [Step(before, after, why) for (before, after), why in zip(pairwise(numbers), whys, strict=True)]
    return [steps[0], *steps[2:]] if span.count_end == FIRST_AFTER else steps


def _moments(events: ir.Table, span: Span) -> ir.Table:
    """One row for each case in which the span started: when it did, and when it ended."""
    begins, finishes = occurs(events, [span.start]), occurs(events, span.end)
    start = events.moment.min(where=begins) if span.count_start == "first" else events.moment.max(where=begins)
    end = events.moment.max(where=finishes) if span.count_end == "last" else events.moment.min(where=finishes)
    moments = events.group_by("case_id").agg(started=start, ended=end, last_end=events.moment.max(where=finishes))
    moments = moments.filter(moments.started.notnull())
    if span.count_end == FIRST_AFTER:
        moments = _with_first_after(moments, events.filter(finishes))
    return moments.select("case_id", "started", "ended")


def _with_first_after(moments: ir.Table, finishes: ir.Table) -> ir.Table:
    """The first end on or after the start: looked up only where the first of all is earlier and the last is not."""
    early = moments.filter(moments.ended < moments.started, moments.last_end >= moments.started)
    later = finishes.inner_join(early.select("case_id", "started"), "case_id")
    later = later.filter(later.moment >= later.started).group_by("case_id").agg(found=later.moment.min())
    joined = moments.left_join(later, "case_id")
    before = joined.ended < joined.started
    return joined.select(
        case_id=joined.case_id, started=joined.started, ended=before.fill_null(False).ifelse(joined.found, joined.ended)
    )
