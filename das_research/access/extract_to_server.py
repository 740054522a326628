"""Gate 2 on a PostgreSQL server: the same extract as in a file, laid in a schema of the project's own."""

import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

from das_research.access import clock
from das_research.access.about import ABOUT_TABLES, describe
from das_research.access.contents import granted_contents, write_tables
from das_research.access.extract import log_extract, manifest_of, snapshot_of
from das_research.access.grants import check_for_host, check_mode
from das_research.access.manifest import DATABASE, MANIFEST, Extract, current_extract, extract_folder, extract_id
from das_research.access.own_key import refuse_links
from das_research.access.server import address_of, lay
from das_research.access.server_names import Content
from das_research.audit import stamp
from das_research.catalog.models import Catalog
from das_research.catalog.own_files import seen_by
from das_research.changes import tombstone, warehouse_lock
from das_research.engines import comments, memory_engine, new_extract
from das_research.errors import AccessRefused
from das_research.home import Home, scratch_folder, write_file
from das_research.keys import files


def extract_to_server(
    catalog: Catalog,
    home: Home,
    project: str,
    account: str,
    to: str,
    today: date | None = None,
    snapshot_id: str | None = None,
) -> Extract:
    """Lay a project's extract on a server, in the place of the one before it.

    The same snapshot, grant, key and server give the same extract; it is left as it lies, and its logins follow the
    grant. On the way the rows stand in an encrypted file whose key is never written.

    Parameters
    ----------
    catalog : Catalog
        The catalogue.
    home : Home
        The home folder.
    project : str
        The project.
    account : str
        Who asks: a steward of the host, who need not be one of the grant's people.
    to : str
        ``postgresql://steward@host/database``, without a password.
    today : date, optional
        The day of the decision; default the current day.
    snapshot_id : str, optional
        Which snapshot; default the current one.

    Returns
    -------
    Extract
        Its manifest, which says on which server it lies.

    Raises
    ------
    UsageError
        No such project, no snapshot yet, or no address of a server.
    AccessRefused
        The grant does not allow it, or the server does not let the steward lay it, or would not hold its readers.
    """
    server, today = address_of(to), today or clock.today()
    catalog = seen_by(catalog, project)
    grant = check_for_host(catalog, project, today)
    check_mode(grant)
    snapshot, started = snapshot_of(home, project, snapshot_id), datetime.now(UTC)
    extracts, key = home.project(grant.id) / "extracts", secrets.token_bytes(files.LENGTH)
    with warehouse_lock(home):
        with (
            memory_engine(home.warehouse) as engine,
            scratch_folder(extracts, "extract") as staging,
            new_extract(engine, staging / DATABASE, key) as database,
        ):
            tables = write_tables(engine, database, granted_contents(catalog, grant, home, snapshot, engine))
            manifest = manifest_of(catalog, home, grant, snapshot, tables, engine, database)
            id = extract_id(snapshot.id, manifest.grant_hash, tables, server)
            manifest = replace(manifest, id=id, mode="server", server=server)
            describe(engine, database, catalog, grant, manifest)
            laid = {name: engine.table(name, database=database) for name in (*tables, *ABOUT_TABLES)}
            new = lay(to, catalog, grant, manifest, Content(laid, comments(engine)), today)
        if new or not _stands(home, manifest):
            folder = extract_folder(home, manifest)
            refuse_links(home, folder / MANIFEST)
            manifest = replace(manifest, **stamp(home))
            log_extract(catalog, home, grant, manifest, snapshot, account, started)
            write_file(folder / MANIFEST, manifest.to_json())
            tombstone(folder).unlink(missing_ok=True)  # the same extract, destroyed before
            write_file(extracts / "current", manifest.id)
    return manifest


def _stands(home: Home, manifest: Extract) -> bool:
    """Whether the project's folder names this extract as its current one, and has its manifest as it was written."""
    with suppress(AccessRefused):
        return current_extract(home, manifest.project).id == manifest.id
    return False
