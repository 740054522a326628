"""`das grant check`: every refusal of a grant at once, with the lines that mend it; permissions and organisations."""

import json
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from access_world import OTHER_DATASET, TODAY, a_catalog, permission, plain_bytes, uses, write_snapshot
from typer.testing import CliRunner

from das_research.access import clock
from das_research.access.deadlines import warnings
from das_research.access.extract import extract
from das_research.access.findings import Finding
from das_research.access.grants import check, check_for_host, check_grant
from das_research.access.opening import open_for_release, open_project
from das_research.access.scope import granted_tables
from das_research.audit import AuditLog
from das_research.catalog.models import Agreement, Catalog
from das_research.cli import app
from das_research.errors import AccessRefused
from das_research.home import Home

DAY = timedelta(days=1)
CLEAN = {"zaken": {"columns": ["case_id", "delict"]}, "cases": {"columns": ["case_id", "delict"]}}
TWO = {
    "agreements": ["levering-om", "levering-politie"],
    "permissions": [permission("om"), permission("politie")],
    "tables": {**CLEAN, "zaken-extra": {"columns": ["case_id", "opmerking"]}},
}


def limited(catalog: Catalog, *partners: str, dataset: str = "zaken-extra") -> Catalog:
    """The catalogue in which the police give their dataset to projects of these partners alone."""
    changed = catalog.agreements["levering-politie"].model_copy(update={"only_for": {dataset: partners}})
    return catalog.model_copy(update={"agreements": {**catalog.agreements, "levering-politie": changed}})


def people(*organisations: str, **dates: str) -> list[dict[str, Any]]:
    """Anna of the first of these organisations, and somebody of every other one."""
    names = ("anna", "bram", "carla")
    return [{"account": name, "organisation": it, **dates} for name, it in zip(names, organisations, strict=False)]


def refused(catalog: Catalog, account: str = "anna", today: date = TODAY) -> dict[tuple[str, str], Finding]:
    """What does not hold, by what it is about and which."""
    return {(it.about, it.name): it for it in check(catalog, "proef", account, today) if not it.holds}


def change_of(finding: Finding, file: str = "grants/proef.yaml") -> dict[str, Any]:
    """The YAML that a finding tells to put in a file."""
    lines = finding.fix.split(f"put in {file}:\n")[1].splitlines()
    own = [line for line in lines if line.startswith("      ")]
    return yaml.safe_load("\n".join(own))


def tables_of(catalog: Catalog, day: date = TODAY) -> dict[str, tuple[str, ...]]:
    return {it.table: it.columns for it in granted_tables(catalog, catalog.grants["proef"].on(day))}


def test_a_grant_in_order_has_nothing_refused_and_says_on_what_ground() -> None:
    found = {(it.about, it.name): it for it in check(a_catalog(tables=CLEAN), "proef", "anna", TODAY)}
    assert all(it.holds for it in found.values())
    assert found["permission", "zaken"].note == "BRIEF-om, 2025-12-01, bestuur"
    assert set(found) == {
        ("person", "anna"), ("dates", "proef"), ("purpose", "levering-om"), ("agreement", "levering-om"),
        ("recipients", "levering-om"), ("permission", "zaken"), ("table", "zaken"), ("table", "cases"),
    }  # fmt: skip


def test_every_refusal_is_told_at_once() -> None:
    """Nobody is let in, the time is over, one agreement ended and allows another purpose, the other has a condition."""
    catalog = a_catalog(**TWO | {"permissions": [], "end": "2026-02-01"})
    om = catalog.agreements["levering-om"].model_dump() | {"end": "2026-01-31", "uses": uses(yes=("monitor",))}
    police = catalog.agreements["levering-politie"].model_dump()
    police |= {"uses": uses(when=("wetenschappelijk onderzoek",)), "withdrawn": TODAY}
    agreements = {"levering-om": Agreement.model_validate(om), "levering-politie": Agreement.model_validate(police)}
    found = refused(catalog.model_copy(update={"agreements": catalog.agreements | agreements}), "indringer")
    assert set(found) == {
        ("person", "indringer"), ("dates", "proef"), ("purpose", "levering-om"), ("agreement", "levering-om"),
        ("condition", "levering-politie"), ("agreement", "levering-politie"),
        ("permission", "zaken"), ("permission", "zaken-extra"), ("table", "zaken"), ("table", "zaken-extra"),
        ("column", "cases.delict"),
    }  # fmt: skip
    assert all(it.why and it.fix and it.ask for it in found.values())
    assert "withdrawn from 2026-03-01" in found["agreement", "levering-politie"].why


