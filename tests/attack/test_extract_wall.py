"""What a grant does not name is not in the project's database, whichever way one looks.

The tests attack as a researcher could who sits in the same process: through Ibis, through the connection under it, by a
second connection, and by reading the bytes of the file.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pytest
from access_world import (
    DIRECT,
    FROM_COURT,
    FROM_OM,
    FROM_POLICE,
    NOT_GRANTED,
    OTHER_ATTRIBUTE,
    OTHER_DATASET,
    OTHER_EVENT,
    OUTSIDE_RULE,
    TODAY,
    a_catalog,
    extract_file,
    extracted_home,
    opened_file,
    plain_bytes,
    project_key,
    pseudonym_under,
    write_snapshot,
)
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from das_research.access.about import ABOUT_TABLES
from das_research.access.extract import extract
from das_research.access.opening import open_project
from das_research.access.project import Project
from das_research.catalog.tables import PERSON_KEYS
from das_research.home import Home

GRANTED = {
    "persons": {*PERSON_KEYS, "geboortejaar"},
    "cases": {"case_id", *PERSON_KEYS, "delict"},
    "events": {"case_id", *PERSON_KEYS, "event", "moment"},
    "zaken": {"case_id", "delict", "bedrag", "moment"},
}
ALWAYS = {"deliveries", "delivery_rules", *ABOUT_TABLES}
MARKERS = (NOT_GRANTED, DIRECT, OTHER_DATASET, OTHER_EVENT, OTHER_ATTRIBUTE, FROM_OM, FROM_POLICE, FROM_COURT)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return extracted_home(tmp_path_factory.mktemp("muur"), "proef", "ander")


@pytest.fixture
def project(home: Home) -> Iterator[Project]:
    with open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY) as project:
        yield project


def backend(project: Project) -> Any:
    return project.tables.cases._find_backend()


def everything(home: Home, project: str = "proef") -> dict[str, list[tuple]]:
    """All rows of all tables of all schemas, by a connection of one's own, as text."""
    with opened_file(home, project) as connection:
        names = connection.execute("select database_name, schema_name, table_name from duckdb_tables()").fetchall()
        return {
            name: connection.execute(f'select columns(*)::varchar from "{database}"."{schema}"."{name}"').fetchall()
            for database, schema, name in names
        }


def test_the_backend_under_a_granted_table_lists_only_granted_tables(project: Project) -> None:
    assert set(backend(project).list_tables()) == set(GRANTED) | ALWAYS


def test_no_schema_view_or_macro_holds_more(project: Project) -> None:
    connection = backend(project).con
    own = "where database_name not in ('system', 'temp') and not internal"
    assert connection.execute(f"select count(*) from duckdb_views() {own}").fetchone() == (0,)
    assert connection.execute(f"select count(*) from duckdb_schemas() {own}").fetchone() == (0,)
    assert connection.execute(f"select count(*) from duckdb_functions() {own}").fetchone() == (0,)


@pytest.mark.parametrize("table", ["zaken-extra", "vonnissen", "_pads", "extract_cases", "snap-0123456789ab"])
def test_sql_on_other_tables_finds_none(project: Project, table: str) -> None:
    with pytest.raises(duckdb.CatalogException):
        backend(project).con.execute(f'select * from "{table}"')
    with pytest.raises((duckdb.Error, ibis.common.exceptions.IbisError)):
        project.tables.cases.alias("c").sql(f'select * from "{table}"').execute()


def test_the_leaf_under_an_expression_has_the_granted_columns_only(project: Project) -> None:
    expression = project.tables.zaken.filter(ibis._.bedrag > 0).group_by("delict").agg(n=ibis._.count())
    [leaf] = expression.op().find(ibis.expr.operations.DatabaseTable)
    assert set(leaf.schema.names) == GRANTED["zaken"]


def test_the_file_has_the_granted_tables_and_columns_only(home: Home) -> None:
    with opened_file(home) as connection:
        found = connection.execute("select table_name, column_name from duckdb_columns() where not internal").fetchall()
    columns: dict[str, set[str]] = {}
    for table, column in found:
        columns.setdefault(table, set()).add(column)
    assert {table: names for table, names in columns.items() if table not in ALWAYS} == GRANTED
    assert set(columns) == set(GRANTED) | ALWAYS


def test_no_marker_is_in_any_table(home: Home) -> None:
    values = {value for rows in everything(home).values() for row in rows for value in row}
    assert not values & {*MARKERS, str(OUTSIDE_RULE), str(-OUTSIDE_RULE)}
    assert {"diefstal", "2023-06-01", "150"} <= values  # what is granted is there, so the search finds what there is


def test_no_marker_is_in_the_bytes_of_the_file(home: Home) -> None:
    content = plain_bytes(home)
    for marker in MARKERS:
        assert marker.encode() not in content, marker
    for number in (OUTSIDE_RULE, -OUTSIDE_RULE):
        assert number.to_bytes(8, "little", signed=True) not in content


def test_a_granted_marker_is_in_the_bytes_so_the_search_would_find_one(tmp_path: Path) -> None:
    home = Home(tmp_path / "das")
    write_snapshot(home)
    extract(
        a_catalog(tables={"zaken": {"columns": ["delict_bron", "delivery", "bedrag"]}}), home, "proef", "anna", TODAY
    )
    content = plain_bytes(home)
    assert NOT_GRANTED.encode() in content
    assert FROM_OM.encode() in content
    assert (-OUTSIDE_RULE).to_bytes(8, "little", signed=True) in content


