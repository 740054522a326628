"""Gate 2: a project's own database, that holds what its grant gives and nothing else.

What is not in the file can't leak from it. So nothing is hidden by a view: only granted columns of granted rows are
written, and the surrogates of cases and persons become pseudonyms under a key of this project alone.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from das_research.access.contents import ExtractedTable, lay_ready, write_database
from das_research.access.grants import check_grant
from das_research.access.scope import grant_hash
from das_research.audit import AuditLog
from das_research.catalog.models import Catalog, Grant
from das_research.engines import memory_engine
from das_research.errors import AccessRefused
from das_research.home import Home, new_folder, write_file
from das_research.warehouse.snapshot import Snapshot, read_snapshot

DATABASE = "extract.duckdb"
MANIFEST = "manifest.json"
ID = re.compile(r"ext-[0-9a-f]{12}")


@dataclass(frozen=True)
class Extract:
    """The manifest of a project's database.

    Parameters
    ----------
    id : str
        ``ext-`` and the hash of snapshot, grant and content.
    project : str
        The project, which is the id of its grant.
    mode : str
        ``embedded``: one account owns all zones, so every gate is a guard rail.
    snapshot, catalog_hash, grant_hash : str
        What it was made from.
    synthetic : bool
        True when its data are fictitious.
    observed_until : date
        The last day the sources cover.
    linkage : dict
        Dataset to the share of its cases that an earlier stage knows, where enough cases are known and unknown.
    tables : dict
        Name to columns, rows and content hash.
    """

    id: str
    project: str
    mode: str
    snapshot: str
    catalog_hash: str
    grant_hash: str
    synthetic: bool
    observed_until: date
    linkage: dict[str, float]
    tables: dict[str, ExtractedTable]

    def to_json(self) -> str:
        """The text of ``manifest.json``."""
        document = asdict(self) | {"observed_until": self.observed_until.isoformat()}
        return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Extract":
        """Read what `to_json` wrote."""
        document = json.loads(text)
        tables = {
            name: ExtractedTable(tuple(table["columns"]), table["rows"], table["content"])
            for name, table in document.pop("tables").items()
        }
        observed_until = date.fromisoformat(document.pop("observed_until"))
        return cls(**document, observed_until=observed_until, tables=tables)


def extract(catalog: Catalog, home: Home, project: str, account: str, today: date | None = None) -> Extract:
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
        Who asks: one of the grant's people.
    today : date, optional
        The day of the decision; default the current day.

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
    grant = check_grant(catalog, project, account, today)
    check_mode(grant)
    snapshot = read_snapshot(home)
    with memory_engine(home.warehouse) as engine:
        tables = dict(lay_ready(catalog, grant, home, snapshot, engine))
        manifest = _manifest(catalog, grant, snapshot, tables)
        folder = extract_folder(home, manifest)
        if not folder.exists():
            with new_folder(folder) as staging:
                write_database(engine, staging / DATABASE, tables)
                write_file(staging / MANIFEST, manifest.to_json())
    current = folder.parent / "current"
    if not current.exists() or current.read_text() != manifest.id:
        rows = sum(table.rows for table in tables.values())
        AuditLog(home.audit_log).record(
            "extract", "extracted", account, project=project, extract=manifest.id, snapshot=snapshot.id, rows=rows
        )
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


def extract_folder(home: Home, manifest: Extract) -> Path:
    """The folder of an extract."""
    return home.project(manifest.project) / "extracts" / manifest.id


def current_extract(home: Home, project: str) -> Extract:
    """The manifest of the latest extract of a project.

    Raises
    ------
    AccessRefused
        When the project has none.
    """
    current = home.project(project) / "extracts" / "current"
    if not current.exists():
        raise AccessRefused(
            f"The project '{project}' has no extract yet.",
            why="Its own database, with what the grant gives, was never made.",
            fix=f"Type: das project extract {project}",
        )
    return read_extract(home, project, current.read_text())


def read_extract(home: Home, project: str, extract_id: str) -> Extract:
    """The manifest of one extract of a project.

    Raises
    ------
    AccessRefused
        When the project has no such extract, or what lies there is not what gate 2 wrote.
    """
    path = home.project(project) / "extracts" / extract_id / MANIFEST
    if not ID.fullmatch(extract_id) or not path.is_file():
        raise AccessRefused(
            f"The project '{project}' has no such extract.",
            why="It was never made, or its inputs were destroyed when their time was over.",
            fix=f"Type: das project extract {project}",
        )
    manifest = Extract.from_json(path.read_text(encoding="utf-8"))
    own_id = _id(manifest.snapshot, manifest.grant_hash, manifest.tables)
    known = {line["facts"].get("extract") for line in AuditLog(home.audit_log).lines() if line["gate"] == "extract"}
    if manifest.project != project or not own_id == manifest.id == extract_id or extract_id not in known:
        raise AccessRefused(
            f"The extract {extract_id} of the project '{project}' is not what gate 2 wrote.",
            why="Its manifest does not fit its name, or the audit log does not know it.",
            fix=f"Type: das project extract {project}",
            ask="whoever keeps the home folder",
        )
    return manifest


def list_extracts(home: Home) -> list[Extract]:
    """Every extract of every project, by project and id."""
    paths = sorted(home.project("any").parent.glob(f"*/extracts/ext-*/{MANIFEST}"))
    return [Extract.from_json(path.read_text(encoding="utf-8")) for path in paths]


def _manifest(catalog: Catalog, grant: Grant, snapshot: Snapshot, tables: dict[str, ExtractedTable]) -> Extract:
    of_grant = grant_hash(catalog, grant)
    return Extract(
        id=_id(snapshot.id, of_grant, tables),
        project=grant.id,
        mode="embedded",
        snapshot=snapshot.id,
        catalog_hash=catalog.hash,
        grant_hash=of_grant,
        synthetic=snapshot.synthetic,
        observed_until=snapshot.observed_until,
        linkage=_linkage(snapshot, catalog.disclosure.minimum),
        tables=tables,
    )


def _linkage(snapshot: Snapshot, minimum: int) -> dict[str, float]:
    """The shares linked that rest on enough cases, linked and not: the number of cases is published beside them."""
    enough = {
        dataset
        for dataset, found in snapshot.linkage_counts.items()
        if all(count == 0 or count >= minimum for count in (found["known"], found["cases"] - found["known"]))
    }
    return {dataset: share for dataset, share in snapshot.linkage.items() if dataset in enough}


def _id(snapshot: str, grant: str, tables: dict[str, ExtractedTable]) -> str:
    content = {name: table.content for name, table in tables.items()}
    inputs = json.dumps([snapshot, grant, content], sort_keys=True)
    return f"ext-{hashlib.sha256(inputs.encode()).hexdigest()[:12]}"
