"""Somebody looks for a project's own list where it should not be: with others, in the warehouse, after its end."""

from pathlib import Path

import pytest
import warehouse_world as world
from custody_world import removal_list
from own_file_world import (
    LIST,
    NAMES,
    TODAY,
    a_catalog,
    bring,
    everything,
    extracted_home,
    linked,
    listed_home,
    own_file,
    persons_of,
    pseudonym,
    rows_in,
    where,
)

from das_research.access.extract import extract
from das_research.access.opening import open_project
from das_research.audit import AuditLog
from das_research.catalog.export import whole
from das_research.catalog.models import Catalog
from das_research.catalog.own_files import project_of, seen_by
from das_research.changes import warehouse_lock
from das_research.custody.close import close
from das_research.custody.erase import erase
from das_research.custody.own_files import deliver_own_file
from das_research.custody.withdraw import withdraw
from das_research.errors import AccessRefused, DasError, DeliveryRefused, UsageError
from das_research.home import Home
from das_research.intake.delivery import read_deliveries
from das_research.keys.data import data_keys
from das_research.linkage.register import ENTITIES
from das_research.warehouse.build import build

NUMBERS = (b"F1", b"F2", b"F3", b"F9")
DAYS = (b"1999-09-01", b"1999-09-02", b"1999-09-03", b"1999-09-09")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return extracted_home(tmp_path)


def pseudonyms(home: Home) -> list[bytes]:
    return [pseudonym(home, number.decode()) for number in NUMBERS]


def test_numbers_names_and_pseudonyms_are_nowhere_in_the_project(home: Home) -> None:
    zone = home.project("proef")
    assert where(home, *DAYS, below=zone), "the search finds what is there"
    assert where(home, *pseudonyms(home)), "and the list itself in the warehouse"
    inside = everything(home, zone)
    for sought in (*pseudonyms(home), *NAMES):
        assert not [name for name, content in inside.items() if sought in content]
    for row in rows_in(home, "lijst"):
        assert not {str(value).upper().encode() for value in row.values()} & set(NUMBERS)


def test_wall_the_order_of_the_list_is_not_in_the_extract(home: Home) -> None:
    before = rows_in(home, "lijst")
    head, *persons = LIST.splitlines()
    bring(home, "\n".join([head, *persons[::-1]]) + "\n")
    extract(a_catalog(), home, "proef", "anna", TODAY)
    assert rows_in(home, "lijst") == before


def test_guard_rail_who_puts_a_chosen_person_on_the_list_learns_what_the_grant_gives_of_that_person(home: Home) -> None:
    """Why docs/own-file.md has approvers and partners look at the list: no program can tell it from any other."""
    head, first, *_ = LIST.splitlines()
    bring(home, f"{head}\n{first}\n")
    extract(a_catalog(), home, "proef", "anna", TODAY)
    [person] = rows_in(home, "lijst")
    assert person["linked"] and person["person_id"] in {row["person_id"] for row in rows_in(home, "zaken")}


def test_names_are_stored_nowhere(home: Home) -> None:
    assert where(home, *NAMES) == []


def test_neither_snapshot_nor_register_nor_another_delivery_holds_the_list(home: Home) -> None:
    """F9 is known to nobody: a build that took lists along would write the pseudonym in the register."""
    build(world.catalog(), home)
    places = where(home, *DAYS, pseudonym(home, "F9"))
    assert places and all(name.startswith(("warehouse/own/proef/", "projects/proef/")) for name in places)


def test_the_list_and_what_is_found_are_not_in_another_projects_extract(home: Home) -> None:
    zone = home.project("ander")
    assert where(home, *DAYS, b"groep A", b"lijst", below=zone) == []
    mine = {row["person_id"] for row in rows_in(home, "lijst")}
    theirs = {row["person_id"] for row in rows_in(home, "zaken", "ander")}
    assert mine and not mine & theirs


def test_a_grant_that_asks_for_another_projects_list_gets_nothing_of_it(home: Home) -> None:
    """Even in a catalogue that nobody checked; a checked one is refused."""
    catalog = a_catalog()
    asked = {"columns": ["person_id", "groep", "instap", "leeftijd"]}
    greedy = catalog.grants["ander"].model_dump(mode="json")
    greedy["tables"]["lijst"] = asked
    other = Catalog.model_validate(
        catalog.model_dump(mode="json")
        | {"grants": {"proef": catalog.grants["proef"].model_dump(mode="json"), "ander": greedy}}
    )
    for of in (other, seen_by(other, "proef")):
        assert "lijst" not in extract(of, home, "ander", "anna", TODAY).tables
    assert where(home, *DAYS, below=home.project("ander")) == []


