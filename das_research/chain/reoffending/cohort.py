"""Whose reoffending is followed: the index events of some years, and step by step who is left out and why."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from operator import and_
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.condition_words import condition_in_words
from das_research.catalog.models import Condition, Text
from das_research.chain.assemble import check_years
from das_research.chain.reoffending.cohorts import Cohort
from das_research.chain.reoffending.documented import METHOD, chosen, method_of, rule_of
from das_research.chain.reoffending.index_events import BACKGROUND, attributes_of, index_events
from das_research.conditions import condition_to_expression
from das_research.engines import days, literal_date
from das_research.errors import UsageError
from das_research.result import Step

if TYPE_CHECKING:
    from das_research.access.project import Project

ONCE = ("year", "period")
NO_PERSON = Text(nl="niemand bekend bij de gebeurtenis", en="no person is known of the event")
NO_DISPOSAL = Text(nl="afdoening die geen uitgangszaak maakt", en="disposal that makes no index case")
NO_START = Text(nl="geen bruikbare dag waarop de klok begint", en="no usable day on which the clock starts")
SAME = Text(nl="kort na een eerdere van dezelfde persoon", en="shortly after an earlier one of the same person")
WASHED_OUT = Text(nl="te kort na een eerdere van dezelfde persoon", en="too soon after an earlier one of the person")
OTHER_YEARS = Text(nl="viel niet in deze jaren", en="fell in other years")
LATER = {
    "year": Text(nl="niet de eerste van de persoon in het jaar", en="not the person's first in the year"),
    "period": Text(nl="niet de eerste van de persoon in deze jaren", en="not the person's first in these years"),
}


def cohort(
    project: "Project",
    index: str = "uitgangszaak",
    years: Iterable[int] = (),
    *,
    start: str | None = None,
    once: str = "year",
    same_days: int = 0,
    washout_years: int = 0,
    where: Sequence[Condition | Mapping[str, Any]] = (),
    method: str = METHOD,
) -> Cohort:
    """The persons with an index event in some years, to be followed from the day it fixes.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`.
    index : str
        A cohort of the method, as ``uitgangszaak``, ``volwassen_daders`` or ``ex_gedetineerden``.
    years : iterable of int
        Calendar years without gaps, as ``range(2015, 2021)``: the year of the day on which the clock starts.
    start : str, optional
        The named choice of that day, as ``afdoening`` or ``onherroepelijk``; default the cohort's first.
    once : {'year', 'period'}
        A person counts with the first event of each year, or with the first of all these years.
    same_days : int
        An event at most so many days after the person's event before it is taken for the same one.
    washout_years : int
        Leave out who had another index event in so many years before.
    where : sequence of Condition or mapping
        Further lines that must hold, on the attributes, on ``leeftijd`` (age in whole years: calendar year less year
        of birth), or on a column of the cohort's table.
    method : str
        The method of the catalogue.

    Returns
    -------
    Cohort
        An Ibis table of one row a person and year, how many events each step left out and why, and its recipe. The
        steps count events: before the last one a person can have several.

    Raises
    ------
    UsageError
        When the cohort cannot occur here, or a year, choice or line can't be used.
    AccessRefused
        When the grant leaves out a column that is needed.

    Examples
    --------
    >>> das.chain.cohort(project, index="volwassen_daders", years=range(2015, 2021))  # doctest: +SKIP
    """
    first_year, last_year = _span(years)
    check_years(project, first_year, last_year)
    if once not in ONCE:
        raise UsageError(f"A person can't count once a '{once}'.", fix=f"Choose one of: {', '.join(ONCE)}.")
    if min(same_days, washout_years) < 0:
        raise UsageError("A number of days or years can't be below zero.", fix="Choose 0 or more.")
    said = method_of(project.catalog, method)
    rule = rule_of(said, index)
    way, column = chosen("start", rule.start, start)
    asked = [Condition.model_validate(line) for line in where]
    if keys := [line.column for line in asked if line.column in ("person_id", "case_id")]:
        raise UsageError(f"A cohort can't be chosen by {keys[0]}.", why="Each of its codes is one person or one case.")
    lines = [*rule.where, *asked]
    own = [line.column for line in lines if line.column in _columns(project, str(rule.table))]
    events = index_events(project, said, rule, column, own)
    events = events.mutate(**attributes_of(project, said, events, {line.column for line in lines}))
    kept, steps = _valid(events, lines, project, disposed=rule.disposed)
    kept, more = _distinct(kept, first_year, last_year, once, same_days, washout_years, steps[-1].n_out)
    parameters = {
        "index": index,
        "first_year": first_year,
        "last_year": last_year,
        "start": way,
        "once": once,
        "same_days": same_days,
        "washout_years": washout_years,
        "where": [line.model_dump(mode="json") for line in asked],
        "method": method,
    }
    return Cohort(project, said, rule, kept, (*steps, *more), parameters)


def cohort_of(project: "Project", known: Cohort | Mapping[str, Any]) -> Cohort:
    """The cohort of a project that has these parameters, as a recipe has them; one that is there is not made again."""
    if isinstance(known, Cohort) and known.project is project:
        return known
    asked = dict(known.parameters if isinstance(known, Cohort) else known)
    years = range(asked.pop("first_year"), asked.pop("last_year") + 1)
    return cohort(project, years=years, **asked)


def _span(years: Iterable[int]) -> tuple[int, int]:
    found = sorted(years)
    if not found:
        raise UsageError("No years are named.", fix="Name them, as years=range(2015, 2021).")
    if found != list(range(found[0], found[-1] + 1)):
        raise UsageError("Between these years others are missing.", fix=f"Try range({found[0]}, {found[-1] + 1}).")
    return found[0], found[-1]


def _columns(project: "Project", table: str) -> tuple[str, ...]:
    return tuple(getattr(project.tables, table).columns)


def _valid(
    events: ir.Table, lines: Sequence[Condition], project: "Project", *, disposed: bool
) -> tuple[ir.Table, list[Step]]:
    """The events by which somebody can be followed, with a step for each thing that is asked of them."""
    observed = events.start.notnull() & (events.start <= literal_date(project.observed_until))
    asked = [(events.person_id.notnull(), NO_PERSON), (observed, NO_START)]
    if disposed:
        asked.insert(1, (events.counts, NO_DISPOSAL))
    for line in lines:
        words = condition_in_words(line)
        reason = Text(nl=f"voldeed niet aan: {words.nl}", en=f"did not meet: {words.en}")
        asked.append((condition_to_expression(events, [line]), reason))
    held = [ibis.literal(True), *accumulate((condition for condition, _ in asked), and_)]
    counts = events.agg(**{f"step_{place}": events.count(where=met) for place, met in enumerate(held)})
    numbers = list(counts.to_pyarrow().to_pylist()[0].values())
    steps = [Step(n_in, n_out, why) for n_in, n_out, (_, why) in zip(numbers, numbers[1:], asked, strict=False)]
    told = [name for name in ("person_id", "case_id", "start", *BACKGROUND) if name in events.columns]
    return events.filter(held[-1]).select(*told, year=events.start.year().cast("int64")), steps


def _distinct(
    events: ir.Table, first_year: int, last_year: int, once: str, same_days: int, washout_years: int, before: int
) -> tuple[ir.Table, list[Step]]:
    """One event a person and year, or a person: after the rules about a person's earlier events, in these years."""
    # of events on one day the offence decides first: a project's keys decide otherwise in each project
    order = [name for name in ("start", "offence", "case_id") if name in events.columns]
    asked: list[tuple[ir.BooleanValue, Text]] = []
    if same_days or washout_years:
        previous = events.start.lag().over(ibis.window(group_by=events.person_id, order_by=order))
        events = events.mutate(previous=previous)
        if same_days:
            asked.append((events.previous.isnull() | (days(events.start, events.previous) > same_days), SAME))
        if washout_years:
            free = (events.previous + ibis.interval(years=washout_years)).cast("date")
            asked.append((events.previous.isnull() | (events.start > free), WASHED_OUT))
    first, last_day = ibis.date(f"{first_year}-01-01"), ibis.date(f"{last_year}-12-31")
    asked.append((events.start.between(first, last_day), OTHER_YEARS))
    held = [ibis.literal(True), *accumulate((condition for condition, _ in asked), and_)]
    chosen = events.filter(held[-1])
    several = once == "year" and first_year < last_year
    groups = [chosen.person_id, chosen.year] if several else [chosen.person_id]
    place = ibis.row_number().over(ibis.window(group_by=groups, order_by=order))
    kept = chosen.mutate(place=place).filter(lambda t: t.place == 0)
    counts = {f"step_{i}": events.count(where=met) for i, met in enumerate(held)}
    persons = {"persons": events.person_id.nunique(where=held[-1])}
    small = events.group_by("year").agg(**counts, **persons).to_pyarrow().to_pylist()
    last = sum(row["persons"] for row in small) if once == "year" else kept.count().to_pyarrow().as_py()
    numbers = [before, *(sum(row[name] for row in small) for name in list(counts)[1:]), last]
    reasons = [reason for _, reason in asked] + [LATER[once]]
    return kept, [Step(n_in, n_out, why) for n_in, n_out, why in zip(numbers, numbers[1:], reasons, strict=False)]
