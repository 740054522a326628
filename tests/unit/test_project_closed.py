"""A project that ends: what is destroyed, what is sealed, what a refusal says, and how it is built again."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from access_world import SNAPSHOT, TODAY, a_catalog, extract_file, extracted_home, own_key_file, write_snapshot
from killing import was_killed

import das_research as das
from das_research.access.extract import extract
from das_research.access.manifest import current_extract, list_extracts
from das_research.access.opening import open_project
from das_research.access.sealed import list_seals
from das_research.audit import AuditLog
from das_research.changes import warehouse_lock
from das_research.custody.close import close
from das_research.custody.retention import destroy_due, terms
from das_research.errors import AccessRefused, UsageError
from das_research.home import Home
from das_research.keys.data import data_keys
from das_research.processing_log import ProcessingLog, of_extract

END = date(2026, 12, 31)
AFTER = END + timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("DAS_RUN", "DAS_MONITOR", "DAS_PARAMETERS"):
        monkeypatch.delenv(name, raising=False)
    return extracted_home(tmp_path, "proef")


def handed_over(home: Home) -> str:
    with open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY) as project:
        return project.release(das.tabulate(project.tables.cases), "zaken")


def test_database_keys_and_runs_go_and_manifest_and_results_are_sealed(home: Home) -> None:
    run, made, database, key = handed_over(home), current_extract(home, "proef"), extract_file(home), own_key_file(home)
    (home.project("proef") / "runs" / run / "notebook.ipynb").write_text("een rij die iemand afdrukte")
    (home.project("proef") / "runs" / "failed-x.ipynb").write_text("een rij die iemand afdrukte")
    [seal] = close(a_catalog(), home, "proef", "steward", AFTER)

    assert not database.exists() and not key.exists() and list_extracts(home) == []
    assert not [name for name in data_keys(home).names() if name.startswith("extract-")]
    assert not list(home.project("proef").rglob("*.ipynb"))
    assert (seal.extract, seal.snapshot, seal.why) == (made.id, SNAPSHOT, "its grant has ended")
    assert set(seal.files) == {"manifest.json", f"runs/{run}/handover.json", f"runs/{run}/results/zaken.json"}
    folder = home.project("proef") / "sealed" / made.id
    assert {path.stat().st_mode & 0o222 for path in (folder, *folder.rglob("*"))} == {0}
    line = AuditLog(home.audit_log).lines()[-1]
    assert (line["gate"], line["act"], line["account"]) == ("custody", "closed", "steward")
    assert list_seals(home) == [(seal, True)]


@pytest.mark.parametrize("touched", ["manifest.json", "seal.json"])
def test_a_seal_that_was_touched_is_told(home: Home, touched: str) -> None:
    [seal] = close(a_catalog(), home, "proef", "steward", AFTER)
    path = home.project("proef") / "sealed" / seal.extract / touched
    path.chmod(0o600)
    path.write_text(path.read_text().replace("true", "false"))
    assert [whole for _, whole in list_seals(home)] == [False]


def test_opening_says_when_it_was_closed_what_remains_and_how_it_is_built_again(home: Home) -> None:
    close(a_catalog(), home, "proef", "steward", AFTER)
    with pytest.raises(AccessRefused, match="was closed on 2027-01-01") as refused:
        open_project("proef", home=home, catalog=a_catalog(), account="anna", today=AFTER)
    assert "sealed" in refused.value.why
    assert f"das project extract proef --snapshot {SNAPSHOT}" in refused.value.fix

    write_snapshot(home, "snap-ffffffffffff", bedrag=151)
    renewed = a_catalog(end="2027-12-31")
    again = extract(renewed, home, "proef", "anna", TODAY, snapshot_id=SNAPSHOT)
    assert again.snapshot == SNAPSHOT
    with open_project("proef", home=home, catalog=renewed, account="anna", today=TODAY) as project:
        assert project.manifest == again


def test_a_pinned_snapshot_that_is_gone_is_told_plainly(home: Home) -> None:
    close(a_catalog(), home, "proef", "steward", AFTER)
    data_keys(home).destroy(f"snapshot-{SNAPSHOT}")
    with pytest.raises(AccessRefused, match=f"no snapshot '{SNAPSHOT}', so the project 'proef' can't be built"):
        extract(a_catalog(), home, "proef", "anna", TODAY, snapshot_id=SNAPSHOT)


def test_retention_closes_a_project_the_day_after_its_grant_and_not_before(home: Home) -> None:
    [term] = terms(a_catalog(), home)
    assert (term.what, term.id, term.expires) == ("project", "proef", AFTER)
    assert destroy_due(a_catalog(), home, "steward", END) == []
    assert extract_file(home).exists()
    assert destroy_due(a_catalog(), home, "steward", AFTER) == [term]
    assert list_extracts(home) == [] and len(list_seals(home)) == 1


def test_a_second_closing_has_nothing_to_close_and_a_later_one_gets_a_seal_of_its_own(home: Home) -> None:
    close(a_catalog(), home, "proef", "steward", TODAY)
    with pytest.raises(UsageError, match="nothing to close"):
        close(a_catalog(), home, "proef", "steward", TODAY)
    made = extract(a_catalog(), home, "proef", "anna", TODAY)
    close(a_catalog(), home, "proef", "steward", TODAY)
    names = {path.name for path in (home.project("proef") / "sealed").iterdir()}
    assert names == {made.id, f"{made.id}-2"}
    assert [whole for _, whole in list_seals(home)] == [True, True]


def test_a_link_among_the_runs_is_followed_nowhere(home: Home) -> None:
    secret = home.steward_keys / "master.key"
    before = secret.read_bytes()
    run = home.project("proef") / "runs" / handed_over(home)
    (run / "results" / "sleutel.json").symlink_to(secret)
    own_key_file(home).unlink()
    own_key_file(home).symlink_to(secret)
    [seal] = close(a_catalog(), home, "proef", "steward", AFTER)
    assert set(seal.files) == {"manifest.json"}
    assert secret.read_bytes() == before


CHILD = """
import os, signal, sys
from datetime import date
from pathlib import Path
import das_research.changes as changes
from access_world import a_catalog
from das_research.changes import warehouse_lock
from das_research.custody.close import close
from das_research.home import Home

