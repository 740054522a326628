"""The gate: one file in, one delivery stored, or a refusal and nothing changed."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from das_research.audit import AuditLog
from das_research.catalog.models import Catalog, Dataset
from das_research.engines import EngineError, keep, memory_engine
from das_research.errors import UsageError
from das_research.home import Home
from das_research.intake.check import check
from das_research.intake.count import count
from das_research.intake.delivery import Delivery, read_delivery, repeated
from das_research.intake.dependencies import definition_hash
from das_research.intake.file import DeliveredFile, find
from das_research.intake.layout import count_rows
from das_research.intake.pseudonymise import pseudonymised
from das_research.intake.read import read
from das_research.intake.refuse import is_synthetic, refuse_duplicates
from das_research.intake.store import store
from das_research.keys import KeyStore


def deliver(catalog: Catalog, home: Home, dataset_id: str, path: str | Path, account: str) -> Delivery:
    """Take in one file: every row is accepted or quarantined with a reason, identifiers become pseudonyms.

    Parameters
    ----------
    catalog : Catalog
        The catalogue that knows the dataset.
    home : Home
        The home folder; only the steward's account writes in its warehouse.
    dataset_id : str
        Which dataset the file is.
    path : str or Path
        The file, CSV or Parquet as the catalogue says, gzipped or not.
    account : str
        The account that delivers.

    Returns
    -------
    Delivery
        What was stored; ``already_delivered`` when this file had been taken in before and nothing was done.

    Raises
    ------
    UsageError
        When the dataset or the file doesn't exist.
    DeliveryRefused
        When the file isn't what the catalogue says. Nothing was stored.
    """
    if dataset_id not in catalog.datasets:
        raise UsageError(
            f"There is no dataset '{dataset_id}' in the catalogue.",
            fix=f"Use one of: {', '.join(sorted(catalog.datasets))}.",
        )
    file = find(Path(path))
    hashes = file.sha256, definition_hash(catalog, dataset_id)
    delivery_id = f"{dataset_id}-{hashlib.sha256(' '.join((dataset_id, *hashes)).encode()).hexdigest()[:12]}"
    folder = home.deliveries / delivery_id
    if folder.is_dir():
        delivery = repeated(read_delivery(folder))
    else:
        stopped = None
        try:
            delivery = _take_in(catalog, home, catalog.datasets[dataset_id], file, delivery_id, account)
        except EngineError as error:
            stopped = type(error).__name__  # its message quotes values
        if stopped:
            raise file.refuse(
                f"The engine stopped with {stopped}.", "Deliver it again, with more memory.", "the maintainers"
            )
    _record(home, delivery)
    return delivery


def _take_in(
    catalog: Catalog, home: Home, dataset: Dataset, file: DeliveredFile, delivery_id: str, account: str
) -> Delivery:
    """Everything that can refuse the file comes before the first key is made and the first byte is written."""
    rows = count_rows(file, dataset)
    with memory_engine() as engine:
        delivered = read(engine, file, dataset)
        checked = check(delivered, catalog, dataset)
        checked = replace(checked, table=keep(engine, checked.table))
        refuse_duplicates(checked.table, dataset, file)
        synthetic = is_synthetic(checked.table, catalog, dataset, file)
        counts = count(checked)
        if counts.accepted + counts.quarantined != rows:
            raise file.refuse("Two ways of reading it count different numbers of rows.", "Send the file again.")
        delivery = Delivery(
            id=delivery_id,
            dataset=dataset.id,
            partner=dataset.partner,
            file_sha256=file.sha256,
            definition_hash=definition_hash(catalog, dataset.id),
            synthetic=synthetic,
            delivered=rows,
            accepted=counts.accepted,
            quarantined=counts.quarantined,
            units=counts.units,
            rules=counts.rules,
            received=datetime.now(UTC).isoformat(timespec="seconds"),
            account=account,
        )
        hidden = replace(checked, table=pseudonymised(checked.table, engine, KeyStore(home.keys), catalog, dataset))
        store(home.deliveries / delivery_id, engine, hidden, delivered, delivery, dataset)
    return delivery


def _record(home: Home, delivery: Delivery) -> None:
    """The line in the audit log; also for a delivery whose gate was killed before it could write it."""
    log = AuditLog(home.audit_log)
    if any(line["act"] == "delivered" and line["facts"].get("delivery") == delivery.id for line in log.lines()):
        return
    log.record(
        "intake",
        "delivered",
        delivery.account,
        delivery=delivery.id,
        dataset=delivery.dataset,
        delivered=delivery.delivered,
        accepted=delivery.accepted,
        quarantined=delivery.quarantined,
        synthetic=delivery.synthetic,
    )
