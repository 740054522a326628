"""Gate 2: a project's own database, that holds what its grant gives and nothing else.

What is not in the file can't leak from it. So nothing is hidden by a view: only granted columns of granted rows are
written, and the surrogates of cases and persons become pseudonyms under a key of this project alone.
"""

from datetime import UTC, date, datetime

from das_research.access import clock
from das_research.access.contents import laid_tables, lay_ready, person_links, write_database
from das_research.access.grants import check_for_host, check_grant
from das_research.access.manifest import (
    DATABASE,
    MANIFEST,
    Extract,
    ExtractedTable,
    PersonLinks,
    extract_folder,
    extract_id,
)
from das_research.access.scope import grant_hash
from das_research.access.server import address_of, lay
from das_research.audit import AuditLog
from das_research.catalog.models import Catalog, Grant
from das_research.changes import tombstone, warehouse_lock
from das_research.engines import memory_engine
from das_research.errors import AccessRefused
from das_research.home import Home, new_folder, write_file
from das_research.intake.delivery import read_deliveries
from das_research.processing_log import ProcessingLog, of_deliveries
from das_research.warehouse.snapshot import Snapshot, read_snapshot


def extract(
    catalog: Catalog, home: Home, project: str, account: str, today: date | None = None, to: str | None = None
) -> Extract:
    """Make a project's database from the current snapshot.

    The same snapshot, grant and key give the same extract; nothing is written again then.

    Parameters
    ----------
    catalog : Catalog
        The catalogue.
    home : Home
        The home folder.
    project : str
        The project.
    account : str
        Who asks: one of the grant's people; with `to` a steward of the host.
    today : date, optional
        The day of the decision; default the current day.
    to : str, optional
        The PostgreSQL server on which it is laid, ``postgresql://steward@host/database`` without a password; default:
        a file in the project's own folder.

    Returns
    -------
    Extract
        Its manifest.

    Raises
    ------
    UsageError
        No such project, or no snapshot yet.
    AccessRefused
        The grant does not allow it, its mode is not available, the snapshot is older than a granted column, or the
        server does not let the steward lay it there.
    """
    today, server = today or clock.today(), address_of(to) if to else ""
    grant = check_for_host(catalog, project, today) if to else check_grant(catalog, project, account, today)
    check_mode(grant)
    snapshot, started = read_snapshot(home), datetime.now(UTC)
    with warehouse_lock(home), memory_engine(home.warehouse) as engine:
        tables = dict(lay_ready(catalog, grant, home, snapshot, engine))
        manifest = _manifest(catalog, grant, snapshot, tables, person_links(engine, tables), server)
        if to:
            lay(to, catalog, grant, manifest, laid_tables(engine, tables), today)
        folder = extract_folder(home, manifest)
        if not folder.exists():
            with new_folder(folder) as staging:
                if not server:
                    write_database(engine, staging / DATABASE, tables)
                write_file(staging / MANIFEST, manifest.to_json())
            tombstone(folder).unlink(missing_ok=True)  # the same extract, destroyed before
    current = folder.parent / "current"
    if not current.exists() or current.read_text() != manifest.id:
        rows = sum(table.rows for table in tables.values())
        AuditLog(home.audit_log).record(
            "extract", "extracted", account, project=project, extract=manifest.id, snapshot=snapshot.id, rows=rows
        )
        used = [it for it in read_deliveries(home) if it.id in snapshot.deliveries]
        touched = of_deliveries(catalog, used, grant.agreements)
        ProcessingLog(home.processing_log).record("extract", manifest.id, touched, started)
        write_file(current, manifest.id)
    return manifest


def check_mode(grant: Grant) -> None:
    """Refuse the mode ``remote``, for which there is no twin to work in."""
    if grant.mode == "remote":
        raise AccessRefused(
            f"The project '{grant.id}' has the mode remote, which is not available yet.",
            why="A remote project works in a synthetic twin of its extract, and no twins are made yet.",
            fix=f"Wait for it, or let the approvers put in grants/{grant.id}.yaml:\n      mode: microdata",
            ask="the host, which of the two suits the project",
        )


def _manifest(
    catalog: Catalog,
    grant: Grant,
    snapshot: Snapshot,
    tables: dict[str, ExtractedTable],
    links: PersonLinks,
    server: str,
) -> Extract:
    of_grant = grant_hash(catalog, grant)
    return Extract(
        id=extract_id(snapshot.id, of_grant, tables, server),
        project=grant.id,
        mode="server" if server else "embedded",
        snapshot=snapshot.id,
        catalog_hash=catalog.hash,
        grant_hash=of_grant,
        synthetic=snapshot.synthetic,
        observed_until=snapshot.observed_until,
        linkage=_linkage(snapshot, catalog.disclosure.minimum),
        tables=tables,
        person_links=links,
        server=server,
    )


def _linkage(snapshot: Snapshot, minimum: int) -> dict[str, float]:
    """The shares linked that rest on enough cases, linked and not: the number of cases is published beside them."""
    enough = {
        dataset
        for dataset, found in snapshot.linkage_counts.items()
        if all(count == 0 or count >= minimum for count in (found["known"], found["cases"] - found["known"]))
    }
    return {dataset: share for dataset, share in snapshot.linkage.items() if dataset in enough}
