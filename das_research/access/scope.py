"""What a grant covers: of each table of a snapshot the columns, with the reason for every other one, and the rows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.access.coarsen import coarse_codes
from das_research.access.cover import Reason, covered_datasets, uncovered
from das_research.catalog.models import Catalog, Grant
from das_research.catalog.tables import (
    PERSON,
    PERSON_LINKS,
    Column,
    origins_of,
    person_keys,
    table_columns,
    table_names,
)
from das_research.conditions import condition_to_expression
from das_research.engines import read_parquet
from das_research.home import Home
from das_research.keys.data import data_keys
from das_research.warehouse.snapshot import Snapshot

DELIVERY_SUFFIX = 13  # characters of a delivery's id after its dataset: a dash and 12 digits


@dataclass(frozen=True)
class LeftOut:
    """A column that the project does not get, and why."""

    column: str
    reason: Reason


@dataclass(frozen=True)
class TableScope:
    """The columns of one table: those the project gets, and those it does not."""

    table: str
    columns: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def table_scope(catalog: Catalog, grant: Grant, table: str) -> TableScope:
    """Which columns of a table the grant gives, and why it does not give the others.

    A dataset that a project may not hold is left out as a whole, with what was drawn from it: `uncovered` says why.
    With the key of persons by the standard link come those by the strict and the loose one, so that a number can be
    computed at all three. An attribute of cases or persons is the first known value of several datasets: it is given
    only when the project may hold all of them, since nobody could tell from which one a value came.

    Parameters
    ----------
    catalog : Catalog
        The catalogue.
    grant : Grant
        The grant as it holds on a day, see `Grant.on`.
    table : str
        One of `table_names`.

    Returns
    -------
    TableScope
        Columns in the order of the snapshot.
    """
    granted = grant.tables[table].columns if table in grant.tables else ()
    columns: list[str] = []
    left_out: list[LeftOut] = []
    for column in table_columns(catalog, table).values():
        reason = _reason(catalog, grant, table, column, granted)
        if reason is None:
            columns.append(column.name)
        else:
            left_out.append(LeftOut(column.name, reason))
    return TableScope(table, tuple(columns), tuple(left_out))


def granted_tables(catalog: Catalog, grant: Grant) -> tuple[TableScope, ...]:
    """The tables of which the project gets at least one column, in the order of the catalogue."""
    scopes = (table_scope(catalog, grant, table) for table in table_names(catalog))
    return tuple(scope for scope in scopes if scope.columns)


def granted_rows(catalog: Catalog, grant: Grant, table: str, snapshot: Mapping[str, ir.Table]) -> ir.Table:
    """The rows of a table that the grant gives, with all their columns: of `covered_rows` those of its own conditions.

    Parameters
    ----------
    catalog, grant, table, snapshot
        As for `covered_rows`.

    Returns
    -------
    Table
        To be narrowed to the columns of `table_scope`.
    """
    rows = covered_rows(catalog, grant, table, snapshot)
    return rows.filter(condition_to_expression(rows, grant.tables[table].rows))


def covered_rows(catalog: Catalog, grant: Grant, table: str, snapshot: Mapping[str, ir.Table]) -> ir.Table:
    """The rows of a table that the datasets of a project tell of, whatever conditions its grant adds.

    Events are those that a covered dataset told; cases and persons those that a row of a covered dataset knows in a
    case, and so are the rows of a dataset that tells of persons.

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


def grant_hash(catalog: Catalog, grant: Grant) -> str:
    """The hash of a grant and of the columns and datasets it comes down to: another hash, another extract.

    Who the people are decides who opens the extract and not what is in it, unless a dataset is for some of them alone.
    """
    scope = {table.table: table.columns for table in granted_tables(catalog, grant)}
    covered = sorted(covered_datasets(catalog, grant))
    content = [grant.model_dump(mode="json", exclude={"people"}), scope, covered, coarse_codes(catalog, grant)]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _reason(catalog: Catalog, grant: Grant, table: str, column: Column, granted: tuple[str, ...]) -> Reason | None:
    for dataset in sorted(origins_of(catalog, table, column.name)):
        reason = uncovered(catalog, grant, dataset)
        if reason is not None:
            return reason
    if column.identifying == "direct":
        return "direct identifier"
    asked = PERSON if column.name in PERSON_LINKS.values() else column.name
    return None if asked in granted else "not granted"


def _in_one_of(rows: ir.Table, known: Sequence[ir.Table], keys: Sequence[str]) -> ir.Table:
    """The rows whose first key that they have is in one of these tables."""
    parts = []
    for key in keys:
        parts.append(
            rows.filter(rows[key].notnull()).semi_join(ibis.union(*(table.select(key) for table in known)), key)
        )
        rows = rows.filter(rows[key].isnull())
    return ibis.union(*parts)
