"""The linkage of a snapshot, told: what its table says, and how right it is where somebody knows who is who."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.catalog.tables import PERSON, QUALITY_TABLE
from das_research.engines import keep, memory_engine, read_parquet
from das_research.errors import UsageError
from das_research.home import Home
from das_research.intake.delivery import read_delivery
from das_research.intake.file import find
from das_research.keys.data import data_keys
from das_research.linkage.evaluate import PairQuality, Subject, against_labels, against_truth
from das_research.linkage.files import ENDINGS
from das_research.synthetic.truth import FOLDER, read_truth
from das_research.warehouse.snapshot import Snapshot

SUBJECTS: dict[Subject, str] = {"person": PERSON, "case": "case_id"}


def quality_rows(home: Home, snapshot: Snapshot) -> list[dict[str, Any]]:
    """The table ``linkage_quality`` of a snapshot."""
    with memory_engine(home.warehouse) as engine:
        table = _read(engine, home, snapshot, QUALITY_TABLE)
        return table.order_by(*table.columns).to_pyarrow().to_pylist()


def quality_against_truth(catalog: Catalog, home: Home, snapshot: Snapshot, folder: Path) -> list[PairQuality]:
    """Precision and recall of persons and cases, of the deliveries that are files of a synthetic chain.

    Parameters
    ----------
    catalog : Catalog
        Its datasets.
    home : Home
        Where the snapshot lies.
    snapshot : Snapshot
        Which.
    folder : Path
        What ``das synthetic`` wrote: the files, and the truth under them.

    Raises
    ------
    UsageError
        When the folder has no truth, or none of its files is in the snapshot.
    """
    if not (folder / FOLDER).is_dir():
        raise UsageError(f"{folder} holds no truth.", fix="Name a folder that das synthetic made.")
    with memory_engine(home.warehouse) as engine:
        parts = []
        for dataset, delivery in _delivered_from(catalog, home, snapshot, folder).items():
            rows = _rows(engine, catalog, home, snapshot, dataset)
            rows = rows.filter(rows.delivery == delivery)
            true = read_truth(engine, folder, dataset).select("row", true_case="case_id", true_person="person_id")
            parts.append(keep(engine, rows.join(true, "row")))
        if not parts:
            raise UsageError(
                f"No file of {folder} is in snapshot {snapshot.id}.",
                why="Its deliveries are other files.",
                fix="das deliver DATASET FILE, for the files of that folder; then das build",
            )
        every = keep(engine, ibis.union(*parts))
        found = []
        for subject, key in SUBJECTS.items():
            rows = every.select("dataset", found=every[key], true=every[f"true_{subject}"])
            found += against_truth(engine, rows.filter(rows.found.notnull()) if subject == "case" else rows, subject)
        return found


def quality_against_labels(catalog: Catalog, home: Home, snapshot: Snapshot, labels: Path) -> list[PairQuality]:
    """Precision and recall of persons over pairs of rows that people labelled."""
    with memory_engine(home.warehouse) as engine:
        parts = [_rows(engine, catalog, home, snapshot, name) for name in _datasets(catalog)]
        rows = ibis.union(*parts)
        return against_labels(engine, rows.rename(found=PERSON), labels, "person")


def _delivered_from(catalog: Catalog, home: Home, snapshot: Snapshot, folder: Path) -> dict[str, str]:
    """Dataset to the delivery of this snapshot that is the folder's file of it."""
    hashes = {}
    for delivery_id in snapshot.deliveries:
        delivery = read_delivery(home.deliveries / delivery_id)
        hashes[(delivery.dataset, delivery.file_sha256)] = delivery_id
    found = {}
    for dataset in _datasets(catalog):
        for path in (folder / f"{dataset}{ending}" for ending in ENDINGS):
            key = (dataset, find(path).sha256) if path.is_file() else None
            if key in hashes:
                found[dataset] = hashes[key]
    return found


def _datasets(catalog: Catalog) -> Sequence[str]:
    """The datasets whose rows tell of a case or a person."""
    return [name for name, dataset in catalog.datasets.items() if dataset.is_linked]


def _rows(engine: Backend, catalog: Catalog, home: Home, snapshot: Snapshot, dataset: str) -> ir.Table:
    table = _read(engine, home, snapshot, dataset)
    case = table.case_id if catalog.datasets[dataset].subject == "case" else ibis.null("int64")
    return table.select("delivery", "row", PERSON, case_id=case, dataset=ibis.literal(dataset))


def _read(engine: Backend, home: Home, snapshot: Snapshot, table: str) -> ir.Table:
    key = data_keys(home).get(f"snapshot-{snapshot.id}")
    return read_parquet(engine, home.snapshots / snapshot.id / f"{table}.parquet", key)
