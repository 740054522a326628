"""Another account of the same machine: what it can read of a home, and what a gate leaves outside of it."""

import os
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import das_research as das
from das_research.access.extract import extract
from das_research.access.opening import open_project
from das_research.access.preview import preview
from das_research.catalog import load_catalog
from das_research.disclosure.gate import check_release
from das_research.engines import memory_engine
from das_research.home import Home
from das_research.intake.gate import deliver
from das_research.monitors.computing import run_recipe
from das_research.synthetic.generate import generate
from das_research.warehouse.build import build

CATALOG = load_catalog(Path(__file__).parents[2] / "data_catalog")
PROJECT, RESEARCHER, TODAY = "ketenmonitor", "onderzoeker-demo", date(2026, 6, 1)
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@pytest.fixture(scope="module")
def umask() -> Iterator[None]:
    """As most systems have it: what a program makes can be read by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="module")
def home(umask: None, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after gates 1, 2 and 3, under a root that its owner left open, and an empty folder to work in."""
    place = tmp_path_factory.mktemp("zones")
    home, work = Home(place / "home"), place / "work"
    home.root.mkdir(mode=0o755)
    work.mkdir()
    before = Path.cwd()
    os.chdir(work)
    try:
        for dataset, path in generate(CATALOG, place / "files", (2020, 2022), 0.001, 1).items():
            deliver(CATALOG, home, dataset, path, RESEARCHER)
        build(CATALOG, home)
        preview(CATALOG, home, PROJECT)
        extract(CATALOG, home, PROJECT, RESEARCHER, TODAY)
        with open_project(PROJECT, home=home, catalog=CATALOG, account=RESEARCHER, today=TODAY) as project:
            run = project.release(das.chain.flow(project, 2020, 2022), "flow")
            folder = home.project(PROJECT) / "runs" / run
            check_release(CATALOG, home, folder, lambda _, recipe: run_recipe(project, recipe), RESEARCHER)
    finally:
        os.chdir(before)
    return home


def open_to_others(root: Path) -> list[str]:
    """Files that another account can reach from the root and read."""
    found = []
    for path in root.iterdir():
        mode = stat.S_IMODE(path.stat().st_mode)
        if path.is_dir():
            found += open_to_others(path) if mode & OTHERS else []
        elif mode & OTHERS:
            found.append(path.relative_to(root).as_posix())
    return found


def test_no_file_of_a_zone_can_be_read_by_another_account(home: Home) -> None:
    written = {path.name for path in home.root.rglob("*") if path.is_file()}
    assert {"accepted.parquet", "extract.duckdb", "handover.json", "release.json", "audit.jsonl"} <= written
    assert open_to_others(home.root) == []


def test_the_search_would_find_an_open_file(umask: None, tmp_path: Path) -> None:
    (tmp_path / "zone").mkdir()
    (tmp_path / "zone" / "open").write_text("")
    (tmp_path / "zone" / "closed").write_text("")
    (tmp_path / "zone" / "closed").chmod(0o600)
    assert open_to_others(tmp_path) == ["open"]


def test_nothing_is_left_in_the_folder_in_which_somebody_works(home: Home) -> None:
    assert list((home.root.parent / "work").iterdir()) == []
    assert not list(home.root.rglob(".staging-*"))


def test_what_does_not_fit_in_memory_stays_in_the_zone_and_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, zone = tmp_path / "work", tmp_path / "zone's"
    work.mkdir()
    monkeypatch.chdir(work)
    with memory_engine(zone) as engine:
        engine.con.execute("set memory_limit = '40MB'")
        engine.con.execute("create temp table t as select range, md5(range::varchar) from range(2000000)")
        assert [path for path in zone.rglob("*") if path.is_file()]
        assert open_to_others(tmp_path) == []
    assert not list(zone.iterdir()) and not list(work.iterdir())


def test_an_engine_without_a_zone_puts_nothing_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with memory_engine() as engine:
        assert engine.con.execute("select current_setting('temp_directory')").fetchone() == ("",)
