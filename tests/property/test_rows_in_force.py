"""Which rows count and what a delivery changes of them, against plain loops over rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import ibis
import ibis.expr.types as ir
import intake_world as world
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from das_research.catalog.models import Catalog
from das_research.engines import memory_engine
from das_research.intake.changes import changes
from das_research.intake.delivery import Changes, Delivery
from das_research.warehouse.accepted import in_force

Row = Mapping[str, Any]
NAMES = ("nummer", "volgnummer", "instroom", "feit", "bedrag")
TYPES = {"nummer": "string", "volgnummer": "int64", "instroom": "date", "feit": "string", "bedrag": "float64"}
SCHEMA = ibis.schema({"delivery": "string", "row": "int64", **TYPES, "moment": "date", "marks": "array<string>"})
OLD, CODES = "out-of-range:bedrag", ("unknown-code:feit", "not-valid-code:feit")
H_ENDED = date(2020, 12, 31)  # see the catalogue of `intake_world`

rows = st.fixed_dictionaries(
    {
        "nummer": st.sampled_from(["a", "b", None]),
        "volgnummer": st.sampled_from([1, 2, None]),
        "instroom": st.sampled_from([H_ENDED, date(2021, 1, 1)]),
        "feit": st.sampled_from(["D", "H", "X", None]),
        "bedrag": st.sampled_from([1.5, 2.5, None]),
        "marks": st.lists(st.sampled_from([*CODES, OLD]), unique=True, max_size=2),
    }
)
deliveries = st.lists(st.lists(rows, min_size=1, max_size=5), min_size=1, max_size=4)


def catalog(**dataset: Any) -> Catalog:
    """The small dataset with five variables; a row is named by its number and the number within."""
    kept = {name: it for name, it in world.variables().items() if name in NAMES}
    case = {"variables": kept, "case_keys": [["nummer"]], "moment": ["instroom"]}
    return world.catalog(**case | {name: list(value) for name, value in dataset.items()})


def table(drawn: Sequence[Sequence[Row]], first: int = 0) -> ir.Table:
    told = [
        {"delivery": f"zaken-{place}", "row": number, **row, "moment": row["instroom"]}
        for place, each in enumerate(drawn, first)
        for number, row in enumerate(each, 1)
    ]
    return ibis.memtable(pa.Table.from_pylist(told, SCHEMA.to_pyarrow()))


def key(row: Row) -> tuple[Any, ...] | None:
    found = row["nummer"], row["volgnummer"]
    return None if None in found else found


def marks(row: Row) -> list[str]:
    """Those of codes by the catalogue of today, after the others as they were."""
    found = [mark for mark in row["marks"] if mark not in CODES]
    found += ["unknown-code:feit"] if row["feit"] == "X" else []
    return found + (["not-valid-code:feit"] if row["feit"] == "H" and row["instroom"] > H_ENDED else [])


@settings(max_examples=12, deadline=None)
@given(deliveries)
def test_of_a_key_the_last_delivered_counts_and_codes_are_judged_by_today(drawn: list[list[Row]]) -> None:
    order = [cast(Delivery, SimpleNamespace(id=f"zaken-{place}", dataset="zaken")) for place in range(len(drawn))]
    with memory_engine() as engine:
        found = engine.to_pyarrow(in_force(catalog(), order, {"zaken": table(drawn)})["zaken"]).to_pylist()
    expected = {}
    for place, each in enumerate(drawn):
        later = {key(row) for other in drawn[place + 1 :] for row in other} - {None}
        for number, row in enumerate(each, 1):
            if key(row) not in later:
                told = {name: row[name] for name in NAMES} | {"moment": row["instroom"], "marks": marks(row)}
                expected[f"zaken-{place}", number] = told
    assert len(found) == len(expected)
    assert {(it.pop("delivery"), it.pop("row")): it for it in found} == expected


different = st.lists(rows, max_size=5, unique_by=lambda row: key(row) or id(row))


@settings(max_examples=12, deadline=None)
@given(different, different, different)
@example([], [], [])
def test_changes_by_key_are_those_of_a_dictionary(replaced: list[Row], others: list[Row], new: list[Row]) -> None:
    others = [row for row in others if key(row) not in {key(it) for it in replaced}]
    before = {key(row): row for row in replaced} | {key(row): row for row in others if key(row) in map(key, new)}
    assert found_changes(replaced, others, new) == by_key(before, {key(row): row for row in new})


@settings(max_examples=6, deadline=None)
@given(st.lists(rows, max_size=5), st.lists(rows, max_size=5))
def test_of_a_key_that_may_come_twice_the_first_row_is_compared(old: list[Row], new: list[Row]) -> None:
    before, now = ({key(row): row for row in reversed(each)} for each in (old, new))
    may = ({"check": "not-unique", "then": "mark"},)
    assert found_changes(old, [], new, severities=may) == by_key(before, now)


@settings(max_examples=8, deadline=None)
@given(st.lists(rows, max_size=5), st.lists(rows, max_size=5))
def test_without_a_key_whole_rows_are_counted(old: list[Row], new: list[Row]) -> None:
    before, now = (Counter(tuple(row[name] for name in NAMES) for row in each) for each in (old, new))
    same = (before & now).total()
    expected = Changes(len(new) - same, len(old) - same, 0, same) if old else None
    # a superseded period alone is compared: without a key no other row is known again
    assert found_changes(old, [{**row, "bedrag": 9.0} for row in new], new, unique=()) == expected


def by_key(before: dict[Any, Row], now: dict[Any, Row]) -> Changes | None:
    """Rows without a complete key don't count."""
    before, now = ({key: row for key, row in each.items() if key} for each in (before, now))
    differs = [name for it in before.keys() & now for name in NAMES if before[it][name] != now[it][name]]
    changed = sum(any(before[it][name] != now[it][name] for name in NAMES) for it in before.keys() & now)
    same = len(before.keys() & now) - changed
    found = Changes(len(now.keys() - before), len(before.keys() - now), changed, same, dict(Counter(differs)))
    return found if before else None


def found_changes(replaced: list[Row], others: list[Row], new: list[Row], **dataset: Any) -> Changes | None:
    of = catalog(**dataset).datasets["zaken"]
    tables = [table([each], first) for first, each in enumerate((replaced, others, new))]
    return changes(of, tables[0], tables[1], tables[2].drop("delivery"))
