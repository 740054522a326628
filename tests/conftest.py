"""What several kinds of tests share: the whole way, run once."""

import os

import pytest
from whole_way import ROOT, Walked, walk


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
