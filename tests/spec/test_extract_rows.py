"""An extract holds exactly the rows and columns of the grant, reckoned by hand from the small world of these tests."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import pytest
from access_world import (
    CASES,
    EVENTS,
    FROM_OM,
    FROM_POLICE,
    PERSONS,
    SNAPSHOT,
    TODAY,
    ZAKEN,
    a_catalog,
    but_the_log,
    extract_file,
    files,
    opened_extract,
    project_key,
    pseudonym_under,
    write_snapshot,
)
from closed_files import open_file, write_closed

from das_research.access.extract import extract
from das_research.access.manifest import Extract, current_extract, list_extracts
from das_research.audit import AuditLog
from das_research.errors import AccessRefused, DasError, UsageError
from das_research.hashing import content_hash
from das_research.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "das")
    write_snapshot(home)
    return home


def pseudonym(home: Home, kind: str, surrogate: int | None, project: str = "proef") -> str | None:
    return None if surrogate is None else pseudonym_under(project_key(home, project), kind, surrogate)


def by_every_link(home: Home, person: int | None) -> tuple[str | None, ...]:
    """A person's three pseudonyms, where the three links agree on its surrogate."""
    return tuple(pseudonym(home, kind, person) for kind in ("person", "strict", "loose"))


def rows(home: Home, table: str, project: str = "proef") -> list[tuple]:
    database = opened_extract(home, project)
    try:
        return [tuple(row.values()) for row in database.table(table).to_pyarrow().to_pylist()]
    finally:
        database.disconnect()


def in_order(expected: list[tuple]) -> list[tuple]:
    """By the columns from left to right, a missing value last."""
    return sorted(expected, key=lambda row: [(value is None, "" if value is None else value) for value in row])


def test_a_dataset_gives_the_rows_of_its_rule(home: Home) -> None:
    extract(a_catalog(), home, "proef", "anna", TODAY)
    # amounts 50, 150, 200, 100, unknown, -987...; at least 100: the second, third and fourth
    expected = [(pseudonym(home, "case", case), day, delict, amount) for case, delict, amount, day in ZAKEN]
    assert rows(home, "zaken") == in_order(expected)


def test_events_are_those_that_a_covered_dataset_told(home: Home) -> None:
    assert FROM_POLICE.startswith(FROM_OM.split("-")[0] + "-")  # a prefix of the name isn't enough to tell them apart
    extract(a_catalog(), home, "proef", "anna", TODAY)
    expected = [
        (pseudonym(home, "case", case), *by_every_link(home, person), event, day) for case, person, event, day in EVENTS
    ]
    assert rows(home, "events") == in_order(expected)


def test_cases_and_persons_are_those_that_a_covered_dataset_knows(home: Home) -> None:
    extract(a_catalog(), home, "proef", "anna", TODAY)
    # case 4 is known to the police alone, case 6 to the court alone; so are persons 3 and 4
    cases = [(pseudonym(home, "case", case), *by_every_link(home, person), delict) for case, person, delict in CASES]
    assert rows(home, "cases") == in_order(cases)
    assert rows(home, "persons") == in_order([(*by_every_link(home, person), year) for person, year in PERSONS])


def test_the_keys_of_the_three_links_join_with_themselves_alone(tmp_path: Path) -> None:
    """Standard persons 1 and 2; strict 101 and 102 (the cases of person 1) and 2; loose 1, which is both."""
    home = Home(tmp_path / "das")
    write_snapshot(home, differ=True)
    made = extract(a_catalog(), home, "proef", "anna", TODAY)
    assert made.person_links == "differ"
    standard, strict, loose = (
        {person: pseudonym(home, kind, person) for person in persons}
        for kind, persons in (("person", (1, 2)), ("strict", (101, 102, 2)), ("loose", (1,)))
    )
    assert rows(home, "cases") == in_order(
        [
            (pseudonym(home, "case", 1), standard[1], strict[101], loose[1], "diefstal"),
            (pseudonym(home, "case", 2), standard[1], strict[102], loose[1], "geweld"),
            (pseudonym(home, "case", 3), standard[2], strict[2], loose[1], "diefstal"),
            (pseudonym(home, "case", 5), None, None, None, "verkeer"),
        ]
    )
    assert rows(home, "persons") == in_order(
        [
            (standard[1], None, None, 1980),
            (standard[2], strict[2], None, 1990),
            (None, strict[101], None, 1980),
            (None, strict[102], None, 1980),
            (None, None, loose[1], 1980),
        ]
    )
    assert not set(standard.values()) & set(loose.values())


