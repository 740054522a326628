"""Running a monitor's notebook over the project's extract, in a process of its own.

The run's id is the hash of all it depends on: notebook, parameters, extract, code. The same inputs again give the same
id, and nothing is run.
"""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from traitlets.config import Config

from das_research.access.grants import check_grant
from das_research.access.manifest import current_extract
from das_research.catalog import Catalog
from das_research.errors import RunFailed, UsageError
from das_research.home import Home, new_folder
from das_research.monitors.parameters import Value, find_monitor
from das_research.warehouse.code import code_version

NOTEBOOKS = Path("notebooks")
TELLING = ("AccessRefused", "CatalogError", "UsageError")  # exactly these: others can quote a value or a code


@dataclass(frozen=True)
class Run:
    """One run of a monitor: its folder holds the executed notebook and the hand-over to gate 3."""

    id: str
    folder: Path


def run_monitor(
    catalog: Catalog,
    catalog_folder: Path,
    home: Home,
    monitor_id: str,
    parameters: Mapping[str, Value],
    account: str,
    *,
    notebooks: Path = NOTEBOOKS,
) -> Run:
    """Run a monitor once.

    Parameters
    ----------
    catalog, catalog_folder
        The catalogue, and where the notebook's own process finds it.
    home : Home
        The home folder; the project's current extract is used.
    monitor_id : str
        The monitor.
    parameters : mapping
        From `resolve_parameters`.
    account : str
        Who runs it; must be one of the project's people.
    notebooks : Path
        The folder of the notebooks.

    Returns
    -------
    Run

    Raises
    ------
    UsageError
        An unknown monitor, or a notebook that is not there.
    AccessRefused
        The account may not work in the project, or the project has no extract.
    RunFailed
        A cell of the notebook failed; the notebook as far as it came is kept.
    """
    monitor = find_monitor(catalog, monitor_id)
    notebook = notebooks / monitor.notebook
    if not notebook.is_file():
        raise UsageError(
            f"{notebook} is not there.", why=f"Monitor {monitor_id} names it.", fix="Run das in the project's folder."
        )
    check_grant(catalog, monitor.project, account)  # a run that stands already is answered without opening the project
    extract = current_extract(home, monitor.project)
    given = {"project": monitor.project, **parameters}
    inputs = json.dumps([monitor_id, given, extract.id, _digest(notebook), code_version()], sort_keys=True)
    run_id = f"{monitor_id}-{hashlib.sha256(inputs.encode()).hexdigest()[:12]}"
    folder = home.project(monitor.project) / "runs" / run_id
    if folder.exists():
        return Run(run_id, folder)
    with new_folder(folder) as staging:
        settings = {
            "DAS_CATALOG": str(catalog_folder.resolve()),
            "DAS_HOME": str(home.root.resolve()),
            "DAS_ACCOUNT": account,
            "DAS_RUN": str(staging.resolve()),
            "DAS_MONITOR": monitor_id,
            "DAS_PARAMETERS": json.dumps(dict(parameters), sort_keys=True),
        }
        with _environment(settings):
            _execute(notebook, staging / "notebook.ipynb", given, folder.parent / f"failed-{run_id}.ipynb")
    return Run(run_id, folder)


def _execute(notebook: Path, executed: Path, given: dict[str, Value], failed: Path) -> None:
    import papermill
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="das-") as sockets:
        try:
            papermill.execute_notebook(
                notebook,
                executed,
                parameters=given,
                kernel_name="python3",
                progress_bar=False,
                config=own_sockets(Path(sockets)),
            )
        except PapermillExecutionError as error:
            shutil.copy(executed, failed)
            raise RunFailed(
                f"The notebook stopped at cell {error.exec_count} with {error.ename}.",
                why=error.evalue if error.ename in TELLING else "",
                fix=f"Open {failed} to see the cell.",
            ) from None


def own_sockets(folder: Path) -> Config:
    """The kernel talks over files that only this account can open: over TCP any account of the machine could listen."""
    return Config(KernelManager={"transport": "ipc", "ip": str(folder / "kernel")})


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
