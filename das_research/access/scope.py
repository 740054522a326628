"""What a grant covers: of each table of a snapshot the columns, with the reason for every other one, and the rows."""

import hashlib
import json
from dataclasses import dataclass

from das_research.access.cover import Reason, covered_datasets, uncovered
from das_research.catalog.coarsening import coarse_codes
from das_research.catalog.models import Catalog, Grant
from das_research.catalog.own_files import is_own, seen_by
from das_research.catalog.tables import (
    LINKED,
    PERSON,
    PERSON_LINKS,
    Column,
    origins_of,
    table_columns,
    table_names,
)


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
    computed at all three; of an own file also whether the person is linked. An attribute of cases or persons is the
    first known value of several datasets: it is given only when the project may hold all of them, since nobody could
    tell from which one a value came.

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


def grant_hash(catalog: Catalog, grant: Grant) -> str:
    """The hash of a grant and of the columns and datasets it comes down to: another hash, another extract.

    Who the people are decides who opens the extract and not what is in it, unless a dataset is for some of them alone.
    """
    catalog = seen_by(catalog, grant.id)
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
    with_person = {*PERSON_LINKS.values(), *([LINKED] if is_own(catalog, grant, table) else [])}
    asked = PERSON if column.name in with_person else column.name
    return None if asked in granted else "not granted"