@pytest.mark.parametrize(("person", "in_time", "agreed", "permitted", "column"), list(product((True, False), repeat=5)))
def test_it_refuses_exactly_what_the_decisions_refuse_and_what_is_left_out(
    person: bool, in_time: bool, agreed: bool, permitted: bool, column: bool
) -> None:
    changes = {
        "permissions": [permission("om")] if permitted else [],
        "end": "2026-12-31" if in_time else "2026-02-01",
        "tables": {"zaken": {"columns": ["case_id", *(() if column else ("naam",))]}},
    }
    catalog = a_catalog(**changes)
    agreement = catalog.agreements["levering-om"].model_copy(update={"end": TODAY if agreed else TODAY - DAY})
    catalog = catalog.model_copy(update={"agreements": {**catalog.agreements, "levering-om": agreement}})
    about = {kind for kind, _ in refused(catalog, "anna" if person else "dirk")}
    # without the permission nothing of the table is given, so its columns are no matter of their own
    left_out = {"permission", "table"} if not permitted else set() if column else {"column"}
    said = {"person": person, "dates": in_time, "agreement": agreed}
    assert about == {kind for kind, holds in said.items() if not holds} | left_out


def test_the_lines_to_add_bring_the_dataset_into_the_project() -> None:
    catalog = a_catalog(tables=CLEAN, permissions=[])
    finding = refused(catalog)["permission", "zaken"]
    assert finding.ask == "OM, om@example.org"
    assert tables_of(catalog) == {"cases": ("case_id",)}  # the rest works
    assert check_grant(catalog, "proef", "anna", TODAY)
    mended = a_catalog(tables=CLEAN, **change_of(finding))
    assert not refused(mended)
    assert tables_of(mended) == {"cases": ("case_id", "delict"), "zaken": ("case_id", "delict")}


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        ([permission("om")], True),
        ([permission("om", "zaken")], True),
        ([permission("om", "zaken", until="2026-03-01")], True),
        ([permission("om", "zaken", until="2026-02-28")], False),
        ([permission("om", "zaken", date="2026-03-02")], False),
        ([permission("om", "zaken", until="2026-02-28"), permission("om")], True),
        ([permission("politie")], False),
        ([permission("politie", "zaken")], False),
        ([permission("om", "zaken-extra")], False),
        ([], False),
    ],
)
def test_a_permission_is_of_the_datasets_own_partner_and_in_time(given: list[dict[str, Any]], holds: bool) -> None:
    catalog = a_catalog(tables=CLEAN, permissions=given)
    assert (("permission", "zaken") not in refused(catalog)) is holds
    assert ("zaken" in tables_of(catalog)) is holds


def test_without_permission_no_byte_of_the_dataset_or_what_it_told_is_extracted(tmp_path: Path) -> None:
    home = Home(tmp_path / "das")
    write_snapshot(home)
    asked = {**TWO["tables"], "events": {"columns": ["case_id", "event", "outcome"]}}
    with_it = a_catalog(**TWO | {"tables": asked})
    extract(with_it, home, "proef", "anna", TODAY)
    assert OTHER_DATASET.encode() in plain_bytes(home)
    without = a_catalog(**TWO | {"tables": asked, "permissions": [permission("om")]})
    made = extract(without, home, "proef", "anna", TODAY)
    content = plain_bytes(home)
    assert b"MERKTEKEN" not in content and "zaken-extra" not in made.tables
    assert made.tables["cases"].rows == 4  # the case that the police alone know is gone too
    with open_project("proef", home=home, catalog=without, account="anna", today=TODAY) as project:
        assert project.tables.zaken.count().execute() == 6