def dying(act, after):
    left = [after]
    def instead(*arguments, **named):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*arguments, **named)
    return instead

{hook}
close(a_catalog(), Home(Path(sys.argv[1])), "proef", "steward", date(2027, 1, 1))
"""
AFTER_IT_WAS_DECIDED = [f"changes._take = dying(changes._take, {steps})" for steps in range(0, 9, 2)]
AFTER_IT_WAS_DECIDED.append("changes.AuditLog = dying(changes.AuditLog, 0)")


def test_killed_before_it_is_decided_nothing_has_happened(home: Home) -> None:
    assert was_killed(CHILD.format(hook="changes.json.dumps = dying(changes.json.dumps, 0)"), str(home.root))
    with open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY) as project:
        assert project.tables.cases.count().execute() == 4
    assert not (home.project("proef") / "sealed").exists()


@pytest.mark.parametrize("hook", AFTER_IT_WAS_DECIDED)
def test_killed_half_way_the_next_act_completes_it(home: Home, hook: str) -> None:
    assert was_killed(CHILD.format(hook=hook), str(home.root))
    with warehouse_lock(home):
        pass
    assert list_extracts(home) == [] and [whole for _, whole in list_seals(home)] == [True]
    assert not [*home.project("proef").glob("keys/*"), *home.steward_keys.glob("extract-*")]
    assert [it["act"] for it in AuditLog(home.audit_log).lines()].count("closed") == 1


def test_the_processing_log_tells_of_the_extract_that_was_destroyed(home: Home) -> None:
    made = current_extract(home, "proef")
    close(a_catalog(), home, "proef", "steward", AFTER)
    [line] = [it for it in ProcessingLog(home.processing_log).lines() if it["name"] == "destruction"]
    [expected] = of_extract(a_catalog(), made.id, ["levering-om"])
    assert line["attributes"]["dpl.core.processing_activity_id"] == expected.activity
    assert line["attributes"]["dpl.core.data_subject_id"] == made.id
    assert line["resource"]["attributes"]["das.made"] == made.id
