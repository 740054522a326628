"""The judgement of one file by the catalogue alone: what gate 1 decides, and what a partner can ask at its own desk."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Dataset
from das_research.engines import keep
from das_research.intake.check import Checked, check
from das_research.intake.count import Counts, count
from das_research.intake.delivery import Delivery, delivery_id
from das_research.intake.dependencies import definition_hash
from das_research.intake.file import DeliveredFile
from das_research.intake.layout import count_rows
from das_research.intake.read import reading
from das_research.intake.refuse import is_synthetic, refuse_by_rule, refuse_duplicates, refuse_unusable


@dataclass(frozen=True)
class Judged:
    """A file that is not refused.

    Parameters
    ----------
    checked : Checked
        Its rows, typed and judged, computed in the engine.
    counts : Counts
        What the rules did.
    synthetic : bool
        Whether all its identifiers are fictitious.
    """

    checked: Checked
    counts: Counts
    synthetic: bool


def judge(engine: Backend, catalog: Catalog, dataset: Dataset, file: DeliveredFile) -> Judged:
    """Judge a file; nothing is written and no key is asked for.

    Raises
    ------
    DeliveryRefused
        When the file isn't what the catalogue says.
    """
    rows = count_rows(file, dataset)
    with reading(engine, file, dataset) as delivered:
        checked = check(delivered, catalog, dataset)
        checked = replace(checked, table=keep(engine, checked.table))
    refuse_duplicates(checked.table, dataset, file)
    synthetic = is_synthetic(checked.table, catalog, dataset, file)
    counts = count(checked, catalog, dataset)
    if counts.accepted + counts.quarantined != rows:
        raise file.refuse("Two ways of reading it count different numbers of rows.", "Send the file again.")
    refuse_by_rule(checked, counts, file)
    refuse_unusable(counts, file)
    return Judged(checked, counts, synthetic)


def described(catalog: Catalog, dataset: Dataset, file: DeliveredFile, judged: Judged, account: str) -> Delivery:
    """What a delivery says of itself, as far as the file and the catalogue decide it."""
    counts = judged.counts
    return Delivery(
        id=delivery_id(catalog, dataset.id, file.sha256),
        dataset=dataset.id,
        partner=dataset.partner,
        file_sha256=file.sha256,
        definition_hash=definition_hash(catalog, dataset.id),
        synthetic=judged.synthetic,
        delivered=counts.accepted + counts.quarantined,
        accepted=counts.accepted,
        quarantined=counts.quarantined,
        units=counts.units,
        rules=counts.rules,
        received=datetime.now(UTC).isoformat(timespec="microseconds"),
        account=account,
        columns=counts.columns,
        years=counts.years,
        content_sha256=file.content_hash() if dataset.file.format == "csv" else file.sha256,
    )
