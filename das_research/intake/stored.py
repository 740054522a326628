"""The rows of stored deliveries, opened with their data keys; accepted ones typed as the catalogue says."""

from collections.abc import Callable, Sequence

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research import engines
from das_research.catalog.models import Dataset
from das_research.home import Home
from das_research.intake.delivery import ACCEPTED, QUARANTINED, Delivery
from das_research.intake.dependencies import taken
from das_research.keys.data import data_keys

KEYS = {ACCEPTED: "delivery", QUARANTINED: "quarantine"}
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


def stored_rows(
    engine: Backend,
    home: Home,
    dataset: Dataset,
    deliveries: Sequence[Delivery],
    written: Callable[[str], ir.StringValue] = ibis.literal,
) -> ir.Table:
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
    written : callable
        How the engine writes the id of a delivery: as a text, or as one of `few`.

    Returns
    -------
    Table
        ``delivery, row``, the taken variables, ``moment, marks``.
    """
    types = {name: TYPES[variable.type] for name, variable in taken(dataset).items()}
    schema = {"row": "int64", **types, "moment": "date", "marks": TYPES["list"]}
    if not deliveries:
        return ibis.memtable([], schema={"delivery": "string"} | schema)
    parts = []
    for delivery in deliveries:
        rows = read_stored(engine, home, delivery.id)
        parts.append(rows.select(*schema).cast(schema).select(written(delivery.id).name("delivery"), *schema))
    return ibis.union(*parts)


def latest_rows(dataset: Dataset, rows: ir.Table, order: Sequence[str]) -> ir.Table:
    """The rows that count: of those with the same complete key the one that was delivered last.

    Parameters
    ----------
    dataset : Dataset
        Its ``unique`` is the key of a row; without one every row counts.
    rows : Table
        As `stored_rows` gives them.
    order : sequence of str
        Ids of their deliveries, as they were received.
    """
    kept = rows
    for place, delivery in enumerate(order[:-1] if dataset.unique else ()):
        later = rows.filter(rows.delivery.isin(order[place + 1 :])).select(*dataset.unique)
        mine = kept.filter(kept.delivery == delivery)
        kept = kept.filter(kept.delivery != delivery).union(mine.anti_join(later, list(dataset.unique)))
    return kept


def standing_files(home: Home, delivery_id: str) -> list[str]:
    """The names of a delivery's tables that can still be read: `ACCEPTED`, and `QUARANTINED` until that expires."""
    return [name for name, kind in KEYS.items() if data_keys(home).has(f"{kind}-{delivery_id}")]


def read_stored(engine: Backend, home: Home, delivery_id: str, name: str = ACCEPTED) -> ir.Table:
    """A table of a stored delivery as it stands.

    Parameters
    ----------
    engine : Backend
        Where it is read.
    home : Home
        Where it is stored.
    delivery_id : str
        Which delivery.
    name : str
        `ACCEPTED` or `QUARANTINED`.

    Raises
    ------
    DasError
        When its data key is gone.
    """
    key = data_keys(home).get(f"{KEYS[name]}-{delivery_id}")
    return engines.read_parquet(engine, home.deliveries / delivery_id / name, key)
