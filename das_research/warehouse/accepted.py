"""The accepted rows of all deliveries, one table a dataset, typed as the catalogue says."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Dataset
from das_research.home import Home
from das_research.intake.delivery import Delivery

TYPES = {
    "identifier": "string",
    "code": "string",
    "date": "date",
    "integer": "int64",
    "decimal": "float64",
    "text": "string",
    "boolean": "boolean",
    "list": "array<string>",
}


def read_accepted(engine: Backend, home: Home, catalog: Catalog, deliveries: Sequence[Delivery]) -> dict[str, ir.Table]:
    """Read what gate 1 accepted.

    Parameters
    ----------
    engine : Backend
        Where it is read.
    home : Home
        Where the deliveries lie.
    catalog : Catalog
        Its datasets say which columns there are.
    deliveries : sequence of Delivery
        Several of one dataset stand under each other; rows that occur in two of them stay.

    Returns
    -------
    dict
        Every dataset of the catalogue to ``delivery, row``, its taken variables, ``moment, marks``; without a delivery
        it has no rows.
    """
    tables = {}
    for name, dataset in catalog.datasets.items():
        schema = _schema(dataset)
        parts = [ibis.memtable([], schema={"delivery": "string"} | schema)]
        for delivery in deliveries:
            if delivery.dataset == name:
                rows = engine.read_parquet(home.deliveries / delivery.id / "accepted.parquet")
                parts.append(
                    rows.select(*schema).cast(schema).select(ibis.literal(delivery.id).name("delivery"), *schema)
                )
        tables[name] = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return tables


def _schema(dataset: Dataset) -> dict[str, str]:
    taken = {name: TYPES[variable.type] for name, variable in dataset.variables.items() if variable.take}
    return {"row": "int64", **taken, "moment": "date", "marks": TYPES["list"]}
