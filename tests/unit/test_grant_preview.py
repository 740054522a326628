"""A preview tells what a grant gives and why not the rest, without giving a small number away."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from access_world import (
    DIRECT,
    NOT_GRANTED,
    OTHER_DATASET,
    SNAPSHOT,
    TODAY,
    a_catalog,
    files,
    permission,
    write_snapshot,
)
from closed_files import open_file, write_closed

import das_research as das
from das_research.access.preview import Preview, TablePreview, preview
from das_research.access.preview_page import page_of
from das_research.catalog.condition_words import condition_in_words
from das_research.catalog.models import Condition
from das_research.errors import UsageError
from das_research.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "das")


def table(of: Preview, name: str) -> TablePreview:
    [found] = [table for table in of.tables if table.scope.table == name]
    return found


def texts(of: Preview) -> Iterator[str]:
    for language in ("nl", "en"):
        for block in of.lines(language):
            yield from (block.title, *block.heads, *(cell for row in block.rows for cell in row))


def test_every_column_is_given_or_left_out_with_its_reason(home: Home) -> None:
    shown = preview(a_catalog(), home, "proef")
    zaken = table(shown, "zaken").scope
    assert zaken.columns == ("case_id", "moment", "delict", "bedrag")
    reasons = {column.column: column.reason for column in zaken.left_out}
    assert reasons["naam"] == "direct identifier"  # though the grant names it
    assert reasons["notitie"] == reasons["delict_bron"] == "not granted"
    assert {column.reason for column in table(shown, "zaken-extra").scope.left_out} == {"dataset not in the agreements"}
    [left_out] = [column for column in table(shown, "cases").scope.left_out if column.column == "herkomst"]
    assert left_out.reason == "dataset not in the agreements"  # one of its two sources is of the police


def test_a_table_of_which_nothing_is_given_takes_one_line(home: Home) -> None:
    [block] = [it for it in preview(a_catalog(), home, "proef").lines("nl") if it.title == "Vonnissen (vonnissen)"]
    assert block.rows == (("alle kolommen", "nee", "dataset valt buiten de overeenkomsten"),)


def test_without_a_snapshot_there_are_columns_and_no_numbers(home: Home) -> None:
    shown = preview(a_catalog(), home, "proef")
    assert shown.snapshot is None
    assert all(table.years is None for table in shown.tables)
    assert not home.root.exists()


def many_rows(home: Home, counts: dict[date | None, int]) -> None:
    """Put so many rows of every day in the dataset `zaken`."""
    [path] = home.snapshots.glob("*/zaken.parquet")
    first = open_file(home, path).slice(3, 1).to_pylist()[0]
    rows = [first | {"moment": day} for day, count in counts.items() for _ in range(count)]
    write_closed(home, path, pa.Table.from_pylist(rows, schema=open_file(home, path).schema))


def test_rows_by_year_hide_what_is_under_the_minimum(home: Home) -> None:
    write_snapshot(home)
    many_rows(home, {date(2022, 5, 1): 34, date(2023, 5, 1): 29, date(2024, 5, 1): 1, date(2024, 6, 1): 39, None: 3})
    shown = preview(a_catalog(), home, "proef")
    assert shown.snapshot == SNAPSHOT
    years = [(year.year.nl, year.rows) for year in table(shown, "zaken").years or ()]
    other = "andere jaren, of onbekend"
    assert years == [("2022", 30), ("2023", None), ("2024", 40), (other, None)]  # 2024: 1 + 39
    [numbers] = [block for block in shown.lines("nl") if block.title.endswith("bedrag is ten minste 100")]
    assert numbers.rows == (("2022", "30"), ("2023", "minder dan 30"), ("2024", "40"), (other, "minder dan 30"))


def test_without_conditions_a_number_is_shown_from_the_minimum_on(home: Home) -> None:
    write_snapshot(home)
    many_rows(home, {date(2022, 5, 1): 10, date(2024, 5, 1): 11})
    whole = {"zaken": {"columns": ["case_id", "moment"]}}
    years = table(preview(a_catalog(tables=whole), home, "proef"), "zaken").years or ()
    assert [(year.year.en, year.rows) for year in years] == [
        ("2022", 10), ("2023", None), ("2024", 10), ("other years, or unknown", None),
    ]  # fmt: skip


def test_no_total_gives_a_hidden_year_away(home: Home) -> None:
    write_snapshot(home)
    many_rows(home, {date(2022, 5, 1): 10, date(2023, 5, 1): 9})
    assert "19" not in set(texts(preview(a_catalog(), home, "proef")))


def test_tables_without_a_moment_are_counted_at_once(home: Home) -> None:
    write_snapshot(home)
    [line] = table(preview(a_catalog(), home, "proef"), "cases").years or ()
    assert (line.year.en, line.rows) == ("all years", None)  # 4 cases, fewer than 10


def test_no_value_of_a_row_is_shown(home: Home) -> None:
    write_snapshot(home)
    shown = " ".join(texts(preview(a_catalog(), home, "proef")))
    for value in (DIRECT, NOT_GRANTED, OTHER_DATASET, "diefstal"):
        assert value not in shown


def test_a_dataset_without_the_permission_of_its_partner_is_left_out_with_what_was_drawn_from_it(home: Home) -> None:
    write_snapshot(home)
    shown = preview(a_catalog(permissions=[permission("politie")]), home, "proef")
    assert {it.reason for it in table(shown, "zaken").scope.left_out} == {"no permission of the partner"}
    reasons = {it.column: it.reason for it in table(shown, "cases").scope.left_out}
    assert reasons["delict"] == "no permission of the partner"
    assert "geen toestemming van de ketenpartner" in set(texts(shown))


def test_the_preview_of_a_grant_to_come_is_that_of_its_first_day(home: Home) -> None:
    later = a_catalog(permissions=[permission("om", date="2025-12-31")])
    shown = preview(later, home, "proef", date(2020, 1, 1))
    assert shown.day == date(2026, 1, 1)
    assert table(shown, "zaken").scope.columns


def test_a_notebook_shows_the_preview_with_the_number_of_people_and_without_their_names(home: Home) -> None:
    write_snapshot(home)
    shown = das.preview("proef", home=home, catalog=a_catalog(), today=TODAY)._repr_html_()
    assert "CBS (1), WODC (1)" in shown
    assert "Fictieve gegevens" in shown and "Wetenschappelijk onderzoek" in shown
    assert "anna" not in shown and "bram" not in shown


@pytest.mark.parametrize(("language", "count"), [("nl", "2 personen van CBS en WODC"), ("en", "2 people of CBS and W")])
def test_the_page_for_the_approvers_tells_who_on_which_ground_and_what(home: Home, language: str, count: str) -> None:
    write_snapshot(home)
    page = page_of(preview(a_catalog(), home, "proef", TODAY), language)
    for told in ("anna", "bram", count, "BRIEF-om", "art. 1", "functionaris gegevensbescherming", "bedrag"):
        assert told in page, told
    assert "Carla" not in page
    for value in (DIRECT, NOT_GRANTED, OTHER_DATASET, "diefstal"):
        assert value not in page
    assert page == page_of(preview(a_catalog(), home, "proef", TODAY), language)


def test_the_page_says_what_is_open(home: Home) -> None:
    page = page_of(preview(a_catalog(permissions=[]), home, "proef", TODAY), "nl")
    assert "geen toestemming van de ketenpartner voor zaken" in page
    assert "punten staan nog open" in page


def test_the_page_takes_no_text_of_the_catalogue_for_markup(home: Home) -> None:
    page = page_of(preview(a_catalog(title="<b>x</b>", legal_basis="<i>y</i>"), home, "proef", TODAY), "en")
    assert "<b>x" not in page and "<i>y" not in page and "&lt;b&gt;x" in page


def test_a_preview_writes_nothing(home: Home) -> None:
    write_snapshot(home)
    before = files(home)
    preview(a_catalog(), home, "proef")
    assert files(home) == before


def test_an_unknown_project_is_refused(home: Home) -> None:
    with pytest.raises(UsageError, match="no project 'weg'"):
        preview(a_catalog(), home, "weg")


@pytest.mark.parametrize(
    ("operator", "values", "nl", "en"),
    [
        ("is", ("a",), "x is a", "x is a"),
        ("is_not", ("a",), "x is niet a", "x is not a"),
        ("in", ("a", "b"), "x is een van a, b", "x is one of a, b"),
        ("not_in", ("a", "b"), "x is geen van a, b", "x is none of a, b"),
        ("at_least", (3,), "x is ten minste 3", "x is at least 3"),
        ("at_most", (date(2024, 1, 31),), "x is ten hoogste 2024-01-31", "x is at most 2024-01-31"),
        ("known", (), "x is bekend", "x is known"),
        ("unknown", (), "x is onbekend", "x is unknown"),
    ],
)
def test_a_condition_in_words(operator: str, values: tuple, nl: str, en: str) -> None:
    words = condition_in_words(Condition(column="x", operator=operator, values=values))
    assert (words.nl, words.en) == (nl, en)
