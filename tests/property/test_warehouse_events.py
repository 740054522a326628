"""Events and attributes against plain Python, on random harmonised rows."""

from datetime import date, timedelta

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from warehouse_world import catalog

from das_research.linkage.chain import Links
from das_research.linkage.quality import LinkageReport
from das_research.warehouse import chain

DAYS = st.none() | st.integers(0, 9).map(lambda day: date(2020, 1, 1) + timedelta(day))
CODES = st.sampled_from(["insturen", "sepot", None])
OFFENCES = st.sampled_from(["vermogen", "geweld", None])
SEXES = st.sampled_from(["man", "vrouw", None])
KNOWN = st.integers(0, 3).map(lambda day: date(2020, 1, 1) + timedelta(day))

POLICE = {"case_id": "int64", "person_id": "int64", "datum": "date", "afloop": "string", "delict": "string"}
PROSECUTION = {"case_id": "int64", "person_id": "int64", "instroom": "date", "beslissing": "string", "besluit": "date"}
PROSECUTION |= {"feit": "string"}
BOTH = {"moment": "date", "geslacht": "string", "row": "int64", "delivery": "string"}


def rows_of(schema, *strategies):
    drawn = st.tuples(st.integers(1, 4), st.integers(1, 2), *strategies, KNOWN, SEXES)
    names = [*schema, "moment", "geslacht"]
    return st.lists(drawn, max_size=12).map(
        lambda rows: [
            dict(zip(names, row, strict=True)) | {"row": number // 2 + 1, "delivery": f"d{number % 2}"}
            for number, row in enumerate(rows)
        ]
    )


def table_of(schema, rows):
    schema = ibis.schema(schema | BOTH)
    return ibis.memtable(pa.Table.from_pylist(rows, schema=schema.to_pyarrow()))


def first_known(rows, key, value, column):
    known = [row for row in rows if row[key] == value and row[column] is not None]
    known.sort(key=lambda row: (row["moment"], row["delivery"], row["row"]))
    return known[0][column] if known else None


@settings(max_examples=12, deadline=None)
@given(
    rows_of(POLICE, DAYS, CODES, OFFENCES),
    rows_of(PROSECUTION, DAYS, CODES, DAYS, OFFENCES),
)
def test_events_and_attributes_are_those_of_plain_python(police, prosecution):
    datasets = {"meldingen": table_of(POLICE, police), "zaken": table_of(PROSECUTION, prosecution)}
    every = police + prosecution
    person_of = {row["case_id"]: row["case_id"] % 2 + 1 for row in every}
    cases = ibis.memtable(
        {"case_id": list(person_of), "person_id": list(person_of.values())},
        schema={"case_id": "int64", "person_id": "int64"},
    )
    named = ibis.memtable({"person_id": [row["person_id"] for row in every]}, schema={"person_id": "int64"})
    links = Links(named, cases, LinkageReport())

    told = []
    for row in police:
        if row["datum"] is not None:
            told.append((row["case_id"], "opsporing", "registratie", None, row["datum"], row["delivery"]))
            if row["afloop"] == "sepot":
                told.append((row["case_id"], "opsporing", "afloop", "sepot", row["datum"], row["delivery"]))
    for row in prosecution:
        if row["instroom"] is not None:
            told.append((row["case_id"], "vervolging", "instroom", None, row["instroom"], row["delivery"]))
        if row["besluit"] is not None:
            told.append(
                (row["case_id"], "vervolging", "beslissing", row["beslissing"], row["besluit"], row["delivery"])
            )
    found = [tuple(row.values()) for row in chain.events(catalog(), datasets, links).to_pyarrow().to_pylist()]
    expected = [(case, person_of[case], *rest) for case, *rest in told]
    assert sorted(found, key=str) == sorted(expected, key=str)

    offence = {
        case: first_known(prosecution, "case_id", case, "feit") or first_known(police, "case_id", case, "delict")
        for case in person_of
    }
    rows = chain.cases(catalog(), datasets, links).to_pyarrow().to_pylist()
    assert {row["case_id"]: row["delict"] for row in rows} == offence
    assert len(rows) == len(person_of)

    sex = {
        row["person_id"]: first_known(police, "person_id", row["person_id"], "geslacht")
        or first_known(prosecution, "person_id", row["person_id"], "geslacht")
        for row in every
    }
    rows = chain.persons(catalog(), datasets, links).to_pyarrow().to_pylist()
    assert {row["person_id"]: row["geslacht"] for row in rows} == sex
