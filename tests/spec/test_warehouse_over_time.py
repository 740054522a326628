"""What later deliveries do to cases that were built before: they add, or make an alias, and never renumber."""

import pyarrow.parquet as pq
from warehouse_world import FILES, built_home, case_names, catalog, deliver_text, delivered_home, read_table

from das_research.warehouse.build import build
from das_research.warehouse.snapshot import list_snapshots, read_snapshot

HEADER = FILES["zaken"].splitlines()[0]


def zaken(*rows):
    return "\n".join([HEADER, *rows, ""])


def test_surrogates_stay_when_later_deliveries_add_cases(tmp_path):
    home = built_home(tmp_path)
    before = case_names(home, read_snapshot(home))
    deliver_text(home, "zaken", zaken("Z4,,F5,man,310,2020-08-01,,"))
    snapshot = build(catalog(), home)
    assert case_names(home, snapshot) == before
    assert snapshot.tables["cases"] == 5 + 1
    assert {row["case_id"] for row in read_table(home, snapshot, "cases")} - before.keys() == {6}


def test_the_smallest_surrogate_stays_when_a_delivery_shows_that_two_cases_are_one(tmp_path):
    """First Z1 comes without its police report: 6 cases. Then a row says that Z1 is P1 of F1: 5 cases, one alias."""
    home = delivered_home(tmp_path, "zaken")
    deliver_text(home, "zaken", zaken("Z1,,F1,man,310,2020-02-10,,", "Z3,,F4,vrouw,310,2020-05-01,,"))
    first = build(catalog(), home)
    apart = [read_table(home, first, name)[0]["case_id"] for name in ("meldingen", "zaken")]
    assert (first.tables["cases"], len(set(apart))) == (6, 2)
    later = deliver_text(home, "zaken", zaken("Z1,P1,F1,man,310,2020-02-10,DV,2020-04-01"))
    second = build(catalog(), home)
    together = {read_table(home, second, name)[0]["case_id"] for name in ("meldingen", "zaken", "uitspraken")}
    assert together == {min(apart)}
    assert second.tables["cases"] == 5
    aliases = pq.read_table(home.register / "aliases-000001.parquet").to_pylist()
    merge = {"entity": "cases", "old": max(apart), "new": min(apart), "delivery": later.id, "kind": "merge"}
    assert aliases == [merge]


def test_a_case_number_given_twice_is_counted_and_the_first_named_person_has_the_case(tmp_path):
    """Z9 is F6 in March and F7 in February: one case, the sixth, of F7; each row keeps the person it names."""
    home = built_home(tmp_path)
    deliver_text(home, "zaken", zaken("Z9,,F6,man,310,2020-03-01,,", "Z9,,F7,vrouw,310,2020-02-01,,"))
    snapshot = build(catalog(), home)
    rows = [row for row in read_table(home, snapshot, "zaken") if row["case_id"] == 6]
    assert snapshot.conflicts == 1
    person = {row["case_id"]: row["person_id"] for row in read_table(home, snapshot, "cases")}
    assert [row["person_id"] == person[6] for row in rows] == [False, True]
    assert snapshot.tables["persons"] == 4 + 2


def test_rows_that_stand_in_two_deliveries_stay_twice(tmp_path):
    """The same three rows and a fourth: another file, so 3 + 4 rows, and each case still once."""
    home = delivered_home(tmp_path)
    deliver_text(home, "zaken", FILES["zaken"] + "Z4,,F5,man,310,2020-08-01,,\n")
    snapshot = build(catalog(), home)
    assert (snapshot.tables["zaken"], snapshot.tables["cases"]) == (3 + 4, 6)


def test_the_same_inputs_give_the_same_snapshot_and_no_second_one(tmp_path):
    home = built_home(tmp_path)
    first = read_snapshot(home)
    files = {path: path.stat().st_mtime_ns for path in home.snapshots.rglob("*.parquet")}
    assert build(catalog(), home) == first
    assert {path: path.stat().st_mtime_ns for path in home.snapshots.rglob("*.parquet")} == files
    assert list_snapshots(home) == [first]


def test_two_homes_with_the_same_deliveries_and_keys_have_equal_tables(tmp_path):
    one, other = built_home(tmp_path / "one"), delivered_home(tmp_path / "other")
    snapshot = build(catalog(), other)
    assert snapshot == read_snapshot(one)
    for name in snapshot.tables:
        assert read_table(one, snapshot, name) == read_table(other, snapshot, name)


def test_every_build_can_be_read_by_its_id_and_the_latest_without(tmp_path):
    home = built_home(tmp_path)
    first = read_snapshot(home)
    changed = catalog().model_copy(update={"hash": "d" * 64})
    second = build(changed, home)
    assert read_snapshot(home) == second
    assert read_snapshot(home, first.id) == first
    assert list_snapshots(home) == sorted([first, second], key=lambda snapshot: snapshot.id)


def test_a_chain_without_persons_has_cases_alone(tmp_path):
    home = delivered_home(tmp_path)
    snapshot = build(catalog(person=False), home)
    assert snapshot.tables["persons"] == 0
    assert {row["person_id"] for row in read_table(home, snapshot, "events")} == {None}
    assert not list(home.register.glob("persons-*"))
