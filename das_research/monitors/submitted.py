"""The host's round: what lies in the drop folder is run in the room of remote work, one at a time, and answered."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from das_research.catalog.models import Catalog
from das_research.changes import moment_now
from das_research.errors import DasError, UsageError
from das_research.home import Home, locked, scratch_folder
from das_research.monitors.drop_folder import OUT, Request, answer, refuse_open, take, waiting
from das_research.monitors.isolation import find_isolation
from das_research.monitors.remote import SECONDS, submit
from das_research.monitors.told_back import told_back

LOCK = ".submitted.lock"
RUNNING, CHECKED, STOPPED, BROKEN_OFF = "running", "checked", "stopped", "broken off"
AGAIN = "Hand it in again: it is never run twice by itself."

Check = Callable[[Path, str], tuple[str, str]]  # a run's folder and its account to a release and its state


def run_submitted(
    catalog: Catalog,
    catalog_folder: Path,
    home: Home,
    drop: Path,
    check: Check,
    today: date | None = None,
    *,
    seconds: int = SECONDS,
) -> Iterator[tuple[Request, str]]:
    """Run every notebook that lies ready, each in the name of the account that owns it; another round waits meanwhile.

    Parameters
    ----------
    catalog, catalog_folder, home, today, seconds
        As for `submit`.
    drop : Path
        The drop folder; see `das_research.monitors.drop_folder`.
    check : callable
        Has gate 3 check a run.

    Yields
    ------
    tuple
        A request, and what became of it. Its account finds the same in the drop folder.

    Raises
    ------
    AccessRefused
        When this machine can't keep notebooks apart, or the drop folder is open to others; then nothing is taken.
    """
    find_isolation()
    refuse_open(drop)
    with locked(home.warehouse / LOCK):
        _tell_broken_off(drop)
        for request in waiting(drop):
            yield request, _one(catalog, catalog_folder, home, drop, request, check, today, seconds)


def _one(
    catalog: Catalog,
    catalog_folder: Path,
    home: Home,
    drop: Path,
    request: Request,
    check: Check,
    today: date | None,
    seconds: int,
) -> str:
    begun = moment_now()
    answer(drop, request, state=RUNNING, begun=begun)  # before it is taken: a killed round leaves a word
    told = {"begun": begun, "ended": ""}
    try:
        data = take(drop, request)
        with scratch_folder(home.warehouse, "submitted") as folder:
            notebook = folder / "notebook.ipynb"
            notebook.write_bytes(data)
            done = submit(
                catalog, catalog_folder, home, request.project, notebook, request.account, today, seconds=seconds
            )
        with told_back():
            release, word = check(done.folder, request.account)
    except DasError as error:
        said = {name: getattr(error, name) for name in ("what", "why", "fix", "ask") if getattr(error, name)}
        answer(drop, request, state=STOPPED, **told | {"ended": moment_now()}, **said)
        return f"{STOPPED}: {error.what}"
    except Exception:  # whose words may quote rows
        answer(drop, request, state=STOPPED, **told | {"ended": moment_now()}, what="The host's program failed.")
        return f"{STOPPED}: the program failed"
    answer(drop, request, state=CHECKED, **told | {"ended": moment_now()}, release=release, release_state=word)
    return f"{CHECKED}: {release} ({word})"


def _tell_broken_off(drop: Path) -> None:
    """What a killed round left as running was taken already, and is not run again, or lies ready still."""
    for path in (drop / OUT).glob("*/*.json"):
        with suppress(ValueError, KeyError, UsageError):
            told = json.loads(path.read_text(encoding="utf-8"))
            if told["state"] == RUNNING:
                request = Request(path.parent.name, told["project"], path.with_suffix(".ipynb").name)
                answer(drop, request, state=BROKEN_OFF, begun=told["begun"], fix=AGAIN)
