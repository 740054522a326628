"""Remote work: a notebook goes to the rows, and only Results come back, through gate 3.

Its author never sees the rows, nor what the notebook printed of them. The notebook runs in a room without doors
(`isolation`); what it leaves there is a hand-over that is believed in nothing: gate 3 computes it again.
"""

import builtins
import hashlib
import json
import os
import shutil
import stat
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import nbformat

import das_research
from das_research.access.extract import extract
from das_research.access.grants import check_grant
from das_research.access.manifest import Extract, extract_folder
from das_research.access.own_key import own_key, own_key_path
from das_research.access.told import refusals_told
from das_research.audit import AuditLog
from das_research.audit_facts import use_of
from das_research.catalog.models import Catalog
from das_research.custody.own_files import destroy_replaced
from das_research.disclosure.notebooks import read_notebook
from das_research.errors import AccessRefused, RunFailed, UsageError
from das_research.handover import FILE, FOLDER, Handover, content_digest, read_handover, write_handover
from das_research.home import Home, new_folder, scratch_folder, write_file
from das_research.keys import files
from das_research.monitors.isolation import ROOM, Isolation, find_isolation
from das_research.monitors.run import TELLING, Run

NOTEBOOK, CATALOG, HOME, RUN = "notebook.ipynb", "catalog", "home", "run"
SECONDS = 4 * 60 * 60
LARGEST = 20 * 2**20  # bytes of a file of a hand-over
ERRORS = {name for name, it in vars(builtins).items() if isinstance(it, type) and issubclass(it, Exception)}


def submit(
    catalog: Catalog,
    catalog_folder: Path,
    home: Home,
    project: str,
    notebook: Path,
    account: str,
    today: date | None = None,
    *,
    seconds: int = SECONDS,
) -> Run:
    """Run a notebook over the extract of a project whose people may not see it.

    Parameters
    ----------
    catalog, catalog_folder
        The catalogue, and where it lies.
    home : Home
        The host's home folder.
    project : str
        The project, of the mode ``remote``.
    notebook : Path
        Written on the twin; what it printed there is left behind.
    account : str
        Its author, one of the grant's people.
    today : date, optional
        The day of the decision; default the current day.
    seconds : int
        The longest that it may take.

    Returns
    -------
    Run
        Its folder holds the hand-over, for gate 3; nothing else of the run is kept.

    Raises
    ------
    UsageError
        The project has another mode, or the notebook can't be read.
    AccessRefused
        The grant does not allow it, or this machine can't keep the notebook apart.
    RunFailed
        The notebook stopped, took too long, or handed over nothing that can be read: with the cell at most, and the
        kind of error where that is one of Python's own.
    """
    with refusals_told(catalog, home, project, account, today):
        grant = check_grant(catalog, project, account, today)
    if grant.mode != "remote":
        raise UsageError(
            f"The project '{project}' is not one of remote work: its people have the extract itself.",
            fix=f'Run the notebook there, on das.open_project("{project}").',
        )
    source = without_outputs(notebook)
    isolation = find_isolation()
    destroy_replaced(catalog, home, project, account)
    manifest = extract(catalog, home, project, account, today, apart=True)
    digest = hashlib.sha256(source.encode()).hexdigest()
    facts = use_of(catalog, project) | {"extract": manifest.id, "notebook": digest[:16]}
    AuditLog(home.audit_log).record("extract", "submitted", account, **facts)
    with scratch_folder(home.warehouse, "remote") as room:
        _lay_ready(room, source, catalog_folder, home, manifest)
        _own(room, isolation)
        _run(isolation, room, project, account, seconds)
        handover = _handover(_run_folder(room, project), manifest, account)
    folder = home.project(project) / "runs" / f"{project}-{content_digest(handover, digest)}"
    with new_folder(folder) as staging:
        write_handover(staging, handover)
    return Run(folder.name, folder)


def without_outputs(notebook: Path) -> str:
    """The notebook as it was written, without what it printed.

    Raises
    ------
    UsageError
        When it can't be read.
    """
    content = read_notebook(notebook)
    for cell in content.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nbformat.writes(content)


