"""Rules across tables against plain Python, on random rows."""

from collections import Counter
from datetime import date, timedelta

import ibis
import pyarrow as pa
from across_world import ORDERS, catalog, severity
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research.engines import keep, memory_engine
from das_research.intake.delivery import Delivery, Units
from das_research.warehouse.across import marked
from das_research.warehouse.orders import judge_orders
from das_research.warehouse.references import judge_references

REPORTS, CASES = st.sampled_from(["p1", "p2", "p3", None]), st.sampled_from(["z1", "z2", "z3", None])
THEN = st.sampled_from(["mark", "quarantine"])
DAYS = st.none() | st.integers(0, 5).map(lambda day: date(2020, 1, 1) + timedelta(day))
ROW = {"delivery": "string", "row": "int64", "marks": "array<string>"}
COLUMNS = {
    "meldingen": {"pv": "string"},
    "zaken": {"zaak": "string", "pv": "string"},
    "uitspraken": {"zaak": "string"},
    "verblijven": {"zaak": "string"},
}
OF_EVENTS = {
    "meldingen": {"case_id": "int64", "datum": "date"},
    "zaken": {"case_id": "int64", "instroom": "date", "besluit": "date"},
    "uitspraken": {"case_id": "int64", "binnen": "date", "datum": "date"},
}
EVENTS = {"meldingen": ["registratie"], "zaken": ["instroom", "beslissing"], "uitspraken": ["binnenkomst", "uitspraak"]}


