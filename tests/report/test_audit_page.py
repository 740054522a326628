"""The page for the data protection officer: what it counts, what it says of a log that does not hold, and what not."""

import json
import re
from pathlib import Path

import pytest
from oversight_world import MANY, told
from typer.testing import CliRunner

import das_research
from das_research.catalog import load_catalog
from das_research.cli import app
from das_research.home import Home
from das_research.oversight.page import write_page
from das_research.oversight.verify import verify

ROOT = Path(das_research.__file__).parents[1]
CATALOG = load_catalog(ROOT / "data_catalog")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    home = told(tmp_path / "das", monkeypatch)
    monkeypatch.undo()
    return home


def rows(page: str, section: str) -> list[list[str]]:
    """Every row of the tables of a section, as texts."""
    part = page.partition(f'<section id="{section}"')[2].partition("<h2")[2].partition("<h2")[0]
    return [
        [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", part)
    ]


def test_every_number_is_the_count_of_its_lines(home, tmp_path):
    _, english = (path.read_text() for path in write_page(tmp_path, CATALOG, verify(home)))
    assert rows(english, "months")[1:] == [
        ["October 2026", "2", "1", "1", "0", "0", "0", "1", "0"],
        ["November 2026", "0", str(MANY + 1), "0", "1", "1", "1", "1", "1"],
    ]
    assert ["onderzoeker-demo", str(MANY + 1), "1", "1", "0", "3 November 2026"] in rows(english, "projects")
    assert ["Police", "1", "84,310", "1", str(MANY + 1), "1", "1", "1", "7"] in rows(english, "partners")
    assert ["Public Prosecution Service", "1", "61,204", "2", str(MANY + 2), "1", "1", "1", "0"] in rows(
        english, "partners"
    )
    assert rows(english, "refusals")[1:] == [
        ["account not in the grant", "Chain monitor", "stagiair", "1"],
        ["numbers can't be released", "eigen-onderzoek", "poort", "1"],
    ]
    assert rows(english, "destructions")[1:] == [["persons erased on request", "Police", "1", "7"]]


def test_one_month_tells_of_that_month_alone(home, tmp_path):
    dutch, _ = write_page(tmp_path, CATALOG, verify(home), "2026-10")
    text = dutch.read_text()
    assert dutch.name == "audit-2026-10.nl.html"
    assert "Auditlogboek: oktober 2026" in text and "stagiair" in text
    assert "promovendus" not in text and 'id="months"' not in text
    assert "Er is niets gewist of vernietigd." in text


def test_a_log_that_does_not_hold_says_so_first_and_counts_what_holds(home, tmp_path):
    lines = home.audit_log.read_text().splitlines()
    lines[3] = lines[3].replace("onderzoeker-demo", "iemand-anders")
    home.audit_log.write_text("\n".join(lines) + "\n")
    dutch, english = (path.read_text() for path in write_page(tmp_path, CATALOG, verify(home)))
    assert "Het logboek is niet heel" in dutch
    assert [row[0] for row in rows(english, "verified")[1:]] == ["Line 4 was changed after a gate wrote it."]
    assert "iemand-anders" not in english, "a line that no gate wrote is not told as if it were one"


def test_what_was_asked_stands_on_no_page(home, tmp_path):
    for path in write_page(tmp_path, CATALOG, verify(home)):
        assert "f" * 16 not in path.read_text()


def test_the_commands_choose_and_write(home, tmp_path):
    def das(*arguments: str):
        return CliRunner().invoke(app, ["--catalog", str(ROOT / "data_catalog"), "--home", str(home.root), *arguments])

    chosen = json.loads(das("audit", "show", "--json", "--partner", "politie", "--month", "2026-10").stdout)
    assert [line["act"] for line in chosen] == ["delivered", "extracted", "opened", "refused"]
    chosen = json.loads(das("audit", "show", "--json", "--project", "eigen-onderzoek").stdout)
    assert [line["act"] for line in chosen] == ["opened", "refused"]
    assert das("audit", "show", "--month", "november").exit_code == 2
    assert das("audit", "page", "--month", "2026-11").exit_code == 0
    assert sorted(path.name for path in home.oversight.iterdir()) == ["audit-2026-11.en.html", "audit-2026-11.nl.html"]
    assert das("audit", "verify").exit_code == 0
    key = verify(home).head.key
    assert das("audit", "verify", "--key", key).exit_code == 0
    refused = das("audit", "verify", "--key", "0" * 16)
    assert refused.exit_code == 1
    home.audit_log.write_text("".join(f"{line}\n" for line in home.audit_log.read_text().splitlines()[:-2]))
    refused = das("audit", "verify")
    assert (
        refused.exit_code == 1 and "were cut off at the end" in refused.output and "ask: the steward" in refused.output
    )