def test_after_a_permission_has_ended_the_extract_opens_neither_for_work_nor_for_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "das")
    write_snapshot(home)
    catalog = a_catalog(tables=CLEAN, permissions=[permission("om", until="2026-03-01")])
    made = extract(catalog, home, "proef", "anna", TODAY)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    open_for_release(home, catalog, "proef", made.id, "poort").close()
    open_project("proef", home=home, catalog=catalog, account="anna").close()
    monkeypatch.setattr(clock, "today", lambda: TODAY + DAY)
    with pytest.raises(AccessRefused, match="not that of its grant as it is now"):
        open_for_release(home, catalog, "proef", made.id, "poort")
    with pytest.raises(AccessRefused, match="not that of its grant as it is now"):
        open_project("proef", home=home, catalog=catalog, account="anna")


@pytest.mark.parametrize(
    ("organisations", "holds"),
    [
        (("OM",), True),
        (("om", "Rechtspraak"), True),
        (("OM", "CBS"), False),
        (("CBS", "OM"), False),
        (("OM", "OM, afdeling onderzoek"), False),
        ((), False),
    ],
)
def test_a_dataset_for_some_is_in_the_project_when_everybody_is_of_them(
    organisations: tuple[str, ...], holds: bool
) -> None:
    catalog = limited(a_catalog(**TWO | {"people": people(*organisations)}), "om", "rechtspraak")
    assert ("zaken-extra" in tables_of(catalog)) is holds
    assert (("organisations", "zaken-extra") not in refused(catalog)) is holds
    assert "zaken" in tables_of(catalog)


def test_who_is_not_in_the_project_on_the_day_keeps_nothing_out() -> None:
    others = [*people("OM"), {"account": "bram", "organisation": "CBS", "end": "2026-02-28"}]
    catalog = limited(a_catalog(**TWO | {"people": others}), "om")
    assert "zaken-extra" in tables_of(catalog)
    assert "zaken-extra" not in tables_of(catalog, date(2026, 2, 28))


def test_an_extract_closes_when_somebody_of_another_organisation_joins(tmp_path: Path) -> None:
    home = Home(tmp_path / "das")
    write_snapshot(home)
    catalog = limited(a_catalog(**TWO | {"people": people("OM", "OM")}), "om")
    extract(catalog, home, "proef", "anna", TODAY)
    same = limited(a_catalog(**TWO | {"people": people("OM", "OM", "OM")}), "om")
    open_project("proef", home=home, catalog=same, account="carla", today=TODAY).close()
    other = limited(a_catalog(**TWO | {"people": people("OM", "OM", "CBS")}), "om")
    for account in ("carla", "anna"):
        with pytest.raises(AccessRefused, match="not that of its grant as it is now"):
            open_project("proef", home=home, catalog=other, account=account, today=TODAY)
    extract(other, home, "proef", "carla", TODAY)
    assert OTHER_DATASET.encode() not in plain_bytes(home)


def test_the_refusal_names_lines_of_the_file_and_no_person_or_organisation_in_it() -> None:
    catalog = limited(a_catalog(**TWO | {"people": people("OM", "CBS", "WODC")}), "om")
    finding = refused(catalog)["organisations", "zaken-extra"]
    assert "line 2, 3 of 'people'" in finding.why
    for name in ("anna", "bram", "carla", "CBS", "WODC"):
        assert name not in f"{finding.why}{finding.fix}{finding.ask}"
    change = change_of(finding, "agreements/levering-politie.yaml")["only_for"]["zaken-extra"]
    assert change == ["om", "<organisation of these lines>"]


