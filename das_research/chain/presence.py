"""How many cases, and how many persons, stand in each stage, enter it and are done there, period by period.

What a case has in a stage is a set of facts (`das_research.engines.bits`): that it came in the second period, that it
was open at the end of the third. A person has the facts of all cases. So cases and persons are counted exactly, in one
go, and no row is repeated for every period in which a case is open.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.chain.calendar import Every, Periods, place_among
from das_research.chain.journey import ON, OUT
from das_research.engines.bits import MEMBERS, joined, member, member_bit, stretch

OPEN_BEGIN, IN, OPEN_END, WITHOUT_BEFORE = "open_begin", "in", "open_end", "without_before"
STOCK = "stock"  # open at the end of a period; at that of the place before the first: at the beginning of all
EVER = -1  # the place of what was so in any of the periods
CASES, PERSONS = "", "n_"

Fact = tuple[str, int]  # what, and the place of a period
Facts = Mapping[Fact, int]
Counted = dict[tuple[str, str], dict[str, int]]


def count_presence(cases: ir.Table, stays: Mapping[str, Mapping[str, Any]], periods: Periods, every: Every) -> Counted:
    """Cases by stage, period and measure, and distinct persons as ``n_`` and the measure.

    Parameters
    ----------
    cases, stays : Table and mapping
        Of `das_research.chain.journey.side_by_side`.
    periods : dict
        Of `das_research.chain.calendar.periods_of`: the whole of them last.
    every : str
        How they were cut.

    Returns
    -------
    dict
        Stage and period to numbers. What came without an earlier stage is counted of the whole alone.
    """
    *parts, whole = periods
    places = {period: (place, place) for place, period in enumerate(parts or [whole], start=1)}
    last = len(places)
    places[whole] = (1, last)
    facts = _facts(last)
    numbers = _numbers(cases, {stage: _sets(stay, periods, facts, every) for stage, stay in stays.items()}, facts)
    counted: Counted = {}
    for stage in stays:
        for period, (first, until) in places.items():
            place = EVER if period == whole else first
            meant = {OPEN_BEGIN: (STOCK, first - 1), OPEN_END: (STOCK, until), IN: (IN, place), ON: (ON, place)}
            meant |= {OUT: (OUT, place)} | ({WITHOUT_BEFORE: (WITHOUT_BEFORE, EVER)} if period == whole else {})
            counted[stage, period] = {
                f"{who}{measure}": numbers.get((stage, who, facts[fact]), 0)
                for who in (CASES, PERSONS)
                for measure, fact in meant.items()
            }
    return counted


def _facts(last: int) -> Facts:
    """What a case can have in a stage, each with its number from 1 on; of one measure in the order of places."""
    by_place = [(flow, place) for flow in (IN, ON, OUT) for place in range(1, last + 1)]
    stocks = [(STOCK, place) for place in range(last + 1)]
    ever = [(measure, EVER) for measure in (IN, ON, OUT, WITHOUT_BEFORE)]
    return {fact: number for number, fact in enumerate([*by_place, *stocks, *ever], start=1)}


def _sets(stay: Mapping[str, Any], periods: Periods, facts: Facts, every: Every) -> list[ir.IntegerValue]:
    """The facts of a case in one stage, in as many sets as it takes; of a case that was not there, empty ones."""
    first_day, last_day = periods[next(reversed(periods))]
    last = max(place for _, place in facts)
    entered, ended = stay["entered"], stay["ended"]
    there = (entered <= last_day) & (ended.isnull() | (ended >= first_day))
    # 0: entered earlier; one past the last: ends later
    begin = ibis.greatest(place_among(entered, first_day.year, every), 0)
    end = ibis.least(place_among(ended, first_day.year, every).fill_null(last + 1), last + 1)
    here, came, done, on, strange = (
        met.cast("int64")  # what is not so is multiplied away, which is cheaper than to ask it of every row
        for met in (there.fill_null(False), begin > 0, end <= last, stay["went_on"], stay[WITHOUT_BEFORE])
    )
    flows = [(IN, begin, came), (ON, end, done * on), (OUT, end, done * (1 - on))]
    found = []
    for before in _before(facts):
        stock = stretch(*(_clipped(it + (facts[STOCK, 0] - 1 - before), MEMBERS, facts) for it in (begin, end)))
        among = stock | (came * strange * _bit(facts[WITHOUT_BEFORE, EVER] - before))
        for flow, place, met in flows:
            of_period = member(_clipped(place + (facts[flow, 1] - 1 - before), MEMBERS + 1, facts))
            among |= (of_period | _bit(facts[flow, EVER] - before)) * met
        found.append(among * here)
    return found


def _before(facts: Facts) -> range:
    """The number before the first fact of every set."""
    return range(0, len(facts), MEMBERS)


def _clipped(number: ir.IntegerValue, most: int, facts: Facts) -> ir.IntegerValue:
    """A place in a set; of a fact of another set, one on the side where that is, which is nobody's."""
    return number if len(facts) <= MEMBERS else ibis.greatest(ibis.least(number, most), 0)


def _bit(number: int) -> int:
    return member_bit(number) if 1 <= number <= MEMBERS else 0


def _numbers(
    cases: ir.Table, sets: Mapping[str, Sequence[ir.IntegerValue]], facts: Facts
) -> dict[tuple[str, str, int], int]:
    """How many cases, and how many persons, have each fact, by stage."""
    columns = {
        f"set_{place}_{before}": (stage, before) for place, stage in enumerate(sets) for before in _before(facts)
    }
    each = (it for of_stage in sets.values() for it in of_stage)
    of_cases = cases.select("person_id", **dict(zip(columns, each, strict=True)))
    of_persons = of_cases.group_by("person_id").agg(**{column: joined(of_cases[column]) for column in columns})
    alike = ibis.union(
        *(
            table.group_by(members=table[column])
            .agg(number=table.count())
            .mutate(stage=ibis.literal(stage), who=ibis.literal(who), before=ibis.literal(before, "int32"))
            for who, table in ((CASES, of_cases), (PERSONS, of_persons))
            for column, (stage, before) in columns.items()
        )
    )
    bits = ibis.memtable(
        [
            {"of": before, "fact": number, "bit": member_bit(number - before)}
            for before in _before(facts)
            for number in range(before + 1, min(before + MEMBERS, len(facts)) + 1)
        ],
        schema={"of": "int32", "fact": "int32", "bit": "int64"},
    )
    met = alike.join(bits, [alike.before == bits.of, (alike.members & bits.bit) != 0])
    found = met.group_by("stage", "who", "fact").agg(number=met.number.sum().cast("int64"))
    return {(it["stage"], it["who"], it["fact"]): it["number"] for it in found.to_pyarrow().to_pylist()}
