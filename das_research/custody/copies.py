"""Where the rows of a delivery went: the snapshots that were built from it and the extracts that were made of those."""

import json
from collections.abc import Collection
from pathlib import Path

from das_research.access.manifest import Extract, extract_folder, list_extracts
from das_research.access.own_key import own_key_path, steward_name
from das_research.access.server import take_away
from das_research.catalog.addresses import address_of
from das_research.catalog.models import Catalog
from das_research.changes import Change, moment_now, tombstone
from das_research.processing_log import Touched, of_extract
from das_research.warehouse.snapshot import CURRENT, list_snapshots


def destroy_copies(made: Change, catalog: Catalog, deliveries: Collection[str], why: str) -> None:
    """Have every snapshot destroyed that holds rows of these deliveries, and every extract of those snapshots.

    A project's own file stands in no snapshot: with it go all extracts of the project.

    Released Results stay: they hold counts. Runs of a project stay with the project.

    Parameters
    ----------
    made : Change
        To which the steps are added, and how many snapshots and extracts go.
    catalog : Catalog
        Under whose agreements the extracts were.
    deliveries : collection of str
        Ids of deliveries.
    why : str
        For what is left in the place of each.
    """
    home = made.home
    snapshots = [it for it in list_snapshots(home) if set(it.deliveries) & set(deliveries)]
    for snapshot in snapshots:
        made.destroy_key(f"snapshot-{snapshot.id}")
        _destroy(made, home.snapshots / snapshot.id, why, sum(snapshot.tables.values()))
    gone = {snapshot.id for snapshot in snapshots}
    extracts = [it for it in list_extracts(home) if it.snapshot in gone or it.project == home.own_files_of]
    for extract in extracts:
        take_away(extract)  # before anything is decided: what a server does not give up is not destroyed
        destroy_extract(made, catalog, extract, why)
    made.facts |= {"snapshots": len(snapshots), "extracts": len(extracts)}


def destroy_extract(made: Change, catalog: Catalog, extract: Extract, why: str) -> None:
    """Have an extract destroyed with the steward's key of it and the project's own; a server is asked before."""
    grant = catalog.grants.get(extract.project)
    whose = of_extract(catalog, extract.id, grant.agreements) if grant else []
    if not whose:  # of a grant that stands no more
        whose = [Touched(address_of(catalog, "grants", extract.project), extract.id, "extract")]
    made.touched("destruction", extract.id, whose)
    made.destroy_key(steward_name(extract.id))
    made.destroy_file(own_key_path(made.home, extract.project, extract.id))
    _destroy(made, extract_folder(made.home, extract), why, extract.rows)


def _destroy(made: Change, folder: Path, why: str, rows: int) -> None:
    made.remove(folder)
    left = {"id": folder.name, "destroyed": moment_now(), "why": why, "rows": rows}
    made.write(tombstone(folder), json.dumps(left, indent=1) + "\n")
    current = folder.parent / CURRENT
    if current.is_file() and current.read_text(encoding="utf-8").strip() == folder.name:
        made.remove(current)
