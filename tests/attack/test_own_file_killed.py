"""A list that takes the place of another, killed half-way: the next act on the project leaves no trace of the old."""

from pathlib import Path

import pytest
import warehouse_world as world
from killing import was_killed
from own_file_world import LIST, TODAY, a_catalog, bring, extracted_home
from typer.testing import CliRunner

from das_research.access import clock
from das_research.access.manifest import list_extracts
from das_research.changes import warehouse_lock
from das_research.cli import app
from das_research.commands.context import State
from das_research.custody.own_files import destroy_replaced
from das_research.home import STAGING, Home
from das_research.intake.delivery import read_deliveries
from das_research.keys.data import data_keys
from das_research.oversight.verify import verify

SHORTER = LIST.replace("F3;Nienke;A;1999-09-03;33\n", "")  # F3 may have asked for it
BRING = """
import os, signal, sys
from pathlib import Path
import own_file_world
from das_research.home import Home

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

{hook}
own_file_world.bring(Home(Path(sys.argv[1])), sys.argv[2])
"""
STORED = "import das_research.custody.own_files as own_files; own_files.destroy_replaced = die"
WRITING = "os.rename = die"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(State, "catalog", lambda _: a_catalog())
    return extracted_home(tmp_path)


def lists(home: Home) -> list[str]:
    return [it.id for it in read_deliveries(home.own_files("proef"))]


def half_written(home: Home) -> list[Path]:
    return list(home.root.rglob(f"{STAGING}*"))


def test_a_list_that_was_stored_ends_the_old_one_when_the_project_is_extracted(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    [old] = lists(home)
    before = {it.project: it.id for it in list_extracts(home)}
    assert was_killed(BRING.format(hook=STORED), str(home.root), SHORTER)
    assert len(lists(home)) == 2, "the worst moment: both lists stand"

    monkeypatch.setenv("DAS_ACCOUNT", "anna")
    done = CliRunner().invoke(app, ["--home", str(home.root), "project", "extract", "proef"])
    assert done.exit_code == 0, done.output

    assert old not in lists(home) and len(lists(home)) == 1
    assert not any(old in name for name in data_keys(home).names())
    after = {it.project: it.id for it in list_extracts(home)}
    assert after["proef"] != before["proef"] and after["ander"] == before["ander"]
    assert len(list_extracts(home)) == 2, "no extract of the old list stands"
    assert half_written(home) == [] and verify(home).holds


def test_a_list_that_was_stored_ends_the_old_one_when_it_is_brought_again(home: Home) -> None:
    [old] = lists(home)
    assert was_killed(BRING.format(hook=STORED), str(home.root), SHORTER)
    assert bring(home, SHORTER).already_delivered
    assert old not in lists(home) and len(lists(home)) == 1
    assert [it.project for it in list_extracts(home)] == ["ander"]


def test_a_list_that_was_not_stored_leaves_no_byte_after_the_next_act_on_the_warehouse(home: Home) -> None:
    before, keys = lists(home), data_keys(home).names()
    assert was_killed(BRING.format(hook=WRITING), str(home.root), SHORTER)
    assert half_written(home), "the worst moment: rows are written, under no name yet"
    with warehouse_lock(home):
        pass
    assert half_written(home) == []
    assert (lists(home), data_keys(home).names()) == (before, keys)


@pytest.mark.parametrize("project", ["..", "../..", "proef/../proef", "ander", "geen", ""])
def test_no_name_of_a_project_reaches_what_partners_delivered(home: Home, project: str) -> None:
    world.deliver_text(home, "zaken", "\n".join(world.FILES["zaken"].splitlines()[:2]) + "\n")
    assert len({it.dataset for it in read_deliveries(home)}) < len(read_deliveries(home)), "an older one stands there"
    before = sorted(home.root.rglob("*"))
    destroy_replaced(a_catalog(), home, project, "anna")
    assert sorted(home.root.rglob("*")) == before
