"""The warehouse, followed by hand: five cases, four persons, four datasets. The files stand in `warehouse_world`."""

from datetime import date

import pytest
from warehouse_world import built_home, case_names, catalog, delivered_home, read_table

from das_research.catalog.tables import table_columns
from das_research.warehouse.build import build
from das_research.warehouse.harmonise import gather
from das_research.warehouse.snapshot import read_snapshot


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    home = built_home(tmp_path_factory.mktemp("five"))
    snapshot = read_snapshot(home)
    return home, snapshot, case_names(home, snapshot)


def by_case(world, table, *columns):
    home, snapshot, names = world
    return sorted(
        (names[row["case_id"]], *(row[column] for column in columns)) for row in read_table(home, snapshot, table)
    )


def test_rows_stand_by_delivery_and_row_whatever_order_the_engine_joins_them_in(world, tmp_path, monkeypatch):
    """Two builds of the same deliveries, in one of which every dataset comes out of its joins the other way round."""

    def reversed_rows(*asked):
        table = gather(*asked)
        return table.order_by(table["row"].desc())

    monkeypatch.setattr("das_research.warehouse.computed.gather", reversed_rows)
    home, of, again = world[0], catalog(), delivered_home(tmp_path)
    other = build(of, again)
    for name in world[1].tables:
        rows = read_table(again, other, name)
        assert rows == read_table(home, world[1], name)
        if name in of.datasets:
            assert rows == sorted(rows, key=lambda row: (row["delivery"], row["row"]))


def test_a_case_is_one_person_in_one_case(world):
    """Report P1 names F1 and F2: two cases. F1 stands in P1 and P3: two cases. Z3 has no report: 2 + 1 + 1 + 1 = 5."""
    _, snapshot, names = world
    assert sorted(names.values()) == ["five", "four", "one", "three", "two"]
    assert snapshot.tables["cases"] == 5


def test_a_row_with_two_keys_joins_what_each_of_them_names(world):
    """Z1 and (P1, F1) stand in one row of `zaken`, so the court's row with Z1 alone is of the police's case."""
    assert by_case(world, "uitspraken", "row") == [("five", 2), ("one", 1)]


def test_persons_are_known_by_their_number_alone(world):
    """F1 in cases one and four; F2, F3, F4 in one case each: 4 persons."""
    home, snapshot, names = world
    persons = {names[row["case_id"]]: row["person_id"] for row in read_table(home, snapshot, "cases")}
    assert persons["one"] == persons["four"]
    assert len(set(persons.values())) == snapshot.tables["persons"] == 4


def test_a_row_that_names_no_person_has_the_person_of_its_case(world):
    home, snapshot, _ = world
    persons = {row["case_id"]: row["person_id"] for row in read_table(home, snapshot, "cases")}
    for row in read_table(home, snapshot, "uitspraken"):
        assert row["person_id"] == persons[row["case_id"]]


def test_attributes_are_the_first_known_value_of_their_sources(world):
    """`delict` asks the prosecution first, then the police; case four has only a code that nobody knows."""
    assert by_case(world, "cases", "delict") == [
        ("five", "vermogen"),  # om 310
        ("four", None),  # politie 99: unknown
        ("one", "vermogen"),  # om 310, politie 10
        ("three", "geweld"),  # om 287, politie 20
        ("two", "vermogen"),  # politie 10
    ]


def test_attributes_of_persons(world):
    """F1 is M in P1 and missing in P3: the known one counts; F4 is known at the prosecution only."""
    home, snapshot, names = world
    sex = {row["person_id"]: row["geslacht"] for row in read_table(home, snapshot, "persons")}
    person = {names[row["case_id"]]: row["person_id"] for row in read_table(home, snapshot, "cases")}
    assert {name: sex[person[name]] for name in person} == {
        "one": "man",
        "two": "vrouw",
        "three": "man",
        "four": "man",
        "five": "vrouw",
    }


