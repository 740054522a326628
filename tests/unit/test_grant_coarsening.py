"""Columns that a grant gives coarser: what they become, that the fine value is nowhere, and what is refused."""

from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pytest
from access_world import TODAY, a_catalog, opened_extract, opened_file, plain_bytes, write_snapshot

import das_research as das
from das_research.access.coarsen import _coarse
from das_research.access.extract import extract
from das_research.access.opening import open_project
from das_research.access.preview import preview
from das_research.access.scope import grant_hash
from das_research.catalog import load_catalog
from das_research.catalog.check_coarsening import coarsening_faults
from das_research.catalog.coarsening import coarser_codes
from das_research.catalog.models import Bands, Coarsening, Coarser, Grant, GrantedTable, Width
from das_research.catalog.names import Names
from das_research.errors import AccessRefused
from das_research.home import Home

DAYS = [date(2023, 1, 1), date(2023, 6, 30), date(2024, 12, 31), None]


@pytest.mark.parametrize(
    ("how", "values", "expected"),
    [
        ("year", DAYS, [2023, 2023, 2024, None]),
        ("quarter", DAYS, [date(2023, 1, 1), date(2023, 4, 1), date(2024, 10, 1), None]),
        ("month", DAYS, [date(2023, 1, 1), date(2023, 6, 1), date(2024, 12, 1), None]),
        (Bands(bands=(0, 12, 18, 25)), [-1, 0, 11, 12, 24, 25, 99, None], [None, 0, 0, 12, 18, 25, 25, None]),
        (Width(width=5), [1980, 1984, 1985, -1, None], [1980, 1980, 1985, -5, None]),
    ],
    ids=str,
)
def test_a_value_becomes_the_period_or_the_lower_bound_that_it_is_in(
    how: Coarsening, values: list[Any], expected: list[Any]
) -> None:
    kind = "date" if isinstance(values[0], date) else "int64"
    rows = [{"place": place, "value": value} for place, value in enumerate(values)]
    table = ibis.memtable(rows, schema={"place": "int64", "value": kind})
    found = table.select("place", value=_coarse(table.value, how, {})).order_by("place").to_pyarrow()
    assert found["value"].to_pylist() == expected
    assert isinstance(expected[-2], date) == str(found.schema.field("value").type).startswith("date")


def test_codes_go_to_the_code_above_or_to_the_classification_that_knows_them() -> None:
    catalog = load_catalog("data_catalog")
    above = coarser_codes(catalog, "scm-2010", "parent")
    assert (above["CRI1200"], above["CRI1000"]) == ("CRI1000", "CRI1000")
    groups = coarser_codes(catalog, "scm-2010", Coarser(classification="delictgroepen"))
    assert (groups["CRI1200"], groups["CRI1000"], groups["CRI3100"]) == ("vermogen", "vermogen", "geweld")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "das")
    write_snapshot(home)
    return home


def coarse(**coarsen: Any) -> dict[str, Any]:
    columns = ["case_id", "delict", "bedrag", "datum"]
    return {"zaken": {"columns": columns, "coarsen": coarsen or {"bedrag": {"width": 1000}, "datum": "year"}}}


def test_the_fine_value_is_in_no_table_and_in_no_byte(home: Home) -> None:
    extract(a_catalog(tables=coarse()), home, "proef", "anna", TODAY)
    rows = opened_extract(home).table("zaken").to_pyarrow().to_pylist()
    assert {(row["bedrag"], row["datum"]) for row in rows} == {
        (0, 2023), (0, 2024), (None, 2024), (-987654322000, 2023),
    }  # fmt: skip
    fine, number = plain_bytes(home), (-987654321987).to_bytes(8, "little", signed=True)
    assert number not in fine
    extract(a_catalog(tables=coarse(datum="year")), home, "proef", "anna", TODAY)
    assert number in plain_bytes(home), "the search would find it"


def test_the_words_stand_in_the_preview_and_at_the_column(home: Home) -> None:
    catalog = a_catalog(tables=coarse())
    [table] = [it for it in preview(catalog, home, "proef").tables if it.scope.table == "zaken"]
    assert table.coarser["datum"].nl == "alleen het jaar"
    [block] = [
        it for it in preview(catalog, home, "proef").lines("en") if it.title == "Zaken (zaken)" and "Reason" in it.heads
    ]
    assert ("datum", "yes", "the year only") in block.rows
    extract(catalog, home, "proef", "anna", TODAY)
    with opened_file(home) as connection:
        asked = "select column_name, comment from duckdb_columns() where table_name = 'zaken'"
        told = dict(connection.execute(asked).fetchall())
        told_too = connection.execute("select grofheid_nl from _kolommen where kolom = 'datum'").fetchone()
    assert "alleen het jaar" in told["datum"] and told_too == ("alleen het jaar",)
    assert "alleen" not in told["delict"]


