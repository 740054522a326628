"""The rows of a snapshot's tables that a grant covers."""

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.access.cover import covered_datasets
from das_research.catalog.models import Catalog, Grant
from das_research.catalog.own_files import is_own
from das_research.catalog.tables import PERSON, PERSON_KEYS, person_keys
from das_research.conditions import condition_to_expression
from das_research.engines import read_parquet
from das_research.home import Home
from das_research.keys.data import data_keys
from das_research.warehouse.snapshot import Snapshot

DELIVERY_SUFFIX = 13  # characters of a delivery's id after its dataset: a dash and 12 digits


def granted_rows(catalog: Catalog, grant: Grant, table: str, snapshot: Mapping[str, ir.Table]) -> ir.Table:
    """The rows of a table that the grant gives, with all their columns: of `covered_rows` those of its own conditions.

    Where it gives rows about persons of an own file alone, those of nobody else are left out. Tables that tell of no
    person stay whole.

    Parameters
    ----------
    catalog, grant, table
        As for `covered_rows`.
    snapshot : mapping
        The tables of the snapshot by name, and the own files of the project with everybody who is found.

    Returns
    -------
    Table
        To be narrowed to the columns of `table_scope`.
    """
    rows = covered_rows(catalog, grant, table, snapshot)
    rows = rows.filter(condition_to_expression(rows, grant.tables[table].rows))
    only = grant.only_persons_of
    if only is None or PERSON not in rows.columns or is_own(catalog, grant, table):
        return rows
    theirs = snapshot[only]
    listed = theirs.filter(condition_to_expression(theirs, grant.tables[only].rows)) if only in grant.tables else theirs
    return _in_one_of(rows, [listed], [key for key in PERSON_KEYS if key in rows.columns])


def covered_rows(catalog: Catalog, grant: Grant, table: str, snapshot: Mapping[str, ir.Table]) -> ir.Table:
    """The rows of a table that the datasets of a project tell of, whatever conditions its grant adds.

    Events are those that a covered dataset told; cases and persons those that a row of a covered dataset knows in a
    case, and so are the rows of a dataset that tells of persons. An own file is there whole: who stands on it need not
    be in the chain.

    Parameters
    ----------
    catalog, grant, table
        As for `table_scope`.
    snapshot : mapping
        The tables of the snapshot by name.

    Returns
    -------
    Table
        With all their columns.
    """
    covered = covered_datasets(catalog, grant)
    rows = snapshot[table]
    if is_own(catalog, grant, table):
        return rows
    if table == "events":
        told_by = rows.delivery.substr(0, rows.delivery.length() - DELIVERY_SUFFIX)
        rows = rows.filter(told_by.isin(sorted(covered)))
    subject = catalog.datasets[table].subject if table in catalog.datasets else None
    if table in ("cases", "persons") or subject == "person":
        of_cases = [name for name in sorted(covered) if catalog.datasets[name].subject == "case"]
        known = [snapshot[dataset] for dataset in of_cases if dataset in snapshot]
        keys = {"cases": ("case_id",), "persons": person_keys(catalog)}.get(table, (PERSON,))
        rows = _in_one_of(rows, known, keys) if known else rows.limit(0)
    return rows


def snapshot_tables(home: Home, snapshot: Snapshot, engine: Backend) -> dict[str, ir.Table]:
    """The tables of a snapshot in an engine, by name."""
    key = data_keys(home).get(f"snapshot-{snapshot.id}")
    paths = sorted((home.snapshots / snapshot.id).glob("*.parquet"))
    return {path.stem: read_parquet(engine, path, key) for path in paths}


def _in_one_of(rows: ir.Table, known: Sequence[ir.Table], keys: Sequence[str]) -> ir.Table:
    """The rows whose first key that they have is in one of these tables."""
    parts = []
    for key in keys:
        parts.append(
            rows.filter(rows[key].notnull()).semi_join(ibis.union(*(table.select(key) for table in known)), key)
        )
        rows = rows.filter(rows[key].isnull())
    return ibis.union(*parts)