def test_events_are_what_the_rules_of_each_dataset_tell(world):
    """meldingen 4 + 1 left; zaken 3 + 2 decided; uitspraken 2 + 1 judged; verblijven 1 + 1: 15 events."""
    assert by_case(world, "events", "event", "stage", "outcome", "moment") == sorted(
        [
            ("one", "registratie", "opsporing", None, date(2020, 1, 5)),
            ("two", "registratie", "opsporing", None, date(2020, 1, 6)),
            ("three", "registratie", "opsporing", None, date(2020, 2, 1)),
            ("four", "registratie", "opsporing", None, date(2020, 3, 1)),
            ("two", "afloop", "opsporing", "sepot", date(2020, 1, 6)),
            ("one", "instroom", "vervolging", None, date(2020, 2, 10)),
            ("three", "instroom", "vervolging", None, date(2020, 3, 10)),
            ("five", "instroom", "vervolging", None, date(2020, 5, 1)),
            ("one", "beslissing", "vervolging", "dagvaarding", date(2020, 4, 1)),
            ("three", "beslissing", "vervolging", "sepot", date(2020, 3, 20)),
            ("one", "binnenkomst", "berechting", None, date(2020, 5, 1)),
            ("five", "binnenkomst", "berechting", None, date(2020, 7, 1)),
            ("one", "uitspraak", "berechting", "schuldig", date(2020, 6, 1)),
            ("one", "begin", None, None, date(2020, 6, 2)),  # a dataset of no stage, an event of no stage
            ("one", "einde", "berechting", None, date(2020, 8, 1)),  # listed by a stage as leaving it
        ]
    )


def test_codes_are_unified_and_the_delivered_ones_stay_beside_them_where_they_are_known(world):
    assert by_case(world, "meldingen", "delict", "delict_bron", "delict_versie", "marks") == [
        ("four", None, None, "politie-1", ["unknown-code:delict"]),
        ("one", "vermogen", "10", "politie-1", []),
        ("three", "geweld", "20", "politie-1", []),
        ("two", "vermogen", "10", "politie-1", []),
    ]


def test_a_missing_code_has_no_version(world):
    home, snapshot, _ = world
    row = read_table(home, snapshot, "meldingen")[3]
    assert (row["geslacht"], row["geslacht_bron"], row["geslacht_versie"]) == (None, None, None)


def test_every_table_has_the_columns_that_the_catalogue_implies(world):
    home, snapshot, _ = world
    for name in snapshot.tables:
        assert list(read_table(home, snapshot, name)[0]) == list(table_columns(catalog(), name))


def test_the_share_of_cases_that_an_earlier_stage_knows(world):
    """zaken: Z1 and Z2 of 3 come from the police. uitspraken: both of 2 were at the prosecution. The first has none."""
    _, snapshot, _ = world
    assert snapshot.linkage == {"zaken": 2 / 3, "uitspraken": 2 / 2}
    assert snapshot.linkage_counts == {"zaken": {"cases": 3, "known": 2}, "uitspraken": {"cases": 2, "known": 2}}


def test_the_deliveries_and_their_rules_stand_beside_them(world):
    home, snapshot, _ = world
    rows = {row["dataset"]: (row["stage"], row["accepted"]) for row in read_table(home, snapshot, "deliveries")}
    assert rows == {
        "meldingen": ("opsporing", 4),
        "zaken": ("vervolging", 3),
        "uitspraken": ("berechting", 2),
        "verblijven": (None, 1),
    }
    assert read_table(home, snapshot, "delivery_rules") == [
        {
            "dataset": "meldingen",
            "stage": "opsporing",
            "rule": "unknown-code:delict",
            "effect": "marked",
            "rows": 1,
            "units": 1,
        }
    ]


def test_the_sources_cover_the_chain_until_the_latest_event(world):
    _, snapshot, _ = world
    assert snapshot.observed_until == date(2020, 8, 1)
    assert snapshot.synthetic
