"""What goes into an extract: granted tables with pseudonyms for surrogates, and how they are written."""

from collections.abc import Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.access.coarsen import coarsened
from das_research.access.manifest import ExtractedTable, PersonLinks
from das_research.access.own_rows import own_tables, told_of
from das_research.access.rows import granted_rows, snapshot_tables
from das_research.access.scope import TableScope, granted_tables
from das_research.catalog.models import Catalog, Grant
from das_research.catalog.own_files import is_own
from das_research.catalog.tables import DELIVERY_TABLES, PERSON, PERSON_KEYS, table_columns
from das_research.engines import keep, only_row
from das_research.engines.hmac import hmac_sha256
from das_research.errors import AccessRefused
from das_research.hashing import rows_hash
from das_research.home import Home
from das_research.keys.store import KeyStore
from das_research.warehouse.snapshot import Snapshot

# what stands before the number of each kind, so that equal numbers of two kinds have two pseudonyms
SURROGATES = {"case_id": "case:", "person_id": "person:", "person_id_strict": "strict:", "person_id_loose": "loose:"}
DIGITS = 16
BATCH = 1 << 16  # rows that are hashed at once: what fits in the cache of a processor, and no new memory each time


def granted_contents(
    catalog: Catalog, grant: Grant, home: Home, snapshot: Snapshot, engine: Backend
) -> dict[str, ir.Table]:
    """Every table of an extract by name, as an expression in an engine that knows the project's key.

    Raises
    ------
    AccessRefused
        When a granted column is not in the snapshot, or an own file can't be linked.
    """
    sources = snapshot_tables(home, snapshot, engine)
    sources |= own_tables(catalog, grant, home, snapshot, sources, engine)
    scopes = [scope for scope in granted_tables(catalog, grant) if scope.table in sources]
    for scope in scopes:
        _check_columns(scope, sources[scope.table])
    key = KeyStore(home.steward_keys).project_key(grant.id, grant.begin.isoformat())
    given = [name for name in SURROGATES if any(name in scope.columns for scope in scopes)]
    to_give = rows_to_give(catalog, grant, scopes, sources, engine)
    sources |= {name: rows for name, rows in to_give.items() if is_own(catalog, grant, name)}
    told = [sources[scope.table] for scope in scopes]
    pseudonyms = {name: keep(engine, _pseudonyms(engine, name, told, key)) for name in given}
    contents = {}
    for name, rows in to_give.items():
        columns = next(scope.columns for scope in scopes if scope.table == name)
        contents[name] = _pseudonymised(coarsened(catalog, grant, name, rows), columns, pseudonyms)
    for name in DELIVERY_TABLES:
        contents[name] = sources[name].select(list(table_columns(catalog, name)))
    return contents


def rows_to_give(
    catalog: Catalog, grant: Grant, scopes: Sequence[TableScope], sources: Mapping[str, ir.Table], engine: Backend
) -> dict[str, ir.Table]:
    """The rows of every granted table, with all columns and surrogates; of own files with whom else is told of."""
    rows = {scope.table: granted_rows(catalog, grant, scope.table, sources) for scope in scopes}
    own = [name for name in rows if is_own(catalog, grant, name)]
    others = [rows[scope.table] for scope in scopes if scope.table not in own and PERSON in scope.columns]
    return rows | {name: told_of(engine, rows[name], others) for name in own}


def write_tables(
    engine: Backend, database: tuple[str, str], contents: Mapping[str, ir.Table]
) -> dict[str, ExtractedTable]:
    """Write tables in a new database, and describe them; only content orders the rows."""
    written = {}
    for name, table in contents.items():
        stored = engine.create_table(name, table.order_by(*table.columns), database=database)
        batches = stored.to_pyarrow_batches(chunk_size=BATCH)
        rows, content = rows_hash(batches.schema, batches)
        written[name] = ExtractedTable(tuple(table.columns), rows, content)
    return written


def person_links(engine: Backend, database: tuple[str, str], tables: Mapping[str, ExtractedTable]) -> PersonLinks:
    """Whether the three links give the same persons in all that `write_tables` wrote."""
    told = [name for name, table in tables.items() if set(PERSON_KEYS) <= set(table.columns)]
    if not told:
        return "none"
    parts = [engine.table(name, database=database).select(*PERSON_KEYS).distinct() for name in told]
    persons = ibis.union(*parts, distinct=True)
    persons = persons.filter(ibis.or_(*(persons[key].notnull() for key in PERSON_KEYS)))
    counts = persons.agg(persons=persons.count(), **{key: persons[key].nunique() for key in PERSON_KEYS})
    return "same" if len(set(only_row(counts).values())) == 1 else "differ"


def _check_columns(scope: TableScope, source: ir.Table) -> None:
    missing = [column for column in scope.columns if column not in source.columns]
    if missing:
        raise AccessRefused(
            f"The snapshot has no column {', '.join(missing)} in its table '{scope.table}'.",
            why="The catalogue names it, and got it after the snapshot was built.",
            fix="Type: das build",
        )


def _pseudonyms(engine: Backend, name: str, tables: Iterable[ir.Table], key: bytes) -> ir.Table:
    """Every surrogate of this name once, with its pseudonym: most stand in many rows, and hashing costs the most."""
    surrogates = ibis.union(*(table.select(name) for table in tables if name in table.columns)).distinct()
    return surrogates.select(
        name, pseudonym=hmac_sha256(engine, SURROGATES[name] + surrogates[name].cast("string"), [key])[:DIGITS]
    )


def _pseudonymised(rows: ir.Table, columns: tuple[str, ...], pseudonyms: Mapping[str, ir.Table]) -> ir.Table:
    rows = rows.select(*columns)
    for name in pseudonyms:
        if name in columns:
            named = rows.left_join(pseudonyms[name], name)
            rows = named.select(**{column: named["pseudonym" if column == name else column] for column in columns})
    return rows