def test_the_manifest_says_whether_the_links_differ(home: Home) -> None:
    assert extract(a_catalog(), home, "proef", "anna", TODAY).person_links == "same"
    nobody = a_catalog(tables={"cases": {"columns": ["case_id"]}})
    assert extract(nobody, home, "proef", "anna", TODAY).person_links == "none"


def test_a_wider_agreement_gives_more_cases(home: Home) -> None:
    extract(a_catalog(), home, "ander", "dirk", TODAY)
    assert len(rows(home, "cases", "ander")) == 5  # 1, 2, 3, 5 of OM and 4 of the police; 6 is the court's


def test_the_counts_of_deliveries_are_always_there(home: Home) -> None:
    extract(a_catalog(tables={"cases": {"columns": ["case_id"]}}), home, "proef", "anna", TODAY)
    assert rows(home, "deliveries") == [("zaken", "vervolging", 7, 6, 1, 5, 4, 1)]
    assert rows(home, "delivery_rules") == [("zaken", "vervolging", "no-key:nummer", "quarantined", 1, 1)]


def test_joins_within_a_project_hold(home: Home) -> None:
    extract(a_catalog(), home, "proef", "anna", TODAY)
    cases = {case for case, *_ in rows(home, "cases")}
    assert {case for case, *_ in rows(home, "zaken")} < cases
    assert {case for case, *_ in rows(home, "events")} == cases


def test_the_same_inputs_give_the_same_extract_and_write_nothing(home: Home) -> None:
    first = extract(a_catalog(), home, "proef", "anna", TODAY)
    before = files(home)
    assert extract(a_catalog(), home, "proef", "anna", TODAY) == first
    assert files(home) == before


@pytest.mark.parametrize(
    "change", [{"purpose": "statistiek"}, {"tables": {"cases": {"columns": ["case_id"]}}}], ids=str
)
def test_another_grant_is_another_extract(home: Home, change: dict[str, Any]) -> None:
    first = extract(a_catalog(), home, "proef", "anna", TODAY)
    second = extract(a_catalog(**change), home, "proef", "anna", TODAY)
    assert second.id != first.id
    assert current_extract(home, "proef") == second
    assert {made.id for made in list_extracts(home)} == {first.id, second.id}


def test_one_value_more_in_the_snapshot_is_another_content(home: Home) -> None:
    first = extract(a_catalog(), home, "proef", "anna", TODAY)
    write_snapshot(home, "snap-ffffffffffff", bedrag=151)
    second = extract(a_catalog(), home, "proef", "anna", TODAY)
    changed = [name for name, table in first.tables.items() if second.tables[name].content != table.content]
    assert (first.snapshot, second.snapshot, changed) == (SNAPSHOT, "snap-ffffffffffff", ["zaken"])


def test_the_manifest_says_what_the_extract_is(home: Home) -> None:
    made = extract(a_catalog(), home, "proef", "anna", TODAY)
    path = extract_file(home).with_name("manifest.json")
    document = json.loads(path.read_text())
    assert Extract.from_json(path.read_text()) == made
    assert document["synthetic"] is True
    assert document["observed_until"] == "2024-12-31"
    assert document["mode"] == "embedded"
    assert {name: table["rows"] for name, table in document["tables"].items()} == {
        "persons": 2, "cases": 4, "events": 4, "zaken": 3, "deliveries": 1, "delivery_rules": 1,
    }  # fmt: skip


