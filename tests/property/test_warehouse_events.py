"""Events and attributes against plain Python, on random harmonised rows."""

from datetime import date, timedelta

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from warehouse_world import catalog

from das_research.catalog.tables import PERSON_KEYS
from das_research.linkage.report import LinkageReport
from das_research.linkage.told import Links
from das_research.warehouse import chain
from das_research.warehouse.persons import person_groups, persons

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
        {"case_id": list(person_of), **{key: list(person_of.values()) for key in PERSON_KEYS}},
        schema={"case_id": "int64", **dict.fromkeys(PERSON_KEYS, "int64")},
    )
    links = Links(ibis.memtable([], schema={"person_id": "int64"}), cases, LinkageReport())

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
    events = chain.events(ibis.get_backend(), catalog(), datasets, links)
    found = [tuple(row.values()) for row in events.to_pyarrow().to_pylist()]
    expected = [(case, *(person_of[case],) * 3, *rest) for case, *rest in told]
    assert sorted(found, key=str) == sorted(expected, key=str)

    offence = {
        case: first_known(prosecution, "case_id", case, "feit") or first_known(police, "case_id", case, "delict")
        for case in person_of
    }
    rows = chain.cases(catalog(), datasets, links).to_pyarrow().to_pylist()
    assert {row["case_id"]: row["delict"] for row in rows} == offence
    assert len(rows) == len(person_of)


@settings(max_examples=12, deadline=None)
@given(
    rows_of(POLICE, DAYS, CODES, OFFENCES),
    rows_of(PROSECUTION, DAYS, CODES, DAYS, OFFENCES),
    st.lists(st.integers(1, 3), min_size=4, max_size=4),
    st.lists(st.integers(1, 2), min_size=3, max_size=3),
)
def test_persons_and_their_attributes_by_every_link_are_those_of_plain_python(police, prosecution, standard, loose):
    """Cases 1 to 4 are each a strict person; drawn is which of them are one by the standard and by the loose link."""
    for row in police + prosecution:
        row["person_id_strict"] = 10 + row["case_id"]
        row["person_id"] = standard[row["case_id"] - 1]
        row["person_id_loose"] = 20 + loose[row["person_id"] - 1]
    keyed = dict.fromkeys(PERSON_KEYS, "int64")
    datasets = {
        "meldingen": table_of(POLICE | keyed, police),
        "zaken": table_of(PROSECUTION | keyed, prosecution),
    }
    every = police + prosecution
    named = ibis.memtable([{key: row[key] for key in keyed} for row in every], schema=keyed)
    links = Links(named, named, LinkageReport())
    found = persons(catalog(), datasets, person_groups(ibis.get_backend(), catalog(), links)).to_pyarrow().to_pylist()

    for key in PERSON_KEYS:
        sex = {
            row[key]: first_known(police, key, row[key], "geslacht")
            or first_known(prosecution, key, row[key], "geslacht")
            for row in every
        }
        told = [(row[key], row["geslacht"]) for row in found if row[key] is not None]
        assert sorted(told, key=str) == sorted(sex.items(), key=str)
    groups = {
        frozenset(place for place, row in enumerate(every) if row[key] == value)
        for key in PERSON_KEYS
        for value in {row[key] for row in every}
    }
    assert len(found) == len(groups)