def rows_of(dataset, *strategies):
    """Rows of two deliveries of a dataset, in turn; a row may have a mark of gate 1."""
    drawn = st.lists(st.tuples(*strategies, st.sampled_from([[], ["missing:x"]])), max_size=8)
    return drawn.map(
        lambda rows: [
            {"delivery": f"{dataset}-{number % 2}", "row": number // 2 + 1, "values": row[:-1], "marks": row[-1]}
            for number, row in enumerate(rows)
        ]
    )


def tables_of(engine, columns, drawn):
    tables = {}
    for name, rows in drawn.items():
        schema = ibis.schema(ROW | columns[name])
        told = [{**row, **dict(zip(columns[name], row["values"], strict=True))} for row in rows]
        found = pa.Table.from_pylist([{it: row[it] for it in schema} for row in told], schema=schema.to_pyarrow())
        tables[name] = keep(engine, ibis.memtable(found))
    return tables


def deliveries_of(drawn):
    """Each with three accepted rows more than are left: those that were superseded."""
    found = Counter(row["delivery"] for rows in drawn.values() for row in rows)
    return [
        Delivery(id, name, "p", "", "", True, found[id] + 3, found[id] + 3, 0, Units(0, 0, 0), (), "", "")
        for name, rows in drawn.items()
        for id in sorted({row["delivery"] for row in rows})
    ]


def marks_of(engine, tables, *found):
    told, counts = marked(engine, tables, *found)
    rows = [row for table in told.values() for row in table.to_pyarrow().to_pylist()]
    return {(row["delivery"], row["row"]): row["marks"] for row in rows}, counts


@settings(max_examples=25, deadline=None)
@given(
    rows_of("meldingen", REPORTS),
    rows_of("zaken", CASES, REPORTS),
    rows_of("uitspraken", CASES),
    rows_of("verblijven", CASES),
    THEN,
    THEN,
)
def test_references_are_those_of_plain_python(reports, cases, courts, stays, then, of_courts):
    drawn = {"meldingen": reports, "zaken": cases, "uitspraken": courts, "verblijven": stays}
    # dataset, the place of the value that is looked up, the values to look it up in, the rule, and what follows
    rules = [
        ("zaken", "pv", 1, "meldingen", 0, then),
        ("uitspraken", "zaak", 0, "zaken", 0, of_courts),
        ("verblijven", "zaak", 0, "zaken", 0, "mark"),
    ]
    counts, marks, out = (
        {},
        {(row["delivery"], row["row"]): row["marks"] for rows in drawn.values() for row in rows},
        {},
    )
    for name, variable, place, other, column, follows in rules:
        if not drawn[other]:
            continue
        held = {row["values"][column] for row in drawn[other]}
        asked = [row for row in drawn[name] if row["values"][place] is not None]
        unknown = [row for row in asked if row["values"][place] not in held]
        if asked:
            key = f"{name}.{variable} -> {other}.{variable}"
            counts[key] = {"rows": len(asked), "known": len(asked) - len(unknown)}
        for row in unknown:
            at = row["delivery"], row["row"]
            marks[at] = [*marks[at], f"unknown-reference:{variable}"]
            if follows == "quarantine":
                out[at] = name
    for at in out:
        del marks[at]

    with memory_engine() as engine:
        tables, deliveries = tables_of(engine, COLUMNS, drawn), deliveries_of(drawn)
        severities = {"zaken": then, "uitspraken": of_courts}
        of = catalog(**{name: [severity("unknown-reference", it)] for name, it in severities.items()})
        found = judge_references(engine, of, deliveries, tables)
        told, _ = marks_of(engine, found.rows, found.found)
    assert found.counts == counts
    assert told == marks
    assert {name: sum(rules.values()) for name, rules in found.set_aside.items()} == Counter(out.values())
    gone = Counter(delivery for delivery, _ in out)
    left = Counter(delivery for delivery, _ in told)
    assert found.of_deliveries == {
        it.id: {"accepted": it.accepted, "superseded": 3, "set_aside": gone[it.id]} for it in deliveries
    }
    assert found.standing() == {it.id: left[it.id] for it in deliveries}


@settings(max_examples=25, deadline=None)
@given(
    rows_of("meldingen", st.integers(1, 3), DAYS),
    rows_of("zaken", st.integers(1, 3), DAYS, DAYS),
    rows_of("uitspraken", st.integers(1, 3), DAYS, DAYS),
)
def test_orders_are_those_of_plain_python(reports, cases, courts):
    drawn = {"meldingen": reports, "zaken": cases, "uitspraken": courts}
    told = [
        (row["values"][0], event, moment, (row["delivery"], row["row"]))
        for name, rows in drawn.items()
        for row in rows
        for event, moment in zip(EVENTS[name], row["values"][1:], strict=True)
        if moment is not None
    ]
    first: dict[tuple[int, str], date] = {}
    for case, event, moment, _ in told:
        first[case, event] = min(first.get((case, event), moment), moment)
    counts, early = {}, set()
    for order in ORDERS:
        both = [case for case in (1, 2, 3) if (case, order["earlier"]) in first and (case, order["later"]) in first]
        turned = [case for case in both if first[case, order["later"]] < first[case, order["earlier"]]]
        counts[f"{order['earlier']} -> {order['later']}"] = {"cases": len(both), "reversed": len(turned)}
        for case, event, moment, at in told:
            if event == order["later"] and moment < first.get((case, order["earlier"]), moment):
                early.add((at, f"order-reversed:{event}"))
    marks = {(row["delivery"], row["row"]): row["marks"] for rows in drawn.values() for row in rows}
    marks = {at: [*own, *sorted(rule for place, rule in early if place == at)] for at, own in marks.items()}

    schema = ibis.schema({"case_id": "int64", "event": "string", "moment": "date"})
    rows = [dict(zip(schema, it[:3], strict=True)) for it in told]
    with memory_engine() as engine:
        tables = tables_of(engine, OF_EVENTS, drawn)
        known = keep(engine, ibis.memtable(pa.Table.from_pylist(rows, schema=schema.to_pyarrow())))
        found = judge_orders(engine, catalog(), tables, known, {})
        found_marks, by_rule = marks_of(engine, tables, found.found)
    assert found.counts == counts
    assert found_marks == marks
    assert sum(sum(it.values()) for it in by_rule.values()) == len(early)
