"""The days that matter in every case, from its events: read once, however many things an event can mean."""

from collections.abc import Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Occurrence, Stage


def moments(events: ir.Table, stages: Sequence[Stage]) -> ir.Table:
    """One row for each case with an event: when it entered each stage, went on, left the chain there.

    Parameters
    ----------
    events : Table
        `case_id, event, outcome, moment`.
    stages : sequence of Stage
        In the order of the chain.

    Returns
    -------
    Table
        `case_id`, and of the stage in place i of the order the days `entered_i` (first), `left_i` (last),
        `told_on_i` (last time that it said the case goes on) and `went_on_i` (first entry of any later stage).
    """
    meant: dict[str, Sequence[Occurrence]] = {
        f"entered_{i}": [Occurrence(event=stage.enter)] for i, stage in enumerate(stages)
    }
    meant |= {f"left_{i}": stage.leave for i, stage in enumerate(stages)}
    meant |= {f"told_on_{i}": stage.pass_on for i, stage in enumerate(stages)}
    kinds = _kinds(meant)
    # each event is looked at once, however many things it can mean
    events = events.mutate(kind=ibis.cases(*((occurs(events, [it]), place) for place, (it, _) in enumerate(kinds))))
    of_kind = {
        name: events.kind.isin([place for place, (_, names) in enumerate(kinds) if name in names]) for name in meant
    }
    firsts = {name: events.moment.min(where=of_kind[name]) for name in meant if name.startswith("entered")}
    lasts = {name: events.moment.max(where=of_kind[name]) for name in meant if name not in firsts}
    found = events.group_by("case_id").agg(**firsts, **lasts)
    entered = [found[f"entered_{i}"] for i in range(len(stages))]
    return found.mutate(**{f"went_on_{i}": _least(entered[i + 1 :]) for i in range(len(stages))})


def occurs(events: ir.Table, any_of: Iterable[Occurrence]) -> ir.BooleanValue:
    """Whether an event is one of these."""
    met = (
        (events.event == it.event) & (events.outcome.isin(it.outcomes).fill_null(False) if it.outcomes else True)
        for it in any_of
    )
    return ibis.or_(ibis.literal(False), *met)


def _kinds(meant: Mapping[str, Iterable[Occurrence]]) -> list[tuple[Occurrence, set[str]]]:
    """Occurrences that mean the same to all, and what; of one event those with outcomes first, as they are more."""
    named = [(name, it) for name, any_of in meant.items() for it in any_of]
    kinds: list[tuple[Occurrence, set[str]]] = []
    for event in dict.fromkeys(it.event for _, it in named):
        of_event = [(name, it.outcomes) for name, it in named if it.event == event]
        always = {name for name, outcomes in of_event if not outcomes}
        same: dict[frozenset[str], list[str]] = {}
        for outcome in dict.fromkeys(outcome for _, outcomes in of_event for outcome in outcomes):
            names = always | {name for name, outcomes in of_event if outcome in outcomes}
            same.setdefault(frozenset(names), []).append(outcome)
        kinds += [(Occurrence(event=event, outcomes=tuple(outcomes)), set(names)) for names, outcomes in same.items()]
        if always:
            kinds.append((Occurrence(event=event), always))
    return kinds


def _least(days: Sequence[ir.DateValue]) -> ir.DateValue:
    if len(days) < 2:  # Spark's least asks for two
        return days[0] if days else ibis.null("date")
    return ibis.least(*days)
