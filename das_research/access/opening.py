"""Opening a project: by a researcher, whose grant is asked, and by gate 3, which computes its results again."""

import os
import warnings as python_warnings
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from das_research.access import clock
from das_research.access.completing import complete_on_tab
from das_research.access.database import check_database
from das_research.access.deadlines import warnings
from das_research.access.exits import watch_exits
from das_research.access.grants import check_for_host, check_grant, check_mode, current_account, find_grant
from das_research.access.manifest import Extract, current_extract, current_server, read_extract
from das_research.access.project import Project
from das_research.access.scope import grant_hash
from das_research.access.sealed import refuse_closed
from das_research.access.server import entered, record_opening
from das_research.access.server_names import gate_login
from das_research.access.told import refusals_told, tell
from das_research.access.twin_homes import twin_home
from das_research.access.zones import can_enter_warehouse
from das_research.catalog import load_catalog
from das_research.catalog.models import Catalog, Grant
from das_research.catalog.own_files import seen_by
from das_research.errors import AccessRefused
from das_research.home import Home

if TYPE_CHECKING:
    from das_research.access.preview import Preview

ENTERED = (
    "The extract says that three accounts keep the zones apart, but this account can enter the warehouse. "
    "So the walls between the zones don't hold for it; ask whoever keeps the home folder."
)


def open_project(
    project: str,
    *,
    home: Home | Path | str | None = None,
    catalog: Catalog | Path | str | None = None,
    account: str | None = None,
    today: date | None = None,
    twin: bool | None = None,
) -> Project:
    """Open a project: the grant is checked, then its own database is opened read-only.

    Parameters
    ----------
    project : str
        The project, which is the id of its grant.
    home : Home, Path or str, optional
        The home folder; default ``DAS_HOME``, else ``.das``.
    catalog : Catalog, Path or str, optional
        The catalogue or its folder; default ``DAS_CATALOG``, else ``data_catalog``.
    account : str, optional
        Who opens it; default ``DAS_ACCOUNT``, else the account of the operating system. Of a project on a server: the
        login to ask for, by default libpq's own. Who it is, is then what the server says (``session_user``).
    today : date, optional
        The day of the decision; default the current day.
    twin : bool, optional
        Whether to open the project's twin, which holds the same tables of a fictitious chain; default what
        ``DAS_TWIN`` says (``1`` or empty). A project of the mode ``remote`` opens its twin whatever is asked.

    Returns
    -------
    Project
        The open project. Near the end of the grant, of the account's time in it, or of an agreement under it, a
        warning is given.

    Raises
    ------
    UsageError
        No such project.
    AccessRefused
        The grant does not allow it, or there is no extract of the grant as it is now.

    Examples
    --------
    >>> project = das.open_project("ketenmonitor")  # doctest: +SKIP
    >>> project.tables.events.count()  # doctest: +SKIP
    """
    catalog, home = _asked_for(catalog, home)
    catalog = seen_by(catalog, project)
    if project in catalog.grants and not _is_twin(catalog.grants[project], twin) and current_server(home, project):
        login = account or os.environ.get("DAS_ACCOUNT")
        return _open_on_server(home, catalog, project, login, today or clock.today())
    account = account or current_account()
    with refusals_told(catalog, home, project, account, today):
        find_grant(catalog, project)
        refuse_closed(home, project)
        grant = check_grant(catalog, project, account, today)
    with refusals_told(catalog, home, project, account, kind="extract"):
        if _is_twin(grant, twin):
            home = twin_home(home, project)
        manifest = current_extract(home, project)
        _check_scope(catalog, grant, manifest, home)
    _tell_opened(catalog, home, account, manifest)
    if manifest.mode == "three accounts" and can_enter_warehouse(home):
        python_warnings.warn(ENTERED, stacklevel=2)
    for sentence in warnings(catalog, project, account, today):
        python_warnings.warn(sentence, stacklevel=2)
    return _watched(Project(home, catalog, grant, manifest, account), home)


