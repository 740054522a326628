"""Who stands in the cells of flows and shares of the chain: how gate 3 compares them with a researcher's own tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from das_research.chain.assemble import UNKNOWN, period_of
from das_research.chain.calendar import Every, Periods, periods_of, place_among
from das_research.chain.cohort import Part, in_cohort
from das_research.chain.conversion import what_became
from das_research.chain.conversion_by_year import what_went_on
from das_research.chain.journey import ON, OUT, journeys
from das_research.chain.leakage import what_is_lost
from das_research.chain.named_spans import NamedSpan, find_span
from das_research.chain.presence import IN, OPEN_BEGIN, OPEN_END, WITHOUT_BEFORE
from das_research.chain.spans import timed_cases
from das_research.chain.terms import Term, in_time, latest_start
from das_research.chain.within import find_norm
from das_research.tabulation.cube import UNIT
from das_research.tabulation.membership import Cell, Members, with_totals

if TYPE_CHECKING:
    from das_research.access.project import Project

NOT_OF_IT = "-"  # a measure that the cases of a part are not asked about


def members_of_flow(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands in the cells of `das_research.chain.flow`, from the parameters of its recipe."""
    first, last, every = parameters["first_year"], parameters["last_year"], parameters.get("every", "year")
    periods, whole = periods_of(project, first, last, every), period_of(first, last)
    present = _in_periods(journeys(project), periods, every)
    places = {period: (place, place) for place, period in enumerate([it for it in periods if it != whole], start=1)}
    places[whole] = (1, max(len(places), 1))
    texts = {name: present[name].cast("string") for name in ("stage", "how", "begin", "end")}
    rows = present.select(**{UNIT: present.person_id}, **texts, **{WITHOUT_BEFORE: present[WITHOUT_BEFORE]})

    def cells(row: Mapping[str, str]) -> Iterable[Cell]:
        begin, end, how, strange = int(row["begin"]), int(row["end"]), row["how"], row[WITHOUT_BEFORE] == "1"
        for period, (start, until) in places.items():
            entered, done = start <= begin <= until, start <= end <= until
            stands = {
                OPEN_BEGIN: begin < start <= end,
                IN: entered,
                ON: done and how == ON,
                OUT: done and how == OUT,
                OPEN_END: begin <= until < end,
                WITHOUT_BEFORE: entered and strange and period == whole,
            }
            yield from (((measure, row["stage"], period), "known") for measure, stood in stands.items() if stood)

    return Members(rows, cells)


def _in_periods(journey: ir.Table, periods: Periods, every: Every) -> ir.Table:
    """The cases of these periods with two places among them: of entry (0: earlier) and of end (one past: later)."""
    first_day, last_day = periods[next(reversed(periods))]
    last = max(len(periods) - 1, 1)
    stood = journey.filter(journey.entered <= last_day, journey.ended.isnull() | (journey.ended >= first_day))
    begin = ibis.greatest(place_among(stood.entered, first_day.year, every), 0)
    end = ibis.least(place_among(stood.ended, first_day.year, every).fill_null(last + 1), last + 1)
    return stood.select("stage", "person_id", "how", WITHOUT_BEFORE, begin=begin.cast("int32"), end=end.cast("int32"))


def members_of_conversion(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands in the cells of `das_research.chain.conversion`, from the parameters of its recipe."""
    first, last, by = parameters["first_year"], parameters["last_year"], list(parameters["by"])
    cohort = in_cohort(journeys(project, by), first, last)
    whole = period_of(first, last)
    return _of_shares([(cohort.mutate(year=ibis.literal(whole)), what_became(cohort))], ["stage"], by, whole)


def members_of_conversion_by_year(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands in the cells of `das_research.chain.conversion_by_year`, from the parameters of its recipe."""
    first, last = parameters["first_year"], parameters["last_year"]
    return _of_shares(what_went_on(journeys(project), first, last), ["stage"], [], period_of(first, last))


def members_of_leakage(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands in the cells of `das_research.chain.leakage`, from the parameters of its recipe."""
    first, last = parameters["first_year"], parameters["last_year"]
    latest = latest_start(project, Term(parameters["grace_days"]))
    return _of_shares(
        what_is_lost(journeys(project, told=True), first, last, latest), ["stage"], [], period_of(first, last)
    )


def members_of_share_within(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands in the cells of `das_research.chain.share_within`, from the parameters of its recipe."""
    return _within(project, find_span(project, parameters["span"]), Term(parameters["within_days"]), parameters)


def members_of_norm(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands in the cells of `das_research.chain.share_within_norm`, from the parameters of its recipe."""
    named, norm = find_norm(project, parameters["norm"])
    return _within(project, named, Term(norm.within, norm.applies_to), parameters)


def _within(project: "Project", named: NamedSpan, term: Term, parameters: Mapping[str, Any]) -> Members:
    first, last, by = parameters["first_year"], parameters["last_year"], list(parameters["by"])
    timed = timed_cases(project, named.span, tuple(dict.fromkeys([*by, *term.applies_to])))
    parts = [
        (rows.mutate(span=ibis.literal(named.id)), holds) for rows, holds in in_time(project, timed, term, first, last)
    ]
    return _of_shares(parts, ["span"], by, period_of(first, last))


def _of_shares(parts: Sequence[Part], first: Sequence[str], by: Sequence[str], whole: str) -> Members:
    """Of cases with a `year`: those that a share is of, by the first columns and all subsets of `by`."""
    measures = [measure for _, holds in parts for measure in holds]
    tables = [_told(rows, holds, measures, [*first, *by]) for rows, holds in parts]

    def cells(row: Mapping[str, str]) -> Iterable[Cell]:
        for codes in with_totals([row[f"by_{name}"] for name in by]):
            for period in dict.fromkeys((row["year"], whole)):
                for measure in measures:
                    place = (measure, *(row[f"by_{name}"] for name in first), *codes, period)
                    if (holds := row[f"holds_{measure}"]) != NOT_OF_IT:
                        yield place, "known"
                        yield place, "holds" if holds == "1" else "lacks"

    return Members(ibis.union(*tables) if len(tables) > 1 else tables[0], cells)


def _told(rows: ir.Table, holds: Mapping[str, ir.BooleanValue], measures: Sequence[str], by: Sequence[str]) -> ir.Table:
    marked = rows.mutate(**{f"holds_{measure}": met.ifelse("1", "0") for measure, met in holds.items()})
    codes = {f"by_{name}": marked[name].cast("string").fill_null(UNKNOWN) for name in by}
    told = {
        name: marked[name] if name in marked.columns else ibis.literal(NOT_OF_IT)
        for name in (f"holds_{measure}" for measure in measures)
    }
    return marked.select(**{UNIT: marked.person_id}, year=marked.year, **codes, **told)
