"""A twin has the tables and columns of the extract, of nobody; what is written on it runs on the extract unchanged."""

from datetime import date
from pathlib import Path

import access_world as world
import pytest

import das_research as das
from das_research.access.extract import extract
from das_research.access.opening import open_project
from das_research.access.twin import make_twin
from das_research.catalog import load_catalog
from das_research.errors import AccessRefused, UsageError
from das_research.home import Home

PROJECT, ACCOUNT, TODAY = "ketenmonitor", "onderzoeker-demo", date(2026, 11, 1)
SMALL = {"years": (2020, 2021), "scale": 0.0005, "today": TODAY}


@pytest.fixture(scope="module")
def catalog():
    return load_catalog("data_catalog")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, catalog) -> Home:
    """A home that holds nothing but a twin; the custodian's keys are elsewhere."""
    root = tmp_path_factory.mktemp("twin")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAS_KEYS", str(root / "custodian"))
        make_twin(catalog, Home(root / "home"), PROJECT, ACCOUNT, **SMALL)
    return Home(root / "home")


def opened(home, catalog, **given):
    return open_project(PROJECT, home=home, catalog=catalog, account=ACCOUNT, today=TODAY, **given)


def test_a_twin_has_what_the_grant_gives_and_is_marked_as_fictitious(home, catalog):
    with opened(home, catalog, twin=True) as project:
        assert project.synthetic
        assert {"persons", "cases", "events", "strafzaken"} <= set(project.tables)
        for name, granted in catalog.grants[PROJECT].tables.items():
            assert set(granted.columns) <= set(project.tables[name].columns)
        assert das.tabulate(project.tables.cases, measures={"zaken": "cases"}).synthetic


def test_the_keys_of_real_identifiers_are_not_touched(home):
    assert not (home.root.parent / "custodian").exists()
    assert list((home.twins.root / "keys").glob("identifier-*.key"))


def test_nothing_is_made_in_the_zones_of_the_home_itself(home):
    assert [path.name for path in home.root.iterdir()] == ["twins"]


def test_a_project_with_a_twin_alone_says_how_its_extract_is_made(home, catalog):
    with pytest.raises(AccessRefused, match=f"das project extract {PROJECT}$"):
        opened(home, catalog)


def test_das_twin_opens_the_twin_of_a_notebook_that_names_none(home, catalog, monkeypatch):
    monkeypatch.setenv("DAS_TWIN", "1")
    with opened(home, catalog) as project:
        assert project.synthetic
    with pytest.raises(AccessRefused, match="no extract yet"):
        opened(home, catalog, twin=False)


def test_a_second_twin_with_the_same_inputs_is_the_same(home, catalog):
    with opened(home, catalog, twin=True) as project:
        before = project.manifest
    assert make_twin(catalog, home, PROJECT, ACCOUNT, **SMALL) == before


def test_a_project_of_the_mode_remote_opens_its_twin_and_never_its_extract(home, catalog):
    grant = catalog.grants[PROJECT].model_copy(update={"mode": "remote"})
    remote = catalog.model_copy(update={"grants": {**catalog.grants, PROJECT: grant}})
    with pytest.raises(AccessRefused, match="--twin"):
        extract(remote, home, PROJECT, ACCOUNT, TODAY)
    make_twin(remote, home, PROJECT, ACCOUNT, **SMALL)
    with opened(home, remote, twin=False) as project:
        assert project.synthetic and project.manifest.project == PROJECT


def test_a_catalogue_without_a_synthetic_chain_says_so(tmp_path: Path):
    with pytest.raises(UsageError, match="synthetic"):
        make_twin(world.a_catalog(), Home(tmp_path), "proef", "anna", today=world.TODAY)
