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
        Which delivery; a project's own file too, which goes with every extract of that project.
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
        known = [(sender, it) for sender in home.senders() for it in read_deliveries(sender) if it.id == delivery_id]
        if not known:
            raise UsageError(f"There is no delivery {delivery_id}.", fix="Choose one from: das delivery list.")
        [(sender, delivery)] = known
        found = [delivery]
        with change(sender, "custody", "withdrawn", account) as made:
            made.facts |= {"delivery": delivery_id, "dataset": found[0].dataset, "partners": [found[0].partner]}
            made.facts["rows"] = found[0].accepted + found[0].quarantined
            made.touched("erasure", delivery_id, of_deliveries(catalog, found))
            destroy_deliveries(made, catalog, found, WITHDRAWN)
    return found[0]


def destroy_deliveries(made: Change, catalog: Catalog, deliveries: Sequence[Delivery], why: str) -> None:
    """Have deliveries of one sender destroyed: rows, quarantine, vault, and every copy of the rows."""
    destroy_rows(made, deliveries, why)
    destroy_copies(made, catalog, [it.id for it in deliveries], why)


def destroy_rows(made: Change, deliveries: Sequence[Delivery], why: str) -> None:
    """As `destroy_deliveries`, for who has the copies destroyed; of a project's own file the report goes too."""
    home = made.home
    for delivery in deliveries:
        folder = home.deliveries / delivery.id
        for kind in ("delivery", "quarantine", "vault"):
            made.destroy_key(f"{kind}-{delivery.id}")
        made.remove(folder)
        made.remove(home.vault / f"{delivery.id}.parquet")
        if home.own_files_of:
            for report in home.reports.glob(f"{delivery.id}.*.html"):
                made.remove(report)
        left = {name: getattr(delivery, name) for name in ("id", "dataset", "file_sha256", "content_sha256", "erased")}
        left |= {"destroyed": moment_now(), "why": why, "rows": delivery.accepted + delivery.quarantined}
        made.write(tombstone(folder), json.dumps(left, indent=1) + "\n")
