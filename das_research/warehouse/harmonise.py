"""One terminology: a partner's code becomes the unified one; the delivered one and the version stand beside it."""

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Catalog, Correspondence
from das_research.catalog.tables import SOURCE_SUFFIX, VERSION_SUFFIX, correspondence_of, table_columns
from das_research.intake.stored import TYPES
from das_research.linkage.chain import Links

SNAPSHOT_TYPES = TYPES | {"identifier": "int64"}  # past gate 1 a case and a person are surrogates

DELIVERED, UNIFIED = ":delivered", ":unified"  # no variable can be named so


def harmonise(catalog: Catalog, dataset_id: str, accepted: ir.Table, links: Links) -> ir.Table:
    """The table of one dataset in a snapshot.

    Parameters
    ----------
    catalog : Catalog
        Classifications and their correspondences.
    dataset_id : str
        Which dataset.
    accepted : Table
        Its accepted rows.
    links : Links
        The case and the person of every row.

    Returns
    -------
    Table
        Columns as the contract of the warehouse says: surrogates in the place of identifiers, and for a code ``x`` the
        unified ``x``, ``x_bron`` as delivered and ``x_versie``. A code that isn't known is missing in both, since
        anything could be typed there; its mark is in ``marks``, and the text stays with its delivery.
    """
    table = accepted
    if catalog.datasets[dataset_id].subject in ("case", "person"):
        surrogates = links.rows.filter(links.rows.dataset == dataset_id).drop("dataset", "moment")
        table = accepted.join(surrogates, ["delivery", "row"])
    return with_unified_codes(catalog, dataset_id, table, accepted)


def with_unified_codes(catalog: Catalog, dataset_id: str, table: ir.Table, delivered: ir.Table) -> ir.Table:
    """The columns of a dataset's table in a snapshot.

    Parameters
    ----------
    catalog, dataset_id
        As for `harmonise`.
    table : Table
        The rows with the surrogates that they tell of.
    delivered : Table
        The table that their codes come from: this one, or the one that it was joined from.
    """
    dataset = catalog.datasets[dataset_id]
    versions = {}
    for name, variable in dataset.variables.items():
        if variable.take and variable.type == "code":
            correspondence = correspondence_of(catalog, dataset, variable)
            assert correspondence is not None, "a checked catalogue has one for every code that is taken"
            codes = _lookup(name, correspondence)
            table = table.left_join(codes, delivered[name] == codes[name + DELIVERED])
            versions[name] = correspondence.version
    unified = {}
    for name, version in versions.items():
        known = table[name + UNIFIED].notnull()
        unified[name + SOURCE_SUFFIX] = ibis.ifelse(known, table[name], ibis.null("string"))
        unified[name + VERSION_SUFFIX] = ibis.ifelse(table[name].notnull(), version, ibis.null("string"))
        unified[name] = table[name + UNIFIED]
    table = table.mutate(unified)
    return conform(table, catalog, dataset_id)


def conform(table: ir.Table, catalog: Catalog, name: str) -> ir.Table:
    """The columns that the catalogue implies for a table of the snapshot, in their order and types."""
    columns = table_columns(catalog, name)
    return table.select(**{column: table[column].cast(SNAPSHOT_TYPES[columns[column].type]) for column in columns})


def _lookup(name: str, correspondence: Correspondence) -> ir.Table:
    delivered, unified = name + DELIVERED, name + UNIFIED
    codes = {delivered: list(correspondence.codes), unified: list(correspondence.codes.values())}
    return ibis.memtable(codes, schema={delivered: "string", unified: "string"})