def test_the_same_list_of_two_projects_does_not_join(home: Home) -> None:
    second = own_file()
    del second["classifications"]["groepen"]
    second["variables"].pop("groep")
    catalog = a_catalog()
    dump = catalog.model_dump(mode="json")
    dump["grants"]["ander"] |= {"own_files": {"lijst_twee": second}}
    dump["grants"]["ander"]["tables"]["lijst_twee"] = {"columns": ["person_id", "leeftijd"]}
    both = Catalog.model_validate(dump)
    path = home.root.parent / "twee.csv"
    path.write_text("nummer;naam;instap;leeftijd\nF1;x;1999-09-01;31\nF3;x;1999-09-03;33\n")
    deliver_own_file(both, home, "lijst_twee", path, "steward", TODAY)
    extract(both, home, "ander", "anna", TODAY)
    mine = {row["person_id"] for row in rows_in(home, "lijst")}
    theirs = {row["person_id"] for row in rows_in(home, "lijst_twee", "ander")}
    assert (len(mine), len(theirs)) == (4, 2) and not mine & theirs
    assert len(persons_of(home, "ander", "lijst_twee")) == 2


def test_the_catalogue_that_is_exported_has_no_such_dataset() -> None:
    catalog = a_catalog()
    assert "lijst" not in catalog.datasets and "groepen" not in catalog.classifications
    assert project_of(catalog, "lijst") == "proef" and project_of(catalog, "zaken") is None
    assert seen_by(catalog, "ander") is catalog
    [text] = whole.export(catalog).values()
    assert text.count('"lijst"') == 2, "as part of its grant alone: the file, and its table"


def test_a_number_typed_in_another_column_does_not_come_along(tmp_path: Path) -> None:
    """F3 stands in the column of groups, and 123456782 where an age should be."""
    home = world.built_home(tmp_path)
    bring(home, LIST.replace("F2;Wopke;B;1999-09-02;32", "F2;Wopke;F3;1999-09-02;123456782"))
    columns = ["person_id", "groep", "groep_bron", "marks", "leeftijd"]
    tables = {"zaken": {"columns": ["case_id", "person_id"]}, "lijst": {"columns": columns}}
    extract(a_catalog(tables=tables), home, "proef", "anna", TODAY)
    values = [value for row in rows_in(home, "lijst") for value in row.values()]
    assert "F3" not in values and 123456782 not in values
    assert where(home, b"123456782", below=home.project("proef")) == []


def test_delivering_a_list_leaves_what_partners_delivered_with_its_keys(tmp_path: Path) -> None:
    """Whoever has the home as a project's sender opens the warehouse too, which clears up what closes nothing."""
    home = world.built_home(tmp_path)
    before, keys = read_deliveries(home), set(data_keys(home).names())
    home.vault.mkdir(exist_ok=True)
    vault = home.vault / f"{before[0].id}.parquet"
    vault.write_bytes(b"names")
    bring(home)
    for sender in home.senders():
        with warehouse_lock(sender):
            pass
    assert read_deliveries(home) == before and vault.exists()
    assert keys < set(data_keys(home).names())
    assert len(read_deliveries(home.own_files("proef"))) == 1


ENDS = {
    "closed": lambda home, tmp: close(a_catalog(), home, "proef", "steward", TODAY),
    "withdrawn": lambda home, tmp: withdraw(
        a_catalog(), home, read_deliveries(home.own_files("proef"))[0].id, "steward"
    ),
    "erased": lambda home, tmp: erase(
        seen_by(a_catalog(), "proef"),
        home.own_files("proef"),
        "project-proef",
        "persoon",
        removal_list(tmp, "F1", "f2", "F3", "F9"),
        "steward",
    ),
    "replaced": lambda home, tmp: bring(home, "nummer;naam;groep;instap;leeftijd\nF7;x;A;1990-01-01;40\n"),
}


