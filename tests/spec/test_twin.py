"""A twin has the tables and columns of the extract, of nobody; what is written on it runs on the extract unchanged."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import access_world as world
import pytest

import das_research as das
from das_research.access import twin as twin_module
from das_research.access.extract import extract
from das_research.access.manifest import ExtractedTable, current_extract, extract_folder
from das_research.access.opening import open_project
from das_research.access.twin import make_twin
from das_research.access.twin_homes import CURRENT, name_twin, twin_home
from das_research.access.twin_size import STEPS, scale_like
from das_research.audit import AuditLog
from das_research.catalog import load_catalog
from das_research.errors import AccessRefused, UsageError
from das_research.home import Home, write_file
from das_research.synthetic.own_file import write_own_file

PROJECT, ACCOUNT, TODAY = "ketenmonitor", "onderzoeker-demo", date(2026, 11, 1)
SMALL = {"years": (2020, 2021), "scale": 0.001, "today": TODAY}


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
    assert list((twin_home(home, PROJECT).root / "keys").glob("identifier-*.key"))


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


def with_an_extract(home: Home, root: Path, catalog, times: int) -> Home:
    """A copy of a home whose project has an extract too: ``times`` as many rows as its twin."""
    copy = Home(shutil.copytree(home.root, root))
    twin = twin_home(copy, PROJECT)
    manifest = current_extract(twin, PROJECT)
    tables = {name: replace(table, rows=table.rows * times) for name, table in manifest.tables.items()}
    manifest = replace(manifest, tables=tables)
    shutil.copytree(twin.project(PROJECT), copy.project(PROJECT))
    write_file(extract_folder(copy, manifest) / "manifest.json", manifest.to_json())
    facts = {"extract": manifest.id, "manifest": manifest.digest}
    AuditLog(copy.audit_log).record("extract", "extracted", ACCOUNT, **facts)
    return copy


@pytest.mark.parametrize(("times", "scale"), [(1, 0.001), (4, 0.005), (11, 0.01), (5_000, 1)])
def test_a_twin_has_about_the_size_of_the_extract(times, scale, home, catalog, tmp_path, monkeypatch):
    """Measured by the twin that stands, which is that of a thousandth of the chain."""
    asked = []

    def generate(catalog, folder, years, scale, seed):
        asked.append(scale)
        raise InterruptedError

    monkeypatch.setattr(twin_module, "generate_again", generate)
    there = with_an_extract(home, tmp_path / "home", catalog, times)
    with pytest.raises(InterruptedError):
        make_twin(catalog, there, PROJECT, ACCOUNT, **SMALL | {"scale": None})
    assert asked == [scale]


def test_without_a_twin_the_size_is_measured_on_a_small_one_and_without_an_extract_it_is_a_hundredth(
    home, catalog, tmp_path, monkeypatch
):
    asked = []

    def generate(catalog, folder, years, scale, seed):
        asked.append(scale)
        raise InterruptedError

    monkeypatch.setattr(twin_module, "generate_again", generate)
    there = with_an_extract(home, tmp_path / "home", catalog, 4)
    shutil.rmtree(there.twins)
    for place in (there, Home(tmp_path / "empty")):
        with pytest.raises(InterruptedError):
            make_twin(catalog, place, PROJECT, ACCOUNT, **SMALL | {"scale": None})
    assert asked == [0.001, 0.01]


def test_a_twin_of_the_size_of_the_extract_is_made_once(home, catalog, tmp_path):
    there, told = with_an_extract(home, tmp_path / "home", catalog, 1), []
    before = current_extract(twin_home(there, PROJECT), PROJECT)
    twin = make_twin(catalog, there, PROJECT, ACCOUNT, **SMALL | {"scale": None}, progress=told.append)
    assert (twin, told[0]) == (before, "a fictitious chain, at scale 0.001")
    assert len(list(there.twins.glob("chain-*"))) == 1


def test_a_chain_of_nobodys_twin_is_removed_and_one_of_anothers_stays(tmp_path):
    home = Home(tmp_path)
    chains = [f"chain-{number:012x}" for number in range(3)]
    for chain in chains:
        (home.twins / chain / "warehouse").mkdir(parents=True)
    name_twin(home, "een", chains[0])
    assert {it.name for it in home.twins.glob("chain-*")} == {chains[0]}
    (home.twins / chains[1]).mkdir()
    name_twin(home, "twee", chains[1])
    assert {it.name for it in home.twins.glob("chain-*")} == {chains[0], chains[1]}
    name_twin(home, "een", chains[1])
    assert {it.name for it in home.twins.glob("chain-*")} == {chains[1]}


def test_the_size_of_a_twin_tells_nothing_exact():
    def table(rows):
        return ExtractedTable(("case_id",), rows, "")

    twin = {"cases": table(3_000), "persons": table(1_000)}
    found = {scale_like({"cases": table(rows)}, twin, 0.001) for rows in range(100, 3_000_001, 997)}
    assert found == set(STEPS)  # three million numbers of rows, ten answers
    assert {scale_like({"cases": table(rows)}, twin, 0.001) for rows in range(100)} == {None}
    assert scale_like({"strafzaken": table(10**6)}, twin, 0.001) is None


def test_the_name_of_a_twins_home_leads_nowhere_else(home, tmp_path):
    copy = Home(shutil.copytree(home.root, tmp_path / "home"))
    (copy.twins / CURRENT / PROJECT).write_text("../..")
    assert twin_home(copy, PROJECT).root.parent == copy.twins


def test_a_project_of_the_mode_remote_opens_its_twin_and_never_its_extract(home, catalog):
    grant = catalog.grants[PROJECT].model_copy(update={"mode": "remote"})
    remote = catalog.model_copy(update={"grants": {**catalog.grants, PROJECT: grant}})
    with pytest.raises(AccessRefused, match="--twin"):
        extract(remote, home, PROJECT, ACCOUNT, TODAY)
    make_twin(remote, home, PROJECT, ACCOUNT, **SMALL)
    with opened(home, remote, twin=False) as project:
        assert project.synthetic and project.manifest.project == PROJECT


@pytest.mark.filterwarnings("ignore::das_research.access.exits.RowsTakenOut")
def test_a_list_of_the_projects_own_is_made_up_in_its_layout_and_half_of_it_is_in_the_chain(home, catalog):
    """The grant gives no row about anybody else: so every linked person of the list has a row, and every row one."""
    project = "nazorg-deelnemers"
    made = make_twin(catalog, home, project, ACCOUNT, **SMALL)
    assert make_twin(catalog, home, project, ACCOUNT, **SMALL) == made
    assert list(made.own_files) == ["nazorg_deelnemers"]
    there = twin_home(home, project)
    lines = (there.root / "files" / "eigen" / "nazorg_deelnemers.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "BSN;naam;groep;instap;leeftijd;afgerond"
    numbers = {line.partition(";")[0] for line in lines[1:]}
    assert len(numbers) == 400 and all(len(it) == 9 and it.startswith("9") for it in numbers)
    with open_project(project, home=home, catalog=catalog, account=ACCOUNT, today=TODAY, twin=True) as opened_twin:
        tables = opened_twin.tables
        people = tables.nazorg_deelnemers.to_pyarrow().to_pylist()
        assert {row["groep"] for row in people} == {"nazorg", "controle"}
        assert {row["leeftijd"] for row in people} <= {18, 25, 35, 50}
        linked = {row["person_id"] for row in people if row["linked"]}
        assert len(people) == len({row["person_id"] for row in people}) == 400
        assert 20 < len(linked) <= 200
        told = [tables[name].select("person_id") for name in ("verdachtenregistraties", "strafzaken", "uitspraken")]
        assert {row["person_id"] for table in told for row in table.to_pyarrow().to_pylist()} == linked
        groups = das.tabulate(tables.nazorg_deelnemers, by=["groep"], measures={"personen": "persons"})
        assert groups.synthetic and groups.table.value.tolist()[-1] == 400
    assert not (home.warehouse / "own").exists(), "nothing of it is in the home itself"


def test_a_list_can_be_made_up_where_a_grant_has_one_of_a_chain_that_is_there(home, catalog, tmp_path):
    files = twin_home(home, PROJECT).root / "files"
    with pytest.raises(UsageError, match="No grant has an own file"):
        write_own_file(catalog, files, "strafzaken")
    with pytest.raises(UsageError, match="holds no chain"):
        write_own_file(catalog, tmp_path, "nazorg_deelnemers")
    kept = files / "eigen" / "nazorg_deelnemers.csv"
    one = write_own_file(catalog, files, "nazorg_deelnemers", seed=7, rows=20).read_bytes()
    assert write_own_file(catalog, files, "nazorg_deelnemers", seed=7, rows=20).read_bytes() == one
    assert write_own_file(catalog, files, "nazorg_deelnemers", seed=8, rows=20).read_bytes() != one
    kept.unlink()


def test_a_catalogue_without_a_synthetic_chain_says_so(tmp_path: Path):
    with pytest.raises(UsageError, match="synthetic"):
        make_twin(world.a_catalog(), Home(tmp_path), "proef", "anna", today=world.TODAY)
