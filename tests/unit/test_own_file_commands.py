"""The commands on a project's own file: what they print, and whom they refuse."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from das_research.access import clock
from das_research.cli import app
from das_research.home import Home

CATALOG = Path(__file__).parents[2] / "data_catalog"
NAME, PROJECT = "nazorg_deelnemers", "nazorg-deelnemers"
LIST = "BSN;naam;groep;instap;leeftijd;afgerond\n"
PEOPLE = ("900000001;Aaltje;nazorg;2020-01-01;31;ja", "900000002;Wopke;controle;2020-02-01;32;nee")


@pytest.fixture(autouse=True)
def in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which the grant is in force, whatever day it is."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 6, 1))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "lijst.csv"
    path.write_text(LIST + "\n".join(PEOPLE) + "\n", encoding="utf-8")
    return path


def typed(home: Path, *arguments: object, exits: int = 0) -> str:
    result = CliRunner().invoke(app, ["--home", str(home), "--catalog", str(CATALOG), *map(str, arguments)])
    assert result.exit_code == exits, result.output
    assert not any(part in result.output for line in PEOPLE for part in line.split(";")[:2]), "nobody is named"
    return result.output


def listed(home: Path) -> list[dict]:
    return json.loads(typed(home, "delivery", "list", "--json"))


def test_a_list_is_judged_delivered_told_of_and_taken_back(tmp_path: Path, file: Path) -> None:
    home = tmp_path / "home"
    assert "2 accepted" in typed(home, "deliver", NAME, file, "--check", "--report", tmp_path)
    assert not home.exists(), "at the researcher's own desk nothing is stored"
    said = typed(home, "deliver", NAME, file)
    own = Home(home).own_files(PROJECT)
    assert "2 accepted" in said and str(own.reports) in said
    assert len(list(own.reports.glob("*.html"))) == 2
    [delivery] = listed(home)
    assert delivery["dataset"] == NAME
    assert "accepted" in typed(home, "delivery", "show", delivery["delivery"])
    page = Path(typed(home, "delivery", "report", delivery["delivery"], "--to", tmp_path / "again").split()[0])
    assert "Onderzoeksinstituut (fictief)" in page.read_text(encoding="utf-8")
    due = typed(home, "retention", "due")
    assert "2028-07-01" in due and "kept until 2028-06-30" in due
    typed(home, "delivery", "withdraw", delivery["delivery"])
    assert listed(home) == [] and not list(own.reports.glob("*.html"))


def test_it_is_one_list_and_no_period(tmp_path: Path, file: Path) -> None:
    for further in ([file, file], [file, "--period", "2020"]):
        said = typed(tmp_path / "home", "deliver", NAME, *further, exits=2).replace("\n", " ")
        assert "takes the place of the one before it" in said
    assert not (tmp_path / "home" / "warehouse").exists()


def test_persons_are_erased_by_the_name_of_the_list_or_by_its_sender(tmp_path: Path, file: Path) -> None:
    home = tmp_path / "home"
    typed(home, "deliver", NAME, file)
    first, second = tmp_path / "een.txt", tmp_path / "twee.txt"
    first.write_text("900000001\n")
    second.write_text("900000002\n")
    said = typed(home, "person", "erase", NAME, first)
    assert "rows 1, of deliveries 1" in said and f"das project extract {PROJECT}" in said.replace("\n", " ")
    assert "rows 1," in typed(home, "person", "erase", "bsn", second, "--partner", f"project-{PROJECT}")
    [left] = listed(home)
    assert left["accepted"] == 0
    said = typed(home, "person", "erase", "bsn", second, exits=1)
    assert "No row of cbs" in said, "a domain alone is a partner's, as before"


def test_a_list_can_come_encrypted_to_its_project(tmp_path: Path, file: Path) -> None:
    from pyrage import encrypt, x25519

    home = tmp_path / "home"
    address = typed(home, "key", "transport", f"project-{PROJECT}").strip()
    sealed = tmp_path / "lijst.csv.age"
    sealed.write_bytes(encrypt(file.read_bytes(), [x25519.Recipient.from_str(address)]))
    assert "2 accepted" in typed(home, "deliver", NAME, sealed)
    assert "There is no partner" in typed(home, "key", "transport", "project-ketenmonitor", exits=2)


def test_after_its_term_no_list_is_taken(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2028, 7, 1))
    said = typed(tmp_path / "home", "deliver", NAME, file, exits=1).replace("\n", " ")
    assert "may not have its own file" in said and "2028-06-30" in said
    assert listed(tmp_path / "home") == []
