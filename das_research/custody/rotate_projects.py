"""A new master key of projects: every pseudonym of every project follows from it, so all of them end and begin anew."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime

from das_research.catalog.models import Catalog
from das_research.changes import change, warehouse_lock
from das_research.custody.close import Ending
from das_research.errors import AccessRefused, UsageError
from das_research.home import Home, complete_folders
from das_research.keys.store import MASTER

ROTATED = "the key from which the pseudonyms of all projects follow was rotated"


@dataclass(frozen=True)
class ProjectsRotated:
    """What a rotation ended: the projects, and how many extracts they had."""

    projects: tuple[str, ...]
    extracts: int


def rotate_projects(catalog: Catalog, home: Home, account: str, today: date | None = None) -> ProjectsRotated:
    """Close every project and destroy the master key, in one act; the next extract of each is under a fresh one.

    Closing seals what was handed over and destroys the extracts with their keys, as `close` does: rows under the old
    key would join with nothing made later, and after a leak they are what the rotation is for. What a project took out
    keeps its old pseudonyms, and so do backups.

    Parameters
    ----------
    catalog : Catalog
        Its grants.
    home : Home
        The home folder.
    account : str
        Who rotates.
    today : date, optional
        Default the current day.

    Raises
    ------
    UsageError
        When there is no such key yet.
    AccessRefused
        When this account can't see every project, or a link stands where a file of a project should.
    DasError
        When a server on which an extract lies does not give it up.
    """
    with warehouse_lock(home):
        if not (home.steward_keys / MASTER).exists():
            raise UsageError(
                "There is no key of projects yet.",
                why="It is made with the first extract.",
                fix="das project extract PROJECT",
            )
        endings = [it for it in (Ending.of(home, name) for name in _projects(home)) if it.extracts or it.runs]
        for ending in endings:
            ending.take_away()
        with change(home, "custody", "rotated", account) as made:
            for ending in endings:
                _, facts = ending.add_to(made, catalog, today or datetime.now(UTC).date(), ROTATED)
                made.also("closed", **facts)
            made.destroy_key(MASTER.removesuffix(".key"))
            extracts = sum(len(ending.extracts) for ending in endings)
            made.facts |= {"keys": "projects", "projects": len(endings), "extracts": extracts}
    return ProjectsRotated(tuple(ending.project for ending in endings), extracts)


def _projects(home: Home) -> list[str]:
    """Every project of the home; refused where one can't be looked into, since it would keep rows under the old key."""
    folders = complete_folders(home.project("any").parent)
    closed = [folder.name for folder in folders if not os.access(folder, os.R_OK | os.W_OK | os.X_OK)]
    if closed:
        raise AccessRefused(
            f"The key of projects can't be rotated from this account: it can't enter {', '.join(closed)}.",
            why="An extract that nobody sees here would stay, with pseudonyms of the old key.",
            fix="Type it again from the account that keeps the whole home folder.",
            ask="the host",
        )
    return sorted(folder.name for folder in folders)
