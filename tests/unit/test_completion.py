"""Tab in a notebook: IPython's own completer over an open project, with jedi (as JupyterLab has it) and without."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from access_world import TODAY, a_catalog, extracted_home
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from das_research.access.opening import open_project
from das_research.access.project import Project
from das_research.home import Home

COLUMNS = {"bedrag", "case_id", "delict", "moment"}
TABLES = {"cases", "deliveries", "delivery_rules", "events", "persons", "zaken"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return extracted_home(tmp_path_factory.mktemp("completion"), "proef")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A running IPython, in a folder without files that it could propose."""
    monkeypatch.chdir(tmp_path)
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.fixture
def project(home: Home, shell: InteractiveShell) -> Iterator[Project]:
    with open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY) as project:
        shell.push({"project": project, "zaken": project.tables.zaken})
        yield project


def proposed(shell: InteractiveShell, typed: str) -> set[str]:
    with provisionalcompleter():
        return {it.text.lstrip(".") for it in shell.Completer.completions(typed, len(typed))}


@pytest.mark.parametrize("jedi", [True, False])
@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("project.", {"tables", "release", "at", "person_links", "synthetic", "linkage"}),
        ("project.tables.", TABLES),
        ('project.tables["', TABLES),
        ("project.tables.zaken.", COLUMNS),
        ('project.tables["zaken"]["', COLUMNS),
        ('project.tables.zaken["', COLUMNS),
        ("project.tables.zaken.filter(project.tables.zaken.", COLUMNS),
        ("zaken.", COLUMNS),
        ('zaken["', COLUMNS),
    ],
)
def test_tab_completes(project: Project, shell: InteractiveShell, typed: str, there: set[str], jedi: bool):
    shell.Completer.use_jedi = jedi
    found = proposed(shell, typed)
    assert there <= found
    if typed.endswith('"') or typed == "project.tables.":
        assert found == there  # nothing that is not granted


def test_behind_brackets_jedi_knows_the_methods_and_ipython_the_columns(project: Project, shell: InteractiveShell):
    shell.Completer.use_jedi = True
    assert "filter" in proposed(shell, 'project.tables["zaken"].')
    shell.Completer.use_jedi = False
    assert proposed(shell, 'project.tables["zaken"].') > COLUMNS


@pytest.mark.parametrize("jedi", [True, False])
def test_tab_proposes_nothing_of_a_table_that_is_not_granted(project: Project, shell: InteractiveShell, jedi: bool):
    shell.Completer.use_jedi = jedi
    assert not {"uitspraak", "case_id"} & proposed(shell, "project.tables.vonnissen.")


def test_what_a_user_set_stays(home: Home, shell: InteractiveShell):
    shell.Completer.policy_overrides = {"allow_auto_import": True}
    for _ in range(2):
        open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY).close()
    assert shell.Completer.policy_overrides["allow_auto_import"] is True
    shell.Completer.policy_overrides = {}
    shell.Completer.evaluation = "minimal"
    open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY).close()
    assert shell.Completer.policy_overrides == {}