def test_an_organisation_that_no_agreement_names_is_told_by_its_lines_with_what_to_add(tmp_path: Path) -> None:
    home = Home(tmp_path / "das")
    write_snapshot(home)
    catalog = a_catalog(**TWO | {"people": people("OM", "Politie", "Reclassering")})
    finding = refused(catalog)["recipients", "levering-om"]
    assert "line 2, 3 of 'people'" in finding.why
    for name in ("anna", "bram", "carla", "Politie", "Reclassering"):
        assert name not in f"{finding.fix}{finding.ask}"
    change = change_of(finding, "agreements/levering-om.yaml")["recipients"]
    assert change == [*catalog.agreements["levering-om"].recipients, "<organisation of these lines>"]
    for account in ("anna", "bram"):  # one database for all: it opens for nobody, also not for the host
        with pytest.raises(AccessRefused, match="of another organisation"):
            extract(catalog, home, "proef", account, TODAY)
    with pytest.raises(AccessRefused, match="of another organisation"):
        check_for_host(catalog, "proef", TODAY)
    assert AuditLog(home.audit_log).lines()[-1]["facts"]["reason"] == "recipients"


def test_a_table_outside_the_agreements_and_a_direct_identifier_are_told_with_what_to_do() -> None:
    found = refused(a_catalog())
    assert change_of(found["table", "zaken-extra"]) == {"agreements": ["levering-om", "levering-politie"]}
    assert found["column", "zaken.naam"].fix == "take its name out of 'tables' in grants/proef.yaml"
    assert ("column", "cases.herkomst") in found and ("column", "persons.bijnaam") in found
    assert ("column", "zaken.case_id") not in found


@pytest.mark.parametrize(("left", "told"), [(61, None), (60, "To renew it"), (15, "To renew it"), (14, "Ask now")])
def test_the_end_of_a_permission_is_announced(left: int, told: str | None) -> None:
    until = (TODAY + left * DAY).isoformat()
    given = warnings(a_catalog(tables=CLEAN, permissions=[permission("om", until=until)]), "proef", "anna", TODAY)
    assert len(given) == (told is not None)
    if told:
        assert told in given[0] and given[0].startswith("The permission 'BRIEF-om' of 'om' ends in")
        assert "om@example.org" in given[0]


def test_a_permission_that_another_outlasts_is_not_announced() -> None:
    soon = permission("om", "zaken", until=(TODAY + 20 * DAY).isoformat())
    assert not warnings(a_catalog(tables=CLEAN, permissions=[soon, permission("om")]), "proef", "anna", TODAY)


@pytest.fixture
def das(catalog_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "today", lambda: date(2025, 6, 1))

    def run(*arguments: str):
        return CliRunner().invoke(app, ["--catalog", str(catalog_dir), "--home", str(tmp_path / "home"), *arguments])

    return run


def test_the_command_prints_all_and_its_exit_code_says_whether_all_holds(das) -> None:
    done = das("grant", "check", "onderzoek", "--account", "onderzoeker")
    assert done.exit_code == 0, done.output
    assert "in force for onderzoeker until 2026-12-31, with everything it asks for." in done.output
    other = das("grant", "check", "onderzoek", "--account", "een-ander")
    assert other.exit_code == 1
    assert "put in grants/onderzoek.yaml:\n      people:\n      - account: een-ander" in other.output
    assert "Traceback" not in other.output


def test_the_command_gives_the_same_as_json(das) -> None:
    for account, code in (("onderzoeker", 0), ("een-ander", 1)):
        done = das("grant", "check", "onderzoek", "--account", account, "--json")
        assert done.exit_code == code
        told = json.loads(done.stdout)
        assert told["holds"] is (code == 0)
        assert [it["holds"] for it in told["findings"] if it["about"] == "person"] == [code == 0]
        assert told["warnings"] == []


def test_the_page_is_written_where_one_asks(das, tmp_path: Path) -> None:
    done = das("grant", "preview", "onderzoek", "--page", "--language", "en", "--to", str(tmp_path / "pages"))
    assert done.exit_code == 0, done.output
    page = tmp_path / "pages" / "onderzoek-preview.en.html"
    assert done.stdout.strip() == str(page)
    assert "For approval: onderzoek" in page.read_text(encoding="utf-8")
