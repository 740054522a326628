"""The manifest of an extract: what the database of a project holds and what it was made from, and how it is found."""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from das_research.access.own_key import refuse_links
from das_research.access.sealed import refuse_closed
from das_research.access.zones import Mode
from das_research.audit import AuditLog
from das_research.errors import AccessRefused
from das_research.home import Home

DATABASE = "extract.duckdb"
MANIFEST = "manifest.json"
ID = re.compile(r"ext-[0-9a-f]{12}")

PersonLinks = Literal["none", "same", "differ"]


@dataclass(frozen=True)
class ExtractedTable:
    """One table of an extract: its columns, the number of its rows, and the hash of its content."""

    columns: tuple[str, ...]
    rows: int
    content: str


@dataclass(frozen=True)
class ExtractedOwnFile:
    """The list under an own file of an extract, and of how many rows the person is told; rounded, None where few."""

    delivery: str
    linked: int | None = None
    not_linked: int | None = None


@dataclass(frozen=True)
class Extract:
    """The manifest of a project's database.

    Parameters
    ----------
    id : str
        ``ext-`` and the hash of snapshot, grant and content.
    project : str
        The project, which is the id of its grant.
    mode : {'embedded', 'three accounts', 'server'}
        ``embedded``: one account may own all zones, so every gate is a guard rail. See `das_research.access.zones`.
        ``server``: a PostgreSQL server keeps the project's people to what its role may read.
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
    person_links : {'none', 'same', 'differ'}
        Whether the strict, the standard and the loose link of persons give the same persons in it; none where it knows
        no persons by three links.
    own_files : dict
        Own file of the project to the list that it was made of, and how many of its rows were linked.
    database : str
        The SHA-256 of the database file: two files of the same content differ, each under its own key.
    code_version : str
        Of the code that wrote it.
    server : str
        The address of the server it lies on, without login and password; empty where it is a file.
    audit_head, audit_line, audit_key : str, int, str
        The last line of the audit log when it was made: hash, number, fingerprint of the key that sealed it.
    """

    id: str
    project: str
    mode: Mode
    snapshot: str
    catalog_hash: str
    grant_hash: str
    synthetic: bool
    observed_until: date
    linkage: dict[str, float]
    tables: dict[str, ExtractedTable]
    person_links: PersonLinks = "none"
    own_files: dict[str, ExtractedOwnFile] = field(default_factory=dict)
    database: str = ""
    code_version: str = ""
    server: str = ""
    audit_head: str = field(default="", compare=False)  # the same extract may be made at any moment
    audit_line: int = field(default=0, compare=False)
    audit_key: str = field(default="", compare=False)

    @property
    def rows(self) -> int:
        """The rows of all its tables."""
        return sum(table.rows for table in self.tables.values())

    @property
    def digest(self) -> str:
        """The hash of ``manifest.json``, as the audit log has it."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """The text of ``manifest.json``."""
        document = asdict(self) | {"observed_until": self.observed_until.isoformat()}
        if not self.own_files:
            del document["own_files"]  # so that a manifest of an earlier version still is what the log knows
        return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Extract":
        """Read what `to_json` wrote."""
        document = json.loads(text)
        tables = {
            name: ExtractedTable(tuple(table["columns"]), table["rows"], table["content"])
            for name, table in document.pop("tables").items()
        }
        own_files = {name: ExtractedOwnFile(**it) for name, it in document.pop("own_files", {}).items()}
        observed_until = date.fromisoformat(document.pop("observed_until"))
        return cls(**document, observed_until=observed_until, tables=tables, own_files=own_files)


def extract_id(snapshot: str, grant_hash: str, tables: Mapping[str, ExtractedTable], server: str = "") -> str:
    """The id of an extract: ``ext-`` and the hash of what it was made from, its content, and its server if any."""
    content = {name: table.content for name, table in tables.items()}
    inputs = json.dumps([snapshot, grant_hash, content, *([server] if server else [])], sort_keys=True)
    return f"ext-{hashlib.sha256(inputs.encode()).hexdigest()[:12]}"


def extract_folder(home: Home, manifest: Extract) -> Path:
    """The folder of an extract."""
    return home.project(manifest.project) / "extracts" / manifest.id


def current_extract(home: Home, project: str) -> Extract:
    """The manifest of the latest extract of a project.

    Raises
    ------
    AccessRefused
        When the project has none, or was closed.
    """
    current = home.project(project) / "extracts" / "current"
    refuse_closed(home, project)
    if not current.exists():
        raise AccessRefused(
            f"The project '{project}' has no extract yet.",
            why="Its own database, with what the grant gives, was never made.",
            fix=f"Type: das project extract {project}{' --twin' if home.own_keys else ''}",
        )
    return read_extract(home, project, current.read_text())


def current_server(home: Home, project: str) -> str:
    """The address of the server on which the latest extract lies; empty where that is a file, or there is none."""
    folder = home.project(project) / "extracts"
    current = folder / "current"
    path = folder / current.read_text() / MANIFEST if current.is_file() else current
    if not path.is_file() or '"server": "p' not in path.read_text(encoding="utf-8"):
        return ""
    return current_extract(home, project).server  # who changed it can't send a login elsewhere


def read_extract(home: Home, project: str, id: str) -> Extract:
    """The manifest of one extract of a project.

    Raises
    ------
    AccessRefused
        When the project has no such extract, or what lies there is not what gate 2 wrote.
    """
    path = home.project(project) / "extracts" / id / MANIFEST
    refuse_links(home, path)
    if not ID.fullmatch(id) or not path.is_file():
        raise AccessRefused(
            f"The project '{project}' has no such extract.",
            why="It was never made, or its inputs were destroyed when their time was over.",
            fix=f"Type: das project extract {project}",
        )
    manifest = None
    with suppress(ValueError, TypeError, KeyError, AttributeError):  # whose words would quote the file
        manifest = Extract.from_json(path.read_text(encoding="utf-8"))
    if manifest is None or (manifest.project, manifest.id) != (project, id) or not _is_known(home, manifest):
        raise AccessRefused(
            f"The extract {id} of the project '{project}' is not what gate 2 wrote.",
            why="Its manifest is not the one of this name that the audit log knows.",
            fix=f"Type: das project extract {project}",
            ask="whoever keeps the home folder",
        )
    return manifest


def _is_known(home: Home, manifest: Extract) -> bool:
    """Whether the audit log knows a manifest.

    The account of a project can't read the log of a host that keeps the zones apart. A manifest that it changed in its
    own folder opens what it has already, and nothing at gate 3, which asks the log again.
    """
    log = home.audit_log
    if log.is_file() and not os.access(log, os.R_OK) and not manifest.server:
        return True
    return AuditLog(log).tells("extract", "extracted", extract=manifest.id, manifest=manifest.digest)


def list_extracts(home: Home) -> list[Extract]:
    """Every extract of every project, by project and id."""
    paths = sorted(home.project("any").parent.glob(f"*/extracts/ext-*/{MANIFEST}"))
    return [Extract.from_json(path.read_text(encoding="utf-8")) for path in paths]
