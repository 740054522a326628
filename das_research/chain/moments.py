"""The days that matter in every case, from its events: read once, however many things an event can mean."""

from collections.abc import Iterable, Sequence

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Occurrence, Stage
from das_research.engines.places import place_in


def moments(events: ir.Table, stages: Sequence[Stage]) -> ir.Table:
    """One row for each case with an event: when it entered each stage, and when it was done there.

    Parameters
    ----------
    events : Table
        `case_id, event, outcome, moment`.
    stages : sequence of Stage
        In the order of the chain.

    Returns
    -------
    Table
        `case_id`, and of the stage in place i of the order the days `entered_i` (first) and `ended_i`: the first entry
        of any later stage, else the last leaving event; no earlier than the entry, and null where there is neither.
    """
    meant: dict[str, Sequence[Occurrence]] = {
        f"entered_{i}": [Occurrence(event=stage.enter)] for i, stage in enumerate(stages)
    }
    meant |= {f"left_{i}": stage.leave for i, stage in enumerate(stages)}
    codes = _Codes([it for any_of in meant.values() for it in any_of])
    coded = events.select("case_id", "moment", code=codes.of(events))
    firsts, lasts = {}, {}
    for name, any_of in meant.items():
        met = codes.mean(coded.code, any_of)
        if name.startswith("entered"):
            firsts[name] = coded.moment.min(where=met)
        else:
            lasts[name] = coded.moment.max(where=met)
    found = coded.group_by("case_id").agg(**firsts, **lasts)
    entered = [found[name] for name in firsts]
    ends = [ibis.coalesce(_least(entered[i + 1 :]), found[f"left_{i}"]) for i in range(len(stages))]
    ended = {f"ended_{i}": (end < entered[i]).ifelse(entered[i], end) for i, end in enumerate(ends)}
    return found.select("case_id", *firsts, **ended)


def last_told(events: ir.Table, stages: Sequence[Stage]) -> ir.Table:
    """One row for each case of which a stage said that it goes on: of the stage in place i, `told_on_i`, the last day.

    The days of a stage that never says so are null.
    """
    told = {f"told_on_{i}": occurs(events, stage.pass_on) for i, stage in enumerate(stages)}
    days = {name: events.moment.max(where=met) for name, met in told.items()}
    return events.filter(ibis.or_(*told.values())).group_by("case_id").agg(**days)


def occurs(events: ir.Table, any_of: Iterable[Occurrence]) -> ir.BooleanValue:
    """Whether an event is one of these."""
    met = (
        (events.event == it.event) & (events.outcome.isin(it.outcomes).fill_null(False) if it.outcomes else True)
        for it in any_of
    )
    return ibis.or_(ibis.literal(False), *met)


class _Codes:
    """A number for every event with its outcome, looked up once: however much it can mean, only numbers are compared.

    Those of one event stand together, first that without an outcome that matters.
    """

    def __init__(self, occurrences: Sequence[Occurrence]):
        self._events = list(dict.fromkeys(it.event for it in occurrences))
        self._outcomes = list(dict.fromkeys(outcome for it in occurrences for outcome in it.outcomes))
        self._width = len(self._outcomes) + 1

    def of(self, events: ir.Table) -> ir.IntegerValue:
        """The number of each event."""
        return place_in(events.event, self._events) * self._width + place_in(events.outcome, self._outcomes)

    def mean(self, code: ir.IntegerValue, any_of: Iterable[Occurrence]) -> ir.BooleanValue:
        """Whether a number is that of one of these."""
        met: list[ir.BooleanValue] = []
        for it in any_of:
            first = (self._events.index(it.event) + 1) * self._width
            places = sorted(self._outcomes.index(outcome) + 1 for outcome in it.outcomes) or range(self._width)
            met += [code.between(first + begin, first + end) for begin, end in _runs(places)]
        return ibis.or_(ibis.literal(False), *met)


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last of all that follow each other.

    Examples
    --------
    >>> _runs([1, 2, 4])
    [(1, 2), (4, 4)]
    """
    begins = [it for place, it in enumerate(places) if not place or places[place - 1] != it - 1]
    ends = [it for place, it in enumerate(places) if place + 1 == len(places) or places[place + 1] != it + 1]
    return list(zip(begins, ends, strict=True))


def _least(days: Sequence[ir.DateValue]) -> ir.DateValue:
    if len(days) < 2:  # Spark's least asks for two
        return days[0] if days else ibis.null("date")
    return ibis.least(*days)
