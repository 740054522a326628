"""Building a snapshot: deliveries -> linked -> harmonised -> chain."""

import gc
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.changes import tombstone, warehouse_lock
from das_research.engines import (
    behind,
    few,
    for_now,
    keep,
    memory_engine,
    view,
    waited,
    write_parquet,
)
from das_research.errors import BuildRefused
from das_research.home import Home, new_folder, write_file
from das_research.intake.delivery import Delivery, current_deliveries, read_deliveries, withdrawn_deliveries
from das_research.keys.data import data_keys
from das_research.linkage.chain import link_chain
from das_research.linkage.register import open_register
from das_research.linkage.report import LinkageReport
from das_research.processing_log import ProcessingLog, of_deliveries
from das_research.warehouse.accepted import latest, read_accepted
from das_research.warehouse.across import Counts, marked, rows_of
from das_research.warehouse.code import code_version
from das_research.warehouse.computed import chain_tables, gathered_rows, stand_in_order
from das_research.warehouse.contradictions import contradictions
from das_research.warehouse.epochs import refuse_mixed_epochs, remember_epochs
from das_research.warehouse.harmonise import SNAPSHOT_TYPES, conform, harmonise
from das_research.warehouse.orders import Ordered, judge_orders
from das_research.warehouse.persons import person_groups
from das_research.warehouse.readiness import refuse_damaged, refuse_unready
from das_research.warehouse.references import Referred, judge_references
from das_research.warehouse.snapshot import CURRENT, MANIFEST, Snapshot, is_stored, read_snapshot
from das_research.warehouse.vault import empty_vault, read_vault

Tables = dict[str, ir.Table]


def build(catalog: Catalog, home: Home) -> Snapshot:
    """Build the warehouse from the deliveries that count, and make it the current snapshot.

    Parameters
    ----------
    catalog : Catalog
        What the deliveries mean.
    home : Home
        Deliveries and key register are read here; the register grows and the snapshot is written.

    Returns
    -------
    Snapshot
        The new snapshot, or the standing one when deliveries, catalogue, register and code are the same.

    Raises
    ------
    BuildRefused
        When a stage has no delivery, a delivery was read by another definition than the catalogue's, fictitious and
        real deliveries are mixed, stored rows are damaged, a rule across tables holds in more rows than the catalogue
        tolerates, or no row tells of an event.
    """
    with warehouse_lock(home), _garbage_left():
        return _build(catalog, home)


@contextmanager
def _garbage_left() -> Iterator[None]:
    """A block in which circles among objects are looked for seldom: statements leave many objects and few circles."""
    standing = gc.get_threshold()
    gc.set_threshold(standing[0] * 200, *standing[1:])
    try:
        yield
    finally:
        gc.set_threshold(*standing)


def _build(catalog: Catalog, home: Home) -> Snapshot:
    deliveries, started = current_deliveries(home, catalog), datetime.now(UTC)
    refuse_unready(catalog, deliveries)
    refuse_mixed_epochs(home, deliveries)
    with memory_engine(home.warehouse) as engine, behind(engine):
        written = few(engine, [it.id for it in deliveries])
        stored = read_accepted(engine, home, catalog, deliveries, written)
        refuse_damaged(catalog, deliveries, stored)
        accepted = _at_hand(engine, deliveries, latest(catalog, deliveries, stored))
        referred = judge_references(engine, catalog, deliveries, accepted)
        with open_register(home, engine) as register, for_now(engine) as stay:
            remember_epochs(home, deliveries)
            names, gone = read_vault(engine, home, catalog, deliveries, written), _gone(home, catalog, deliveries)
            links = link_chain(engine, register, catalog, referred.rows, names=names, gone=gone)
            stay += [links.rows, links.cases]
            register_hash = register.hash()
        inputs = {
            "deliveries": [delivery.id for delivery in deliveries],
            "catalog_hash": catalog.hash,
            "register": register_hash,
            "code_version": code_version(),
        }
        erasures = {delivery.id: delivery.erasure for delivery in deliveries if delivery.erased}
        named = inputs | ({"erasures": erasures} if erasures else {})
        name = "snap-" + hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()[:12]
        if not is_stored(home, name):
            groups = person_groups(engine, catalog, links)  # asks for numbers, which come soon while little is due
            gathered = gathered_rows(engine, catalog, referred.rows, links)
            datasets = {it: view(engine, harmonise(engine, catalog, it, rows)) for it, rows in gathered.items()}
            tables = chain_tables(engine, catalog, datasets, links, groups, deliveries) | datasets
            ordered = judge_orders(engine, catalog, datasets, tables["events"], referred.standing())
            told, marks = marked(engine, gathered, referred.found, ordered.found)
            manifest = _manifest(name, inputs, catalog, deliveries, links.report, tables, referred, ordered, marks)
            for it, rows in told.items():
                if rows is not gathered[it] or not stand_in_order(catalog, deliveries, it, referred):
                    tables[it] = harmonise(engine, catalog, it, rows.order_by("delivery", "row"))
            _write(engine, home, catalog, tables, manifest)
    write_file(home.snapshots / CURRENT, f"{name}\n")
    ProcessingLog(home.processing_log).record("build", name, of_deliveries(catalog, deliveries), started)
    empty_vault(home)
    return read_snapshot(home, name)


