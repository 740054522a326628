"""What an extract says of itself, read with DuckDB alone as from R; and that it names nobody."""

from pathlib import Path

import pyarrow as pa
import pytest
from access_world import TODAY, a_catalog, opened_file, plain_bytes, write_snapshot
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research.access.about import ABOUT_TABLES
from das_research.access.extract import extract
from das_research.access.opening import open_project
from das_research.hashing import RowsHash
from das_research.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "das")
    write_snapshot(home)
    return home


def test_the_file_says_what_it_is(home: Home) -> None:
    made = extract(a_catalog(), home, "proef", "anna", TODAY)
    with opened_file(home) as connection:
        asked = "select extract, project, doel, snapshot, modus, einde::varchar, fictief from _over_dit_extract"
        assert connection.execute(asked).fetchall() == [
            (made.id, "proef", "wetenschappelijk onderzoek", made.snapshot, "embedded", "2026-12-31", True)
        ]


def test_every_table_and_every_granted_column_has_a_comment(home: Home) -> None:
    made = extract(a_catalog(), home, "proef", "anna", TODAY)
    with opened_file(home) as connection:
        tables = dict(connection.execute("select table_name, comment from duckdb_tables()").fetchall())
        columns = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() where not internal"
        ).fetchall()
        listed = set(connection.execute("select tabel, kolom from _kolommen").fetchall())
    assert set(tables) == {*made.tables, *ABOUT_TABLES} and all(tables.values())
    given = {(table, column): told for table, column, told in columns if table in made.tables}
    assert all(given.values()) and set(given) == listed
    assert "pseudoniem van dit project / Case, as a pseudonym" in given["cases", "case_id"]
    assert "bron: zaken.geboortejaar" in given["persons", "geboortejaar"]


def test_what_it_says_names_nobody(home: Home) -> None:
    extract(a_catalog(), home, "proef", "anna", TODAY)
    content = plain_bytes(home)
    assert b"Proef" in content, "the search would find a name"
    assert not any(name in content for name in (b"anna", b"bram", b"Carla", b"functionaris"))


def test_a_project_has_none_of_these_among_its_tables(home: Home) -> None:
    made = extract(a_catalog(), home, "proef", "anna", TODAY)
    with open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY) as project:
        assert set(project.tables) == set(made.tables) and not set(project.tables) & set(ABOUT_TABLES)


VALUES = st.one_of(st.none(), st.text(max_size=3))
NUMBERS, LISTS = st.one_of(st.none(), st.integers(-2, 2)), st.one_of(st.none(), st.lists(VALUES, max_size=2))
ROWS = st.lists(st.tuples(VALUES, NUMBERS, LISTS), max_size=5)
SCHEMA = pa.schema({"a": pa.string(), "b": pa.int64(), "c": pa.list_(pa.string())})


def hashed(rows: list[tuple], size: int) -> tuple[int, str]:
    table = pa.Table.from_pylist([dict(zip("abc", row, strict=True)) for row in rows], schema=SCHEMA)
    content = RowsHash(SCHEMA)
    for batch in table.to_batches(max_chunksize=size):
        content.add(batch)
    return content.rows, content.hexdigest()


@settings(max_examples=150, deadline=None)
@given(ROWS, ROWS, st.integers(1, 3))
def test_rows_have_one_hash_exactly_when_they_are_equal_however_they_are_cut(one: list, other: list, size: int) -> None:
    assert (hashed(one, size) == hashed(other, 5)) is (one == other)
    assert hashed(one, size) == hashed(one, 5)
