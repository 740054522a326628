"""The same small synthetic chain, extracted twice: as a file of DuckDB and on a PostgreSQL server."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from postgres_server import Server

from das_research.access.extract import extract
from das_research.access.extract_to_server import extract_to_server
from das_research.access.opening import open_project
from das_research.access.project import Project
from das_research.catalog import load_catalog
from das_research.home import Home
from das_research.intake.gate import deliver
from das_research.synthetic.generate import generate
from das_research.warehouse.build import build

ROOT = Path(__file__).parents[2]
PROJECTS = ("ketenmonitor", "kerncijfers", "recidivemonitor")
RESEARCHER, TODAY = "onderzoeker-demo", date(2026, 6, 1)


@dataclass(frozen=True)
class Twice:
    """Two homes with equal warehouses, whose extracts lie in a file and on a server."""

    catalog: Path
    file: Home
    server: Home


@dataclass(frozen=True)
class InAFile:
    """A catalogue whose grants hold today, and a home in which its projects have extracts in files."""

    catalog: Path
    home: Home

    def open(self, project: str) -> Project:
        """One of them, as a researcher opens it."""
        return open_project(project, home=self.home, catalog=self.catalog, account=RESEARCHER, today=TODAY)


@pytest.fixture(scope="session")
def in_a_file(tmp_path_factory: pytest.TempPathFactory) -> InAFile:
    folder = tmp_path_factory.mktemp("engines")
    catalog_folder = shutil.copytree(ROOT / "data_catalog", folder / "data_catalog")
    for path in (*catalog_folder.glob("grants/*.yaml"), *catalog_folder.glob("agreements/*.yaml")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("end: 2030-12-31", "end: 2100-12-31"))  # the server judges by its own clock
    rules = catalog_folder / "catalog.yaml"
    more = "dominance: 50\n  dominance_of: {2: 80, 3: 92.5}\n  p_percent: 12.5"
    rules.write_text(rules.read_text(encoding="utf-8").replace("dominance: 50", more), encoding="utf-8")
    catalog, file = load_catalog(catalog_folder), Home(folder / "file")
    for dataset, path in generate(catalog, folder / "synthetic", (2020, 2022), 0.001, 1).items():
        deliver(catalog, file, dataset, path, RESEARCHER)
    build(catalog, file)
    for project in PROJECTS:  # the key of its pseudonyms is made with its first extract
        extract(catalog, file, project, RESEARCHER, TODAY)
    return InAFile(catalog_folder, file)


@pytest.fixture(scope="session")
def twice(in_a_file: InAFile, one_server: Server) -> Twice:
    catalog_folder, file = in_a_file.catalog, in_a_file.home
    catalog = load_catalog(catalog_folder)
    on_server = Home(shutil.copytree(file.root, file.root.parent / "server"))
    for project in PROJECTS:
        extract_to_server(catalog, on_server, project, "steward", one_server.url(), TODAY)
    return Twice(catalog_folder, file, on_server)


@pytest.fixture(params=PROJECTS)
def both(twice: Twice, request: pytest.FixtureRequest) -> Iterator[tuple[Project, Project]]:
    """A project, opened in its file and on the server."""
    given = {"catalog": twice.catalog, "account": RESEARCHER, "today": TODAY}
    with (
        open_project(request.param, home=twice.file, **given) as file,
        open_project(request.param, home=twice.server, **given) as on_server,
    ):
        yield file, on_server
