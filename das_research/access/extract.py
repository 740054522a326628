"""Gate 2: a project's own database, that holds what its grant gives and nothing else.

What is not in the file can't leak from it. So nothing is hidden by a view: only granted columns of granted rows are
written, and the surrogates of cases and persons become pseudonyms under a key of this project alone.
"""

import secrets
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

from ibis.backends.duckdb import Backend

from das_research.access.about import describe
from das_research.access.contents import granted_contents, person_links, write_tables
from das_research.access.cover import covered_datasets
from das_research.access.grants import check_grant, check_mode
from das_research.access.manifest import (
    DATABASE,
    MANIFEST,
    Extract,
    ExtractedTable,
    extract_folder,
    extract_id,
    read_extract,
)
from das_research.access.own_key import hand_over, refuse_links, steward_name
from das_research.access.own_rows import extracted_own_files, own_deliveries
from das_research.access.scope import grant_hash
from das_research.access.told import refusals_told
from das_research.access.zones import mode_of
from das_research.audit import AuditLog, stamp
from das_research.audit_facts import use_of
from das_research.catalog.models import Catalog, Grant
from das_research.catalog.own_files import seen_by
from das_research.changes import tombstone, warehouse_lock
from das_research.engines import memory_engine, new_extract
from das_research.errors import AccessRefused
from das_research.home import PRIVATE_FILE, Home, file_hash, scratch_folder, settle, staging_beside, write_file
from das_research.intake.delivery import read_deliveries
from das_research.keys import files
from das_research.keys.data import data_keys
from das_research.processing_log import ProcessingLog, of_deliveries
from das_research.warehouse.code import code_version
from das_research.warehouse.snapshot import Snapshot, is_stored, read_snapshot


def extract(
    catalog: Catalog,
    home: Home,
    project: str,
    account: str,
    today: date | None = None,
    snapshot_id: str | None = None,
    *,
    apart: bool = False,
) -> Extract:
    """Make a project's database from a snapshot.

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
        Who asks: one of the grant's people.
    today : date, optional
        The day of the decision; default the current day.
    snapshot_id : str, optional
        Which snapshot, for a project that goes on with the rows it had; default the current one.
    apart : bool
        Whether a project of the mode ``remote`` may have one: a twin, or an extract that only its notebooks come near.

    Returns
    -------
    Extract
        Its manifest.

    Raises
    ------
    UsageError
        No such project, or no snapshot yet.
    AccessRefused
        The grant does not allow it, its mode is not available, or the snapshot is older than a granted column.
    """
    catalog = seen_by(catalog, project)
    with refusals_told(catalog, home, project, account, today):
        grant = check_grant(catalog, project, account, today)
        if not apart:
            check_mode(grant)
    snapshot, started = snapshot_of(home, project, snapshot_id), datetime.now(UTC)
    with warehouse_lock(home), memory_engine(home.warehouse) as engine:
        manifest, new = _make(catalog, grant, home, snapshot, engine)
        folder = extract_folder(home, manifest)
        current = folder.parent / "current"
        if new or not current.exists() or current.read_text() != manifest.id:
            log_extract(catalog, home, grant, manifest, snapshot, account, started)
            write_file(current, manifest.id)
    return manifest


def snapshot_of(home: Home, project: str, id: str | None) -> Snapshot:
    """The snapshot asked for, default the current one; refused where it is no more."""
    if id is not None and not is_stored(home, id):
        raise AccessRefused(
            f"There is no snapshot '{id}', so the project '{project}' can't be built from it again.",
            why="It was destroyed with rows that it held, or is not of this home. Released Results and seals remain.",
            fix=f"To go on with the rows as they are now, type: das project extract {project}",
            ask="the steward who keeps the warehouse, whether a build of the same deliveries is possible",
        )
    return read_snapshot(home, id)


