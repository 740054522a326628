"""The key of all projects rotated: nothing stays under the old one, whenever it is killed, and no seal is lost."""

import random
import shutil
from pathlib import Path

import pytest
from access_world import TODAY, a_catalog, extracted_home, opened_extract, permission
from killing import killed_at
from typer.testing import CliRunner

import das_research as das
from das_research.access.extract import extract
from das_research.access.manifest import list_extracts
from das_research.access.opening import open_project
from das_research.access.sealed import list_seals
from das_research.audit import AuditLog
from das_research.changes import warehouse_lock
from das_research.cli import app
from das_research.custody import close as closing
from das_research.custody import rotate_projects as rotation
from das_research.custody.rotate_projects import ROTATED, rotate_projects
from das_research.errors import AccessRefused, DasError, UsageError
from das_research.home import STAGING, Home
from das_research.keys.data import data_keys
from das_research.oversight.verify import verify
from das_research.processing_log import ProcessingLog

MOMENTS = 10
ROTATE = (
    "from access_world import TODAY, a_catalog\nfrom das_research.home import Home\n"
    "from das_research.custody.rotate_projects import rotate_projects",
    'rotate_projects(a_catalog(), Home(home), "steward", TODAY)',
)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two projects with an extract each, and a hand-over of one."""
    home = extracted_home(tmp_path_factory.mktemp("projects"), "proef", "ander")
    with open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY) as project:
        project.release(das.tabulate(project.tables.cases), "zaken")
    return home


@pytest.fixture
def home(two: Home, tmp_path: Path) -> Home:
    return Home(shutil.copytree(two.root, tmp_path / "das"))


def master(home: Home) -> Path:
    return home.steward_keys / "master.key"


def pseudonyms(home: Home) -> set[str]:
    table = opened_extract(home).table("cases")
    return {*table.case_id.execute(), *table.person_id.execute()} - {None}


def test_every_extract_goes_with_the_key_and_the_next_has_other_pseudonyms(home: Home):
    old, before, key = list_extracts(home), pseudonyms(home), master(home).read_bytes()
    done = rotate_projects(a_catalog(), home, "steward", TODAY)
    assert (done.projects, done.extracts) == (("ander", "proef"), 2)
    assert list_extracts(home) == [] and not master(home).exists()
    assert not [name for name in data_keys(home).names() if name.startswith("extract-")]
    assert not [path for path in home.root.rglob("*") if path.is_file() and path.read_bytes() == key]
    with pytest.raises(AccessRefused, match="was closed on") as refused:
        open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY)
    assert ROTATED[1:] in refused.value.why

    again = extract(a_catalog(), home, "proef", "anna", TODAY)  # the grant goes on
    assert again.id not in {it.id for it in old}
    assert before and not before & pseudonyms(home)
    assert master(home).read_bytes() != key


def test_what_was_handed_over_is_sealed_and_both_logs_tell_of_each_project(home: Home):
    ids = {it.id for it in list_extracts(home)}
    rotate_projects(a_catalog(), home, "steward", TODAY)
    seals = list_seals(home)
    assert {seal.extract for seal, _ in seals} == ids and all(whole for _, whole in seals)
    assert any(name.startswith("runs/") for seal, _ in seals for name in seal.files)
    lines = [line for line in AuditLog(home.audit_log).lines() if line["gate"] == "custody"]
    told = [(line["act"], line["facts"].get("project"), line["facts"]["extracts"]) for line in lines]
    assert told == [("closed", "ander", 1), ("closed", "proef", 1), ("rotated", None, 2)]
    assert verify(home).holds
    destroyed = [it for it in ProcessingLog(home.processing_log).lines() if it["name"] == "destruction"]
    assert {it["attributes"]["dpl.core.data_subject_id"] for it in destroyed} == ids


@pytest.fixture(scope="module")
def moments(two: Home, tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    folder = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(two.root, folder / "das")
    assert not killed_at(0, *ROTATE, str(folder / "das"), str(folder / "count"))
    acts = int((folder / "count").read_text())
    return random.Random(acts).sample(range(1, acts + 1), MOMENTS)


@pytest.mark.parametrize("place", range(MOMENTS))
def test_killed_at_random_it_happened_whole_or_not_at_all(place: int, home: Home, moments: list[int], tmp_path: Path):
    key, before = master(home).read_bytes(), list_extracts(home)
    assert killed_at(moments[place], *ROTATE, str(home.root), str(tmp_path / "count"))
    with warehouse_lock(home):  # as every act on the warehouse begins
        if master(home).exists():
            assert (master(home).read_bytes(), list_extracts(home)) == (key, before)
            open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY).close()
        else:
            assert list_extracts(home) == []
    if master(home).exists():
        rotate_projects(a_catalog(), home, "steward", TODAY)
    assert list_extracts(home) == [] and not master(home).exists()
    acts = [line["act"] for line in AuditLog(home.audit_log).lines() if line["gate"] == "custody"]
    assert acts == ["closed", "closed", "rotated"]
    assert len(list_seals(home)) == 2 and all(whole for _, whole in list_seals(home))
    destroyed = [it for it in ProcessingLog(home.processing_log).lines() if it["name"] == "destruction"]
    assert len({it["attributes"]["dpl.core.data_subject_id"] for it in destroyed}) == 2
    assert verify(home).holds
    swept_later = (home.steward_keys, home.root)
    assert [it for it in home.root.rglob(f"{STAGING}*") if it.parent not in swept_later] == []


def test_a_server_that_keeps_its_extract_keeps_the_key(home: Home, monkeypatch: pytest.MonkeyPatch):
    def refuse(extract):
        raise DasError("The server does not answer.")

    monkeypatch.setattr(closing, "take_away", refuse)
    before = list_extracts(home)
    with pytest.raises(DasError, match="does not answer"):
        rotate_projects(a_catalog(), home, "steward", TODAY)
    assert master(home).exists() and list_extracts(home) == before


def test_a_project_that_can_not_be_seen_stops_it(home: Home, monkeypatch: pytest.MonkeyPatch):
    known = rotation.os.access
    monkeypatch.setattr(rotation.os, "access", lambda path, mode: Path(path).name != "ander" and known(path, mode))
    with pytest.raises(AccessRefused, match="can't enter ander"):
        rotate_projects(a_catalog(), home, "steward", TODAY)
    assert master(home).exists() and len(list_extracts(home)) == 2


def test_without_a_key_there_is_nothing_to_rotate(tmp_path: Path):
    with pytest.raises(UsageError, match="no key of projects yet"):
        rotate_projects(a_catalog(), Home(tmp_path), "steward", TODAY)


@pytest.mark.parametrize("typed", [[], ["parketnummer", "--projects"]])
def test_the_command_asks_which_key(typed: list[str], tmp_path: Path):
    said = CliRunner().invoke(app, ["--home", str(tmp_path), "key", "rotate", *typed])
    assert said.exit_code != 0
    assert not (tmp_path / "warehouse" / "keys").exists()


def test_an_extract_of_a_grant_that_is_gone_is_told_of_all_the_same(home: Home):
    """Nobody knows under which agreements it was made; the line says of which grant it was."""
    catalog = a_catalog(permissions=[permission("om")])
    without = catalog.model_copy(update={"grants": {"proef": catalog.grants["proef"]}})
    [gone] = [it.id for it in list_extracts(home) if it.project == "ander"]
    rotate_projects(without, home, "steward", TODAY)
    [line] = [
        it["attributes"]
        for it in ProcessingLog(home.processing_log).lines()
        if it["name"] == "destruction" and it["attributes"]["dpl.core.data_subject_id"] == gone
    ]
    assert line["dpl.core.processing_activity_id"].endswith("/grants/ander")
