"""The gate: one file in, one delivery stored, or a refusal and nothing changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ibis.backends.duckdb import Backend

from das_research.audit import AuditLog
from das_research.catalog.models import Catalog, Dataset
from das_research.engines import EngineError, keep, memory_engine
from das_research.errors import UsageError
from das_research.home import Home
from das_research.intake.changes import Period, changes, superseded
from das_research.intake.delivery import (
    Delivery,
    Hashing,
    current_deliveries,
    delivery_id,
    read_deliveries,
    read_delivery,
    repeated,
)
from das_research.intake.dependencies import domains
from das_research.intake.file import DeliveredFile, find
from das_research.intake.judge import Judged, described, judge
from das_research.intake.pseudonymise import pseudonymised
from das_research.intake.refuse import refuse_erased, refuse_out_of_force
from das_research.intake.store import accepted_rows, store
from das_research.intake.stored import latest_rows, stored_rows
from das_research.keys.store import KeyStore
from das_research.keys.transport import opened
from das_research.processing_log import ProcessingLog, of_deliveries


def deliver(
    catalog: Catalog,
    home: Home,
    dataset_id: str,
    path: str | Path,
    account: str,
    period: Period | None = None,
    today: date | None = None,
) -> Delivery:
    """Take in one file: every row is accepted or quarantined with a reason, identifiers become pseudonyms.

    Parameters
    ----------
    catalog : Catalog
        The catalogue that knows the dataset.
    home : Home
        The home folder; only the steward's account writes in its warehouse. Of a project's own file it is
        `Home.own_files`, and the catalogue is that of the project.
    dataset_id : str
        Which dataset the file is.
    path : str or Path
        The file: CSV, Parquet or a workbook as the catalogue says; a CSV may be gzipped or zipped.
    account : str
        The account that delivers.
    period : tuple of str, optional
        First and last day (ISO) of the period that the file covers whole: it supersedes earlier deliveries of it.
    today : date, optional
        The day on which its agreement must be in force; default the current day.

    Returns
    -------
    Delivery
        What was stored; ``already_delivered`` when this file had been taken in before and nothing was done.

    Raises
    ------
    UsageError
        When the dataset or the file doesn't exist.
    DeliveryRefused
        When the file isn't what the catalogue says, or no agreement over it is in force. Nothing was stored.
    """
    started, dataset = datetime.now(UTC), dataset_of(catalog, dataset_id)
    file = find(Path(path), partial(opened, home, dataset.partner))
    refuse_out_of_force(catalog, dataset, file, today or started.date())
    known = read_deliveries(home)
    refuse_erased(home, known, dataset, file)
    id = delivery_id(catalog, dataset_id, file.sha256)
    standing = next((it for it in known if it.id == id), None)
    if standing:
        delivery = repeated(standing)
    else:
        with judging(catalog, dataset, file) as (engine, judged):
            delivery = described(catalog, dataset, file, judged, account)
            refuse_erased(home, known, dataset, file, delivery.content_sha256)
            delivery = _take_in(catalog, home, dataset, engine, judged, delivery, period)
    _record(catalog, home, delivery, started)
    return delivery


def check_file(catalog: Catalog, dataset_id: str, path: str | Path, today: date | None = None) -> Delivery:
    """What gate 1 would make of a file, by the catalogue alone: no home, no key, nothing stored.

    Parameters
    ----------
    catalog, dataset_id, path, today
        As for `deliver`.

    Returns
    -------
    Delivery
        With the counts that the delivery would have.

    Raises
    ------
    UsageError, DeliveryRefused
        As for `deliver`.
    """
    dataset, file = dataset_of(catalog, dataset_id), find(Path(path))
    refuse_out_of_force(catalog, dataset, file, today or datetime.now(UTC).date())
    with judging(catalog, dataset, file) as (_, judged):
        return described(catalog, dataset, file, judged, "")


def dataset_of(catalog: Catalog, id: str) -> Dataset:
    """A dataset of the catalogue.

    Raises
    ------
    UsageError
        When there is none of that name.
    """
    if id not in catalog.datasets:
        raise UsageError(
            f"There is no dataset '{id}' in the catalogue.", fix=f"Use one of: {', '.join(sorted(catalog.datasets))}."
        )
    return catalog.datasets[id]


@contextmanager
def judging(catalog: Catalog, dataset: Dataset, file: DeliveredFile) -> Iterator[tuple[Backend, Judged]]:
    """An engine that holds a judged file, until the block ends; what the engine itself says is never passed on."""
    stopped = None
    try:
        with TemporaryDirectory() as spill, memory_engine(Path(spill)) as engine:
            yield engine, judge(engine, catalog, dataset, file)
    except EngineError as error:
        stopped = type(error).__name__  # its message quotes values
    if stopped:
        raise file.refuse(
            f"The engine stopped with {stopped}.", "Deliver it again, with more memory.", "the maintainers"
        )


def _take_in(
    catalog: Catalog,
    home: Home,
    dataset: Dataset,
    engine: Backend,
    judged: Judged,
    delivery: Delivery,
    period: Period | None,
) -> Delivery:
    """Everything that can refuse the file came before the first key is made and the first byte is written."""
    keys = KeyStore(home.keys)
    rows = pseudonymised(judged.checked.table, engine, keys, catalog, dataset)
    # read anew: judging takes its time, and another process may have delivered meanwhile
    earlier = [it for it in current_deliveries(home, catalog) if it.dataset == dataset.id]
    hidden = replace(judged.checked, table=keep(engine, rows) if earlier else rows)
    whole = tuple(earlier) if home.own_files_of else superseded(period, earlier)  # a list is replaced by the next one
    gone = [it.id for it in whole]
    standing = latest_rows(dataset, stored_rows(engine, home, dataset, earlier), [it.id for it in earlier])
    replaced, others = (
        standing.filter(chosen) for chosen in (standing.delivery.isin(gone), standing.delivery.notin(gone))
    )
    delivery = replace(
        delivery,
        period=period,
        identifiers={
            name: Hashing(domain.id, keys.epoch(domain.id), domain.normalisation)
            for name, domain in domains(catalog, dataset).items()
        },
        supersedes=tuple(gone),
        changes=changes(dataset, replaced, others, accepted_rows(hidden, dataset)) if earlier else None,
    )
    if store(home, engine, hidden, delivery, dataset):
        return delivery
    return repeated(read_delivery(home.deliveries / delivery.id))


def _record(catalog: Catalog, home: Home, delivery: Delivery, started: datetime) -> None:
    """The line in both logs; also for a delivery whose gate was killed before it could write it.

    A line from before it was received is of the same file, which was destroyed since and came again.
    """
    log = AuditLog(home.audit_log)
    if delivery.already_delivered and log.tells("intake", "delivered", since=delivery.received, delivery=delivery.id):
        return
    ProcessingLog(home.processing_log).record("intake", delivery.id, of_deliveries(catalog, [delivery]), started)
    log.record(
        "intake",
        "delivered",
        delivery.account,
        delivery=delivery.id,
        dataset=delivery.dataset,
        partners=[delivery.partner],
        **({"project": home.own_files_of} if home.own_files_of else {}),
        delivered=delivery.delivered,
        accepted=delivery.accepted,
        quarantined=delivery.quarantined,
        synthetic=delivery.synthetic,
    )
