"""How many cases, and how many persons, stand in each stage, enter it and are done there, period by period.

One row a case and stage is read once. What a person has in a stage is a set of periods (`das_research.engines.bits`),
so that persons are counted exactly and nobody's row is repeated for every period in which a case is open.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from das_research.chain.calendar import Every, Periods, place_among
from das_research.chain.journey import ON, OUT
from das_research.engines.bits import MEMBERS, joined, member, member_bit, stretch

OPEN_BEGIN, IN, OPEN_END, WITHOUT_BEFORE = "open_begin", "in", "open_end", "without_before"
STOCK = "stock"  # open at the end of a period; at that of the place before the first: at the beginning of all
FLOWS = {IN: "begin", ON: "end", OUT: "end"}  # by which of the two a case falls in a period

Counted = dict[tuple[str, str], dict[str, int]]


def count_presence(journey: ir.Table, periods: Periods, every: Every) -> Counted:
    """Cases by stage, period and measure, and distinct persons as ``n_`` and the measure.

    Parameters
    ----------
    journey : Table
        Of `das_research.chain.journey.journeys`.
    periods : dict
        Of `das_research.chain.calendar.periods_of`: the whole of them last.
    every : str
        How they were cut.

    Returns
    -------
    dict
        Stage and period to numbers; a stage in which no case was is not there.
    """
    *parts, whole = periods
    places = {period: (place, place) for place, period in enumerate(parts or [whole], start=1)}
    last = len(places)
    places[whole] = (1, last)
    present = _present(journey, periods, last, every)
    counts = present.group_by("stage", "how", WITHOUT_BEFORE, "begin", "end").agg(cases=present.count())
    cases, persons = counts.to_pyarrow().to_pandas(), _persons(present, last)
    counted: Counted = {}
    for stage, rows in cases.groupby("stage"):
        columns = {name: rows[name].to_numpy() for name in rows}
        for period, (first, until) in places.items():
            held = _held(columns, first, until)
            found = {measure: int(columns["cases"][which].sum()) for measure, which in held.items()}
            several = first != until
            people = {
                OPEN_BEGIN: persons.get((stage, STOCK, first - 1), 0),
                **{flow: persons.get((stage, flow, 0 if several else first), 0) for flow in FLOWS},
                OPEN_END: persons.get((stage, STOCK, until), 0),
                WITHOUT_BEFORE: persons.get((stage, WITHOUT_BEFORE, 0), 0),
            }
            counted[stage, period] = found | {f"n_{measure}": number for measure, number in people.items()}
    return counted


def _present(journey: ir.Table, periods: Periods, last: int, every: Every) -> ir.Table:
    """The cases of these periods with two places among them: of entry (0: earlier) and of end (one past: later)."""
    first_day, last_day = periods[next(reversed(periods))]
    stood = journey.filter(journey.entered <= last_day, journey.ended.isnull() | (journey.ended >= first_day))
    begin = ibis.greatest(place_among(stood.entered, first_day.year, every), 0)
    end = ibis.least(place_among(stood.ended, first_day.year, every).fill_null(last + 1), last + 1)
    return stood.select("stage", "person_id", "how", WITHOUT_BEFORE, begin=begin.cast("int32"), end=end.cast("int32"))


def _held(rows: Mapping[str, NDArray[Any]], first: int, until: int) -> dict[str, NDArray[np.bool_]]:
    """Which rows of the counts stand in the periods from one place to another, and how."""
    begin, end, how = rows["begin"], rows["end"], rows["how"]
    entered, done = (begin >= first) & (begin <= until), (end >= first) & (end <= until)
    return {
        OPEN_BEGIN: (begin < first) & (end >= first),
        IN: entered,
        ON: done & (how == ON),
        OUT: done & (how == OUT),
        OPEN_END: (begin <= until) & (end > until),
        WITHOUT_BEFORE: entered & rows[WITHOUT_BEFORE],
    }


def _persons(present: ir.Table, last: int) -> Mapping[tuple[str, str, int], int]:
    """Distinct persons by stage, measure and place; at place 0 of a flow, in any of the periods."""
    blocks = range(0, last + 1, MEMBERS)
    sets = {f"{measure}_{block}": it for block in blocks for measure, it in _sets(present, block, last)}
    strange = (present[WITHOUT_BEFORE] & (present.begin > 0)).any()
    each = present.group_by("stage", "person_id").agg(**sets, **{WITHOUT_BEFORE: strange})
    alike = each.group_by("stage", *sets, WITHOUT_BEFORE).agg(persons=each.count())
    by_set = ibis.union(
        *(
            alike.group_by("stage", members=alike[f"{measure}_{block}"])
            .agg(persons=alike.persons.sum())
            .mutate(measure=ibis.literal(measure), block=ibis.literal(block, "int32"))
            for measure in (*FLOWS, STOCK)
            for block in blocks
        )
    )
    bits = ibis.memtable(
        [
            {"in_block": block, "place": block + within, "bit": member_bit(within + 1)}
            for block in blocks
            for within in range(min(MEMBERS, last + 1 - block))
        ],
        schema={"in_block": "int32", "place": "int32", "bit": "int64"},
    )
    placed = by_set.join(bits, [by_set.block == bits.in_block, (by_set.members & bits.bit) != 0])
    ever = {flow: ibis.or_(*(alike[f"{flow}_{block}"].notnull() for block in blocks)) for flow in FLOWS}
    found = ibis.union(
        placed.group_by("stage", "measure", "place").agg(persons=placed.persons.sum().cast("int64")),
        *(
            alike.group_by("stage")
            .agg(persons=alike.persons.sum(where=met).fill_null(0).cast("int64"))
            .select("stage", measure=ibis.literal(measure), place=ibis.literal(0, "int32"), persons="persons")
            for measure, met in (ever | {WITHOUT_BEFORE: alike[WITHOUT_BEFORE]}).items()
        ),
    )
    return {(it["stage"], it["measure"], it["place"]): it["persons"] for it in found.to_pyarrow().to_pylist()}


def _sets(present: ir.Table, block: int, last: int) -> Iterator[tuple[str, Any]]:
    """The places of a person among those of a block, by measure."""
    through = block + MEMBERS
    for flow, side in FLOWS.items():
        place = present[side]
        falls = place.between(max(block, 1), min(through - 1, last))
        met = falls if flow == IN else falls & (present.how == flow)
        within = place - block if block else place
        yield flow, joined(met.ifelse(member(within + 1), ibis.null("int64")))
    begin, end = (present[side] for side in ("begin", "end"))
    if last >= MEMBERS:
        begin, end = (ibis.greatest(ibis.least(it - block, MEMBERS), 0) for it in (begin, end))
    yield STOCK, joined(stretch(begin, end))
