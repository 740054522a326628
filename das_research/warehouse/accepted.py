"""The accepted rows that count, of all deliveries: one table a dataset."""

from collections.abc import Callable, Mapping, Sequence

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.home import Home
from das_research.intake.codes import marked_again
from das_research.intake.delivery import Delivery
from das_research.intake.stored import latest_rows, stored_rows


def read_accepted(
    engine: Backend,
    home: Home,
    catalog: Catalog,
    deliveries: Sequence[Delivery],
    written: Callable[[str], ir.StringValue] = ibis.literal,
) -> dict[str, ir.Table]:
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
        Several of one dataset stand under each other.
    written : callable
        How the engine writes the id of a delivery.

    Returns
    -------
    dict
        Every dataset of the catalogue to ``delivery, row``, its taken variables, ``moment, marks``; without a delivery
        it has no rows.
    """
    return {
        name: stored_rows(engine, home, dataset, [it for it in deliveries if it.dataset == name], written)
        for name, dataset in catalog.datasets.items()
    }


def latest(catalog: Catalog, deliveries: Sequence[Delivery], accepted: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """The rows that count, with marks as gate 1 gave them; as for `in_force`."""
    return {
        name: latest_rows(catalog.datasets[name], rows, [it.id for it in deliveries if it.dataset == name])
        for name, rows in accepted.items()
    }


def in_force(catalog: Catalog, deliveries: Sequence[Delivery], accepted: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """The rows that count, with the marks of the codes that the catalogue knows now.

    Of rows with the same complete key (``unique`` of their dataset) the one that was delivered last counts.

    Parameters
    ----------
    catalog : Catalog
        Keys and codes.
    deliveries : sequence of Delivery
        In the order in which they were received.
    accepted : mapping of str to Table
        Dataset to all its accepted rows.

    Returns
    -------
    dict
        The same datasets and columns.
    """
    rows = latest(catalog, deliveries, accepted)
    return {name: marked_again(table, catalog, catalog.datasets[name]) for name, table in rows.items()}
