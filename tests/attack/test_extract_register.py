"""A register of persons gives no person away who is in no case that the grant's own datasets know.

The register is under the grant's agreement and holds everybody: those of the police and the court, whose data the grant
does not rest on, and somebody in no case at all. Their rows, and their places among the persons, stay outside.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from access_world import TODAY, a_catalog, opened_file, plain_bytes, write_snapshot
from closed_files import write_closed

from das_research.access.extract import extract
from das_research.access.preview import preview
from das_research.catalog.models import Catalog, Dataset, GrantedTable, Subject
from das_research.catalog.tables import PERSON_KEYS
from das_research.home import Home

DAY = date(2023, 1, 1)
KNOWN_TO_OM, KNOWN_TO_POLICE, KNOWN_TO_COURT, IN_NO_CASE = (1, 2), 3, 4, 5
TOWNS = {person: f"MERKTEKEN-PLAATS-{person}" for person in (*KNOWN_TO_OM, KNOWN_TO_POLICE, KNOWN_TO_COURT, IN_NO_CASE)}


def with_register(subject: Subject, **columns: tuple[str, ...]) -> Catalog:
    """The small catalogue with a further dataset of the prosecution service, and what the grant gives."""
    catalog = a_catalog()
    register = Dataset.model_validate(
        {
            "id": "register",
            "title": "Register",
            "partner": "om",
            "subject": subject,
            "row": "een rij",
            "person_keys": [["nummer"]] if subject == "person" else [],
            "moment": ["datum"],
            "variables": {
                "nummer": {"title": "nummer", "type": "identifier", "identifier": "skn", "identifying": "direct"},
                "datum": {"title": "datum", "type": "date"},
                "plaats": {"title": "plaats", "type": "text", "identifying": "quasi"},
            },
            "events": [],
        }
    )
    agreement = catalog.agreements["levering-om"].model_copy(update={"datasets": ("zaken", "register")})
    tables = {name: GrantedTable(columns=granted) for name, granted in columns.items()}
    grant = catalog.grants["proef"].model_copy(update={"tables": tables})
    return catalog.model_copy(
        update={
            "datasets": {**catalog.datasets, "register": register},
            "agreements": {**catalog.agreements, "levering-om": agreement},
            "grants": {**catalog.grants, "proef": grant},
        }
    )


def lay_register(home: Home, subject: Subject) -> None:
    write_snapshot(home)
    rows: list[dict[str, Any]] = [
        {"row": place, "delivery": "register-0123456789ab", "moment": DAY, "datum": DAY, "plaats": town, "marks": []}
        | (dict.fromkeys(PERSON_KEYS, person) if subject == "person" else {})
        for place, (person, town) in enumerate(TOWNS.items(), start=1)
    ]
    [folder] = [path.parent for path in home.snapshots.glob("*/snapshot.json")]
    write_closed(home, folder / "register.parquet", pa.Table.from_pylist(rows))


def given(home: Home, table: str) -> list[tuple]:
    with opened_file(home) as connection:
        return connection.execute(f"select * from {table}").fetchall()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "das")
    lay_register(home, "person")
    return home


def test_a_person_outside_the_covered_cases_is_in_no_table_and_in_no_byte(home: Home) -> None:
    catalog = with_register("person", register=("person_id", "plaats"), persons=("person_id", "geboortejaar"))
    extract(catalog, home, "proef", "anna", TODAY)
    assert {town for *_, town in given(home, "register")} == {TOWNS[person] for person in KNOWN_TO_OM}
    assert {year for *_, year in given(home, "persons")} == {1980, 1990}  # not those born in 2000 and 2001
    content = plain_bytes(home)
    for person, town in TOWNS.items():
        assert (town.encode() in content) is (person in KNOWN_TO_OM), person


def test_without_the_key_of_a_person_the_same_rows_are_given(home: Home) -> None:
    extract(with_register("person", register=("plaats",)), home, "proef", "anna", TODAY)
    assert {town for (town,) in given(home, "register")} == {TOWNS[person] for person in KNOWN_TO_OM}


def test_a_register_alone_knows_nobody_in_a_case(home: Home) -> None:
    catalog = with_register("person", register=("person_id", "plaats"), persons=("person_id",))
    agreement = catalog.agreements["levering-om"].model_copy(update={"datasets": ("register",)})
    alone = catalog.model_copy(update={"agreements": {**catalog.agreements, "levering-om": agreement}})
    extract(alone, home, "proef", "anna", TODAY)
    assert given(home, "register") == given(home, "persons") == []
    assert not any(town.encode() in plain_bytes(home) for town in TOWNS.values())


def test_the_preview_counts_what_is_given_and_nothing_else(home: Home) -> None:
    catalog = with_register("person", register=("person_id", "plaats"))
    low = catalog.model_copy(update={"disclosure": catalog.disclosure.model_copy(update={"minimum": 1})})
    [table] = [table for table in preview(low, home, "proef").tables if table.scope.table == "register"]
    assert [(year.year.nl, year.rows) for year in table.years or ()] == [("2023", len(KNOWN_TO_OM))]
    assert "case_id" not in {*table.scope.columns, *(it.column for it in table.scope.left_out)}


@pytest.mark.parametrize("subject", ["crime", "population", "respondent"])
def test_rows_that_tell_of_no_person_are_all_given_and_lead_to_nobody(tmp_path: Path, subject: Subject) -> None:
    home = Home(tmp_path / "das")
    lay_register(home, subject)
    catalog = with_register(subject, register=("plaats", "person_id", "case_id", "nummer"))
    assert extract(catalog, home, "proef", "anna", TODAY).tables["register"].columns == ("plaats",)
    assert len(given(home, "register")) == len(TOWNS)
