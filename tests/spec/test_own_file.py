"""A project's own list of persons: who of it is found, what the project gets of them, and of nobody else."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import access_world
import pytest
import warehouse_world as world
from own_file_world import LIST, TODAY, a_catalog, agreement, bring, linked, listed_home, own_file, persons_of, rows_in

import das_research as das
from das_research.access.extract import extract
from das_research.access.grants import check
from das_research.access.manifest import ExtractedOwnFile
from das_research.access.opening import open_project
from das_research.access.preview import preview
from das_research.catalog.models import Agreement, Catalog
from das_research.custody.retention import destroy_due, terms
from das_research.custody.rotate import rotate
from das_research.custody.withdraw import withdraw
from das_research.errors import AccessRefused, DeliveryRefused
from das_research.home import Home
from das_research.intake.delivery import read_deliveries
from das_research.warehouse.build import build
from das_research.warehouse.snapshot import list_snapshots


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return listed_home(tmp_path)


def made(home: Home, catalog: Catalog | None = None):
    return extract(catalog or a_catalog(), home, "proef", "anna", TODAY)


def zaken(**more: object) -> dict:
    return {"columns": ["case_id", "person_id", "moment"]} | more


def lijst(**more: object) -> dict:
    return {"columns": ["person_id", "groep", "instap", "leeftijd"]} | more


def test_everybody_is_there_and_a_person_is_told_of_whom_the_extract_holds_another_row(home: Home) -> None:
    """F1 (31) and F3 (33) have cases at the prosecution service; F2 (32) only at the police, F9 (39) nowhere."""
    manifest = made(home)
    assert linked(home) == {31: True, 32: False, 33: True, 39: False}
    columns = manifest.tables["lijst"].columns
    assert columns[:4] == ("person_id", "person_id_strict", "person_id_loose", "linked")
    cases = {row["person_id"] for row in rows_in(home, "zaken")}
    assert len(cases) == 3 and persons_of(home) < cases, "the pseudonyms join; F4 isn't on the list"
    assert {row["groep"] for row in rows_in(home, "lijst")} == {"A", "B"}


def test_whoever_is_not_linked_is_a_person_all_the_same(home: Home) -> None:
    """Four persons are on the list; the keys of F2 and F9 are those of no case, and stay when a list is sent again."""
    made(home)
    before = {row["leeftijd"]: row for row in rows_in(home, "lijst")}
    keys = [[row[key] for key in ("person_id", "person_id_strict", "person_id_loose")] for row in before.values()]
    assert len({key for three in keys for key in three} - {None}) == 3 * 4
    others = {before[age]["person_id"] for age in (32, 39)}
    assert not others & {row["person_id"] for row in rows_in(home, "zaken")}
    bring(home, LIST.replace("f1;Aaltje;A;1999-09-01;31\n", ""))
    made(home)
    after = {row["leeftijd"]: row["person_id"] for row in rows_in(home, "lijst")}
    assert after == {age: before[age]["person_id"] for age in (32, 33, 39)}


def test_a_case_that_a_condition_leaves_out_tells_nothing_of_the_person(home: Home) -> None:
    """Case Z1 of F1 came on 10 February, Z2 of F3 on 10 March."""
    late = {"column": "moment", "operator": "at_least", "values": ["2020-03-01"]}
    made(home, a_catalog(tables={"zaken": zaken(rows=[late]), "lijst": lijst()}))
    assert linked(home) == {31: False, 32: False, 33: True, 39: False}


def test_where_no_table_tells_of_persons_nobody_is_told_of(home: Home) -> None:
    made(home, a_catalog(tables={"zaken": {"columns": ["case_id", "moment"]}, "lijst": lijst()}))
    assert not any(linked(home).values())


def test_only_rows_about_persons_on_the_list(home: Home) -> None:
    """Of the cases Z1 (F1), Z2 (F3) and Z3 (F4) the last is of nobody on the list."""
    made(home)
    assert len(rows_in(home, "zaken")) == 3
    tables = {"zaken": zaken(), "lijst": lijst(), "cases": {"columns": ["case_id", "person_id"]}}
    made(home, a_catalog(only_persons_of="lijst", tables=tables))
    assert len(rows_in(home, "zaken")) == 2
    # F1 has cases Z1 and the report P3, which only the police knows: cases are those of covered datasets
    assert len(rows_in(home, "cases")) == 2


def test_the_conditions_on_the_list_choose_whose_rows_are_given(home: Home) -> None:
    young = {"column": "leeftijd", "operator": "at_most", "values": [31]}
    tables = {"zaken": zaken(), "lijst": lijst(rows=[young])}
    made(home, a_catalog(only_persons_of="lijst", tables=tables))
    assert linked(home) == {31: True}
    assert len(rows_in(home, "zaken")) == 1


def test_columns_are_as_coarse_as_the_grant_says(home: Home) -> None:
    coarse = {"instap": "year", "leeftijd": {"bands": [18, 33]}}
    made(home, a_catalog(tables={"zaken": zaken(), "lijst": lijst(coarsen=coarse)}))
    found = sorted((row["leeftijd"], row["instap"]) for row in rows_in(home, "lijst"))
    assert found == [(18, 1999), (18, 1999), (33, 1999), (33, 1999)]


def test_without_the_list_there_is_no_extract(tmp_path: Path) -> None:
    home = world.built_home(tmp_path)
    with pytest.raises(AccessRefused, match="without its own file 'lijst'") as refused:
        made(home)
    assert "das deliver lijst FILE" in refused.value.fix


def test_real_numbers_find_nobody_in_a_fictitious_chain(tmp_path: Path) -> None:
    home = world.built_home(tmp_path)
    assert not bring(home, LIST.replace("f1", "11").replace("\nF", "\n1")).synthetic
    with pytest.raises(AccessRefused, match="without its own file") as refused:
        made(home)
    assert "real" in refused.value.why and "fictitious" in refused.value.why


def test_a_layout_that_changed_asks_for_the_list_again(home: Home) -> None:
    wider = own_file()
    wider["variables"]["leeftijd"] |= {"range": {"min": 16, "max": 99}}
    with pytest.raises(AccessRefused) as refused:
        made(home, a_catalog(own_files={"lijst": wider}))
    assert "layout" in refused.value.why


def test_a_newer_list_takes_the_place_of_the_one_before(home: Home) -> None:
    """F3 is left out of the second list: nothing tells of that person any more."""
    [first] = read_deliveries(home.own_files("proef"))
    before = made(home)
    person = {row["leeftijd"]: row["person_id"] for row in rows_in(home, "lijst")}[31]
    second = bring(home, LIST.replace("F3;Nienke;A;1999-09-03;33\n", ""))
    assert [it.id for it in read_deliveries(home.own_files("proef"))] == [second.id]
    assert second.supersedes == (first.id,) and second.changes and second.changes.removed == 1
    with pytest.raises(AccessRefused):
        open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY)
    assert made(home).id != before.id
    assert linked(home) == {31: True, 32: False, 39: False}
    assert {row["leeftijd"]: row["person_id"] for row in rows_in(home, "lijst")}[31] == person


def test_the_same_list_again_changes_nothing(home: Home) -> None:
    manifest = made(home)
    assert bring(home).already_delivered
    assert made(home) == manifest


def test_a_list_is_judged_as_any_file(tmp_path: Path) -> None:
    home = world.built_home(tmp_path)
    with pytest.raises(DeliveryRefused):
        bring(home, LIST + "F1;Aaltje;A;1999-09-01;31\n")  # stands twice
    found = bring(home, LIST + ";Niemand;A;1999-09-01;31\nF8;Jong;C;1999-09-01;8\n")
    assert (found.accepted, found.quarantined) == (5, 1)
    made(home)
    assert {row["leeftijd"]: row["groep"] for row in rows_in(home, "lijst")}[None] is None, "C and 8 are impossible"


def test_a_grant_that_is_not_in_force_takes_no_list(tmp_path: Path) -> None:
    home = world.built_home(tmp_path)
    for day in (date(2025, 12, 31), date(2026, 7, 1), date(2027, 1, 1)):  # not begun, the list's own term, ended
        with pytest.raises(AccessRefused):
            bring(home, today=day)
    assert read_deliveries(home.own_files("proef")) == []


def test_a_list_that_may_not_be_kept_any_more_opens_nothing_and_is_destroyed(home: Home) -> None:
    """It may be kept until 30 June, its grant lasts until 31 December."""
    made(home)
    last, catalog = date(2026, 6, 30), a_catalog()
    with pytest.warns(UserWarning, match="'lijst' may be kept ends today"):
        open_project("proef", home=home, catalog=catalog, account="anna", today=last).close()
    with pytest.raises(AccessRefused, match="own file 'lijst' any more"):
        open_project("proef", home=home, catalog=catalog, account="anna", today=last + timedelta(days=1))
    [term] = [it for it in terms(catalog, home) if it.what == "delivery" and it.id.startswith("lijst-")]
    assert term.expires == last + timedelta(days=1)
    due = destroy_due(catalog, home, "steward", last + timedelta(days=1))
    assert term in due
    assert read_deliveries(home.own_files("proef")) == []
    assert not list(home.project("proef").glob("extracts/ext-*/extract.duckdb"))
    assert read_deliveries(home) and list_snapshots(home), "what partners delivered stays"


def test_a_list_that_its_grant_does_not_name_any_more_is_due(home: Home) -> None:
    without = a_catalog(own_files={}, tables={"zaken": zaken()})
    [term] = [it for it in terms(without, home) if it.id.startswith("lijst-") and it.what == "delivery"]
    assert term.due(datetime.now(UTC).date())
    gone = without.model_copy(update={"grants": {}})
    [term] = [it for it in terms(gone, home) if it.id.startswith("lijst-") and it.what == "delivery"]
    assert term.expires is None, "with another catalogue nothing is destroyed by itself"


def test_withdrawn_it_goes_with_every_extract(home: Home) -> None:
    made(home)
    [delivery] = read_deliveries(home.own_files("proef"))
    withdraw(a_catalog(), home, delivery.id, "steward")
    assert not list(home.project("proef").glob("extracts/ext-*/extract.duckdb"))
    assert list_snapshots(home), "no snapshot held it"
    assert bring(home).id == delivery.id, "the same list may come again"


def test_after_a_rotation_of_keys_the_same_persons_are_found(home: Home) -> None:
    made(home)
    before = persons_of(home)
    rotate(a_catalog(), home, "persoon", "custodian")
    build(world.catalog(), home)
    made(home)
    assert persons_of(home) == before and len(before) == 2
    assert linked(home) == {31: True, 32: False, 33: True, 39: False}
    assert {it.epoch for it in read_deliveries(home.own_files("proef"))[0].identifiers.values()} == {2}


def test_a_list_under_another_key_than_the_chain_is_refused(home: Home) -> None:
    """As a rotation leaves it that knew nothing of own files: its pseudonyms would find nobody, silently."""
    made(home)
    folder = home.own_files("proef").deliveries
    [path] = folder.glob("*/delivery.json")
    path.write_text(path.read_text().replace('"epoch": 1', '"epoch": 2'))
    with pytest.raises(AccessRefused, match="can't be linked") as refused:
        made(home)
    assert "das key rotate persoon" in refused.value.fix


@pytest.mark.parametrize("beside", [[], ["zaken"]])
def test_a_dataset_comes_beside_a_list_only_where_its_agreement_says_so(home: Home, beside: list[str]) -> None:
    catalog = a_catalog()
    allowed = Agreement.model_validate(agreement("om", "zaken") | {"own_files": beside})
    catalog = catalog.model_copy(update={"agreements": catalog.agreements | {"levering-om": allowed}})
    manifest = made(home, catalog)
    assert ("zaken" in manifest.tables) is bool(beside)
    found = {(it.about, it.name): it for it in findings_of(catalog)}
    assert ("list of persons", "zaken") in found or beside
    if not beside:
        assert not found["list of persons", "zaken"].holds
        assert "own_files:" in found["list of persons", "zaken"].fix
        assert not any(linked(home).values())
        assert "zaken" in extract(catalog, home, "ander", "anna", TODAY).tables, "without a list it is given"


def findings_of(catalog: Catalog):
    return check(catalog, "proef", "anna", TODAY)


def test_few_found_are_not_told_and_many_are_rounded(tmp_path: Path) -> None:
    home = listed_home(tmp_path)
    assert made(home).own_files["lijst"] == ExtractedOwnFile(read_deliveries(home.own_files("proef"))[0].id)
    many = "".join(f"F{number};x;A;1999-09-09;40\n" for number in range(100, 145))
    bring(home, LIST + many)
    manifest = made(home)  # 2 of 49 are found: 47 and 49 are not told apart
    assert (manifest.own_files["lijst"].linked, manifest.own_files["lijst"].not_linked) == (None, 40)
    shown = preview(a_catalog(), home, "proef", TODAY)
    assert shown.linked == {"lijst": {"linked": None, "not_linked": 40}}
    titles = [block.heads for block in shown.lines("en")]
    assert ("Persons on the list", "Rows") in titles


def test_no_list_can_be_tried_out_on_the_numbers_of_a_preview(home: Home) -> None:
    """Rows by year of other tables are the same with a list of everybody and with one of nobody."""
    only = a_catalog(only_persons_of="lijst")
    one = preview(only, home, "proef", TODAY)
    bring(home, "nummer;naam;groep;instap;leeftijd\nF999;x;A;1999-09-09;40\n", only)
    other = preview(only, home, "proef", TODAY)
    tables = [{it.scope.table: it.years for it in shown.tables if it.scope.table != "lijst"} for shown in (one, other)]
    assert tables[0] == tables[1]
    [cases] = [it for it in one.tables if it.scope.table == "zaken"]
    assert cases.rule("en") == "the person is on: List"


def test_a_researchers_table_of_the_list_is_a_result_with_its_codes(home: Home) -> None:
    made(home)
    with open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY) as project:
        result = das.tabulate(project.tables.lijst, by=["groep"], measures={"personen": "count"})
        counts = {row.groep: (row.value, row.n) for row in result.table.itertuples()}
        assert counts == {"A": (2, 2), "B": (2, 2), "_T": (4, 4)}, "a control group counts in full"
        assert result.labels["groep"]["A"].nl == "groep A"
    assert access_world.opened_file(home).execute(
        "select count(*) from _codes where code in ('A', 'B')"
    ).fetchone() == (2,)
