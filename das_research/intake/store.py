"""A judged delivery as the files of its folder."""

from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Dataset
from das_research.home import new_folder
from das_research.intake.check import MOMENT, REASON, Checked
from das_research.intake.delivery import ACCEPTED, FILE, QUARANTINED, Delivery
from das_research.intake.dependencies import taken


def store(
    folder: Path, engine: Backend, checked: Checked, delivered: ir.Table, delivery: Delivery, dataset: Dataset
) -> None:
    """Write the folder of a delivery; it appears when it is complete.

    Parameters
    ----------
    folder : Path
        The delivery's folder.
    engine : Backend
        Where the tables are.
    checked : Checked
        The judged rows, with pseudonyms.
    delivered : Table
        The rows as delivered; its identifiers are not looked at.
    delivery : Delivery
        What ``delivery.json`` says.
    dataset : Dataset
        Which variables are stored.
    """
    with new_folder(folder) as staging:
        engine.to_parquet(accepted_rows(checked, dataset), staging / ACCEPTED)
        engine.to_parquet(_quarantined(checked, delivered, dataset), staging / QUARANTINED)
        (staging / FILE).write_text(delivery.to_json(), encoding="utf-8")


def accepted_rows(checked: Checked, dataset: Dataset) -> ir.Table:
    """The rows that pass, in the order of the file."""
    rows = checked.table.filter(checked.table[REASON].isnull())
    names = [ibis.ifelse(rows[rule.name], rule.name, ibis.null("string")) for rule in checked.of_values]
    marks = ibis.array([*names, ibis.null("string")]).filter(lambda mark: mark.notnull())
    any_mark = ibis.or_(ibis.literal(False), *(rows[rule.name] for rule in checked.of_values))
    none = ibis.literal([], type="array<string>")  # lists are slow to make, and few rows have a mark
    return rows.select("row", *taken(dataset), moment=rows[MOMENT], marks=ibis.ifelse(any_mark, marks, none))


def _quarantined(checked: Checked, delivered: ir.Table, dataset: Dataset) -> ir.Table:
    rows = checked.table.filter(checked.table[REASON].notnull())
    texts = [name for name in taken(dataset) if name not in taken(dataset, "identifier")]
    pseudonyms = rows.select("row", *taken(dataset, "identifier"), rule=rows[REASON])
    together = pseudonyms.join(delivered.select("row", *texts), "row")
    return together.select("row", "rule", *taken(dataset)).order_by("row")
