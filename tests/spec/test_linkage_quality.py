"""The table `linkage_quality` of seven rows: who was linked with whom, by numbers (exact) or by likeness besides.

row  dataset     case  by numbers   person  by numbers   year
m1   meldingen   1     1            1       1            2020
m2   meldingen   2     2            1       2  (likely)  2020
m3   meldingen   3     3            3       3            2021
z1   zaken       1     1            1       1            2020
z2   zaken       2     4  (likely)  1       1            2021
z3   zaken       4     5            -       -            2021
u1   uitspraken  1     1            1       1            2021

Case 1 is of `vermogen`, 2 and 4 of `geweld`, of 3 it isn't known; person 1 is a man, 3 a woman.
"""

from datetime import date
from typing import Any

import ibis
import pytest
from warehouse_world import catalog

from das_research.engines import memory_engine
from das_research.linkage.evaluate import against_labels
from das_research.linkage.quality import COUNTS, linkage_quality

ROWS = [
    ("meldingen", 1, 1, 1, 1, 1, 2020),
    ("meldingen", 2, 2, 1, 2, 2, 2020),
    ("meldingen", 3, 3, 3, 3, 3, 2021),
    ("zaken", 1, 1, 1, 1, 1, 2020),
    ("zaken", 2, 2, 1, 4, 1, 2021),
    ("zaken", 3, 4, None, 5, None, 2021),
    ("uitspraken", 1, 1, 1, 1, 1, 2021),
]
KEYS = ("case_id", "person_id", "exact_case", "exact_person")
CASES = [(1, "vermogen"), (2, "geweld"), (3, None), (4, "geweld")]
PERSONS = [(1, "man"), (3, "vrouw")]
Counts = tuple[int, ...]


@pytest.fixture(scope="module")
def found() -> list[dict[str, Any]]:
    origin, places = {"place": "int64", "moment": "date"}, list(catalog().datasets)
    values = [(places.index(name), date(year, 6, 1), *keys) for name, _, *keys, year in ROWS]
    rows = [dict(zip((*origin, *KEYS), it, strict=True)) for it in values]
    cases = [{"case_id": case, "delict": code} for case, code in CASES]
    persons = [{"person_id": person, "geslacht": code} for person, code in PERSONS]
    with memory_engine() as engine:
        table = linkage_quality(
            engine,
            catalog(),
            ibis.memtable(rows, schema=origin | dict.fromkeys(KEYS, "int64")),
            {
                "cases": ibis.memtable(cases, schema={"case_id": "int64", "delict": "string"}),
                "persons": ibis.memtable(persons, schema={"person_id": "int64", "geslacht": "string"}),
            },
        )
        return engine.to_pyarrow(table).to_pylist()


def pairs(found: list[dict[str, Any]], subject: str, **where: Any) -> dict[tuple[str, str], Counts]:
    """Dataset and other dataset to `COUNTS`: in all, or of one year or code."""
    where = {"year": None, "attribute": None, "code": None} | where
    chosen = [it for it in found if it["measure"] == "pair" and it["subject"] == subject]
    chosen = [it for it in chosen if {name: it[name] for name in where} == where]
    told = {(it["dataset"], it["other"]): tuple(it[name] for name in COUNTS) for it in chosen}
    assert len(told) == len(chosen)
    return told


def test_cases_that_the_other_holds_by_numbers_by_likeness_or_not(found: list[dict[str, Any]]) -> None:
    assert pairs(found, "case") == {
        # rows = exact + likely + unlinked
        ("meldingen", "zaken"): (3, 1, 1, 1),  # m1 by the number of z1, m2 by likeness to z2, m3 not
        ("zaken", "meldingen"): (3, 1, 1, 1),  # z1, z2, z3
        ("meldingen", "uitspraken"): (3, 1, 0, 2),  # m1 alone
        ("uitspraken", "meldingen"): (1, 1, 0, 0),
        ("zaken", "uitspraken"): (3, 1, 0, 2),
        ("uitspraken", "zaken"): (1, 1, 0, 0),
    }


