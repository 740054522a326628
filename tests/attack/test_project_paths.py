"""A name in the place of another: the gates open no file but the one that they wrote themselves."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from access_world import TODAY, a_catalog, extracted_home, files, write_snapshot

import das_research as das
from das_research.access.extract import extract
from das_research.access.manifest import current_extract
from das_research.access.opening import open_for_release, open_project
from das_research.errors import AccessRefused, UsageError
from das_research.handover import read_handover
from das_research.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return extracted_home(tmp_path, "proef", "ander")


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DAS_RUN", "DAS_MONITOR", "DAS_PARAMETERS"):
        monkeypatch.delenv(name, raising=False)


def planted(home: Home, folder: Path, **changes: object) -> Path:
    """A folder that looks like an extract of the project, with other data under it."""
    true = current_extract(home, "proef")
    shutil.copytree(home.project("proef") / "extracts" / true.id, folder)
    forged = replace(true, **{"synthetic": False} | changes)
    (folder / "manifest.json").write_text(forged.to_json())
    return folder


def test_the_gate_opens_no_extract_that_a_researcher_made(home: Home) -> None:
    planted(home, home.project("proef") / "runs" / "vervalst", id="../runs/vervalst")
    with pytest.raises(AccessRefused, match="no such extract"):
        open_for_release(home, a_catalog(), "proef", "../runs/vervalst", "poort")


def test_the_gate_opens_no_extract_of_another_project(home: Home) -> None:
    other = current_extract(home, "ander").id
    with pytest.raises(AccessRefused, match="no such extract"):
        open_for_release(home, a_catalog(), "proef", f"../../ander/extracts/{other}", "poort")
    planted(home, home.project("proef") / "extracts" / other, id=other, project="ander")
    with pytest.raises(AccessRefused, match="not what gate 2 wrote"):
        open_for_release(home, a_catalog(), "proef", other, "poort")


def test_the_gate_opens_no_extract_that_the_log_does_not_know(home: Home) -> None:
    """Its name fits its manifest, since anybody can compute that; only gate 2 writes the line in the log."""
    elsewhere = Home(home.root.parent / "elders")
    write_snapshot(elsewhere, "snap-ffffffffffff", bedrag=999)
    false = extract(a_catalog(), elsewhere, "proef", "anna", TODAY)
    shutil.copytree(elsewhere.project("proef") / "extracts" / false.id, home.project("proef") / "extracts" / false.id)
    with pytest.raises(AccessRefused, match="not what gate 2 wrote"):
        open_for_release(home, a_catalog(), "proef", false.id, "poort")


def test_the_current_extract_is_a_name_and_no_path(home: Home) -> None:
    planted(home, home.project("proef") / "runs" / "vervalst")
    (home.project("proef") / "extracts" / "current").write_text("../runs/vervalst")
    with pytest.raises(AccessRefused, match="no such extract"):
        open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY)


def test_an_extract_from_before_the_grant_was_narrowed_gives_nothing_any_more(home: Home) -> None:
    before = current_extract(home, "proef").id
    narrow = a_catalog(tables={"cases": {"columns": ["case_id", "person_id"]}})
    with pytest.raises(AccessRefused, match="not that of its grant as it is now"):
        open_for_release(home, narrow, "proef", before, "poort")


def test_a_hand_over_is_written_in_the_project_only(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = home.root.parent / "buiten"
    outside.mkdir()
    link = home.project("proef") / "runs" / "keten-0123456789ab"
    link.parent.mkdir()
    link.symlink_to(outside)
    for run in (str(outside), str(link), str(home.project("ander") / "extracts")):
        monkeypatch.setenv("DAS_RUN", run)
        with open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY) as project:
            before = files(Home(home.root.parent))
            result = das.tabulate(project.tables.cases, project=project)
            with pytest.raises(UsageError, match="DAS_RUN names no run"):
                project.release(result, "zaken")
        assert files(Home(home.root.parent)) == before


@pytest.mark.parametrize("linked", ["results/zaken.json", "handover.json", "results", "."])
def test_the_gate_follows_no_link_out_of_a_run(home: Home, linked: str) -> None:
    with open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY) as project:
        run = home.project("proef") / "runs" / project.release(das.tabulate(project.tables.cases), "zaken")
    assert read_handover(run).results
    elsewhere = home.root.parent / "elders"
    (run / linked).rename(elsewhere)
    (run / linked if linked != "." else run).symlink_to(elsewhere)
    with pytest.raises(UsageError, match="holds a link"):
        read_handover(run)
