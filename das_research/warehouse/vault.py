"""The linkage vault: names and the like of accepted rows, which only a build reads, and empties when it has linked."""

from collections.abc import Callable, Sequence

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.engines import read_parquet
from das_research.home import Home
from das_research.intake.delivery import Delivery
from das_research.intake.dependencies import for_linkage
from das_research.keys.data import data_keys


def read_vault(
    engine: Backend,
    home: Home,
    catalog: Catalog,
    deliveries: Sequence[Delivery],
    written: Callable[[str], ir.StringValue] = ibis.literal,
) -> dict[str, ir.Table]:
    """What the vault still holds of these deliveries.

    Parameters
    ----------
    engine : Backend
        Where it is read; it keeps nothing on disk that isn't encrypted.
    home : Home
        Where the vault lies.
    catalog : Catalog
        Which variables are for linkage.
    deliveries : sequence of Delivery
        Those of the build.
    written : callable
        How the engine writes the id of a delivery.

    Returns
    -------
    dict
        Dataset to ``delivery, row`` and its variables for linkage; a dataset of which the vault holds nothing is not
        there.
    """
    keys, found = data_keys(home), dict[str, list[ir.Table]]()
    for delivery in deliveries:
        path, variables = home.vault / f"{delivery.id}.parquet", for_linkage(catalog.datasets[delivery.dataset])
        if path.is_file() and keys.has(f"vault-{delivery.id}"):
            rows = read_parquet(engine, path, keys.get(f"vault-{delivery.id}"))
            rows = rows.select(written(delivery.id).name("delivery"), "row", *variables)
            found.setdefault(delivery.dataset, []).append(rows)
    return {name: ibis.union(*parts) for name, parts in found.items()}


def empty_vault(home: Home) -> None:
    """Destroy all that the vault holds: first the keys, then the files."""
    keys = data_keys(home)
    for path in sorted(home.vault.glob("*.parquet")):
        keys.destroy(f"vault-{path.stem}")
        path.unlink()