def _make(catalog: Catalog, grant: Grant, home: Home, snapshot: Snapshot, engine: Backend) -> tuple[Extract, bool]:
    """The manifest of the extract, and whether it was written anew.

    The id follows from the content, and the content is known once it is written: so it is written before anybody can
    tell whether it stands already.
    """
    contents = granted_contents(catalog, grant, home, snapshot, engine)
    key = secrets.token_bytes(files.LENGTH)
    refuse_links(home, extracts := home.project(grant.id) / "extracts")
    with scratch_folder(extracts, "extract") as staging:
        path = staging / DATABASE
        with new_extract(engine, path, key) as database:
            tables = write_tables(engine, database, contents)
            manifest = manifest_of(catalog, home, grant, snapshot, tables, engine, database)
            describe(engine, database, catalog, grant, manifest)
        path.chmod(PRIVATE_FILE)
        folder = extract_folder(home, manifest)
        if standing := _standing(home, manifest):
            hand_over(home, grant.id, manifest.id)
            return standing, False
        manifest = replace(manifest, database=file_hash(path), **stamp(home))
        hand_over(home, grant.id, manifest.id, key)
        write_file(staging / MANIFEST, manifest.to_json())
        if folder.exists() or folder.is_symlink():  # what lies there is not what this gate wrote
            folder.rename(other := staging_beside(folder))
            other.unlink() if other.is_symlink() else shutil.rmtree(other)
        settle(staging)
        staging.rename(folder)
        tombstone(folder).unlink(missing_ok=True)  # the same extract, destroyed before
    return manifest, True


def _standing(home: Home, manifest: Extract) -> Extract | None:
    """The extract of this id that stands as this gate wrote it, with the steward's key of it."""
    with suppress(AccessRefused):
        standing, path = read_extract(home, manifest.project, manifest.id), extract_folder(home, manifest) / DATABASE
        refuse_links(home, path)
        if path.is_file() and data_keys(home).has(steward_name(manifest.id)) and standing.mode == manifest.mode:
            return standing if file_hash(path) == standing.database else None
    return None


def log_extract(
    catalog: Catalog,
    home: Home,
    grant: Grant,
    manifest: Extract,
    snapshot: Snapshot,
    account: str,
    started: datetime,
) -> None:
    """Write in both logs what was extracted, and of whom."""
    facts = use_of(catalog, grant.id) | {"extract": manifest.id, "snapshot": snapshot.id, "manifest": manifest.digest}
    own = own_deliveries(catalog, grant, home)
    facts |= {"own_files": sorted(it.id for it in own.values())} if own else {}
    AuditLog(home.audit_log).record("extract", "extracted", account, **facts, rows=manifest.rows)
    covered = covered_datasets(catalog, grant)
    used = [it for it in read_deliveries(home) if it.id in snapshot.deliveries and it.dataset in covered]
    touched = of_deliveries(catalog, [*used, *own.values()], grant.agreements)
    ProcessingLog(home.processing_log).record("extract", manifest.id, touched, started)


def manifest_of(
    catalog: Catalog,
    home: Home,
    grant: Grant,
    snapshot: Snapshot,
    tables: dict[str, ExtractedTable],
    engine: Backend,
    database: tuple[str, str],
) -> Extract:
    """The manifest of an extract that is a file, whose tables stand in a database of the engine."""
    of_grant = grant_hash(catalog, grant)
    return Extract(
        id=extract_id(snapshot.id, of_grant, tables),
        project=grant.id,
        mode=mode_of(home, grant.id),
        snapshot=snapshot.id,
        catalog_hash=catalog.hash,
        grant_hash=of_grant,
        synthetic=snapshot.synthetic,
        observed_until=snapshot.observed_until,
        linkage=_linkage(snapshot, catalog.disclosure.minimum),
        tables=tables,
        person_links=person_links(engine, database, tables),
        own_files=extracted_own_files(catalog, grant, home, engine, database, tables),
        code_version=code_version(),
    )


def _linkage(snapshot: Snapshot, minimum: int) -> dict[str, float]:
    """The shares linked that rest on enough cases, linked and not: the number of cases is published beside them."""
    enough = {
        dataset
        for dataset, found in snapshot.linkage_counts.items()
        if all(count == 0 or count >= minimum for count in (found["known"], found["cases"] - found["known"]))
    }
    return {dataset: share for dataset, share in snapshot.linkage.items() if dataset in enough}
