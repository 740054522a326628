"""One site of fictitious data with two editions, and one of real data with one, built once."""

import pytest
from edition_world import EARLIER, PUBLISHED, one_year_release, publish_editions, release

from das_research.home import Home


@pytest.fixture(scope="session")
def synthetic_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return publish_editions(tmp_path_factory.mktemp("synthetic"), release(), EARLIER, PUBLISHED)


@pytest.fixture(scope="session")
def real_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return publish_editions(tmp_path_factory.mktemp("real"), one_year_release(), PUBLISHED)
