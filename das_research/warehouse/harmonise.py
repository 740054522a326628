"""One terminology: a partner's code becomes the unified one; the delivered one and the version stand beside it."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Correspondence
from das_research.catalog.tables import SOURCE_SUFFIX, VERSION_SUFFIX, codes_of, correspondence_of, table_columns
from das_research.engines import few, looked_up, one_of_few
from das_research.intake.codes import marked_again
from das_research.intake.dependencies import taken
from das_research.intake.stored import TYPES
from das_research.linkage.graph import NODE
from das_research.linkage.told import Links

SNAPSHOT_TYPES = TYPES | {"identifier": "int64"}  # past gate 1 a case and a person are surrogates
BUILT_TYPES = TYPES | {"identifier": NODE}  # and while a build computes with them they are short


def gather(engine: Backend, catalog: Catalog, dataset_id: str, accepted: ir.Table, links: Links) -> ir.Table:
    """The rows of one dataset with what they were linked to, and all of their codes that `harmonise` doesn't tell.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    catalog : Catalog
        Classifications and their correspondences.
    dataset_id : str
        Which dataset.
    accepted : Table
        Its accepted rows, with marks as gate 1 gave them.
    links : Links
        The case and the person of every row.

    Returns
    -------
    Table
        Surrogates in the place of identifiers, and for a code ``x`` the known one as delivered, ``x_bron``, and
        ``x_versie``; the marks judge the codes by those of today.
    """
    table = _as_delivered(engine, catalog, dataset_id, accepted, judge=True)
    if catalog.datasets[dataset_id].is_linked:
        place = list(catalog.datasets).index(dataset_id)  # rows stand by dataset, so the engine reads no others for it
        surrogates = links.rows.filter(links.rows.place == place).drop("place", "dataset", "moment")
        table = table.join(surrogates, ["delivery", "row"])
    return table.select(*(name for name in table_columns(catalog, dataset_id) if name in table.columns))


def harmonise(engine: Backend, catalog: Catalog, dataset_id: str, gathered: ir.Table) -> ir.Table:
    """The table of one dataset in a snapshot.

    Parameters
    ----------
    engine, catalog, dataset_id
        As for `gather`.
    gathered : Table
        What that gives.

    Returns
    -------
    Table
        Columns as the contract of the warehouse says: surrogates in the place of identifiers, and for a code ``x`` the
        unified ``x``, ``x_bron`` as delivered and ``x_versie``. A code that isn't known is missing in both, since
        anything could be typed there; its mark is in ``marks``, judged by the codes of today, and the text stays with
        its delivery.
    """
    return conform(_unified(engine, catalog, dataset_id, gathered), catalog, dataset_id)


def with_unified_codes(engine: Backend, catalog: Catalog, dataset_id: str, table: ir.Table) -> ir.Table:
    """The columns of a dataset's table in a snapshot, of rows with the surrogates that they tell of."""
    table = _unified(engine, catalog, dataset_id, _as_delivered(engine, catalog, dataset_id, table))
    return conform(table, catalog, dataset_id, SNAPSHOT_TYPES)


def _as_delivered(engine: Backend, catalog: Catalog, dataset_id: str, table: ir.Table, judge: bool = False) -> ir.Table:
    """Rows with their known codes, where it is asked with the marks of codes that hold today."""
    dataset = catalog.datasets[dataset_id]
    known, versions = {}, {}
    for name, correspondence in _correspondences(catalog, dataset_id).items():
        known[name] = one_of_few(engine, correspondence.codes)(table[name])
        version = few(engine, [correspondence.version])
        versions[name + VERSION_SUFFIX] = ibis.ifelse(
            table[name].notnull(), version(correspondence.version), version(ibis.null("string"))
        )
    table = table.mutate({name + SOURCE_SUFFIX: it for name, it in known.items()})
    if judge:
        table = marked_again(table, catalog, dataset, {name: table[name + SOURCE_SUFFIX] for name in known})
    return table.mutate(versions).drop(*known)


def _unified(engine: Backend, catalog: Catalog, dataset_id: str, table: ir.Table) -> ir.Table:
    """Rows with their codes in one terminology besides."""
    dataset = catalog.datasets[dataset_id]
    told = {}
    for name, correspondence in _correspondences(catalog, dataset_id).items():
        codes = codes_of(catalog, dataset.variables[name].classification)
        told[name] = looked_up(engine, correspondence.codes, codes)(table[name + SOURCE_SUFFIX])
    return table.mutate(told)


def _correspondences(catalog: Catalog, dataset_id: str) -> dict[str, Correspondence]:
    """Every code that is taken, and what it corresponds to."""
    dataset, found = catalog.datasets[dataset_id], {}
    for name in taken(dataset, "code"):
        correspondence = correspondence_of(catalog, dataset, dataset.variables[name])
        assert correspondence is not None, "a checked catalogue has one for every code that is taken"
        found[name] = correspondence
    return found


def conform(table: ir.Table, catalog: Catalog, name: str, types: Mapping[str, str] = BUILT_TYPES) -> ir.Table:
    """The columns that the catalogue implies for a table of the snapshot, in their order and types."""
    columns = table_columns(catalog, name)
    return table.select(**{column: table[column].cast(types[columns[column].type]) for column in columns})
