"""What several kinds of tests share: the whole way, run once as a stranger runs it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from das_research.home import Home

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Walked:
    """A home folder after `das demo`, and what the command printed."""

    home: Home
    catalog: Path
    output: str


def das(*arguments: str | Path, account: str = "onderzoeker-demo") -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "das_research.cli", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "DAS_ACCOUNT": account},
        capture_output=True,
        text=True,
        check=False,
    )


def walk(catalog: Path, root: Path, *options: str | Path) -> Walked:
    """Run `das demo` over a catalogue in a new home."""
    done = das("--catalog", catalog, "--home", root, "demo", *options)
    assert done.returncode == 0, done.stderr
    return Walked(Home(root), catalog, done.stdout)


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
