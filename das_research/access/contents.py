"""What goes into an extract: granted tables with pseudonyms for surrogates, and how they are written."""

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from das_research.access.coarsen import coarsened
from das_research.access.manifest import ExtractedTable, PersonLinks
from das_research.access.own_rows import own_tables, told_of
from das_research.access.pseudonyms import SURROGATES, pseudonymised, pseudonyms_of, spelled
from das_research.access.rows import granted_rows, snapshot_tables
from das_research.access.scope import TableScope, granted_tables
from das_research.catalog.models import Catalog, Grant
from das_research.catalog.own_files import is_own
from das_research.catalog.tables import DELIVERY_TABLES, PERSON, PERSON_KEYS, table_columns
from das_research.engines import lay_rows, only_row, with_few_texts
from das_research.errors import AccessRefused
from das_research.hashing import RowsHash
from das_research.home import Home
from das_research.keys.store import KeyStore
from das_research.warehouse.snapshot import Snapshot


def granted_contents(
    catalog: Catalog, grant: Grant, home: Home, snapshot: Snapshot, engine: Backend
) -> dict[str, ir.Table]:
    """Every table of an extract by name, as an expression of the engine; its pseudonyms are numbers yet.

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
    pseudonyms = {name: pseudonyms_of(engine, name, told, key) for name in given}
    contents = {}
    for name, rows in to_give.items():
        columns = next(scope.columns for scope in scopes if scope.table == name)
        whole = coarsened(catalog, grant, name, sources[name])
        given_rows = pseudonymised(coarsened(catalog, grant, name, rows), columns, pseudonyms)
        contents[name] = with_few_texts(engine, given_rows, whole)
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
    """Write tables in a new database, and describe them; only content orders the rows.

    What is hashed is what the engine is given to write, on its way: nothing is read again for it.
    """
    return {name: _write(engine, database, name, table) for name, table in contents.items()}


def _write(engine: Backend, database: tuple[str, str], name: str, table: ir.Table) -> ExtractedTable:
    keys = [column for column in table.columns if column in SURROGATES]
    schema = ibis.schema(dict(table.schema().items()) | dict.fromkeys(keys, "string"))
    stored = engine.create_table(name, schema=schema, database=database)
    content = RowsHash(stored.schema().to_pyarrow())

    def passed(rows: pa.RecordBatch) -> pa.RecordBatch:
        for key in keys:
            place = rows.schema.get_field_index(key)
            rows = rows.set_column(place, key, spelled(rows.column(place)))
        content.add(rows)
        return rows

    lay_rows(engine, database, name, table.order_by(*table.columns), passed)
    return ExtractedTable(tuple(table.columns), content.rows, content.hexdigest())


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