def _at_hand(engine: Backend, deliveries: Sequence[Delivery], accepted: Tables) -> Tables:
    """The rows that count: read where they are asked for, but computed once where a delivery may supersede another."""
    several = Counter(it.dataset for it in deliveries)
    return {name: (view if several[name] == 1 else keep)(engine, rows) for name, rows in accepted.items()}


def _gone(home: Home, catalog: Catalog, deliveries: Sequence[Delivery]) -> set[str]:
    """The deliveries that others superseded or that were withdrawn: no link rests on them any more."""
    stored = {it.id for it in read_deliveries(home) if it.dataset in catalog.datasets}
    return stored - {it.id for it in deliveries} | withdrawn_deliveries(home)


def _manifest(
    name: str,
    inputs: dict,
    catalog: Catalog,
    deliveries: Sequence[Delivery],
    report: LinkageReport,
    tables: Tables,
    referred: Referred,
    ordered: Ordered,
    marks: Counts,
) -> Snapshot:
    latest = tables["events"].moment.max().to_pyarrow().as_py()
    if latest is None:
        raise BuildRefused(
            "The deliveries tell of no event.",
            why="No accepted row has a moment for an event that the catalogue asks for.",
            fix="das delivery list",
            ask="the data steward who maintains the events of the datasets",
        )
    left = rows_of({dataset: tables[dataset] for dataset in catalog.datasets})
    counts = {table: int(rows.count().execute()) for table, rows in tables.items() if table not in catalog.datasets}
    for dataset in catalog.datasets:
        counts[dataset] = sum(left.get(delivery.id, 0) for delivery in deliveries if delivery.dataset == dataset)
    return Snapshot(
        id=name,
        **inputs | {"deliveries": tuple(inputs["deliveries"])},
        synthetic=deliveries[0].synthetic,
        observed_until=catalog.chain.observed_until or latest,
        tables=counts,
        linkage={dataset: found.share for dataset, found in report.datasets.items()},
        linkage_counts={
            dataset: {"cases": found.cases, "known": found.known} for dataset, found in report.datasets.items()
        },
        conflicts=report.conflicts,
        contradictions=contradictions(catalog, tables, ordered.counts, report.conflicts),
        references=referred.counts,
        rows={id: it | {"in_snapshot": left.get(id, 0)} for id, it in referred.of_deliveries.items()},
        set_aside=referred.set_aside,
        marked=marks,
    )


def _write(engine: Backend, home: Home, catalog: Catalog, tables: Tables, snapshot: Snapshot) -> None:
    folder = home.snapshots / snapshot.id
    if folder.exists():
        shutil.rmtree(folder)  # its key is gone
    key = data_keys(home).new(f"snapshot-{snapshot.id}")
    with new_folder(folder) as staging:
        for name, table in tables.items():
            stored = conform(table, catalog, name, SNAPSHOT_TYPES)
            write_parquet(engine, stored, staging / f"{name}.parquet", key, wait=False)
        waited(engine)
        write_file(staging / MANIFEST, snapshot.to_json())
    tombstone(folder).unlink(missing_ok=True)  # the same snapshot, destroyed before
