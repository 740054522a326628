"""Deliveries that go as a whole: withdrawn by their partner, or kept for as long as was agreed."""

import json
from collections.abc import Sequence

from das_research.catalog.models import Catalog
from das_research.changes import Change, change, moment_now, tombstone, warehouse_lock
from das_research.custody.copies import destroy_copies
from das_research.errors import UsageError
from das_research.home import Home
from das_research.intake.delivery import WITHDRAWN, Delivery, read_deliveries
from das_research.processing_log import of_deliveries


def withdraw(catalog: Catalog, home: Home, delivery_id: str, account: str) -> Delivery:
    """Destroy a delivery with all that was made of its rows. What was linked by it alone falls apart at the next build.

    Parameters
    ----------
    catalog : Catalog
        Under which of its agreements the rows were kept.
    home : Home
        The home folder.
    delivery_id : str
        Which delivery.
    account : str
        Who withdraws it.

    Returns
    -------
    Delivery
        What it was.

    Raises
    ------
    UsageError
        When there is no such delivery.
    """
    with warehouse_lock(home):
        found = [it for it in read_deliveries(home) if it.id == delivery_id]
        if not found:
            raise UsageError(f"There is no delivery {delivery_id}.", fix="Choose one from: das delivery list.")
        with change(home, "custody", "withdrawn", account) as made:
            made.facts |= {"delivery": delivery_id, "dataset": found[0].dataset, "partners": [found[0].partner]}
            made.facts["rows"] = found[0].accepted + found[0].quarantined
            made.touched("erasure", delivery_id, of_deliveries(catalog, found))
            destroy_deliveries(made, catalog, found, WITHDRAWN)
    return found[0]


def destroy_deliveries(made: Change, catalog: Catalog, deliveries: Sequence[Delivery], why: str) -> None:
    """Have deliveries destroyed: rows, quarantine, vault, and every copy of the rows."""
    home = made.home
    for delivery in deliveries:
        folder = home.deliveries / delivery.id
        for kind in ("delivery", "quarantine", "vault"):
            made.destroy_key(f"{kind}-{delivery.id}")
        made.remove(folder)
        made.remove(home.vault / f"{delivery.id}.parquet")
        left = {name: getattr(delivery, name) for name in ("id", "dataset", "file_sha256", "erased")}
        left |= {"destroyed": moment_now(), "why": why, "rows": delivery.accepted + delivery.quarantined}
        made.write(tombstone(folder), json.dumps(left, indent=1) + "\n")
    destroy_copies(made, catalog, [it.id for it in deliveries], why)
