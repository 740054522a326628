"""What gate 2 tells the audit log: openings, refusals by their kind, hand-overs by a fingerprint, and nobody's name."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from access_world import SNAPSHOT, TODAY, a_catalog, extracted_home
from typer.testing import CliRunner

import das_research
from das_research.access.extract import extract
from das_research.access.opening import open_project
from das_research.audit import AuditLog
from das_research.audit_facts import fingerprint
from das_research.catalog.models import Text
from das_research.cli import app
from das_research.errors import AccessRefused, DasError, UsageError
from das_research.home import Home
from das_research.result import AFTER, BEFORE, Recipe, Result

ROOT = Path(das_research.__file__).parents[1]
PROEF = {"project": "proef", "purpose": "wetenschappelijk onderzoek", "partners": ["om"]}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Home:
    return extracted_home(tmp_path_factory.mktemp("told"), "proef")


def opened(home: Home, **given: Any):
    return open_project("proef", **{"home": home, "catalog": a_catalog(), "account": "anna", "today": TODAY} | given)


def a_result() -> Result:
    row = ["stroom", "in", "2024", 12.0, "cases", None, None, None, None, None, 12.0, "final", "number", "not checked"]
    return Result(
        table=pd.DataFrame([row], columns=[*BEFORE, *AFTER]),
        dimensions=(),
        title=Text(nl="Stroom", en="Flow"),
        definition="stroom",
        definition_version="1",
        shape="counts",
        labels={},
        recipe=Recipe("das_research.chain.flow", {"first_year": 2024}),
        project="proef",
        snapshot=SNAPSHOT,
        synthetic=True,
    )


def last(home: Home) -> dict[str, Any]:
    return AuditLog(home.audit_log).lines()[-1]


def test_an_opening_is_one_line(made):
    before = len(AuditLog(made.audit_log).lines())
    with opened(made) as project:
        id = project.manifest.id
    line = last(made)
    assert len(AuditLog(made.audit_log).lines()) == before + 1
    assert (line["gate"], line["act"], line["account"]) == ("project", "opened", "anna")
    grant = line["facts"].pop("grant")
    assert len(grant) == 12
    assert line["facts"] == {**PROEF, "extract": id, "snapshot": SNAPSHOT, "rows": 15}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"account": "dirk"}, "person"),
        ({"account": "bram"}, "person"),  # his time in the grant is over
        ({"today": date(2027, 1, 1)}, "dates"),
        ({"catalog": a_catalog(mode="remote")}, "extract"),
        ({"catalog": a_catalog(tables={"cases": {"columns": ["case_id"]}})}, "extract"),
    ],
)
def test_a_refusal_is_one_line_with_the_kind_of_its_reason_and_nobody_but_who_asked(made, given, reason):
    if given.get("account") == "bram":
        given = given | {"today": date(2026, 3, 11)}
    with pytest.raises(AccessRefused):
        opened(made, **given)
    line = last(made)
    assert (line["gate"], line["act"], line["facts"]) == ("project", "refused", {"reason": reason, **PROEF})
    named = {"anna", "bram", "dirk", "Carla"} - {line["account"]}
    assert not any(name in json.dumps(line) for name in named)


def test_a_project_that_nobody_knows_is_not_written_down(made):
    with pytest.raises(UsageError):
        open_project("jan-jansen-1980", home=made, catalog=a_catalog(), account="anna", today=TODAY)
    assert last(made)["facts"] == {"reason": "no such project"}
    assert b"jan-jansen" not in made.audit_log.read_bytes()


def test_a_refusal_in_a_home_that_is_not_there_leaves_nothing(tmp_path):
    with pytest.raises(DasError):
        opened(Home(tmp_path / "das"))
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_no_gate_writes_nothing(made, monkeypatch):
    monkeypatch.setattr("das_research.access.told.can_enter_warehouse", lambda home: False)
    before = made.audit_log.read_bytes()
    opened(made).close()
    with pytest.raises(AccessRefused):
        opened(made, account="dirk")
    assert made.audit_log.read_bytes() == before


def test_an_extract_that_was_refused_is_told(made):
    with pytest.raises(AccessRefused):
        extract(a_catalog(), made, "proef", "dirk", TODAY)
    assert (last(made)["act"], last(made)["facts"]["reason"]) == ("refused", "person")


def test_a_hand_over_tells_a_fingerprint_and_never_what_was_asked(made):
    result = a_result()
    with opened(made) as project:
        run = project.release(result, "stroom")
    line = last(made)
    assert (line["act"], line["facts"]["run"], line["facts"]["cells"]) == ("handed over", run, len(result.table))
    assert line["facts"]["asked"] == fingerprint([result.recipe.function, result.recipe.parameters])
    assert line["facts"]["released"] is False
    assert result.recipe.function.encode() not in made.audit_log.read_bytes()


def test_a_check_of_a_grant_that_refuses_is_told_and_one_that_allows_is_not(tmp_path):
    home = Home(tmp_path / "das")
    home.warehouse.mkdir(parents=True)
    arguments = ["--catalog", str(ROOT / "data_catalog"), "--home", str(home.root), "grant"]
    assert CliRunner().invoke(app, [*arguments, "check", "ketenmonitor", "--account", "niemand"]).exit_code == 1
    (line,) = AuditLog(home.audit_log).lines()
    assert (line["act"], line["account"], line["facts"]["reason"]) == ("refused", "niemand", "person")
    assert CliRunner().invoke(app, [*arguments, "preview", "ketenmonitor"]).exit_code == 0
    assert len(AuditLog(home.audit_log).lines()) == 1, "without a snapshot a preview looks at nobody's data"
