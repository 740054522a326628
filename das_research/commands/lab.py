"""`das lab`: JupyterLab, ready for the notebooks."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from das_research.commands.context import print_text, state_of

if TYPE_CHECKING:
    from das_research.catalog.models import Catalog


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    app.command("lab", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(lab)


def lab(context: typer.Context) -> None:
    """Open JupyterLab on the notebooks, with this catalogue and home; further options go to JupyterLab."""
    state = state_of(context)
    if not (state.home.root / "projects").is_dir():
        print_text("No project has an extract yet. Type first: das demo, or das project extract PROJECT")
    settings = {
        "DAS_CATALOG": str(state.catalog_dir.resolve()),
        "DAS_HOME": str(state.home.root.resolve()),
        "DAS_ACCOUNT": _account(state.catalog()),
    }
    notebooks = Path("notebooks").resolve()
    command = [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(notebooks), *context.args]
    raise typer.Exit(subprocess.run(command, env={**os.environ, **settings}, check=False).returncode)


def _account(catalog: "Catalog") -> str:
    """Your own account; without one that was named, the demonstration's researcher where the catalogue has one."""
    from das_research.access.grants import current_account

    if os.environ.get("DAS_ACCOUNT") or catalog.demo is None:
        return current_account()
    print_text(f"You work as {catalog.demo.researcher}, of the demonstration. Set DAS_ACCOUNT to change it.")
    return catalog.demo.researcher
