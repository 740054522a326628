"""One terminology: a partner's code becomes the unified one; the delivered one and the version stand beside it."""

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Correspondence
from das_research.catalog.tables import SOURCE_SUFFIX, VERSION_SUFFIX, correspondence_of, table_columns
from das_research.engines import few
from das_research.intake.codes import marked_again
from das_research.intake.dependencies import taken
from das_research.intake.stored import TYPES
from das_research.linkage.told import Links

SNAPSHOT_TYPES = TYPES | {"identifier": "int64"}  # past gate 1 a case and a person are surrogates

KEY, DELIVERED, UNIFIED = ":key", ":delivered", ":unified"  # no variable can be named so


def harmonise(engine: Backend, catalog: Catalog, dataset_id: str, accepted: ir.Table, links: Links) -> ir.Table:
    """The table of one dataset in a snapshot.

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
        Columns as the contract of the warehouse says: surrogates in the place of identifiers, and for a code ``x`` the
        unified ``x``, ``x_bron`` as delivered and ``x_versie``. A code that isn't known is missing in both, since
        anything could be typed there; its mark is in ``marks``, judged by the codes of today, and the text stays with
        its delivery.
    """
    table = accepted
    if catalog.datasets[dataset_id].subject in ("case", "person"):
        place = list(catalog.datasets).index(dataset_id)  # rows stand by dataset, so the engine reads no others for it
        surrogates = links.rows.filter(links.rows.place == place).drop("place", "dataset", "moment")
        table = accepted.join(surrogates, ["delivery", "row"])
    return with_unified_codes(engine, catalog, dataset_id, table, accepted, judge=True)


def with_unified_codes(
    engine: Backend, catalog: Catalog, dataset_id: str, table: ir.Table, delivered: ir.Table, judge: bool = False
) -> ir.Table:
    """The columns of a dataset's table in a snapshot.

    Parameters
    ----------
    engine, catalog, dataset_id
        As for `harmonise`.
    table : Table
        The rows with the surrogates that they tell of.
    delivered : Table
        The table that their codes come from: this one, or the one that it was joined from.
    judge : bool
        Whether its marks of codes become those of today.
    """
    dataset = catalog.datasets[dataset_id]
    versions = {}
    for name in taken(dataset, "code"):
        correspondence = correspondence_of(catalog, dataset, dataset.variables[name])
        assert correspondence is not None, "a checked catalogue has one for every code that is taken"
        codes = _lookup(engine, name, correspondence)
        table = table.left_join(codes, delivered[name] == codes[name + KEY])
        versions[name] = few(engine, [correspondence.version])(correspondence.version)
    if judge:
        table = marked_again(table, catalog, dataset, {name: table[name + DELIVERED] for name in versions})
    unified = {}
    for name, version in versions.items():
        unified[name + SOURCE_SUFFIX] = table[name + DELIVERED]
        unified[name + VERSION_SUFFIX] = ibis.ifelse(table[name].notnull(), version, ibis.null("string"))
        unified[name] = table[name + UNIFIED]
    return conform(table.mutate(unified), catalog, dataset_id)


def conform(table: ir.Table, catalog: Catalog, name: str) -> ir.Table:
    """The columns that the catalogue implies for a table of the snapshot, in their order and types."""
    columns = table_columns(catalog, name)
    return table.select(**{column: table[column].cast(SNAPSHOT_TYPES[columns[column].type]) for column in columns})


def _lookup(engine: Backend, name: str, correspondence: Correspondence) -> ir.Table:
    delivered, unified = list(correspondence.codes), list(correspondence.codes.values())
    codes = ibis.memtable({KEY: delivered, UNIFIED: unified}, schema={KEY: "string", UNIFIED: "string"})
    written = {DELIVERED: few(engine, delivered)(codes[KEY]), UNIFIED: few(engine, unified)(codes[UNIFIED])}
    return codes.select(**{name + KEY: codes[KEY]}, **{name + role: text for role, text in written.items()})
