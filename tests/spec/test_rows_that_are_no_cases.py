"""Crimes, register rows, counts of inhabitants and respondents go the whole way beside the cases of a chain."""

from datetime import date

import pytest
from access_world import plain_bytes
from closed_files import open_file
from synthetic_world import dutch

from das_research.access.extract import extract
from das_research.catalog.models import GrantedTable, PartnerPermission
from das_research.home import Home
from das_research.intake.gate import deliver
from das_research.warehouse.build import build
from das_research.warehouse.snapshot import read_snapshot

ACCOUNT = "onderzoeker-demo"
DAY = date(2026, 6, 1)
FILES = {
    # the third has no number and can't be told apart from another; the fourth no date
    "misdrijven": (
        "PV_NUMMER;REGISTRATIEDATUM;PLEEGDATUM;PLEEGGEMEENTE;EENHEID;MISDRIJFCODE;OPGEHELDERD_DT\n"
        "PL9999-0000-000001;01-02-2020;31-01-2020;Ede;E02;M11;03-02-2020\n"
        "PL9999-0000-000002;01-03-2020;01-03-2020;Ede;E02;M21;\n"
        ";01-04-2020;01-04-2020;Ede;E02;M21;\n"
        "PL9999-0000-000004;31-02-2020;01-03-2020;Ede;E02;M21;\n"
    ),
    "verdachtenregistraties": (
        "PV_NUMMER;SKN;ACHTERNAAM;VOORLETTERS;GEBOORTEDATUM;GESLACHT;LEEFTIJD;PLEEGGEMEENTE;BASISTEAM;PLEEGDATUM;"
        "REGISTRATIEDATUM;DELICTCODE;AFHANDELING;AFHANDELDATUM\n"
        "PL9999-0000-000001;F000000001;X;A.;01-01-1990;M;25 T/M 34;Ede;x;31-01-2020;03-02-2020;1.1.1;INZ OM;"
        "10-02-2020\n"
    ),
    "strafzaken": (
        "parketnr,pv_nr,skn,naam,voorl,geb_jaar,sekse,lft_klasse,officier,aanbrenger,zsm_jn,instroom,hoofdfeit,beslissing,"
        "beslisdatum\n"
        "99-100001-20,PL9999 0000 000001,F000000001,X,A.,1990,1,LK3,o,P,J,2020-02-12,310 WvSr,DGV,2020-03-01\n"
    ),
    "uitspraken": (
        "Parketnummer,DatumBinnenkomst,SoortKamer,DatumUitspraak,Einduitspraak,WijzeBerechting,Rechtsmiddel,"
        "DatumOnherroepelijk\n99/100001-20,2020-03-05T00:00:00,PR,2020-06-01T00:00:00,SCHULDIG-STRAF,CON,-,\n"
    ),
    "tenuitvoerleggingen": (
        "ZAAKNR;SRT_SANCTIE;BEDRAG;WOONPLAATS;DAT_ONTV;DAT_EINDE;AFLOOP\n9910000120;GB;10,00;Ede;20200701;-;-\n"
    ),
    # the second is in no case
    "personen": (
        "SKN;BSN;ACHTERNAAM;VOORLETTERS;GEBOORTEDATUM;GESLACHT;WOONGEMEENTE;OVERLEDEN;VERTROKKEN;PEILDATUM\n"
        "F000000001;900000001;X;A.;19900101;1;Ede;;;20201231\n"
        "F000000009;900000002;Y;B.;19800101;2;Ede;20200101;;20201231\n"
    ),
    "bevolking": (
        "Leveringsnummer,Peildatum,Leeftijd,Geslacht,Regio,Inwoners\n"
        "FICTIEF2020,2020-01-01,20,1,PE02,100\nFICTIEF2020,2020-01-01,20,2,PE02,90\nFICTIEF2020,2020-01-01,21,,PE02,5\n"
    ),
    "veiligheidsmonitor": (
        "Respondentnummer,Enquetedatum,Geslacht,Leeftijd,Regio,Gewicht,Traditioneel,Online,Delicten,Gemeld,Aangifte,"
        "Onveilig,UitAuto,Thuislaten,Buitenverlichting,ExtraSloten,Alarm,Camera\n"
        "VM900000001,2020-09-01,1,40,PE02,150.5,J,N,2,1,1,N,J,J,J,N,N,N\n"
    ),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rows")
    home, catalog = Home(folder / "home"), dutch()
    delivered = {}
    for dataset, text in FILES.items():
        path = folder / f"{dataset}.csv"
        path.write_bytes(text.encode(catalog.datasets[dataset].file.encoding))
        delivered[dataset] = deliver(catalog, home, dataset, path, "steward")
    build(catalog, home)
    return catalog, home, delivered


def snapshot_rows(home, table):
    return open_file(home, home.snapshots / read_snapshot(home).id / f"{table}.parquet").to_pylist()


def test_what_a_row_tells_of_is_its_unit_and_a_row_that_does_not_say_it_is_put_aside(world):
    *_, delivered = world
    units = {name: (it.units.delivered, it.units.accepted, it.quarantined) for name, it in delivered.items()}
    assert units["misdrijven"] == (3, 2, 2)  # three numbers, one of them without a date; two rows aside
    assert units["personen"] == (2, 2, 0)
    assert units["bevolking"] == (2, 2, 1)
    assert units["veiligheidsmonitor"] == (1, 1, 0)
    assert [rule.rule for rule in delivered["misdrijven"].rules if rule.effect == "quarantined"] == [
        "no-key:pv_nummer", "no-moment:registratiedatum",
    ]  # fmt: skip
    assert all(delivery.synthetic for delivery in delivered.values())


def test_only_cases_have_a_case_and_only_persons_and_cases_a_person(world):
    _, home, _ = world
    crimes, people, counts, answers = (
        snapshot_rows(home, name) for name in ("misdrijven", "personen", "bevolking", "veiligheidsmonitor")
    )
    assert not {"case_id", "person_id"} & set(crimes[0]) and not {"case_id", "person_id"} & set(counts[0])
    assert "person_id" not in answers[0] and answers[0]["gewicht"] == 150.5
    assert "case_id" not in people[0]
    suspect = snapshot_rows(home, "strafzaken")[0]["person_id"]
    assert [row["person_id"] == suspect for row in sorted(people, key=lambda row: row["row"])] == [True, False]
    assert [row["misdrijfcode"] for row in sorted(crimes, key=lambda row: row["row"])] == ["CRI1100", "CRI2100"]
    assert {row["inwoners"] for row in counts} == {100, 90}
    assert {row["case_id"] for row in snapshot_rows(home, "events")} == {1}
    assert len(snapshot_rows(home, "persons")) == 2


def test_a_build_counts_how_often_a_row_names_what_another_dataset_should_hold(world):
    _, home, _ = world
    found = read_snapshot(home).references
    assert found["verdachtenregistraties.pv_nummer -> misdrijven.pv_nummer"] == {"rows": 1, "known": 1}
    assert found["strafzaken.pv_nummer -> verdachtenregistraties.pv_nummer"] == {"rows": 1, "known": 1}
    assert not any(rule.startswith("feiten") for rule in found)  # nothing was delivered of it


def granted(catalog, tables):
    base = catalog.grants["ketenmonitor"]
    agreements = (*base.agreements, "levering-cbs")
    of_cbs = PartnerPermission(partner="cbs", reference="BRIEF", date=date(2025, 12, 1), role="directeur-generaal")
    more = {"agreements": agreements, "permissions": (*base.permissions, of_cbs), "purpose": "statistiek"}
    grant = base.model_copy(update={"id": "proef", "tables": tables, **more})
    return catalog.model_copy(update={"grants": {**catalog.grants, "proef": grant}})


def test_a_project_gets_register_rows_of_persons_in_its_own_cases_only(world, tmp_path):
    catalog, home, _ = world
    tables = {
        "strafzaken": GrantedTable(columns=("case_id", "person_id", "beslissing")),
        "personen": GrantedTable(columns=("person_id", "overleden", "woongemeente")),
        "misdrijven": GrantedTable(columns=("misdrijfcode", "opgehelderd_op")),
        "bevolking": GrantedTable(columns=("leeftijd", "inwoners")),
    }
    made = extract(granted(catalog, tables), home, "proef", ACCOUNT, DAY)
    assert {name: table.rows for name, table in made.tables.items() if name in tables} == {
        "strafzaken": 1, "personen": 1, "misdrijven": 2, "bevolking": 2,
    }  # fmt: skip
    content = plain_bytes(home)
    assert b"F000000009" not in content and b"PL9999" not in content
