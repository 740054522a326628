"""What several kinds of tests share: the whole way, run once."""

import os

import pytest
from trusted_extension import trust_once_checked
from whole_way import ROOT, Walked, walk

from das_research.home import Home

trust_once_checked()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """The synthetic chain from nothing to the website."""
    return walk(ROOT / "data_catalog", tmp_path_factory.mktemp("demo") / "home")


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """The real chain from its files to the website, where the files are at hand."""
    data = os.environ.get("DAS_REAL_DATA")
    if not data:
        pytest.skip("DAS_REAL_DATA is not set: the four files of examples/cook-county are not at hand")
    return walk(ROOT / "examples" / "cook-county", tmp_path_factory.mktemp("real") / "home", "--data", data)


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