@pytest.mark.parametrize("end", sorted(ENDS))
def test_after_its_end_nothing_of_the_list_is_left_in_any_byte(home: Home, tmp_path: Path, end: str) -> None:
    before = {key for key in data_keys(home).names() if "lijst" in key}
    files = [path for path in home.root.rglob("*") if path.is_file() and "lijst-" in str(path)]
    assert before and files and where(home, *DAYS) and where(home, pseudonym(home, "F9"))
    partners = read_deliveries(home)
    ENDS[end](home, tmp_path)
    (tmp_path / "lijst.txt").unlink(missing_ok=True)
    assert where(home, *DAYS, pseudonym(home, "F9"), *NAMES) == []
    assert not list(home.project("proef").glob("extracts/ext-*/extract.duckdb"))
    assert read_deliveries(home) == partners, "what partners delivered of the same persons stays"
    assert where(home, pseudonym(home, "F1")), "and so does their key"
    if end != "erased":
        assert not before & set(data_keys(home).names())
    with pytest.raises(DasError):
        open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY)
    line = AuditLog(home.audit_log).lines()[-2 if end == "replaced" else -1]
    assert line["gate"] in ("custody", "project")
    assert end in {it["act"] for it in AuditLog(home.audit_log).lines()}
    open_project("ander", home=home, catalog=a_catalog(), account="anna", today=TODAY).close()


def test_some_persons_erased_from_the_list_and_the_others_stay(home: Home, tmp_path: Path) -> None:
    own, catalog = home.own_files("proef"), seen_by(a_catalog(), "proef")
    register = {path.name: path.read_bytes() for path in home.register.glob("*.parquet")}
    done = erase(catalog, own, "project-proef", "persoon", removal_list(tmp_path, "F3"), "steward")
    assert (done.rows, done.deliveries, done.snapshots, done.extracts) == (1, 1, 0, 1)
    assert {path.name: path.read_bytes() for path in home.register.glob("*.parquet")} == register
    assert register.keys() >= {f"{entity}-000001.parquet" for entity in ENTITIES}
    extract(a_catalog(), home, "proef", "anna", TODAY)
    assert linked(home) == {31: True, 32: False, 39: False}
    with pytest.raises(DeliveryRefused, match="rows of it were erased"):
        bring(home)


def test_a_closed_project_keeps_no_report_of_the_list(home: Home) -> None:
    reports = home.own_files("proef").reports
    reports.mkdir(parents=True)
    (reports / "lijst-refused-0123456789ab.nl.html").write_text("counts")
    close(a_catalog(), home, "proef", "steward", TODAY)
    assert not reports.exists()


def test_a_list_alone_can_be_closed_and_an_empty_project_can_not(tmp_path: Path) -> None:
    home = listed_home(tmp_path)
    assert close(a_catalog(), home, "proef", "steward", TODAY) == []
    assert read_deliveries(home.own_files("proef")) == []
    with pytest.raises(UsageError, match="nothing to close"):
        close(a_catalog(), home, "proef", "steward", TODAY)


def test_logs_tell_what_was_done_and_nothing_of_anybody(home: Home) -> None:
    [delivery] = read_deliveries(home.own_files("proef"))
    acts = {(it["gate"], it["act"], it["facts"].get("project")): it["facts"] for it in AuditLog(home.audit_log).lines()}
    assert acts["intake", "delivered", "proef"]["partners"] == ["project-proef"]
    assert acts["extract", "extracted", "proef"]["own_files"] == [delivery.id]
    assert "own_files" not in acts["extract", "extracted", "ander"]
    close(a_catalog(), home, "proef", "steward", TODAY)
    assert AuditLog(home.audit_log).lines()[-1]["facts"]["own_files"] == 1
    lines = [line for line in home.processing_log.read_text().splitlines() if delivery.file_sha256 in line]
    assert [line.split('"name": "')[1].split('"')[0] for line in lines] == ["intake", "extract", "erasure"]
    assert all("urn:example:hand" in line and "grants" in line and "proef" in line for line in lines)
    text = home.audit_log.read_text() + home.processing_log.read_text()
    assert not any(number.decode() in text for number in (*NAMES, *DAYS))


def test_a_manifest_that_denies_the_list_keeps_no_extract(home: Home) -> None:
    """Who has the project's folder can change its manifest; a withdrawn list takes all its extracts along."""
    path = next(home.project("proef").glob("extracts/ext-*/manifest.json"))
    path.write_text(path.read_text().replace("lijst-", "niets-"))
    ENDS["withdrawn"](home, home.root)
    assert not list(home.project("proef").glob("extracts/ext-*/extract.duckdb"))


def test_no_list_no_project(home: Home) -> None:
    with pytest.raises(UsageError, match="No grant has an own file"):
        deliver_own_file(a_catalog(), home, "zaken", home.root / "x.csv", "steward", TODAY)
    with pytest.raises(AccessRefused):
        extract(a_catalog(), home, "proef", "mallory", TODAY)