def _open_on_server(home: Home, catalog: Catalog, project: str, login: str | None, today: date) -> Project:
    """The same refusals, of the person whom the server knows; nobody connects where the grant has ended."""
    asked = login or "the server's"
    with refusals_told(catalog, home, project, asked, today):
        grant = check_for_host(catalog, project, today)
        check_mode(grant)
    with refusals_told(catalog, home, project, asked, kind="extract"):
        manifest = current_extract(home, project)
        _check_scope(catalog, grant, manifest, home)
    with entered(manifest, login) as (engine, account):
        with refusals_told(catalog, home, project, account, today):
            check_grant(catalog, project, account, today)
        record_opening(engine, manifest)
        engine.most_rows = grant.limits.rows
        _tell_opened(catalog, home, account, manifest)
        for sentence in warnings(catalog, project, account, today):
            python_warnings.warn(sentence, stacklevel=3)
        return _watched(Project(home, catalog, grant, manifest, account, engine), home)


def _tell_opened(catalog: Catalog, home: Home, account: str, manifest: Extract) -> None:
    facts = {"extract": manifest.id, "snapshot": manifest.snapshot}
    tell(catalog, home, "opened", account, manifest.project, **facts, rows=manifest.rows)


def _watched(project: Project, home: Home) -> Project:
    """The project, whose rows from now on are not taken out unnoticed, and whose columns Tab completes."""

    def record(**facts: str | int) -> None:
        tell(project.catalog, home, "taken out", project.account, project.id, extract=project.manifest.id, **facts)

    watch_exits(project.engine, project.id, record)
    complete_on_tab()
    return project


def _is_twin(grant: Grant, asked: bool | None) -> bool:
    """Whether the twin is opened. Where remote work runs (``DAS_REMOTE``) is no twin, and elsewhere no extract."""
    if grant.mode == "remote":
        return not os.environ.get("DAS_REMOTE")
    return bool(os.environ.get("DAS_TWIN")) if asked is None else asked


def preview(
    project: str,
    *,
    home: Home | Path | str | None = None,
    catalog: Catalog | Path | str | None = None,
    today: date | None = None,
) -> "Preview":
    """What a project's grant gives: tables, columns and rows by year, and what is left out and why.

    It opens nothing, and anybody may ask: no value of a row is told, and no small number.

    Parameters
    ----------
    project, home, catalog
        As for `open_project`.
    today : date, optional
        The day for which it is; default the current day.

    Returns
    -------
    Preview
        Shows itself as tables; `preview_page.page_of` makes of it the page for those who approve the grant.

    Raises
    ------
    UsageError
        No such project.

    Examples
    --------
    >>> das.preview("ketenmonitor")  # doctest: +SKIP
    """
    from das_research.access.preview import preview as preview_of

    return preview_of(*_asked_for(catalog, home), project, today)


def open_for_release(home: Home, catalog: Catalog, project: str, extract_id: str, account: str) -> Project:
    """Open the extract under a hand-over, as gate 3 does to compute its Results again.

    The account is the gate's and none of the project's people, so the grant's people and dates are not asked. On a
    server it connects with the login of gate 3 for this project, which may read nothing else: a researcher wrote the
    queries that run.

    Raises
    ------
    UsageError
        No such project.
    AccessRefused
        The extract is not there, or holds what the grant as it is now does not give: what was taken from a project does
        not leave it afterwards.
    """
    catalog = seen_by(catalog, project)
    grant = find_grant(catalog, project).on(clock.today())
    manifest = read_extract(home, project, extract_id)
    _check_scope(catalog, grant, manifest, home)
    if manifest.server:
        with entered(manifest, gate_login(project)) as (engine, _):
            record_opening(engine, manifest)
            return Project(home, catalog, grant, manifest, account, engine)
    check_database(home, manifest)
    return Project(home, catalog, grant, manifest, account)


def _asked_for(catalog: Catalog | Path | str | None, home: Home | Path | str | None) -> tuple[Catalog, Home]:
    if not isinstance(catalog, Catalog):
        catalog = load_catalog(catalog or os.environ.get("DAS_CATALOG", "data_catalog"))
    if not isinstance(home, Home):
        home = Home(Path(home or os.environ.get("DAS_HOME", ".das")))
    return catalog, home


def _check_scope(catalog: Catalog, grant: Grant, manifest: Extract, home: Home) -> None:
    if manifest.grant_hash != grant_hash(catalog, grant):
        raise AccessRefused(
            f"The extract of the project '{grant.id}' is not that of its grant as it is now.",
            why="The grant, or an agreement or dataset under it, changed since the extract was made.",
            fix=f"Type: das project extract {grant.id}{' --twin' if home.own_keys else ''}",
        )
