"""What several kinds of tests share: the whole way, run once; and how they are divided over workers."""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from trusted_extension import trust_once_checked
from whole_way import ROOT, Walked, walk

from das_research.home import Home

if TYPE_CHECKING:
    from postgres_server import Server

    from das_research.intake.delivery import Delivery

trust_once_checked()
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command has it, before NumPy is there


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Divide the tests over workers by what they stand on; other ways of dividing are as pytest-xdist has them."""
    if config.getvalue("dist") != "loadfile":
        return None
    from together import taken_with
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False  # the order is that of the items
    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = taken_with
    return scheduler


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        from together import in_order, taken_with

        places = in_order(item.nodeid for item in items)
        items.sort(key=lambda item: places[taken_with(item.nodeid)])


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the collector of garbage need not go through it again and again."""
    gc.freeze()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """The synthetic chain from nothing to the website."""
    return walk(ROOT / "data_catalog", tmp_path_factory.mktemp("demo") / "home")


@pytest.fixture(scope="session")
def real_deliveries(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict[str, "Delivery"]]:
    """A home to which the four files of the real chain were delivered, where they are at hand."""
    from das_research.catalog import load_catalog
    from das_research.intake.gate import deliver

    data = os.environ.get("DAS_REAL_DATA")
    if not data:
        pytest.skip("DAS_REAL_DATA does not name a folder with the four files of examples/cook-county")
    catalog, home = load_catalog(ROOT / "examples" / "cook-county"), Home(tmp_path_factory.mktemp("real") / "home")
    assert catalog.demo
    files = catalog.demo.source.files
    return home, {name: deliver(catalog, home, name, Path(data) / file, "steward") for name, file in files.items()}


def a_server() -> Iterator["Server"]:
    """A PostgreSQL server; where none can be started, the test is skipped and says why."""
    pytest.importorskip("psycopg", reason="the extra postgres is not installed")
    from postgres_server import NoServerError, running_server

    with ExitStack() as opened:
        try:
            running = opened.enter_context(running_server())
        except NoServerError as error:
            pytest.skip(f"no PostgreSQL server: {error}")
        yield running


one_server = pytest.fixture(scope="session", name="one_server")(a_server)  # of the chain that lies there
server = pytest.fixture(scope="module", name="server")(a_server)  # of a module's own: roles belong to a whole server


@pytest.fixture(scope="session")
def synthetic_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A site of fictitious data with two editions; tests look at it and leave it as it is."""
    from edition_world import EARLIER, PUBLISHED, publish_editions, release

    return publish_editions(tmp_path_factory.mktemp("synthetic"), release(), EARLIER, PUBLISHED)


@pytest.fixture(scope="session")
def themes_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A site of fictitious data with key figures by theme; tests look at it and leave it as it is."""
    from theme_world import publish_themes

    return publish_themes(tmp_path_factory.mktemp("themes"))


@pytest.fixture(scope="session")
def real_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A site of real data with one edition; tests look at it and leave it as it is."""
    from edition_world import PUBLISHED, one_year_release, publish_editions

    return publish_editions(tmp_path_factory.mktemp("real"), one_year_release(), PUBLISHED)
