"""The whole way, run as a stranger runs it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def typed(demo: Walked, *arguments: str | Path, account: str = "onderzoeker-demo") -> Any:
    """Run the command in this process, which has loaded it already: what it says and how it ends are the same."""
    from typer.testing import CliRunner

    from das_research.cli import app

    places = ("--catalog", demo.catalog, "--home", demo.home.root)
    return CliRunner().invoke(app, [*map(str, places), *map(str, arguments)], env={"DAS_ACCOUNT": account})


def walk(catalog: Path, root: Path, *options: str | Path) -> Walked:
    """Run `das demo` over a catalogue in a new home."""
    done = das("--catalog", catalog, "--home", root, "demo", *options)
    assert done.returncode == 0, done.stderr
    return Walked(Home(root), catalog, done.stdout)