def test_the_number_of_a_row_is_no_key_between_projects(tmp_path: Path) -> None:
    """With its delivery it is the same in every project, and the partner can look up who it is."""
    home = Home(tmp_path / "das")
    write_snapshot(home)
    wide = a_catalog(tables={"zaken": {"columns": ["row", "delivery", "bedrag"]}})
    assert extract(wide, home, "proef", "anna", TODAY).tables["zaken"].columns == ("delivery", "bedrag")


@pytest.mark.parametrize(("cases", "known", "told"), [(40, 31, False), (40, 9, False), (40, 30, True), (40, 40, True)])
def test_a_share_linked_that_rests_on_few_cases_is_not_told(tmp_path: Path, cases: int, known: int, told: bool) -> None:
    """The number of cases is published, so a share of whole percents would give the few away."""
    home = Home(tmp_path / "das")
    write_snapshot(home)
    path = next(home.snapshots.glob("*/snapshot.json"))
    counts = {
        "linkage": {"vonnissen": known / cases},
        "linkage_counts": {"vonnissen": {"cases": cases, "known": known}},
    }
    path.write_text(json.dumps(json.loads(path.read_text()) | counts))
    assert ("vonnissen" in extract(a_catalog(), home, "proef", "anna", TODAY).linkage) is told


def test_nothing_lies_beside_the_file(home: Home) -> None:
    assert sorted(path.name for path in extract_file(home).parent.iterdir()) == ["extract.duckdb", "manifest.json"]


def test_neither_the_key_nor_what_follows_from_it_is_in_the_project(home: Home) -> None:
    key, master = project_key(home), (home.steward_keys / "master.key").read_bytes()
    zero = Cipher(AES(key), ECB()).encryptor().update(bytes(16))  # of which the mask of every block is made
    secrets = [key, master, zero, (int.from_bytes(zero) * 2 % 2**128).to_bytes(16)]
    spelled = [secret.hex().encode() for secret in secrets]
    for path in home.project("proef").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(secret in content for secret in [*secrets, *spelled]), path.name


def test_no_surrogate_is_in_the_file(home: Home) -> None:
    for table in GRANTED:
        for row in everything(home)[table]:
            assert not {"1", "2", "3", "4", "5", "6"} & set(row)


def test_the_keys_of_two_projects_do_not_join(home: Home) -> None:
    one, other = everything(home), everything(home, "ander")
    assert one["cases"] and other["cases"]
    for column in (0, 1):
        here = {row[column] for row in one["cases"]} - {None}
        there = {row[column] for row in other["cases"]} - {None}
        assert not here & there


def test_a_case_and_a_person_of_the_same_number_have_different_keys(home: Home) -> None:
    rows = everything(home)["cases"]
    assert not {case for case, *_ in rows} & {person for _, person, *_ in rows}


def test_another_projects_key_does_not_explain_a_pseudonym(home: Home) -> None:
    key = project_key(home, "ander")
    guesses = {pseudonym_under(key, "case", case) for case in range(1, 7)}
    assert not guesses & {case for case, *_ in everything(home)["cases"]}


def readers(path: Path, folder: Path) -> dict[str, str]:
    """Statements that would read or write a file, or loosen the settings."""
    return {
        "csv": f"select * from read_csv('{path}')",
        "text": f"select * from read_text('{path}')",
        "blob": f"select * from read_blob('{path}')",
        "by name": f"select * from '{path}'",
        "parquet": f"select * from read_parquet('{folder}/*/*.parquet')",
        "glob": f"select * from glob('{folder}/*')",
        "attach": f"attach '{path}.duckdb' as elsewhere",
        "copy": f"copy cases to '{path}.csv'",
        "export": f"export database '{path}.export'",
        "external access": "set enable_external_access = true",
        "directories": f"set allowed_directories = ['{folder}']",
        "unlock": "set lock_configuration = false",
        "load": "load sqlite_scanner",
        "http": "select * from read_csv('http://127.0.0.1:9/rows.csv')",
        "create": "create table buit as select * from cases",
        "delete": "delete from cases",
    }


@pytest.mark.parametrize("way", sorted(readers(Path(), Path())))
def test_files_and_settings_are_out_of_reach_of_the_open_connection(project: Project, home: Home, way: str) -> None:
    statement = readers(home.audit_log, home.snapshots)[way]
    for connection in (backend(project).con, backend(project).con.cursor()):
        with pytest.raises(duckdb.Error):
            connection.execute(statement).fetchall()
    assert not list(home.root.glob("audit.jsonl.*"))


@pytest.mark.parametrize("method", ["read_csv", "read_json", "read_parquet"])
def test_ibis_reads_no_file_through_the_open_connection(project: Project, home: Home, method: str) -> None:
    [path] = home.snapshots.glob("*/zaken-extra.parquet")
    with pytest.raises(duckdb.Error):
        getattr(backend(project), method)(str(path)).execute()


def test_a_second_connection_reaches_files_but_no_more_of_the_extract(home: Home) -> None:
    # In one process nothing stops this: so the wall is what the file does not hold, and the account that owns the rest.
    assert set(everything(home)) == set(GRANTED) | ALWAYS