def test_persons_of_rows_that_name_one(found: list[dict[str, Any]]) -> None:
    assert pairs(found, "person") == {
        ("meldingen", "zaken"): (3, 1, 1, 1),  # m1; m2, whose number 2 no case has; m3
        ("zaken", "meldingen"): (2, 2, 0, 0),  # z1 and z2 by the number of m1; z3 names nobody
        ("meldingen", "uitspraken"): (3, 1, 1, 1),
        ("uitspraken", "meldingen"): (1, 1, 0, 0),
        ("zaken", "uitspraken"): (2, 2, 0, 0),
        ("uitspraken", "zaken"): (1, 1, 0, 0),
    }


def test_years_and_codes_add_up_to_all(found: list[dict[str, Any]]) -> None:
    years = [pairs(found, "case", year=year) for year in (2020, 2021)]
    assert [it[("meldingen", "zaken")] for it in years] == [(2, 1, 1, 0), (1, 0, 0, 1)]  # m1, m2; m3
    assert [it[("zaken", "meldingen")] for it in years] == [(1, 1, 0, 0), (2, 0, 1, 1)]  # z1; z2, z3
    kinds = {code: pairs(found, "case", attribute="delict", code=code) for code in ("vermogen", "geweld", None)}
    assert kinds["vermogen"][("zaken", "meldingen")] == (1, 1, 0, 0)  # z1
    assert kinds["geweld"][("zaken", "meldingen")] == (2, 0, 1, 1)  # z2, z3
    assert kinds[None][("meldingen", "zaken")] == (1, 0, 0, 1)  # m3
    sexes = [pairs(found, "person", attribute="geslacht", code=code) for code in ("man", "vrouw")]
    assert [it[("meldingen", "zaken")] for it in sexes] == [(2, 1, 1, 0), (1, 0, 0, 1)]  # m1, m2; m3
    for subject, parts in (("case", years), ("case", list(kinds.values())), ("person", sexes)):
        for pair, counts in pairs(found, subject).items():
            of_pair = [it[pair] for it in parts if pair in it]
            assert tuple(map(sum, zip(*of_pair, strict=True))) == counts


def test_how_many_rows_tell_of_one(found: list[dict[str, Any]]) -> None:
    sizes = {(it["subject"], it["code"]): it["rows"] for it in found if it["measure"] == "size"}
    assert sizes == {
        ("case", "1"): 2,  # cases 3 and 4
        ("case", "2"): 1,  # case 2: m2, z2
        ("case", "3-5"): 1,  # case 1: m1, z1, u1
        ("person", "1"): 1,  # person 3: m3
        ("person", "3-5"): 1,  # person 1: m1, m2, z1, z2, u1
    }


def test_a_labelled_pair_of_which_a_row_is_absent_counts_under_the_datasets_of_its_deliveries(tmp_path) -> None:
    rows = {
        "dataset": ["meldingen", "zaken"],
        "delivery": ["m-1", "z-1"],
        "row": [1, 1],
        "found": [7, 7],
    }
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "delivery_left,row_left,delivery_right,row_right,same\n"
        "m-1,1,z-1,1,1\n"  # both there, and linked
        "z-1,9,m-1,1,1\n"  # row 9 was set aside: a pair of both datasets, not found
        "m-1,8,m-1,9,1\n"  # neither is there, but their delivery is
        "m-1,1,x-1,1,1\n",  # a delivery that nobody knows: in all alone
        encoding="utf-8",
    )
    with memory_engine() as engine:
        told = against_labels(engine, ibis.memtable(rows), labels, "person")
    assert [(it.dataset, it.other, it.true, it.found, it.right) for it in told] == [
        ("_T", "_T", 4, 1, 1),
        ("meldingen", "meldingen", 1, 0, 0),
        ("meldingen", "zaken", 2, 1, 1),
    ]
