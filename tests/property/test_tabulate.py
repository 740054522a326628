"""`tabulate` against a plain reading of the same rows in Python, on random small tables."""

import math
from itertools import product

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_project import plain_project

from das_research.disclosure.compare import differences
from das_research.result import Result
from das_research.tabulation import run_tabulate, tabulate

MEASURES = {
    "rijen": "count",
    "zaken": "cases",
    "personen": "persons",
    "totaal": ["sum", "amount"],
    "gemiddeld": ["mean", "amount"],
    "aandeel": ["share", "flag"],
}
CODES = st.sampled_from(["a", "b", None])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "case_id": st.sampled_from(["c1", "c2", "c3", "c4"]),
            "person_id": st.sampled_from(["p1", "p2", None]),
            "jaar": st.sampled_from([2022, 2023]),
            "soort": CODES,
            "groep": CODES,
            "amount": st.one_of(st.none(), st.integers(-3000, 3000).map(lambda units: units / 4)),
            "flag": st.one_of(st.none(), st.booleans()),
        }
    ),
    max_size=12,
)
SCHEMA = {
    "case_id": "string", "person_id": "string", "jaar": "int64", "soort": "string", "groep": "string",
    "amount": "float64", "flag": "boolean",
}  # fmt: skip


@pytest.fixture(scope="module")
def project():
    engine = ibis.duckdb.connect(threads=1)
    yield plain_project(engine)
    engine.disconnect()


def plain(rows, by):
    """Every cell with its numbers, by reading the rows one by one."""
    coded = [{**row, **{column: str(row[column] or "onbekend") for column in by}} for row in rows]
    choices = [[*sorted({row[column] for row in coded}), "_T"] for column in by]
    cells = {}
    for address in product(*choices):
        here = [
            row for row in coded if all(code in ("_T", row[column]) for column, code in zip(by, address, strict=True))
        ]
        amounts = [row["amount"] for row in here if row["amount"] is not None]
        known = [row for row in here if row["flag"] is not None]
        met, unmet = [row for row in known if row["flag"]], [row for row in known if not row["flag"]]
        mean = sum(amounts) / len(amounts) if amounts else None
        spread = (
            math.sqrt(sum((a - mean) ** 2 for a in amounts) / (len(amounts) - 1) / len(amounts))
            if len(amounts) > 1
            else None
        )

        def persons(some):
            return len({row["person_id"] or row["case_id"] for row in some})

        with_amount = persons([row for row in here if row["amount"] is not None])
        named = len({row["person_id"] for row in here if row["person_id"]})
        cases = len({row["case_id"] for row in here})
        cells[address] = {
            "rijen": (len(here), len(here), None, None, persons(here)),
            "zaken": (cases, cases, None, None, persons(here)),
            "personen": (named, named, None, None, persons(here)),
            "totaal": (sum(amounts), None, None, None, with_amount),
            "gemiddeld": (mean, None, len(amounts), spread, with_amount),
            "aandeel": (
                100 * len(met) / len(known) if known else None, len(met), len(known), None,
                min(persons(met), persons(unmet)),
            ),
        }  # fmt: skip
    return cells


@settings(max_examples=30, deadline=None)
@given(rows=ROWS, by=st.sampled_from([(), ("soort",), ("jaar", "soort"), ("groep", "jaar", "soort")]))
def test_every_cell_is_what_a_plain_reading_gives_and_a_second_run_gives_the_same(project, rows, by):
    project.engine.create_table("proef", schema=SCHEMA, overwrite=True)
    if rows:
        project.engine.insert("proef", [tuple(row[column] for column in SCHEMA) for row in rows])
    result = tabulate(project.engine.table("proef"), by=by, measures=MEASURES)
    expected = plain(rows, by)
    assert len(result.table) == len(expected) * len(MEASURES)
    for address, measures in expected.items():
        place = {"period" if column == "jaar" else column: code for column, code in zip(by, address, strict=True)}
        for measure, numbers in measures.items():
            cell = result.cell(measure=measure, **place)
            for name, number in zip(("value", "numerator", "denominator", "se", "n"), numbers, strict=True):
                assert cell[name] == (number if number is None else pytest.approx(number, abs=1e-9)), (measure, name)
            assert cell["kind"] == ("cannot occur" if numbers[0] is None else "zero" if numbers[0] == 0 else "number")
    assert run_tabulate(project, **result.recipe.parameters) == result
    kept = Result.from_json(result.to_json())
    assert kept == result
    assert differences(kept, run_tabulate(project, **kept.recipe.parameters)) == []  # measures in the order of the file
