"""The accepted rows of stored deliveries, typed as the catalogue says."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Dataset
from das_research.home import Home
from das_research.intake.delivery import ACCEPTED, Delivery
from das_research.intake.dependencies import taken

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


def stored_rows(engine: Backend, home: Home, dataset: Dataset, deliveries: Sequence[Delivery]) -> ir.Table:
    """What gate 1 accepted of some deliveries of one dataset.

    Parameters
    ----------
    engine : Backend
        Where it is read.
    home : Home
        Where the deliveries lie.
    dataset : Dataset
        Says which columns there are.
    deliveries : sequence of Delivery
        They stand under each other; without any there are no rows.

    Returns
    -------
    Table
        ``delivery, row``, the taken variables, ``moment, marks``.
    """
    types = {name: TYPES[variable.type] for name, variable in taken(dataset).items()}
    schema = {"row": "int64", **types, "moment": "date", "marks": TYPES["list"]}
    parts = [ibis.memtable([], schema={"delivery": "string"} | schema)]
    for delivery in deliveries:
        rows = engine.read_parquet(home.deliveries / delivery.id / ACCEPTED)
        parts.append(rows.select(*schema).cast(schema).select(ibis.literal(delivery.id).name("delivery"), *schema))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]