def test_the_gate_writes_one_line(home: Home) -> None:
    made = extract(a_catalog(), home, "proef", "anna", TODAY)
    extract(a_catalog(), home, "proef", "anna", TODAY)
    [line] = AuditLog(home.audit_log).lines()
    # rows: persons 2 + cases 4 + events 4 + zaken 3 + deliveries 1 + rules 1
    facts = {"project": "proef", "purpose": "wetenschappelijk onderzoek", "partners": ["om"]}
    facts |= {"extract": made.id, "snapshot": SNAPSHOT, "rows": 15, "manifest": made.digest}
    assert (line["gate"], line["act"], line["account"], line["facts"]) == ("extract", "extracted", "anna", facts)


@pytest.mark.parametrize(
    ("project", "account", "today", "error"),
    [
        ("proef", "anna", TODAY.replace(year=2028), AccessRefused),
        ("onbekend", "anna", TODAY, UsageError),
        ("proef", "dirk", TODAY, AccessRefused),
    ],
    ids=["expired", "unknown project", "not in the grant"],
)
def test_a_refusal_leaves_the_disk_as_it_was_but_for_its_line(
    home: Home, project: str, account: str, today: Any, error: type
) -> None:
    before = but_the_log(home)
    with pytest.raises(error):
        extract(a_catalog(), home, project, account, today)
    assert but_the_log(home) == before


def test_the_mode_remote_is_refused_plainly(home: Home) -> None:
    before = but_the_log(home)
    with pytest.raises(AccessRefused, match="its people work on a twin, and get no extract"):
        extract(a_catalog(mode="remote"), home, "proef", "anna", TODAY)
    assert but_the_log(home) == before


def test_a_column_newer_than_the_snapshot_is_refused(home: Home) -> None:
    [path] = home.snapshots.glob("*/persons.parquet")
    write_closed(home, path, open_file(home, path).drop_columns("geboortejaar"))
    with pytest.raises(AccessRefused, match="no column geboortejaar in its table 'persons'"):
        extract(a_catalog(), home, "proef", "anna", TODAY)
    assert not home.project("proef").exists()


def test_without_a_snapshot_it_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(DasError, match="das build"):
        extract(a_catalog(), Home(tmp_path / "leeg"), "proef", "anna", TODAY)
    assert not (tmp_path / "leeg").exists()


def test_a_project_without_extract_says_what_to_type(home: Home) -> None:
    with pytest.raises(AccessRefused, match="das project extract proef"):
        current_extract(home, "proef")


SCHEMA = {"zaak": "string", "aantal": "int64", "lijst": "array<string>"}


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ([("a", 1, ["x"]), ("b", 2, None)], [("b", 2, None), ("a", 1, ["x"])], True),  # order of rows
        ([("a", 1, None)], [("a", 1, None), ("a", 1, None)], False),  # a row twice
        ([(None, 1, None)], [("", 1, None)], False),  # missing is not empty
        ([("-", 1, None)], [(None, 1, None)], False),  # missing is no text
        ([("1:a", 1, None)], [("1", 1, None)], False),
        ([("a", 11, None)], [("a1", 1, None)], False),  # no sliding over the border of columns
        ([("a", 1, ["x", "y"])], [("a", 1, ["y", "x"])], False),
        ([("a", 1, [])], [("a", 1, None)], False),
        ([], [("a", 1, None)], False),
    ],
)
def test_equal_content_equal_hash(one: list[tuple], other: list[tuple], equal: bool) -> None:
    def table(of: list[tuple]) -> ibis.Table:
        return ibis.memtable([dict(zip(SCHEMA, row, strict=True)) for row in of], schema=SCHEMA)

    assert (content_hash(table(one)) == content_hash(table(other))) is equal


def test_equal_values_of_another_type_are_other_content() -> None:
    numbers, texts = (
        ibis.memtable({"a": [1]}, schema={"a": "int64"}),
        ibis.memtable({"a": ["1"]}, schema={"a": "string"}),
    )
    assert content_hash(numbers) != content_hash(texts)


def test_a_manifest_survives_its_way_over_the_disk(home: Home) -> None:
    made = extract(a_catalog(), home, "proef", "anna", TODAY)
    assert Extract.from_json(made.to_json()) == made
    assert replace(made, id="ext-0").to_json() != made.to_json()