def test_another_coarseness_is_another_grant() -> None:
    hashes = set()
    for tables in (coarse(), coarse(datum="year"), coarse(datum="month")):
        catalog = a_catalog(tables=tables)
        hashes.add(grant_hash(catalog, catalog.grants["proef"]))
    assert len(hashes) == 3


def faults(grant: Grant, tables: dict[str, GrantedTable]) -> list[tuple[Any, str]]:
    catalog = load_catalog("data_catalog")
    changed = grant.model_copy(update={"tables": tables})
    return list(coarsening_faults(changed, Names(catalog)))


@pytest.mark.parametrize(
    ("table", "given", "message"),
    [
        ("strafzaken", {"columns": ("hoofdfeit",), "coarsen": {"hoofdfiet": "parent"}}, "did you mean 'hoofdfeit'"),
        ("strafzaken", {"columns": ("hoofdfeit",), "coarsen": {"instroomdatum": "year"}}, "not among the columns"),
        ("strafzaken", {"columns": ("instroomdatum",), "coarsen": {"instroomdatum": "parent"}}, "is of type date"),
        ("strafzaken", {"columns": ("geboortejaar",), "coarsen": {"geboortejaar": "year"}}, "is of type integer"),
        ("bevolking", {"columns": ("leeftijd",), "coarsen": {"leeftijd": {"bands": [0, 18, 18]}}}, "must rise"),
        ("strafzaken", {"columns": ("hoofdfeit",), "coarsen": {"hoofdfeit": "parent"}}, "has one above it"),
        (
            "misdrijven",
            {"columns": ("misdrijfcode",), "coarsen": {"misdrijfcode": {"classification": "kamers"}}},
            "no correspondence 'scm-2010'",
        ),
        (
            "misdrijven",
            {"columns": ("misdrijfcode",), "coarsen": {"misdrijfcode": {"classification": "kamer"}}},
            "there is no classification 'kamer'; did you mean 'kamers'",
        ),
        (
            "strafzaken",
            {
                "columns": ("instroomdatum",),
                "coarsen": {"instroomdatum": "year"},
                "rows": [{"column": "instroomdatum", "operator": "at_least", "values": ["2020-05-01"]}],
            },
            "a condition on the rows needs",
        ),
        ("events", {"columns": ("moment",), "coarsen": {"moment": "month"}}, "the order and the kind of events"),
        (
            "misdrijven",
            {"columns": ("misdrijfcode", "misdrijfcode_bron"), "coarsen": {"misdrijfcode": "parent"}},
            "'misdrijfcode_bron' of 'misdrijven' gives the fine value",
        ),
    ],
    ids=[
        "unknown",
        "not granted",
        "no code",
        "no date",
        "bands",
        "flat",
        "no way",
        "no such",
        "rule",
        "event",
        "source",
    ],
)
def test_what_does_not_fit_or_stands_elsewhere_is_a_fault(table: str, given: dict[str, Any], message: str) -> None:
    grant = load_catalog("data_catalog").grants["ketenmonitor"]
    found = faults(grant, {table: GrantedTable.model_validate(given)})
    assert [text for _, text in found if message in text], found
    assert all(at[:3] == ("tables", table, "coarsen") for at, _ in found)


def test_a_date_that_events_tell_in_full_is_a_fault_until_it_is_left_out() -> None:
    grant = load_catalog("data_catalog").grants["ketenmonitor"]
    dated = GrantedTable(columns=("instroomdatum",), coarsen={"instroomdatum": "year"})
    assert faults(grant, {"strafzaken": dated}) == []
    events = GrantedTable(columns=("event", "moment"))
    [(_, text)] = faults(grant, {"strafzaken": dated, "events": events})
    assert "'moment' of 'events' gives the fine value all the same" in text


def test_what_needs_the_fine_column_says_that_it_is_coarse(home: Home) -> None:
    tables = a_catalog().grants["proef"].model_dump()["tables"]
    tables["cases"] |= {"coarsen": {"delict": "parent"}}
    catalog = a_catalog(tables=tables)
    extract(catalog, home, "proef", "anna", TODAY)
    with (
        open_project("proef", home=home, catalog=catalog, account="anna", today=TODAY) as project,
        pytest.raises(AccessRefused, match=r"needs cases\.delict as it was delivered") as refused,
    ):
        das.chain.journey.granted(project, "cases", ["case_id", "delict"])
    assert "the code above it only" in refused.value.why
