"""What goes into an extract: granted tables with pseudonyms for surrogates, laid ready in an engine and written out."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.access.manifest import ExtractedTable, PersonLinks
from das_research.access.scope import TableScope, granted_rows, granted_tables, snapshot_tables
from das_research.catalog.models import Catalog, Grant
from das_research.catalog.tables import DELIVERY_TABLES, PERSON_KEYS, table_columns
from das_research.engines import create_extract, hmac_sha256, keep, only_row, register_keys
from das_research.errors import AccessRefused
from das_research.hashing import content_hash
from das_research.home import Home
from das_research.keys.store import KeyStore
from das_research.warehouse.snapshot import Snapshot

# what stands before the number of each kind, so that equal numbers of two kinds have two pseudonyms
SURROGATES = {"case_id": "case:", "person_id": "person:", "person_id_strict": "strict:", "person_id_loose": "loose:"}
DIGITS = 16
LAID = "extract_"  # before the name of a table that is laid ready


def lay_ready(
    catalog: Catalog, grant: Grant, home: Home, snapshot: Snapshot, engine: Backend
) -> Iterator[tuple[str, ExtractedTable]]:
    """Lay every table of an extract ready in an engine, and describe it.

    Yields
    ------
    tuple
        The table's name and its description.

    Raises
    ------
    AccessRefused
        When a granted column is not in the snapshot.
    """
    pads = register_keys(engine, {"project": KeyStore(home.steward_keys).get_or_create(f"project-{grant.id}")})
    sources = snapshot_tables(home, snapshot, engine)
    scopes = granted_tables(catalog, grant)
    given = [name for name in SURROGATES if any(name in scope.columns for scope in scopes)]
    pseudonyms = {name: keep(engine, _pseudonyms(name, sources.values(), pads)) for name in given}
    expressions = {}
    for scope in scopes:
        if scope.table in sources:
            _check_columns(scope, sources[scope.table])
            rows = granted_rows(catalog, grant, scope.table, sources)
            expressions[scope.table] = _pseudonymised(rows, scope.columns, pseudonyms)
    for name in DELIVERY_TABLES:
        expressions[name] = sources[name].select(list(table_columns(catalog, name)))
    for name, expression in expressions.items():
        table = engine.create_table(LAID + name, expression, temp=True)
        yield name, ExtractedTable(tuple(table.columns), int(table.count().execute()), content_hash(table))


def person_links(engine: Backend, tables: Mapping[str, ExtractedTable]) -> PersonLinks:
    """Whether the three links give the same persons in all that `lay_ready` laid in an engine."""
    told = [name for name, table in tables.items() if set(PERSON_KEYS) <= set(table.columns)]
    if not told:
        return "none"
    persons = ibis.union(*(engine.table(LAID + name).select(*PERSON_KEYS) for name in told), distinct=True)
    persons = persons.filter(ibis.or_(*(persons[key].notnull() for key in PERSON_KEYS)))
    counts = persons.agg(persons=persons.count(), **{key: persons[key].nunique() for key in PERSON_KEYS})
    return "same" if len(set(only_row(counts).values())) == 1 else "differ"


def write_database(engine: Backend, path: Path, tables: Iterable[str]) -> None:
    """Write what `lay_ready` laid in an engine as a database file, and nothing else."""
    create_extract(engine, path, laid_tables(engine, tables))


def laid_tables(engine: Backend, tables: Iterable[str]) -> dict[str, ir.Table]:
    """What `lay_ready` laid in an engine, by name; only content orders the rows."""
    laid = {name: engine.table(LAID + name) for name in tables}
    return {name: table.order_by(*table.columns) for name, table in laid.items()}


def _check_columns(scope: TableScope, source: ir.Table) -> None:
    missing = [column for column in scope.columns if column not in source.columns]
    if missing:
        raise AccessRefused(
            f"The snapshot has no column {', '.join(missing)} in its table '{scope.table}'.",
            why="The catalogue names it, and got it after the snapshot was built.",
            fix="Type: das build",
        )


def _pseudonyms(name: str, tables: Iterable[ir.Table], pads: ir.Table) -> ir.Table:
    """Every surrogate of this name once, with its pseudonym: most stand in many rows, and hashing costs the most."""
    surrogates = ibis.union(*(table.select(name) for table in tables if name in table.columns), distinct=True)
    joined = surrogates.cross_join(pads)
    pseudonym = hmac_sha256(joined, "project", SURROGATES[name] + joined[name].cast("string"))[:DIGITS]
    return joined.select(name, pseudonym=pseudonym)


def _pseudonymised(rows: ir.Table, columns: tuple[str, ...], pseudonyms: Mapping[str, ir.Table]) -> ir.Table:
    rows = rows.select(*columns)
    for name in pseudonyms:
        if name in columns:
            named = rows.left_join(pseudonyms[name], name)
            rows = named.select(**{column: named["pseudonym" if column == name else column] for column in columns})
    return rows