def _lay_ready(room: Path, source: str, catalog_folder: Path, home: Home, manifest: Extract) -> None:
    """All that the notebook finds: itself, the catalogue, and a home with this extract and nothing else."""
    write_file(room / NOTEBOOK, source)
    shutil.copytree(catalog_folder, room / CATALOG)
    there = Home(room / HOME)
    shutil.copytree(extract_folder(home, manifest), extract_folder(there, manifest))
    write_file(extract_folder(there, manifest).parent / "current", manifest.id)
    key = own_key_path(there, manifest.project, manifest.id)
    files.key_folder(key.parent)
    files.write_once(key, own_key(home, manifest.project, manifest.id))
    lines = [json.dumps(it) for it in AuditLog(home.audit_log).lines() if it["facts"].get("extract") == manifest.id]
    write_file(there.audit_log, "\n".join(lines) + "\n")
    _run_folder(room, manifest.project).mkdir(parents=True)


def _run_folder(room: Path, project: str) -> Path:
    return Home(room / HOME).project(project) / "runs" / RUN


def _own(room: Path, isolation: Isolation) -> None:
    for folder, folders, names in os.walk(room):
        for name in (".", *folders, *names):
            os.chown(Path(folder) / name, isolation.user, isolation.group, follow_symlinks=False)


def _run(isolation: Isolation, room: Path, project: str, account: str, seconds: int) -> None:
    settings = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(ROOM),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path(das_research.__file__).parents[1]),  # where it lies here, installed or not
        "DAS_CATALOG": str(ROOM / CATALOG),
        "DAS_HOME": str(ROOM / HOME),
        "DAS_ACCOUNT": account,
        "DAS_RUN": str(_run_folder(ROOM, project)),
        "DAS_REMOTE": "1",
    }
    command = isolation.command(room, ["-m", "das_research.monitors.remote_run", NOTEBOOK], settings)
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise RunFailed(f"The notebook took longer than {seconds} seconds.", fix="Try it on the twin first.") from None
    if done.returncode:
        raise RunFailed(
            _stopped(done.stdout), fix="Try it on the twin first: the same tables, and you see what it says."
        )


def _stopped(said: bytes) -> str:
    """Where it stopped. The notebook may have written these words itself, so hardly any is believed."""
    try:
        told = json.loads(said[-200:].splitlines()[-1])
        cell, name = int(told["cell"]), str(told["error"])
    except (ValueError, TypeError, KeyError, IndexError):
        return "The notebook stopped."
    where = f" at cell {cell}" if 0 < cell < 1000 else ""
    return f"The notebook stopped{where}" + (f" with {name}." if name in ERRORS | set(TELLING) else ".")


def _handover(run: Path, manifest: Extract, account: str) -> Handover:
    for path in (run / FILE, *(run / FOLDER).glob("*")):
        if not os.path.lexists(path):
            continue
        if not stat.S_ISREG((found := path.lstat()).st_mode):
            raise RunFailed("The notebook handed over what is no file.", fix="Hand over Results only.")
        if found.st_size > LARGEST:
            raise RunFailed("The notebook handed over more than a table can be.", fix="Hand over Results only.")
    if not (run / FILE).is_file():
        raise RunFailed("The notebook handed over nothing.", fix="Call project.release(...) in it.")
    try:
        handover = read_handover(run)
        for text in (handover.to_json(), *(it.to_json() for it in handover.results.values())):
            text.encode()  # half a sign can be read, and not be written
    except Exception:  # its words quote what the notebook wrote
        raise RunFailed("What the notebook handed over can't be read.", fix="Hand over Results only.") from None
    if (handover.project, handover.extract, handover.snapshot) != (manifest.project, manifest.id, manifest.snapshot):
        raise AccessRefused("The hand-over is not of this project.", fix="Hand over what the notebook computes.")
    return replace(handover, author=account, monitor="", parameters={})
